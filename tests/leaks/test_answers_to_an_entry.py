"""The patient's answer to an entry is told to whom the entry itself is told.

Found: a permission that names who alone may tell left out an entry, and what
the patient answered to it named the medicine and the prescriber to its recipient.
"""

from __future__ import annotations

import pytest

from consents import actions as consents
from patients.actions import entries, timeline
from tests.cast import permit
from tests.messaging.writing import words
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
PLACES = ("", "medicines/", "list/", "summary/")


def _dana_hears_of_jon_alone(cast) -> None:
    join = {"patient": cast.amina, "party": cast.dana, "role": "psychiatrist"}
    consents.join(**join, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.dana, at=cast.at, disclosers=(cast.jon,))


def _reads(cast, who: str) -> str:
    client = world.signed_in(cast, who)
    return " ".join(words(client.get(world.page(cast, each))) for each in PLACES)


def _answered(cast, how: str) -> None:
    entry = world.prescribe(cast, name="lithium")
    getattr(entries, how)(entry=entry, by=cast.user("amina"), at=cast.at)


@pytest.mark.security("T17", "T26")
@pytest.mark.parametrize("how", ["disagree", "set_aside", "ask"])
def test_an_answer_tells_nothing_to_whom_the_entry_is_not_told(cast, how):
    _dana_hears_of_jon_alone(cast)
    _answered(cast, how)
    said = _reads(cast, "dana")
    assert "lithium" not in said
    assert "entry of" not in said


def test_an_answer_is_told_to_whom_the_entry_is_told(cast):
    _answered(cast, "disagree")
    said = "lithium : the patient takes what their own list says"
    assert said in _reads(cast, "jon") and said in _reads(cast, "bram")


def test_a_twin_that_forgets_whose_words_an_answer_says_is_caught(cast, monkeypatch):
    record = timeline.record_event
    monkeypatch.setattr(
        timeline, "record_event", lambda **said: record(**said | {"author": None})
    )
    _dana_hears_of_jon_alone(cast)
    _answered(cast, "disagree")
    assert "lithium" in _reads(cast, "dana")
