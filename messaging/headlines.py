"""The heading of an update: what is asked, and the biggest change.

"Review dose or timing: sleep 4 hours, was 7" (SCREENS B10). Clinical wording awaits
review by a clinician.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging.codes import Ask, SuicidalThoughts
from patients.codes import Measure
from patients.safe_text import safe

if TYPE_CHECKING:
    from messaging.models import Update, UpdateNumber


@dataclass(frozen=True)
class Phrase:
    """The words around a number; `one` where a single one is said otherwise.

    `step` is the difference that weighs as much as any other: 2 hours of sleep,
    2 panic attacks a week, 5 points of PHQ-9 (a step of severity).
    """

    many: str
    step: Decimal
    one: str = ""

    def said(self, value: Decimal) -> str:
        words = self.one if self.one and value == 1 else self.many
        return _(words) % plain(value)


PHRASES: dict[str, Phrase] = {
    Measure.SLEEP: Phrase(
        gettext_noop("sleep %s hours"), Decimal(2), gettext_noop("sleep %s hour")
    ),
    Measure.PANIC: Phrase(
        gettext_noop("%s panic attacks a week"),
        Decimal(2),
        gettext_noop("%s panic attack a week"),
    ),
    Measure.MISSED_DOSES: Phrase(
        gettext_noop("%s missed doses in 14 days"),
        Decimal(2),
        gettext_noop("%s missed dose in 14 days"),
    ),
    Measure.DAYS_WORKED: Phrase(gettext_noop("able to work %s of 10 days"), Decimal(3)),
    Measure.SELF_RATED: Phrase(gettext_noop("how it goes: %s of 10"), Decimal(2)),
    Measure.PHQ9: Phrase(gettext_noop("PHQ-9 score %s"), Decimal(5)),
    Measure.GAD7: Phrase(gettext_noop("GAD-7 score %s"), Decimal(5)),
    Measure.WEIGHT: Phrase(gettext_noop("weight %s kg"), Decimal(3)),
    Measure.SYSTOLIC: Phrase(gettext_noop("upper blood pressure %s"), Decimal(20)),
    Measure.DIASTOLIC: Phrase(gettext_noop("lower blood pressure %s"), Decimal(10)),
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
    words = PHRASES[number.measure].said(number.value)
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
    step = PHRASES[number.measure].step
    return True, abs(number.value - number.was) / step
