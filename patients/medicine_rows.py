"""A medicine as one row of a table: on the clinician's chart and on paper.

Only what is taken every day stands in the four time boxes. An injection, a patch, a
taper, something as needed, on hold or not started has one text across them, so that it
can't be read as daily (ISMP; SCREENS correction 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from patients import medicine_list as drawn
from patients.codes import MedicineKind, MedicineStatus
from patients.dosage import Dosage, date_text
from patients.dosage.words import sentence, steps_text
from patients.injection_words import injection_short
from patients.medicine_list import Card, Entry
from patients.medicine_names import tall_man
from patients.models import MedicationRequest, MedicationStatement
from patients.models.medicines import Dosed
from patients.one_page import MedicineRow
from patients.one_page.sheet import Kind
from patients.safe_text import safe

KINDS: dict[str, Kind] = {
    MedicineKind.PRESCRIPTION: "prescription",
    MedicineKind.OVER_THE_COUNTER: "non_prescription",
    MedicineKind.SUPPLEMENT: "supplement",
    MedicineKind.OTHER: "non_prescription",
}
SHORT_FORMS = ("tablet", "capsule")
# A box is 0.59 inches wide: so many letters of 9 points.
LONGEST_IN_BOX = 8
SELF = (MedicineKind.OVER_THE_COUNTER, MedicineKind.SUPPLEMENT)


def rows(
    statements: Iterable[MedicationStatement],
    *,
    entries: Iterable[MedicationRequest],
    today: date,
) -> tuple[MedicineRow, ...]:
    """The lines of the list in the order of its sections, each A to Z."""
    cards = drawn.cards(statements, entries=entries, today=today)
    return tuple(row(card) for group in drawn.grouped(cards) for card in group.cards)


def entry_rows(
    entries: Iterable[MedicationRequest],
    *,
    shown: Iterable[MedicationStatement],
    today: date,
) -> tuple[MedicineRow, ...]:
    """Prescribers' entries that stand beside no line: not yet confirmed."""
    found = drawn.unconfirmed(entries, shown=shown, today=today)
    return tuple(entry_row(entry) for entry in found)


def row(card: Card) -> MedicineRow:
    item = card.item
    return MedicineRow(
        **_named(item),
        **_dose(item, card.today),
        purpose=safe(item.reason),
        prescriber=prescriber(item),
        last_change=last_change(item),
        status="" if card.is_taken else card.status,
        flags=_flags(card),
        kind=KINDS[MedicineKind(item.kind)],
        id=str(item.pk),
    )


def entry_row(entry: Entry) -> MedicineRow:
    """ "Prescribed, not yet confirmed by the patient": never in the time boxes."""
    item = entry.row
    says = _("Stop") if item.stops else sentence(item.dosage.line_on(entry.today))
    day = date_text(item.starts_date) if item.starts_date else ""
    when = _("From %(day)s: ") % {"day": day} if day else ""
    return MedicineRow(
        **_named(item),
        schedule="other",
        span=f"{when}{says}",
        purpose=safe(item.reason),
        prescriber=entry.author_name,
        last_change=_("Written %(day)s")
        % {"day": date_text(timezone.localdate(item.occurred_at))},
        status=_("Prescribed, not yet confirmed by the patient")
        if item.answer_known
        else _("Prescribed by you. The answer is not shared with you"),
        id=str(item.pk),
    )


def _named(item: Dosed) -> dict[str, Any]:
    return {
        "name": tall_man(safe(item.name)),
        "brand": tall_man(safe(item.brand)),
        "form": item.form,
    }


def _dose(item: MedicationStatement, today: date) -> dict[str, Any]:
    dosage = item.dosage
    if item.status == MedicineStatus.ON_HOLD:
        return _across("on_hold", _on_hold(item, today))
    if item.status == MedicineStatus.INTENDED:
        line = dosage.line_on(today)
        text = _("Not started yet. Planned: %(line)s") % {"line": line}
        return _across("other", text)
    boxes = _boxed(dosage).time_boxes()
    if boxes and any(boxes) and _fits_boxes(boxes):
        return {
            "schedule": "daily",
            "times": boxes,
            "each_time": _amount(dosage) or dosage.each_time_text,
            "a_day": dosage.a_day_text,
        }
    if dosage.schedule == "steps":
        return _across("steps", _steps_left(dosage, today))
    plain = dosage.is_daily or dosage.schedule == "week"
    schedule = "other" if plain else dosage.schedule
    said = (dosage.line_on(today), injection_short(item, on=today))
    return _across(schedule, " ".join(filter(None, said)), each_time=_amount(dosage))


def _steps_left(dosage: Dosage, today: date) -> str:
    """The step of today and those to come, each with its first day."""
    now = dosage.step_on(today)
    left = [step for step in dosage.steps if step.starts_date > today or step == now]
    return sentence(steps_text(replace(dosage, steps=tuple(left))))


def _boxed(dosage: Dosage) -> Dosage:
    """For the narrow boxes "1 tablet" is enough: the whole form stands by the name."""
    last = dosage.form.split(" ")[-1]
    return replace(dosage, form=last) if last in SHORT_FORMS else dosage


def _fits_boxes(boxes: Iterable[str]) -> bool:
    """Whether every word fits the narrow boxes whole, in the smallest letters."""
    return all(len(word) <= LONGEST_IN_BOX for box in boxes for word in box.split())


def _across(schedule: str, span: str, *, each_time: str = "") -> dict[str, Any]:
    return {"schedule": schedule, "span": span, "each_time": each_time}


def _amount(dosage: Dosage) -> str:
    amount = dosage.amount_each_time
    return amount.text if amount else ""


def _on_hold(item: MedicationStatement, today: date) -> str:
    since = item.last_change_date
    parts = [
        _("On hold since %(day)s.") % {"day": date_text(since)}
        if since
        else _("On hold."),
        _("Until %(day)s.") % {"day": date_text(item.hold_until_date)}
        if item.hold_until_date
        else "",
        _("Before: %(line)s") % {"line": item.dosage.line_on(today)},
    ]
    return " ".join(part for part in parts if part)


def prescriber(item: MedicationStatement) -> str:
    """Whose prescription it is; "self" is said only where the patient said it."""
    if item.prescribed_by:
        return safe(item.prescribed_by)
    return _("Self, no prescription") if item.kind in SELF else ""


def last_change(item: MedicationStatement) -> str:
    """ "100 mg to 150 mg, Nov 3, 2026", or "Since Mar 2026"."""
    if not item.last_change_text:
        started = drawn.started_text(item)
        return _("Since %(day)s") % {"day": started} if started else ""
    said = safe(item.last_change_text)
    day = item.last_change_date
    return f"{said}, {date_text(day)}" if day else said


def _flags(card: Card) -> tuple[str, ...]:
    unsure = (_("The patient is not sure of the dose"),) if card.item.unsure else ()
    says = tuple(
        _("%(name)s's list says %(dose)s")
        % {"name": entry.author_name, "dose": entry.says}
        for entry in card.disputes
    )
    return unsure + says
