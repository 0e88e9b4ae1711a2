"""The one sentence of a dose, by its schedule."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from patients.dosage.words import (
    as_needed_text,
    count_missing_text,
    dose_text,
    due_text,
    every_text,
    limits,
    now_text,
    sentence,
    steps_text,
    times_text,
    week_text,
    when_daily_text,
)
from patients.safe_text import safe

if TYPE_CHECKING:
    from patients.dosage.dose import Dosage


def line(dosage: Dosage, *, on: date | None) -> str:
    """The whole sentence, by schedule."""
    lines = {
        "daily": _daily_line,
        "as_needed": _as_needed_line,
        "interval": _interval_line,
        "week": _week_line,
    }
    if dosage.schedule == "steps":
        return _steps_line(dosage, on=on)
    return lines.get(dosage.schedule, _other_line)(dosage)


def _daily_line(dosage: Dosage) -> str:
    dose = times_text(dosage, dosage)
    if not dose:
        dose = f"{dose_text(dosage, None)}, {when_daily_text(dosage)}"
    total = dosage.a_day_text
    return " ".join(part for part in (f"{dose}.", sentence(total)) if part)


def _as_needed_line(dosage: Dosage) -> str:
    known, missing = limits(dosage)
    dose = f"{dose_text(dosage, dosage.count)} {as_needed_text(dosage)}"
    return " ".join([", ".join([dose, *known]) + ".", *missing])


def _interval_line(dosage: Dosage) -> str:
    dose = dose_text(dosage, dosage.count)
    return f"{dose}, {every_text(dosage)}. {due_text(dosage)}."


def _week_line(dosage: Dosage) -> str:
    return sentence(week_text(dosage))


def _steps_line(dosage: Dosage, *, on: date | None) -> str:
    now = now_text(dosage, on=on) if on else ""
    plan = f"{steps_text(dosage)}."
    return f"{plan} {now}." if now else plan


def _other_line(dosage: Dosage) -> str:
    text = safe(dosage.other.strip()) or _("how to take it not recorded")
    if not dosage.count:
        known = dosage.strength is not None
        return f"{count_missing_text(dosage)}. " * known + sentence(text)
    dose = _("%(dose)s each time") % {"dose": dose_text(dosage, dosage.count)}
    return f"{dose}. {sentence(text)}"
