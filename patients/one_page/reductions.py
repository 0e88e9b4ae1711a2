"""What gives way when the sheet is too long, in order, and always declared.

Never dropped or shortened: allergies, any prescription medicine, changes in 90 days,
safety, contacts, and a trial that ended in a dangerous reaction (SCREENS B14 and
correction 7).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from patients.one_page.sheet import Line, Section, Sheet

GOAL_CHARACTERS = 120


@dataclass(frozen=True)
class Reduction:
    """A named step that makes a sheet shorter and says so on the sheet."""

    name: str
    apply: Callable[[Sheet], Sheet]
    section: str = ""


def newest(section: Section, count: int) -> Section:
    """Keep the first `count` lines and every dangerous one; say "3 of 8 shown"."""
    kept = tuple(
        line
        for place, line in enumerate(section.items)
        if place < count or line.dangerous
    )
    if len(kept) == len(section.items):
        return section
    counts = {"shown": len(kept), "all": _whole_count(section)}
    return replace(section, items=kept, note=_("%(shown)d of %(all)d shown") % counts)


def _whole_count(section: Section) -> int:
    """How many lines there were before any reduction; the note remembers it."""
    numbers = [int(word) for word in section.note.split() if word.isdigit()]
    return max([len(section.items), *numbers])


def shortened(section: Section, characters: int) -> Section:
    """Cut the lines to `characters` in all; say "more in the app".

    Only the first is cut between words. A later one stands whole or not at all: a
    stump like "Back to" says nothing.
    """
    room = characters
    kept: list[Line] = []
    for line in section.items:
        cut = _cut(line, room)
        if cut is None or (kept and cut is not line):
            break
        kept.append(cut)
        room -= sum(len(text) for text in cut.texts())
    if tuple(kept) == section.items:
        return section
    return replace(section, items=tuple(kept), note=_("more in the app"))


def _cut(line: Line, room: int) -> Line | None:
    """Return the line cut to `room` characters, or None where no word fits."""
    head = len(line.label) + len(line.strong)
    if head + len(line.text) <= room:
        return line
    text = line.text[: max(room - head + 1, 0)].rpartition(" ")[0]
    if head > room or not (head or text):
        return None
    return replace(line, text=text.rstrip(",;:."))


def _keep(name: str, count: int) -> Reduction:
    def apply(sheet: Sheet) -> Sheet:
        section = newest(getattr(sheet.summary, name), count)
        changed: dict[str, Any] = {name: section}
        return replace(sheet, summary=replace(sheet.summary, **changed))

    return Reduction(f"{name}-{count}", apply, section=name)


def _merge_supplements(sheet: Sheet) -> Sheet:
    also = tuple(row for row in sheet.rows if row.mergeable)
    rows = tuple(row for row in sheet.rows if not row.mergeable)
    return replace(sheet, rows=rows, also=also)


def _shorten_goals(sheet: Sheet) -> Sheet:
    goals = shortened(sheet.summary.goals, GOAL_CHARACTERS)
    return replace(sheet, summary=replace(sheet.summary, goals=goals))


def _shorten_windows(sheet: Sheet) -> Sheet:
    """Until when to watch stays; what for, and what to expect, stand in the app."""
    section = sheet.summary.changes
    items = tuple(replace(line, more="") for line in section.items)
    if items == section.items:
        return sheet
    changes = replace(section, items=items, note=_("more in the app"))
    return replace(sheet, summary=replace(sheet.summary, changes=changes))


# Always allowed, in this order, once the smallest letters do not help.
FIRST = (
    _keep("trials", 3),
    Reduction("supplements-merged", _merge_supplements),
    Reduction("goals-120", _shorten_goals),
    Reduction("windows-in-short", _shorten_windows),
)
# Allowed to keep a list of up to 14 medicines on its one page.
FURTHER = (
    _keep("stays", 2),
    _keep("daily_life", 2),
    _keep("trials", 1),
    _keep("now", 4),
    _keep("decide", 2),
    _keep("stays", 1),
    _keep("daily_life", 0),
    _keep("goals", 0),
    _keep("stays", 0),
    _keep("now", 2),
)


def reduced(sheet: Sheet, reductions: tuple[Reduction, ...]) -> Sheet:
    """Return the sheet after these reductions, one after the other."""
    for reduction in reductions:
        sheet = reduction.apply(sheet)
    return sheet
