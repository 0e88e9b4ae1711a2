"""Reading one FHIR file: tolerant of real files, strict about hostile ones.

A pure function from bytes to frozen values: nothing is saved, fetched or logged.
Source: HL7 FHIR R4 (4.0.1); International Patient Summary 2.0.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from carecoord.json_files import UnreadableFile, clean_text, parse
from patients.fhir import codes
from patients.fhir.allergies import read_allergy
from patients.fhir.conditions import read_condition
from patients.fhir.context import Context
from patients.fhir.dates import partial_date
from patients.fhir.medicines import read_medicine, says_no_medicines
from patients.fhir.records import ImportedBundle, ImportedPerson, NoneStatement
from patients.fhir.references import References, Resource, person_names
from patients.fhir.sensitivity import security_of_all, with_security
from patients.fhir.standard import departures
from patients.fhir.statements import missing_entries, of_item, of_sections
from patients.fhir.tolerant import as_dict, dicts

T = TypeVar("T")
Entry = tuple[str, Resource]
MAX_ENTRIES = 50_000
MAX_TAKEN_IN = 3_000
_TYPE_NAME = re.compile(r"[A-Za-z]{1,60}", re.ASCII)
_READABLE = frozenset({*codes.TAKEN_IN, "Bundle", "Parameters"})
_KINDS = {
    "MedicationStatement": "medicine",
    "MedicationRequest": "medicine",
    "AllergyIntolerance": "allergy",
    "Condition": "condition",
}


def read(
    raw: bytes | str, *, source_name: str, check_standard: bool = False
) -> ImportedBundle:
    """The medicines, allergies and conditions that one FHIR file states.

    Reads R4 Bundles of every type, a single resource, and a JSON list of either.
    Raises UnreadableFile, whose message is a sentence for the person, and nothing
    else; what is odd inside a readable file becomes a sentence in `problems`. With
    `check_standard` one of them says how many entries are not valid R4.
    """
    value = parse(raw)
    _check_kind(value)
    problems: list[str] = []
    entries = list(_entries(value, problems=problems))
    taken_in = sum(_type_of(one) in codes.TAKEN_IN for _url, one in entries)
    if len(entries) > MAX_ENTRIES or taken_in > MAX_TAKEN_IN:
        raise UnreadableFile(
            "There is too much in this file to be read here. Ask for a smaller one."
        )
    context = Context(References(entries), problems=problems)
    if check_standard:
        problems += departures(resource for _url, resource in entries)
    context.patient = _main_patient(entries, context=context)
    return _bundle(value, entries, context=context, source_name=source_name, raw=raw)


def _bundle(
    value: Any,
    entries: list[Entry],
    *,
    context: Context,
    source_name: str,
    raw: bytes | str,
) -> ImportedBundle:
    top = as_dict(value)
    _say_if_one_page(top, problems=context.problems)
    is_history = clean_text(top.get("type")) == "history"
    of_kind = _by_kind(_latest(entries) if is_history else entries)
    statements = list(of_sections(one for _url, one in entries))
    medicines = []
    for resource in of_kind("medicine"):
        none = says_no_medicines(resource)
        if none:
            statements.append(of_item("medicines", none))
        else:
            medicines.append(resource)
    allergies = _each(of_kind("allergy"), read_allergy, context=context)
    conditions = _each(of_kind("condition"), read_condition, context=context)
    imported = _each(medicines, read_medicine, context=context)
    context.say_unresolved()
    everything = [resource for _url, resource in entries]
    context.problems += missing_entries(everything, context=context)
    counts = Counter(_type_of(resource) for _url, resource in entries)
    return ImportedBundle(
        source_name=clean_text(source_name, limit=200),
        bundle_type=clean_text(top.get("type")) or _type_of(top),
        made_date=partial_date(top.get("timestamp")),
        person=_person(context.patient),
        medicines=imported,
        allergies=allergies,
        conditions=conditions,
        statements=_once(statements),
        problems=_once(context.problems),
        counts=dict(counts),
        ignored={
            name: count
            for name, count in counts.items()
            if name not in codes.TAKEN_IN | codes.USED_FOR_NAMES
        },
        fingerprint=_digest(raw),
    )


def _say_if_one_page(top: Resource, *, problems: list[str]) -> None:
    """A search answer that goes on elsewhere is not the whole list."""
    if any(
        clean_text(link.get("relation")) == "next" for link in dicts(top.get("link"))
    ):
        problems.append("This file is one page of several. The others are not in it.")


def _latest(entries: list[Entry]) -> list[Entry]:
    """The newest version of each entry: a history holds the older ones as well."""
    newest: dict[str, Entry] = {}
    for number, (url, resource) in enumerate(entries):
        key = url or clean_text(resource.get("id")) or str(number)
        kept = newest.get(key)
        if kept is None or _updated(resource) > _updated(kept[1]):
            newest[key] = (url, resource)
    return list(newest.values())


def _updated(resource: Resource) -> str:
    return clean_text(as_dict(resource.get("meta")).get("lastUpdated"))


def _check_kind(value: Any) -> None:
    if isinstance(value, list):
        return
    if not isinstance(value, dict):
        raise UnreadableFile(
            "This file is not a health record. It must be one that another health "
            "system saved (FHIR, ending in .json)."
        )
    found = _type_of(value)
    if found == "OperationOutcome":
        raise UnreadableFile(
            "This file is an error message from the other system, not a record."
        )
    if found not in _READABLE:
        named = f" Tell the sender: it holds one “{found}”." * (found != "Unknown")
        raise UnreadableFile(
            f"This file is not a health record that can be read here.{named}"
        )


def _entries(value: Any, *, problems: list[str]) -> Iterator[Entry]:
    """Every resource with its address; bundles inside bundles are opened."""
    if isinstance(value, list):
        for item in value:
            yield from _entry({"resource": item}, problems=problems)
    elif _type_of(value) in {"Bundle", "Parameters"}:
        key = "entry" if _type_of(value) == "Bundle" else "parameter"
        listed = value.get(key)
        if not isinstance(listed, list):
            listed = [listed] if isinstance(listed, dict) else []
            problems.append("The file is a record with no list of entries.")
        stated = security_of_all(value)
        for entry in listed:
            for url, resource in _entry(entry, problems=problems):
                yield url, with_security(resource, stated) if stated else resource
    else:
        yield from _entry({"resource": value}, problems=problems)


def _entry(entry: Any, *, problems: list[str]) -> Iterator[Entry]:
    found = as_dict(entry)
    resource = as_dict(found.get("resource"))
    if not resource and "resourceType" in found:
        resource = found  # a resource where its entry belongs
    if not resource:
        if not {"response", "request", "link"} & found.keys():
            problems.append("One entry is empty, so it was left out.")
        return
    if _type_of(resource) in {"Bundle", "Parameters"}:
        yield from _entries(resource, problems=problems)
        return
    if _type_of(resource) == "Unknown":
        problems.append("One entry does not say what it is, so it was left out.")
    yield clean_text(found.get("fullUrl")), resource


def _type_of(resource: Any) -> str:
    said = clean_text(as_dict(resource).get("resourceType"))
    return said if _TYPE_NAME.fullmatch(said) else "Unknown"


def _by_kind(entries: list[Entry]) -> Callable[[str], list[Resource]]:
    def of_kind(kind: str) -> list[Resource]:
        return [one for _url, one in entries if _KINDS.get(_type_of(one)) == kind]

    return of_kind


def _each(
    resources: list[Resource],
    read_one: Callable[..., T | None],
    *,
    context: Context,
) -> tuple[T, ...]:
    """Every entry that names something; one that cannot be read spoils no other."""
    found = []
    for resource in resources:
        item = read_one(resource, context=context)
        if item is None:
            context.problems.append(_unnamed(resource))
        else:
            found.append(item)
    return tuple(found)


def _unnamed(resource: Resource) -> str:
    kind = {"medicine": "medicine", "allergy": "allergy", "condition": "diagnosis"}
    word = kind[_KINDS[_type_of(resource)]]
    article = "An" if word == "allergy" else "A"
    return f"{article} {word} in the file has no name, so it was left out."


def _main_patient(entries: list[Entry], *, context: Context) -> Resource | None:
    """Whom the document is about, else the first patient in the file."""
    patients = [one for _url, one in entries if _type_of(one) == "Patient"]
    if len(patients) > 1:
        context.problems.append(
            f"The file is about {len(patients)} people. "
            "Check for each line that it is about the right person."
        )
    for _url, resource in entries:
        if _type_of(resource) == "Composition":
            found = context.references.find(resource.get("subject"), inside=resource)
            if found is not None and _type_of(found) == "Patient":
                return found
    return patients[0] if patients else None


def _person(patient: Resource | None) -> ImportedPerson | None:
    if patient is None:
        return None
    names = person_names(patient)
    return ImportedPerson(
        name=names[0] if names else "",
        birth_date=partial_date(patient.get("birthDate")),
        other_names=tuple(names[1:]),
    )


def _once(items: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _digest(raw: bytes | str) -> str:
    data = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


__all__ = ["NoneStatement", "UnreadableFile", "read"]
