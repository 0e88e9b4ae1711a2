"""The pages of a case, for its author, for those named, and for the officer."""

import re

import pytest
from django.http import Http404

from carecoord import zones
from consents import actions, describing
from consents.access import Reading, open_for, who_looked
from consents.access.cases import own_cases
from consents.actions import exceptional
from consents.codes import Basis
from consents.disclosable import registry
from consents.models import Disclosure, ExceptionalCase
from messaging.actions import causes
from messaging.models import Notice
from messaging.waiting import cases_late
from patients.models import Goal
from tests import paper
from tests.consents import cases
from tests.consents.cases import DAY, HOUR
from tests.consents.test_exceptional import condition, quiet
from tests.messaging import writing
from tests.patients import records

# The pages ---------------------------------------------------------------------


@pytest.fixture
def as_(client, cast, demo):
    def sign_in(who):
        client.force_login(cast.user(who))
        return client

    return sign_in


def test_a_privacy_officer_who_is_the_patient_is_told_like_a_patient(as_, cast):
    told = cases.documented(cast)
    amina = cast.user("amina")
    amina.is_privacy_officer = True
    amina.save()
    row = Disclosure.objects.get(channel="phone")
    said = actions.AgencyStatement("CNRYpolice", "Reyes", "written", "x", cast.at + DAY)
    actions.suspend(row=row, said=said, by=cast.ines, at=cast.at)
    causes.tell_of_cases(at=cast.at)
    assert not Notice.objects.filter(user=amina).exists()
    client = as_("amina")
    assert client.get(f"/cases/{told.case.pk}/").status_code == 404
    assert client.get(f"/privacy/suspensions/{row.pk}/new/").status_code == 404
    for page in ("/privacy/", "/privacy/suspensions/"):
        html = client.get(page).content.decode()
        assert cast.bram.name not in html and "CNRYpolice" not in html
        assert str(told.case.pk) not in html and str(row.pk) not in html


def test_the_first_screen_is_the_call(as_, cast):
    page = as_("bram").get(f"/patients/{cast.amina.pk}/harm/").content.decode()
    assert page.index('id="call"') < page.index('name="called"')
    assert 'href="tel:911"' in page
    assert "call first" in page


@pytest.mark.slow
def test_a_case_from_the_call_to_the_reader_inside(as_, cast):
    item = condition(cast)
    bram = as_("bram")
    bram.post(f"/patients/{cast.amina.pk}/harm/", {"called": "no"})
    case = ExceptionalCase.objects.get()
    base = f"/cases/{case.pk}/"
    heading = f"A case about {cast.amina.name}"
    assert heading in bram.get(base).content.decode(), "not the chart: it says so"
    bram.post(f"{base}step/harm/", {"to_patient": "Low", "to_others": "High"})
    bram.post(f"{base}step/consultation/", {"with_whom": "nobody", "said": "Night."})
    bram.post(f"{base}step/reasons/", {"ground": "state_duty", "reasons": "A duty."})
    sent = bram.post(
        f"{base}content/",
        {
            "inside": [str(cast.jon.pk)],
            "items": [cases.key_of(item)],
            "why": "Sees her tonight.",
            "said": "",
            "days": "1",
        },
    )
    assert sent.status_code == 302
    content = case.casecontent_set.get()
    page = as_("jon").get(f"/disclosed/{content.pk}/").content.decode()
    assert "Questions? Call whoever sent it:" in page
    assert cast.bram.practitioner.phone in page and 'href="/notices/"' in page
    assert "CNRYother" in page
    row = Disclosure.objects.filter(basis="exceptional").latest("seq")
    assert (row.exception, row.recipient) == (case.pk, cast.jon)
    assert as_("chidi").get(f"/disclosed/{content.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("ground", "reaches"), [("serious_threat", False), ("medical_emergency", True)]
)
def test_part_2_records_are_offered_where_the_ground_reaches_them(
    as_, cast, ground, reaches
):
    case = cases.opened(cast)
    cases.steps(cast, case, ground=ground)
    other = condition(cast)
    programme = condition(cast, part2_origin=True)
    page = as_("bram").get(f"/cases/{case.pk}/content/").content.decode()
    assert cases.key_of(other) in page
    assert (cases.key_of(programme) in page) is reaches


def test_a_name_or_an_item_sent_twice_is_one(as_, cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    key = cases.key_of(condition(cast))
    said = {"inside": [str(cast.jon.pk)] * 2, "items": [key, key], "days": "1"}
    sent = as_("bram").post(
        f"/cases/{case.pk}/content/", said | {"why": "Sees her.", "said": "Whom."}
    )
    assert sent.status_code == 302
    content = case.casecontent_set.get()
    assert (content.recipients.count(), content.items.count()) == (1, 1)


@pytest.mark.capability("S69")
@pytest.mark.parametrize("called", [True, False])
def test_what_was_told_by_phone_to_somebody_outside_is_asked_for(as_, cast, called):
    """Without words that talk would stand in no accounting: no packet was printed."""
    case = cases.opened(cast) if called else cases.uncalled(cast)
    cases.steps(cast, case)
    key = cases.key_of(condition(cast))
    said = {"name": "Sgt. Ito", "why": "Can protect.", "items": [key], "said": ""}
    bram, place = as_("bram"), f"/cases/{case.pk}/content/"
    if not called:
        assert bram.post(place, said).status_code == 302
        return
    assert "Write what you told them." in bram.post(place, said).content.decode()
    bram.post(place, said | {"said": "That he is at risk."})
    assert Disclosure.objects.get(channel="phone").exception == case.pk


def test_step_four_by_mistake_is_withdrawn_on_a_page(as_, cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    row = quiet(cast, case, condition(cast))
    received = f"/disclosed/{row.pk}/"
    bram, place = as_("bram"), f"/cases/{case.pk}/content/{row.pk}/withdraw/"
    page = bram.get(f"/cases/{case.pk}/").content.decode()
    assert place in page
    assert "Tell somebody else" in page and "Write step 4" not in page
    assert "Say what was wrong." in bram.post(place, {"why": ""}).content.decode()
    page = bram.post(place, {"why": "The wrong Jon."}, follow=True).content.decode()
    assert "Withdrawn" in page and "The wrong Jon." in page
    assert "Nothing of it was handed over." in page and place not in page
    assert bram.get(place).status_code == 404
    assert as_("jon").get(received).status_code == 404


def test_a_closed_case_of_a_withdrawn_step_four_is_not_overdue(as_, cast):
    case = cases.uncalled(cast, at=cast.at - 3 * DAY)
    cases.steps(cast, case)
    row = quiet(cast, case, condition(cast))
    by = {"by": cast.user("bram"), "at": cast.at}
    exceptional.withdraw_content(content=row, why="The wrong Jon.", **by)
    page = f"/cases/{case.pk}/"
    assert "Overdue" in as_("ines").get(page).content.decode()
    assert (case, "steps") in cases_late(cast.at)
    close, bram = f"{page}close/", as_("bram")
    missing = bram.post(close, {"nothing_told": " "}).content.decode()
    assert "Say why nobody was told anything." in missing
    bram.post(close, {"nothing_told": "Settled with her."})
    assert "Settled with her." in as_("ines").get(page).content.decode()
    office = as_("ines").get("/privacy/").content.decode()
    assert "nobody was told anything. Read why" in office and page in office
    assert "Overdue" not in as_("ines").get(page).content.decode()
    assert (case, "steps") not in cases_late(cast.at)
    reading = Reading(user=cast.user("bram"), entrance="consents:cases")
    (listed,) = own_cases(reading)
    assert (listed.state, listed.is_late) == ("Closed", False)


def opens(page, title):
    """ " open" where the part of that title stands open."""
    summary = rf"<details( open)?>\s*<summary>{re.escape(title)}</summary>"
    return re.search(summary, page).group(1) or ""


def test_step_four_offers_each_kind_under_its_heading_the_newest_first(as_, cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    place, days = f"/cases/{case.pk}/content/", range(5)
    rows = [
        records.item(Goal, cast.amina, "goals", cast.at - day * DAY, what=f"goal {day}")
        for day in days
    ]
    condition(cast)
    page = as_("bram").get(place).content.decode()
    # Each kind is one line that opens, with its count; nothing is ticked.
    assert opens(page, "Diagnoses (1)") == opens(page, "Goals (5)") == ""
    assert '<legend class="vh">Goals</legend>' in page
    assert " checked" not in page
    found = [page.index(f"goal {day}") for day in days]
    assert found == sorted(found)
    picked = [cases.key_of(row) for row in rows[1:3]]
    said = {"inside": [str(cast.jon.pk)], "items": picked, "days": "1"}
    # What was ticked stands open when the form comes back.
    again = as_("bram").post(place, said).content.decode()
    assert opens(again, "Goals (5)") == " open" and opens(again, "Diagnoses (1)") == ""
    assert again.count(" checked") == 4
    next_page = as_("bram").post(place, said | {"why": "Tonight."}, follow=True)
    assert "You chose 2 items from the record." in next_page.content.decode()


def test_how_long_is_asked_only_where_somebody_opens_it_here(as_, cast):
    """Somebody outside gets a printed packet. The words alone can be opened too."""
    case = cases.opened(cast)
    cases.steps(cast, case)
    item = cases.key_of(condition(cast))
    bram, place = as_("bram"), f"/cases/{case.pk}/content/"
    outside = {"name": "Officer Reyes", "why": "Looks for her.", "said": "Where."}
    assert bram.post(place, outside | {"items": [item]}).status_code == 302
    page = bram.get(f"/cases/{case.pk}/").content.decode()
    assert "the packet can be printed until" in page and "open until" not in page
    inside = {"inside": [str(cast.jon.pk)], "why": "Sees her.", "said": "Where."}
    for picked in ({}, {"items": [item]}):
        refused = bram.post(place, inside | picked)
        assert "Choose how long." in refused.content.decode()
        said = inside | picked | {"days": "7"}
        assert bram.post(place, said).status_code == 302
        page = bram.get(f"/cases/{case.pk}/").content.decode()
    assert page.count("open until") == 2
    lengths = [
        (row.ends_at - row.signed_at).days
        for row in case.casecontent_set.order_by("signed_at", "pk")
    ]
    assert sorted(lengths) == [1, 7, 7]


def test_what_somebody_opened_cannot_be_withdrawn(as_, cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    row = quiet(cast, case, condition(cast))
    assert as_("jon").get(f"/disclosed/{row.pk}/").status_code == 200
    bram, place = as_("bram"), f"/cases/{case.pk}/content/{row.pk}/withdraw/"
    assert place not in bram.get(f"/cases/{case.pk}/").content.decode()
    assert bram.post(place, {"why": "Too late."}).status_code == 404


def test_a_corrected_step_shows_both_texts_and_which_counts(as_, cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    cases.steps(cast, case, at=cast.at + HOUR)
    page = as_("bram").get(f"/cases/{case.pk}/").content.decode()
    assert page.count("Corrected") == 3 and page.count("High, tonight.") == 2
    assert "Correct step 1" in page and "Write step 1" not in page


def test_the_packet_has_a_cover_and_is_logged_for_its_recipient(as_, cast):
    told = cases.documented(cast, inside=(), outside="Officer Reyes")
    recipient = told.content.recipients.get()
    address = f"/cases/{told.case.pk}/packet/{recipient.pk}/packet.pdf"
    # Only whoever signed it prints it, and under its own case.
    for other in ("jon", "ines", "amina"):
        assert as_(other).get(address).status_code == 404, other
    another = cases.opened(cast, at=cast.at + HOUR)
    elsewhere = address.replace(str(told.case.pk), str(another.pk))
    assert as_("bram").get(elsewhere).status_code == 404
    answer = as_("bram").get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    cover, *inside = paper.pages_text(answer.content)
    # Whoever takes it from a fax machine reads the cover only: nobody's name, no why.
    for private in ("Amina", "Feb 14, 1991", "164.512", "threat"):
        assert private not in cover
        assert private in " ".join(inside)
    for said in ("Officer Reyes", "City police", cast.bram.name):
        assert said in cover
    row = Disclosure.objects.filter(channel="pdf").get()
    assert (row.basis, row.about, row.exception) == (
        "exceptional",
        recipient.pk,
        told.case.pk,
    )
    assert row.items == [
        ["consents.casecontent", str(told.content.pk), 1],
        ["patients.condition", str(told.item.pk), 1],
    ]
    # Afterwards the patient reads who that was, as the accounting says it too.
    exceptional.review_wait(
        wait=told.case.tellingwait_set.get(),
        answer="not_agreed",
        words="",
        by=cast.ines,
        at=cast.at,
    )
    log = as_("amina").get(f"/patients/{cast.amina.pk}/sharing/log/").content.decode()
    assert "Officer Reyes, City police" in log and "Somebody</h2>" not in log
    assert "On paper, in a packet: Diagnoses." in log
    assert "downloaded" not in log.lower().partition("officer reyes")[2][:900]


def test_a_packet_is_printed_while_what_was_picked_is_open_and_no_later(as_, cast):
    told = cases.documented(cast, inside=(), outside="Officer Reyes")
    recipient = told.content.recipients.get()
    by = {"by": cast.user("bram"), "at": cast.at}
    exceptional.close_case(case=told.case, **by)
    address = f"/cases/{told.case.pk}/packet/{recipient.pk}/packet.pdf"
    assert as_("bram").get(address).status_code == 404
    assert not Disclosure.objects.filter(channel="pdf").exists()


@pytest.mark.parametrize("inside", [("jon",), ()])
def test_what_somebody_wrote_themselves_is_handed_over_under_the_case_too(
    as_, cast, inside
):
    """It waits with the case, and stands in the accounting afterwards."""
    update = writing.send(cast, (*inside, "bram")[0], "bram" if inside else "jon")
    case = cases.opened(cast)
    cases.steps(cast, case)
    content = cases.content(cast, case, update, inside=inside, outside="Reyes")
    if inside:
        address = f"/disclosed/{content.pk}/"
    else:
        address = f"/cases/{case.pk}/packet/{content.recipients.get().pk}/packet.pdf"
    assert as_("jon" if inside else "bram").get(address).status_code == 200
    row = Disclosure.objects.filter(purpose="THREAT", channel__in=["web", "pdf"]).get()
    assert (row.basis, row.exception) == (Basis.EXCEPTIONAL, case.pk)
    reading = Reading(user=cast.user("amina"), entrance="consents:log")
    reading.__dict__["at"] = cast.at
    looks = who_looked.page(open_for(reading, cast.amina.pk, writes=False)).looks
    assert not any("serious harm" in look.why for look in looks)


def test_a_packet_holds_the_version_that_was_picked_of_ones_own_text_too(as_, cast):
    update = writing.send(cast, "bram", "jon")
    case = cases.opened(cast)
    cases.steps(cast, case)
    content = cases.content(cast, case, update, inside=(), outside="Reyes")
    type(update).objects.filter(pk=update.pk).update(version=update.version + 1)
    recipient = content.recipients.get()
    as_("bram").get(f"/cases/{case.pk}/packet/{recipient.pk}/packet.pdf")
    row = Disclosure.objects.get(channel="pdf")
    assert [label for label, *_ in row.items] == ["consents.casecontent"], "words only"


@pytest.mark.parametrize("who", ["amina", "jon", "chidi", "edo", "hana"])
def test_nobody_else_learns_that_there_is_a_case(as_, cast, who):
    told = cases.documented(cast)
    assert as_(who).get(f"/cases/{told.case.pk}/").status_code == 404


def test_the_officer_reads_the_steps_and_never_an_item(as_, cast):
    told = cases.documented(cast)
    page = as_("ines").get(f"/cases/{told.case.pk}/").content.decode()
    assert "High, tonight." in page and "CNRYpicked" not in page
    assert as_("ines").get(f"/cases/{told.case.pk}/content/").status_code == 404
    assert as_("ines").get("/privacy/").status_code == 200


def test_a_case_can_be_written_to_its_end_after_leaving_the_team(as_, cast):
    case = cases.opened(cast)
    actions.leave(
        participant=cast.amina.care_team.get(party=cast.bram),
        by=cast.user("amina"),
        at=cast.at,
        reason="left",
    )
    assert as_("bram").get(f"/cases/{case.pk}/step/harm/").status_code == 200
    with pytest.raises(Http404):
        reading = Reading(user=cast.user("bram"), entrance="patients:chart")
        open_for(reading, cast.amina.pk, writes=False)


# Nothing to tell anybody: a file's proposals, checks, answers to what was flagged.
NOT_PICKED = {
    "patients.importeditem",
    "patients.allergyassertion",
    "patients.listconfirmation",
    "patients.flaganswer",
    "patients.sideeffectmark",
    "patients.listreview",
    "patients.supplycount",
    "patients.testowner",
}


def test_every_kind_of_item_can_be_picked_or_is_named_here(cast):
    known = set(describing.labels()) | NOT_PICKED
    assert {model._meta.label_lower for model in registry()} - known == set()


def test_everything_of_a_full_record_has_words(as_, cast):
    records.fill(cast.amina, cast.at, psychiatrist=cast.bram)
    writing.send(cast, "jon", "bram")
    case = cases.opened(cast)
    cases.steps(cast, case)
    page = as_("bram").get(f"/cases/{case.pk}/content/").content.decode()
    for words in ("Medicine: ", "Allergy, ", "Update by Dr. Jon Ortiz"):
        assert words in page


def test_step_four_reads_nothing_of_the_record_before_the_steps_it_rests_on(as_, cast):
    """Found: it stood there whole, every item logged, and could not be signed."""
    condition(cast)
    case, bram = cases.opened(cast), as_("bram")
    before = Disclosure.objects.count()
    for place in (f"/cases/{case.pk}/", f"/cases/{case.pk}/content/"):
        page = bram.get(place).content.decode()
        assert "Write steps 1, 2 and 3 first." in page and "CNRYother" not in page
        assert "Write step 4" not in page and 'name="why"' not in page
    assert Disclosure.objects.count() == before
    cases.steps(cast, case)
    assert "Write step 4" in bram.get(f"/cases/{case.pk}/").content.decode()
    assert "CNRYother" in bram.get(place).content.decode()


def test_the_talk_with_the_patient_is_not_before_the_call(as_, cast):
    """Found: both times are documented, and the talk stood before the call."""
    case, bram = cases.opened(cast, at=cast.at - DAY), as_("bram")
    place, said = f"/cases/{case.pk}/told/", {"words": "Told."}
    called = zones.local(case.called_at, cast.user("bram").time_zone)
    day = called.strftime("%b %-d, %Y")
    early = said | {"day": day, "time": (called - HOUR).strftime("%H:%M")}
    page = bram.post(place, early).content.decode()
    assert "The talk cannot be earlier than the call." in page
    assert not case.patienttold_set.exists()
    bram.post(place, early | {"time": (called + HOUR).strftime("%H:%M")})
    assert case.patienttold_set.get().told_at > case.called_at


def test_a_call_that_nobody_answered_is_signed_with_both_times(as_, cast):
    """Found: it asked for what somebody was told, and could not be closed."""
    case, bram = cases.opened(cast), as_("bram")
    close, why = f"/cases/{case.pk}/close/", {"nothing_told": "Settled with her."}
    page = bram.get(close).content.decode()
    assert "Nobody answered the call (County crisis line, " in page
    assert "If somebody did, write step 4" in bram.post(close, why).content.decode()
    case.refresh_from_db()
    assert case.closed_at is None
    assert bram.post(close, why | {"nobody_answered": "on"}).status_code == 302
    case.refresh_from_db()
    assert (case.closed_by, case.closed_why) == (cast.user("bram"), "Settled with her.")
    read = as_("ines").get(f"/cases/{case.pk}/").content.decode()
    assert "Nobody answered the call, and nobody was told anything:" in read
    for moment in (case.called_at, case.closed_at):
        assert zones.instant_words(moment, cast.ines.time_zone) in read
    assert (case, "steps") not in cases_late(cast.at + 3 * DAY)
