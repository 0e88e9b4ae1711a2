"""T04, L05: two organizations, two patients: nothing of one is in the other's pages.

Kofi is a patient of Far Hospital, where Dana works; Amina and Gus are patients of
Harbor Clinic. Nobody of one place is on a team of the other.
"""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdfium2
import pytest
from django.conf import settings as product
from django.urls import reverse

from consents import actions as consents
from messaging.sweeping import Sweep
from patients.actions import patients as patient_actions
from patients.models import Condition, ListReview, Patient
from tests import cast as people
from tests.patients import records
from tests.sweeps import requests
from tests.sweeps.filling import forms
from tests.sweeps.test_urls import ADDRESSES, LISTED
from tests.sweeps.urls import DEVELOPMENT, LINES
from tests.sweeps.world import World

HERE = ("bram", "jon", "chidi")
OF_HARBOR = ("Amina", "Gus", "Moreau", "Visser", "Ortiz", "Okafor", "Harbor", "Oak ")


@pytest.fixture
def kofi(world: World) -> Patient:
    """A full record that only Dana may see, with news for her."""
    at = world.cast.at
    user = people.user("Kofi Mensah")
    patient = patient_actions.begin_record(
        name="Kofi Mensah", birth_date=date(1970, 1, 2), user=user, at=at
    )
    consents.acknowledge_limits(limits=product.JURISDICTION.limits, by=user, at=at)
    join(patient, world)
    records.fill(patient, at, psychiatrist=world.cast.dana)
    records.item(Condition, patient, "conditions", at, name="CNRYkofi")
    Sweep(now=lambda: at + timedelta(minutes=11)).run()
    return patient


def join(patient: Patient, world: World) -> None:
    """Dana is on the team, and may see everyday care."""
    dana, at = world.cast.dana, world.cast.at
    consents.join(
        patient=patient, party=dana, role="psychiatrist", by=patient.user, at=at
    )
    people.permit(patient, dana, at=at, starts_at=at - timedelta(days=30))


def pages_of(world: World, who: str, patient: Patient | None) -> dict[str, object]:
    """Every page that needs nothing but the patient, or not even one; papers too."""
    client, found = world.client(who), {}
    wanted = ("patient_id",) if patient else ()
    for name in LISTED:
        if ADDRESSES[name].parts != wanted or name in DEVELOPMENT:
            continue
        values = {"patient_id": patient.pk} if patient else {}
        path = requests.path(world, ADDRESSES[name], LINES[name], **values)
        found[name] = client.get(path)
    return found


def text_of(answer) -> str:
    if answer.get("Content-Type", "").startswith("application/pdf"):
        paper = pypdfium2.PdfDocument(io.BytesIO(answer.content))
        return " ".join(page.get_textpage().get_text_bounded() for page in paper)
    return answer.content.decode()


def found_in(pages: dict, words: tuple[str, ...]) -> dict[str, list[str]]:
    said = {name: text_of(answer) for name, answer in pages.items()}
    told = {name: [w for w in words if w in text] for name, text in said.items()}
    return {name: words for name, words in told.items() if words}


@pytest.mark.slow
@pytest.mark.security("T04")
def test_no_page_or_paper_of_one_place_holds_anything_of_the_other(world: World, kofi):
    words = ("Kofi", "Mensah", "CNRYkofi", str(kofi.pk))
    assert found_in(pages_of(world, "bram", world.cast.amina), words) == {}
    for who in HERE:
        assert found_in(pages_of(world, who, None), words) == {}, who
        statuses = {page.status_code for page in pages_of(world, who, kofi).values()}
        assert statuses <= {404, 405}, who
    hers = pages_of(world, "dana", kofi) | pages_of(world, "dana", None)
    assert "CNRYkofi" in text_of(hers["patients:chart"])
    assert "Mensah" in text_of(hers["patients:list"])
    assert hers["patients:summary_pdf"]["Content-Type"] == "application/pdf"
    theirs = (*OF_HARBOR, str(world.cast.amina.pk), str(world.cast.gus.pk))
    assert found_in(hers, theirs) == {}


@pytest.mark.security("T04")
def test_a_page_that_shows_the_other_place_is_found(world: World, kofi):
    """Once Dana is on Amina's team, her lists hold both."""
    join(world.cast.amina, world)
    found = found_in(pages_of(world, "dana", None), OF_HARBOR)
    assert "Amina" in found["patients:list"]


@pytest.mark.security("L05", "T100")
def test_what_is_sent_from_an_old_tab_belongs_to_the_patient_of_that_tab(
    world: World, kofi
):
    """Two tabs, two patients, one session: the form says whose it is."""
    join(world.cast.amina, world)
    client = world.client("dana")
    tabs = []
    for patient in (world.cast.amina, kofi):
        path = reverse("patients:list_review", args=[patient.pk])
        tabs.append((patient, forms(client.get(path).content, path)[0]))
    for patient, form in tabs:
        before = set(ListReview.objects.values_list("pk", flat=True))
        assert client.post(form.action, form.fields).status_code == 302
        (new,) = ListReview.objects.exclude(pk__in=before)
        assert new.patient == patient
    said = repr(dict(client.session))
    assert str(kofi.pk) not in said and str(world.cast.amina.pk) not in said
