""" "No known allergies" leaves in a file only where the whole of it is shared."""

import json
from pathlib import Path

import pytest

from consents.fhir.absence import NO_KNOWN_ALLERGY, when_no_allergy_is_listed
from consents.lines import Extent

# Where the code may stand: the one rule that writes it, and the table that reads it.
HOMES = {"consents/fhir/absence.py", "patients/fhir/codes.py"}
APPS = ("carecoord", "providers", "consents", "patients", "messaging")


@pytest.mark.parametrize("covered", Extent)
@pytest.mark.parametrize("is_stated", [True, False])
def test_a_part_never_says_that_there_is_none(covered, is_stated):
    found = json.dumps(when_no_allergy_is_listed(covered=covered, is_stated=is_stated))
    says_none = NO_KNOWN_ALLERGY in found or "nilknown" in found
    assert says_none == (covered is Extent.WHOLE and is_stated)
    assert "withheld" not in found


def test_no_other_place_writes_the_code():
    found = {
        str(path)
        for app in APPS
        for path in Path(app).rglob("*.py")
        if NO_KNOWN_ALLERGY in path.read_text()
    }
    assert found == HOMES
