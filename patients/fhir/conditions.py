"""Condition: diagnoses and problems, and the statement that there are none."""

from __future__ import annotations

from dataclasses import replace

from carecoord.json_files import MAX_NAME, clean_text
from patients.fhir import codes
from patients.fhir.context import Context, fingerprint, notes_of
from patients.fhir.dates import partial_date
from patients.fhir.names import strip_tag
from patients.fhir.records import ImportedCondition
from patients.fhir.references import Resource
from patients.fhir.sensitivity import (
    condition_labels,
    says_part2,
    security_labels,
)
from patients.fhir.tolerant import (
    as_dict,
    as_list,
    codings,
    concept_text,
    first_text,
    status_codes,
)
from patients.fhir.tolerant import codes as codes_of

_NEVER = frozenset({"entered-in-error", "refuted"})


def read_condition(resource: Resource, *, context: Context) -> ImportedCondition | None:
    """One entry; None if it names nothing."""
    concept = resource.get("code")
    found = codings(concept)
    said = concept_text(concept)
    if not said and found:
        said = f"Condition without a name (code {found[0].code[:60]})"
    if not said:
        return None
    condition = _condition(resource, said=said, context=context)
    labels = (*condition_labels(said, found), *security_labels(resource))
    condition = replace(
        condition,
        codings=found,
        proposed_labels=labels,
        part2_origin=says_part2(resource),
    )
    return replace(condition, fingerprint=_fingerprint(condition))


def _condition(resource: Resource, *, said: str, context: Context) -> ImportedCondition:
    stated = set(codes_of(resource.get("code")))
    verified = status_codes(resource.get("verificationStatus"))
    verification = next(iter(verified), "")
    onset = first_text(
        resource.get("onsetDateTime"),
        as_dict(resource.get("onsetPeriod")).get("start"),
    )
    return ImportedCondition(
        name=clean_text(strip_tag(said), limit=MAX_NAME),
        codings=(),
        clinical_status=next(iter(status_codes(resource.get("clinicalStatus"))), ""),
        verification_status=verification,
        severity=strip_tag(concept_text(resource.get("severity"))),
        category=_categories(resource),
        is_no_known=bool(stated & codes.NO_KNOWN_CONDITION),
        is_no_information=bool(stated & codes.NO_INFORMATION),
        onset_date=partial_date(onset),
        onset_text=_onset_text(resource),
        ended_date=partial_date(resource.get("abatementDateTime")),
        recorded_date=partial_date(
            first_text(resource.get("recordedDate"), resource.get("assertedDate"))
        ),
        recorder=context.name(resource, "asserter", "recorder"),
        note=notes_of(resource),
        source_text=said,
        source_id=clean_text(resource.get("id")),
        notes=_notes(said, verification),
        never_active=bool(_NEVER & set(verified)),
        about_someone_else=context.is_about_someone_else(resource),
    )


def _categories(resource: Resource) -> tuple[str, ...]:
    found = [codes_of(one) for one in as_list(resource.get("category"))]
    return tuple(dict.fromkeys(code for one in found for code in one))


def _onset_text(resource: Resource) -> str:
    age = as_dict(resource.get("onsetAge"))
    value, unit = clean_text(age.get("value")), first_text(age.get("unit"), "years")
    return first_text(resource.get("onsetString"), f"{value} {unit}" if value else "")


def _notes(said: str, verification: str) -> tuple[str, ...]:
    notes = {
        "entered-in-error": "The file says that this was entered by mistake.",
        "refuted": "The file says that this was ruled out.",
        "provisional": "The file says that this is not certain yet.",
        "differential": "The file says that this is one of several possibilities.",
        "unconfirmed": "The file says that this is not confirmed.",
    }
    found = [notes[verification]] if verification in notes else []
    if len(said) > MAX_NAME:
        found.append("The text in the file is longer than is shown here.")
    return tuple(found)


def _fingerprint(condition: ImportedCondition) -> str:
    return fingerprint(
        "Condition",
        condition.source_text,
        sorted((coding.system, coding.code) for coding in condition.codings),
        condition.clinical_status,
        condition.verification_status,
        condition.onset_date.text if condition.onset_date else "",
    )
