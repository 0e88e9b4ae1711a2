"""Sharing in four pages."""

import re
from datetime import timedelta

import pytest

from consents import actions, signing, texts
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.drafts import Draft
from consents.models import Consent
from patients.models import Condition
from tests.cast import permit
from tests.consents.test_decisions import condition, reader
from tests.consents.views.pages import NOBODY, Pages, bare, newest, text_of

pytestmark = pytest.mark.usefixtures("demo")


def test_four_pages_and_a_signature_share(amina, cast):
    item = condition(cast)
    answer = amina.share(cast.chidi)
    consent = newest(cast)
    assert answer["Location"] == amina.address("receipt", consent.pk)
    assert consent.recipient == cast.chidi
    assert consent.signed_name == "Amina Diallo"
    assert consent.purposes == PURPOSES.mask("TREAT", "COC")
    seen = Condition.objects.permitted(
        reader(cast, "chidi", later=timedelta(minutes=1))
    )
    assert list(seen) == [item]


def test_every_page_says_which_step_it_is_and_asks_one_thing(amina, cast):
    amina.get("grant")
    assert "step 1 of 4" in text_of(amina.page)
    amina.send(recipient=str(cast.chidi.pk))
    assert "Share with Chidi Okafor: step 2 of 4" in text_of(amina.page)
    amina.send(preset="medicines")
    assert "step 3 of 4" in text_of(amina.page)
    amina.send(purposes=["TREAT"], ends="3")
    assert "step 4 of 4" in text_of(amina.page)


def test_nothing_is_ticked_beforehand_on_any_page(amina, cast):
    pages = [amina.get("grant"), amina.send(recipient=str(cast.chidi.pk))]
    pages += [amina.send(preset="coordination")]
    pages += [amina.send(purposes=["TREAT"], window="all", ends="3")]
    pages += [amina.get("never", cast.chidi.pk), amina.get("revoke", cast.bram.pk)]
    for page in pages:
        assert page.status_code == 200
        assert not re.search(r"<input[^>]*\bchecked\b", page.content.decode())
        assert "selected" not in page.content.decode()


def test_what_a_role_does_not_open_is_said_before_signing(amina, cast):
    """The preset names it, the list of what is seen lacks it: nothing said why."""
    said = "You chose this too, but Dr. Bram Visser will not see it: "
    assert said not in text_of(amina.to_check(cast.bram))
    cast.amina.care_team.filter(party=cast.bram).update(role="care_coordinator")
    page = text_of(amina.to_check(cast.bram))
    assert "Diagnoses" in page.partition(said)[2].partition(".")[0]


def test_sign_and_do_not_share_are_two_buttons_of_one_size(amina, cast):
    html = text_of(amina.to_check(cast.chidi))
    row = re.search(r'<div class="actions equal">(.*?)</div>', html, re.S).group(1)
    assert re.findall(r"<button[^>]*>([^<]*)", row) == [
        "Sign and share",
        "Do not share",
    ]
    assert {c.split()[0] for c in re.findall(r'class="([^"]*)"', row)} == {"btn"}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Choose what to share."),
        ({"preset": "own"}, "Tick at least one kind of information."),
        ({"preset": "everything"}, "Choose one of the lists."),
        (
            {"preset": "medicines", "kinds": ["goals"]},
            "Choose “Let me choose”, or untick.",
        ),
    ],
)
def test_what_must_be_chosen_by_name(amina, cast, answers, message):
    amina.get("grant")
    amina.send(recipient=str(cast.chidi.pk))
    page = amina.send(**answers)
    assert message in text_of(page)
    assert "<title>Error:" in text_of(page)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"purposes": []}, "Tick at least one reason."),
        ({"window": ""}, "Choose how far back to share."),
        ({"ends": ""}, "Choose when sharing ends."),
        ({"ends": "date"}, "Enter a date, like Nov 3, 2026."),
        ({"ends": "date", "ends_date": "today"}, "Enter a date after today."),
        ({"ends": "date", "ends_date": "yesterday"}, "Enter a date after today."),
        ({"ends": "date", "ends_date": "Jan 1, 2199"}, "You can share again then."),
        ({"ends": "date", "ends_date": "Feb 30, 2027"}, "Enter a real date"),
        ({"ends": "event"}, "Write what happens when sharing ends."),
        ({"ends": "never"}, "Select a valid choice"),
    ],
)
def test_why_and_how_long_must_be_answered(amina, cast, answers, message):
    page = amina.to_check(cast.chidi, **answers)
    assert message in text_of(page)
    assert "step 3 of 4" in text_of(page)


def test_how_far_back_is_asked_only_where_it_matters(amina, cast):
    amina.get("grant")
    amina.send(recipient=str(cast.chidi.pk))
    page = amina.send(preset="medicines")
    assert "How far back" not in text_of(page)
    amina.send(purposes=["TREAT"], ends="3")
    amina.sign()
    assert newest(cast).items_from is None


def test_an_event_keeps_a_latest_date(amina, cast):
    day = (cast.at + timedelta(days=90)).date()
    amina.share(
        cast.chidi, ends="event", ends_event="I move away", ends_date=day.isoformat()
    )
    consent = newest(cast)
    assert consent.ends_event == "I move away"
    assert timedelta(89) < consent.ends_at - cast.at < timedelta(92)


def test_the_end_is_midnight_after_the_last_day_where_the_patient_lives(amina, cast):
    year = (cast.at + timedelta(days=2)).year  # whose last day is still to come
    amina.share(cast.chidi, ends="date", ends_date=f"Dec 31, {year}")
    assert newest(cast).ends_at.isoformat() == f"{year + 1}-01-01T05:00:00+00:00"


@pytest.mark.capability("S45")
def test_sensitive_topics_are_shared_only_by_their_own_name(amina, cast):
    amina.share(cast.chidi)
    assert newest(cast).labels == 0
    amina.share(
        cast.chidi,
        what={"preset": "coordination", "apart": ["substance_use", "substances"]},
    )
    assert newest(cast).labels == LABELS["substance_use"]
    assert newest(cast).categories & CATEGORIES["substances"]


@pytest.mark.capability("S16")
def test_the_whole_text_is_kept_with_every_element_of_the_law(amina, cast):
    page = amina.to_check(cast.chidi)
    assert texts.elements(page.context["text"]) == set(texts.REQUIRED_ELEMENTS)
    for section in page.context["text"].sections:
        for paragraph in section.paragraphs:
            assert paragraph in text_of(page)
    amina.sign()
    consent = newest(cast)
    assert consent.text == page.context["text"].plain
    assert consent.text_version == texts.CURRENT


def test_what_matters_most_stands_outside_of_the_folded_text(amina, cast):
    page = text_of(amina.to_check(cast.chidi, window="last_12_months"))
    for words in (
        "We remind you 14 and 2 days before.",
        "You, and anyone on the care team.",
        "You do not have to sign.",
    ):
        assert words in page
    assert re.search(r"<dt>How far back</dt>\s*<dd[^>]*>\s*What is dated", page)
    day = (cast.at + timedelta(days=9)).date().isoformat()
    page = text_of(amina.to_check(cast.chidi, ends="date", ends_date=day))
    assert "We remind you 2 days before." in page


def test_a_name_that_does_not_match_keeps_what_was_typed(amina, cast):
    amina.to_check(cast.chidi)
    page = amina.sign(signed_name="A. Diallo")
    assert "Type your name as on your account: Amina Diallo" in text_of(page)
    assert 'value="A. Diallo"' in text_of(page)
    assert not Consent.objects.filter(recipient=cast.chidi).exists()


def test_a_name_in_other_case_and_spacing_is_the_same_name(amina, cast):
    amina.to_check(cast.chidi)
    amina.sign(signed_name="  amina   DIALLO ")
    assert Consent.objects.filter(recipient=cast.chidi).exists()


@pytest.mark.security("T51")
def test_a_keyboard_changes_no_name_and_another_alphabet_does():
    same = [("O’Brien", "O'Brien"), ("Jose\u0301", "José"), ("Ann‑Lee", "ann-lee")]
    # Of an account from before hidden signs were refused: what is seen can be typed.
    same.append(("Amina Diallo", "Amina\u200b Dia\u202ello"))
    for typed, name in same:
        assert signing.same_name(typed, name)
        assert signing.same_name(name, typed)
    for other in ("\u0410mina Diallo", "Amina Diall0", "Amina", "", "\u200b"):
        assert not signing.same_name(other, "Amina Diallo")


def test_without_the_tick_nothing_is_signed(amina, cast):
    amina.to_check(cast.chidi)
    page = amina.sign(agree="")
    assert "Tick the box if you agree to share this." in text_of(page)
    assert not Consent.objects.filter(recipient=cast.chidi).exists()


def test_pressing_sign_twice_signs_once(amina, cast):
    check = amina.to_check(cast.chidi)
    first = amina.sign()
    amina.page = check
    second = amina.sign()
    assert first["Location"] == second["Location"]
    assert Consent.objects.filter(recipient=cast.chidi).count() == 1
    assert "signed this form" not in text_of(amina.client.get(second["Location"]))


def test_what_changed_meanwhile_shows_the_check_page_again(amina, cast):
    amina.to_check(cast.chidi)
    permit(cast.amina, cast.chidi, at=cast.at)
    before = Consent.objects.count()
    page = amina.sign()
    assert "Something changed since this page was made." in text_of(page)
    assert 'value="Amina Diallo"' in text_of(page)
    assert not re.search(r"<input[^>]*\bchecked\b", page.content.decode())
    assert Consent.objects.count() == before
    amina.sign()
    assert Consent.objects.count() == before + 1


@pytest.mark.capability("S46")
def test_do_not_share_is_an_answer_that_denies_nothing(amina, cast):
    item = condition(cast)
    amina.to_check(cast.bram)
    answer = amina.send(answer="refuse")
    consent = newest(cast)
    assert consent.decision == "refusal"
    assert answer["Location"] == amina.address("receipt", consent.pk)
    seen = Condition.objects.permitted(reader(cast, "bram", later=timedelta(minutes=1)))
    assert list(seen) == [item]


@pytest.mark.security("T20")
def test_a_page_cannot_be_skipped_or_edited(amina, cast):
    amina.get("grant")
    address = amina.address("grant")
    for step in ("what", "why", "check"):
        page = amina.send(
            to=address,
            step=step,
            preset="medicines",
            purposes=["TREAT"],
            ends="3",
            signed_name="Amina Diallo",
            agree="on",
            answer="sign",
        )
        assert page.status_code in (200, 404)
        amina.get("grant")
    sealed = Draft.new(recipient=str(cast.chidi.pk)).sealed(
        user_id=cast.user("gus").pk, patient_id=cast.amina.pk
    )
    for draft in ("", "nonsense", sealed):
        answer = amina.client.post(address, {"draft": draft, "step": "what"})
        assert answer["Location"] == address
    assert not Consent.objects.filter(recipient=cast.chidi).exists()


@pytest.mark.security("T29")
def test_only_people_of_this_patient_can_be_chosen(amina, cast):
    page = amina.get("grant")
    html = text_of(page)
    for name in ("Dr. Bram Visser", "Chidi Okafor", "Hana Diallo", "Harbor Clinic"):
        assert name in html
    assert "Dr. Dana Levy" not in html and "Far Hospital" not in html
    assert "may already share a chart" in html
    assert amina.send(recipient=str(cast.dana.pk)).status_code == 200
    assert amina.get("grant", to=str(cast.dana.pk)).status_code == 404


def test_family_is_asked_about_family_support_only(amina, cast):
    amina.get("grant", to=str(cast.hana.pk))
    page = amina.send(preset="medicines")
    assert "Family support" in text_of(page)
    assert "Care coordination" not in text_of(page)
    amina.send(purposes=["FAMRQT"], ends="3")
    amina.sign()
    assert newest(cast).purposes == PURPOSES["FAMRQT"]
    assert "does not have to follow the federal privacy rules" in newest(cast).text


def test_back_shows_what_was_chosen(amina, cast):
    amina.get("grant", to=str(cast.chidi.pk))
    amina.send(preset="medicines", apart=["hiv"])
    page = amina.send(back="what", step="")
    ticked = re.findall(r'<input[^>]*value="(\w+)"[^>]*\bchecked\b', text_of(page))
    assert ticked == ["medicines", "hiv"]


def test_the_address_and_the_session_hold_nothing_that_was_chosen(amina, cast):
    amina.to_check(cast.chidi)
    assert "?" not in amina.page.request["PATH_INFO"]
    assert amina.page.request["QUERY_STRING"] == ""
    assert "categories" not in str(dict(amina.client.session))


def test_sharing_the_same_again_asks_only_for_the_time_anew(amina, cast):
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    page = amina.get("grant", again=str(cast.amina_to_bram.pk))
    assert re.search(r'value="coordination"[^>]*checked', text_of(page))
    page = amina.send(preset="coordination")
    assert re.search(r'value="TREAT"[^>]*checked', text_of(page))
    assert not re.search(r'name="ends"[^>]*checked', text_of(page))


def test_sharing_for_longer_takes_the_place_of_the_old_permission(amina, cast):
    amina.get("grant", again=str(cast.amina_to_bram.pk))
    amina.send(preset="coordination")
    amina.send(purposes=["TREAT", "COC"], window="all", ends="12")
    amina.sign()
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_how == "superseded"
    assert newest(cast).supersedes == cast.amina_to_bram


def test_how_the_signer_was_authenticated_is_kept(amina, cast):
    from tests.cast import PASSWORD

    amina.client.logout()
    amina.client.post(
        "/accounts/login/", {"login": cast.amina.user.email, "password": PASSWORD}
    )
    amina.share(cast.chidi)
    assert newest(cast).signed_how == "password"


EVERYONE_ELSE = [
    "bram",
    "chidi",
    "dana",
    "edo",
    "fatou",
    "gus",
    "hana",
    "ines",
    "jon",
]


@pytest.mark.slow
@pytest.mark.parametrize("who", EVERYONE_ELSE)
def test_nobody_else_finds_any_page_of_sharing(client, cast, who):
    pages = Pages(client, cast.user(who), cast.amina)
    consent, party = cast.amina_to_bram.pk, cast.bram.pk
    names = [
        ("sharing",),
        ("grant",),
        ("receipts",),
        ("receipt", consent),
        ("receipt_pdf", consent),
        ("person", party),
        ("revoke", party),
        ("change", consent),
        ("never", party),
        ("lift", consent),
        ("log",),
        ("looks_wrong", party),
        ("give_back", NOBODY),
    ]
    for name in names:
        address = pages.address(*name)
        page = client.get(address)
        missing = client.get(address.replace(str(cast.amina.pk), NOBODY))
        assert page.status_code == missing.status_code == 404, name
        assert bare(page, cast.amina.pk) == bare(missing), name
        assert client.post(address).status_code in (404, 405), name
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_at is None


def test_only_the_named_may_share_what_they_wrote(amina, cast):
    """42 CFR 2.31(a)(2): who may disclose, by name or as a class."""
    amina.to_check(cast.bram, disclosers=[str(cast.chidi.pk)])
    text = text_of(amina.page)
    assert "You, and only these: Chidi Okafor." in text
    amina.sign()
    receipt = text_of(amina.get("receipt", newest(cast).pk))
    assert "<dt>Who may share</dt><dd>Chidi Okafor</dd>" in receipt
    consent = newest(cast)
    assert not consent.any_discloser
    assert [each.party for each in consent.disclosers.all()] == [cast.chidi]
    # Sharing the same again names the same, and nobody else.
    amina.get("grant", again=str(consent.pk))
    amina.send(preset="coordination")
    assert re.search(rf'value="{cast.chidi.pk}"[^>]*checked', text_of(amina.page))


def test_whoever_is_not_on_the_team_cannot_be_named(amina, cast):
    page = text_of(amina.to_check(cast.bram, disclosers=[str(cast.dana.pk)]))
    assert "Choose from the list." in page


def test_nobody_is_named_beforehand(amina, cast):
    amina.share(cast.chidi)
    assert newest(cast).any_discloser
