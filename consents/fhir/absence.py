"""The one place that may write "no known allergies" in a file for another system.

Where a reader gets a part, absence means nothing: a code that says "none known" would
make of a hidden allergy a safe medicine (DESIGN 2, Constant lines). The code that is
written instead is the same whether something is hidden or not.
"""

from __future__ import annotations

from typing import Any

from consents import lines
from consents.lines import Extent

SNOMED = "http://snomed.info/sct"
NO_KNOWN_ALLERGY = "716186003"
EMPTY_REASON = "http://terminology.hl7.org/CodeSystem/list-empty-reason"


def when_no_allergy_is_listed(*, covered: Extent, is_stated: bool) -> dict[str, Any]:
    """The fields of a FHIR list of allergies in which none is listed.

    `code` only where the whole is shared and the patient stated it, as on every page.
    """
    reason = lines.empty_reason(covered=covered, is_stated=is_stated)
    found: dict[str, Any] = {
        "emptyReason": {"coding": [{"system": EMPTY_REASON, "code": reason}]}
    }
    if lines.may_say_none_known(covered=covered, is_stated=is_stated, count=0):
        found["code"] = {
            "coding": [
                {
                    "system": SNOMED,
                    "code": NO_KNOWN_ALLERGY,
                    "display": "No known allergy",
                }
            ]
        }
    return found
