"""A medicine from a file beside the list: new, the same, or different, and how.

Nothing is decided here: the sentences are for the person who decides.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from patients.dosage import Dosage
from patients.fhir.codes import RXNORM_SYSTEMS, TAKING_STATUSES
from patients.fhir.dates import newest_first
from patients.fhir.names import plain
from patients.fhir.records import ImportedMedicine, PartialDate

NEW, SAME, DIFFERENT = "new", "same", "different"
_words = str.split
_SALTS = frozenset(
    _words(
        """hydrochloride hcl sodium potassium calcium maleate tartrate succinate
        mesylate hydrobromide sulfate phosphate acetate fumarate besylate citrate"""
    )
)
_STATUS_WORDS = {
    "active": "it is taken",
    "on-hold": "it is on hold",
    "intended": "it is not started yet",
    "completed": "it was stopped",
    "stopped": "it was stopped",
    "not-taken": "it is not taken",
    "entered-in-error": "it was entered by mistake",
}


class ListedMedicine(Protocol):
    """What must be known of a line of the list to compare it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def rxcui(self) -> str: ...
    @property
    def brand(self) -> str: ...
    @property
    def dosage_line(self) -> str: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True)
class Comparison:
    """How one imported medicine stands beside the list."""

    result: str  # "new", "same" or "different"
    line: ListedMedicine | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """One medicine of a file, once, with how often and what else the file says."""

    medicine: ImportedMedicine
    times: int = 1
    also: tuple[ImportedMedicine, ...] = ()
    notes: tuple[str, ...] = ()


def dosage_line(medicine: ImportedMedicine) -> str:
    """How the file says to take it, as the list would print it."""
    return Dosage(**medicine.dosage).line


def compare(
    imported: ImportedMedicine, current: Iterable[ListedMedicine]
) -> Comparison:
    """The best match on the list with what differs, in sentences."""
    found = [
        Comparison(SAME if not said else DIFFERENT, line, said)
        for line in current
        if is_same_medicine(imported, line)
        for said in [differences(imported, line)]
    ]
    if not found:
        return Comparison(NEW)
    return min(found, key=lambda one: len(one.differences))


def is_same_medicine(imported: ImportedMedicine, line: ListedMedicine) -> bool:
    """By RxCUI, or by name: generic against generic, brand against brand or name."""
    if line.rxcui and line.rxcui in _rxcuis(imported):
        return True
    theirs = {imported.name, imported.ingredient, imported.brand, _bare(imported)}
    ours = {line.name, line.brand}
    return bool(
        {_plain(one) for one in theirs if one} & {_plain(one) for one in ours if one}
    )


def differences(imported: ImportedMedicine, line: ListedMedicine) -> tuple[str, ...]:
    """What the file says otherwise than the list; empty if it says the same."""
    said = []
    ours, theirs = line.dosage_line, dosage_line(imported)
    if _plain(ours) != _plain(theirs) and _states_a_dose(imported):
        said.append(f"Your list says {_part(ours)}. The file says {_part(theirs)}.")
    if _release(line.name) != _release(imported.name):
        said.append(f"Your list has {line.name}. The file has {imported.name}.")
    here, there = _status(line.status), _status(imported.status)
    if there and here != there:
        said.append(f"Your list says that {here or 'nothing'}. The file says {there}.")
    return tuple(said)


def gather(medicines: Iterable[ImportedMedicine]) -> tuple[Proposal, ...]:
    """One proposal for each medicine, strength and form: the newest entry leads.

    Renewals, and a request beside its statement, become one. An entry by mistake, an
    entry about someone else, and an older entry that says "taking" where the newer
    says "stopped" stay apart: nothing that may matter is hidden behind another.
    """
    groups: dict[tuple[str, ...], list[ImportedMedicine]] = {}
    for medicine in medicines:
        groups.setdefault(_identity(medicine), []).append(medicine)
    proposals = [one for group in groups.values() for one in _of_group(group)]
    return tuple(sorted(proposals, key=lambda one: newest_first(_when(one.medicine))))


def _of_group(group: list[ImportedMedicine]) -> list[Proposal]:
    ordered = sorted(group, key=lambda one: newest_first(_when(one)))
    lead = ordered[0]
    joined = [one for one in ordered[1:] if _yields_to(one, lead)]
    apart = [one for one in ordered[1:] if not _yields_to(one, lead)]
    rest = _of_group(apart) if apart else []
    return [_proposal(lead, joined), *rest]


def _yields_to(older: ImportedMedicine, lead: ImportedMedicine) -> bool:
    return _is_taken(lead) or not _is_taken(older)


def _proposal(lead: ImportedMedicine, joined: list[ImportedMedicine]) -> Proposal:
    times = len(joined) + 1
    notes = [f"The file says this {times} times. The newest is shown."]
    lines = dict.fromkeys(dosage_line(one) for one in joined if _states_a_dose(one))
    lines.pop(dosage_line(lead), None)
    notes += [f"The file also says: {_part(line)}." for line in lines]
    # One that is called sensitive makes the one that stands for all sensitive.
    labels = [label for one in (lead, *joined) for label in one.proposed_labels]
    lead = replace(
        lead,
        proposed_labels=tuple(dict.fromkeys(labels)),
        part2_origin=any(one.part2_origin for one in (lead, *joined)),
    )
    return Proposal(lead, times, tuple(joined), tuple(notes) if joined else ())


def _identity(medicine: ImportedMedicine) -> tuple[str, ...]:
    if medicine.never_active or medicine.about_someone_else:
        return ("apart", medicine.fingerprint, medicine.source_id)
    strength = medicine.strength
    return (
        _plain(medicine.name),
        "" if strength is None else f"{plain(strength)} {medicine.unit}",
        medicine.form,
    )


def _when(medicine: ImportedMedicine) -> PartialDate | None:
    return medicine.started_date or medicine.recorded_date


def _is_taken(medicine: ImportedMedicine) -> bool:
    return medicine.status in TAKING_STATUSES


def _states_a_dose(medicine: ImportedMedicine) -> bool:
    return bool(medicine.dosage_text) or medicine.dosage["schedule"] != "other"


def _rxcuis(medicine: ImportedMedicine) -> set[str]:
    coded = {c.code for c in medicine.codings if c.system in RXNORM_SYSTEMS}
    return coded | ({medicine.rxcui} if medicine.rxcui else set())


def _bare(medicine: ImportedMedicine) -> str:
    """The ingredient without its salt: `sertraline hydrochloride`, `sertraline`."""
    words = medicine.ingredient.split()
    kept = [word for word in words if word.casefold() not in _SALTS]
    return " ".join(kept) if kept else ""


_RELEASE = re.compile(r"(?:extended|modified|delayed|prolonged|sustained) release")


def _release(name: str) -> str:
    match = _RELEASE.search(name.casefold().replace("-", " "))
    return match[0] if match else ""


def _status(status: str) -> str:
    return _STATUS_WORDS.get(status, "")


def _part(line: str) -> str:
    """A line inside a sentence: without its last full stop."""
    return line.strip().rstrip(".") or "nothing about how to take it"


def _plain(text: str) -> str:
    """Letters and digits only, without accents, so that spelling is no difference."""
    plain_text = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in plain_text if not unicodedata.combining(one))
    return " ".join(re.findall(r"[\w.,%]+", kept)).rstrip(".")
