"""Writes to the list: whole or not at all, versioned, attributed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consents.models import ItemDeny
from patients.actions import (
    allergies,
    entries,
    list_checks,
    medicines,
    substances,
    timeline,
    undo,
)
from patients.actions.conflict import EditConflict
from patients.actions.medicines import Keep, Outcome, Why
from patients.medicine_list import Card
from patients.models import (
    AllergyAssertion,
    AllergyIntolerance,
    ListConfirmation,
    MedicationRequest,
    MedicationStatement,
    MedicineTrial,
    SubstanceUse,
    TimelineEvent,
)
from tests.patients import medicines_world as world

pytestmark = pytest.mark.django_db

MODELS = (
    MedicationStatement,
    MedicationStatement.history.model,
    MedicationRequest,
    MedicationRequest.history.model,
    MedicineTrial,
    AllergyIntolerance,
    AllergyAssertion,
    SubstanceUse,
    ListConfirmation,
    TimelineEvent,
    ItemDeny,
)


class Broken(Exception):
    """The last write of an action fails."""


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.fixture
def who(cast):
    return {"by": cast.user("amina"), "at": cast.at}


@pytest.fixture
def line(cast):
    return world.add(cast, "quetiapine", prescriber=cast.bram)


def writes(cast, line, who):
    """Every write about a medicine, by its name."""
    same = {"item": line, "version": line.version, **who}
    why = world.decided(cast)
    return {
        "add": lambda: world.add_hidden(cast),
        "change": lambda: medicines.change_dose(dosage=world.MORE, why=why, **same),
        "stop": lambda: medicines.stop(outcome=Outcome(), why=why, **same),
        "hold": lambda: medicines.hold(until=None, why=why, **same),
        "again": lambda: medicines.start_again(why=why, **same),
        "mistake": lambda: medicines.added_by_mistake(**same),
        "unsure": lambda: medicines.not_sure(whom=cast.bram, **same),
        "details": lambda: medicines.correct_details(
            details=medicines.Details(name="quetiapine XR"), **same
        ),
        "allergy": lambda: world.add_allergy(cast),
        "check": lambda: list_checks.confirm(patient=cast.amina, **who),
        "entry": lambda: world.prescribe(cast, beside=line),
    }


NAMES = [
    *("add", "change", "stop", "hold", "again", "mistake", "unsure", "details"),
    *("allergy", "check", "entry"),
]


@pytest.mark.security("T60")
@pytest.mark.parametrize("name", NAMES)
def test_when_the_last_write_fails_nothing_stays(cast, line, who, name, monkeypatch):
    write = writes(cast, line, who)[name]
    before = everything()

    def fail(**_given):
        raise Broken

    monkeypatch.setattr(timeline, "record_event", fail)
    with pytest.raises(Broken):
        write()
    assert everything() == before


@pytest.mark.parametrize("name", [n for n in NAMES if n not in {"allergy", "check"}])
def test_each_write_leaves_one_event_of_the_items_lineage(cast, line, who, name):
    before = TimelineEvent.objects.count()
    writes(cast, line, who)[name]()
    event = TimelineEvent.objects.all()
    assert TimelineEvent.objects.count() == before + 1
    lineages = {
        line.lineage,
        *MedicationStatement.objects.values_list("lineage", flat=True),
    }
    assert set(event.values_list("lineage", flat=True)) <= lineages
    assert all(one.categories == 1 for one in event)


def test_the_history_is_the_changes_in_order_with_who_and_when(cast, line, who):
    why = world.decided(cast)
    later = cast.at + timedelta(hours=1)
    medicines.change_dose(
        item=line, version=1, dosage=world.MORE, why=why, by=who["by"], at=later
    )
    medicines.stop(item=line, version=2, outcome=Outcome(), why=why, **who)
    medicines.start_again(item=line, version=3, why=why, **who)
    rows = line.history.order_by("version")
    assert [(row.version, row.bedtime, row.status) for row in rows] == [
        (1, 2, "active"),
        (2, 3, "active"),
        (3, 3, "stopped"),
        (4, 3, "active"),
    ]
    assert {row.history_user for row in rows} == {who["by"]}
    assert rows[1].history_date == later


def test_the_second_save_from_one_version_is_refused_and_writes_nothing(
    cast, line, who
):
    why = world.decided(cast)
    stale = MedicationStatement.objects.get(pk=line.pk)
    medicines.change_dose(item=line, version=1, dosage=world.MORE, why=why, **who)
    before = everything()
    with pytest.raises(EditConflict) as caught:
        medicines.change_dose(item=stale, version=1, dosage=world.DAILY, why=why, **who)
    assert caught.value.theirs.bedtime == 3
    fresh = MedicationStatement.objects.get(pk=line.pk)
    with pytest.raises(EditConflict):
        medicines.stop(item=fresh, version=1, outcome=Outcome(), why=why, **who)
    assert everything() == before


def test_only_me_is_set_in_the_write_that_adds(cast):
    line = world.add(cast, "zinc", keep=Keep(only_me=True, from_parties=(cast.jon,)))
    denies = ItemDeny.objects.filter(lineage=line.lineage)
    assert {deny.party for deny in denies} == {None, cast.jon}


def test_a_stop_counts_the_weeks_only_when_both_days_are_known(cast, who):
    day = cast.at.date() - timedelta(days=70)
    known = world.add(cast, "one", started_date=day, started_precision="day")
    vague = world.add(cast, "two", started_date=day, started_precision="year")
    for line in (known, vague):
        why = world.decided(cast)
        medicines.stop(item=line, version=1, outcome=Outcome(), why=why, **who)
    weeks = dict(MedicineTrial.objects.values_list("name", "weeks"))
    assert weeks == {"one": 10, "two": None}


def test_undo_is_only_for_ten_minutes_and_only_for_who_did_it(cast, line, who):
    event = TimelineEvent.objects.get(about=line.pk)
    late = event.recorded_at + timeline.GATHER
    for by, at in ((who["by"], late), (cast.user("bram"), cast.at)):
        with pytest.raises(undo.TooLate):
            undo.undo(item=line, event=event, by=by, at=at)
    undo.undo(item=line, event=event, **who)
    line.refresh_from_db()
    assert line.entered_in_error_at == cast.at


def test_undo_never_changes_who_may_see_the_line(cast, line, who):
    why = world.decided(cast)
    saved = medicines.change_dose(
        item=line, version=1, dosage=world.MORE, why=why, **who
    )
    medicines.set_labels(item=line, labels=4, **who)
    undo.undo(item=line, event=saved.event, **who)
    line.refresh_from_db()
    assert (line.bedtime, line.labels) == (2, 4)


def test_a_newer_entry_of_one_prescriber_replaces_the_older(cast, line):
    first = world.prescribe(cast, beside=line)
    world.prescribe(cast, beside=line, dosage=world.DAILY)
    first.refresh_from_db()
    assert first.set_aside_at
    assert MedicationRequest.objects.filter(set_aside_at=None).count() == 1


def test_adopting_changes_the_own_line_in_one_write(cast, line, who, monkeypatch):
    entry = world.prescribe(cast, beside=line)
    before = everything()

    def fail(**_given):
        raise Broken

    monkeypatch.setattr(medicines, "change_dose", fail)
    with pytest.raises(Broken):
        entries.adopt(entry=entry, line=line, **who)
    assert everything() == before


@pytest.mark.parametrize("is_new", [True, False])
def test_taking_over_and_undoing_it_leaves_the_entry_as_it_was(cast, line, who, is_new):
    said = {"name": "lithium"} if is_new else {"beside": line}
    entry = world.prescribe(cast, **said)
    beside = None if is_new else line
    saved = entries.adopt(entry=entry, line=beside, **who)
    undo.undo(item=saved.item, event=saved.event, **who)
    entry.refresh_from_db()
    assert (entry.adopted_at, entry.adopted_by, entry.set_aside_at) == (None,) * 3
    adopted = entry.history.order_by("history_id").values_list("adopted_at", flat=True)
    assert [bool(at) for at in adopted] == [False, True, False]


def test_an_undo_gives_back_only_what_it_took_over(cast, line, who):
    first = world.prescribe(cast, beside=line)
    before = who | {"at": cast.at - timedelta(hours=1)}
    entries.adopt(entry=first, line=line, **before)
    line.refresh_from_db()
    second = world.prescribe(cast, beside=line, dosage=world.DAILY)
    saved = entries.adopt(entry=second, line=line, **who)
    undo.undo(item=saved.item, event=saved.event, **who)
    for one in (first, second):
        one.refresh_from_db()
    assert (first.adopted_at, second.adopted_at) == (before["at"], None)


def test_an_entry_given_back_makes_way_for_a_newer_one_of_its_writer(cast, line, who):
    entry = world.prescribe(cast, beside=line)
    saved = entries.adopt(entry=entry, line=line, **who)
    newer = world.prescribe(cast, beside=line, dosage=world.DAILY)
    undo.undo(item=saved.item, event=saved.event, **who)
    for one in (entry, newer):
        one.refresh_from_db()
    assert entry.adopted_at is None and entry.set_aside_at
    assert (newer.adopted_at, newer.set_aside_at) == (None, None)


def test_adding_any_allergy_ends_the_statement_of_none(cast, who):
    allergies.state_none(patient=cast.amina, **who)
    allergies.state_none(patient=cast.amina, **who)
    world.add_allergy(cast)
    assert not AllergyAssertion.objects.filter(ended_at=None).exists()
    with pytest.raises(allergies.HasAllergies):
        allergies.state_none(patient=cast.amina, **who)


def test_substances_keep_their_versions(cast, who):
    use = substances.Use("alcohol", amount="2 glasses")
    row = substances.add(patient=cast.amina, use=use, **who)
    substances.change(item=row, version=1, use=substances.Use("alcohol"), **who)
    with pytest.raises(EditConflict):
        substances.added_by_mistake(item=row, version=1, **who)
    assert [one.amount for one in row.history.order_by("version")] == ["2 glasses", ""]


def test_what_another_prescriber_decided_is_not_said_of_the_lines_own(cast, line, who):
    MedicationStatement.objects.filter(pk=line.pk).update(prescriber=cast.jon)
    line.refresh_from_db()
    entry = world.prescribe(cast, beside=line)
    saved = entries.adopt(entry=entry, line=line, **who)
    assert "Decided by Dr. Bram Visser." in saved.event.detail
    said = Card(saved.item, cast.at.date()).changed
    assert "Decided by" not in said and "Jon" not in said

    own = entries.Plan(name=line.name, dosage=world.DAILY, why="")
    asked = {"plan": own, "beside": line, "by": cast.user("jon"), "at": cast.at}
    entry = entries.prescribe(patient=cast.amina, author=cast.jon, **asked).item
    saved = entries.adopt(entry=entry, line=saved.item, **who)
    assert "Decided by Dr. Jon Ortiz." in saved.event.detail
    assert "Decided by Dr. Jon Ortiz." in Card(saved.item, cast.at.date()).changed


def test_a_correction_keeps_the_notice_of_what_it_quotes(line, who):
    MedicationStatement.objects.filter(pk=line.pk).update(part2_origin=True)
    line.refresh_from_db()
    saved = medicines.stop(
        item=line, version=line.version, outcome=Outcome(), why=Why(), **who
    )
    TimelineEvent.objects.update(fanned_out_at=who["at"])
    undo.undo(item=saved.item, event=saved.event, **who)
    corrected = TimelineEvent.objects.get(corrects=saved.event)
    assert corrected.part2_origin
