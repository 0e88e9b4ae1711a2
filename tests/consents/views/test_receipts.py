"""Receipts: the list, the page, the paper."""

import pypdfium2
import pytest
from django.test import Client

from carecoord import pdf
from consents import actions
from consents.codes import CATEGORIES
from consents.models import Consent
from tests.consents.acting import record, relative
from tests.consents.views.pages import Pages, text_of

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def press():
    """As each web process does before its first request."""
    pdf.warm()


def test_the_receipt_has_every_field_of_a_consent_receipt(amina, cast):
    amina.share(cast.chidi)
    consent = Consent.objects.get(recipient=cast.chidi)
    html = text_of(amina.get("receipt", consent.pk))
    assert 'class="summary long"' in html  # On a phone each value has the whole width.
    for label in (
        "Receipt number",
        "Signed on",
        "How it was signed",
        "Law",
        "Who runs the service",
        "How to reach them",
        "Shared with",
        "Why",
        "What",
        "Sensitive topics included",
        "Passed on to anyone else by this service",
        "Ends",
        "How to stop",
        "Privacy policy",
        "How far back",
    ):
        assert f"<dt>{label}</dt>" in html
    assert consent.number in html
    assert "What happens next" in html
    what = html.split("<dt>What</dt>")[1].split("</div>")[0]
    kinds = CATEGORIES.names(consent.categories)
    assert what.count("<li>") == len(kinds) > 1, "a line for each kind"
    assert html.split("<dt>What</dt>")[1].split("<dt>")[1].startswith("How far back")


@pytest.mark.slow
def test_the_paper_says_the_same_and_its_name_tells_nothing(amina, cast, press):
    amina.share(cast.chidi)
    consent = Consent.objects.get(recipient=cast.chidi)
    answer = amina.get("receipt_pdf", consent.pk)
    assert answer["Content-Disposition"] == 'attachment; filename="receipt.pdf"'
    document = pypdfium2.PdfDocument(answer.content)
    words = " ".join(
        " ".join(page.get_textpage().get_text_range() for page in document).split()
    )
    assert consent.number in words
    assert "Chidi Okafor, therapist" in words
    for line in consent.text.splitlines():
        assert line in words, line
    assert document.get_metadata_dict()["Title"] == "Receipt"


def test_every_state_has_its_heading(amina, cast):
    page = text_of(amina.get("receipt", cast.amina_to_bram.pk))
    assert "<h1>Shared with Dr. Bram Visser</h1>" in page
    assert "Share the same again" not in page
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    page = text_of(amina.get("receipt", cast.amina_to_bram.pk))
    assert "<h1>Sharing with Dr. Bram Visser ended</h1>" in page
    assert "Stopped by you" in page and "Share the same again" in page


def test_an_answer_of_no_has_a_receipt_on_paper_too(amina, cast, press):
    amina.to_check(cast.chidi, what={"apart": ["hiv"]})
    amina.send(answer="refuse")
    consent = Consent.objects.get(recipient=cast.chidi)
    assert consent.decision == "refusal"
    page = text_of(amina.get("receipt", consent.pk))
    assert "You said no" in page
    what = f"{', '.join(CATEGORIES.words(consent.categories))}; HIV"
    assert what in page, "the kinds that were asked about are not left out"
    assert amina.get("receipt_pdf", consent.pk).status_code == 200


def test_the_list_has_everything_ever_signed(amina, cast):
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    html = text_of(amina.get("receipts"))
    for consent in Consent.objects.filter(patient=cast.amina):
        assert consent.number in html
    assert cast.gus_to_bram.number not in html


def test_another_patients_receipt_is_not_found(amina, cast):
    for name in ("receipt", "receipt_pdf"):
        assert amina.get(name, cast.gus_to_bram.pk).status_code == 404


@pytest.mark.slow
@pytest.mark.capability("S16", "X1")
def test_who_signed_by_what_right_stands_on_the_page_and_the_paper(amina, cast, press):
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian")
    acts = Pages(Client(), rosa.user, cast.amina)
    acts.to_check(cast.chidi)
    signed = acts.sign(signed_name="Rosa Diallo")
    consent = Consent.objects.get(recipient=cast.chidi)
    assert signed.status_code == 302
    right = "court-appointed guardian"
    for pages, title in (
        (acts, "The text, as you signed it"),
        (amina, "The text, as Rosa Diallo signed it"),
    ):
        html = text_of(pages.get("receipt", consent.pk))
        assert title in html
        assert "<dt>Signed by</dt><dd>Rosa Diallo</dd>" in html
        assert f"<dt>By what right</dt><dd>{right}</dd>" in html
    document = pypdfium2.PdfDocument(acts.get("receipt_pdf", consent.pk).content)
    words = " ".join(
        " ".join(page.get_textpage().get_text_range() for page in document).split()
    )
    assert f"By what right {right}" in words
    assert f"Rosa Diallo signs as {right}." in words
