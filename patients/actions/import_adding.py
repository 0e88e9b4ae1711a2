"""What one proposal becomes when it is accepted: an item of the patient's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES, LABELS
from consents.disclosable import Disclosable
from patients.actions import allergies, medicines, record
from patients.actions.labels import add_marks
from patients.actions.medicine_terms import Keep, Why
from patients.codes import MedicineStatus
from patients.models import (
    AllergyAssertion,
    AllergyIntolerance,
    Condition,
    ImportedItem,
    MedicationStatement,
    Patient,
)
from patients.proposals import Kind, Listed, Standing, line_to_change
from patients.proposals.content import (
    ImportedAllergy,
    ImportedCondition,
    ImportedMedicine,
    decode_as,
)
from patients.proposals.fitting import (
    condition_of,
    details_of,
    dosage_of,
    reaction_of,
    status_known,
    stopped_day,
)
from patients.proposals.standing import Named

SUBSTANCE = LABELS["substance_use"]


class ImportRefused(ValueError):
    """A proposal that can't be added; the message is for the person."""


@dataclass(frozen=True)
class Answer:
    """What the person says about one proposal.

    `labels` is the mask they chose. `status` is asked where the file does not say
    whether it is taken. `changes_line` is the mark of the line that was shown beside:
    the dose of the file goes on it, if it still stands so.
    """

    labels: int = 0
    status: str = ""
    changes_line: str = ""
    part2_origin: bool = False


def standing(patient: Patient) -> Standing:
    """What the record holds now. For comparing only: nothing of it is shown."""
    return Standing(
        medicines=tuple(
            Listed.of(line)
            for line in MedicationStatement.objects.standing().filter(patient=patient)
        ),
        allergies=tuple(
            Named(one.pk, one.substance, one.reaction)
            for one in AllergyIntolerance.objects.standing().filter(patient=patient)
        ),
        conditions=tuple(
            Named(one.pk, one.name, one.status)
            for one in Condition.objects.standing().filter(patient=patient)
        ),
        states_no_allergies=AllergyAssertion.objects.standing()
        .filter(patient=patient, ended_at=None)
        .exists(),
    )


def _add_medicine(
    item: ImportedItem, answer: Answer, by: User, at: datetime
) -> Disclosable:
    medicine = decode_as(ImportedMedicine, item.content)
    if answer.changes_line:
        return _change_line(item, medicine, answer, by, at)
    status = answer.status or status_known(medicine)
    if not status:
        raise ImportRefused(_("Say whether you take it now."))
    is_over = status == MedicineStatus.STOPPED
    return medicines.add(
        patient=item.patient,
        details=details_of(medicine),
        dosage=dosage_of(medicine),
        by=by,
        at=at,
        labels=answer.labels,
        part2_origin=answer.part2_origin,
        status=status,
        stopped_date=stopped_day(medicine) if is_over else None,
    ).item


def _change_line(
    item: ImportedItem,
    medicine: ImportedMedicine,
    answer: Answer,
    by: User,
    at: datetime,
) -> Disclosable:
    """The dose of the file on the line that was shown, as any other change of dose."""
    gate.lock(item.patient_id)
    line = line_to_change(medicine, standing(item.patient))
    if line is None:
        raise ImportRefused(_("No line on your list takes this dose. Add it as new."))
    if line.mark != answer.changes_line:
        raise ImportRefused(
            _("Your list changed since you opened this page. Look at both again.")
        )
    lines = MedicationStatement.objects.select_related("patient", "prescriber")
    listed = lines.get(pk=line.id)
    if answer.part2_origin:
        add_marks(item=listed, labels=SUBSTANCE, part2_origin=True, by=by, at=at)
    return medicines.change_dose(
        item=listed,
        version=line.version,
        dosage=dosage_of(medicine),
        why=Why(note=_("as a file from elsewhere says")),
        by=by,
        at=at,
    ).item


def _add_allergy(
    item: ImportedItem, answer: Answer, by: User, at: datetime
) -> Disclosable:
    return allergies.add(
        patient=item.patient,
        reaction=reaction_of(decode_as(ImportedAllergy, item.content)),
        labels=answer.labels,
        part2_origin=answer.part2_origin,
        by=by,
        at=at,
    ).item


def _add_condition(
    item: ImportedItem, answer: Answer, by: User, at: datetime
) -> Disclosable:
    return record.add(
        patient=item.patient,
        model=Condition,
        key=uuid.uuid4(),
        categories=CATEGORIES["conditions"],
        labels=answer.labels,
        part2_origin=answer.part2_origin,
        keep=Keep(),
        by=by,
        at=at,
        columns=condition_of(decode_as(ImportedCondition, item.content)),
    )


def _state_no_allergies(
    item: ImportedItem, answer: Answer, by: User, at: datetime
) -> Disclosable:
    return allergies.state_none(patient=item.patient, by=by, at=at)


ADD: dict[str, Callable[[ImportedItem, Answer, User, datetime], Disclosable]] = {
    Kind.MEDICINE: _add_medicine,
    Kind.ALLERGY: _add_allergy,
    Kind.CONDITION: _add_condition,
    Kind.NO_ALLERGIES: _state_no_allergies,
}
