"""T57: a small file that points thousands of times at one long name is refused.

Found: 100,000 given names under 3,000 rules, in 0.8 MB, kept a process busy for a
quarter of an hour, and with it everybody who waits for the emergency page.
"""

from __future__ import annotations

import pytest

from carecoord.json_files import UnreadableFile
from consents.fhir import people, strict
from tests.consents.fhir import files

RULES, ACTORS, GIVEN = 20, 20, strict.MAX_LISTED


def file_with(given: int) -> str:
    name = [{"given": ["a"] * given, "family": "Ortiz"}]
    doctor = {"resourceType": "Practitioner", "id": "dr", "name": name}
    actors = [files.actor({"reference": "#dr"})] * ACTORS
    rules = [files.permit(actor=actors)] * RULES
    return files.text(files.consent(*rules, contained=[doctor]))


def work_of(given: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """How many names are read, and what is said instead of a draft."""
    calls, real = [], strict.name_of
    monkeypatch.setattr(strict, "name_of", lambda *a, **k: calls.append(1) or real(*a))
    said = ""
    try:
        files.read(file_with(given), whose=files.AMINA)
    except UnreadableFile as error:
        said = error.sentence
    return len(calls), said


@pytest.mark.security("T57")
def test_a_name_of_many_parts_under_many_rules_is_not_read(monkeypatch):
    work, said = work_of(GIVEN + 1, monkeypatch)
    assert said == "A permission in this file is damaged. It is left out."
    assert work <= 2 * RULES


@pytest.mark.security("T57")
def test_the_twin_reads_each_part_for_each_rule(monkeypatch):
    monkeypatch.setattr(people, "_short", lambda value: value or [])
    work, _said = work_of(10 * GIVEN, monkeypatch)
    assert work > 10 * GIVEN * RULES * ACTORS


def test_a_long_name_is_a_name(monkeypatch):
    _work, said = work_of(GIVEN, monkeypatch)
    assert not said
