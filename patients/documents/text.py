"""The summary as plain text, to paste into another system's chart (X2)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from carecoord.zones import NO_BREAK
from patients.one_page import Line, MedicineRow, Section, Sheet, Summary, whole_sheet


def plain_text(summary: Summary) -> str:
    """Everything in full, one fact a line. Raises TooLarge as the sheet does."""
    sheet = whole_sheet(summary)
    blocks = [list(block) for block in _blocks(sheet)]
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return text.replace(NO_BREAK, " ")


def _blocks(sheet: Sheet) -> Iterator[Iterator[str]]:
    one = sheet.summary
    yield _head(one)
    yield _allergies(one)
    yield _medicines(sheet)
    for section in (*sheet.left, *sheet.right):
        yield _section(section)
    yield _duties(one)
    yield _foot(one)


def _head(one: Summary) -> Iterator[str]:
    yield _("Health summary: %(name)s") % {"name": one.name}
    born = _("Born %(day)s") % {"day": one.born}
    born = f"{born} ({one.age})" if one.age else born
    yield ", ".join(part for part in (born, one.also_known, one.pronouns) if part)
    facts = {
        _("Phone"): one.phone,
        _("Language"): one.language,
        _("Emergency contact"): one.emergency_contact,
        _("Preferred hospital"): one.preferred_hospital,
    }
    for label, said in facts.items():
        yield f"{label}: {said or _('not recorded')}"
    yield one.confirmed or _("Not checked by the patient yet")
    yield one.printed


def _allergies(one: Summary) -> Iterator[str]:
    yield one.allergies.label
    yield from (f"- {line_text(item)}" for item in one.allergies.items)


def _medicines(sheet: Sheet) -> Iterator[str]:
    one = sheet.summary
    yield one.medicines_heading
    if one.medicines_line:
        yield one.medicines_line
    if not one.medicines:
        yield one.medicines_empty
    yield from (f"- {medicine_text(row)}" for row in one.medicines)
    for section in sheet.under_medicines:
        yield from (line_text(item) for item in section.lines)
        yield from filter(None, (section.line, section.empty * section.says_empty))


def medicine_text(row: MedicineRow) -> str:
    """Name, amount and when in one sentence: never one without the others."""
    named = " ".join(part for part in (row.name, _brand(row), row.form) if part)
    times = ", ".join(f"{label} {count}" for label, count in row.labelled_times)
    a_day = f" ({row.a_day})" if row.a_day else ""
    dose = row.span or f"{row.each_time}{a_day}: {times}"
    facts = [
        f"{named}: {dose}",
        row.status,
        _("For %(what)s") % {"what": row.purpose} if row.purpose else "",
        row.prescriber,
        row.last_change,
        *row.flags,
    ]
    return ". ".join(fact.rstrip(".") for fact in facts if fact) + "."


def _brand(row: MedicineRow) -> str:
    return f"({row.brand})" if row.brand else ""


def _section(section: Section) -> Iterator[str]:
    yield f"{section.title} ({section.note})" if section.note else section.title
    if section.line:
        yield section.line
    if section.says_empty:
        yield section.empty
    yield from (f"- {line_text(item)}" for item in section.lines)


def line_text(item: Line) -> str:
    """One line as it is read: label, what is in bold, and the rest."""
    head = " ".join(part for part in (item.label, item.strong) if part)
    parts = "; ".join(line_text(part) for part in item.parts)
    more = f" {item.more}" if item.more else ""
    return f"{head}{item.tail}{more} {parts}".strip()


def _duties(one: Summary) -> Iterator[str]:
    yield _("Who does what")
    if one.duties_line:
        yield one.duties_line
    for person in one.duties:
        facts = (person.name, person.role, person.phone, person.duty)
        yield "- " + ", ".join(fact for fact in facts if fact)


def _foot(one: Summary) -> Iterator[str]:
    yield " ".join(filter(None, (one.legend, one.permission, one.scope)))
    if one.part2:
        yield one.part2_notice
