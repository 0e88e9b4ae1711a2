"""Days between two medicines of which one was stopped: MAO inhibitors and their kin."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients import interactions
from patients.actions import medicines
from patients.actions.medicines import Outcome, Why
from patients.interactions import Severity, Stopped, Taken
from patients.interactions.knowledge import knowledge
from tests.patients import flags_world
from tests.patients import medicines_world as world


def taken(name: str) -> Taken:
    return Taken(key=name, name=name, ingredients=interactions.ingredients_of(name))


def gaps(stopped: str, days: int, *now: str) -> list:
    gone = Stopped(**vars(taken(stopped)), days_ago=days)
    found = interactions.check([taken(name) for name in now], stopped=[gone])
    return [flag for flag in found if flag.kind == "washout"]


@pytest.mark.parametrize(
    ("stopped", "now", "days"),
    [
        ("phenelzine", "sertraline", 14),
        ("Nardil", "Zoloft", 14),
        ("tranylcypromine", "venlafaxine", 14),
        ("selegiline", "duloxetine", 14),
        ("phenelzine", "amitriptyline", 14),
        ("phenelzine", "bupropion", 14),
        ("phenelzine", "methylphenidate", 14),
        ("phenelzine", "meperidine", 14),
        ("phenelzine", "tranylcypromine", 14),
        ("sertraline", "phenelzine", 14),
        ("Effexor", "Parnate", 14),
        ("clomipramine", "phenelzine", 14),
        ("mirtazapine", "phenelzine", 14),
        ("vortioxetine", "phenelzine", 21),
        ("fluoxetine", "phenelzine", 35),
        ("Prozac", "selegiline", 35),
        ("atomoxetine", "phenelzine", 14),
        ("phenelzine", "sumatriptan", 14),
        ("phenelzine", "carbamazepine", 14),
        ("phenelzine", "cyclobenzaprine", 14),
        ("tranylcypromine", "tetrabenazine", 14),
        ("phenelzine", "gepirone", 14),
        ("gepirone", "phenelzine", 14),
        ("rasagiline", "meperidine", 14),
        ("safinamide", "venlafaxine", 14),
        ("rasagiline", "phenelzine", 14),
        ("fluoxetine", "thioridazine", 35),
        ("oxycodone", "naltrexone", 10),
        ("Suboxone", "Vivitrol", 14),
        ("methadone", "naltrexone", 14),
        ("tramadol", "Lybalvi", 10),
        ("disulfiram", "alcohol", 14),
    ],
)
def test_the_gap_is_told_up_to_its_last_day_and_not_after(stopped, now, days):
    for day in (0, 1, days - 1):
        (flag,) = gaps(stopped, day, now)
        assert flag.severity is Severity.AVOID
        assert flag.names == (now, stopped)
        assert flag.source and flag.source_day
    for day in (days, days + 1, 400):
        assert gaps(stopped, day, now) == []


@given(st.integers(0, 60))
def test_the_longest_gap_counts_and_is_told_once(day):
    """Fluoxetine is of a class with 14 days, and has 5 weeks of its own."""
    found = gaps("fluoxetine", day, "phenelzine")
    assert len(found) == (1 if day < 35 else 0)
    assert interactions.longest_gap() == 35


@pytest.mark.parametrize(
    ("stopped", "now"),
    [
        ("sertraline", "escitalopram"),
        ("phenelzine", "lithium"),
        ("phenelzine", "phenelzine"),
        ("ibuprofen", "phenelzine"),
        ("naltrexone", "oxycodone"),
        ("oxycodone", "buprenorphine"),
        ("sertraline", "naltrexone"),
        ("safinamide", "sertraline"),
    ],
)
def test_others_need_no_gap(stopped, now):
    assert gaps(stopped, 0, now) == []


def test_every_gap_has_words_for_both_and_a_source():
    for gap in knowledge().gaps:
        assert "{a}" in gap.rule.sentence and "{b}" in gap.rule.sentence
        assert gap.rule.source.startswith("FDA") and gap.rule.review == "awaiting"
        assert date.fromisoformat(gap.rule.source_date) < date(2026, 12, 1)


def stop(cast, item, *, days_ago: int) -> None:
    medicines.stop(
        item=item,
        version=item.version,
        outcome=Outcome(),
        why=Why(cast.at.date() - timedelta(days=days_ago), "prescriber", "plan"),
        by=cast.user("amina"),
        at=cast.at,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "told"), [(3, True), (13, True), (20, False)])
def test_it_stands_on_the_pages_of_whoever_sees_both(cast, demo, days, told):
    stop(cast, world.add(cast, "phenelzine"), days_ago=days)
    world.add(cast, "sertraline")
    for who in ("amina", "bram"):
        assert (("sertraline", "phenelzine") in flags_world.pairs(cast, who)) == told
        for place in ("medicines/", "") if who == "bram" else ("medicines/",):
            page = world.signed_in(cast, who).get(world.page(cast, place))
            said = page.content.decode()
            assert ("phenelzine was stopped less than 14 days ago" in said) == told


@pytest.mark.django_db
def test_a_stop_that_is_hidden_is_told_to_the_patient_alone(cast, demo):
    world.add(cast, "sertraline")
    before = flags_world.pairs(cast, "bram")
    stop(cast, world.add_hidden(cast, "phenelzine"), days_ago=3)
    assert flags_world.pairs(cast, "bram") == before
    one = next(each for each in flags_world.unwarned(cast) if each.party == cast.bram)
    assert one.missing_name == "phenelzine"
