"""The windows of changes: properties of days, and what meets what in therapy."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients import change_windows as windows
from patients.change_words import source_words
from patients.codes import Change, Pace, Phase
from patients.medicine_knowledge import watching, watching_of
from patients.models import MedicineChange, TherapyPhase

AT = datetime(2026, 11, 25, tzinfo=UTC)
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
WEEKS = st.integers(1, 104)


def change(
    since: date,
    weeks: int | None,
    *,
    what: str = Change.DOSE,
    pace: str = Pace.SEDATING,
    lineage: uuid.UUID | None = None,
    minutes: int = 0,
) -> MedicineChange:
    return MedicineChange(
        what=what,
        pace=pace,
        name="quetiapine",
        since_date=since,
        watch_until_date=windows.last_day(since, weeks),
        lineage=lineage or uuid.uuid4(),
        recorded_at=AT + timedelta(minutes=minutes),
    )


def phase(since: date, weeks: int | None, what: str = Phase.EXPOSURE, minutes: int = 0):
    at = AT + timedelta(minutes=minutes)
    return TherapyPhase(what=what, starts_date=since, weeks=weeks, recorded_at=at)


@given(since=DAYS, weeks=WEEKS, days=st.integers(-10, 900))
def test_a_window_runs_from_its_first_to_its_last_day_and_is_asked_about_then(
    since, weeks, days
):
    one, day = change(since, weeks), since + timedelta(days=days)
    until = since + timedelta(weeks=weeks)
    assert windows.runs_on(one, day) == (since <= day <= until)
    due = windows.is_due(one, day, answered=False)
    assert due == (until <= day <= until + windows.ASKED_FOR)
    assert not windows.is_due(one, day, answered=True)
    # Open or asked about, and both on one day only: the last.
    assert (due and windows.runs_on(one, day)) == (day == until)


@given(since=DAYS, weeks=WEEKS, after=st.integers(0, 40))
def test_put_off_once_it_comes_back_after_a_week_and_put_off_twice_never(
    since, weeks, after
):
    one = change(since, weeks)
    until = windows.last_day(since, weeks)
    one.put_off, one.put_off_date = 1, until
    day = until + timedelta(days=after)
    assert windows.is_due(one, day, answered=False) == (after >= 7)
    one.put_off = 2
    assert not windows.is_due(one, day, answered=False)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_an_entry_and_the_list_end_no_window_of_each_other(minutes):
    line = change(AT.date(), 4)
    entry = change(AT.date(), 6, lineage=line.lineage, minutes=minutes)
    entry.entry_id = uuid.uuid4()
    later = change(AT.date(), 2, lineage=line.lineage, minutes=9)
    assert set(windows.newest([line, entry])) == {line, entry}
    assert set(windows.newest([later, line, entry])) == {later, entry}


@given(since=DAYS, days=st.integers(0, 900))
def test_without_weeks_there_is_no_window_and_nothing_is_asked(since, days):
    one, day = change(since, None), since + timedelta(days=days)
    assert not windows.runs_on(one, day)
    assert not windows.is_due(one, day, answered=False)


@given(a=DAYS, weeks_a=WEEKS, b=DAYS, weeks_b=WEEKS)
def test_two_windows_clash_exactly_when_they_share_a_day_whichever_came_first(
    a, weeks_a, b, weeks_b
):
    one, work = change(a, weeks_a), phase(b, weeks_b)
    until_a, until_b = a + timedelta(weeks=weeks_a), b + timedelta(weeks=weeks_b)
    shared = max(a, b) <= min(until_a, until_b)
    for day in (min(a, b), min(until_a, until_b)):
        found = windows.clashes([one], [work], day=day)
        assert bool(found) == shared
    after = min(until_a, until_b) + timedelta(days=1)
    assert windows.clashes([one], [work], day=after) == []
    if shared:
        assert windows.clashes([one], [work], day=a)[0].until == min(until_a, until_b)


DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("what", "pace", "work", "weighs"),
    [
        ("dose", "sedating", "exposure", True),
        ("dose", "activating", "demanding", True),
        ("started", "activating", "exposure", True),
        ("dose", "steady", "exposure", False),
        ("dose", "", "demanding", False),
        ("started", "steady", "demanding", True),
        ("started", "", "demanding", True),
        ("started", "steady", "exposure", False),
        ("stopped", "sedating", "exposure", False),
        ("held", "sedating", "demanding", False),
        ("started", "sedating", "more", False),
        ("dose", "sedating", "kind", False),
    ],
)
def test_what_weighs_against_what(what, pace, work, weighs):
    one = change(DAY, 4, what=what, pace=pace)
    assert bool(windows.clashes([one], [phase(DAY, 6, work)], day=DAY)) == weighs


def test_a_newer_change_ends_the_window_and_the_end_of_therapy_ends_the_work():
    lineage = uuid.uuid4()
    older = change(DAY, 4, lineage=lineage)
    newer = change(DAY, 4, lineage=lineage, minutes=5, what=Change.STOPPED)
    work = phase(DAY - timedelta(days=3), 6)
    for rows in ([older, newer], [newer, older]):
        assert windows.newest(rows) == [newer]
        assert windows.clashes(rows, [work], day=DAY) == []
    over = phase(DAY - timedelta(days=1), None, Phase.ENDS, minutes=1)
    assert windows.clashes([older], [work], day=DAY)
    assert windows.clashes([older], [work, over], day=DAY) == []


# What the classes propose -----------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "entry", "pace"),
    [
        (("sertraline",), "ssri", "activating"),
        (("Zoloft",), "ssri", "activating"),
        (("something", "Seroquel"), "sedating_antipsychotic", "sedating"),
        (("fluoxetine",), "fluoxetine", "activating"),
        (("lorazepam",), "benzodiazepine", "sedating"),
        (("clonidine",), "alpha2_agonist", "sedating"),
        (("lithium",), "lithium", "steady"),
        (("Qelbree",), "viloxazine", "sedating"),
        (("atomoxetine",), "nri", "activating"),
        (("nefazodone",), "nefazodone", "sedating"),
    ],
)
def test_a_medicine_is_known_by_name_or_brand(names, entry, pace):
    found = watching_of(*names)
    assert (found.id, found.pace) == (entry, pace)


def test_what_is_not_known_has_no_proposal():
    assert watching_of("grandmother's tea") is None
    assert watching_of("", "") is None


def test_every_entry_is_whole_and_speaks_for_somebody():
    listed = watching.entries()
    assert len({one.id for one in listed}) == len(listed) >= 30
    spoken = {
        watching_of(one.name).id
        for one in watching.all_medicines()
        if watching_of(one.name)
    }
    assert {one.id for one in listed} == spoken
    for one in listed:
        assert one.source and (one.checked or not one.source_date)
        assert one.review == "awaiting"
        assert one.course.weeks >= 1 and one.course.watch_for
        for sentence in one.stop.split(". "):
            assert len(sentence.split()) <= 20, one.id


@pytest.mark.parametrize(
    "entry",
    [
        {"medicines": ["no such medicine"]},
        {"classes": ["no such class"]},
        {"pace": "fast"},
        {"review": "done"},
        {"medicines": [], "classes": []},
        {"stop_watch_for": "x"},
        {"source_date": "2026"},
        {"compared": "stop"},
        {"compared": "half", "checked": "2026-11-26"},
    ],
)
def test_a_gap_in_the_file_is_refused(entry):
    whole = {
        "id": "x",
        "medicines": ["sertraline"],
        "pace": "steady",
        "review": "awaiting",
    }
    known = {"listed": {"sertraline"}, "classes": {"ssri"}}
    watching._check(whole, **known)
    with pytest.raises(watching.BadEntry):
        watching._check(whole | entry, **known)


# What must not be missing, with its source: watching.toml.
MUST_SAY = [
    ("trazodone", "watch_for", "erection"),
    ("trazodone", "watch_for", "suicide"),
    ("nefazodone", "watch_for", "yellow skin"),
    ("mirtazapine", "watch_for", "fever"),
    ("clozapine", "watch_for", "fainting"),
    ("methylphenidate", "watch_for", "needing more of it"),
    # Five half-lives are 3 days beside carbamazepine: 5 days at the old dose is late.
    ("lamotrigine", "stop", "3 days or more"),
    ("lithium", "stop", "at least 4 weeks"),
    # Whoever was kept from opioids by it is used to none.
    ("naltrexone", "after", "an old dose can kill"),
    ("Vivitrol", "after", "naloxone"),
    ("guanfacine", "stop", "days"),
    ("propranolol", "stop", "1 to 2 weeks"),
]


@pytest.mark.parametrize(("medicine", "where", "words"), MUST_SAY)
def test_what_must_not_be_missing(medicine, where, words):
    found = watching_of(medicine)
    said = {
        "watch_for": found.course.watch_for,
        "stop": found.stop,
        "after": found.after_stop.watch_for,
    }
    assert words in said[where]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "Source: S. Not compared with the source yet."),
        ({"checked": "2026-11-26", "source_date": "2020"}, "Source: S, 2020."),
        ({"checked": "2026-11-26"}, "Source: S."),
        (
            {"checked": "2026-11-26", "compared": "stop"},
            "Source: S. Only the words on stopping were compared with it.",
        ),
        (
            {"checked": "2026-11-26", "compared": "watch", "source_date": "2019"},
            "Source: S, 2019. Only what to watch for was compared with it.",
        ),
    ],
)
def test_the_page_says_what_was_compared(known, said):
    entry = {
        "id": "x",
        "medicines": ["sertraline"],
        "expected": "",
        "expected_weeks": 1,
        "watch_for": "x",
        "weeks": 1,
        "pace": "steady",
        "source": "S",
        "review": "awaiting",
    }
    (found,) = watching._read({"change": [entry | known]})
    assert source_words(found) == said
