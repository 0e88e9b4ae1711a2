"""Loaders of changes with their windows, the answers, and what therapy does beside.

Decided here and shown, with its disclosure, only by whoever puts a row on a page.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from carecoord import zones
from consents import decisions
from consents.access import OpenPatient
from patients import change_windows
from patients.access import audience
from patients.change_windows import Clash
from patients.change_words import mattering, watch_text
from patients.codes import MedicineStatus
from patients.models import (
    CheckIn,
    MedicationStatement,
    MedicineChange,
    SideEffect,
    TherapyPhase,
)
from providers.roles import ROLES

# An answer stands beside its change for so long after the window.
ANSWER_SHOWN = change_windows.ASKED_FOR


@dataclass(frozen=True)
class Watched:
    """A change that counts now, with the patient's answer if there is one."""

    change: MedicineChange
    check_in: CheckIn | None = None
    mattered: Sequence[SideEffect] = ()


@dataclass(frozen=True)
class ChangeRows:
    """What one reader may see of changes and of therapy beside them."""

    watched: list[Watched] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


# What of a prescriber's entry may be under way: it waits for the patient's answer.
# Taken over, the change of the list stands for it; where the patient said "I take what
# my list says", nothing of it is there to be watched.
WAITING = {
    f"entry__{name}_at": None
    for name in ("adopted", "disagreed", "set_aside", "entered_in_error")
}


def standing_changes() -> QuerySet:
    """Changes that happened, of no mistaken line and not undone; entries that wait."""
    return (
        MedicineChange.objects.standing()
        .filter(Q(entry=None) | Q(**WAITING))
        .exclude(statement__status=MedicineStatus.ENTERED_IN_ERROR)
        .select_related("author")
        .order_by("recorded_at", "pk")
    )


def standing_phases() -> QuerySet:
    return TherapyPhase.objects.standing().order_by("recorded_at", "pk")


def today_of(opened: OpenPatient) -> date:
    return zones.today(opened.at, opened.patient.time_zone)


def load_change_rows(opened: OpenPatient) -> ChangeRows:
    """The windows that run, the answers, and what they meet in therapy."""
    day = today_of(opened)
    changes = _permitted(opened, standing_changes())
    phases = _permitted(opened, standing_phases())
    counting = change_windows.newest(changes)
    shown = [one for one in counting if _is_shown(one, day)]
    watched = _watched(opened, shown, _answers(opened, shown))
    found = change_windows.clashes(changes, phases, day=day)
    opened.show(_once([one.change for one in watched] + [one.change for one in found]))
    opened.show(_once([one.phase for one in found]))
    return ChangeRows(watched, found)


def load_changes_of(opened: OpenPatient, item: MedicationStatement) -> list[Watched]:
    """Every change of one line with a window, newest first, and what came of it."""
    rows = standing_changes().filter(statement=item, entry=None)
    changes = opened.items(rows.order_by("-recorded_at", "-pk"))
    answers = _answers(opened, changes)
    return [
        Watched(one, answers.get(one.pk))
        for one in changes
        if watch_text(one) or one.pk in answers
    ]


def _permitted(opened: OpenPatient, rows: QuerySet) -> list:
    return list(
        decisions.with_basis(rows.filter(patient_id=opened.patient.pk), opened.reader)
    )


def _is_shown(change: MedicineChange, day: date) -> bool:
    until = change.watch_until_date
    return until is not None and day <= until + ANSWER_SHOWN


def _answers(
    opened: OpenPatient, changes: Iterable[MedicineChange]
) -> dict[uuid.UUID, CheckIn]:
    rows = CheckIn.objects.filter(change__in=[one.pk for one in changes])
    rows = rows.select_related("recorded_by")
    return {row.change_id: row for row in opened.items(rows)}


def _watched(
    opened: OpenPatient,
    changes: Iterable[MedicineChange],
    answers: dict[uuid.UUID, CheckIn],
) -> list[Watched]:
    named = {pk for row in answers.values() for pk in row.mattered}
    effects = opened.items(
        SideEffect.objects.filter(pk__in=named)
        .select_related("medicine")
        .order_by("occurred_at", "pk")
    )
    day = today_of(opened)
    found = [
        Watched(one, answer, mattering(effects, answer) if answer else ())
        for one in changes
        if (answer := answers.get(one.pk)) or change_windows.runs_on(one, day)
    ]
    return sorted(found, key=lambda one: one.change.watch_until_date or day)


def _once(rows: list) -> list:
    return list({row.pk: row for row in rows}.values())


# For the patient, or whoever decides for them ---------------------------------------


def due_check_ins(opened: OpenPatient) -> list[MedicineChange]:
    """The changes about which one is asked now, the oldest first.

    Whoever acts for the patient is asked about what they may see, and no more.
    """
    opened.require(opened.decides("medications"))
    mine = _permitted(opened, standing_changes().filter(entry=None))
    found = _due(mine, opened.patient.pk, today_of(opened))
    opened.show(found)
    return found


def due_for(patient_id: uuid.UUID, day: date) -> list[MedicineChange]:
    """The same without a reader: for the sweep, which shows nothing."""
    # An entry is no change of the list: it ends no window before it is taken over.
    rows = standing_changes().filter(patient_id=patient_id, entry=None)
    return _due(rows, patient_id, day)


def _due(
    changes: Iterable[MedicineChange], patient_id: uuid.UUID, day: date
) -> list[MedicineChange]:
    answered = set(
        CheckIn.objects.standing()
        .filter(patient_id=patient_id)
        .values_list("change_id", flat=True)
    )
    return [
        one
        for one in change_windows.newest(changes)
        if change_windows.is_due(one, day, answered=one.pk in answered)
    ]


def load_own_change(opened: OpenPatient, pk: uuid.UUID) -> MedicineChange:
    """A change of the patient's own line, with a window to be asked about; or 404."""
    opened.require(opened.decides("medications"))
    rows = standing_changes().filter(entry=None, watch_until_date__isnull=False)
    return opened.item(rows.select_related("statement", "patient"), pk)


def load_check_in(opened: OpenPatient, change: MedicineChange) -> CheckIn | None:
    rows = CheckIn.objects.filter(change=change).select_related("change")
    return next(iter(opened.items(rows)), None)


def load_effects(opened: OpenPatient, lineage: uuid.UUID) -> list[SideEffect]:
    """Side effects of one medicine, oldest first."""
    rows = SideEffect.objects.filter(lineage=lineage).select_related("medicine")
    return opened.items(rows.order_by("occurred_at", "pk"))


def who_knows(opened: OpenPatient, clash: Clash) -> tuple[list[str], list[str]]:
    """Clinicians of the team who may see both sides of a clash, and who may not."""
    opened.require(opened.is_patient)
    know: list[str] = []
    do_not: list[str] = []
    for member, reader in audience.readers(opened):
        if ROLES[member.role].related:
            continue
        both = all(
            decisions.permitted(type(row).objects.filter(pk=row.pk), reader).exists()
            for row in (clash.change, clash.phase)
        )
        (know if both else do_not).append(member.party.name)
    return know, do_not
