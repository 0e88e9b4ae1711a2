"""Items of the record one by one, in full words (consents/describing.py)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from carecoord import zones
from consents import describing
from consents.describing import Described
from patients import (
    change_words,
    medicine_list,
    medicine_rows,
    models,
    monitoring_words,
    record_words,
    side_effect_words,
)
from patients.codes import Measure
from patients.conversation import Counted
from patients.documents.text import line_text, medicine_text
from patients.one_page import Line
from patients.safe_text import safe


def hand_in() -> None:
    """Once, when the app starts."""
    for label, words in WORDS.items():
        describing.provide(label, words)


def _line(kind: str, words: Callable[..., Line]) -> describing.Describe:
    def described(item, zone: str) -> Described:
        day = zones.day_words(zones.today(item.occurred_at, zone))
        return Described(f"{_(kind)}, {day}", (line_text(words(item)),))

    return described


def _medicine(item: models.MedicationStatement, zone: str) -> Described:
    today = zones.today(item.recorded_at, zone)
    (card,) = medicine_list.cards([item], entries=(), today=today)
    said = medicine_text(medicine_rows.row(card))
    return Described(_("Medicine: %(name)s") % {"name": safe(item.name)}, (said,))


def _entry(item: models.MedicationRequest, zone: str) -> Described:
    today = zones.today(item.recorded_at, zone)
    entry = medicine_list.Entry(item, None, today)
    said = medicine_text(medicine_rows.entry_row(entry))
    title = _("Prescriber's entry: %(name)s") % {"name": safe(item.name)}
    return Described(title, (said,))


def _number(item: models.Observation, zone: str) -> Described:
    counted = Counted(
        measure=Measure(item.measure),
        value=item.value,
        at=item.occurred_at,
        note=item.note,
        id=item.pk,
        part2_origin=item.part2_origin,
    )
    said = line_text(record_words.counted([counted], zone=zone))
    return Described(item.get_measure_display(), (said,))


def _daily_life(item: models.DailyLife, zone: str) -> Described:
    answers = record_words.daily_life(item)
    return Described(_("Daily life"), tuple(line_text(line) for line in answers))


def _side_effect(item: models.SideEffect, zone: str) -> Described:
    return Described(item.get_kind_display(), (safe(side_effect_words.line(item)),))


def _change(item: models.MedicineChange, zone: str) -> Described:
    said = change_words.watch_text(item)
    lines = (change_words.title(item), *([said] if said else []))
    return Described(_("Change of a medicine"), lines)


def _check_in(item: models.CheckIn, zone: str) -> Described:
    title = change_words.title(item.change)
    said = change_words.answer(item, [])
    return Described(_("Since %(change)s") % {"change": title}, (said,))


def _phase(item: models.TherapyPhase, zone: str) -> Described:
    return Described(_("Therapy"), (change_words.phase(item),))


WORDS: dict[str, describing.Describe] = {
    "patients.medicationstatement": _medicine,
    "patients.medicationrequest": _entry,
    "patients.sideeffect": _side_effect,
    "patients.medicinechange": _change,
    "patients.checkin": _check_in,
    "patients.therapyphase": _phase,
    "patients.condition": _line("Condition", record_words.condition),
    "patients.symptom": _line("Symptom", record_words.symptom),
    "patients.observation": _number,
    "patients.testresult": _line("Test result", monitoring_words.result_line),
    "patients.goal": _line("Goal", record_words.goal),
    "patients.hospitalstay": _line("Hospital stay", record_words.stay),
    "patients.treatmenttried": _line("Treatment tried", record_words.treatment),
    "patients.medicinetrial": _line("Medicine tried", record_words.trial),
    "patients.allergyintolerance": _line("Allergy", record_words.allergy),
    "patients.substanceuse": _line("Substance use", record_words.substance),
    "patients.familynote": _line("Noticed by family", record_words.noticed),
    "patients.emergencycontact": _line("Emergency contact", record_words.contact),
    "patients.dailylife": _daily_life,
    "patients.decisionwanted": _line("Decision wanted", record_words.wanted),
    "patients.timelineevent": _line("Change", record_words.change),
}
