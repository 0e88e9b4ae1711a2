"""The flags of one reader: checked over what this reader may see, and nothing else.

No flag, count, word or dismissal can tell of something hidden, because nothing hidden
takes part. For the patient everything takes part.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.http import Http404

from carecoord import zones
from consents import decisions
from consents.access import OpenPatient
from consents.disclosable import Disclosable
from patients import interactions
from patients import medicine_words as words
from patients.access.allergies import load_allergies
from patients.access.medicines import MedicineRows, load_list
from patients.access.substances import load_substances
from patients.codes import ConditionStatus, Criticality, FlagReply, Substance
from patients.interactions import Flag, Intolerance, Stopped, Taken
from patients.models import (
    AllergyIntolerance,
    Condition,
    FlagAnswer,
    MedicationRequest,
    MedicationStatement,
    SubstanceUse,
)
from patients.models.medicines import Dosed
from patients.safe_text import safe

# "Alcohol: none" is an answer, and nothing used.
NOTHING_USED = frozenset({"0", "no", "none", "never", "not any more", "nothing"})
CODES = {
    Substance.ALCOHOL: "alcohol",
    Substance.CANNABIS: "cannabis",
    Substance.NICOTINE: "nicotine",
}


@dataclass(frozen=True)
class Raised:
    """A flag as it stands for this reader: with what was said to it, if anything."""

    flag: Flag
    items: Mapping[str, Disclosable]
    set_aside: FlagAnswer | None = None
    will_ask: bool = False

    @property
    def about(self) -> list[Disclosable]:
        """The rows it speaks about, the medicine first."""
        found = [self.items[one.key] for one in (self.flag.a, self.flag.b) if one]
        return found

    @property
    def before_first_dose(self) -> bool:
        """Whether it is about an entry that the patient has not taken over."""
        return any(isinstance(row, MedicationRequest) for row in self.about)


@dataclass(frozen=True)
class NotKnown:
    """A name that no rule knows, and the line to put it right; none for an entry."""

    name: str
    line_id: uuid.UUID | None = None


@dataclass(frozen=True)
class FlagRows:
    """Everything raised, the most serious first."""

    raised: list[Raised] = field(default_factory=list)
    # Names that no rule could be asked about.
    unknown: tuple[NotKnown, ...] = ()
    # How many less serious ones were left out, for a page that has to end.
    left_out: int = 0

    def find(self, mark: str) -> Raised | None:
        return next((one for one in self.raised if one.flag.mark == mark), None)


@dataclass(frozen=True)
class Checked:
    """The permitted rows that a check goes over."""

    medicines: MedicineRows
    allergies: Sequence[AllergyIntolerance]
    substances: Sequence[SubstanceUse]
    conditions: Sequence[Condition]
    # The day on which it is checked: of what was stopped, only the last weeks count.
    on: date


def load_flags(
    opened: OpenPatient, checked: Checked | None = None, *, most: int | None = None
) -> FlagRows:
    """The flags over the given rows, or over all that this reader may see.

    `most`: of a list on which much stands many times, so many of the most serious.
    """
    checked = checked or load_checked(opened)
    # Whoever reads any of the record reads the birth date: it tells of nothing hidden.
    age = opened.patient.age_on(zones.today(opened.at, opened.patient.time_zone))
    flags, items = flags_of(checked, age=age)
    kept = flags[:most]
    _show_conditions(opened, checked.conditions, kept)
    return FlagRows(
        _answered(opened, kept, items),
        _unknown(checked.medicines),
        left_out=len(flags) - len(kept),
    )


def raised_by_adding(
    opened: OpenPatient, write: Callable[[], Disclosable]
) -> list[Raised]:
    """What goes badly, or is double, with an item that `write` saves.

    Nothing stays written, and nothing is told of what this reader may not see.
    """
    with transaction.atomic():
        mark = transaction.savepoint()
        try:
            item = write()
            found = load_flags(opened).raised
        finally:
            transaction.savepoint_rollback(mark)
    opened.reading.taken_back(item)
    return [
        one
        for one in found
        if one.flag.b is not None and item.pk in {row.pk for row in one.about}
    ]


def load_raised(opened: OpenPatient, mark: str) -> Raised:
    """The flag about two things as it stands for this reader now, or the 404.

    A mark of an older state is as absent as one of somebody else. It is no refusal:
    a page that was open while a dose changed asks for nothing that was hidden.
    """
    found = load_flags(opened).find(mark)
    if found is None or found.flag.b is None:
        raise Http404
    return found


def load_checked(
    opened: OpenPatient,
    *,
    medicines: MedicineRows | None = None,
    allergies: Sequence[AllergyIntolerance] | None = None,
    substances: Sequence[SubstanceUse] | None = None,
) -> Checked:
    """The rows of a check; those that the page has loaded already are given."""
    if allergies is None:
        allergies = load_allergies(opened).items
    return Checked(
        medicines=medicines or load_list(opened),
        allergies=allergies,
        substances=load_substances(opened) if substances is None else substances,
        conditions=_conditions(opened),
        on=zones.today(opened.at, opened.patient.time_zone),
    )


def flags_of(
    checked: Checked, *, age: int | None
) -> tuple[list[Flag], dict[str, Disclosable]]:
    """What goes badly together among these rows, and the rows by their keys."""
    used = [row for row in checked.substances if is_used(row)]
    holding = [
        row for row in checked.conditions if row.status == ConditionStatus.ACTIVE
    ]
    lines: list[Dosed] = [*checked.medicines.current, *entries_of(checked.medicines)]
    lately = stopped_lately(checked.medicines, on=checked.on)
    found = interactions.check(
        [*map(taken_of, lines), *map(substance_of, used)],
        stopped=[stopped_of(row, on=checked.on) for row in lately],
        intolerant=map(intolerance_of, checked.allergies),
        conditions=map(condition_of, holding),
        age=age,
    )
    rows = [*lines, *used, *checked.allergies, *holding, *lately]
    return found, {str(row.pk): row for row in rows}


def stopped_lately(medicines: MedicineRows, *, on: date) -> list[MedicationStatement]:
    """Lines stopped so lately that they may still be in the body."""
    return [
        row
        for row in medicines.stopped
        if row.stopped_date
        and (on - row.stopped_date).days < interactions.longest_gap()
    ]


def stopped_of(row: MedicationStatement, *, on: date) -> Stopped:
    """A day to come, or today, is no day ago."""
    days = max((on - row.stopped_date).days, 0) if row.stopped_date else 0
    return Stopped(**vars(taken_of(row)), days_ago=days)


def entries_of(medicines: MedicineRows) -> list[MedicationRequest]:
    """Prescribers' entries that are no second word about a line shown here."""
    shown = {row.pk for row in medicines.statements}
    return [
        row for row in medicines.entries if not row.stops and row.beside_id not in shown
    ]


def _unknown(medicines: MedicineRows) -> tuple[NotKnown, ...]:
    """Each name once, with the line of the list rather than an entry beside it."""
    found: dict[str, NotKnown] = {}
    current = {row.pk for row in medicines.current}
    lines: list[Dosed] = [*medicines.current, *entries_of(medicines)]
    for row in lines:
        name, line_id = words.name_of(row), row.pk if row.pk in current else None
        if not taken_of(row).ingredients:
            found.setdefault(name, NotKnown(name, line_id))
    return tuple(found.values())


def taken_of(row: Dosed) -> Taken:
    """A line or an entry. Another dose is another state; a corrected reason is not."""
    said = f"{row.name} {row.brand}"
    return Taken(
        key=str(row.pk),
        name=words.name_of(row),
        ingredients=interactions.ingredients_of(said),
        state=f"{said}|{getattr(row, 'status', '')}|{row.dosage.line}",
        is_substance=interactions.is_substance(row.name),
        stays_outside=interactions.stays_outside(f"{said} {_put_on(row)}"),
        line=f"{said} {row.form} {row.unit}",
    )


def _put_on(row: Dosed) -> str:
    """How it is put on: what the label calls `cream or gel` is an application."""
    form = row.dosage.form
    return "cream" if form == "application" else form


def substance_of(row: SubstanceUse) -> Taken:
    code = CODES.get(Substance(row.substance))
    name = safe(row.name or row.get_substance_display())
    if code:
        name = f"{code} ({name})" if row.name else code
    return Taken(
        key=str(row.pk),
        name=name,
        ingredients=frozenset({code} if code else interactions.ingredients_of(name)),
        state=f"{row.amount}|{row.often}",
        is_substance=True,
    )


def is_used(row: SubstanceUse) -> bool:
    said = {text.strip().casefold().rstrip(".") for text in (row.amount, row.often)}
    return not said & NOTHING_USED


def intolerance_of(row: AllergyIntolerance) -> Intolerance:
    return Intolerance(
        key=str(row.pk),
        name=safe(row.substance),
        state=f"{row.substance}|{row.criticality}",
        is_mild=row.criticality == Criticality.LOW,
    )


def condition_of(row: Condition) -> interactions.Condition:
    return interactions.Condition(
        key=str(row.pk), name=safe(row.name), state=row.status
    )


def _conditions(opened: OpenPatient) -> list[Condition]:
    """Permitted ones; only those that a flag names are shown, and logged as shown."""
    rows = Condition.objects.filter(
        patient_id=opened.patient.pk, entered_in_error_at=None
    )
    return list(decisions.with_basis(rows.order_by("name", "pk"), opened.reader))


def _show_conditions(
    opened: OpenPatient, conditions: Iterable[Condition], flags: Iterable[Flag]
) -> None:
    named = {key for flag in flags for key in flag.about}
    opened.show([row for row in conditions if str(row.pk) in named])


def _answered(
    opened: OpenPatient, flags: Iterable[Flag], items: Mapping[str, Disclosable]
) -> list[Raised]:
    """One query. A mark is made of what this reader sees, as it stands now."""
    flags = list(flags)
    rows = opened.items(
        FlagAnswer.objects.filter(
            ended_at=None, mark__in=[flag.mark for flag in flags if flag.b]
        )
        .select_related("author")
        .order_by("-occurred_at", "-pk")
    )
    said = {(row.mark, row.answer): row for row in reversed(rows)}
    return [
        Raised(
            flag,
            items,
            set_aside=said.get((flag.mark, FlagReply.SET_ASIDE)),
            will_ask=(flag.mark, FlagReply.WILL_ASK) in said,
        )
        for flag in flags
    ]
