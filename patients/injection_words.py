"""What the label says of an injection that is due or late, in words.

Clinical wording: awaiting review (docs/wording-awaiting-review.md). For patient and
team the same: "whoever gives it" is a clinic for the one, a colleague for the other.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from patients.codes import MedicineStatus
from patients.dosage import date_text, next_due
from patients.medicine_knowledge.long_acting import Injection, injection_of
from patients.models import MedicationStatement

ONE_DAY = timedelta(days=1)


def injection_words(item: MedicationStatement, *, on: date) -> str:
    """From the day before it is due; empty for everything else."""
    found = _due(item, on=on)
    if found is None:
        return ""
    known, due = found
    said = _said(known, last=item.dosage.last_given_date, is_late=due < on, on=on)
    if not said:
        return ""
    return " ".join(part for part in (said, known.note, _source(known)) if part)


def injection_short(item: MedicationStatement, *, on: date) -> str:
    """The same in one sentence, for paper; its source stands in the app."""
    found = _due(item, on=on)
    if found is None:
        return ""
    known, due = found
    last = item.dosage.last_given_date
    day = known.last_day(last) if last else None
    if day is None:
        late = _("Late by its rhythm. Ask whoever gives it before the next one.")
        return late if due < on else ""
    if on <= day:
        return _("Label: can simply be given until %(day)s.") % {"day": date_text(day)}
    return _(
        "LATE: by the label it could simply be given until %(day)s. Ask before the "
        "next one."
    ) % {"day": date_text(day)}


def late_since(item: MedicationStatement, *, on: date) -> date | None:
    """The day on which an injection was due, where that day has passed."""
    found = _due(item, on=on)
    return found[1] if found and found[1] < on else None


def _due(item: MedicationStatement, *, on: date) -> tuple[Injection, date] | None:
    """What is known of an injection, and its day, from the day before it is due."""
    due = next_due(item.dosage)
    if item.status != MedicineStatus.ACTIVE or due is None or due > on + ONE_DAY:
        return None
    known = injection_of(item.name, item.brand, item.dosage)
    return (known, due) if known else None


def _said(known: Injection, *, last: date | None, is_late: bool, on: date) -> str:
    what = {"product": known.product}
    if not known.until:
        return _without_day(known) % what if is_late else ""
    day = known.last_day(last) if last else None
    if day is None:
        return (
            _(
                "The label of %(product)s counts from the last injection. Enter its "
                "day, and ask whoever gives it."
            )
            % what
        )
    what["day"] = date_text(day)
    if on <= day:
        return (
            _(
                "The label of %(product)s: it can simply be given until %(day)s. "
                "After that, ask whoever gives it before the next one."
            )
            % what
        )
    return (
        _(
            "The label of %(product)s: it could simply be given until %(day)s. More "
            "may be needed now. Ask whoever gives it before the next one."
        )
        % what
    )


def _without_day(known: Injection) -> str:
    if known.late == "soon":
        return _(
            "The label of %(product)s: a missed one is given as soon as possible. "
            "Call whoever gives it today."
        )
    return _(
        "The label of %(product)s names no day until which it can simply be given. "
        "Call whoever gives it, and ask before the next one."
    )


def _source(known: Injection) -> str:
    source = ", ".join(part for part in (known.source, known.source_date) if part)
    if known.checked:
        return _("Source: %s.") % source
    return _("Source: %s. Not compared with the source yet.") % source
