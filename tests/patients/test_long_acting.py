"""Injections that last for weeks: what the label says when one is due or late."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from patients.actions.medicine_terms import columns
from patients.injection_words import injection_short, injection_words
from patients.medicine_knowledge import long_acting
from patients.medicine_knowledge.long_acting import injection_of, injections
from patients.models import MedicationStatement
from patients.safe_text import problems
from patients.today import today_of
from tests.patients import medicines_world as world
from tests.patients.test_missed_doses import shown

LAST = date(2026, 8, 31)


def dosage(count: int, unit: str, strength: str | None = None, **more):
    given = {"every_count": count, "every_unit": unit, "last_given_date": LAST}
    held = Decimal(strength) if strength else None
    return replace(world.MONTHLY, strength=held, **given | more)


def line(name: str, dose, **more) -> MedicationStatement:
    return MedicationStatement(name=name, status="active", **columns(dose), **more)


@pytest.mark.capability("S12")
@pytest.mark.parametrize(
    ("name", "dose", "entry", "last_day"),
    [
        ("Invega Sustenna", (4, "week"), "paliperidone-1", (10, 12)),
        ("paliperidone", (1, "month"), "paliperidone-1", (10, 12)),
        ("Erzofri", (1, "month"), "erzofri", (10, 12)),
        # "Less than 4 months": the day of 4 months is too late.
        ("paliperidone", (3, "month"), "paliperidone-3", (12, 30)),
        ("Invega Trinza", (12, "week"), "paliperidone-3", (12, 30)),
        ("Abilify Maintena", (1, "month", "400"), "aripiprazole-1", (10, 11)),
        ("aripiprazole", (4, "week", "300"), "aripiprazole-1", (10, 11)),
        ("aripiprazole", (2, "month", "960"), "aripiprazole-2", (12, 6)),
        ("Aristada", (1, "month", "441"), "lauroxil-441", (10, 12)),
        ("aripiprazole lauroxil", (6, "week", "882"), "lauroxil-882", (10, 26)),
        ("Aristada", (2, "month", "1064"), "lauroxil-1064", (11, 9)),
        ("Aristada", (1, "month"), "lauroxil", (10, 12)),
        ("Sublocade", (1, "month", "300"), "sublocade", (10, 14)),
        ("Risperdal Consta", (2, "week", "25"), "risperidone-2-weeks", None),
        ("risperidone", (1, "month", "120"), "perseris", None),
        ("Uzedy", (2, "month", "150"), "uzedy", None),
        ("olanzapine pamoate", (4, "week"), "olanzapine", None),
        ("haloperidol decanoate", (4, "week"), "haloperidol", None),
        ("haloperidol", (4, "week"), "haloperidol", None),
        ("fluphenazine", (3, "week"), "fluphenazine", None),
        ("Vivitrol", (4, "week"), "naltrexone", None),
        ("Brixadi", (1, "week", "24"), "brixadi", None),
    ],
)
def test_a_line_is_known_by_product_or_by_ingredient_and_rhythm(
    name, dose, entry, last_day
):
    known = injection_of(name, "", dosage(*dose))
    assert known is not None and known.id == entry
    day = known.last_day(LAST)
    assert day == (date(2026, *last_day) if last_day else None)


def test_the_six_months_of_hafyera_end_three_weeks_later():
    known = injection_of("paliperidone", "Invega Hafyera", dosage(6, "month"))
    assert known.id == "paliperidone-6"
    assert known.last_day(date(2026, 1, 31)) == date(2026, 8, 21)


@pytest.mark.parametrize(
    ("name", "dose"),
    [
        ("sertraline", dosage(4, "week")),
        # Which of two products it is, nobody can tell.
        ("aripiprazole", dosage(1, "month")),
        ("buprenorphine", dosage(1, "week", "10", form="patch")),
        ("aripiprazole", world.DAILY),
    ],
)
def test_what_is_no_such_injection_is_not_guessed(name, dose):
    assert injection_of(name, "", dose) is None


def test_it_is_said_from_the_day_before_and_never_decides():
    item = line("Invega Sustenna", dosage(4, "week"))
    due = LAST + timedelta(weeks=4)
    assert injection_words(item, on=due - timedelta(days=2)) == ""
    early = injection_words(item, on=due - timedelta(days=1))
    assert "can simply be given until Oct 12, 2026" in early
    assert early == injection_words(item, on=date(2026, 10, 12))
    late = injection_words(item, on=date(2026, 10, 13))
    assert "could simply be given until Oct 12, 2026. More may be needed" in late
    for said in (early, late):
        assert "ask whoever gives it before the next one" in said.lower()
        assert "Source: FDA label, section 2.3" in said
    item.status = "on-hold"
    assert injection_words(item, on=due) == ""


def test_paper_says_the_last_day_on_that_day_and_late_on_the_next():
    item = line("Invega Sustenna", dosage(4, "week"))
    last = date(2026, 10, 12)
    assert injection_short(item, on=last).startswith("Label: can simply be given until")
    assert injection_short(item, on=last + timedelta(days=1)).startswith("LATE")
    silent = line("Risperdal Consta", dosage(2, "week", "25"))
    due = LAST + timedelta(weeks=2)
    assert injection_short(silent, on=due) == ""
    said = injection_short(silent, on=due + timedelta(days=1))
    assert "Ask whoever gives it" in said and problems(said) == []


def test_a_label_without_a_day_speaks_when_it_is_late():
    due = LAST + timedelta(weeks=4)
    soon = line("Vivitrol", dosage(4, "week"))
    assert injection_words(soon, on=due) == ""
    assert "as soon as possible" in injection_words(soon, on=due + timedelta(days=1))
    silent = line("haloperidol decanoate", dosage(4, "week"))
    said = injection_words(silent, on=due + timedelta(days=1))
    assert "names no day" in said and "ask before the next one" in said
    unknown = dosage(4, "week", last_given_date=None, next_due_date=due)
    said = injection_words(line("Invega Sustenna", unknown), on=due)
    assert "counts from the last injection. Enter its day" in said


def test_what_nobody_compared_with_a_label_says_so_and_all_text_is_safe():
    for known in injections():
        dose = dosage(1, "month")
        if known.strengths:
            dose = replace(dose, strength=min(known.strengths))
        said = injection_words(line(known.names[0], dose), on=date(2027, 6, 1))
        assert known.source in said
        compared = "Not compared with the source yet." not in said
        assert compared == bool(known.checked), known.id
        assert problems(said) == [], said


GOOD = """[[injection]]
id = "x"
product = "X"
names = ["x"]
until = ["6 weeks"]
source = "S"
review = "awaiting"
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('["6 weeks"]', '["soon"]', "not like 6 weeks"),
        ('source = "S"\n', "", "source is missing"),
        ('"awaiting"', '"fine"', "review"),
        ('until = ["6 weeks"]\n', "", "a last day"),
        ('source = "S"', 'source = "S"\nsource_date = "2026-01-01"', "compared"),
        ('source = "S"', 'source = "S"\nmedicine = "lithium"', "rhythm"),
        ('source = "S"', 'source = "S"\nmedicine = "q"\nevery = [1, 2]', "list: q"),
    ],
)
def test_a_gap_in_the_file_is_refused(old, new, says):
    with pytest.raises(long_acting.BadInjection, match=says):
        list(long_acting.read(tomllib.loads(GOOD.replace(old, new))))


def test_today_says_it_beside_the_injection():
    item = line("Invega Sustenna", dosage(4, "week"))
    (due,) = today_of([item], on=LAST + timedelta(weeks=4)).dated
    assert "can simply be given until Oct 12, 2026" in due.label_says


@pytest.mark.django_db
def test_patient_and_team_read_it_where_the_line_stands(demo, cast):
    last = cast.at.date() - timedelta(weeks=5)
    dose = replace(world.MONTHLY, last_given_date=last)
    world.add(cast, "Invega Sustenna", dose, prescriber=cast.bram)
    for who, place in (
        ("amina", ""),
        ("amina", "medicines/"),
        ("bram", "medicines/"),
        ("bram", "list/"),
    ):
        said = shown(cast, who, place)
        assert "it can simply be given until" in said, (who, place)
