"""How far a file keeps to FHIR R4: a warning, never a reason to refuse an entry.

Asked for by the command line only. `fhir.resources` takes 0.35 s to load and 0.6 ms
for each entry (docs/fhir-import.md), and its verdict changes nothing that is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir.codes import TAKEN_IN
from patients.fhir.references import Resource

MOST_CHECKED = 1_000


def departures(resources: Iterable[Resource]) -> list[str]:
    """One sentence with the number of entries that are not valid R4; or nothing."""
    ours = [one for one in resources if clean_text(one.get("resourceType")) in TAKEN_IN]
    checked = ours[:MOST_CHECKED]
    broken = sum(not _is_valid(resource) for resource in checked)
    if not broken:
        return []
    return [
        f"{broken} of {len(checked)} entries do not follow the standard (FHIR R4). "
        "They were read as far as possible."
    ]


def _is_valid(resource: Resource) -> bool:
    model = _model(clean_text(resource["resourceType"]))
    try:
        model.model_validate(resource)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        return False
    except RecursionError:
        return False
    return True


@cache
def _model(name: str) -> Any:
    return getattr(import_module(f"fhir.resources.R4B.{name.lower()}"), name)
