"""A change carries what to watch for; at its end the patient is asked (S22)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from carecoord import zones
from consents import actions as consents
from messaging.models import Notice
from patients.access.changes import due_for
from patients.actions import changes, medicines, side_effects, undo
from patients.actions.medicines import Outcome, Watch, Why
from patients.medicine_knowledge import watching_of
from patients.models import (
    CheckIn,
    MedicationRequest,
    MedicationStatement,
    MedicineChange,
    MedicineTrial,
    TimelineEvent,
)
from tests.cast import permit
from tests.consents.acting import record, relative
from tests.messaging.delivering import TEN_MINUTES, letters, sweep, told
from tests.patients import medicines_world as world

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
ZONE = "America/New_York"  # where the cast lives
WATCH = Watch("better sleep", 2, "sleepiness in the morning", 4, "slow in sessions")
PROMPT = (
    "Could it affect mood, sleep, concentration, safety, or how medicines work? "
    "Then share it."
)


@pytest.fixture
def line(cast):
    return world.add(
        cast,
        "quetiapine",
        prescriber=cast.bram,
        started_date=cast.today - timedelta(weeks=30),
        started_precision="day",
    )


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def change(cast, line, *, weeks_ago: int = 0, watch: Watch = WATCH):
    """A higher dose, so many weeks ago."""
    day = cast.today - timedelta(weeks=weeks_ago)
    saved = medicines.change_dose(
        item=line,
        version=line.version,
        dosage=world.MORE,
        why=Why(day, "prescriber", "not_helping", "waking at 3 am"),
        watch=watch,
        by=cast.user("amina"),
        at=cast.at,
    )
    return saved.event.medicine_change


def text_of(response) -> str:
    html = response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")
    return " ".join(html.split())


def words(at, weeks: int) -> str:
    day = zones.today(at, ZONE) + timedelta(weeks=weeks)
    return f"{day:%b} {day.day}, {day.year}"


def post(client, cast, row, **said):
    return client.post(world.page(cast, f"medicines/check-in/{row.pk}/"), said)


def home(client, cast) -> str:
    return text_of(client.get(world.page(cast, "")))


@pytest.mark.slow
@pytest.mark.capability("S22")
def test_a_change_goes_from_its_page_to_the_question_and_to_past_trials(
    cast, line, amina
):
    """The whole way: proposed, told with its window, asked, answered, kept."""
    permit(cast.amina, cast.chidi, at=cast.at)
    page = world.page(cast, f"medicines/{line.pk}/change/")
    dose = {"version": line.version, "strength": "50", "unit": "mg", "form": "tablet"}
    why_page = amina.post(page, dose | {"bedtime": "3"})["Location"]
    asked = text_of(amina.get(why_page))
    assert "Watch for sleepiness in the morning, more appetite or weight" in asked
    said = {"when": "today", "decided_by": "prescriber", "reason": "not_helping"}
    said |= {"expected": "longer sleep", "expected_weeks": "2"}
    said |= {"watch_for": "dizziness", "watch_weeks": "4", "therapy": "slow at 9 am"}
    assert amina.post(why_page, said).status_code == 302
    row = MedicineChange.objects.latest("recorded_at", "pk")
    assert (row.before, row.after, row.what) == ("100\xa0mg", "150\xa0mg", "dose")
    assert (row.decided_by, row.reason, row.pace) == (
        "prescriber",
        "not_helping",
        "sedating",
    )
    now = row.recorded_at
    window = (
        f"Expected by {words(now, 2)}: longer sleep. Watch for dizziness until "
        f"{words(now, 4)}. In therapy: slow at 9 am."
    )
    assert row.event.watch == window
    sweep(now + TEN_MINUTES)
    assert set(told(row.event)) == {"bram", "chidi", "jon"}
    for who in ("bram", "chidi", "jon"):
        reader = world.signed_in(cast, who)
        assert window in text_of(reader.get("/notices/"))
        assert f"until {words(now, 4)}" in text_of(reader.get(world.page(cast, "")))
    # The window ends: the question, on the home page and as a notice without content.
    MedicineChange.objects.filter(pk=row.pk).update(
        since_date=zones.today(now, ZONE) - timedelta(weeks=4),
        watch_until_date=zones.today(now, ZONE),
    )
    sweep(now + timedelta(minutes=20))
    assert Notice.objects.filter(kind="check_in", user=cast.amina.user).count() == 2
    assert "How has it been since the dose of quetiapine changed?" in home(amina, cast)
    effect = side_effects.add(
        medicine=MedicationStatement.objects.get(pk=line.pk),
        effect=side_effects.Effect("sleepiness", "severe"),
        key=uuid.uuid4(),
        by=cast.user("amina"),
        at=now,
    )
    assert post(amina, cast, row, helped="helped").status_code == 302
    item = CheckIn.objects.get()
    more = {"helped": "helped", "mattered": [str(effect.pk)], "version": "1"}
    assert post(amina, cast, row, **more, since_date="Nov 3, 2025").status_code == 302
    item.refresh_from_db()
    assert (item.version, item.mattered) == (2, [str(effect.pk)])
    event = TimelineEvent.objects.get(about=item.pk, cancelled_at=None)
    assert event.detail == (
        "It helped, since Nov 3, 2025. What mattered: sleepiness (severe)."
    )
    sweep(event.recorded_at + TEN_MINUTES)
    assert set(told(event)) == {"bram", "chidi", "jon"}
    assert "How it has been: It helped" in text_of(
        world.signed_in(cast, "bram").get(world.page(cast, ""))
    )
    assert "How has it been" not in home(amina, cast)
    # Stopped: what is kept is proposed from the answer, and accepted with Save.
    stop = world.page(cast, f"medicines/{line.pk}/stop/")
    line.refresh_from_db()
    first = amina.post(stop, {"what": "for_good", "version": line.version})
    proposed = text_of(amina.get(first["Location"]))
    assert 'value="helped" required checked' in proposed or (
        'value="helped"' in proposed and "checked" in proposed
    )
    assert 'value="150 mg"' in proposed and 'value="30"' in proposed
    kept = {"when": "today", "decided_by": "patient", "reason": "side_effect"}
    kept |= {"effect": "helped", "dose_reached": "150 mg", "weeks": "30"}
    amina.post(first["Location"], kept | {"mattered": [str(effect.pk)]})
    trial = MedicineTrial.objects.get()
    assert (trial.dose_reached, trial.weeks) == ("150 mg", 30)
    assert trial.effect == "helped. Side effects: sleepiness (severe)"
    assert trial.why_stopped == "Side effect"


@pytest.mark.capability("S11")
def test_the_question_of_sharing_stands_wherever_a_change_is_entered(cast, line, amina):
    stop = world.page(cast, f"medicines/{line.pk}/stop/")
    first = amina.post(stop, {"what": "for_now", "version": line.version})["Location"]
    dose = {"version": line.version, "strength": "50", "unit": "mg", "form": "tablet"}
    page = world.page(cast, f"medicines/{line.pk}/change/")
    why = amina.post(page, dose | {"bedtime": "3"})["Location"]
    again = world.page(cast, f"medicines/{line.pk}/restart/")
    for place in (first, why, again):
        assert PROMPT in text_of(amina.get(place))
    bram = world.signed_in(cast, "bram")
    entry = world.page(cast, f"medicines/{line.pk}/entry/")
    plan = bram.post(entry, {"schedule": "daily"})["Location"]
    assert PROMPT in text_of(bram.get(plan))


def test_a_prescriber_is_proposed_the_window_and_it_is_taken_over(cast, line, amina):
    bram = world.signed_in(cast, "bram")
    entry = world.page(cast, f"medicines/{line.pk}/entry/")
    plan = bram.post(entry, {"schedule": "daily"})["Location"]
    asked = text_of(bram.get(plan))
    assert "sleepiness in the morning, more appetite or weight" in asked
    saved = world.prescribe(
        cast, beside=line, watch_for="dizziness", watch_weeks=4, therapy="slow"
    )
    own = MedicineChange.objects.get(entry=saved)
    assert (own.before, own.after) == ("100\xa0mg", "150\xa0mg")
    assert own.author == cast.bram
    answer = world.page(cast, f"medicines/entries/{saved.pk}/answer/")
    amina.post(answer, {"answer": "theirs"})
    taken = MedicineChange.objects.exclude(pk=own.pk).latest("recorded_at", "pk")
    assert (taken.watch_for, taken.therapy, taken.lineage) == (
        "dizziness",
        "slow",
        own.lineage,
    )
    assert taken.watch_until_date - taken.since_date == timedelta(weeks=4)


@pytest.mark.parametrize("name", ["venlafaxine", "clonazepam", "lithium", "clonidine"])
def test_stopping_too_suddenly_is_warned_of_and_never_blocked(cast, amina, name):
    item = world.add(cast, name, prescriber=cast.bram)
    stop = world.page(cast, f"medicines/{item.pk}/stop/")
    first = amina.post(stop, {"what": "for_good", "version": 1})["Location"]
    asked = text_of(amina.get(first))
    assert "Please do not stop this one suddenly" in asked
    assert "Ask Dr. Bram Visser or a pharmacist how to go down." in asked
    assert f"Source: {watching_of(name).source}" in asked
    amina.post(first, {"when": "today", "decided_by": "patient"})
    item.refresh_from_db()
    assert item.status == "stopped"
    bram = world.signed_in(cast, "bram")
    again = world.add(cast, name)
    entry = world.page(cast, f"medicines/{again.pk}/entry/")
    plan = bram.post(entry, {"schedule": "stop"})["Location"]
    assert "Usually not stopped suddenly" in text_of(bram.get(plan))


def test_what_is_no_danger_to_stop_is_not_warned_of(cast, amina):
    item = world.add(cast, "melatonin")
    stop = world.page(cast, f"medicines/{item.pk}/stop/")
    first = amina.post(stop, {"what": "for_good", "version": 1})["Location"]
    assert "do not stop this one" not in text_of(amina.get(first))


def test_not_now_comes_back_once_and_then_no_more(cast, line, amina, letters):
    row = change(cast, line, weeks_ago=4)
    day = cast.today
    for _click in range(2):
        post(amina, cast, row, later="yes")
    row.refresh_from_db()
    assert row.put_off == 1
    assert due_for(cast.amina.pk, day) == []
    assert due_for(cast.amina.pk, day + timedelta(days=8)) == [row]
    MedicineChange.objects.filter(pk=row.pk).update(
        put_off_date=day - timedelta(days=8)
    )
    assert "How has it been" in home(amina, cast)
    post(amina, cast, row, later="yes")
    for days in (0, 8, 30):
        assert due_for(cast.amina.pk, day + timedelta(days=days)) == []
    assert not CheckIn.objects.exists()


def test_two_clicks_two_tabs_and_two_sweeps_are_one(cast, line, amina, letters):
    row = change(cast, line, weeks_ago=4)
    for minutes in (11, 17, 23):
        sweep(cast.at + timedelta(minutes=minutes))
    asked = Notice.objects.filter(kind="check_in", channel="in_app")
    assert asked.count() == 1
    said = " ".join(letter.subject + letter.body for letter in letters)
    assert "quetiapine" not in said and "medicine" not in said
    page = text_of(amina.get("/notices/"))
    assert "How has it been since the dose of quetiapine changed?" in page
    for helped in ("helped", "helped", "worse"):
        assert post(amina, cast, row, helped=helped).status_code == 302
    item = CheckIn.objects.get()
    assert item.helped == "helped"
    assert TimelineEvent.objects.filter(about=item.pk).count() == 1
    # An older tab says more after a newer one did: the newer one stands.
    post(amina, cast, row, helped="no_change", version="1")
    post(amina, cast, row, helped="worse", version="1")
    item.refresh_from_db()
    assert (item.helped, item.version) == ("no_change", 2)
    assert "How has it been since" not in text_of(amina.get("/notices/"))


def test_worse_says_what_to_do(cast, line, amina):
    row = change(cast, line, weeks_ago=4)
    place = post(amina, cast, row, helped="worse")["Location"]
    page = text_of(amina.get(place))
    assert "Tell Dr. Bram Visser that it got worse" in page and "988" in page


@pytest.mark.parametrize(("weeks", "kept"), [("30", 20), ("12", 12)])
def test_the_weeks_kept_count_until_the_day_of_the_stop(cast, line, amina, weeks, kept):
    stop = world.page(cast, f"medicines/{line.pk}/stop/")
    first = amina.post(stop, {"what": "for_good", "version": 1})["Location"]
    day = cast.today - timedelta(weeks=10)
    said = {"when": "other", "day": f"{day:%b} {day.day}, {day.year}"}
    said |= {"decided_by": "patient", "weeks": weeks}
    assert amina.post(first, said).status_code == 302
    assert MedicineTrial.objects.get().weeks == kept


def test_only_me_on_the_medicine_covers_change_window_and_answer(cast, line, amina):
    row = change(cast, line, weeks_ago=4)
    post(amina, cast, row, helped="helped")
    consents.keep_back(item=line, by=cast.user("amina"), at=cast.at)
    sweep(cast.at + timedelta(minutes=15))
    assert not Notice.objects.filter(kind="event", channel="in_app").exists()
    assert "quetiapine" not in text_of(
        world.signed_in(cast, "bram").get(world.page(cast, ""))
    )


@pytest.mark.parametrize("who", ["bram", "chidi", "hana", "dana", "edo"])
def test_nobody_else_answers_for_the_patient(cast, line, who):
    row = change(cast, line, weeks_ago=4)
    client = world.signed_in(cast, who)
    place = world.page(cast, f"medicines/check-in/{row.pk}/")
    assert client.get(place).status_code == 404
    assert client.post(place, {"helped": "worse"}).status_code == 404
    assert not CheckIn.objects.exists()


def test_an_entry_that_nobody_took_over_asks_nothing(cast, line, amina):
    saved = world.prescribe(cast, beside=line, watch_for="dizziness", watch_weeks=1)
    MedicineChange.objects.filter(entry=saved).update(watch_until_date=cast.today)
    own = MedicineChange.objects.get(entry=saved)
    assert due_for(cast.amina.pk, cast.today) == []
    assert post(amina, cast, own, helped="worse").status_code == 404


def test_undo_takes_the_window_back_and_the_one_before_counts_again(cast, line):
    first = change(cast, line, weeks_ago=4)
    line.refresh_from_db()
    second = change(cast, line)
    assert due_for(cast.amina.pk, cast.today) == []
    line.refresh_from_db()
    undo.undo(item=line, event=second.event, by=cast.user("amina"), at=cast.at)
    assert due_for(cast.amina.pk, cast.today) == [first]


def test_a_stop_that_a_prescriber_wrote_is_kept_with_the_answer(cast, line, amina):
    row = change(cast, line, weeks_ago=4)
    changes.answer(
        change=row,
        said=changes.Answer("worse"),
        by=cast.user("amina"),
        at=cast.at,
    )
    line.refresh_from_db()
    entry = world.prescribe(cast, beside=line, stops=True)
    answer = world.page(cast, f"medicines/entries/{entry.pk}/answer/")
    place = amina.post(answer, {"answer": "theirs"})["Location"]
    assert "record/past-medicines/" in place
    page = text_of(amina.get(place))
    assert "This is what we keep of it. Is it right?" in page
    assert MedicineTrial.objects.get().effect == "made things worse"


def test_a_question_goes_to_the_one_who_is_asked(cast, line, amina):
    entry = world.prescribe(cast, beside=line)
    answer = world.page(cast, f"medicines/entries/{entry.pk}/answer/")
    amina.post(answer, {"answer": "ask"})
    other = world.prescribe(cast, name="lithium")
    amina.post(
        world.page(cast, f"medicines/entries/{other.pk}/answer/"), {"answer": "ask"}
    )
    asked = list(TimelineEvent.objects.filter(kind="asked"))
    assert len(asked) == 2
    sweep(max(event.due_at for event in asked))
    for event in asked:
        assert told(event) == ["bram"]
    assert MedicationRequest.objects.count() == 2


def test_a_medicine_taken_for_long_is_no_change_and_one_started_now_is(cast, amina):
    said = {"watch": WATCH, "by": cast.user("amina"), "at": cast.at}
    saved = medicines.add(
        patient=cast.amina,
        details=medicines.Details(
            "sertraline", started_date=cast.today, started_precision="day"
        ),
        dosage=world.DAILY,
        **said,
    )
    row = saved.event.medicine_change
    assert (row.what, row.pace) == ("started", "activating")
    old = world.add(cast, "lamotrigine")
    assert MedicineChange.objects.get(statement=old).watch_until_date is None
    stopped = medicines.stop(
        item=saved.item,
        version=1,
        outcome=Outcome(),
        why=Why(cast.today),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert stopped.event.medicine_change.what == "stopped"


def test_who_acts_for_the_patient_takes_a_stop_over_as_well(cast, line):
    guardian = relative(cast.amina, "Gita Rao")
    record(cast, cast.amina, guardian, "guardian")
    entry = world.prescribe(cast, beside=line, stops=True)
    client = Client()
    client.force_login(guardian.user)
    answer = world.page(cast, f"medicines/entries/{entry.pk}/answer/")
    place = client.post(answer, {"answer": "theirs"})["Location"]
    assert client.get(place).status_code == 200
    line.refresh_from_db()
    assert line.status == "stopped"


def test_a_line_added_by_mistake_is_asked_about_no_more(cast, line):
    change(cast, line, weeks_ago=4)
    line.refresh_from_db()
    assert len(due_for(cast.amina.pk, cast.today)) == 1
    medicines.added_by_mistake(
        item=line, version=line.version, by=cast.user("amina"), at=cast.at
    )
    assert due_for(cast.amina.pk, cast.today) == []
