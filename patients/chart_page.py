"""What stands on the chart: the summary's own sections, in the order of the chart.

Chart and paper are one text, so a section is there by the scope of the consent and
never by what the record holds.
"""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from carecoord import zones
from consents import lines, representing, windows
from consents.access import OpenPatient
from consents.access.requests import own_request
from consents.codes import CATEGORIES, Relation
from consents.spoken import spoken_to
from patients import documents, identity
from patients.access.changes import load_change_rows
from patients.access.chart import ChartRows, load_chart
from patients.access.flags import Checked, load_flags
from patients.access.record import keeps
from patients.access.side_effects import load_side_effects
from patients.change_page import changes_context, check_ins_context
from patients.conversation import conversation
from patients.documents.text import line_text
from patients.flag_page import MOST_DRAWN, flags_context
from patients.monitoring_page import monitoring_context
from patients.number_lines import measure_rows
from patients.one_page import Section, Sheet, Summary, whole_sheet
from patients.record_nouns import BY_SLUG, NOUNS
from patients.side_effect_page import effects_context
from patients.supply_page import supply_context
from patients.today import today_of


def chart_context(opened: OpenPatient) -> dict[str, Any]:
    """Everything of the chart, for whoever reads under a consent."""
    rows = load_chart(opened)
    sheet = whole_sheet(documents.summary(opened, rows, sign_in_url=""))
    one = sheet.summary
    return {
        **frame(opened),
        "allergies_line": allergies_line(one),
        "sheet": sheet,
        "asked": rows.conversation.asked,
        "updates": rows.conversation.updates,
        "not_sent": [each for each in rows.conversation.updates if each.pressing],
        "updates_line": _line(
            opened, "updates", has_any=bool(rows.conversation.updates)
        ),
        "numbers": _numbers(opened, rows),
        "tests": _tests(opened, rows),
        "now": _symptoms(opened, one, rows),
        "flags": _flags(opened, rows),
        **_side_effects(opened, rows),
        "changes": changes_context(opened, load_change_rows(opened)),
        **_kept(opened, rows),
        "contacts": contacts(sheet),
        "may_write": may_write(opened),
        "emergency_url": emergency_url(opened),
        "review_url": review_url(opened),
        "harm_url": harm_url(opened),
    }


def harm_url(opened: OpenPatient) -> str:
    """Where a licensed member records a disclosure to prevent harm."""
    is_licensed = opened.role and opened.role.licensed
    return address("consents:case_call", opened.patient.pk) if is_licensed else ""


def emergency_url(opened: OpenPatient) -> str:
    """Where a licensed member states an emergency; nothing for the others."""
    is_licensed = opened.role and opened.role.licensed
    return address("consents:emergency", opened.patient.pk) if is_licensed else ""


def review_url(opened: OpenPatient) -> str:
    """Where a licensed reader of the list says that it was reviewed (B12)."""
    if not (opened.role and opened.role.licensed and opened.scope.has("medications")):
        return ""
    return address("patients:list_review", opened.patient.pk)


def list_url(opened: OpenPatient) -> str:
    """Where whoever acts keeps the list: the chart alone offered no first medicine."""
    if not opened.decides("medications"):
        return ""
    return address("patients:medicines", opened.patient.pk)


# The sections of the chart, by the kind of items that are added to them.
ADDED = {
    "tried": "past-medicines",
    "now": "symptoms",
    "conditions": "conditions",
    "goals": "goals",
    "decide": "decisions",
    "stays": "hospital",
    "daily_life": "daily-life",
}


def add_urls(opened: OpenPatient) -> dict[str, str]:
    """Where whoever keeps the record adds to a section in which nothing stands."""
    return {
        section: address("patients:record_add", opened.patient.pk, slug)
        for section, slug in ADDED.items()
        if keeps(opened, BY_SLUG[slug])
    }


def _side_effects(opened: OpenPatient, rows: ChartRows) -> dict[str, Any]:
    """Of the medicines on this chart, those taken before included."""
    medicines = [row.pk for row in rows.medicines.statements]
    return effects_context(opened, load_side_effects(opened, medicines))


def _flags(opened: OpenPatient, rows: ChartRows) -> dict[str, Any]:
    """What goes badly together among the rows of this chart; by scope, or nothing."""
    if not opened.scope.has("medications"):
        return {}
    checked = Checked(
        medicines=rows.medicines,
        allergies=rows.allergies.items,
        substances=rows.substances,
        conditions=rows.conditions,
        on=zones.today(opened.at, opened.patient.time_zone),
    )
    return flags_context(opened, load_flags(opened, checked, most=MOST_DRAWN))


def _kept(opened: OpenPatient, rows: ChartRows) -> dict[str, Any]:
    """For whoever keeps the list for the patient: what home shows the patient."""
    if not opened.decides("medications"):
        return {}
    today = zones.today(opened.at, opened.patient.time_zone)
    return {
        "check_ins": check_ins_context(opened),
        "due": today_of(rows.medicines.current, on=today),
        "supply": supply_context(opened, rows.medicines.current),
    }


def _tests(opened: OpenPatient, rows: ChartRows) -> dict[str, Any]:
    """What the medicines on this chart ask for, and what was done."""
    return monitoring_context(opened, found=rows.tests, team=rows.team)


def frame(opened: OpenPatient) -> dict[str, Any]:
    """Who it is about, and under which permission."""
    patient = opened.patient
    today = zones.today(opened.at, patient.time_zone)
    return {
        "opened": opened,
        "patient": patient,
        "name": identity.heading(opened),
        "age": patient.age_on(today),
        "permission": permission(opened),
        "statement_url": statement_url(opened),
        "choice": spoken_to(opened).choice(),
        "report_url": _report_url(opened),
        "zone": opened.reading.user.time_zone,
        "is_acting": opened.representative is not None,
        "list_url": list_url(opened),
        "add_urls": add_urls(opened),
        "keeps_record": any(keeps(opened, noun) for noun in NOUNS),
        "keeps_substances": opened.decides("substances"),
        "keeps_team": representing.keeps_team(opened),
        "is_family": opened.relation == Relation.FAMILY,
        "family_kinds": CATEGORIES.words(opened.scope.categories),
    }


def _report_url(opened: OpenPatient) -> str:
    """For family: past the clinician, to the privacy officer (S71)."""
    if opened.relation != Relation.FAMILY:
        return ""
    return address("consents:report_conduct", opened.patient.pk)


def permission(opened: OpenPatient) -> str:
    """ "Sharing allowed until Mar 1, 2027"."""
    consent = opened.scope.consent
    if consent is None:
        return ""
    until = zones.last_day(windows.counts_until(consent), opened.patient.time_zone)
    return _("Sharing allowed until %(day)s") % {"day": zones.day_words(until)}


def statement_url(opened: OpenPatient) -> str:
    """The page for the reader's own chart, where a permission stands (S40)."""
    consent = opened.scope.consent
    if consent is None or opened.relation != Relation.CLINICIAN:
        return ""
    return address("consents:statement", opened.patient.pk, consent.pk)


def allergies_line(one: Summary) -> str:
    """The constant line, and every allergy in full behind it."""
    items = "; ".join(line_text(item) for item in one.allergies.items)
    return f"{one.allergies.label} {items}".strip()


def _line(opened: OpenPatient, category: str, *, has_any: bool) -> str:
    """Why a section says nothing: by scope first, never by what is kept back."""
    if not opened.scope.has(category):
        return spoken_to(opened).not_part_here()
    return "" if has_any else spoken_to(opened).none_here(category)


def _numbers(opened: OpenPatient, rows: ChartRows) -> dict[str, Any]:
    shared = rows.numbers if opened.scope.has("measures") else {}
    return {
        "rows": measure_rows(shared, zone=opened.patient.time_zone),
        "line": _line(opened, "measures", has_any=bool(shared)),
    }


def _symptoms(opened: OpenPatient, one: Summary, rows: ChartRows) -> Section:
    """What is happening now without the numbers: those have a table of their own."""
    count = len(rows.symptoms) if opened.scope.has("measures") else 0
    title = one.now.title
    empty = _line(opened, "measures", has_any=bool(count))
    return Section(items=one.now.items[:count], title=title, empty=empty)


def contacts(sheet: Sheet) -> list[dict[str, str]]:
    one = sheet.summary
    absent = _("Not recorded")
    return [
        {"label": _("Phone"), "value": one.phone or absent},
        {"label": _("Emergency contact"), "value": one.emergency_contact or absent},
        {"label": _("Preferred hospital"), "value": one.preferred_hospital or absent},
    ]


def may_write(opened: OpenPatient) -> str:
    """The address of the composer for a role that sends updates; else nothing."""
    writes = opened.role and opened.role.writes_updates
    return address("messaging:update_new", opened.patient.pk) if writes else ""


def address(name: str, *args: object) -> str:
    """An address that may belong to a part that is not installed; then nothing."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def nothing_shared_context(opened: OpenPatient) -> dict[str, Any]:
    """For a team member whom no consent covers now: own texts, and one question.

    After a death nothing is asked, sent or opened any more: there is no way to it.
    """
    asked = own_request(opened)
    closed = bool(opened.patient.died_at)
    return {
        **frame(opened),
        "nothing_shared": lines.nothing_shared(),
        "own": conversation(opened).updates,
        "asked_at": asked.asked_at if asked else None,
        "is_answered": representing.is_answered(opened.patient, opened.at),
        "ask_url": "" if closed else address("consents:ask", opened.patient.pk),
        "may_write": "" if closed else may_write(opened),
        "emergency_url": "" if closed else emergency_url(opened),
        "harm_url": harm_url(opened),
    }
