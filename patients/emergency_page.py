"""The emergency page, always in one order: what can kill first, whom to call last.

Every section stands by the scope of the emergency, and an empty one never says "none"
where something may be kept back (consents/lines.py).

Clinical wording: awaiting review by a clinician (docs/wording-awaiting-review.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from carecoord import zones
from consents import lines
from consents.access import OpenPatient
from patients import identity, medicine_rows, record_words
from patients.access.emergency import EmergencyRows
from patients.one_page import Line, Section


def emergency_context(opened: OpenPatient, rows: EmergencyRows) -> dict[str, Any]:
    """Everything of the page, for whoever stated the emergency."""
    patient = opened.patient
    today = zones.today(opened.at, patient.time_zone)
    medicines = _medicines(rows, today)
    return {
        "opened": opened,
        "patient": patient,
        "name": identity.surname_first(patient.name),
        "age": patient.age_on(today),
        "notice": lines.emergency_choice(),
        "allergies_line": rows.allergies.line,
        "allergies": [record_words.allergy(row) for row in rows.allergies.items],
        "medicines": medicines,
        "medicines_heading": lines.emergency_heading(
            _("Medicines"), count=len(medicines)
        ),
        "sections": _sections(opened, rows),
    }


def _medicines(rows: EmergencyRows, today) -> tuple:
    listed = rows.medicines
    return medicine_rows.rows(
        listed.current, entries=listed.entries, today=today
    ) + medicine_rows.entry_rows(listed.entries, shown=listed.statements, today=today)


def _sections(opened: OpenPatient, rows: EmergencyRows) -> list[Section]:
    words = record_words
    return [
        _section(_("Dangerous reactions before"), map(words.trial, rows.dangerous)),
        _section(
            _("Changed in the last 90 days"),
            (words.change(event) for event in rows.changes),
        ),
        _section(_("Conditions"), map(words.condition, rows.conditions)),
        _section(_("Who to call"), _contacts(opened, rows)),
    ]


def _contacts(opened: OpenPatient, rows: EmergencyRows) -> Iterable[Line]:
    yield from map(record_words.contact, rows.contacts)
    if opened.scope.has("contacts") and opened.patient.phone:
        yield Line(text=_("The patient: %(phone)s") % {"phone": opened.patient.phone})
    life = rows.daily_life
    if life and life.preferred_hospital:
        said = record_words.tidy(life.preferred_hospital)
        yield Line(text=_("Preferred hospital: %(name)s") % {"name": said})
    if life and life.pharmacy:
        said = record_words.tidy(life.pharmacy)
        yield Line(text=_("Pharmacy: %(name)s") % {"name": said})


def _section(title: str, items: Iterable[Line]) -> Section:
    return Section(title=title, items=tuple(items), empty=lines.emergency_none())
