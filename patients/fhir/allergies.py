"""AllergyIntolerance: allergies, and the statements that there are none."""

from __future__ import annotations

import re
from dataclasses import replace

from carecoord.json_files import MAX_NAME, clean_text
from patients.fhir import codes
from patients.fhir.context import Context, fingerprint, notes_of
from patients.fhir.dates import partial_date
from patients.fhir.names import strip_tag
from patients.fhir.records import Coding, ImportedAllergy
from patients.fhir.references import Resource
from patients.fhir.sensitivity import says_part2, security_labels
from patients.fhir.tolerant import (
    as_list,
    codings,
    concept_text,
    dicts,
    first_text,
    status_codes,
    texts,
)
from patients.fhir.tolerant import codes as codes_of

_NONE_SAID = re.compile(
    r"(?:nka|nkda|no known (?:(?P<kind>drug|medication|medicine|food|environmental|"
    r"latex) )?allerg(?:y|ies)(?: or intolerances?)?(?: \(situation\))?)\.?",
    re.IGNORECASE,
)
_KIND_OF_WORD = {
    "drug": "medicine",
    "medication": "medicine",
    "medicine": "medicine",
    "food": "food",
    "environmental": "environment",
    "latex": "latex",
}
_SEVERITIES = ("severe", "moderate", "mild")
# DSTU2 has one status for both.
_STATUSES = ("verificationStatus", "clinicalStatus", "status")
_NEVER = frozenset({"entered-in-error", "refuted"})
CRITICALITIES = frozenset({"low", "high", "unable-to-assess"})


def read_allergy(resource: Resource, *, context: Context) -> ImportedAllergy | None:
    """One entry; None if it names neither a substance nor a reaction."""
    concept = resource.get("code") or resource.get("substance")
    found = codings(concept)
    source = clean_text(concept_text(concept) or _substance(resource), limit=MAX_NAME)
    reactions = _reactions(resource)
    if not source and found:
        source = f"Substance without a name (code {found[0].code[:60]})"
    if not source and not reactions:
        return None
    none_about = _none_about(found, source)
    allergy = _allergy(resource, source=source, none_about=none_about, context=context)
    allergy = replace(
        allergy,
        reactions=reactions,
        codings=found,
        proposed_labels=security_labels(resource),
        part2_origin=says_part2(resource),
    )
    return replace(allergy, fingerprint=_fingerprint(allergy))


def _allergy(
    resource: Resource, *, source: str, none_about: str, context: Context
) -> ImportedAllergy:
    no_information = any(
        code in codes.NO_INFORMATION for code in codes_of(resource.get("code"))
    )
    said = [status_codes(resource.get(key)) for key in _STATUSES]
    verification, clinical = (next(iter(found), "") for found in said[:2])
    clinical = clinical or next(iter(said[2]), "")
    never = bool({code for found in said for code in found} & _NEVER)
    return ImportedAllergy(
        substance=strip_tag(source) or "Substance not named",
        reactions=(),
        severity=_worst(resource),
        criticality=_criticality(resource),
        type=clean_text(resource.get("type")),
        category=tuple(texts(as_list(resource.get("category")))),
        clinical_status="" if never else clinical,
        verification_status=verification,
        codings=(),
        is_no_known=bool(none_about) and not no_information,
        is_no_information=no_information,
        none_about="" if no_information else none_about,
        onset_date=partial_date(resource.get("onsetDateTime")),
        recorded_date=partial_date(
            first_text(resource.get("recordedDate"), resource.get("assertedDate"))
        ),
        recorder=context.name(resource, "recorder", "asserter"),
        note=notes_of(resource),
        source_text=source,
        source_id=clean_text(resource.get("id")),
        notes=_notes(verification),
        never_active=never,
        about_someone_else=context.is_about_someone_else(resource),
    )


def _criticality(resource: Resource) -> str:
    said = clean_text(resource.get("criticality"))
    return said if said in CRITICALITIES else ""


def _none_about(found: tuple[Coding, ...], source: str) -> str:
    """Of what the file says there is none; empty for a real allergy."""
    for coding in found:
        if coding.code in codes.NO_KNOWN_ALLERGY:
            return codes.NO_KNOWN_ALLERGY[coding.code]
    match = _NONE_SAID.fullmatch(source)
    if match is None:
        return ""
    if source.lower().startswith("nkda"):
        return "medicine"
    return _KIND_OF_WORD.get((match["kind"] or "").lower(), "any")


def _substance(resource: Resource) -> str:
    """Some senders name the substance only beside the reaction."""
    reactions = dicts(resource.get("reaction"))
    named = (concept_text(reaction.get("substance")) for reaction in reactions)
    return next((name for name in named if name), "")


def _reactions(resource: Resource) -> tuple[str, ...]:
    said: list[str] = []
    for reaction in dicts(resource.get("reaction")):
        shown = [
            strip_tag(concept_text(m)) for m in as_list(reaction.get("manifestation"))
        ]
        said += [text for text in shown if text] or texts(reaction.get("description"))
    return tuple(dict.fromkeys(said))


def _worst(resource: Resource) -> str:
    reactions = dicts(resource.get("reaction"))
    said = {clean_text(reaction.get("severity")) for reaction in reactions}
    return next((severity for severity in _SEVERITIES if severity in said), "")


def _notes(verification: str) -> tuple[str, ...]:
    notes = {
        "entered-in-error": "The file says that this was entered by mistake.",
        "refuted": "The file says that this allergy was ruled out.",
        "unconfirmed": "The file says that this allergy is not confirmed.",
    }
    return (notes[verification],) if verification in notes else ()


def _fingerprint(allergy: ImportedAllergy) -> str:
    return fingerprint(
        "AllergyIntolerance",
        allergy.source_text,
        sorted((coding.system, coding.code) for coding in allergy.codings),
        allergy.reactions,
        allergy.criticality,
        allergy.clinical_status,
        allergy.verification_status,
    )
