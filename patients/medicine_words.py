"""A medicine in one phrase: for titles, tags, questions and messages."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from patients.dosage import Amount, Dosage, date_text
from patients.medicine_names import plain_name
from patients.models.medicines import Dosed
from patients.safe_text import safe

# Free words on how it is taken may be long; a title says that there are some.
LONGEST_WHEN = 80


def dose_short(dosage: Dosage) -> str:
    """`150 mg (1 tablet) at bedtime`; a step plan says where it begins and ends."""
    if dosage.schedule == "steps":
        return steps_short(dosage)
    if dosage.schedule == "week":
        return dosage.each_time_text
    when = dosage.when_text
    if dosage.schedule == "other" and len(when) > LONGEST_WHEN:
        when = _("on a schedule of its own")
    if dosage.schedule == "interval":
        when = f", {when}"
    elif when:
        when = f" {when}"
    if dosage.is_daily and len({count for count in dosage.counts if count}) > 1:
        return dosage.each_time_text
    if dosage.schedule == "other" and not dosage.count:
        return when.strip() or dosage.each_time_text
    return f"{dosage.each_time_text}{when}"


def steps_short(dosage: Dosage) -> str:
    """`in steps (40 mg a day to 10 mg a day)`."""
    if not (dosage.strength and dosage.unit and dosage.steps):
        return _("in steps")
    first, last = (
        Amount(step.total * dosage.strength, dosage.unit).text
        for step in (dosage.steps[0], dosage.steps[-1])
    )
    return _("in steps (%(first)s a day to %(last)s a day)") % {
        "first": first,
        "last": last,
    }


def amount_short(dosage: Dosage) -> str:
    """`150 mg` where one amount says it, else the short dose."""
    amount = dosage.amount_each_time
    return amount.text if amount else dose_short(dosage)


def named(medicine: Dosed) -> str:
    """`quetiapine 150 mg (1 tablet) at bedtime`."""
    return f"{name_of(medicine)} {dose_short(medicine.dosage)}"


def name_of(medicine: Dosed) -> str:
    """The name as the patient reads it, in safe form."""
    return safe(plain_name(medicine.name))


def change_text(before: Dosage, after: Dosage) -> str:
    """`100 mg to 150 mg`, with the times where they changed as well."""
    one, other = amount_short(before), amount_short(after)
    if before.when_text != after.when_text or one == other:
        one, other = dose_short(before), dose_short(after)
    return _("%(before)s to %(after)s") % {"before": one, "after": other}


def on_day(text: str, day: date | None) -> str:
    """The text with the day it happened, where that is known."""
    if day is None:
        return text
    return _("%(text)s on %(day)s") % {"text": text, "day": date_text(day)}


def from_day(text: str, day: date | None) -> str:
    """The text with the day it counts from, where that is known."""
    if day is None:
        return text
    return _("%(text)s from %(day)s") % {"text": text, "day": date_text(day)}
