"""The patient makes a code, follows it and stops it; everything in real pages."""

import re

import pytest
from django.urls import reverse

from consents import presets
from consents.codes import CATEGORIES, LABELS
from consents.models import Consent, GuestCode
from tests.consents.guests import make, use
from tests.consents.test_decisions import condition
from tests.consents.views.pages import text_of

pytestmark = pytest.mark.usefixtures("demo")


CHOSEN = {
    "page": "summary",
    "kinds": ["medications", "conditions", "updates"],
    "window": "all",
    "ends": "2",
    "visits": "3",
}


def to_check(amina, **answers):
    amina.get("code_make")
    return amina.send(**CHOSEN | answers)


def sign(amina, **answers):
    return amina.send(**{"signed_name": "Amina Diallo", "agree": "on"} | answers)


def shown_code(page) -> str:
    return re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", text_of(page)).group()


def test_nothing_is_ticked_beforehand(amina):
    assert "checked" not in text_of(amina.get("code_make"))


@pytest.mark.capability("S59")
def test_two_pages_make_a_code_and_a_receipt(amina, cast):
    condition(cast, name="panic disorder")
    page = to_check(amina)
    assert "Diagnoses: 1 diagnosis" in text_of(page)
    assert "Nobody checks that." in text_of(page)
    page = sign(amina)
    code = GuestCode.objects.get()
    assert use(shown_code(page), at=cast.at, birth_date=cast.amina.birth_date) is None
    found = use(
        shown_code(page),
        at=code.made_at,
        birth_date=cast.amina.birth_date,
        source="198.51.100.9",
    )
    assert found
    consent = code.consent
    assert "at most 3 times" in consent.text and consent.signed_name == "Amina Diallo"
    assert "HIV" in consent.text and consent.labels == 0
    receipt = text_of(amina.get("receipt", consent.pk))
    assert "A clinician with my code" in receipt and "Share the same" not in receipt


def test_who_looked_says_that_a_code_opens_something_too(amina):
    assert "Whoever has" not in text_of(amina.get("log"))
    to_check(amina)
    sign(amina)
    page = amina.get("log")
    assert "Whoever has your code can look too (1 works now)." in text_of(page)
    assert amina.address("codes") in page.content.decode()


@pytest.mark.parametrize(
    ("which", "window", "kinds"),
    [
        ("summary", "all", presets.COORDINATION.categories),
        (
            "emergency",
            "",
            ("medications", "allergies", "conditions", "safety", "contacts"),
        ),
    ],
)
def test_a_page_brings_the_list_that_stands_beside_it(amina, which, window, kinds):
    words = ", ".join(CATEGORIES.words(CATEGORIES.mask(*kinds)))
    assert f"It has: {words}." in text_of(amina.get("code_make"))
    to_check(amina, page=which, kinds=[], window=window)
    sign(amina)
    consent = GuestCode.objects.get().consent
    assert consent.categories == CATEGORIES.mask(*kinds) and consent.labels == 0


def test_substances_and_topics_have_their_own_yes(amina):
    to_check(amina, topics=["substances", "hiv"])
    sign(amina)
    consent = GuestCode.objects.get().consent
    ticked = ("medications", "allergies", "conditions", "updates", "substances")
    assert consent.categories == CATEGORIES.mask(*ticked)
    assert consent.labels == LABELS["hiv"]


def test_the_text_of_a_code_has_every_element_of_the_law(amina):
    from consents import texts

    page = to_check(amina)
    for words in ("in a court case", "I can stop this at any time", "Signed by"):
        assert words in text_of(page)
    sign(amina)
    stored = Consent.objects.latest("signed_at")
    assert stored.text_version == texts.CURRENT


def test_the_code_is_shown_once(amina):
    to_check(amina)
    carried = text_of(amina.page)
    assert carried
    first = amina.page
    sign(amina)
    code = shown_code(amina.page)
    amina.page = first
    again = sign(amina)
    assert again.status_code == 302
    for name in ("codes", "sharing"):
        assert code not in text_of(amina.get(name))


def test_a_change_meanwhile_is_shown_before_signing(amina, cast):
    to_check(amina)
    from tests.cast import permit

    permit(cast.amina, cast.chidi, at=cast.at)
    assert "Something changed" in text_of(sign(amina))
    assert not GuestCode.objects.exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"page": ""}, "Choose what the code opens"),
        ({"window": ""}, "Choose how far back"),
        ({"page": "emergency"}, "tick only some of these"),
        ({"ends": ""}, "Choose when the code ends"),
        ({"visits": "1000"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said(amina, answers, words):
    assert words in text_of(to_check(amina, **answers))
    assert not GuestCode.objects.exists()


def test_the_slip_holds_the_code_and_no_name(amina, cast):
    to_check(amina)
    code = shown_code(sign(amina))
    row = GuestCode.objects.get()
    pdf = amina.client.post(amina.address("code_slip", row.pk), {"code": code})
    from tests.paper import pages_text

    words = " ".join(pages_text(pdf.content))
    assert code in words and "/code/" in words
    assert "Amina" not in words and "1991" not in words
    wrong = amina.client.post(amina.address("code_slip", row.pk), {"code": "AAAA"})
    assert wrong.status_code == 404


@pytest.mark.capability("S43")
def test_who_used_it_and_stopping_in_three_taps(amina, cast):
    made = make(cast.amina, at=cast.at)
    use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    overview = text_of(amina.get("sharing"))
    assert amina.address("codes") in overview
    assert "Used 1 of 3." in text_of(amina.get("codes"))
    listed = text_of(amina.get("codes"))
    stop = amina.address("revoke", made.guest_code.consent_id)
    assert stop in listed
    shown = text_of(amina.get("code", made.guest_code.pk))
    assert "Said to be Dr. Ruth Novak" in shown and "Mercy Hospital" in shown
    amina.page = amina.client.get(stop)
    page = text_of(amina.page)
    assert "Stop this code now" in page and "Your code was used on" not in page
    assert "Stop sharing" not in page and "Nobody checked who uses it." in page
    amina.send()
    ended = text_of(amina.get("receipt", made.guest_code.consent_id))
    assert "The code for A clinician with my code is stopped" in ended
    assert "The code opens nothing any more." in ended and "Share the same" not in ended
    assert use(made.code, at=cast.at, birth_date=cast.amina.birth_date) is None
    assert stop not in text_of(amina.get("codes"))


def test_a_code_that_nobody_used_says_so(amina, cast):
    made = make(cast.amina, at=cast.at)
    pages = (amina.get("codes"), amina.get("code", made.guest_code.pk))
    listed, shown = map(text_of, pages)
    assert "Not used." in listed and "Nobody has used it." in shown
    assert "Used 0" not in listed and "0 of" not in shown


def test_a_code_is_no_person_of_the_overview_and_cannot_be_changed(amina, cast):
    made = make(cast.amina, at=cast.at)
    party = made.guest_code.consent.recipient_id
    assert str(party) not in text_of(amina.get("sharing"))
    person = amina.get("person", party)
    assert person.url == amina.address("code", made.guest_code.pk)
    assert amina.get("change", made.guest_code.consent_id).status_code == 404


def test_nobody_else_opens_these_pages(client, cast):
    made = make(cast.amina, at=cast.at)
    for who in ("bram", "hana", "gus", "edo"):
        client.force_login(cast.user(who))
        address = reverse("consents:code", args=[cast.amina.pk, made.guest_code.pk])
        assert client.get(address).status_code == 404
