"""Tests and results in words. Clinical wording awaits review by a clinician."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from carecoord import zones
from consents import lines
from consents.spoken import Spoken
from patients.access.monitoring import TestRow
from patients.access.owners import Owner
from patients.models import Observation, TestResult
from patients.monitoring import Due, Schedule, State
from patients.one_page import Line
from patients.record_words import number, tidy

# So many late tests are named on paper; the others are counted.
NAMED = 4
TONES = {
    State.OVERDUE: "warn",
    State.MISSING: "warn",
    State.SOON: "info",
    State.LATER: "plain",
    State.PAST: "plain",
    State.DONE: "ok",
}


def due_words(due: Due, *, own: bool) -> str:
    """ "Was due Oct 3, 2026"; never that nobody did it, only that none is here."""
    day = zones.day_words(due.day) if due.day else ""
    none = _("No result on this list") if own else lines.none_here()
    said = {
        State.OVERDUE: _("Was due %(day)s"),
        State.MISSING: none,
        State.PAST: _("Meant for before the first dose. %(none)s") % {"none": none},
        State.SOON: _("Due %(day)s"),
        State.LATER: _("Due %(day)s"),
        State.DONE: _("Nothing more is due"),
    }[due.state]
    return said % {"day": day}


def value_words(item: TestResult) -> str:
    """ "0.8 mmol/L": the number and its unit, or the words of the report."""
    measured = f"{item.value} {item.unit}".strip()
    return ", ".join(part for part in (measured, tidy(item.words)) if part)


def result_line(item: TestResult) -> Line:
    """ "Lithium level: 0.8 mmol/L, Nov 3, 2026; ordered by …; done at …" """
    said = [zones.day_words(item.done_date)]
    if item.usual:
        said.append(_("usual on the report: %(range)s") % {"range": tidy(item.usual)})
    said.append(ordered_words(item))
    if item.place:
        said.append(_("done at %(place)s") % {"place": tidy(item.place)})
    return Line(
        label=f"{tidy(item.name)}:",
        strong=value_words(item),
        text=f", {'; '.join(said)}",
        id=str(item.pk),
    )


def ordered_words(item: TestResult) -> str:
    """Who ordered it, so that the next one asks there and not again."""
    if item.ordered_by:
        return _("ordered by %(name)s") % {"name": tidy(item.ordered_by)}
    return _("who ordered it is not recorded")


def entered_words(item: TestResult, *, by_patient: str) -> str:
    name = item.author.name if item.author else by_patient
    return _("Entered by %(name)s.") % {"name": name}


def number_line(row: TestRow) -> str:
    """The newest numbers of the record that count as this test, each of its day."""
    newest: dict[str, Observation] = {}
    for one in row.numbers:
        newest.setdefault(one.measure, one)
    return "; ".join(
        f"{one.get_measure_display()}: {number(one.value)}, "
        f"{zones.day_words(zones.today(one.occurred_at, one.patient.time_zone))}"
        for one in newest.values()
    )


def owner_words(owner: Owner, spoken: Spoken | None = None) -> str:
    """Who looks after one test; that nobody does is said, where the team is shared.

    In the words for whoever reads, or for clinicians.
    """
    title = _("Who looks after it")
    if owner.is_reader:
        return _("You look after it.")
    if not owner.knows_team:
        return spoken.not_part_of(title) if spoken else lines.not_part(title)
    if owner.party is None and not owner.whole_team:
        none = spoken.none_of("care_team", title) if spoken else ""
        return none or lines.none_on_list(title)
    if owner.party is None:
        return _("Nobody looks after it yet. Ask at the next visit.")
    return _("%(name)s looks after it.") % {"name": owner.name}


def source_words(schedule: Schedule) -> str:
    """Who says so and when; and whether the days of it were compared with that."""
    said = {"source": schedule.source, "day": schedule.source_date}
    parts = [_("Source: %(source)s, %(day)s.") % said]
    if schedule.own_rhythm:
        parts.append(_("How often is set by this service."))
    if not schedule.checked:
        parts.append(_("Not compared with the source yet."))
    return " ".join(parts)


def late_line(rows: Iterable[TestRow], *, own: bool) -> Line | None:
    """The late tests as one line of the summary, or nothing."""
    late = [row for row in rows if row.due.is_late]
    if not late:
        return None
    said = [
        f"{row.test.name} ({_lower(due_words(row.due, own=own))})"
        for row in late[:NAMED]
    ]
    if len(late) > NAMED:
        said.append(_("%(count)d more") % {"count": len(late) - NAMED})
    return Line(label=_("Tests to ask about:"), text="; ".join(said))


def _lower(text: str) -> str:
    return (text[:1].lower() + text[1:]).rstrip(".")
