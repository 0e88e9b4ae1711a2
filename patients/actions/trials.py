"""What was tried before: dose reached, how long, effect, why it stopped."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from patients import medicine_words as words
from patients import side_effect_words
from patients.actions.medicine_terms import Outcome, Why
from patients.codes import ChangeReason, DatePrecision
from patients.models import MedicationStatement, MedicineTrial, SideEffect

LONGEST_DOSE = 100


@transaction.atomic
def tried(
    *,
    item: MedicationStatement,
    why: Why,
    outcome: Outcome,
    by: User,
    at: datetime,
) -> MedicineTrial:
    """The trial that a stopped line becomes. It carries the lineage of the line."""
    reason = ChangeReason(why.reason).label if why.reason else ""
    trial = MedicineTrial(
        patient=item.patient,
        statement=item,
        categories=item.categories,
        labels=item.labels,
        part2_origin=item.part2_origin,
        lineage=item.lineage,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        name=item.name,
        dose_reached=words.amount_short(item.dosage)[:LONGEST_DOSE],
        weeks=_weeks(item, why),
        year=why.day.year if why.day else at.year,
        effect=_effect(item, outcome),
        why_stopped=", ".join(part for part in (reason, why.note) if part),
        dangerous=outcome.dangerous,
    )
    trial._history_user, trial._history_date = by, at
    trial.save()
    return trial


def _effect(item: MedicationStatement, outcome: Outcome) -> str:
    """What it did, and the side effects that were entered while it was taken."""
    rows = (
        SideEffect.objects.standing().filter(medicine=item).select_related("medicine")
    )
    found = [side_effect_words.short(row) for row in rows.order_by("occurred_at", "pk")]
    if not found:
        return outcome.effect
    said = _("Side effects: %(what)s") % {"what": ", ".join(dict.fromkeys(found))}
    return f"{outcome.effect.rstrip('.')}. {said}" if outcome.effect else said


def _weeks(item: MedicationStatement, why: Why) -> int | None:
    """Whole weeks from start to stop; unknown unless both are known to the month."""
    exact = {DatePrecision.DAY, DatePrecision.MONTH}
    if not (item.started_date and why.day) or item.started_precision not in exact:
        return None
    days = (why.day - item.started_date).days
    return days // 7 if days >= 0 else None


@transaction.atomic
def take_back(*, item: MedicationStatement, by: User, at: datetime) -> None:
    """The newest trial of a line was recorded by mistake: the stop was undone."""
    newest = (
        MedicineTrial.objects.standing()
        .filter(statement=item)
        .order_by("-recorded_at")
        .first()
    )
    if newest:
        newest.entered_in_error_at, newest.entered_in_error_by = at, by
        newest._history_user, newest._history_date = by, at
        newest.save()
