"""T82: one clinician who opens very many charts is slowed down, and nobody else."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from consents import entrances, harvest, log
from consents.access import Reading
from consents.log import Entry
from consents.models import AccessRefusal, Disclosure, ReadingAlarm
from tests import cast as people
from tests.consents.views.pages import text_of
from tests.sweeps.addresses import all_addresses


@pytest.fixture(autouse=True)
def few(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(harvest, "MOST_CHARTS", 2)


def opened(cast, patient, *, minutes: int = 1, who="bram", entrance="patients:chart"):
    log.write(
        [
            Entry(
                patient_id=patient.pk,
                at=cast.at - timedelta(minutes=minutes),
                user_id=cast.user(who).pk,
                relation="clinician",
                purpose="TREAT",
                channel="web",
                entrance=entrance,
                basis="consent",
                epoch=1,
                items=[["patients.condition", str(uuid.uuid4()), 1]],
            )
        ]
    )


@pytest.fixture
def others(cast):
    from patients.actions import patients as patient_actions

    return [
        patient_actions.begin_record(
            name=name, birth_date=None, user=people.user(f"{name} X"), at=cast.at
        )
        for name in ("Una", "Dua")
    ]


def chart(client, cast, who: str, patient=None):
    client.force_login(cast.user(who))
    return client.get(reverse("patients:chart", args=[(patient or cast.amina).pk]))


@pytest.mark.security("T82")
def test_one_chart_more_is_not_opened_and_the_officer_is_told(client, cast, others):
    for patient in others:
        opened(cast, patient)
    before = Disclosure.objects.count()
    response = chart(client, cast, "bram")
    assert response.status_code == 429
    assert "Wait ten minutes" in text_of(response) and "988" in text_of(response)
    assert "Amina" not in text_of(response)
    assert Disclosure.objects.count() == before
    assert ReadingAlarm.objects.get().user == cast.user("bram")
    assert not AccessRefusal.objects.exists()


@pytest.mark.slow
@pytest.mark.security("T82")
def test_everybody_else_goes_on(client, cast, others):
    for patient in others:
        opened(cast, patient)
    assert chart(client, cast, "jon").status_code == 200
    assert chart(client, cast, "amina").status_code == 200
    assert not ReadingAlarm.objects.exists()


def test_a_chart_that_is_open_already_stays_open(client, cast, others):
    for patient in (cast.amina, *others):
        opened(cast, patient)
    assert chart(client, cast, "bram").status_code == 200


def test_after_ten_minutes_it_is_over(client, cast, others):
    for patient in others:
        opened(cast, patient, minutes=11)
    assert chart(client, cast, "bram").status_code == 200


def test_ten_minutes_are_ten_to_the_second(cast, others):
    for patient in others:
        opened(cast, patient, minutes=0)
    reading, slowed = Reading(user=cast.user("bram"), entrance="patients:chart"), []
    for seconds in (599, 600, 601):
        reading.at = cast.at + timedelta(seconds=seconds)
        try:
            harvest.check(reading, cast.amina.pk)
        except harvest.TooManyCharts:
            slowed.append(seconds)
    assert slowed == [599]


def test_lists_do_not_count(client, cast, others):
    for patient in others:
        opened(cast, patient, entrance="messaging:worklist")
    assert chart(client, cast, "bram").status_code == 200


def test_a_paper_is_stopped_like_a_page(client, cast, others):
    for patient in others:
        opened(cast, patient)
    client.force_login(cast.user("bram"))
    address = reverse("patients:summary_pdf", args=[cast.amina.pk])
    assert client.get(address).status_code == 429
    assert ReadingAlarm.objects.exists()


def test_every_entrance_that_names_nothing_is_a_list():
    names = {each.name for each in all_addresses() if not each.parts}
    of_clinicians = {
        name
        for name in names & entrances.declared()
        if entrances.purpose_of(name, "clinician")
    }
    assert of_clinicians <= set(harvest.LISTS)
