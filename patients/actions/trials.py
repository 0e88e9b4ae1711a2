"""What was tried before: dose reached, how long, effect, why it stopped."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from patients import medicine_words as words
from patients import side_effect_words
from patients.actions.medicine_terms import Outcome, Why
from patients.codes import Change, ChangeReason, DatePrecision, Helped
from patients.models import CheckIn, MedicationStatement, MedicineTrial, SideEffect

LONGEST_DOSE = 100
# An answer to "helped or hurt?", as the effect of a medicine tried before.
EFFECTS = {
    Helped.HELPED: "helped",
    Helped.NO_CHANGE: "did not help",
    Helped.WORSE: "made things worse",
    Helped.UNSURE: "",
}


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
        dose_reached=(outcome.dose_reached or dose_reached(item))[:LONGEST_DOSE],
        weeks=weeks_taken(item, why.day) if outcome.weeks is None else outcome.weeks,
        year=why.day.year if why.day else at.year,
        effect=_effect(item, outcome),
        why_stopped=", ".join(part for part in (reason, why.note) if part),
        dangerous=outcome.dangerous,
    )
    trial._history_user, trial._history_date = by, at
    trial.save()
    return trial


def _effect(item: MedicationStatement, outcome: Outcome) -> str:
    """What it did, and the side effects that mattered: all of them if nobody chose."""
    rows = (
        SideEffect.objects.standing().filter(medicine=item).select_related("medicine")
    )
    if outcome.mattered is not None:
        rows = rows.filter(pk__in=outcome.mattered)
    found = [side_effect_words.short(row) for row in rows.order_by("occurred_at", "pk")]
    if not found:
        return outcome.effect
    said = _("Side effects: %(what)s") % {"what": ", ".join(dict.fromkeys(found))}
    return f"{outcome.effect.rstrip('.')}. {said}" if outcome.effect else said


def dose_reached(item: MedicationStatement) -> str:
    """The dose of the line, as it stands among what was tried before."""
    return words.amount_short(item.dosage)[:LONGEST_DOSE]


def weeks_taken(item: MedicationStatement, until: date | None) -> int | None:
    """Whole weeks from start to stop; unknown unless both are known to the month."""
    exact = {DatePrecision.DAY, DatePrecision.MONTH}
    if not (item.started_date and until) or item.started_precision not in exact:
        return None
    days = (until - item.started_date).days
    return days // 7 if days >= 0 else None


def proposed(item: MedicationStatement) -> Outcome:
    """What the patient's last answer about this medicine says of how it did (S22)."""
    last = (
        CheckIn.objects.standing()
        .filter(
            patient_id=item.patient_id,
            lineage=item.lineage,
            change__what__in=[Change.STARTED, Change.DOSE],
            change__entered_in_error_at=None,
        )
        .order_by("-occurred_at", "-pk")
        .first()
    )
    if last is None:
        return Outcome()
    mattered = tuple(last.mattered) or None
    return Outcome(effect=EFFECTS[Helped(last.helped)], mattered=mattered)


@transaction.atomic
def take_back(*, item: MedicationStatement, by: User, at: datetime) -> None:
    """The newest trial of a line was recorded by mistake: the stop was undone."""
    newest = (
        MedicineTrial.objects.standing()
        .filter(statement=item)
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if newest:
        newest.entered_in_error_at, newest.entered_in_error_by = at, by
        newest._history_user, newest._history_date = by, at
        newest.save()
