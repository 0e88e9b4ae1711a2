"""What gives a private matter away, and the label to propose for it.

Only a proposal: the patient decides. Awaiting review by a clinician. The labels are
those of the sharing rules. What a medicine's name gives away:
patients.medicine_knowledge.labels_of.
"""

from __future__ import annotations

import re
from typing import Any

from patients.fhir.codes import ICD10_SYSTEMS
from patients.fhir.records import Coding
from patients.fhir.references import Resource
from patients.fhir.tolerant import as_dict, as_list
from patients.fhir.tolerant import codes as codes_of

CONDITIONS = {
    "substance_use": r"alcohol|opioid|cocaine|amphetamine (?:use|depend)|"
    r"(?:drug|substance) (?:use|abuse|misuse|depend)|addict|withdrawal",
    "hiv": r"\bhiv\b|human immunodeficiency|\baids\b",
    "sexual_reproductive": r"pregnan|abortion|miscarriage|contracept|chlamydia|"
    r"gonorrh|syphilis|genital herpes|erectile|sexually transmitted",
    "violence": r"\babuse of (?:adult|child)|domestic violence|partner violence|"
    r"sexual (?:abuse|assault)|\brape\b|maltreatment",
}
# Tobacco (F17) brands nobody. ICD-10-CM chapters, first letters of the code.
ICD10 = {
    "substance_use": r"F1[0-689]",
    "hiv": r"B2[0-4]|Z21",
    "sexual_reproductive": r"A5\d|A6[0-4]|O\d|Z3[0-4]|Z3A",
    "violence": r"T7[46]|Y07",
}
_CONDITION = {label: re.compile(said, re.I) for label, said in CONDITIONS.items()}
_ICD10 = {label: re.compile(rf"(?:{codes})") for label, codes in ICD10.items()}


def condition_labels(name: str, codings: tuple[Coding, ...]) -> tuple[str, ...]:
    """The labels to propose for a diagnosis, by its words and ICD-10 codes."""
    said = " | ".join([name, *(coding.display for coding in codings)])
    codes = [c.code for c in codings if c.system.startswith(ICD10_SYSTEMS)]
    return tuple(
        label
        for label in _CONDITION
        if _CONDITION[label].search(said) or any(map(_ICD10[label].match, codes))
    )


# HL7 v3 ActCode and Confidentiality, as `meta.security` of a resource states them.
# What is restricted without a topic is proposed as private.
SECURITY = {
    "substance_use": ("ETH", "ETHUD", "ETHUDSD", "SUD", "OPIOIDUD", "42CFRPart2"),
    "sexual_reproductive": ("SEX", "STD", "SPI"),
    "hiv": ("HIV",),
    "violence": ("SDV", "VIO", "SV", "DVD"),
    "private": ("R", "V", "PRS", "PSY", "PSYTHPN", "MH", "BH", "CEL", "TAB", "DIA"),
}
_READ = {code.casefold() for codes in SECURITY.values() for code in codes}
# What a treatment program of 42 CFR part 2 sends says so with this code.
PART2 = "42cfrpart2"


def security_labels(resource: Resource) -> tuple[str, ...]:
    """The labels to propose for what the file itself calls sensitive."""
    found = _stated(resource)
    return tuple(
        label
        for label, codes in SECURITY.items()
        if found & {code.casefold() for code in codes}
    )


def says_part2(resource: Resource) -> bool:
    """Whether the file says that it comes from a program of 42 CFR part 2."""
    return PART2 in _stated(resource)


def security_of_all(bundle: Resource) -> list[dict[str, str]]:
    """The codes that a bundle, or the document in it, states for all it holds.

    Each once, and only those that are read: they are kept with every entry.
    """
    found = _stated(bundle)
    listed = bundle.get("entry")
    for entry in listed if isinstance(listed, list) else []:
        document = as_dict(as_dict(entry).get("resource"))
        if document.get("resourceType") == "Composition":
            found |= _stated(document)
            found |= _codes({"code": document.get("confidentiality")})
    return [{"code": code} for code in sorted(found & _READ)]


def with_security(resource: Resource, stated: list[dict[str, str]]) -> Resource:
    """The same resource, called as sensitive as what it came in."""
    meta = as_dict(resource.get("meta"))
    own = as_list(meta.get("security"))
    return resource | {"meta": meta | {"security": [*stated, *own]}}


def _stated(resource: Resource) -> set[str]:
    return _codes(as_dict(resource.get("meta")).get("security"))


def _codes(stated: Any) -> set[str]:
    return {code.casefold() for code in codes_of({"coding": stated})}
