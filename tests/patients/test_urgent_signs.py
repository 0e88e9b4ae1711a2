"""Which side effects are urgent, with which medicine, and what is said of them."""

from __future__ import annotations

from datetime import date

import pytest

from patients.codes import COMMON_SIDE_EFFECTS, SideEffectKind
from patients.interactions import is_recognised
from patients.interactions.knowledge import knowledge
from patients.models import MedicationStatement, SideEffect
from patients.safe_text import problems
from patients.urgent_signs import FILE, BadSign, is_urgent, read, signs, urgent_of

NUMBERS = {"emergency": "911", "crisis": "988"}


def effect(kind: str, name: str = "sertraline", **more) -> SideEffect:
    medicine = MedicationStatement(name=name, schedule="daily")
    return SideEffect(kind=kind, severity="mild", medicine=medicine, **more)


def said(kind: str, name: str) -> tuple[str, str]:
    found = urgent_of(effect(kind, name), numbers=NUMBERS)
    return found.sentence, found.what_to_do


@pytest.mark.capability("S20")
def test_every_kind_that_is_not_common_is_urgent_with_any_medicine():
    for kind in SideEffectKind:
        common = kind in COMMON_SIDE_EFFECTS or kind == SideEffectKind.OTHER
        item = effect(kind, "something from abroad")
        assert is_urgent(item) is not common
        found = urgent_of(item, numbers=NUMBERS)
        assert (found is None) is common
        over = effect(kind, over_date=date(2026, 11, 20))
        assert not is_urgent(over) and urgent_of(over, numbers=NUMBERS) is None


@pytest.mark.parametrize(
    ("kind", "medicine", "says", "do"),
    [
        ("rash", "Lamictal", "dangerous skin reaction", "Get help now"),
        ("rash", "carbamazepine", "dangerous skin reaction", "Get help now"),
        ("rash", "sertraline", "can be an allergy", "today"),
        ("fever", "Clozaril", "white blood cells", "Get help now. A blood test"),
        ("fever", "haloperidol", "dangerous reaction", "Call 911 for stiff muscles"),
        ("fever", "sertraline", "serotonin", "today"),
        ("stiff_muscles", "risperidone", "dangerous reaction", "Call 911"),
        ("fainting", "citalopram", "heart rhythm", "ECG"),
        ("yellow_skin", "Depakote", "liver", "Get help now"),
        ("swelling", "lisinopril", "stop the breathing", "Call 911 now."),
        ("seizure", "bupropion", "seizure", "Call 911 now."),
        ("self_harm", "fluoxetine", "can come from a medicine", "text 988 now"),
    ],
)
def test_what_it_may_be_and_what_to_do(kind, medicine, says, do):
    sentence, what_to_do = said(kind, medicine)
    assert says in sentence and do in what_to_do


COMPARED = {
    "rash-lamotrigine",
    "rash-carbamazepine",
    "rash-modafinil",
    "fever-clozapine",
    "fever-mirtazapine",
    "fever-antipsychotic",
    "fever-serotonin",
    "stiff-antipsychotic",
    "fainting-clozapine",
}


def test_every_entry_is_safe_text_of_known_medicines_and_can_be_reached():
    seen: set[str] = set()
    for one in signs():
        for name in one.medicines:
            assert is_recognised(name), name
        text = f"{one.sentence} {one.what_to_do}".format(medicine="x", **NUMBERS)
        assert problems(text) == [], text
        assert one.kind not in seen or one.medicines, one.id
        if not one.medicines:
            seen.add(one.kind)
        assert ("not compared" not in one.source) is (one.id in COMPARED)


GOOD = FILE.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "rash"', 'kind = "itch"', "no side effect itch"),
        ('"@antipsychotic"', '"@unknown"', "no group @unknown"),
        ('review = "awaiting"', 'review = "fine"', "nothing of its review"),
        ('checked = "2026-11-26"\n', "", "only where it was compared"),
        ('sentence = "A rash can be an allergy."\n', "", "sentence is missing"),
    ],
)
def test_a_gap_in_the_file_is_refused(tmp_path, old, new, says):
    file = tmp_path / "signs.toml"
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(BadSign, match=says):
        list(read(file, groups=knowledge().groups))
