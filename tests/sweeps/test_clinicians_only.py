"""T11, L11: what only a clinician does is a 404 for patient and family, both ways."""

from __future__ import annotations

import pytest

from tests.sweeps import requests, tables
from tests.sweeps.test_urls import ADDRESSES, LISTED, look
from tests.sweeps.urls import LINES
from tests.sweeps.world import World

# Bram gets these pages; Amina, whose record it is, and her sister do not.
CLINICIANS_ONLY = [
    name
    for name in LISTED
    if LINES[name].status("bram") == 200
    and not LINES[name].is_paper
    and "amina" in LINES[name].strangers
]
ACTS = {
    *("patients:list_review", "patients:entry_add", "patients:side_effect_mark"),
    *("patients:flag_set_aside", "messaging:update_new", "messaging:reply"),
    *("consents:emergency", "consents:incapacity", "consents:case_call"),
}


@pytest.mark.security("T11", "L11")
def test_patient_and_family_find_no_page_of_a_clinician(world: World):
    assert set(CLINICIANS_ONLY) >= ACTS
    theirs = [
        (who, name)
        for who in ("amina", "hana")
        for name in CLINICIANS_ONLY
        if LINES[name].status(who) == 404
    ]
    with tables.unchanged():
        for who, name in theirs:
            assert answered(world, who, name, "get") == 404, (who, name)
            posted = 404 if LINES[name].posts else 405
            assert answered(world, who, name, "post") == posted, (who, name)


def answered(world: World, who: str, name: str, method: str) -> int:
    path = requests.path(world, ADDRESSES[name], LINES[name])
    return getattr(world.client(who), method)(path).status_code


@pytest.mark.security("T11", "L11")
def test_the_clinician_gets_each_of_them(world: World):
    statuses = {name: look(world, name, "bram").status for name in ACTS}
    assert set(statuses.values()) == {200}
