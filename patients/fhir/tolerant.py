"""Reading JSON that may not be what the standard says: never an exception.

A missing field, a string where an object belongs, one object where a list belongs:
real files have all of these, and each loses as little as possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from carecoord.json_files import clean_text
from patients.dosage import DECIMAL_PLACES
from patients.fhir.records import Coding

MAX_ITEMS = 200  # codings, reactions, dosages of one entry: more is not a record


def as_dict(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The list; one thing alone counts as a list of one."""
    if isinstance(value, list):
        return value[:MAX_ITEMS]
    return [] if value is None else [value]


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; everything else in it is passed over."""
    return [item for item in as_list(value) if isinstance(item, dict)]


def texts(value: Any) -> list[str]:
    """The texts in a list, cleaned; empty ones are dropped."""
    return [text for text in map(clean_text, as_list(value)) if text]


def number(value: Any) -> Decimal | None:
    """A finite number; also one that was wrongly sent as a string."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return exact(Decimal(value))
    text = clean_text(value)
    if not text or len(text) > 20 or not text.replace(".", "", 1).isascii():
        return None
    return exact(Decimal(text)) if text.replace(".", "", 1).isdigit() else None


def exact(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 12.50 as 12.5."""
    return Decimal(format(value.normalize(), "f"))


def can_be_kept(value: Decimal) -> bool:
    """Whether the list can hold the number as it is: at most 4 digits after the point.

    Source: `patients.dosage.DECIMAL_PLACES`; a dose is never rounded.
    """
    return -int(exact(value).as_tuple().exponent) <= DECIMAL_PLACES


def whole(value: Any) -> int | None:
    """A whole number, 1 stays 1 also when written 1.0."""
    found = number(value)
    if found is None or found != found.to_integral_value():
        return None
    return int(found)


def codings(concept: Any) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept; a bare Coding counts as one."""
    found = as_dict(concept)
    listed = dicts(found.get("coding"))
    if not listed and "code" in found and "system" in found:
        listed = [found]
    return tuple(filter(_says_something, map(_coding, listed)))


def _coding(coding: dict[str, Any]) -> Coding:
    return Coding(
        system=clean_text(coding.get("system")),
        code=clean_text(coding.get("code")),
        display=clean_text(coding.get("display")),
        user_selected=coding.get("userSelected") is True,
    )


def _says_something(coding: Coding) -> bool:
    return bool(coding.code or coding.display)


def codes(concept: Any) -> list[str]:
    """The codes of a CodeableConcept; a plain code string (STU3) counts too."""
    if isinstance(concept, str):
        return [clean_text(concept)]
    return [coding.code for coding in codings(concept) if coding.code]


def status_codes(concept: Any) -> list[str]:
    """The codes of a status; words alone ("Entered in Error") count as their code."""
    found = codes(concept) or [clean_text(as_dict(concept).get("text"))]
    return ["-".join(code.lower().split()) for code in found if code]


def is_true(value: Any) -> bool:
    """True, also where it was wrongly sent as a string."""
    return value is True or clean_text(value).lower() == "true"


def concept_text(concept: Any) -> str:
    """What a CodeableConcept says to a person: its text, else the chosen display."""
    if isinstance(concept, str):
        return clean_text(concept)
    text = clean_text(as_dict(concept).get("text"))
    if text:
        return text
    found = sorted(codings(concept), key=lambda coding: not coding.user_selected)
    return next((coding.display for coding in found if coding.display), "")


def first_text(*values: Any) -> str:
    """The first that says anything."""
    return next((text for text in map(clean_text, values) if text), "")


def extensions(resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each extension as the last word of its address, and the extension."""
    for extension in dicts(resource.get("extension")):
        yield clean_text(extension.get("url")).rpartition("/")[2], extension
