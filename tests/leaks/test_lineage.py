"""What came of a medicine is hidden with it, whichever of the two came first.

Found: a line that was adopted from a prescriber's entry had a lineage of its own, so
"only me" on the line left "Dr. …'s entry: lithium" on everybody's chart. And a topic
marked on a past trial, "for the medicine itself too", stayed on the trial alone.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from consents import actions as consents
from consents.codes import LABELS
from patients.actions import entries, medicines, record
from patients.actions.medicines import Keep, Outcome, Why
from patients.models import MedicineTrial
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PAGES = ("", "medicines/", "list/", "summary/", "summary.txt", "updates/")


def shown_to_jon(cast, word: str) -> list[str]:
    """The pages on which Jon, with a consent for medicines, reads the word."""
    jon = world.signed_in(cast, "jon")
    return [
        page
        for page in PAGES
        if word in jon.get(world.page(cast, page)).content.decode()
    ]


def adopted(cast):
    entry = world.prescribe(cast)
    who = {"by": cast.user("amina"), "at": cast.at}
    return entry, entries.adopt(entry=entry, line=None, **who).item


@pytest.mark.slow
def test_only_me_on_an_adopted_line_covers_the_entry_it_came_from(cast):
    _entry, line = adopted(cast)
    assert shown_to_jon(cast, "lithium")
    consents.keep_back(item=line, by=cast.user("amina"), at=cast.at)
    assert shown_to_jon(cast, "lithium") == []
    consents.give_back(item=line, by=cast.user("amina"), at=cast.at)
    assert shown_to_jon(cast, "lithium")


def test_without_the_lineage_of_its_entry_an_adopted_line_betrays_itself(cast):
    """The vulnerable twin: what the code did before."""
    _entry, line = adopted(cast)
    type(line).objects.filter(pk=line.pk).update(lineage=line.pk)
    line.refresh_from_db()
    consents.keep_back(item=line, by=cast.user("amina"), at=cast.at)
    assert shown_to_jon(cast, "lithium")


def test_a_topic_on_an_adopted_line_is_on_the_entry_and_its_events_too(cast):
    _entry, line = adopted(cast)
    medicines.set_labels(
        item=line, labels=LABELS["private"], by=cast.user("amina"), at=cast.at
    )
    assert shown_to_jon(cast, "lithium") == []


def test_the_patient_still_finds_an_adopted_line_among_what_is_kept_back(cast):
    _entry, line = adopted(cast)
    consents.keep_back(item=line, by=cast.user("amina"), at=cast.at)
    amina = world.signed_in(cast, "amina")
    page = amina.get(world.page(cast, "sharing/")).content.decode()
    assert "Only you see it" in page and "Give it back" in page


@pytest.mark.slow
def test_a_topic_marked_on_a_past_trial_is_on_the_medicine_itself_too(cast):
    who = {"by": cast.user("amina"), "at": cast.at + timedelta(seconds=1)}
    line = world.add(cast, "naltrexone")
    medicines.stop(item=line, version=line.version, outcome=Outcome(), why=Why(), **who)
    assert shown_to_jon(cast, "naltrexone")
    record.set_privacy(
        item=MedicineTrial.objects.get(),
        labels=LABELS["substance_use"],
        keep=Keep(),
        denies=[],
        **who,
    )
    assert shown_to_jon(cast, "naltrexone") == []
