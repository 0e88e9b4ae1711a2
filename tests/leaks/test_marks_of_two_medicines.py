"""A topic that a result has from a medicine it names goes again with it, and no other.

Found: what came from the second of two medicines stayed on their result when it was
taken off there, so that nobody read the result any more.
"""

from __future__ import annotations

import uuid

import pytest

from consents import actions as consents
from consents.codes import LABELS
from consents.models import ItemDeny
from patients.actions import labels as marks
from patients.actions import medicines, named_results, record, results
from patients.actions.medicine_terms import Keep
from patients.actions.results import Result
from patients.models import MedicationStatement, TestResult
from tests.leaks.test_result_shown_again import seen
from tests.leaks.test_two_medicines_in_a_result import add_level, keep
from tests.patients import medicines_world as world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
]
NAMES = ("lithium", "valproate")
PRIVATE, HIV, SUBSTANCE = (LABELS[name] for name in ("private", "hiv", "substance_use"))


@pytest.fixture
def lines(cast) -> dict[str, MedicationStatement]:
    return {name: world.add(cast, name) for name in NAMES}


def marked(cast, line, labels: int, origin: bool | None = None) -> None:
    record.set_privacy(
        item=MedicationStatement.objects.get(pk=line.pk),
        labels=labels,
        keep=Keep(),
        denies=[],
        part2_origin=origin,
        by=cast.user("amina"),
        at=cast.at,
    )


def said_of_result(cast, labels: int, keep: Keep = Keep()) -> None:  # noqa: B008
    item = TestResult.objects.get()
    standing = ItemDeny.objects.filter(lineage=item.lineage, lifted_at=None)
    about = {"by": cast.user("amina"), "at": cast.at}
    record.set_privacy(
        item=item, labels=labels, keep=keep, denies=list(standing), **about
    )


def level(cast, who: str = "amina", **said):
    """A result of both, with what whoever enters it says of it."""
    return results.add(
        patient=cast.amina,
        result=Result(
            "", "Lithium and valproate level", cast.at.date(), "0.8", "mmol/L"
        ),
        key=uuid.uuid4(),
        author=None if who == "amina" else getattr(cast, who),
        by=cast.user(who),
        at=cast.at,
        **said,
    )


def has() -> tuple[int, bool]:
    item = TestResult.objects.get()
    return item.labels, item.part2_origin


@pytest.mark.security("T26")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_topic_comes_and_goes_with_either(cast, lines, name, when):
    if when == "before":
        marked(cast, lines[name], PRIVATE)
    add_level(cast)
    marked(cast, lines[name], PRIVATE)
    assert (seen(cast), has()[0]) == ("", PRIVATE)
    marked(cast, lines[name], 0)
    assert (seen(cast), has()[0]) == ("bj", 0)


@pytest.mark.security("T26")
def test_it_stays_as_long_as_one_of_them_has_it(cast, lines):
    add_level(cast)
    for line in lines.values():
        marked(cast, line, PRIVATE)
    for line in lines.values():
        assert (seen(cast), has()[0]) == ("", PRIVATE)
        marked(cast, line, 0)
    assert (seen(cast), has()[0]) == ("bj", 0)


@pytest.mark.security("T26")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["amina", "bram"])
def test_what_was_said_of_the_result_itself_stays(cast, lines, name, who):
    level(cast, who, labels=HIV)
    marked(cast, lines[name], HIV | PRIVATE)
    assert has()[0] == HIV | PRIVATE
    marked(cast, lines[name], 0)
    assert has()[0] == HIV and "j" not in seen(cast)


@pytest.mark.security("T26")
@pytest.mark.parametrize("name", NAMES)
def test_so_does_what_the_patient_says_on_its_page(cast, lines, name):
    """Also where it was ticked already: of two readings the one that shows less."""
    add_level(cast)
    marked(cast, lines[name], PRIVATE)
    said_of_result(cast, PRIVATE)
    for line in lines.values():
        marked(cast, line, 0)
    assert (seen(cast), has()[0]) == ("", PRIVATE)
    said_of_result(cast, 0)
    assert (seen(cast), has()[0]) == ("bj", 0)


@pytest.mark.security("T26")
@pytest.mark.parametrize("name", NAMES)
def test_a_line_that_goes_shows_nothing(cast, lines, name):
    add_level(cast)
    marked(cast, lines[name], PRIVATE)
    about = {"by": cast.user("amina"), "at": cast.at}
    line = MedicationStatement.objects.get(pk=lines[name].pk)
    medicines.added_by_mistake(item=line, version=line.version, **about)
    (other,) = set(NAMES) - {name}
    for labels in (HIV, 0):
        marked(cast, lines[other], labels)
        assert seen(cast) == "" and has()[0] & PRIVATE


@pytest.mark.security("T26")
def test_it_goes_also_where_the_result_follows_the_other_since(cast, lines):
    follows = add_level(cast).lineage
    first = next(line for line in lines.values() if line.lineage == follows)
    (second,) = [line for line in lines.values() if line != first]
    marked(cast, first, PRIVATE)
    keep(cast, second, Keep(from_parties=(cast.bram,)), labels=0)
    marked(cast, first, 0)
    assert seen(cast) == "j"
    consents.hand_back(item=second, party=cast.bram, by=cast.user("amina"), at=cast.at)
    assert seen(cast) == "bj"


# Where it comes from ----------------------------------------------------------------


@pytest.mark.security("T88")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["amina", "bram"])
def test_where_it_comes_from_comes_and_goes_too(cast, lines, name, who):
    level(cast, who)
    marked(cast, lines[name], SUBSTANCE, origin=True)
    assert has() == (SUBSTANCE, True)
    line = MedicationStatement.objects.get(pk=lines[name].pk)
    assert not marks.origin_stays(line), "a result that follows says nothing of it"
    marked(cast, lines[name], 0, origin=False)
    assert has() == (0, False)


@pytest.mark.security("T88")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["amina", "bram"])
def test_what_was_said_of_the_result_comes_from_there_for_good(cast, lines, name, who):
    level(cast, who, labels=SUBSTANCE, part2_origin=True)
    marked(cast, lines[name], SUBSTANCE, origin=True)
    marked(cast, lines[name], 0, origin=False)
    assert has() == (SUBSTANCE, True)


# The twins --------------------------------------------------------------------------


def _as_it_was(item, lines, _marks) -> None:
    for line in lines:
        item.labels |= line.labels
        item.part2_origin |= line.part2_origin


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_topics_only_come(cast, lines, monkeypatch):
    monkeypatch.setattr(named_results, "_mark_as", _as_it_was)
    add_level(cast)
    for line in lines.values():
        marked(cast, line, PRIVATE)
        marked(cast, line, 0)
    assert seen(cast) == ""


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_all_of_it_goes(cast, lines, monkeypatch):
    """The vulnerable twin: nothing is known of what was said of the result."""
    monkeypatch.setattr(named_results, "own_marks", lambda _item: (0, False))
    level(cast, labels=HIV)
    for line in lines.values():
        marked(cast, line, PRIVATE)
        marked(cast, line, 0)
    assert seen(cast) == "bj"


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_what_is_gone_is_forgotten(
    cast, lines, monkeypatch
):
    monkeypatch.setattr(named_results, "_still", lambda _item, _marks: {})
    add_level(cast)
    for name in NAMES:
        marked(cast, lines[name], PRIVATE)
        line = MedicationStatement.objects.get(pk=lines[name].pk)
        about = {"by": cast.user("amina"), "at": cast.at}
        medicines.added_by_mistake(item=line, version=line.version, **about)
    record.set_privacy(
        item=MedicationStatement.objects.get(pk=world.add(cast, "sertraline").pk),
        labels=0,
        keep=Keep(),
        denies=[],
        by=cast.user("amina"),
        at=cast.at,
    )
    assert seen(cast) == "bj"
