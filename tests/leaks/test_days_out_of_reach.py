"""A day at the end of the calendar takes no page away from anybody (T53).

Found: one entry, or one phase of therapy, dated in December 9999 made the chart, the
patient's own home and the list an error for all readers, and kept the reminders of
every other patient back.
"""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from carecoord import forms
from messaging import sweeping
from messaging.sweeping import Sweep
from patients.models import MedicationRequest, TherapyPhase
from tests.messaging.delivering import TEN_MINUTES
from tests.patients import medicines_world as world
from tests.patients.views.test_medicine_entries import DOSE, PLAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
DAYS = ("Dec 1, 9999", "Dec 31, 9999", "Jan 1, 0001", "12/31/1899", "1/1/2200")


def look(cast, who: str) -> None:
    """At the home of the patient, or the chart: an error is raised here."""
    assert world.signed_in(cast, who).get(world.page(cast, "")).status_code == 200


@pytest.mark.security("T53")
def test_an_entry_begins_on_a_day_that_can_be_meant(cast):
    line = world.add(cast, "quetiapine")
    bram = world.signed_in(cast, "bram")
    first = world.page(cast, f"medicines/{line.pk}/entry/")
    second = bram.post(first, {"schedule": "daily"}).url
    for day in DAYS:
        response = bram.post(second, DOSE | PLAN | {"starts_date": day})
        assert response.status_code == 200 and "Error:" in response.content.decode()
    assert not MedicationRequest.objects.exists()


def tells(cast, day: str):
    """Chidi tells of demanding work in therapy from this day on."""
    said = {"what": "demanding", "weeks": "6", "happened_date": day}
    said |= {"mentions": ["none"], "form_key": str(uuid.uuid4())}
    place = reverse("messaging:tell_kind", args=[cast.amina.pk, "therapy"])
    return world.signed_in(cast, "chidi").post(place, said)


@pytest.mark.security("T53")
def test_therapy_changes_on_a_day_that_can_be_meant(cast):
    for day in DAYS:
        response = tells(cast, day)
        assert response.status_code == 200 and "Error:" in response.content.decode()
    assert not TherapyPhase.objects.exists()


@pytest.mark.security("T53")
def test_a_medicine_began_on_a_day_that_can_be_meant(cast, amina_adds):
    """ "Jan 1, 0001" is no start from which the next test could be counted."""
    response = amina_adds("Jan 1, 0001")
    assert response.status_code == 200 and "Error:" in response.content.decode()
    assert amina_adds("Jan 1, 1900").status_code == 302


@pytest.fixture
def amina_adds(cast):
    amina = world.signed_in(cast, "amina")
    first = world.page(cast, "medicines/add/")
    second = amina.post(first, {"name": "lithium", "schedule": "daily"}).url
    dose = {"strength": "300", "unit": "mg", "form": "capsule", "morning": "1"}
    third = amina.post(second, dose).url
    return lambda day: amina.post(third, {"reason": "mood", "started": day})


def test_one_reminder_that_fails_keeps_no_other_back(cast, monkeypatch):
    asked = []

    def fails(*, at):
        asked.append("fails")
        raise OverflowError

    def works(*, at):
        asked.append("works")
        return 1

    for kinds in ("CAUSES", "CHORES"):
        monkeypatch.setattr(sweeping.Sweep, kinds, (fails, works))
    done = Sweep(now=lambda: cast.at + TEN_MINUTES).run()
    assert (done["causes"], done["chores"]) == (1, 1)
    assert asked == ["fails", "works"] * 2


def test_a_twin_without_the_bound_is_caught(cast, monkeypatch):
    """The vulnerable twin: any day of the calendar, as it was."""
    monkeypatch.setattr(forms, "EARLIEST", date.min)
    monkeypatch.setattr(forms, "LATEST", date.max)
    world.prescribe(cast, watch_for="sleepiness", watch_weeks=4)
    tells(cast, "Dec 1, 9999")
    assert TherapyPhase.objects.exists()
    for who in ("amina", "bram"):
        with pytest.raises(OverflowError):
            look(cast, who)
