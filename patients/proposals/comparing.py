"""New, the same, or different from what stands: in sentences for the person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patients.codes import Comparison, ConditionStatus, MedicineStatus
from patients.fhir import (
    ImportedAllergy,
    ImportedCondition,
    ImportedMedicine,
    NoneStatement,
    compare,
)
from patients.proposals.content import Imported
from patients.proposals.standing import Listed, Named, Standing

# FHIR Condition.clinicalStatus as the record holds it.
STATUS = {
    "active": ConditionStatus.ACTIVE,
    "recurrence": ConditionStatus.ACTIVE,
    "relapse": ConditionStatus.ACTIVE,
    "remission": ConditionStatus.REMISSION,
    "inactive": ConditionStatus.RESOLVED,
    "resolved": ConditionStatus.RESOLVED,
}


@dataclass(frozen=True)
class Compared:
    result: str = Comparison.NEW
    beside: uuid.UUID | None = None
    difference: str = ""


def compare_again(imported: Imported, standing: Standing) -> Compared:
    """How it stands beside the record now."""
    if isinstance(imported, ImportedMedicine):
        return _medicine(imported, standing)
    if isinstance(imported, NoneStatement):
        return _none(standing)
    if imported.is_no_known or imported.is_no_information:
        return _none(standing)
    if isinstance(imported, ImportedAllergy):
        return _allergy(imported, standing.allergies)
    return _condition(imported, standing.conditions)


def _medicine(imported: ImportedMedicine, standing: Standing) -> Compared:
    found = compare(imported, standing.medicines)
    return Compared(
        found.result,
        found.line.id if found.line else None,
        " ".join(found.differences),
    )


# Only what is taken has a dose to take over; "unknown" is the person's to judge.
DOSES_COUNT = ("active", "unknown")
ENDED = ("completed", "stopped", "not-taken")
STANDS = (MedicineStatus.ACTIVE, MedicineStatus.ON_HOLD)


def line_to_change(imported: Imported, standing: Standing) -> Listed | None:
    """The line whose dose the file says otherwise, where both are taken now.

    Nothing that was stopped, here or in the file, changes a dose or starts again.
    """
    if not isinstance(imported, ImportedMedicine) or imported.never_active:
        return None
    found = compare(imported, standing.medicines)
    line = found.line if found.result == Comparison.DIFFERENT else None
    if line is None or imported.status not in DOSES_COUNT:
        return None
    listed = next(one for one in standing.medicines if one.id == line.id)
    return listed if listed.status == MedicineStatus.ACTIVE else None


def line_to_stop(imported: Imported, standing: Standing) -> Listed | None:
    """The line that stands as taken or on hold, where the file says it was stopped.

    To add it to what was stopped would leave that line as it is, and the medicine
    would stand in both places.
    """
    if not isinstance(imported, ImportedMedicine) or imported.never_active:
        return None
    if imported.status not in ENDED:
        return None
    found = compare(imported, standing.medicines)
    lines = [
        one for one in standing.medicines if found.line and one.id == found.line.id
    ]
    return next((one for one in lines if one.status in STANDS), None)


def _none(standing: Standing) -> Compared:
    count = len(standing.allergies)
    if count:
        said = ngettext(
            "Your list has %(n)s allergy.", "Your list has %(n)s allergies.", count
        )
        return Compared(Comparison.DIFFERENT, None, said % {"n": count})
    same = standing.states_no_allergies
    return Compared(Comparison.SAME if same else Comparison.NEW)


def _allergy(imported: ImportedAllergy, standing: Iterable[Named]) -> Compared:
    same = _find(imported.substance, standing)
    if same is None:
        return Compared()
    said = ", ".join(imported.reactions)
    if not said or plain(said) == plain(same.detail):
        return Compared(Comparison.SAME, same.id)
    ours = same.detail or _("no reaction")
    words = _("Your list says %(ours)s. The file says %(theirs)s.")
    return Compared(
        Comparison.DIFFERENT, same.id, words % {"ours": ours, "theirs": said}
    )


def _condition(imported: ImportedCondition, standing: Iterable[Named]) -> Compared:
    same = _find(imported.name, standing)
    if same is None:
        return Compared()
    status = status_of(imported)
    if same.detail == status:
        return Compared(Comparison.SAME, same.id)
    words = _("Your list says “%(ours)s”. The file says “%(theirs)s”.")
    theirs = ConditionStatus(status).label
    return Compared(
        Comparison.DIFFERENT,
        same.id,
        words % {"ours": ConditionStatus(same.detail).label, "theirs": theirs},
    )


def status_of(imported: ImportedCondition) -> str:
    """What the file says, "now" where it does not say that it is over."""
    default = (
        ConditionStatus.RESOLVED if imported.ended_date else ConditionStatus.ACTIVE
    )
    return STATUS.get(imported.clinical_status, default)


def _find(name: str, standing: Iterable[Named]) -> Named | None:
    wanted = plain(name)
    return next((one for one in standing if plain(one.name) == wanted), None)


def plain(text: str) -> str:
    return " ".join(text.split()).casefold()
