"""The window of a change on every form of the summary, and in the history."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from consents import actions as consents
from consents.access import Reading, open_for
from consents.codes import LABELS
from patients.access.changes import load_change_rows
from patients.actions import changes, entries, medicines, side_effects
from patients.actions.medicines import Why
from patients.models import CheckIn, MedicationStatement, SideEffect
from patients.one_page import Sheet, reductions
from patients.one_page.sheet import Line, Section
from patients.templatetags.medicine import fold_after
from tests.patients import medicines_world as world
from tests.patients.summaries import FULL
from tests.patients.views.test_changes import (
    WATCH,
    change,
    letters,
    line,
    post,
    text_of,
    words,
)
from tests.patients.views.test_master_list import file_text
from tests.safe_html import visible_text

__all__ = ["letters", "line"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
SHEETS = ("summary/", "summary.txt", "summary.pdf")


def read(cast, who: str, place: str) -> str:
    response = world.signed_in(cast, who).get(world.page(cast, place))
    assert response.status_code == 200, place
    if response["Content-Type"] == "application/pdf":
        return file_text(response.content)
    return text_of(response)


@pytest.mark.capability("S22")
def test_an_open_window_stands_on_every_form_of_the_summary(cast, line):
    change(cast, line)
    until = words(cast.at, 4)
    for place in SHEETS:
        for who in ("amina", "bram"):
            said = read(cast, who, place)
            assert f"Watch until {until}." in said, place
            assert "better sleep" in said and "sleepiness in the morning" in said
    consents.keep_back(item=line, party=cast.bram, by=cast.user("amina"), at=cast.at)
    for place in SHEETS:
        assert "Watch until" not in read(cast, "bram", place)


@pytest.mark.capability("S12")
def test_paper_says_until_when_an_injection_can_simply_be_given(cast):
    last = cast.today - timedelta(weeks=5)
    given = replace(world.MONTHLY, last_given_date=last)
    line = world.add(cast, "paliperidone", dosage=given)
    until = words(cast.at, 1)
    late = f"LATE: by the label it could simply be given until {words(cast.at, -1)}."
    for place in SHEETS:
        for who in ("amina", "bram"):
            said = read(cast, who, place)
            assert f"Label: can simply be given until {until}." in said, place
            assert "LATE" not in said
    MedicationStatement.objects.update(last_given_date=last - timedelta(weeks=2))
    for place in SHEETS:
        assert late in read(cast, "bram", place), place
    consents.keep_back(item=line, party=cast.bram, by=cast.user("amina"), at=cast.at)
    for place in SHEETS:
        assert "LATE" not in read(cast, "bram", place)


def dose(cast, line, dosage):
    """Another dose today, with a window of four weeks."""
    return medicines.change_dose(
        item=line,
        version=line.version,
        dosage=dosage,
        why=Why(cast.today),
        watch=WATCH,
        by=cast.user("amina"),
        at=cast.at,
    ).event.medicine_change


def test_a_window_that_is_over_or_that_a_newer_change_ended_is_not_printed(cast, line):
    change(cast, line, weeks_ago=5)
    assert "Watch until" not in read(cast, "bram", "summary/")
    line.refresh_from_db()
    newer = dose(cast, line, replace(world.MORE, bedtime=Decimal(4)))
    assert read(cast, "bram", "summary/").count("Watch until") == 1
    line.refresh_from_db()
    dose(cast, line, world.DAILY)
    assert read(cast, "bram", "summary/").count("Watch until") == 1
    assert newer.watch_until_date == cast.today + timedelta(weeks=4)


@pytest.mark.capability("S22")
def test_the_history_of_a_medicine_keeps_every_window_and_its_answer(cast, line):
    row = change(cast, line, weeks_ago=4)
    amina = world.signed_in(cast, "amina")
    assert post(amina, cast, row, helped="helped").status_code == 302
    assert CheckIn.objects.get().helped == "helped"
    place = f"medicines/{line.pk}/history/"
    for who in ("amina", "bram"):
        said = read(cast, who, place)
        assert f"Watch for sleepiness in the morning until {words(cast.at, 0)}." in said
        assert "better sleep" in said and "It helped" in said


@pytest.mark.capability("S22")
def test_an_entry_not_taken_over_is_watched_beside_the_list_and_says_whose(cast, line):
    """Until it is answered it may be under way, and the list's own window goes on."""
    change(cast, line)
    entry = world.prescribe(cast, beside=line, watch_for="dizziness", watch_weeks=6)
    bram = cast.bram.name
    yours = f"This is the entry of {bram}. You have not confirmed it yet."
    theirs = f"This is the entry of {bram}, not yet confirmed by the patient."
    for who, place, whose in (
        ("amina", "medicines/", yours),
        ("bram", "", theirs),
    ):
        said = read(cast, who, place)
        assert said.count(whose) == 1, place
        assert "Watch for sleepiness in the morning" in said
        assert whose in said.split("Watch for dizziness")[0]
    by = {"by": cast.user("amina"), "at": cast.at}
    entries.disagree(entry=entry, **by)
    for who, place in (("amina", "medicines/"), ("bram", "")):
        said = read(cast, who, place)
        assert "dizziness until" not in said and "Watch for sleepiness" in said
    again = world.prescribe(cast, beside=line, watch_for="dizziness", watch_weeks=6)
    line.refresh_from_db()
    entries.adopt(entry=again, line=line, **by)
    for who, place, whose in (("amina", "medicines/", yours), ("bram", "", theirs)):
        said = read(cast, who, place)
        assert "Watch for dizziness" in said and whose not in said
        assert "Watch for sleepiness" not in said


def test_a_side_effect_hidden_from_somebody_stands_in_no_window_of_theirs(cast, line):
    """Each side effect is decided by itself, also where its window is shown."""
    row = change(cast, line)
    by = {"by": cast.user("amina"), "at": cast.at}
    said = side_effects.Effect("sleepiness", "severe")
    effect = side_effects.add(medicine=line, effect=said, key=uuid.uuid4(), **by)
    answer = changes.Answer("helped", mattered=(effect.pk,))
    changes.answer(change=row, said=answer, **by)
    assert mattered(cast, "bram") == ["sleepiness"]
    SideEffect.objects.filter(pk=effect.pk).update(labels=LABELS["private"])
    assert mattered(cast, "bram") == []
    assert mattered(cast, "amina") == ["sleepiness"]


def mattered(cast, who: str) -> list[str]:
    """What the answer in the one window of this reader says that mattered."""
    reading = Reading(user=cast.user(who), entrance="patients:chart")
    reading.__dict__["at"] = cast.at
    opened = open_for(reading, cast.amina.pk, writes=False)
    (shown,) = load_change_rows(opened).watched
    assert shown.check_in is not None
    return [one.kind for one in shown.mattered]


def test_what_to_watch_for_gives_way_before_the_day_does_and_says_so():
    whole = Line(strong="quetiapine", text=": Watch until Dec 1.", more="Sleepiness.")
    sheet = shown(Section(items=(whole,)))
    short = reductions.reduced(sheet, (named("windows-in-short"),)).summary.changes
    assert short.items == (Line(strong="quetiapine", text=": Watch until Dec 1."),)
    assert short.note == "more in the app"
    plain = shown(Section(items=short.items))
    assert reductions.reduced(plain, (named("windows-in-short"),)) == plain


def named(name: str) -> reductions.Reduction:
    every = (*reductions.FIRST, *reductions.FURTHER)
    return next(one for one in every if one.name == name)


def shown(changes: Section) -> Sheet:
    return Sheet(replace(FULL, changes=changes))


def test_a_long_section_folds_its_rest_and_never_what_is_dangerous():
    lines = [Line(text=str(place), dangerous=place == 6) for place in range(8)]
    split = fold_after(lines, 3)
    assert [line.text for line in split.first] == ["0", "1", "2", "6"]
    assert [line.text for line in split.rest] == ["3", "4", "5", "7"]
    assert fold_after(lines[:4], 3).rest == ()
    severe = [{"is_severe": place == 3} for place in range(6)]
    assert severe[3] in fold_after(severe, 2).first


@pytest.mark.capability("S22")
def test_a_clinician_sees_tall_letters_wherever_a_change_is_told(cast, line):
    """SCREENS A2: all that a clinician sees; never the patient's own pages."""
    change(cast, line)
    world.add(cast, "quetiapine", started_date=cast.today)
    history = f"medicines/{line.pk}/history/"
    for place in ("", "medicines/", "tests/", history, "summary/", "summary.pdf"):
        said = visible_text(raw(cast, "bram", place))
        assert "QUEtiapine" in said and "quetiapine" not in said, place
    for place in ("", "medicines/", "tests/", "summary/"):
        said = visible_text(raw(cast, "amina", place))
        assert "quetiapine" in said and "QUEtiapine" not in said, place


def raw(cast, who: str, place: str) -> str:
    answer = world.signed_in(cast, who).get(world.page(cast, place))
    is_paper = answer["Content-Type"] == "application/pdf"
    return file_text(answer.content) if is_paper else answer.content.decode()


def test_what_is_folded_stands_in_the_page_for_print_and_without_javascript(cast):
    for place in range(6):
        world.add(cast, f"medicine{place}", started_date=cast.today)
    said = read(cast, "bram", "")
    assert '<details class="fold">' in said
    assert all(f"medicine{place}" in said for place in range(6))
