"""MedicationStatement and MedicationRequest, read as proposals for the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir import codes
from patients.fhir.context import Context, fingerprint
from patients.fhir.dates import partial_date
from patients.fhir.dosage import ReadDosage, read_dosages
from patients.fhir.naming import NamedMedicine, name_medicine
from patients.fhir.records import ImportedMedicine, PartialDate
from patients.fhir.references import Resource
from patients.fhir.sensitivity import says_part2, security_labels
from patients.fhir.tolerant import as_dict, dicts, extensions, is_true
from patients.fhir.tolerant import codes as codes_of
from patients.medicine_knowledge import labels_of


@dataclass(frozen=True)
class _Status:
    value: str
    source: str
    never_active: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Dates:
    started: PartialDate | None = None
    means: str = ""
    ended: PartialDate | None = None
    recorded: PartialDate | None = None


def read_medicine(resource: Resource, *, context: Context) -> ImportedMedicine | None:
    """One entry as a proposal; None for "no known medicines" and for entries that
    name nothing at all."""
    named = name_medicine(resource, context=context)
    if not named.name:
        return None
    kind = clean_text(resource.get("resourceType"))
    label = named.label
    dosage = read_dosages(_stated_dosage(resource), label=label)
    status = _status(resource, kind=kind)
    dates = _dates(resource, kind=kind, dosage=dosage)
    medicine = _medicine(resource, named=named, dosage=dosage, context=context)
    medicine = replace(
        medicine,
        status=status.value,
        source_status=status.source,
        started_date=dates.started,
        started_means=dates.means,
        ended_date=dates.ended,
        recorded_date=dates.recorded,
        never_active=status.never_active,
        notes=(*medicine.notes, *status.notes, *_end_note(status, dates)),
    )
    return replace(medicine, fingerprint=_fingerprint(medicine))


def _medicine(
    resource: Resource, *, named: NamedMedicine, dosage: ReadDosage, context: Context
) -> ImportedMedicine:
    requester = as_dict(resource.get("requester"))
    by_patient = context.references.type_of(
        requester, inside=resource
    ) == "Patient" or is_true(resource.get("reportedBoolean"))
    requested_by = context.name(resource, "requester")
    strength, unit = named.label.strength, named.label.unit
    if strength is None and dosage.fields["strength"] is not None:
        # Two amounts of one dose ("850 mg", "1 tablet") give what no name does.
        strength, unit = dosage.fields["strength"], dosage.fields["unit"]
    source = context.name(resource, "informationSource", "reportedReference")
    return ImportedMedicine(
        name=named.name,
        ingredient=named.ingredient,
        brand=named.brand,
        form=named.label.form,
        strength=strength,
        unit=unit,
        rxcui=named.rxcui,
        codings=named.codings,
        dosage=dosage.fields,
        dosage_in_words=dosage.in_words,
        dosage_text=dosage.text,
        reason=context.concepts(resource, *_REASONS),
        status="unknown",
        source_status="",
        started_date=None,
        started_means="",
        ended_date=None,
        recorded_date=None,
        prescriber="" if by_patient else requested_by,
        information_source=source or (requested_by if by_patient else ""),
        source_text=named.source_text,
        kind=clean_text(resource.get("resourceType")),
        source_id=clean_text(resource.get("id")),
        intent=clean_text(resource.get("intent")),
        notes=(*named.notes, *dosage.notes),
        proposed_labels=(
            *labels_of(named.name, named.ingredient, named.brand),
            *security_labels(resource),
        ),
        part2_origin=says_part2(resource),
        about_someone_else=context.is_about_someone_else(resource),
    )


_REASONS = ("reasonCode", "reasonReference", "reason")


def _stated_dosage(resource: Resource) -> Any:
    return resource.get("dosage") or resource.get("dosageInstruction")


def _status(resource: Resource, *, kind: str) -> _Status:
    source = clean_text(resource.get("status"))
    if source.lower() == "entered-in-error":
        value = "entered-in-error"
    elif kind == "MedicationRequest":
        value = codes.REQUEST_STATUSES.get(source, "unknown")
    else:
        value = _taken(resource, source)
    forbidden = is_true(resource.get("doNotPerform"))
    if forbidden and value in codes.TAKING_STATUSES:
        value = "not-taken"
    return _Status(
        value,
        source,
        never_active=forbidden or value == "entered-in-error",
        notes=tuple(_status_notes(resource, value=value, source=source)),
    )


def _taken(resource: Resource, source: str) -> str:
    """Whether it is taken: other editions of FHIR say so beside the status."""
    if is_true(resource.get("wasNotTaken")):  # DSTU2
        return "not-taken"
    stu3 = codes.TAKEN_STU3.get(clean_text(resource.get("taken")))
    r5 = codes_of(as_dict(resource.get("adherence")).get("code"))
    if source in {"active", "recorded"} and (stu3 or r5):
        return stu3 or codes.ADHERENCE_R5.get(r5[0], "unknown")
    return source if source in codes.STATEMENT_STATUSES else "unknown"


def _status_notes(resource: Resource, *, value: str, source: str) -> list[str]:
    notes = []
    if resource.get("modifierExtension"):
        notes.append(
            "The file marks this in a way that is not read here. Check it there."
        )
    if is_true(resource.get("doNotPerform")):
        notes.append("The file says not to give this medicine.")
    if value == "entered-in-error":
        notes.append("The file says that this was entered by mistake.")
    if value == "unknown" and source != "unknown":
        notes.append("The file does not say whether this is taken now.")
    if "acute" in codes_of(resource.get("courseOfTherapyType")):
        notes.append("The file calls this a short course.")
    planned = clean_text(resource.get("intent")) in codes.PLANNED_INTENTS
    if planned and value == "active" and not is_true(resource.get("reportedBoolean")):
        notes.append("The file says that this was planned, not that it was ordered.")
    return notes


def _end_note(status: _Status, dates: _Dates) -> tuple[str, ...]:
    if status.value != "active" or dates.ended is None:
        return ()
    return (f"The file calls this active, with an end date: {dates.ended.text}.",)


def _dates(resource: Resource, *, kind: str, dosage: ReadDosage) -> _Dates:
    period = _period(resource)
    start = partial_date(period.get("start")) or dosage.starts
    means = "started" if start else ""
    if kind == "MedicationRequest":
        recorded = partial_date(resource.get("authoredOn"))
        start, means = (start, means) if start else (recorded, "prescribed")
    else:
        recorded = partial_date(resource.get("dateAsserted"))
        taken = partial_date(resource.get("effectiveDateTime"))
        start, means = (start, means) if start else (taken, "taken")
    end = partial_date(period.get("end")) or dosage.ends
    return _Dates(start, means if start else "", end, recorded)


def _period(resource: Resource) -> Mapping[str, Any]:
    """When it was taken; Dutch STU3 records have it in an extension."""
    for name, extension in extensions(resource):
        if name.endswith("PeriodOfUse"):
            return as_dict(extension.get("valuePeriod"))
    return as_dict(resource.get("effectivePeriod"))


def _fingerprint(medicine: ImportedMedicine) -> str:
    fields = sorted(medicine.dosage.items())
    dates = (medicine.started_date, medicine.ended_date)
    return fingerprint(
        medicine.kind,
        medicine.source_text,
        sorted((coding.system, coding.code) for coding in medicine.codings),
        medicine.dosage_text,
        [(name, str(value)) for name, value in fields if value not in (None, "", ())],
        medicine.status,
        [found.text if found else "" for found in dates],
        medicine.prescriber,
    )


def says_no_medicines(resource: Resource) -> str:
    """`none` or `unknown` if the entry is such a statement and no medicine; else ""."""
    concept = as_dict(resource.get("medicationCodeableConcept"))
    found = {clean_text(coding.get("code")) for coding in dicts(concept.get("coding"))}
    if found & codes.NO_KNOWN_MEDICINE:
        return "none"
    return "unknown" if found & codes.NO_INFORMATION else ""
