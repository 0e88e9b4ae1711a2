"""How long each thing of the record stands: just before its end, and just after it.

Each names its number: one that is read from the code would follow whatever it says.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consents import actions as consents
from consents.access import Reading, open_for
from patients import change_windows
from patients.access import home, supply
from patients.actions import drafts
from patients.actions import supply as supply_actions
from patients.codes import Change, EventKind
from patients.models import Draft, MedicineChange, TimelineEvent
from tests import cast as people
from tests.patients import medicines_world as world

MOMENT = timedelta(microseconds=1)


def opened(cast, at):
    reading = Reading(user=cast.amina.user, entrance="patients:medicines")
    reading.at = at
    return open_for(reading, cast.amina.pk, writes=False)


@pytest.mark.django_db
def test_what_was_typed_in_a_form_is_gone_after_a_week(cast):
    week = timedelta(days=7)
    given = {"patient": cast.amina, "kind": "medicine_add"}
    mine, theirs = cast.amina.user, cast.user("bram")
    old = drafts.begin(by=mine, at=cast.at - week - MOMENT, **given)
    other = drafts.begin(by=theirs, at=cast.at - 2 * week, **given)
    kept = drafts.begin(by=mine, at=cast.at - week, **given)
    new = drafts.begin(by=mine, at=cast.at, **given)
    left = set(Draft.objects.values_list("pk", flat=True))
    assert left == {other.pk, kept.pk, new.pk} and old.pk not in left


@pytest.mark.django_db
@pytest.mark.security("T95")
def test_an_opened_emergency_page_is_said_at_home_for_a_week(cast):
    consents.state_emergency(
        member=cast.amina.care_team.get(party=cast.bram),
        statement=people.statement(),
        by=cast.user("bram"),
        at=cast.at,
    )
    week = cast.at + timedelta(days=7)
    for at, said in ((week - MOMENT, 1), (week, 0)):
        rows = home.load_home(opened(cast, at), signed_in_at=at)
        assert len(rows.emergencies) == said


@pytest.mark.django_db
def test_what_ran_out_stands_for_a_week(cast):
    line = world.add(cast, "quetiapine")
    supply_actions.tell(
        medicine=line, kind=EventKind.RAN_OUT, by=cast.amina.user, at=cast.at
    )
    day = TimelineEvent.objects.get(kind=EventKind.RAN_OUT).happened_date
    for days, stands in ((6, True), (7, False)):
        left = supply.load_left(opened(cast, cast.at + timedelta(days=days)), [line])
        assert (line.pk in left) == stands, day


def test_how_a_change_went_is_asked_for_sixty_days():
    change = MedicineChange(
        what=Change.STARTED,
        since_date=date(2026, 1, 1),
        watch_until_date=date(2026, 2, 1),
    )
    for day, due in ((date(2026, 4, 2), True), (date(2026, 4, 3), False)):
        assert change_windows.is_due(change, day, answered=False) == due
