"""An item of the record as one line: for the chart, the paper and the record pages.

Every text that people typed passes `safe`, since it may name a dose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carecoord import zones
from patients import change_words, medicine_names
from patients.codes import ConditionStatus, Criticality, Measure
from patients.conversation import Counted
from patients.models import (
    AllergyIntolerance,
    Condition,
    DailyLife,
    DecisionWanted,
    EmergencyContact,
    FamilyNote,
    Goal,
    HospitalStay,
    MedicineChange,
    MedicineTrial,
    Observation,
    SubstanceUse,
    Symptom,
    TimelineEvent,
    TreatmentTried,
)
from patients.one_page import Line
from patients.safe_text import safe

# What paper carries of one text; the rest is declared, never lost in silence.
LONGEST = 240


def tidy(text: str, *, longest: int = LONGEST) -> str:
    """One line, safe to print; a longer text ends between words, and says so."""
    text = safe(" ".join((text or "").split())).rstrip(".")
    if len(text) <= longest:
        return text
    head = text[:longest].rpartition(" ")[0] or text[:longest]
    return _("%(text)s (more in the app)") % {"text": head.rstrip(",;:.")}


def number(value: Decimal) -> str:
    """4, 4.5: no zeros at the end (ISMP), no exponent."""
    return format(value.normalize() + 0, "f")


def _after(text: str, *, mark: str = ":") -> str:
    return f"{mark} {text}" if text else ""


def _sentences(*parts: str) -> str:
    """One after the other, each later one with a capital."""
    first, *rest = [part for part in parts if part] or [""]
    return ". ".join([first, *(part[0].upper() + part[1:] for part in rest)])


def allergy(item: AllergyIntolerance) -> Line:
    """ "sulfa antibiotics: hives (2012), dangerous" """
    said = tidy(item.reaction)
    if item.year:
        said = f"{said} ({item.year})" if said else str(item.year)
    if item.criticality == Criticality.HIGH:
        dangerous = _("dangerous")
        said = f"{said}, {dangerous}" if said else dangerous
    return Line(strong=tidy(item.substance), text=_after(said), id=str(item.pk))


def substance(item: SubstanceUse) -> Line:
    """ "Alcohol 2 drinks a week", "Cannabis (edible) 5 mg once a week" """
    said = " ".join(part for part in (tidy(item.amount), tidy(item.often)) if part)
    return Line(
        strong=tidy(item.called), text=said or _("amount not recorded"), id=str(item.pk)
    )


def change(
    item: TimelineEvent,
    *,
    with_detail: bool = True,
    window: MedicineChange | None = None,
) -> Line:
    """ "quetiapine: 100 mg to 150 mg from Nov 3, 2026. Decided by Dr. Lee."

    With a window that runs: "Watch until Dec 1, 2026.", and where there is room what
    for, and what to expect by when.
    """
    name, colon, rest = item.title.partition(": ")
    strong = medicine_names.tall_man(name) if colon else ""
    detail = tidy(item.detail) if with_detail else ""
    text = _sentences(tidy(rest if colon else item.title), detail)
    # "prednisone in steps is on the list": the name may stand anywhere.
    text = medicine_names.tall_man(text)
    more = ""
    if window is not None and window.watch_until_date:
        until = change_words.watch_until(window)
        text = _sentences(text.rstrip("."), until)
        more = change_words.looked_for_now(window)
    return Line(
        strong=strong,
        text=_after(text) if colon else text,
        id=str(item.pk),
        more=more,
    )


def trial(item: MedicineTrial) -> Line:
    """ "sertraline 2020, up to 100 mg, 8 weeks: no benefit. Stopped: nausea" """
    facts = [str(item.year) if item.year else ""]
    if item.dose_reached:
        facts.append(_("up to %(dose)s") % {"dose": tidy(item.dose_reached)})
    if item.weeks:
        facts.append(
            ngettext("%(n)d week", "%(n)d weeks", item.weeks) % {"n": item.weeks}
        )
    why = tidy(item.why_stopped)
    told = _sentences(
        _("DANGEROUS REACTION, do not restart") if item.dangerous else "",
        tidy(item.effect),
        _("Stopped: %(why)s") % {"why": why} if why else "",
    )
    head = ", ".join(fact for fact in facts if fact)
    return Line(
        strong=medicine_names.tall_man(tidy(item.name)),
        text=f"{head}{_after(told)}",
        dangerous=item.dangerous,
        id=str(item.pk),
    )


def treatment(item: TreatmentTried) -> Line:
    head = tidy(item.when)
    return Line(
        strong=tidy(item.what),
        text=f"{head}{_after(tidy(item.effect))}",
        id=str(item.pk),
    )


def condition(item: Condition) -> Line:
    """ "Bipolar 2 disorder (2019, in remission)" """
    facts = [str(item.since_year) if item.since_year else ""]
    if item.status != ConditionStatus.ACTIVE:
        facts.append(item.get_status_display().lower())
    said = ", ".join(fact for fact in facts if fact)
    name = tidy(item.name)
    return Line(text=f"{name} ({said})" if said else name, id=str(item.pk))


def stay(item: HospitalStay) -> Line:
    """ "Mercy General, 6 days, Feb 2019: hypomania" """
    parts = (tidy(item.where), tidy(item.how_long), tidy(item.when))
    head = ", ".join(part for part in parts if part)
    return Line(text=f"{head}{_after(tidy(item.why))}", id=str(item.pk))


def symptom(item: Symptom) -> Line:
    """ "waking at 3 am, since October. Better: walking. Worse: night shifts" """
    text = _sentences(
        _("since %(when)s") % {"when": tidy(item.since)} if item.since else "",
        _("Better: %(what)s") % {"what": tidy(item.better)} if item.better else "",
        _("Worse: %(what)s") % {"what": tidy(item.worse)} if item.worse else "",
    )
    mark = "," if item.since else "."
    return Line(strong=tidy(item.what), text=_after(text, mark=mark), id=str(item.pk))


def goal(item: Goal) -> Line:
    """ "Sleep through the night. Now 4 hours, target 7 hours by Feb 1, 2027" """
    steps = [
        _("now %(value)s") % {"value": tidy(item.baseline)} if item.baseline else "",
        _("target %(value)s") % {"value": tidy(item.target)} if item.target else "",
    ]
    said = ", ".join(step for step in steps if step)
    if item.target_date:
        day = zones.day_words(item.target_date)
        said = f"{said} " if said else ""
        said = f"{said}{_('by %(day)s') % {'day': day}}"
    return Line(text=f"{tidy(item.what)}{_after(said)}", id=str(item.pk))


def wanted(item: DecisionWanted) -> Line:
    return Line(text=tidy(item.what), id=str(item.pk))


def noticed(item: FamilyNote) -> Line:
    """ "up until 4 am, Nov 3, 2026" """
    told = _("%(what)s, %(day)s")
    said = {"what": tidy(item.text), "day": zones.day_words(item.noticed_date)}
    return Line(text=told % said, id=str(item.pk))


def contact(item: EmergencyContact) -> Line:
    """ "Ana Rivera (sister) (555) 010-0142" """
    named = tidy(item.name)
    if item.relationship:
        named = f"{named} ({tidy(item.relationship)})"
    return Line(text=f"{named} {tidy(item.phone)}".strip(), id=str(item.pk))


def daily_life(item: DailyLife, *, but: Collection[str] = ()) -> tuple[Line, ...]:
    """One line for every answer that was given, without the fields in `but`."""
    return tuple(
        Line(strong=label, text=_after(tidy(said)), id=str(item.pk))
        for label, said in daily_life_answers(item, but=but)
        if said
    )


def daily_life_answers(
    item: DailyLife | None, *, but: Collection[str] = ()
) -> list[tuple[str, str]]:
    """The questions in their order, with the answers given."""
    labels = {
        "work_schedule": _("Work"),
        "sleep_pattern": _("Sleep"),
        "visit_preference": _("Visits"),
        "preferred_hospital": _("Preferred hospital"),
        "pharmacy": _("Pharmacy"),
        "insurance": _("Insurance"),
    }
    return [
        (label, getattr(item, name, ""))
        for name, label in labels.items()
        if name not in but
    ]


def observation(item: Observation) -> Line:
    value = Counted(Measure(item.measure), item.value, item.occurred_at, item.note)
    return counted([value], zone=item.patient.time_zone)


def counted(values: list[Counted], *, zone: str = "UTC") -> Line:
    """ "Sleep, hours a night: 4.5 on Nov 18, 2026, was 7 on Oct 2, 2026" """
    newest, *older = values
    text = _("on %(day)s") % {"day": _day(newest, zone)}
    if older:
        was = {"value": number(older[0].value), "day": _day(older[0], zone)}
        text = f"{text}, {_('was %(value)s on %(day)s') % was}"
    text = _sentences(text, tidy(newest.note))
    return Line(
        label=f"{newest.measure.label}:",
        strong=number(newest.value),
        text=text,
        id=str(newest.id or ""),
    )


def counted_by_day(series: Iterable[list[Counted]], *, zone: str) -> list[Line]:
    """Values of one day from one person under one label: paper has little room.

    "Nov 24, 2026 (before: Nov 5, 2026). From Sam Okafor: Sleep, hours a night: 6,
    was 4; Panic attacks a week: 2, was 3". Days before that differ stand beside each
    value.
    """
    groups: dict[tuple[str, str], list[list[Counted]]] = {}
    for values in series:
        key = (_day(values[0], zone), tidy(values[0].note))
        groups.setdefault(key, []).append(values)
    return [
        _one_day(day, note, together, zone) for (day, note), together in groups.items()
    ]


def _one_day(day: str, note: str, together: list[list[Counted]], zone: str) -> Line:
    days = {_day(values[1], zone) for values in together if len(values) > 1}
    same = len(days) == 1
    if same:
        before = _("before: %(day)s") % {"day": days.pop()}
        day = f"{day} ({before})"
    return Line(
        label=f"{_sentences(day, note)}:",
        parts=tuple(_in_a_row(values, "" if same else zone) for values in together),
    )


def _in_a_row(values: list[Counted], zone: str) -> Line:
    """ "Panic attacks a week: 2, was 3", with the day of that in `zone`, if named.

    Without a colon "of the last 10 8" and "PHQ-9 14" are other numbers.
    """
    newest, *older = values
    was = ""
    if older:
        was = _(", was %(value)s") % {"value": number(older[0].value)}
        if zone:
            was = _("%(was)s on %(day)s") % {"was": was, "day": _day(older[0], zone)}
    return Line(
        label=f"{newest.measure.label}:",
        strong=number(newest.value),
        text=was,
        id=str(newest.id or ""),
    )


def _day(value: Counted, zone: str) -> str:
    return zones.day_words(zones.today(value.at, zone))


# One line for one item, by model; daily life has several, so it stands apart.
LINES: dict[type, Callable[..., Line]] = {
    AllergyIntolerance: allergy,
    Condition: condition,
    DecisionWanted: wanted,
    EmergencyContact: contact,
    Goal: goal,
    HospitalStay: stay,
    MedicineTrial: trial,
    Observation: observation,
    SubstanceUse: substance,
    Symptom: symptom,
    TreatmentTried: treatment,
}
