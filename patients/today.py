"""What is due today, for the patient: at which time, how much, and what changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients import medicine_words as words
from patients.codes import MedicineStatus, Schedule
from patients.dosage import Dosage, date_text, next_due
from patients.dosage.words import dose_text, step_text
from patients.injection_words import injection_words
from patients.models import MedicationStatement

TIME_TITLES = (
    gettext_lazy("Morning"),
    gettext_lazy("Noon"),
    gettext_lazy("Evening"),
    gettext_lazy("Bedtime"),
)


@dataclass(frozen=True)
class Due:
    """One medicine and how much of it: never one without the other."""

    name: str
    dose: str
    note: str = ""
    # The line it is of, for the taps beside it: missed, ran out.
    medicine_id: uuid.UUID | None = field(default=None, compare=False)
    # Not before its day can a dose be missed.
    is_ahead: bool = field(default=False, compare=False)
    # What the label says of an injection that is due or late.
    label_says: str = field(default="", compare=False)


@dataclass(frozen=True)
class Today:
    """The doses by time of day, what is due on a date, and plans that change.

    `others` are taken now and not due today: they can run out like the rest.
    """

    times: tuple[tuple[str, tuple[Due, ...]], ...]
    dated: tuple[Due, ...]
    changes: tuple[Due, ...]
    others: tuple[Due, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.times or self.dated or self.changes)


def today_of(items: Iterable[MedicationStatement], *, on: date) -> Today:
    """From the medicines that are taken now. As needed is never due."""
    taken = [item for item in items if _is_taken(item, on)]
    times, dated = tuple(_times(taken, on)), tuple(_dated(taken, on))
    return Today(
        times=times,
        dated=dated,
        changes=tuple(_changes(taken, on)),
        others=tuple(_others(taken, [*times, ("", dated)])),
    )


def can_be_missed(item: MedicationStatement, on: date) -> bool:
    """Whether a dose of that day can be missed: it has one, or nobody can say.

    What is taken only when needed has none, and an injection none before its day.
    """
    due = today_of([item], on=on)
    if due.times or any(not one.is_ahead for one in due.dated):
        return True
    return _is_taken(item, on) and item.schedule == Schedule.OTHER


def _is_taken(item: MedicationStatement, on: date) -> bool:
    begun = item.started_date is None or item.started_date <= on
    return item.status == MedicineStatus.ACTIVE and begun


def _times(
    taken: list[MedicationStatement], on: date
) -> Iterator[tuple[str, tuple[Due, ...]]]:
    for place, title in enumerate(TIME_TITLES):
        found = tuple(_at(taken, place, on))
        if found:
            yield str(title), found


def _at(taken: list[MedicationStatement], place: int, on: date) -> Iterator[Due]:
    for item in taken:
        dosage = item.dosage
        day = dosage.taken_on(on)
        count = day.counts[place] if day else None
        if count:
            dose = dose_text(dosage, count)
            yield Due(words.name_of(item), dose, medicine_id=item.pk)


def _dated(taken: list[MedicationStatement], on: date) -> Iterator[Due]:
    """Injections and patches: today, tomorrow, or not yet given."""
    for item in taken:
        dosage = item.dosage
        due = next_due(dosage)
        if due is None or due > on + timedelta(days=1):
            continue
        dose = dose_text(dosage, dosage.count)
        said = _due_text(due, on)
        yield Due(
            words.name_of(item),
            dose,
            said,
            item.pk,
            is_ahead=due > on,
            label_says=injection_words(item, on=on),
        )


def _due_text(due: date, on: date) -> str:
    if due > on:
        return _("due tomorrow")
    if due == on:
        return _("due today")
    return _("was due %(day)s") % {"day": date_text(due)}


def _changes(taken: list[MedicationStatement], on: date) -> Iterator[Due]:
    """A step of a plan that begins today or tomorrow."""
    for item in taken:
        dosage = item.dosage
        for day, said in ((on, _("from today")), (on + timedelta(days=1), _tomorrow())):
            dose = _step_from(dosage, day)
            if dose:
                yield Due(words.name_of(item), dose, said)


def _others(
    taken: list[MedicationStatement], shown: Iterable[tuple[str, Iterable[Due]]]
) -> Iterator[Due]:
    """As needed, and whatever has no dose today: A to Z, as they stand on the list."""
    due = {one.medicine_id for _title, doses in shown for one in doses}
    for item in sorted(taken, key=lambda item: words.name_of(item).casefold()):
        if item.pk in due:
            continue
        needed = item.schedule == Schedule.AS_NEEDED
        note = _("only when needed") if needed else _("not due today")
        yield Due(words.name_of(item), "", note, item.pk)


def _tomorrow() -> str:
    return _("from tomorrow")


def _step_from(dosage: Dosage, day: date) -> str:
    steps = dosage.steps if dosage.schedule == "steps" else ()
    found = [step for step in steps if step.starts_date == day]
    return step_text(dosage, found[0]) if found else ""
