"""From FHIR Dosage to the fields of `patients.dosage.Dosage`.

Only what is certain is put in fields. For everything else the schedule is "other",
with the file's own words: a dose that was guessed is worse than one that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carecoord.json_files import MAX_TEXT, clean_text
from patients.dosage import Dosage
from patients.fhir import amounts, timing
from patients.fhir.amounts import Dose, Label
from patients.fhir.dates import partial_date
from patients.fhir.names import strip_tag
from patients.fhir.records import PartialDate
from patients.fhir.timing import Frequency
from patients.fhir.tolerant import (
    as_dict,
    as_list,
    concept_text,
    dicts,
    first_text,
    is_true,
    number,
)

NOT_STATED = "How to take it is not in the file."
# Words that make a plain daily reading doubtful, in the languages seen so far.
_NOT_DAILY = re.compile(
    r"\bweek|\bmonth|\bfortnight|every other day|alternate day|mondays?\b|tuesdays?\b|"
    r"wednesdays?\b|thursdays?\b|fridays?\b|saturdays?\b|sundays?\b|\btaper|\btitrat|"
    r"\bthen\b|\buntil\b|\bday \d|\bwoche|\bmonat|\bmaand|\bwekel|\bseman|\bmensual|"
    r"\bsemaine|\bmois\b|\bq ?o ?d\b|\bevery \d+ days",
    re.IGNORECASE,
)
_AS_NEEDED = re.compile(
    r"as needed|as required|if needed|if required|when needed|when required|\bp\.?r\.?n"
    r"\b|bei bedarf|zo nodig|si es necesario|si besoin|\bup to\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\bmax|more than|\bexceed|at most|\bevery \d|\bapart\b", re.IGNORECASE
)
_WORD_NUMBERS = {"half": "0.5", "one": "1", "two": "2", "three": "3", "four": "4"}
_COUNTED = re.compile(
    r"\b(\d{1,3}(?:\.\d{1,2})?|half|one|two|three|four) (?:a )?"
    r"(?:tab(?:let)?|cap(?:sule)?|patch|puff)(?:e?s|\(s\))?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ReadDosage:
    """The dosage fields, the file's own words, and what belongs beside them."""

    fields: Mapping[str, Any]
    in_words: Mapping[str, Any]
    text: str
    starts: PartialDate | None = None
    ends: PartialDate | None = None
    notes: tuple[str, ...] = ()


def read_dosages(stated: Any, *, label: Label) -> ReadDosage:
    """All dosage entries of one medicine together. Never raises."""
    dosages = dicts(stated)
    text = _all_text(dosages, strings=as_list(stated))
    on_label = Dose(None, label.strength, label.unit, label.form)
    in_words = other_fields(text or NOT_STATED, dose=on_label)
    fields = _fields(dosages, text=text, label=label) or in_words
    bounds = [_bounds(dosage) for dosage in dosages]
    return ReadDosage(
        fields=fields,
        in_words=in_words,
        text=text,
        starts=next((start for start, _end in bounds if start), None),
        ends=bounds[0][1] if len(bounds) == 1 else None,
        notes=tuple(_notes(fields)),
    )


def other_fields(text: str, *, dose: Dose) -> dict[str, Any]:
    """A schedule "other" that quotes the file, with the strength of the label."""
    return _complete(
        schedule="other",
        strength=dose.strength,
        unit=dose.unit,
        form=dose.form,
        count=dose.count,
        other=text,
    )


def _complete(**given: Any) -> dict[str, Any]:
    """Every field of Dosage, so that what is not given is visibly empty."""
    blank = Dosage(schedule="other")
    return {name: getattr(blank, name) for name in blank.__dataclass_fields__} | given


def _fields(
    dosages: list[dict[str, Any]], *, text: str, label: Label
) -> dict[str, Any] | None:
    """The structured reading, or None wherever the words are the safer answer."""
    if len(dosages) > 1:
        return _merged(dosages, label=label)
    if not dosages:
        return None
    dosage = dosages[0]
    dose = amounts.read_dose(dosage, label=label)
    often = timing.read_timing(dosage.get("timing"))
    if not dose.certain or not often.certain or _is_limited(dosage):
        on_label = Dose(None, label.strength, label.unit, label.form)
        return _if_needed_in_words(dosage, text=text, dose=on_label)
    if _doubts(dosage, text=text, dose=dose, often=often):
        return None
    return _by_schedule(dosage, dose=dose, often=often, text=text)


def _by_schedule(
    dosage: dict[str, Any], *, dose: Dose, often: Frequency, text: str
) -> dict[str, Any] | None:
    if _is_as_needed(dosage):
        return _as_needed(dosage, dose=dose, often=often, text=text)
    if dose.count is None or often is timing.NOT_SAID:
        return None
    taken = {"strength": dose.strength, "unit": dose.unit, "form": dose.form}
    if often.slots:
        return _complete(
            schedule="daily", **taken, **dict.fromkeys(often.slots, dose.count)
        )
    if often.every_count:
        return _complete(
            schedule="interval",
            **taken,
            count=dose.count,
            every_count=often.every_count,
            every_unit=often.every_unit,
        )
    # So often a day, but at no stated time: the times are the patient's to say.
    return other_fields(text or _gap_words(often), dose=dose)


def _gap_words(often: Frequency) -> str:
    if often.gap_hours:
        return f"every {often.gap_hours.normalize():f} hours"
    times = {1: "once", 2: "twice"}.get(often.times_a_day or 0)
    return f"{times or f'{often.times_a_day} times'} a day"


def _is_as_needed(dosage: dict[str, Any]) -> bool:
    coded = dosage.get("asNeededCodeableConcept")
    return is_true(dosage.get("asNeededBoolean")) or bool(concept_text(coded))


def _as_needed(
    dosage: dict[str, Any], *, dose: Dose, often: Frequency, text: str
) -> dict[str, Any] | None:
    """Only when needed; in words where the fields cannot hold what is said."""
    most = _most_in_24_hours(dosage, dose=dose)
    held = often is timing.NOT_SAID or often.gap_hours
    if not held or (_LIMITS.search(text) and not (most or often.gap_hours)):
        return _if_needed_in_words(dosage, text=text, dose=dose)
    return _complete(
        schedule="as_needed",
        strength=dose.strength,
        unit=dose.unit,
        form=dose.form,
        count=dose.count,
        as_needed_for=concept_text(dosage.get("asNeededCodeableConcept")),
        min_gap_hours=often.gap_hours,
        max_in_24_hours=most,
    )


def _if_needed_in_words(
    dosage: dict[str, Any], *, text: str, dose: Dose
) -> dict[str, Any] | None:
    """An unclear amount or rhythm, but certainly only when needed."""
    if not _is_as_needed(dosage):
        return None
    said = text if _AS_NEEDED.search(text) else f"Only when needed. {text}".strip()
    return other_fields(said, dose=dose)


def _most_in_24_hours(dosage: dict[str, Any], *, dose: Dose) -> Decimal | None:
    most = as_dict(dosage.get("maxDosePerPeriod"))
    period = as_dict(most.get("denominator"))
    unit = first_text(period.get("code"), period.get("unit")).rstrip("s").lower()
    length = (number(period.get("value")), unit)
    if length not in {(Decimal(1), "d"), (Decimal(1), "day"), (Decimal(24), "h")}:
        return None
    label = Label(dose.strength, dose.unit, dose.form, dose.form)
    found = amounts.read_dose({"doseQuantity": most.get("numerator")}, label=label)
    return found.count if found.certain else None


def _is_limited(dosage: dict[str, Any]) -> bool:
    """A course of some days, or doses that stop: the fields have no place for it."""
    repeat = as_dict(as_dict(dosage.get("timing")).get("repeat"))
    return bool({"boundsDuration", "boundsRange", "count"} & repeat.keys())


def _doubts(dosage: dict[str, Any], *, text: str, dose: Dose, often: Frequency) -> bool:
    """Whether the words of the file speak against its codes."""
    daily = bool(often.slots or often.times_a_day or often.gap_hours)
    if daily and _NOT_DAILY.search(_instructions(dosage)):
        return True
    if not _is_as_needed(dosage) and _AS_NEEDED.search(text):
        return True
    return _counts_otherwise(text, dose=dose)


def _counts_otherwise(text: str, *, dose: Dose) -> bool:
    counted = [
        Decimal(_WORD_NUMBERS.get(word.lower(), word))
        for word in _COUNTED.findall(text)
    ]
    return bool(counted and dose.form and dose.count and dose.count not in counted)


def _merged(dosages: list[dict[str, Any]], *, label: Label) -> dict[str, Any] | None:
    """`1 in the morning` and `2 at bedtime` as one day, if that is all there is."""
    read = [_fields([one], text=_text(one), label=label) for one in dosages]
    orders = {clean_text(dosage.get("sequence")) for dosage in dosages}
    if len(orders) > 1 or any(one is None for one in read):
        return None
    days = [one for one in read if one and one["schedule"] == "daily"]
    same = {(one["strength"], one["unit"], one["form"]) for one in days}
    slots = [slot for one in days for slot in _slots(one)]
    if len(days) != len(read) or len(same) != 1 or len(set(slots)) != len(slots):
        return None
    together = {slot: one[slot] for one in days for slot in _slots(one)}
    return days[0] | together


def _slots(fields: Mapping[str, Any]) -> list[str]:
    return [n for n in ("morning", "noon", "evening", "bedtime") if fields[n]]


def _bounds(dosage: dict[str, Any]) -> tuple[PartialDate | None, PartialDate | None]:
    repeat = as_dict(as_dict(dosage.get("timing")).get("repeat"))
    period = as_dict(repeat.get("boundsPeriod"))
    return partial_date(period.get("start")), partial_date(period.get("end"))


def _notes(fields: Mapping[str, Any]) -> list[str]:
    if fields["schedule"] == "as_needed" and fields["count"] is None:
        return ["The file does not say how much to take each time."]
    return []


def _all_text(dosages: list[dict[str, Any]], *, strings: list[Any]) -> str:
    said = [_text(dosage) for dosage in dosages]
    said += [clean_text(string) for string in strings if isinstance(string, str)]
    return clean_text("; ".join(dict.fromkeys(text for text in said if text)))


def _text(dosage: dict[str, Any]) -> str:
    """The file's own sentence; only without one, its codes said in words."""
    return _instructions(dosage) or _coded_words(dosage)


def _instructions(dosage: dict[str, Any]) -> str:
    parts = [clean_text(dosage.get(key)) for key in ("text", "patientInstruction")]
    said = [part for part in dict.fromkeys(parts) if part]
    extra = map(concept_text, dicts(dosage.get("additionalInstruction")))
    said += [note for note in extra if note and note not in " ".join(said)]
    return clean_text(". ".join(part.rstrip(". ") for part in said), limit=MAX_TEXT)


def _coded_words(dosage: dict[str, Any]) -> str:
    parts = [amounts.in_words(dosage), timing.in_words(dosage.get("timing"))]
    if _is_as_needed(dosage):
        reason = concept_text(dosage.get("asNeededCodeableConcept"))
        parts.append(f"only when needed for {reason}" if reason else "only when needed")
    if any(parts):
        parts.append(strip_tag(concept_text(dosage.get("route"))))
    return ", ".join(part for part in parts if part)
