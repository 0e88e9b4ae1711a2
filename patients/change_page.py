"""Changes with their windows, as chart, list and home draw them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consents.access import OpenPatient
from consents.representing import in_words
from consents.spoken import spoken_to
from patients import change_words as words
from patients.access.changes import ChangeRows, Watched, due_check_ins, who_knows
from patients.change_windows import Clash
from patients.codes import Helped
from patients.dosage.words import joined
from patients.medicine_knowledge import watching_of
from patients.models import CheckIn, MedicineChange


def changes_context(opened: OpenPatient, rows: ChangeRows) -> dict[str, Any]:
    """The same for every reader of the same rows; more for the patient alone."""
    watched = watched_rows(opened, rows.watched)
    return {
        "watched": watched,
        "worse": any(row["is_worse"] for row in watched),
        "clashes": [_clash(opened, one) for one in rows.clashes],
        "advice": words.clash_advice(),
        "own": opened.is_patient,
        "empty": _("Nothing now.")
        if opened.is_patient
        else spoken_to(opened).none_here("medications"),
    }


def answered_by(opened: OpenPatient, row: CheckIn | None) -> str:
    """Who answered for the patient, in which capacity; empty for their own hand."""
    if row is None or row.recorded_by_id == opened.patient.user_id:
        return ""
    return in_words(opened.patient, row.recorded_at, row.recorded_by)


def _clash(opened: OpenPatient, one: Clash) -> dict[str, str]:
    said = {"text": words.clash(one, own=opened.is_patient), "told": "", "not_told": ""}
    if opened.is_patient:
        know, do_not = who_knows(opened, one)
        if know:
            text = _("%(names)s can see both.")
            said["told"] = text % {"names": joined(know)}
        if do_not:
            text = _("%(names)s can't see both, by your choice. You can tell them.")
            said["not_told"] = text % {"names": joined(do_not)}
    return said


def check_ins_context(opened: OpenPatient) -> list[dict[str, Any]]:
    """The questions that wait, each with its one-tap answers."""
    return [
        {
            "question": words.question(one, who=asked_for(opened)),
            "looked_for": words.looked_for(one),
            "url": check_in_url(one),
            "answers": Helped.choices,
        }
        for one in due_check_ins(opened)
    ]


def watched_rows(
    opened: OpenPatient, watched: Iterable[Watched]
) -> list[dict[str, Any]]:
    return [
        {
            "title": words.title(one.change),
            "whose": words.whose(one.change, own=opened.is_patient),
            "expected": words.expected(one.change),
            "watch": words.watch(one.change),
            "answer": words.answer(one.check_in, list(one.mattered))
            if one.check_in
            else "",
            "answered_by": answered_by(opened, one.check_in),
            "is_worse": bool(one.check_in and one.check_in.helped == Helped.WORSE),
        }
        for one in watched
    ]


def asked_for(opened: OpenPatient) -> str:
    """The name of the patient, where somebody else is asked for them; else empty."""
    return "" if opened.is_patient else opened.patient.first_name


def check_in_url(change: MedicineChange) -> str:
    return reverse("patients:check_in", args=[change.patient_id, change.pk])


def stop_warning(*names: str) -> dict[str, Any] | None:
    """What to know before stopping it suddenly, with its source; none if nothing."""
    known = watching_of(*names)
    if known is None or not known.stop:
        return None
    return {"text": known.stop, "source": words.source_words(known)}
