"""What is left, and who refills: in words for home, the list and the paper."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from carecoord import zones
from consents.access import OpenPatient
from consents.spoken import spoken_to
from patients import medicine_words as words
from patients.access.supply import load_counts, load_left, load_pharmacy
from patients.codes import MedicineStatus
from patients.dosage import Dosage, count_text
from patients.models import MedicationStatement, SupplyCount
from patients.safe_text import safe
from patients.supply import ONE_DAY, RunsOut, runs_out
from patients.today import can_be_missed

SOON = timedelta(days=7)
PHONE = re.compile(r"(\+?\(?\d[\d\s().-]{6,}\d)")


@dataclass(frozen=True)
class Left:
    """One medicine: what was left, when it runs out, and its buttons.

    `missed_url` is empty where no dose of today can be missed.
    """

    name: str
    counted: str
    runs_out: str
    is_soon: bool
    refills: str
    supply_url: str
    missed_url: str
    out_url: str


def supply_context(
    opened: OpenPatient, medicines: Iterable[MedicationStatement]
) -> dict[str, Any]:
    """For whoever keeps the list: what is taken now, what runs out soon first."""
    taken = [item for item in medicines if item.status == MedicineStatus.ACTIVE]
    counts = load_left(opened, taken)
    today = zones.today(opened.at, opened.patient.time_zone)
    rows = [_left(opened, item, counts.get(item.pk), today) for item in taken]
    return {
        "rows": sorted(rows, key=lambda row: (not row.is_soon, row.name)),
        "soon": [row for row in rows if row.is_soon],
    } | pharmacy_context(opened)


def pharmacy_context(opened: OpenPatient) -> dict[str, str]:
    """The pharmacy as it was typed, and the number in it."""
    pharmacy = " ".join(load_pharmacy(opened).split())
    return {"pharmacy": safe(pharmacy), "phone": phone_in(pharmacy)}


def _left(
    opened: OpenPatient,
    item: MedicationStatement,
    row: SupplyCount | None,
    today: date,
) -> Left:
    def at(name: str, *more: str) -> str:
        return reverse(f"patients:{name}", args=[opened.patient.pk, item.pk, *more])

    out = (
        runs_out(item.dosage, left=row.left, counted=row.counted_date) if row else None
    )
    return Left(
        name=words.name_of(item),
        counted=counted_words(item.dosage, row) if row else "",
        runs_out=left_words(row, out, today) if row else "",
        is_soon=bool(row and not row.left or out and out.day <= today + SOON),
        refills=refill_words(row) if row else "",
        supply_url=at("medicine_supply"),
        missed_url=at("medicine_told", "missed") if can_be_missed(item, today) else "",
        out_url=at("medicine_told", "ran-out"),
    )


def list_words(
    opened: OpenPatient, medicines: Iterable[MedicationStatement]
) -> dict[uuid.UUID, str]:
    """For the printed list: who refills each, and how many refills there are.

    From the counts that this reader may see; a medicine without one says nothing. How
    many are left at home stands there for whoever keeps the list, and for nobody else.
    """
    items = {item.pk: item for item in medicines}
    today = zones.today(opened.at, opened.patient.time_zone)
    keeps = opened.decides("medications")
    rows = (load_left if keeps else load_counts)(opened, items.values())
    return {
        pk: supply_words(items[pk], row, today, counted=keeps)
        for pk, row in rows.items()
    }


def supply_words(
    item: MedicationStatement, row: SupplyCount, today: date, *, counted: bool
) -> str:
    """ "Refills left: 2. Refilled by Dr. Lee. 12 tablets left on …" with `counted`."""
    parts = [refill_words(row)]
    if counted:
        parts.append(counted_words(item.dosage, row))
    if counted and item.status == MedicineStatus.ACTIVE:
        out = runs_out(item.dosage, left=row.left, counted=row.counted_date)
        parts.append(left_words(row, out, today))
    return "".join(f"{part}. " for part in parts if part).strip()


def pharmacy_words(opened: OpenPatient) -> str:
    """The pharmacy as it was typed; or why it is not here, by scope."""
    title = _("Pharmacy")
    if not (opened.is_patient or opened.scope.has("contacts")):
        return spoken_to(opened).not_part_of(title)
    said = safe(" ".join(load_pharmacy(opened).split()))
    if said:
        return _("Pharmacy: %(name)s") % {"name": said}
    empty = _("%(title)s: not recorded.") % {"title": title}
    return empty if opened.is_patient else spoken_to(opened).none_of("contacts", title)


def counted_words(dosage: Dosage, row: SupplyCount) -> str:
    """ "12 tablets left on Nov 3, 2026": the count never without its form."""
    said = {
        "count": count_text(row.left, dosage.form) if row.left else _("None"),
        "day": zones.day_words(row.counted_date),
    }
    return _("%(count)s left on %(day)s") % said


def left_words(row: SupplyCount, out: RunsOut | None, today: date) -> str:
    if not row.left:
        return _("Ran out on %(day)s") % {"day": zones.day_words(row.counted_date)}
    return out_words(out, today) if out else ""


def out_words(out: RunsOut, today: date) -> str:
    day = zones.day_words(out.day)
    if out.about:
        return _("Lasts at least until about %(day)s") % {"day": day}
    if out.day <= today:
        return _("By the count it ran out on %(day)s") % {"day": day}
    last = zones.day_words(out.day - ONE_DAY)
    return _("Lasts to the end of %(day)s") % {"day": last}


def refill_words(row: SupplyCount) -> str:
    parts = []
    if row.refills_left is not None:
        parts.append(_("Refills left: %(count)d") % {"count": row.refills_left})
    if row.refilled_by:
        parts.append(_("Refilled by %(name)s") % {"name": safe(row.refilled_by)})
    return ". ".join(parts)


def phone_in(text: str) -> str:
    """The number in what was typed of the pharmacy, as a phone dials it."""
    found = PHONE.search(text)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""
