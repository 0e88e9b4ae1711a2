"""A change and its window in words: for notices, the chart and the patient's home.

Clinical wording: awaiting review (docs/wording-awaiting-review.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from carecoord import zones
from patients import side_effect_words
from patients.change_windows import Clash, is_of_entry, last_day
from patients.codes import Change, Helped, Pace, Phase
from patients.medicine_knowledge.watching import Watching
from patients.medicine_names import plain_name
from patients.models import CheckIn, MedicineChange, SideEffect, TherapyPhase
from patients.safe_text import safe

SINCE = {
    Change.STARTED: gettext_noop("How has it been since you started %(name)s?"),
    Change.DOSE: gettext_noop("How has it been since the dose of %(name)s changed?"),
    Change.STOPPED: gettext_noop("How has it been since you stopped %(name)s?"),
    Change.HELD: gettext_noop("How has it been without %(name)s?"),
}
# The same for whoever answers for the patient.
SINCE_FOR = {
    Change.STARTED: gettext_noop("How has it been for %(who)s since %(name)s began?"),
    Change.DOSE: gettext_noop(
        "How has it been for %(who)s since the dose of %(name)s changed?"
    ),
    Change.STOPPED: gettext_noop(
        "How has it been for %(who)s since %(name)s was stopped?"
    ),
    Change.HELD: gettext_noop("How has it been for %(who)s without %(name)s?"),
}
WHAT = {
    Change.STARTED: gettext_noop("%(name)s: started %(day)s"),
    Change.DOSE: gettext_noop("%(name)s: %(before)s to %(after)s from %(day)s"),
    Change.STOPPED: gettext_noop("%(name)s: stopped %(day)s"),
    Change.HELD: gettext_noop("%(name)s: on hold from %(day)s"),
}
UNDER_WAY = {
    Phase.DEMANDING: gettext_noop("trauma or other demanding work"),
    Phase.EXPOSURE: gettext_noop("exposure work"),
}
WHY = {
    Pace.SEDATING: gettext_noop(
        "It can make a person sleepy or slowed down. "
        "Feelings may be harder to reach in sessions."
    ),
    Pace.ACTIVATING: gettext_noop(
        "It can make a person restless or wound up. "
        "Distress in sessions may come from it, not from the work."
    ),
    Pace.STEADY: gettext_noop(
        "It is new. It will be hard to tell what comes from it and what from the work."
    ),
}


def name_of(change: MedicineChange) -> str:
    return safe(plain_name(change.name))


def tidy(text: str) -> str:
    return safe(" ".join(text.split())).rstrip(".")


def watch_text(change: MedicineChange) -> str:
    """ "Expected by Dec 9, 2026: better sleep. Watch for rash until Dec 23, 2026." """
    return " ".join(part for part in (expected(change), watch(change)) if part)


def expected(change: MedicineChange) -> str:
    if not change.expected:
        return ""
    what = {"what": tidy(change.expected)}
    if change.expected_date is None:
        return _("Expected: %(what)s.") % what
    what["day"] = zones.day_words(change.expected_date)
    return _("Expected by %(day)s: %(what)s.") % what


def watch(change: MedicineChange) -> str:
    parts = []
    if change.watch_for and change.watch_until_date:
        said = {"what": tidy(change.watch_for)}
        said["day"] = zones.day_words(change.watch_until_date)
        parts.append(_("Watch for %(what)s until %(day)s.") % said)
    elif change.watch_for:
        parts.append(_("Watch for %(what)s.") % {"what": tidy(change.watch_for)})
    elif change.watch_until_date:
        day = zones.day_words(change.watch_until_date)
        parts.append(_("Watch how it goes until %(day)s.") % {"day": day})
    if change.therapy:
        parts.append(_("In therapy: %(what)s.") % {"what": tidy(change.therapy)})
    return " ".join(parts)


def looked_for(change: MedicineChange) -> str:
    """What stood there when the window was open; said after it, so without its days."""
    said = {
        _("Hoped for: %(what)s."): change.expected,
        _("To watch for: %(what)s."): change.watch_for,
    }
    return " ".join(text % {"what": tidy(what)} for text, what in said.items() if what)


def watch_until(change: MedicineChange) -> str:
    """ "Watch until Dec 23, 2026." Raises ValueError for a change without a window."""
    if change.watch_until_date is None:
        raise ValueError(change.pk)
    day = zones.day_words(change.watch_until_date)
    return _("Watch until %(day)s.") % {"day": day}


def looked_for_now(change: MedicineChange) -> str:
    """The rest of an open window: what to expect by when, and what to watch for."""
    parts = [expected(change)]
    if change.watch_for:
        parts.append(_("To watch for: %(what)s.") % {"what": tidy(change.watch_for)})
    if change.therapy:
        parts.append(_("In therapy: %(what)s.") % {"what": tidy(change.therapy)})
    return " ".join(part for part in parts if part)


def title(change: MedicineChange) -> str:
    """ "quetiapine: 100 mg to 150 mg from Nov 3, 2026" """
    said = {"name": name_of(change), "before": safe(change.before)}
    said |= {"after": safe(change.after), "day": zones.day_words(change.since_date)}
    return _(WHAT[Change(change.what)]) % said


def whose(change: MedicineChange, *, own: bool) -> str:
    """Whose word it is, where it is not on the patient's list; empty for the list.

    Raises ValueError for an entry that nobody wrote.
    """
    if not is_of_entry(change):
        return ""
    if change.author is None:
        raise ValueError(change.pk)
    said = (
        _("This is the entry of %(who)s. You have not confirmed it yet.")
        if own
        else _("This is the entry of %(who)s, not yet confirmed by the patient.")
    )
    return said % {"who": change.author.name}


def question(change: MedicineChange, *, who: str = "") -> str:
    """`who`: the patient's name, where somebody else is asked for them."""
    said = {"name": name_of(change), "who": who}
    return _((SINCE_FOR if who else SINCE)[Change(change.what)]) % said


def answer(row: CheckIn, effects: list[SideEffect]) -> str:
    """ "It helped, since Nov 20, 2026. What mattered: nausea (mild)." """
    said = str(Helped(row.helped).label)
    if row.since_date:
        day = zones.day_words(row.since_date)
        said = _("%(what)s, since %(day)s") % {"what": said, "day": day}
    parts = [f"{said}."]
    found = [side_effect_words.short(one) for one in effects]
    if found:
        parts.append(_("What mattered: %(what)s.") % {"what": ", ".join(found)})
    if row.note:
        parts.append(f"{tidy(row.note)}.")
    return " ".join(parts)


def mattering(rows: Iterable[SideEffect], item: CheckIn) -> list[SideEffect]:
    """Those of these side effects that the answer names."""
    return [row for row in rows if str(row.pk) in item.mattered]


IN_PART = {
    "stop": gettext_noop("Only the words on stopping were compared with it."),
    "watch": gettext_noop("Only what to watch for was compared with it."),
}


def source_words(known: Watching) -> str:
    """Who says so, and of when; and what of it was compared with that, if anything."""
    if not known.checked:
        return _("Source: %s. Not compared with the source yet.") % known.source
    source = ", ".join(part for part in (known.source, known.source_date) if part)
    said = _("Source: %s.") % source
    return f"{said} {_(IN_PART[known.compared])}" if known.compared in IN_PART else said


def phase_name(row: TherapyPhase) -> str:
    """ "Exposure work begins"."""
    return str(Phase(row.what).label)


def phase(row: TherapyPhase) -> str:
    """ "Exposure work begins, Nov 3, 2026. May raise distress until Dec 15, 2026." """
    said = {"what": Phase(row.what).label, "day": zones.day_words(row.starts_date)}
    head = _("%(what)s, %(day)s.") % said
    until = last_day(row.starts_date, row.weeks)
    if until is None:
        return head
    tail = _("May raise distress until %(day)s.") % {"day": zones.day_words(until)}
    return f"{head} {tail}"


def clash(one: Clash, *, own: bool) -> str:
    """Both sides of it, whose word it is, why it matters, and until when."""
    said = {"change": title(one.change), "work": _(UNDER_WAY[Phase(one.phase.what)])}
    said["from"] = zones.day_words(one.phase.starts_date)
    said["until"] = zones.day_words(one.until)
    head = _("%(change)s. In therapy: %(work)s from %(from)s.") % said
    why = _(WHY[Pace(one.change.pace or Pace.STEADY)])
    tail = _("Both run until %(until)s.") % said
    said_by = whose(one.change, own=own)
    return " ".join(part for part in (head, said_by, why, tail) if part)


def clash_advice() -> str:
    return _("Talk with each other before the next step of either.")
