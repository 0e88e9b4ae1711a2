"""Systems and codes of a FHIR R4 Consent, in both directions.

Sources: FHIR R4 Consent; HL7 Terminology: consentscope, consentaction, v3-ActCode,
v3-ActReason, v3-Confidentiality, v3-ParticipationType; LOINC.
"""

from __future__ import annotations

from consents.codes import CATEGORIES, LABELS, PURPOSES

HL7 = "http://terminology.hl7.org/CodeSystem/"
SCOPE = f"{HL7}consentscope"
ACTION = f"{HL7}consentaction"
ACT = f"{HL7}v3-ActCode"
REASON = f"{HL7}v3-ActReason"
CONFIDENTIALITY = f"{HL7}v3-Confidentiality"
PARTICIPATION = f"{HL7}v3-ParticipationType"
RESOURCE_TYPES = "http://hl7.org/fhir/resource-types"
LOINC = "http://loinc.org"
NPI = "http://hl7.org/fhir/sid/us-npi"
URI = "urn:ietf:rfc:3986"
# The kinds of information of DESIGN 2, which no other code system has whole.
OURS = "urn:carecoord:category"
# What ends a permission before its last day, in the patient's words: in no FHIR field.
ENDS_WHEN = "urn:carecoord:ends-when"
# That who alone may tell is not in the file. It changes what the rule means, so it is a
# modifierExtension: whoever does not know it must leave the rule out.
TELLERS_WITHHELD = "urn:carecoord:disclosers-withheld"
# The same of kinds and topics, to somebody whose paper does not cover them all.
SCOPE_WITHHELD = "urn:carecoord:scope-withheld"

PRIVACY = "patient-privacy"
# "Nothing, but for what is said below": the one default of this product.
NOTHING_BUT = "OPTOUT"
NOTHING_BUT_CODES = (NOTHING_BUT, "OPTOUTE")
REDISCLOSURE = "IRDSCL"
RECIPIENT, RECIPIENTS = "IRCP", ("IRCP", "PRCP")
# The origin of what is shared: whoever wrote it.
DISCLOSER = "AUT"
REACHING = ("access", "disclose")

# LOINC of the kinds that are exactly one section of a record.
LOINC_OF = {
    "medications": "10160-0",
    "allergies": "48765-2",
    "conditions": "11450-4",
    "goals": "61146-7",
    "care_team": "85847-2",
}
CATEGORY_OF = {(OURS, code.name): code.bit for code in CATEGORIES} | {
    (LOINC, loinc): CATEGORIES[name] for name, loinc in LOINC_OF.items()
}
# A permit for resources of these types gives no more than these kinds.
PERMITTED_BY_CLASS = {
    "AllergyIntolerance": CATEGORIES["allergies"],
    "CareTeam": CATEGORIES["care_team"],
    "Condition": CATEGORIES["conditions"],
    "DocumentReference": CATEGORIES["documents"],
    "Goal": CATEGORIES["goals"],
    "MedicationStatement": CATEGORIES["medications"],
    "Observation": CATEGORIES["measures"],
}
# A deny on them touches at least these.
DENIED_BY_CLASS = PERMITTED_BY_CLASS | {
    "CarePlan": CATEGORIES.mask("goals", "safety"),
    "Communication": CATEGORIES["updates"],
    "Encounter": CATEGORIES["history"],
    "Flag": CATEGORIES["safety"],
    "MedicationRequest": CATEGORIES["medications"],
    "Observation": CATEGORIES.mask(
        "measures", "observations", "substances", "conditions"
    ),
    "Procedure": CATEGORIES["history"],
}
# Every code of a label must be named to share it: SDV alone is less than "violence".
LABEL_CODES = {code.bit: frozenset(code.hl7) for code in LABELS}
# To keep something back, a part of it is enough.
DENIED_BY_LABEL = {hl7: code.bit for code in LABELS for hl7 in code.hl7} | {
    "ETHUD": LABELS["substance_use"],
    "OPIOIDUD": LABELS["substance_use"],
    # Notes of therapy are not kept here, so to keep them back takes nothing.
    "PSYTHPN": 0,
}
# The mark of what is ordinary, or stricter: data without a label of ours is inside.
ORDINARY = ("N", "R", "V")

# Never a term of a permission: what the law asks, and what a document allows.
NEVER_SIGNED = PURPOSES.mask("THREAT", "PWATRNY")
PURPOSE_OF = {
    hl7: code.bit
    for code in PURPOSES
    if not code.bit & NEVER_SIGNED
    for hl7 in code.hl7
}
