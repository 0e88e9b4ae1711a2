"""Proposals: the patient adds each, nothing merges, and nobody else sees them."""

import pytest

from consents.disclosable import registry
from patients.actions import allergies, imports
from patients.actions.imports import ImportRefused
from patients.codes import Comparison, MedicineStatus, ProposalState
from patients.models import (
    AllergyAssertion,
    AllergyIntolerance,
    Condition,
    ImportedItem,
    ImportFile,
    MedicationStatement,
    TimelineEvent,
)
from patients.proposals import Kind
from providers.models import CareTeamParticipant
from tests.patients.fhir.files import statement
from tests.patients.imported import (
    accept,
    allergy,
    condition,
    daily,
    kept,
    look,
    mark_of,
    no_known,
    on_list,
    only,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


# What is done with proposals -------------------------------------------------------


def test_a_new_medicine_becomes_the_patients_own_line(cast):
    item = only(kept(cast, daily()))
    line = accept(item, cast)
    assert (line.name, line.status, line.author) == ("sertraline", "active", None)
    assert line.dosage.line.startswith("50")
    assert TimelineEvent.objects.filter(about=line.pk).count() == 1
    item.refresh_from_db()
    assert item.state == ProposalState.ACCEPTED
    assert item.lineage == line.lineage


def test_nothing_is_added_twice(cast):
    item = only(kept(cast, daily()))
    accept(item, cast)
    with pytest.raises(ImportRefused):
        accept(ImportedItem.objects.get(pk=item.pk), cast)
    assert MedicationStatement.objects.count() == 1


def test_the_same_and_the_different_stay_beside_the_list(cast):
    line = on_list(cast)
    file = kept(cast, daily(50, id="same"), daily(100, id="other"))
    found = {item.comparison: item for item in file.items.all()}
    assert found[Comparison.SAME].beside == line.pk
    assert "Your list says" in found[Comparison.DIFFERENT].difference
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 0
    assert MedicationStatement.objects.get() == line


def test_the_patient_can_put_the_dose_of_the_file_on_the_line(cast):
    line = on_list(cast)
    accept(only(kept(cast, daily(100))), cast, changes_line=mark_of(line))
    line.refresh_from_db()
    assert line.strength == 100
    assert line.version == 2
    assert MedicationStatement.objects.count() == 1


def test_what_ended_comes_in_as_stopped_and_never_stood_as_taken(cast):
    ended = {"start": "2024-01-05", "end": "2024-06-30"}
    line = accept(
        only(kept(cast, daily(status="completed", effectivePeriod=ended))), cast
    )
    assert line.status == MedicineStatus.STOPPED
    assert str(line.stopped_date) == "2024-06-30"
    assert [version.status for version in line.history.all()] == ["stopped"]
    assert TimelineEvent.objects.get(about=line.pk).kind == "medicine_stopped"


def test_an_entry_made_in_error_is_shown_and_can_never_be_added(cast, client):
    item = only(kept(cast, daily(status="entered-in-error")))
    assert item.never_active
    with pytest.raises(ImportRefused):
        accept(item, cast)
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    page = look(client, cast, item.file)
    assert "The file says that this was entered by mistake." in page
    assert "Cannot be added (1)" in page
    assert "I take this" not in page


def test_an_unknown_status_is_asked_and_not_guessed(cast):
    item = only(kept(cast, daily(status="unknown")))
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    with pytest.raises(ImportRefused, match="whether you take it"):
        accept(item, cast)
    assert accept(item, cast, status=MedicineStatus.INTENDED).status == "intended"


def test_a_medicine_that_tells_is_never_added_by_the_click_on_all(cast):
    naltrexone = statement(medicationCodeableConcept={"text": "naltrexone 50 MG"})
    item = only(kept(cast, naltrexone))
    assert item.labels
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    assert accept(item, cast, labels=item.labels).labels == item.labels


def test_allergies_and_diagnoses_come_in_and_an_allergy_never_twice(cast):
    file = kept(cast, allergy(), condition(), allergy(id="a2"))
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 2
    assert AllergyIntolerance.objects.get().reaction == "hives"
    assert Condition.objects.get().name == "asthma"
    left = imports.waiting(file).get()
    with pytest.raises(ImportRefused, match="on your list already"):
        accept(left, cast)


def test_no_known_allergies_is_said_by_the_patient_and_not_by_a_click_on_all(cast):
    item = only(kept(cast, no_known()), Kind.NO_ALLERGIES)
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    accept(item, cast)
    assert AllergyAssertion.objects.filter(ended_at=None).count() == 1


def test_no_known_allergies_never_stands_beside_an_allergy(cast):
    allergies.add(
        patient=cast.amina,
        reaction=allergies.Reaction("penicillin"),
        by=cast.amina.user,
        at=cast.at,
    )
    item = only(kept(cast, no_known()), Kind.NO_ALLERGIES)
    assert item.comparison == Comparison.DIFFERENT
    with pytest.raises(ImportRefused, match="Your list has an allergy"):
        accept(item, cast)
    item.refresh_from_db()
    assert item.state == ProposalState.WAITING
    assert not AllergyAssertion.objects.exists()


def test_a_name_too_long_for_the_list_is_not_cut(cast):
    name = "a" + "b" * 230
    item = only(kept(cast, statement(medicationCodeableConcept={"text": name})))
    with pytest.raises(ImportRefused, match="Add it by hand"):
        accept(item, cast)
    assert not MedicationStatement.objects.exists()


def test_one_click_adds_a_hundred_at_most(cast):
    many = [
        condition(id=str(number), code={"text": f"thing {number}"})
        for number in range(120)
    ]
    file = kept(cast, *many)
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 100
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 20


def test_what_is_too_long_or_has_no_name_is_never_added_by_the_click_on_all(
    client, cast
):
    code = {"system": "http://hl7.org/fhir/sid/ndc", "code": "55513003201"}
    story = condition(code={"text": "a long story " * 20})
    nameless = statement(medicationCodeableConcept={"coding": [code]})
    file = kept(cast, nameless, story)
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 0
    page = look(client, cast, file)
    assert "Cannot be added (1)" in page
    assert "Add it by hand." in page
    assert "Look and decide" in page


# Who sees it -------------------------------------------------------------------------


def test_proposals_are_seen_by_the_patient_alone(cast, client):
    file = kept(cast, daily(), allergy())
    assert set(file.items.values_list("categories", flat=True)) == {0}
    assert ImportedItem in registry()
    base = f"/patients/{cast.amina.pk}/import/"
    for who in ("bram", "chidi", "jon", "hana", "dana", "gus", "edo", "ines"):
        client.force_login(cast.user(who))
        for address in (base, f"{base}{file.pk}/", f"{base}{file.pk}/{_first(file)}/"):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
    assert CareTeamParticipant.objects.filter(patient=cast.amina).exists()


def _first(file: ImportFile):
    return file.items.first().pk


def test_a_file_of_another_patient_is_not_there(cast, client):
    file = kept(cast, daily())
    client.force_login(cast.gus.user)
    address = f"/patients/{cast.gus.pk}/import/{file.pk}/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}all/").status_code == 404
    assert (
        client.post(f"{address}{_first(file)}/", {"answer": "add"}).status_code == 404
    )
    assert not MedicationStatement.objects.exists()
