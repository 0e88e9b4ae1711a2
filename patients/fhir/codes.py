"""Codes of FHIR R4, SNOMED CT and the International Patient Summary that matter here.

Sources: hl7.org/fhir/R4 value sets; IPS code system absent-unknown-uv-ips.
"""

from __future__ import annotations

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
RXNORM_SYSTEMS = frozenset({RXNORM, "urn:oid:2.16.840.1.113883.6.88"})
SNOMED_SYSTEMS = frozenset({"http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96"})
ATC = "http://www.whocc.no/atc"
NDC_SYSTEMS = frozenset(
    {"http://hl7.org/fhir/sid/ndc", "urn:oid:2.16.840.1.113883.6.69"}
)
ICD10_SYSTEMS = ("http://hl7.org/fhir/sid/icd-10", "urn:oid:2.16.840.1.113883.6.90")

MEDICINE_TYPES = ("MedicationStatement", "MedicationRequest")
TAKEN_IN = frozenset({*MEDICINE_TYPES, "AllergyIntolerance", "Condition"})
# Read for names and for whom the file is about; not taken in as entries.
USED_FOR_NAMES = frozenset(
    {
        "Composition",
        "Medication",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "RelatedPerson",
    }
)

STATEMENT_STATUSES = frozenset(
    {
        "active",
        "completed",
        "entered-in-error",
        "intended",
        "stopped",
        "on-hold",
        "unknown",
        "not-taken",
    }
)
# A request says what was ordered. "cancelled" is withdrawn before the first dose
# (R4 medicationrequest-status); a draft orders nothing yet.
REQUEST_STATUSES = {
    "active": "active",
    "on-hold": "on-hold",
    "cancelled": "not-taken",
    "completed": "completed",
    "entered-in-error": "entered-in-error",
    "stopped": "stopped",
    "draft": "intended",
    "unknown": "unknown",
}
# STU3 MedicationStatement.taken and R5 adherence, beside a status of "active" or
# "recorded", which says only that the entry itself is in use.
TAKEN_STU3 = {"y": "active", "n": "not-taken", "unk": "unknown", "na": "unknown"}
ADHERENCE_R5 = {
    "taking": "active",
    "taking-as-directed": "active",
    "taking-not-as-directed": "active",
    "not-taking": "not-taken",
    "on-hold": "on-hold",
    "on-hold-as-directed": "on-hold",
    "on-hold-not-as-directed": "on-hold",
    "stopped": "stopped",
    "stopped-as-directed": "stopped",
    "stopped-not-as-directed": "stopped",
    "unknown": "unknown",
}
PLANNED_INTENTS = frozenset({"proposal", "plan", "option"})
TAKING_STATUSES = frozenset({"active", "on-hold", "intended", "unknown"})

# The exact words that mean "there are none". SNOMED CT codes, then IPS codes.
NO_KNOWN_ALLERGY = {
    "716186003": "any",
    "160244002": "any",
    "409137002": "medicine",
    "429625007": "food",
    "428607008": "environment",
    "1003774007": "latex",
    "no-known-allergies": "any",
    "no-known-medication-allergies": "medicine",
    "no-known-food-allergies": "food",
    "no-known-environmental-allergies": "environment",
}
NO_KNOWN_CONDITION = frozenset({"160245001", "no-known-problems"})
NO_KNOWN_MEDICINE = frozenset({"787481004", "1234391009", "no-known-medications"})
NO_INFORMATION = frozenset({"no-allergy-info", "no-problem-info", "no-medication-info"})

SECTIONS = {"48765-2": "allergies", "10160-0": "medicines", "11450-4": "conditions"}
# http://terminology.hl7.org/CodeSystem/list-empty-reason
EMPTY_REASONS = {
    "nilknown": "none",
    "notasked": "not-asked",
    "withheld": "withheld",
    "unavailable": "unknown",
    "notstarted": "not-asked",
    "closed": "unknown",
}

# Trailing words of SNOMED CT names that say what kind of code it is.
SEMANTIC_TAGS = frozenset(
    """
    disorder|finding|situation|substance|product|procedure|medicinal product
    medicinal product form|clinical drug|qualifier value|morphologic abnormality
    observable entity|event|unit of presentation|trastorno|hallazgo|situación
    sustancia|producto|calificador|fármaco de uso clínico|producto medicinal
    unidad de presentación|aandoening|bevinding
    """.replace("\n", "|")
    .replace("    ", "")
    .strip("|")
    .split("|")
)
