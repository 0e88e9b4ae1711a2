"""Real bundles, broken at random: a result or one sentence, and nothing else."""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patients.dosage import Dosage
from patients.fhir import ImportedBundle, UnreadableFile, gather, read
from patients.fhir.names import read_name
from patients.fhir.timing import read_timing
from tests.patients.fhir.files import real_files

KINDS = frozenset(
    {
        "MedicationStatement",
        "MedicationRequest",
        "Medication",
        "AllergyIntolerance",
        "Condition",
        "Composition",
        "Patient",
    }
)
JUNK: list[Any] = [
    None, True, False, 0, -1, 10**18, 1.5, "", " ", "\x00", "\ud800", "x" * 5_000,
    [], {}, [[]], [None], {"coding": 5}, {"coding": [None, {}]}, {"text": []},
    {"reference": "#"}, {"reference": {"reference": []}}, {"value": "1e9"},
    "entered-in-error", "2015-13-45", ["a", {"b": ["c"]}],
]  # fmt: skip


@cache
def relevant(index: int) -> list[dict[str, Any]]:
    """The entries of one real bundle that are read; the rest only slows this down."""
    bundle = json.loads(real_files()[index].read_text("utf-8"))
    return [e for e in bundle["entry"] if e["resource"]["resourceType"] in KINDS][:40]


def places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], dict | list):
            places(value[key], found)
    return found


def mutate(bundle: dict[str, Any], *, by: random.Random, times: int) -> None:
    """Delete, swap, nest, repeat: in place."""
    for _ in range(times):
        found = places(bundle["entry"], [])
        if not found:
            return
        parent, key = by.choice(found)
        change = by.randrange(5)
        if change == 0:
            del parent[key]
        elif change == 1:
            parent[key] = copy.deepcopy(by.choice(JUNK))
        elif change == 2:
            parent[key] = [parent[key]]
        elif change == 3:
            parent[key] = {"extension": parent[key]}
        else:
            other, other_key = by.choice(found)
            parent[key] = copy.deepcopy(other[other_key])


def check(found: ImportedBundle) -> None:
    """What holds for every result, however broken the file."""
    for one in found.medicines:
        assert one.name and one.name == one.name.strip()
        dosage = Dosage(**one.dosage)
        assert dosage.line
        assert Dosage(**one.dosage_in_words).line
        if one.status == "entered-in-error":
            assert one.never_active
        one.name.encode()
        one.dosage_text.encode()
    for allergy in found.allergies:
        assert allergy.substance and not (
            allergy.is_no_known and allergy.is_no_information
        )
    for condition in found.conditions:
        assert condition.name
    assert sum(one.times for one in gather(found.medicines)) == len(found.medicines)
    assert all(sentence.endswith(".") for sentence in found.problems)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    index=st.integers(0, 23),
    times=st.integers(1, 60),
    seed=st.integers(0, 2**32),
)
def test_a_broken_real_bundle_gives_a_result_or_one_sentence(index, times, seed):
    bundle = {"resourceType": "Bundle", "entry": copy.deepcopy(relevant(index))}
    mutate(bundle, by=random.Random(seed), times=times)
    try:
        strict = seed % 10 == 0
        raw = json.dumps(bundle)
        found = read(raw, source_name="broken", check_standard=strict)
    except UnreadableFile as refusal:
        assert refusal.sentence.endswith(".")
    else:
        check(found)


@settings(max_examples=150, deadline=None)
@given(index=st.integers(0, 23), data=st.data())
def test_a_file_cut_short_or_with_a_wrong_byte_is_refused_or_read(index, data):
    bundle = {"resourceType": "Bundle", "entry": relevant(index)[:6]}
    raw = bytearray(json.dumps(bundle).encode())
    raw = raw[: data.draw(st.integers(0, len(raw)))]
    for _ in range(data.draw(st.integers(0, 5))):
        if raw:
            place = data.draw(st.integers(0, len(raw) - 1))
            raw[place] = data.draw(st.integers(0, 255))
    try:
        check(read(bytes(raw), source_name="broken"))
    except UnreadableFile as refusal:
        assert refusal.sentence.endswith(".")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["d", "wk", "mo", "h", "MORN", "HS", "mon", "08:00", "BID", "WK"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
words = str.split
FIELDS = words(
    "frequency frequencyMax period periodMax periodUnit when timeOfDay dayOfWeek "
    "count duration offset boundsPeriod"
)
PIECES = words(
    "12 HR 24 HR 5 MG ML / + [ ] ( ) , . tablet Oral Extended Release x y 1.000 0,5 % "
    "UNT/ML MG/ACTUAT sertraline (GLUCOPHAGE) { } Pack (disorder)"
)
timings = st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=6)


@settings(max_examples=400, deadline=None)
@given(repeat=timings, code=json_values)
def test_no_timing_with_weeks_months_or_days_of_the_week_is_daily(repeat, code):
    found = read_timing({"repeat": repeat, "code": {"coding": [{"code": code}]}})
    long = repeat.get("periodUnit") in ("wk", "mo", "a") or repeat.get("dayOfWeek")
    if long and found.certain:
        assert not (found.slots or found.times_a_day or found.gap_hours)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map(" ".join)
)
def test_any_text_is_read_as_a_name_without_an_exception(text):
    parsed = read_name(text)
    assert isinstance(parsed.name, str)
    for part in parsed.parts:
        assert part.strength is None or part.strength.is_finite()
