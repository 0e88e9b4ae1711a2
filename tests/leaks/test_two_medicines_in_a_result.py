"""A result that names two medicines is as hidden as the more hidden of the two.

Found: it followed one of them. With "Lithium and valproate level" in the record, and
valproate as "only me", the team read the name and the number of both.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from consents.codes import LABELS
from consents.models import ItemDeny
from patients.actions import labels as marks
from patients.actions import medicines, named_results, record, results, undo
from patients.actions.medicine_terms import Keep
from patients.actions.results import Result
from patients.models import MedicationStatement, TestResult
from tests.messaging.writing import words
from tests.patients import medicines_world as world
from tests.patients.imported import accept, daily, kept, mark_of, on_list, only

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
ONLY_ME = Keep(only_me=True)


def add_level(cast, who: str = "amina", name: str = "Lithium and valproate level"):
    return results.add(
        patient=cast.amina,
        result=Result("", name, cast.at.date(), value="0.8", unit="mmol/L"),
        key=uuid.uuid4(),
        author=None if who == "amina" else getattr(cast, who),
        by=cast.user(who),
        at=cast.at,
    )


def seen_by(cast) -> str:
    """Who of Amina, Bram and Jon reads the result, by initials."""
    readers = ("amina", "bram", "jon")
    pages = {
        who: world.signed_in(cast, who).get(world.page(cast, "tests/"))
        for who in readers
    }
    return "".join(who[0] for who in readers if "0.8 mmol/L" in words(pages[who]))


def keep(cast, line, keep: Keep, labels: int = 0) -> None:
    record.set_privacy(
        item=MedicationStatement.objects.get(pk=line.pk),
        labels=labels,
        keep=keep,
        denies=list(ItemDeny.objects.filter(lineage=line.lineage, lifted_at=None)),
        by=cast.user("amina"),
        at=cast.at,
    )


@pytest.mark.security("T26")
@pytest.mark.parametrize("hidden", ["lithium", "valproate"])
@pytest.mark.parametrize("first", ["lithium", "valproate"])
def test_it_is_hidden_whichever_of_the_two_is(cast, hidden, first):
    second = "valproate" if first == "lithium" else "lithium"
    for name in (first, second):
        world.add(cast, name, keep=ONLY_ME if name == hidden else None)
    add_level(cast)
    assert seen_by(cast) == "a"


@pytest.mark.security("T26")
@pytest.mark.parametrize("name", ["lithium", "valproate"])
def test_a_later_choice_for_either_takes_it_along_and_back(cast, name):
    lines = {each: world.add(cast, each) for each in ("lithium", "valproate")}
    add_level(cast)
    assert seen_by(cast) == "abj"
    keep(cast, lines[name], Keep(from_parties=(cast.bram,)))
    assert seen_by(cast) == "aj"
    keep(cast, lines[name], ONLY_ME)
    assert seen_by(cast) == "a"
    keep(cast, lines[name], Keep())
    assert seen_by(cast) == "abj"
    keep(cast, lines[name], Keep(), labels=LABELS["private"])
    assert seen_by(cast) == "a"


@pytest.mark.security("T26")
@pytest.mark.parametrize("when", ["before", "after"])
def test_each_kept_from_another_leaves_it_to_the_patient(cast, when):
    lines = [world.add(cast, name) for name in ("lithium", "valproate")]
    if when == "after":
        add_level(cast)
    for line, party in zip(lines, (cast.bram, cast.jon), strict=True):
        keep(cast, line, Keep(from_parties=(party,)))
    if when == "before":
        add_level(cast, who="bram")
    # Whoever wrote it keeps the own words.
    assert seen_by(cast) == ("a" if when == "after" else "ab")
    # In the name of whoever kept the medicines back, not of whoever wrote it.
    assert ItemDeny.objects.get(party=None).created_by == cast.amina.user
    # Shown to Bram again, it follows the other, which is kept from Jon.
    keep(cast, lines[0], Keep())
    assert seen_by(cast) == "ab"
    keep(cast, lines[1], Keep())
    assert seen_by(cast) == "abj"


@pytest.mark.security("T26")
def test_the_second_added_hidden_and_its_undo_open_nothing_by_the_way(cast):
    world.add(cast, "lithium")
    add_level(cast)
    assert seen_by(cast) == "abj"
    saved = medicines.add(
        patient=cast.amina,
        details=medicines.Details("valproate"),
        dosage=world.DAILY,
        keep=ONLY_ME,
        by=cast.user("amina"),
        at=cast.at,
    )
    assert seen_by(cast) == "a"
    undo.undo(item=saved.item, event=saved.event, by=cast.user("amina"), at=cast.at)
    assert seen_by(cast) == "a"


def test_a_hidden_line_of_a_medicine_that_stands_open_changes_nothing(cast):
    for name in ("lithium", "valproate"):
        world.add(cast, name)
    level = add_level(cast)
    world.add(cast, "Lithobid", keep=ONLY_ME, labels=LABELS["private"])
    assert seen_by(cast) == "abj"
    assert TestResult.objects.get().lineage == level.lineage


def taken_from_a_file(cast, *, later: int) -> None:
    """A result names sertraline and lithium; then a file calls sertraline private.

    It follows the newer line: lithium's is so many seconds newer.
    """
    line = on_list(cast)
    world.add(cast, "lithium", at=cast.at + timedelta(seconds=later))
    add_level(cast, name="Lithium and sertraline level")
    assert seen_by(cast) == "abj"
    program = {"meta": {"security": [{"code": "42CFRPart2"}]}}
    accept(only(kept(cast, daily(100, **program))), cast, changes_line=mark_of(line))


@pytest.mark.security("T26")
@pytest.mark.parametrize("later", [-1, 1])
def test_what_a_file_marks_on_either_marks_it(cast, later):
    taken_from_a_file(cast, later=later)
    assert TestResult.objects.get().labels == LABELS["substance_use"]
    assert seen_by(cast) == "a"


@pytest.mark.security("T26")
def test_a_mark_that_stays_with_its_line_leaves_the_result_open(cast, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(marks, "take_along", lambda **_all: None)
    taken_from_a_file(cast, later=1)
    assert seen_by(cast) == "abj"


@pytest.mark.security("T26")
def test_a_result_that_follows_the_first_alone_names_the_other(cast, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(named_results, "_hidden", lambda *_: set())
    monkeypatch.setattr(named_results, "_covered", lambda *_: [])
    lines = {each: world.add(cast, each) for each in ("lithium", "valproate")}
    follows = add_level(cast).lineage
    other = next(line for line in lines.values() if line.lineage != follows)
    keep(cast, other, ONLY_ME)
    assert seen_by(cast) == "abj"
