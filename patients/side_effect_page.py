"""Side effects as the history of a medicine and the chart draw them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from carecoord.context_processors import place
from consents.access import OpenPatient
from consents.representing import written_by
from consents.spoken import spoken_to
from patients import side_effect_words as words
from patients.access.side_effects import EffectRow
from patients.codes import Bother
from patients.urgent_signs import urgent_of


def effects_context(opened: OpenPatient, rows: Iterable[EffectRow]) -> dict[str, Any]:
    drawn = [_row(opened, row) for row in rows]
    keeps = opened.decides("medications")
    return {
        "side_effects": drawn,
        # Whom to call is said to whoever is with the patient, and to nobody else.
        "severe": keeps and any(row["is_severe"] for row in drawn),
        "urgent": [
            f"{row['urgent']} {row['what_to_do']}" for row in drawn if row["what_to_do"]
        ],
        "empty": _("None entered.")
        if opened.is_patient
        else spoken_to(opened).none_here("medications"),
    }


def call_numbers() -> dict[str, str]:
    """The numbers to call in the place of this deployment."""
    crisis = place().crisis
    return {"emergency": crisis.emergency, "crisis": crisis.number}


def _row(opened: OpenPatient, row: EffectRow) -> dict[str, Any]:
    item = row.item
    urgent = urgent_of(item, numbers=call_numbers())
    at = [opened.patient.pk, item.medicine_id, item.pk]
    may_mark = bool(opened.role and opened.role.licensed)
    return {
        "line": words.line(item),
        "is_severe": bool(urgent)
        or (item.severity == Bother.SEVERE and not item.over_date),
        "urgent": urgent.sentence if urgent else "",
        "what_to_do": urgent.what_to_do
        if urgent and opened.decides("medications")
        else "",
        "source": urgent.source if urgent else "",
        "daily_life": item.daily_life,
        "therapy": item.therapy,
        "marks": [words.mark(mark) for mark in row.marks],
        "change_url": reverse("patients:side_effect_change", args=at)
        if opened.decides("medications")
        else "",
        "written_by": written_by(opened, item),
        "mark_url": reverse("patients:side_effect_mark", args=at) if may_mark else "",
    }
