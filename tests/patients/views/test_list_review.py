"""Both stand where they differ; "reviewed" is not "confirmed" (SCREENS B2, B12)."""

from __future__ import annotations

import io
from decimal import Decimal

import pypdfium2
import pytest

from patients.actions import list_checks
from patients.models import ListConfirmation, ListReview, TimelineEvent
from tests.cast import permit
from tests.messaging import writing
from tests.patients import medicines_world as world
from tests.patients.records import fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
PLACE = "medicines/review/"


def html(cast, who: str, place: str = "medicines/") -> str:
    response = world.signed_in(cast, who).get(world.page(cast, place))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def review(cast, who: str, differences: str = "2"):
    page = world.page(cast, PLACE)
    return world.signed_in(cast, who).post(page, {"differences": differences})


def test_a_clinician_says_that_the_list_was_reviewed_with_the_patient(cast):
    world.add(cast, "quetiapine")
    assert review(cast, "bram").status_code == 302
    row = ListReview.objects.get()
    assert (row.author, row.differences) == (cast.bram, 2)
    assert "Dr. Bram Visser reviewed it with the patient on" in html(cast, "jon")
    assert "You noted 2 differences." in html(cast, "bram")
    assert "Dr. Bram Visser reviewed it with you on" in html(cast, "amina")


def test_reviewed_confirms_nothing_for_the_patient(cast):
    world.add(cast, "quetiapine")
    review(cast, "bram")
    assert not ListConfirmation.objects.exists()
    assert "You have not checked this list yet." in html(cast, "amina")
    chart = html(cast, "bram", "")
    assert "Not confirmed by the patient yet. Reviewed with the patient by" in chart


def test_both_stand_on_the_chart_and_on_the_sheet_which_is_one_page(cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    list_checks.confirm(patient=cast.amina, by=cast.user("amina"), at=cast.at)
    review(cast, "bram", "0")
    for place in ("", "summary/"):
        seen = html(cast, "bram", place)
        assert "Medicine list confirmed by Amina on" in seen
        assert "Reviewed with the patient by Dr. Bram Visser on" in seen
    client = world.signed_in(cast, "bram")
    sheet = client.get(world.page(cast, "summary.pdf"))
    document = pypdfium2.PdfDocument(io.BytesIO(sheet.content))
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert len(document) == 1
    assert "Reviewed with the patient by Dr. Bram Visser" in text


def test_the_form_counts_the_differences_on_the_list(cast):
    line = world.add(cast, "quetiapine")
    world.prescribe(cast, beside=line)
    assert 'value="1"' in html(cast, "bram", PLACE)


def text_of(cast, who: str) -> str:
    return writing.words(world.signed_in(cast, who).get(world.page(cast)))


@pytest.mark.security("T26")
def test_what_one_reader_counted_is_no_count_for_another(cast):
    """Found: one from whom a medicine is hidden read that three lines differ of two."""
    seen = []
    for differences in ("0", "3"):
        review(cast, "bram", differences)
        seen.append(text_of(cast, "jon"))
    assert "reviewed it with the patient on" in seen[0]
    assert seen[0] == seen[1]
    assert "You noted 3 differences." in html(cast, "bram")


@pytest.mark.parametrize(("who", "offered"), [("bram", True), ("hana", False)])
def test_it_is_offered_on_the_chart_and_the_list(cast, who, offered):
    words = {"": "I reviewed the medicine list", "medicines/": "I reviewed this list"}
    for place, said in words.items():
        assert (said in html(cast, who, place)) is offered


def test_it_stands_on_the_timeline_and_tells_nobody(cast):
    review(cast, "bram")
    event = TimelineEvent.objects.get(about=ListReview.objects.get().pk)
    assert event.due_at is None and event.author == cast.bram


@pytest.mark.parametrize("said", ["", "many", "-1", "100"])
def test_a_number_that_is_none_is_asked_again(cast, said):
    assert review(cast, "bram", said).status_code == 200
    assert not ListReview.objects.exists()


def test_a_therapist_who_sees_the_list_reviews_it_too(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    page = world.signed_in(cast, "chidi").get(world.page(cast, ""))
    assert world.page(cast, PLACE) in page.content.decode()
    assert review(cast, "chidi").status_code == 302
    assert ListReview.objects.get().author == cast.chidi


@pytest.mark.parametrize("who", ["amina", "chidi", "hana", "dana", "edo"])
def test_only_a_licensed_reader_of_the_list_reviews_it(cast, who):
    assert review(cast, who).status_code == 404
    assert not ListReview.objects.exists()


# Disagreement ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.capability("S12")
def test_the_paper_prints_the_patients_dose_and_flags_the_other(cast):
    """Amina takes 150 mg, Bram's entry says 100 mg: both stand."""
    line = world.add(cast, "quetiapine", world.MORE)
    world.prescribe(cast, beside=line, dosage=world.DAILY)
    for who in ("amina", "bram", "jon"):
        client = world.signed_in(cast, who)
        sheet = client.get(world.page(cast, "summary.pdf"))
        document = pypdfium2.PdfDocument(io.BytesIO(sheet.content))
        text = " ".join(document[0].get_textpage().get_text_bounded().split())
        text = text.replace("\xa0", " ")
        assert "150 mg" in text
        assert "Dr. Bram Visser's list says 100 mg" in text
    line.refresh_from_db()
    assert line.bedtime == Decimal(3)


def test_three_answers_of_one_tap_each(cast):
    line = world.add(cast, "quetiapine", world.MORE)
    world.prescribe(cast, beside=line, dosage=world.DAILY)
    seen = html(cast, "amina").replace("\xa0", " ").replace("&nbsp;", " ")
    for words in (
        "I take 150 mg",
        "100 mg is right",
        "I am not sure, ask Dr. Bram Visser",
    ):
        assert words in seen


def test_not_sure_asks_the_prescriber(cast):
    line = world.add(cast, "quetiapine", world.MORE)
    entry = world.prescribe(cast, beside=line, dosage=world.DAILY)
    page = world.page(cast, f"medicines/entries/{entry.pk}/answer/")
    world.signed_in(cast, "amina").post(page, {"answer": "ask"})
    event = TimelineEvent.objects.latest("recorded_at")
    assert "not sure of the dose, asks Dr. Bram Visser" in event.title
    assert event.due_at is not None
    assert "Patient is not sure" in html(cast, "bram")
