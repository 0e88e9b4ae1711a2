"""The sentences a dose is printed with. Each says how much, and when, together.

A dose that is not taken every day never gets an amount "a day" and never sits in the
four time boxes: a monthly injection read as a daily one kills.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from patients.dosage.amounts import (
    LIQUIDS,
    NBSP,
    Amount,
    count_text,
    normalise_form,
    normalise_unit,
    number_text,
)
from patients.dosage.calendar import next_due
from patients.dosage.days import day_names
from patients.safe_text import safe

if TYPE_CHECKING:
    from patients.dosage.days import DayDose
    from patients.dosage.dose import Dosage, DoseStep

# What a patch gives off in a time is not an amount in a volume.
RATE = re.compile(r"(?:\d+ )?(?:hour|hours|day|days)")


def date_text(day: date, *, year: bool = True) -> str:
    """A date in words, so that 11/3 is never March in one country: `Nov 3, 2026`."""
    pattern = (
        pgettext("date format", "M j, Y") if year else pgettext("date format", "M j")
    )
    return date_format(day, pattern)


def _timed(
    counts: Sequence[Decimal | None],
) -> list[tuple[str, Decimal]]:
    pairs = zip(time_words(), counts, strict=True)
    return [(word, count) for word, count in pairs if count]


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {
        "first": ", ".join(parts[:-1]),
        "last": parts[-1],
    }


def sentence(text: str) -> str:
    """The text with a capital letter and one full stop."""
    text = text.strip()
    if not text:
        return ""
    # A unit keeps its case; only words begin a sentence with a capital.
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def amount_of(dosage: Dosage, count: Decimal | None) -> Amount | None:
    """The exact amount in so many of the form; None where it cannot be said."""
    unit, form = normalise_unit(dosage.unit), normalise_form(dosage.form)
    if not count or not unit or unit == "%":
        return None
    head, per, rest = unit.partition(" per ")
    if per and not RATE.fullmatch(rest):
        return _amount_in_volume(dosage, count=count, unit=head, volume=rest)
    if dosage.strength is not None:
        return Amount(dosage.strength * count, unit)
    if not form or (form in LIQUIDS and unit == "mL"):
        return Amount(count, unit)
    return None


def _amount_in_volume(
    dosage: Dosage, *, count: Decimal, unit: str, volume: str
) -> Amount | None:
    """10 mL of 8 mEq per 5 mL is 16 mEq; None unless it comes out exactly."""
    number, _space, measure = volume.rpartition(" ")
    if dosage.strength is None or measure != "mL":
        return None
    if normalise_form(dosage.form) not in LIQUIDS:
        return None
    millilitres = Decimal(number or 1)
    value = dosage.strength * count / millilitres if millilitres else None
    if value is None or value * millilitres != dosage.strength * count:
        return None
    return Amount(value, unit)


def dose_text(dosage: Dosage, count: Decimal | None) -> str:
    """The amount and what to take for it: `25 mg (1 tablet)`."""
    if not count:
        return count_missing_text(dosage)
    pieces = pieces_text(dosage, count)
    amount = amount_of(dosage, count)
    if amount is not None:
        same = not pieces or pieces == amount.text
        return amount.text if same else f"{amount.text} ({pieces})"
    if dosage.strength is not None:
        return _("%(pieces)s (%(strength)s)") % {
            "pieces": pieces,
            "strength": strength_text(dosage),
        }
    return pieces if is_clear(dosage) else _("amount not clear, check the label")


def is_clear(dosage: Dosage) -> bool:
    """False for a unit without a number: ten units or ten injections? Never guess."""
    if dosage.strength is not None or not normalise_unit(dosage.unit):
        return True
    return amount_of(dosage, Decimal(1)) is not None


def strength_text(dosage: Dosage) -> str:
    """The strength where it gives no amount: `0.05% strength`, `50 mg per mL`."""
    unit = normalise_unit(dosage.unit)
    if dosage.strength is None or not unit:
        return _("strength not clear, check the label")
    text = Amount(dosage.strength, unit).text
    return _("%(strength)s strength") % {"strength": text}


def count_missing_text(dosage: Dosage) -> str:
    unit = normalise_unit(dosage.unit)
    form = normalise_form(dosage.form)
    if dosage.strength is None or not unit:
        return _("amount not recorded")
    strength = Amount(dosage.strength, unit).text
    return _("%(medicine)s, how many each time not recorded") % {
        "medicine": f"{strength} {form}".strip()
    }


def pieces_text(dosage: Dosage, count: Decimal) -> str:
    """What to count out: `2 tablets`, `5 mL`; empty where only the amount is known."""
    form = normalise_form(dosage.form)
    if not form and amount_of(dosage, count) is not None:
        return ""
    if form in LIQUIDS and normalise_unit(dosage.unit) == "mL":
        return ""
    return count_text(count, form)


def box_text(dosage: Dosage, count: Decimal | None) -> str:
    """One of the four time boxes: `1 tablet`, `half tablet`, `` for nothing."""
    if not count:
        return ""
    if not is_clear(dosage):
        return _("not clear")
    amount = amount_of(dosage, count)
    return pieces_text(dosage, count) or (amount.text if amount else "")


def times_text(dosage: Dosage, taken: Dosage | DoseStep | DayDose) -> str:
    """Each amount with its time of day, for a day or for a step of a plan."""
    counts = taken.counts
    given = _timed(counts)
    if not given:
        return ""
    if len(given) > 1 and len({count for _word, count in given}) == 1:
        dose = dose_text(dosage, given[0][1])
        return _("%(dose)s each time, %(times)s") % {
            "dose": dose,
            "times": joined([word for word, _count in given]),
        }
    return joined([f"{dose_text(dosage, count)} {word}" for word, count in given])


def time_words() -> tuple[str, str, str, str]:
    """The four times of the Universal Medication Schedule, as said in a sentence."""
    return _("in the morning"), _("at noon"), _("in the evening"), _("at bedtime")


def every_text(dosage: Dosage) -> str:
    """`every 4 weeks`, `once a week`, `changed every 3 days` for a patch."""
    count, unit = dosage.every_count, dosage.every_unit
    if not count or unit not in {"day", "week", "month"}:
        return _("not every day, how often not recorded")
    words = _once_text(unit) if count == 1 else _gap_text(count, unit)
    if normalise_form(dosage.form) == "patch":
        return _("changed %(every)s") % {"every": words}
    return words


def _once_text(unit: str) -> str:
    return {
        "day": _("every day"),
        "week": _("once every week"),
        "month": _("once every month"),
    }[unit]


def _gap_text(count: int, unit: str) -> str:
    words = {
        "day": ngettext("every %(n)s day", "every %(n)s days", count),
        "week": ngettext("every %(n)s week", "every %(n)s weeks", count),
        "month": ngettext("every %(n)s month", "every %(n)s months", count),
    }[unit] % {"n": count}
    return words.replace(f"{count} ", f"{count}{NBSP}")


def due_text(dosage: Dosage) -> str:
    """`Last Nov 3, 2026, next due Dec 1, 2026`."""
    due = next_due(dosage)
    last = dosage.last_given_date
    if last and due:
        return _("Last %(last)s, next due %(due)s") % {
            "last": date_text(last),
            "due": date_text(due),
        }
    if due:
        return _("Next due %(due)s") % {"due": date_text(due)}
    if last:
        return _("Last %(last)s, next due not recorded") % {"last": date_text(last)}
    return _("Last dose and next dose not recorded")


def gap_text(hours: Decimal) -> str:
    """The smallest gap between two doses: `6 hours`, `30 minutes`."""
    minutes = hours * 60
    if hours < 1 and minutes == int(minutes):
        count = int(minutes)
        words = ngettext("%(n)s minute", "%(n)s minutes", count) % {"n": count}
    else:
        number = number_text(hours)
        plural = 1 if hours == 1 else 2
        words = ngettext("%(n)s hour", "%(n)s hours", plural) % {"n": number}
    return words.replace(" ", NBSP, 1)


def limits(dosage: Dosage) -> tuple[list[str], list[str]]:
    """For as-needed medicines: the limits that are known, and those that are not."""
    known, missing = [], []
    if dosage.min_gap_hours:
        gap = gap_text(dosage.min_gap_hours)
        known.append(_("at least %(gap)s apart") % {"gap": gap})
    else:
        missing.append(_("Shortest gap between doses not recorded."))
    if dosage.max_in_24_hours:
        known.append(most_text(dosage))
    else:
        missing.append(_("Most in 24 hours not recorded.").replace("24 ", f"24{NBSP}"))
    return known, missing


def most_text(dosage: Dosage) -> str:
    """`at most 2 capsules (50 mg) in 24 hours`; empty where it is not recorded."""
    most = dosage.max_in_24_hours
    if not most:
        return ""
    pieces, amount = pieces_text(dosage, most), amount_of(dosage, most)
    if amount is not None and pieces and pieces != amount.text:
        dose = f"{pieces} ({amount.text})"
    else:
        dose = dose_text(dosage, most)
    return _("at most %(dose)s in 24%(space)shours") % {"dose": dose, "space": NBSP}


def as_needed_text(dosage: Dosage) -> str:
    """`only when needed for sleep`."""
    typed = " ".join(dosage.as_needed_for.split()).rstrip(".")
    reason = safe(re.sub(r"^for ", "", typed, flags=re.IGNORECASE))
    if not reason:
        return _("only when needed, what for not recorded")
    if reason.lower().startswith("to "):
        return _("only when needed %(reason)s") % {"reason": reason}
    return _("only when needed for %(reason)s") % {"reason": reason}


def steps_text(dosage: Dosage) -> str:
    """Every step with its first day, in order of time."""
    parts, year = [], None
    for step in sorted(dosage.steps, key=lambda step: step.starts_date):
        start = date_text(step.starts_date, year=step.starts_date.year != year)
        year = step.starts_date.year
        parts.append(
            _("from %(start)s: %(dose)s")
            % {"start": start, "dose": step_text(dosage, step)}
        )
    return _("Step plan: %(steps)s") % {
        "steps": "; ".join(parts) or _("steps not recorded")
    }


def step_text(dosage: Dosage, step: DoseStep | DayDose) -> str:
    """One step. Its total is said for 24 hours of that step, never plainly "a day"."""
    times = times_text(dosage, step)
    if not times:
        return _("none, stop")
    total = amount_of(dosage, step.total)
    if total is None or " per " in total.unit or step.times_a_day == 1:
        return times
    return _("%(times)s, %(total)s in 24%(space)shours") % {
        "times": times,
        "total": total.text,
        "space": NBSP,
    }


def now_text(dosage: Dosage, *, on: date) -> str:
    """Where a step plan stands on a day, with the day it changes next."""
    later = [step for step in dosage.steps if step.starts_date > on]
    current = dosage.step_on(on)
    if current is None:
        if not later:
            return ""
        first = min(later, key=lambda step: step.starts_date)
        return _("Now: not started, first dose on %(start)s") % {
            "start": date_text(first.starts_date)
        }
    dose = step_text(dosage, current)
    if not later:
        return _("Now: %(dose)s (last step)") % {"dose": dose}
    change = min(step.starts_date for step in later)
    return _("Now: %(dose)s, until the next step on %(change)s") % {
        "dose": dose,
        "change": date_text(change),
    }


def week_text(dosage: Dosage) -> str:
    """`Monday and Friday: 50 mg (1 tablet) at bedtime; other days: none`."""
    parts = [
        _("%(days)s: %(dose)s")
        % {
            "days": days_text(dose.days),
            "dose": step_text(dosage, dose) if dose.total else _("none"),
        }
        for dose in sorted(dosage.days, key=lambda dose: not dose.days)
    ]
    if parts and all(dose.days for dose in dosage.days):
        parts.append(
            _("%(days)s: %(dose)s") % {"days": days_text(()), "dose": _("none")}
        )
    return "; ".join(parts) or _("days not recorded")


def days_text(days: Sequence[int]) -> str:
    """`Monday, Wednesday and Friday`; without a day `other days`."""
    names = day_names()
    return joined([names[day] for day in sorted(days)]) or _("other days")


def week_plan_text() -> str:
    """What stands where a time would stand: the amounts change with the day."""
    return _("by the day of the week")


def step_plan_text() -> str:
    """What stands where a time would stand: the amounts change by date."""
    return _("by the step plan")


def when_daily_text(dosage: Dosage) -> str:
    """`in the morning and at bedtime`."""
    given = [word for word, _count in _timed(dosage.counts)]
    return joined(given) or _("times of day not recorded")


def a_day_text(dosage: Dosage, *, amount: Amount | None, total: Decimal) -> str:
    """`75 mg a day`, or `3 tablets a day` where the label has no strength."""
    if not is_clear(dosage):
        return ""
    dose = amount.text if amount else count_text(total, dosage.form)
    return _("%(dose)s a day") % {"dose": dose}
