"""The heading of an update: what is asked, and the biggest change.

"Review dose or timing: sleep 4 hours, was 7" (SCREENS B10). Clinical wording awaits
review by a clinician.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging.codes import Ask, SuicidalThoughts
from patients.codes import Measure
from patients.safe_text import safe

if TYPE_CHECKING:
    from messaging.models import Update, UpdateNumber

# The words around a number, and the difference that weighs as much as any other:
# 2 hours of sleep, 2 panic attacks a week, 5 points of PHQ-9 (a step of severity).
PHRASES: dict[str, tuple[str, Decimal]] = {
    Measure.SLEEP: (gettext_noop("sleep %s hours"), Decimal(2)),
    Measure.PANIC: (gettext_noop("%s panic attacks a week"), Decimal(2)),
    Measure.MISSED_DOSES: (gettext_noop("%s missed doses in 14 days"), Decimal(2)),
    Measure.DAYS_WORKED: (gettext_noop("able to work %s of 10 days"), Decimal(3)),
    Measure.SELF_RATED: (gettext_noop("how it goes: %s of 10"), Decimal(2)),
    Measure.PHQ9: (gettext_noop("PHQ-9 score %s"), Decimal(5)),
    Measure.GAD7: (gettext_noop("GAD-7 score %s"), Decimal(5)),
    Measure.WEIGHT: (gettext_noop("weight %s kg"), Decimal(3)),
    Measure.SYSTOLIC: (gettext_noop("upper blood pressure %s"), Decimal(20)),
    Measure.DIASTOLIC: (gettext_noop("lower blood pressure %s"), Decimal(10)),
}
THOUGHTS: dict[str, str] = {
    SuicidalThoughts.THOUGHTS: gettext_noop("thoughts of suicide, no plan or intent"),
    SuicidalThoughts.PLAN: gettext_noop(
        "suicidal plan, intent, attempt or preparation"
    ),
}
LONGEST_HEADING = 100


def plain(value: Decimal) -> str:
    """The number without zeros at its end: 4, 4.5 (never 4.0; ISMP)."""
    return format(value.normalize() + 0, "f")


def headline(update: Update, numbers: Iterable[UpdateNumber]) -> str:
    """What is asked and the biggest change, in one line without a name."""
    change = biggest_change(update, numbers)
    ask = asked(update)
    if not ask:
        return change[:1].upper() + change[1:] or _("For information")
    return _("%(ask)s: %(change)s") % {"ask": ask, "change": change} if change else ask


def asked(update: Update) -> str:
    """The ask in words; empty when nothing is asked."""
    if update.ask == Ask.NOTHING:
        return ""
    if update.ask == Ask.ADVISE:
        return _("Advise on %(subject)s") % {"subject": safe(update.ask_detail)}
    return str(Ask(update.ask).label)


def biggest_change(update: Update, numbers: Iterable[UpdateNumber]) -> str:
    """Thoughts of suicide first, then the number that moved most, then the text."""
    if update.suicidal_thoughts in THOUGHTS:
        return _(THOUGHTS[update.suicidal_thoughts])
    largest = max(numbers, key=_weight, default=None)
    if largest:
        return number_words(largest)
    return in_brief(safe(update.what_changed))


def number_words(number: UpdateNumber) -> str:
    """ "sleep 4 hours, was 7"."""
    words = _(PHRASES[number.measure][0]) % plain(number.value)
    if number.was is None:
        return words
    was = _("was %(previous)s") % {"previous": plain(number.was)}
    return f"{words}, {was}"


def trend(number: UpdateNumber) -> str:
    """ "down from 7", for the table; empty when there is nothing to compare with."""
    if number.was is None:
        return ""
    previous = {"previous": plain(number.was)}
    if number.value < number.was:
        return _("down from %(previous)s") % previous
    if number.value > number.was:
        return _("up from %(previous)s") % previous
    return _("as before")


def in_brief(text: str) -> str:
    """A short text whole. A long one is never cut: a dose could be lost."""
    text = " ".join(text.split()).removesuffix(".")
    return text if len(text) <= LONGEST_HEADING else _("a change, in words")


def _weight(number: UpdateNumber) -> tuple[bool, Decimal]:
    if number.was is None:
        return False, Decimal(0)
    step = PHRASES[number.measure][1]
    return True, abs(number.value - number.was) / step
