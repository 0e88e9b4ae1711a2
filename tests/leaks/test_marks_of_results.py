"""The result of a test that tells something by its name or words is asked about."""

from __future__ import annotations

import pytest

from consents.codes import LABELS
from patients.models import TestResult
from patients.views import marks
from tests.patients import medicines_world as world
from tests.patients.marks import answered, asks, carried, changed
from tests.patients.views.test_tests import address, html, lithium, send

__all__ = ["lithium"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
HIV = {"test": "another", "name": "HIV test", "value": "", "words": "positive"}
TYPED = {
    "pregnancy": ({"test": "pregnancy", "value": "", "words": "positive"}, "positive"),
    "another": (HIV, "HIV test"),
    "words": ({"test": "blood_count", "value": "", "words": "drug screen"}, "screen"),
}


def sent(cast, typed, who="amina"):
    return send(cast, who, **{"unit": "", "usual": ""} | typed)


@pytest.mark.security("T26")
@pytest.mark.parametrize("kind", TYPED)
def test_a_result_is_asked_about_before_it_is_saved(cast, lithium, kind):
    typed, words = TYPED[kind]
    page = sent(cast, typed)
    assert asks(page) and not TestResult.objects.exists()
    place, amina = address(cast, typed["test"]), world.signed_in(cast, "amina")
    back = changed(amina, place, page).content.decode()
    assert typed["words"] in back and "There is a problem" not in back
    assert answered(amina, place, page, "yes").status_code == 302
    item = TestResult.objects.get()
    assert item.labels and item.words == typed["words"] and item.place == "Quest"
    assert words in html(cast, "amina") and words not in html(cast, "bram")


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_a_result_is_not_asked_about(
    cast, lithium, monkeypatch
):
    asked = "patients.views.marks.ask_to_mark"
    monkeypatch.setattr(asked, lambda *_args, **_all: (None, marks.NOTHING))
    assert sent(cast, HIV).status_code == 302
    assert "HIV test" in html(cast, "bram")


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_clinician_who_enters_one_is_asked_too(cast, lithium, answer):
    page = sent(cast, HIV, "bram")
    assert asks(page) and "people you share" not in page.content.decode()
    bram, place = world.signed_in(cast, "bram"), address(cast, "another")
    for _time in range(2):
        assert answered(bram, place, page, answer).status_code == 302
    item = TestResult.objects.get()
    assert item.labels == (LABELS["hiv"] if answer == "yes" else 0)
    assert item.author == cast.bram
    # The author keeps the own words, marked or not; others read them unmarked only.
    assert "HIV test" in html(cast, "bram")


def test_what_stands_on_the_list_changes_no_question(cast, lithium):
    """A hidden line is told by no question, and by none that is missing."""
    name = {"test": "another", "name": "Naltrexone level", "value": "", "words": "low"}
    before = carried(sent(cast, name, "bram"))
    world.add_hidden(cast, "naltrexone", labels=LABELS["substance_use"])
    after = carried(sent(cast, name, "bram"))
    assert before.keys() == after.keys() and "asked_to_mark" in after
    assert not TestResult.objects.exists()
