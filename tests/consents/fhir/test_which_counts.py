"""What a file says twice, or does not say, widens nothing.

Found: a rule whose type was missing or misspelled was left out alone, so a deny went
and the permit beside it stayed; a permission of a history, as it was before its end,
became a draft; and an empty `dataPeriod` shared everything from the beginning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from carecoord.json_files import UnreadableFile
from consents.codes import CATEGORIES, LABELS
from consents.fhir import bundles, reading, strict
from consents.fhir.fitting import fit
from tests.consents.fhir import files
from tests.consents.fhir.files import ACT, TYPES, coding, consent, permit

pytestmark = pytest.mark.security("T57")
UNCLEAR = ("Deny", "DENY", "deny ", "forbid", "", None)
OBSERVATIONS = coding(TYPES, "Observation")
ADDRESS = "https://elsewhere.example/Consent/1"


def _with_deny(kind: str | None) -> dict[str, Any]:
    denied = permit(type=kind, period=None, purpose=None)
    return consent(permit(), denied)


def _history(kind: str, *entries: dict[str, Any], url: str = ADDRESS) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": kind,
        "entry": [{"fullUrl": url, "resource": each} for each in entries],
    }


def _read(value: Any) -> str:
    """What is said instead of a draft; empty where there is one."""
    try:
        files.reading(value)
    except UnreadableFile as error:
        return error.sentence
    return ""


@pytest.mark.parametrize("kind", UNCLEAR)
def test_a_rule_that_is_neither_permit_nor_deny_takes_its_permission_along(kind):
    assert "whether it permits" in _read(_with_deny(kind))
    around = {"type": kind or "Permit", "provision": [permit()]}
    assert "whether it permits" in _read(consent(provision=around))


def test_a_root_without_a_type_is_as_before():
    assert not _read(consent(provision={"provision": [permit()]}))
    assert not _read(consent(provision={"type": "deny", "provision": [permit()]}))


ENDED = consent(status="inactive", id="1")
BEFORE = consent(id="1")


def test_a_history_is_no_permission():
    assert "what was before" in _read(_history("history", ENDED, BEFORE))
    assert not _read(_history("collection", BEFORE))


@pytest.mark.parametrize(
    "found",
    [
        _history("collection", ENDED, BEFORE),
        _history("collection", consent(status="rejected"), consent()),
        _history("searchset", ENDED, BEFORE, url=""),
    ],
    ids=["by address and id", "by address", "by id"],
)
def test_of_two_versions_neither_counts(found):
    assert "Both are left out" in _read(found)


def test_two_permissions_are_two():
    two = _history("collection", consent(id="1"), consent(id="2"), url="")
    assert len(files.reading(two).rules) == 2
    assert len(files.reading(_history("collection", consent())).rules) == 1


def _two(**deny: Any) -> dict[str, Any]:
    """A permission, and another one of the same file that keeps something back."""
    kept = permit(type="deny", period=None, purpose=None, **deny)
    both = [consent(permit(), id="1"), consent(kept, id="2")]
    return _history("collection", *both, url="")


def _kinds(value: Any) -> int:
    """What its permits share."""
    rules = files.reading(value).rules
    return sum(rule.categories for rule in rules if rule.effect == "permit")


ALLERGIES = {"class": coding(TYPES, "AllergyIntolerance")}
OTHER = {"reference": "Practitioner/9", "display": "Dr. Else"}


def test_what_another_permission_of_the_file_denies_is_not_shared():
    """Found: who is not known here gets no "never", and got what the permit shares."""
    assert _kinds(_two(**ALLERGIES)) == CATEGORIES["conditions"]
    as_named = {"display": "dr.  PIA ortiz"}
    assert _kinds(_two(**ALLERGIES, actor=[files.actor(as_named)])) == 8
    assert _kinds(_two(**ALLERGIES, actor=[files.actor(OTHER)])) == 8 | 2
    everything = _two(**{"class": None})
    assert [rule.effect for rule in files.reading(everything).rules] == ["deny"]


def _of(born: date | None) -> str:
    """What is said of a file with a birth date, to a patient with another, or none."""
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"text": "Amina Diallo"}],
        "birthDate": "1991-02-14",
    }
    found = consent(patient={"reference": "#p"})
    found["contained"].append(patient)
    try:
        files.reading(found, replace(files.AMINA, birth_date=born))
    except UnreadableFile as error:
        return error.sentence
    return ""


def test_a_birth_date_that_is_not_known_here_is_not_theirs():
    assert not _of(date(1991, 2, 14))
    assert "somebody else" in _of(date(1991, 2, 15))
    assert "somebody else" in _of(None)


@pytest.mark.parametrize("where", ["dataPeriod", "period"])
def test_an_empty_limit_is_none_that_can_be_kept(where):
    rule = permit(**{"class": OBSERVATIONS, where: {}})
    assert "damaged" in _read(consent(rule))


TWINS = {
    "the unclear rule alone goes": (
        (reading, "_check_kinds", lambda root, leaves: None),
        _with_deny(None),
    ),
    "whichever version": (
        (bundles.Versions, "check", lambda versions, resource: None),
        _history("collection", ENDED, BEFORE),
    ),
    "each permission by itself": (
        (reading, "less_denied", lambda rules: sorted(rules, key=lambda r: r.effect)),
        _two(**ALLERGIES),
    ),
    "an empty limit is none": (
        (strict, "one", lambda resource, key: resource.get(key, {})),
        consent(permit(dataPeriod={}, **{"class": OBSERVATIONS})),
    ),
}


@pytest.mark.parametrize("twin", TWINS)
def test_each_old_way_is_found(monkeypatch, twin):
    (module, name, old), found = TWINS[twin]
    before = 0 if _read(found) else _kinds(found)
    monkeypatch.setattr(module, name, old)
    assert _kinds(found) > before


CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def test_a_topic_beside_how_confidential_it_is_shares_nothing():
    """Whether it means both at once, or either, is said nowhere."""
    marks = [*coding(CONFIDENTIALITY, "R"), *coding(ACT, "HIV")]
    rules = files.reading(consent(permit(), permit(securityLabel=marks))).rules
    assert [rule.labels for rule in rules] == [0]
    both = files.reading(
        consent(permit(), permit(securityLabel=coding(ACT, "HIV")))
    ).rules
    assert [rule.labels for rule in both] == [LABELS["hiv"]]


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T00:00:00-05:00", "2026-03-02"),
        ("2026-03-02T00:00:01-05:00", "2026-03-03"),
        ("2026-03-02T12:00:00Z", "2026-03-03"),
        ("2026-03", "2026-03-01"),
    ],
)
def test_it_reaches_back_to_no_part_of_a_day_that_is_not_in_the_file(start, first):
    rule = permit(dataPeriod={"start": start}, **{"class": OBSERVATIONS})
    (found,) = files.reading(consent(rule)).rules
    at = datetime(2026, 6, 1, tzinfo=UTC)
    answers = fit(found, people=[], at=at, zone="America/New_York").answers
    assert answers["since"] == first
