"""The tests as the page, the chart and the composer draw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consents.access import OpenPatient
from consents.spoken import spoken_to
from patients import monitoring_words as words
from patients.access.monitoring import (
    Monitoring,
    TestRow,
    load_monitoring,
    may_see,
)
from patients.access.owners import Owner, load_owners
from patients.documents.text import line_text
from patients.models import TestResult
from patients.monitoring import book
from providers.models import CareTeamParticipant


def monitoring_context(
    opened: OpenPatient,
    *,
    found: Monitoring | None = None,
    team: Sequence[CareTeamParticipant] | None = None,
) -> dict[str, Any]:
    """What was done, first; then what the medicines of this reader ask for."""
    found = found or load_monitoring(opened)
    owners = load_owners(opened, found.asked, team)
    asked = [_asked(opened, row, owners[row.test.key]) for row in found.asked]
    now = [row for row in asked if row["is_late"] or row["tone"] == "info"]
    mine = [row for row in now if row["is_late"] and row["is_mine"]]
    return {
        "done": [result_row(opened, item) for item in found.results],
        "asked": asked,
        "now": now,
        "later": [row for row in asked if row not in now],
        "late": len(found.late),
        "mine_late": mine,
        "others": [row for row in now if row not in mine],
        "shows": may_see(opened),
        "line": _line(opened, found),
        "none_done": spoken_to(opened).none_here("measures"),
        "add_url": add_url(opened),
        "page_url": reverse("patients:tests", args=[opened.patient.pk]),
    }


def _line(opened: OpenPatient, found: Monitoring) -> str:
    """Why nothing is asked for: by scope first, never by what is kept back."""
    if not may_see(opened):
        return spoken_to(opened).not_part_here()
    if found.asked:
        return ""
    if opened.is_patient:
        return _("No medicine on your list asks for a test.")
    return spoken_to(opened).none_here("measures")


def add_url(opened: OpenPatient) -> str:
    if not may_add(opened):
        return ""
    return reverse("patients:test_choose", args=[opened.patient.pk])


def keeps_it(opened: OpenPatient) -> bool:
    """The patient, or whoever reads in their place: to them it is "this list"."""
    return opened.is_patient or opened.representative is not None


def may_add(opened: OpenPatient) -> bool:
    """Whoever decides for the patient, and licensed clinicians who see numbers."""
    licensed = bool(opened.role and opened.role.licensed)
    return opened.decides("measures") or (licensed and opened.scope.has("measures"))


def result_row(opened: OpenPatient, item: TestResult) -> dict[str, Any]:
    mine = opened.decides("measures") if item.author_id is None else False
    mine = mine or (item.author_id is not None and item.author_id == opened.party_id)
    place = [opened.patient.pk, item.pk]
    privacy = [opened.patient.pk, "result", item.pk]
    return {
        "text": line_text(words.result_line(item)),
        "by": words.entered_words(item, by_patient=opened.patient.name),
        "mistake_url": reverse("patients:test_mistake", args=place) if mine else "",
        "privacy_url": reverse("patients:item_privacy", args=privacy)
        if opened.is_patient
        else "",
    }


def may_choose_owner(opened: OpenPatient) -> bool:
    """Whoever decides about the tests and about the team: only they know both."""
    kinds = ("medications", "measures", "care_team")
    return all(opened.decides(kind) for kind in kinds)


def _asked(opened: OpenPatient, row: TestRow, owner: Owner) -> dict[str, Any]:
    due = row.due
    place = [opened.patient.pk, row.test.mark]
    sources = {
        (words.source_words(one.schedule), one.schedule.note) for one in row.asked
    }
    return {
        "name": row.test.name,
        "due": words.due_words(due, own=keeps_it(opened)),
        "tone": words.TONES[due.state],
        "is_late": due.is_late,
        "is_mine": owner.is_reader,
        "medicines": ", ".join(dict.fromkeys(one.medicine for one in row.asked)),
        "done": [line_text(words.result_line(item)) for item in row.results[:3]],
        "numbers": words.number_line(row),
        "owner": words.owner_words(owner, spoken_to(opened)),
        "owner_url": reverse("patients:test_owner", args=place)
        if may_choose_owner(opened)
        else "",
        "sources": sorted(sources),
        "add_url": reverse("patients:test_add", args=place) if may_add(opened) else "",
    }


def choices(opened: OpenPatient, results: Sequence[TestResult]) -> list[dict[str, str]]:
    """Every test of the book, with what is here of it already."""
    newest: dict[str, TestResult] = {}
    for item in results:
        newest.setdefault(item.test, item)
    return [
        {
            "text": test.name,
            "href": reverse("patients:test_add", args=[opened.patient.pk, test.mark]),
            "note": line_text(words.result_line(newest[test.key]))
            if test.key in newest
            else "",
        }
        for test in sorted(book().tests.values(), key=lambda one: one.name)
    ]
