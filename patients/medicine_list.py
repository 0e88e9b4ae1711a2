"""The list as it is drawn: sections in a fixed order, one card a medicine.

Everything here comes from rows that the reader was permitted; nothing counts, names or
hints at others.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consents.codes import LABELS
from consents.models import ItemDeny
from patients import medicine_words as words
from patients.codes import (
    ChangeReason,
    DatePrecision,
    DecidedBy,
    MedicineKind,
    MedicineStatus,
    Schedule,
)
from patients.dosage import date_text
from patients.injection_words import injection_words
from patients.medicine_names import tall_man
from patients.models import MedicationRequest, MedicationStatement
from patients.models.medicines import Dosed
from patients.safe_text import safe

RECENT = timedelta(days=30)
OWN_KINDS = (MedicineKind.OVER_THE_COUNTER, MedicineKind.SUPPLEMENT)


@dataclass(frozen=True)
class Tag:
    """A word on a card, with the job of its colour."""

    text: str
    tone: str = "plain"
    icon: str = ""


@dataclass(frozen=True)
class DoseLine:
    """The sentence of a dose in two parts: the amount in bold, and the rest."""

    head: str
    tail: str

    @classmethod
    def of(cls, medicine: Dosed, on: date) -> DoseLine:
        dosage = medicine.dosage
        line, head = dosage.line_on(on), dosage.each_time_text
        if medicine.schedule in (Schedule.STEPS, Schedule.WEEK) or not line.startswith(
            head
        ):
            return cls("", line)
        return cls(head, line.removeprefix(head))


@dataclass(frozen=True)
class Entry:
    """A prescriber's entry, as it stands beside a line or by itself."""

    row: MedicationRequest
    item: MedicationStatement | None
    today: date

    @property
    def author_name(self) -> str:
        return self.row.writer.name

    @property
    def name(self) -> str:
        return words.name_of(self.row)

    @property
    def says(self) -> str:
        """What the entry says, in few words: `100 mg`, `stop`."""
        return _("stop") if self.row.stops else words.amount_short(self.row.dosage)

    @property
    def mine(self) -> str:
        return words.amount_short(self.item.dosage) if self.item else ""

    @property
    def differs(self) -> bool:
        """Whether the patient's line says something else."""
        if self.item is None or self.row.stops:
            return True
        return self.item.dosage != self.row.dosage

    @property
    def line(self) -> DoseLine:
        return DoseLine.of(self.row, self.today)

    @property
    def reason(self) -> str:
        """What it is for, where the line does not say so already."""
        return reason_beside(self.row)


def reason_beside(row: Dosed) -> str:
    """The reason in words, but not where an as-needed line has said it."""
    said = " ".join(row.dosage.as_needed_for.split()).rstrip(".").casefold()
    reason = " ".join(row.reason.split())
    is_said = row.schedule == Schedule.AS_NEEDED and reason.casefold() == said
    return "" if is_said else reason


@dataclass(frozen=True)
class Card:
    """One medicine of the list, in words."""

    item: MedicationStatement
    today: date
    entries: Sequence[Entry] = ()
    kept: Sequence[ItemDeny] = ()
    # Who refills it, and how long it lasts (supply_page.list_words).
    supply: str = ""

    @property
    def name(self) -> str:
        return words.name_of(self.item)

    @property
    def tall_name(self) -> str:
        """The name in tall man letters, for paper that clinicians read."""
        return tall_man(safe(self.item.name))

    @property
    def line(self) -> DoseLine:
        return DoseLine.of(self.item, self.today)

    @property
    def line_text(self) -> str:
        return f"{self.line.head}{self.line.tail}"

    @property
    def reason(self) -> str:
        """What it is for, where the line does not say so already."""
        return reason_beside(self.item)

    @property
    def status(self) -> str:
        return self.item.get_status_display()

    @property
    def is_taken(self) -> bool:
        return self.item.status == MedicineStatus.ACTIVE

    @property
    def has_plan(self) -> bool:
        """Whether its days differ, so that a calendar says more than a sentence."""
        planned = (Schedule.STEPS, Schedule.WEEK, Schedule.INTERVAL)
        return self.item.schedule in planned and not self.is_stopped

    @property
    def is_stopped(self) -> bool:
        return self.item.status == MedicineStatus.STOPPED

    @property
    def changed_lately(self) -> bool:
        day = self.item.last_change_date
        return day is not None and self.today - RECENT <= day <= self.today

    @property
    def disputes(self) -> list[Entry]:
        """Entries beside this line that say something else."""
        return [entry for entry in self.entries if entry.differs]

    @property
    def tags(self) -> list[Tag]:
        """What has to be noticed about this line. What an entry says is asked below."""
        return list(self._state_tags())

    def _state_tags(self) -> Iterable[Tag]:
        changed = self.item.last_change_date if self.changed_lately else None
        if changed and self.is_taken:
            day = date_text(changed, year=False)
            yield Tag(_("Changed %(day)s") % {"day": day}, "info")
        if self.item.status == MedicineStatus.ON_HOLD:
            yield Tag(self.status, "warn")
        if self.item.status == MedicineStatus.INTENDED:
            yield Tag(self.status, "info")
        if self.item.unsure:
            yield Tag(_("Not sure"), "warn")

    @property
    def private_tags(self) -> list[Tag]:
        """For the patient alone: labels, and whom it is kept from."""
        tags = [Tag(word, "share") for word in LABELS.words(self.item.labels)]
        return tags + [Tag(deny.words, "share", "lock") for deny in self.kept]

    @property
    def prescribed(self) -> str:
        """Who it comes from; empty where nobody said."""
        if self.item.prescribed_by:
            return _("Prescribed by %(name)s.") % {"name": self.item.prescribed_by}
        if self.item.kind == MedicineKind.OVER_THE_COUNTER:
            return _("Bought without a prescription.")
        if self.item.kind == MedicineKind.SUPPLEMENT:
            return _("Vitamin, supplement or herbal.")
        return ""

    @property
    def changed(self) -> str:
        """The newest change: what, when, who decided, why."""
        item = self.item
        if not item.last_change_text:
            return self.started
        said = safe(item.last_change_text)
        if item.last_change_date:
            said = f"{said}, {date_text(item.last_change_date)}"
        parts = [f"{said}."]
        parts += [text for text in (self._decided(), self._why()) if text]
        return " ".join(parts)

    @property
    def started(self) -> str:
        when = started_text(self.item)
        return _("Started %(when)s.") % {"when": when} if when else ""

    def _decided(self) -> str:
        if self.item.last_change_decided_by == DecidedBy.PATIENT:
            name = self.item.patient.first_name
            return _("Decided by %(name)s.") % {"name": name}
        if self.item.last_change_decided_by == DecidedBy.PRESCRIBER:
            name = self.item.prescribed_by or _("the prescriber")
            return _("Decided by %(name)s.") % {"name": name}
        return ""

    def _why(self) -> str:
        reason = self.item.last_change_reason
        said = [ChangeReason(reason).label.lower()] if reason else []
        if self.item.last_change_note:
            said.append(safe(" ".join(self.item.last_change_note.split())).rstrip("."))
        return _("Why: %(why)s.") % {"why": ", ".join(said)} if said else ""

    @property
    def until(self) -> str:
        """Until when it is on hold; or until when an injection can simply be given."""
        day = self.item.hold_until_date
        if day:
            return _("On hold until %(day)s.") % {"day": date_text(day)}
        return injection_words(self.item, on=self.today)


def started_text(item: MedicationStatement) -> str:
    """The start as exactly as it is known: `Nov 3, 2026`, `June 2026`, `2019`."""
    if item.started_date is None:
        return ""
    patterns: dict[str, str] = {DatePrecision.MONTH: "F Y", DatePrecision.YEAR: "Y"}
    pattern = patterns.get(item.started_precision, "M j, Y")
    return date_format(item.started_date, pattern)


@dataclass(frozen=True)
class Group:
    """One section of the list. `key` is its place, `title` its words."""

    key: str
    title: str
    cards: list[Card] = field(default_factory=list)


def group_titles() -> dict[str, str]:
    """The sections in their order. It never changes, and there is no sorting."""
    return {
        "daily": _("Every day"),
        "as_needed": _("Only when needed"),
        "planned": _("Injections, patches and step plans"),
        "other": _("On another schedule"),
        "own": _("Vitamins, supplements and non-prescription"),
        "hold": _("On hold"),
        "intended": _("Not started yet"),
    }


def group_of(item: MedicationStatement) -> str:
    """Where a line stands. A step plan or injection is never among the daily ones."""
    if item.status == MedicineStatus.ON_HOLD:
        return "hold"
    if item.status == MedicineStatus.INTENDED:
        return "intended"
    if item.kind in OWN_KINDS:
        return "own"
    if item.schedule in (Schedule.INTERVAL, Schedule.STEPS):
        return "planned"
    return "other" if item.schedule == Schedule.WEEK else item.schedule


def grouped(cards: Iterable[Card]) -> list[Group]:
    """The sections that have a card, each A to Z."""
    groups = {key: Group(key, title) for key, title in group_titles().items()}
    for card in sorted(cards, key=lambda card: card.name.casefold()):
        groups[group_of(card.item)].cards.append(card)
    return [group for group in groups.values() if group.cards]


def cards(
    statements: Iterable[MedicationStatement],
    *,
    entries: Iterable[MedicationRequest],
    today: date,
    kept: Mapping[uuid.UUID, Sequence[ItemDeny]] | None = None,
    supply: Mapping[uuid.UUID, str] | None = None,
) -> list[Card]:
    """Lines with the entries that stand beside them."""
    beside: dict[uuid.UUID, list[MedicationRequest]] = {}
    for row in entries:
        if row.beside_id:
            beside.setdefault(row.beside_id, []).append(row)
    return [
        Card(
            item,
            today,
            [Entry(row, item, today) for row in beside.get(item.pk, ())],
            (kept or {}).get(item.lineage, ()),
            (supply or {}).get(item.pk, ""),
        )
        for item in statements
    ]


def unconfirmed(
    entries: Iterable[MedicationRequest],
    *,
    shown: Iterable[MedicationStatement],
    today: date,
) -> list[Entry]:
    """Entries without a line that this reader sees: "not yet confirmed"."""
    lines = {item.pk for item in shown}
    return [
        Entry(row, None, today)
        for row in entries
        if row.beside_id is None or row.beside_id not in lines
    ]


def changed_lately(cards: Iterable[Card]) -> int:
    """How many lines on the page changed or stopped in the last 30 days."""
    return sum(1 for card in cards if card.changed_lately)
