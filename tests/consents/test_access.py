"""Opening a patient: who, in which relation, for what; and what is logged of it."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from consents import actions, gate
from consents.access import Reading, open_for
from consents.codes import CATEGORIES, LABELS, Basis
from consents.models import AccessRefusal, Disclosure
from patients.models import Condition, Goal
from tests.cast import permit
from tests.patients import records
from tests.sweeps.requests import without_values


def reading(cast, who: str, entrance: str = "patients:chart") -> Reading:
    return Reading(user=cast.user(who), entrance=entrance)


def opened(cast, who: str, entrance: str = "patients:chart"):
    return open_for(reading(cast, who, entrance), cast.amina.pk, writes=False)


def condition(cast, **fields):
    fields = {"name": "panic disorder"} | fields
    at = fields.pop("at", cast.at)
    return records.item(Condition, cast.amina, "conditions", at, **fields)


@pytest.mark.parametrize(
    ("who", "relation", "purpose"),
    [
        ("amina", "patient", "PATRQT"),
        ("bram", "clinician", "TREAT"),
        ("chidi", "clinician", "TREAT"),
        ("jon", "clinician", "TREAT"),
        ("hana", "family", "FAMRQT"),
    ],
)
def test_the_relation_says_what_it_is_for(cast, who, relation, purpose):
    found = opened(cast, who)
    assert (found.relation, found.purpose) == (relation, purpose)
    assert found.patient == cast.amina


@pytest.mark.parametrize("who", ["dana", "edo", "fatou", "gus", "ines"])
def test_to_a_stranger_the_patient_is_absent(cast, who):
    asked = reading(cast, who)
    with pytest.raises(Http404):
        open_for(asked, cast.amina.pk, writes=False)
    assert asked.refused == {cast.amina.pk}


@pytest.mark.security("T05", "T28")
@pytest.mark.parametrize("who", ["dana", "edo", "fatou", "gus"])
@pytest.mark.parametrize("writes", [True, False])
def test_absent_and_forbidden_cost_the_same_statements(cast, who, writes):
    assert statements(cast, who, cast.amina.pk, writes) == statements(
        cast, who, uuid.uuid4(), writes
    )


def statements(cast, who: str, patient_id: uuid.UUID, writes: bool) -> list[str]:
    asked = reading(cast, who)
    with CaptureQueriesContext(connection) as queries:
        with pytest.raises(Http404), transaction.atomic():
            open_for(asked, patient_id, writes=writes)
        asked.write_refusals()
    return [without_values(query["sql"]) for query in queries]


@pytest.mark.parametrize(
    ("who", "entrance"),
    [
        ("bram", "consents:sharing"),
        ("hana", "messaging:updates"),
        ("amina", "messaging:update_new"),
        ("bram", "no:such_entrance"),
        ("amina", ""),
    ],
)
def test_a_door_that_is_not_yours_is_absent(cast, who, entrance):
    with pytest.raises(Http404):
        opened(cast, who, entrance)


def test_a_guardian_row_without_membership_opens_nothing(cast):
    from guardian.shortcuts import assign_perm

    assign_perm("patients.on_care_team", cast.user("dana"), cast.amina)
    with pytest.raises(Http404):
        opened(cast, "dana")


@pytest.mark.security("T31")
def test_a_superuser_with_every_permission_opens_nothing(cast):
    from guardian.shortcuts import assign_perm

    assign_perm("patients.on_care_team", cast.edo, cast.amina)
    assign_perm("patients.on_care_team", cast.edo)
    with pytest.raises(Http404):
        opened(cast, "edo")


# Items --------------------------------------------------------------------------


def test_what_is_shown_is_logged_with_what_it_rests_on(cast):
    item = condition(cast)
    goal = records.item(Goal, cast.amina, "goals", cast.at, what="sleep")
    found = opened(cast, "bram")
    found.items(Condition.objects.all())
    found.items(Goal.objects.all())
    (row,) = found.reading.write_disclosures()
    assert sorted(row.items) == sorted(
        [
            ["patients.condition", str(item.pk), 1],
            ["patients.goal", str(goal.pk), 1],
        ]
    )
    assert row.categories == CATEGORIES.mask("conditions", "goals")
    assert row.basis == Basis.CONSENT
    assert row.consents == [str(cast.amina_to_bram.pk)]
    assert (row.user, row.recipient) == (cast.user("bram"), cast.bram)
    assert row.epoch == gate.epoch_of(cast.amina.pk)


def test_each_consent_relied_on_is_named(cast):
    condition(cast)
    labelled = condition(cast, labels=LABELS["hiv"])
    second = permit(
        cast.amina,
        cast.bram,
        at=cast.at - timedelta(days=90),
        categories=CATEGORIES["conditions"],
        labels=LABELS["hiv"],
        ends_at=cast.at + timedelta(days=9),
    )
    found = opened(cast, "bram")
    assert labelled in found.items(Condition.objects.all())
    (row,) = found.reading.write_disclosures()
    assert set(row.consents) == {str(cast.amina_to_bram.pk), str(second.pk)}


def test_ones_own_text_is_logged_as_that(cast):
    condition(cast, author=cast.chidi)
    found = opened(cast, "chidi")
    found.items(Condition.objects.all())
    (row,) = found.reading.write_disclosures()
    assert (row.basis, row.consents) == (Basis.OWN_TEXT, [])


def test_the_patients_own_reading_is_logged_as_that(cast):
    condition(cast)
    found = opened(cast, "amina")
    found.items(Condition.objects.all())
    (row,) = found.reading.write_disclosures()
    assert (row.basis, row.relation) == (Basis.PATIENT, "patient")


def test_nothing_shown_is_nothing_logged(cast):
    condition(cast)
    found = opened(cast, "chidi")
    assert found.items(Condition.objects.all()) == []
    assert found.reading.write_disclosures() == []


def test_an_item_shown_twice_is_logged_once(cast):
    condition(cast)
    found = opened(cast, "bram")
    found.items(Condition.objects.all())
    found.items(Condition.objects.all())
    (row,) = found.reading.write_disclosures()
    assert len(row.items) == 1
    assert found.reading.write_disclosures() == []


def test_a_list_over_patients_is_one_row_for_each(cast):
    """Gus stopped sharing; his condition is Bram's own text."""
    condition(cast)
    records.item(Condition, cast.gus, "conditions", cast.at, name="x", author=cast.bram)
    asked = reading(cast, "bram")
    for patient in (cast.amina, cast.gus):
        open_for(asked, patient.pk, writes=False).items(Condition.objects.all())
    rows = asked.write_disclosures()
    assert [row.patient_id for row in rows] == sorted([cast.amina.pk, cast.gus.pk])
    assert {row.basis for row in rows} == {Basis.CONSENT, Basis.OWN_TEXT}


def test_what_was_entered_in_error_is_gone_for_everyone(cast):
    item = condition(cast)
    item.entered_in_error_at, item.entered_in_error_by = cast.at, cast.amina.user
    item.save()
    for who in ("amina", "bram"):
        assert opened(cast, who).items(Condition.objects.all()) == []


@pytest.mark.security("T03")
def test_items_of_another_patient_never_come_out(cast):
    records.item(Condition, cast.gus, "conditions", cast.at, name="x")
    assert opened(cast, "amina").items(Condition.objects.all()) == []


def test_one_item_that_is_not_shared_is_absent_and_noted(cast):
    item = condition(cast, labels=LABELS["hiv"])
    found = opened(cast, "bram")
    with pytest.raises(Http404):
        found.item(Condition.objects.all(), item.pk)
    found.reading.write_refusals()
    assert AccessRefusal.objects.get().user == cast.user("bram")


def test_a_patients_own_slip_is_not_a_refusal(cast):
    found = opened(cast, "amina")
    with pytest.raises(Http404):
        found.item(Condition.objects.all(), uuid.uuid4())
    found.reading.write_refusals()
    assert not AccessRefusal.objects.exists()


def test_what_a_role_may_not_do_is_absent(cast):
    found = opened(cast, "bram")
    found.require(found.role.prescribes)
    with pytest.raises(Http404):
        found.require(found.is_patient)


def test_a_file_that_was_not_handed_over_says_so(cast):
    condition(cast)
    found = opened(cast, "bram", "patients:summary_pdf")
    found.items(Condition.objects.all())
    rows = found.reading.write_disclosures()
    found.reading.not_delivered(rows)
    shown, failed = Disclosure.objects.order_by("seq")
    assert (shown.channel, shown.outcome) == ("pdf", "shown")
    assert (failed.outcome, failed.about, failed.items) == (
        "not_delivered",
        shown.pk,
        [],
    )


def test_one_reading_decides_at_one_instant(cast):
    asked = reading(cast, "bram")
    assert asked.at == asked.at
    assert open_for(asked, cast.amina.pk, writes=False).reader.at == asked.at


def test_a_reader_who_is_also_a_patient_is_logged_in_one_order(cast):
    """T15: two readers whose pages name two logs never wait for each other."""
    person = cast.user("gus")
    gus = cast.gus
    records.item(Condition, gus, "conditions", cast.at, name="own")
    condition(cast)
    from providers import actions as providers

    party = providers.add_related_person(
        patient=cast.amina, name="Gus", relationship="SIB", user=person
    ).party
    actions.join(
        patient=cast.amina,
        party=party,
        role="caregiver",
        by=cast.amina.user,
        at=cast.at,
    )
    permit(cast.amina, party, at=cast.at, purposes=4)
    asked = Reading(user=person, entrance="patients:chart")
    for patient in (gus, cast.amina):
        open_for(asked, patient.pk, writes=False).items(Condition.objects.all())
    rows = asked.write_disclosures()
    assert [row.patient_id for row in rows] == sorted([gus.pk, cast.amina.pk])
    assert {row.relation for row in rows} == {"patient", "family"}
