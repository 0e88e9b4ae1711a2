"""What happened: updates, decisions, a taper, and what waits today."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from carecoord.demo.jordan.changes import (
    bupropion_in_summer,
    more_levothyroxine,
    stop_bupropion,
)
from carecoord.demo.jordan.the_list import ONE, line
from carecoord.demo.jordan.warnings import groggy_on_quetiapine, looked_at_by_lee
from carecoord.demo.story import CARE, Stage, amount
from consents import actions as consents
from consents.codes import LABELS
from messaging.actions import acknowledgements, replies, updates
from messaging.actions.updates import Content, Number
from patients.actions import entries, events, list_checks, medicines
from patients.actions.medicines import Details
from patients.dosage import Dosage, DoseStep
from patients.models import Patient


def live(stage: Stage, jordan: Patient) -> None:
    for scene in (
        bupropion_in_summer,
        stop_bupropion,
        first_update,
        more_levothyroxine,
        sleep_gets_worse,
        dose_goes_up,
        taper_prednisone,
        quiet_month,
        groggy_on_quetiapine,
        looked_at_by_lee,
        this_week,
        today,
    ):
        scene(stage, jordan)


def write(
    stage: Stage,
    jordan: Patient,
    *,
    to: tuple[str, ...],
    content: Content,
    at: datetime,
    by: str = "therapist",
):
    author = stage.parties[by]
    update = updates.send(
        patient=jordan,
        author=author,
        content=content,
        recipients=[stage.parties[key] for key in to],
        form_key=uuid.uuid4(),
        by=author.account,
        at=at,
    )
    stage.tell(at)
    return update


def numbers(**values: tuple[str, str | None]) -> tuple[Number, ...]:
    return tuple(
        Number(measure, amount(now), amount(before) if before else None)
        for measure, (now, before) in values.items()
    )


def first_update(stage: Stage, jordan: Patient) -> None:
    update = write(
        stage,
        jordan,
        to=("psychiatrist", "pcp"),
        at=stage.ago(60),
        content=Content(
            urgency="information",
            suicidal_thoughts="none",
            ask="nothing",
            labels=0,
            what_changed=(
                "Since September, 1 panic attack a week, sleep 7 hours, back to 9 of "
                "10 workdays."
            ),
            since_date=stage.day(74),
            appetite="usual",
            numbers=numbers(
                sleep_hours=("7", "6"),
                panic_per_week=("1", "3"),
                missed_doses_14=("0", "1"),
                days_able_to_work_10=("9", "7"),
            ),
        ),
    )
    see(stage, update, "psychiatrist", at=stage.ago(59))


def see(stage: Stage, update, who: str, *, at: datetime) -> None:
    row = update.recipients.get(party=stage.parties[who])
    acknowledgements.acknowledge(
        row=row,
        choice=acknowledgements.Choice(plan="seen"),
        by=stage.parties[who].account,
        at=at,
    )
    stage.tell(at)


def sleep_gets_worse(stage: Stage, jordan: Patient) -> None:
    update = write(
        stage,
        jordan,
        to=("psychiatrist",),
        at=stage.ago(20),
        content=Content(
            urgency="two_days",
            suicidal_thoughts="none",
            ask="review_dose",
            labels=0,
            what_changed=(
                "Since 10 days ago wakes at 3 am, 5 nights of 7. Panic 3 times a week, "
                "before work."
            ),
            since_date=stage.day(60),
            answer_by_date=stage.day(18),
            appetite="less",
            missed_why="forgot",
            if_then="If sleep falls under 4 hours for 3 nights, I will call.",
            numbers=numbers(
                sleep_hours=("4", "7"),
                panic_per_week=("3", "1"),
                missed_doses_14=("2", "0"),
                days_able_to_work_10=("7", "9"),
            ),
        ),
    )
    lee = stage.parties["psychiatrist"]
    acknowledgements.acknowledge(
        row=update.recipients.get(party=lee),
        choice=acknowledgements.Choice(
            plan="decided",
            text="Quetiapine from 100 mg to 150 mg at bedtime.",
            form_key=uuid.uuid4(),
        ),
        by=lee.account,
        at=stage.ago(19, 9),
    )
    replies.reply(
        update=update,
        author=lee,
        answer=replies.Answer(
            text="Thank you, the numbers made this easy.",
            watch_for="Morning sleepiness, dizziness when standing up, appetite.",
            watch_weeks=4,
        ),
        form_key=uuid.uuid4(),
        by=lee.account,
        at=stage.ago(19, 9, 5),
    )
    stage.tell(stage.ago(19, 9, 5))


def dose_goes_up(stage: Stage, jordan: Patient) -> None:
    lee, item = stage.parties["psychiatrist"], line(jordan, "quetiapine")
    saved = entries.prescribe(
        patient=jordan,
        author=lee,
        beside=item,
        plan=entries.Plan(
            name="quetiapine",
            dosage=replace(item.dosage, bedtime=amount("3")),
            starts_date=stage.day(19),
            why="Wakes at 3 am.",
            expected="longer sleep",
            expected_weeks=2,
            watch_for="sleepiness in the morning, dizziness when standing up",
            watch_weeks=4,
            therapy="sleepy in morning sessions",
        ),
        by=lee.account,
        at=stage.ago(19, 9, 20),
    )
    stage.tell(stage.ago(19, 9, 20))
    entries.adopt(entry=saved.item, line=item, by=jordan.account, at=stage.ago(19, 19))
    stage.tell(stage.ago(19, 19))


def taper_prednisone(stage: Stage, jordan: Patient) -> None:
    at = stage.ago(6)
    medicines.add(
        patient=jordan,
        details=Details(
            "prednisone",
            reason="asthma",
            prescriber=stage.parties["pcp"],
            started_date=stage.day(6),
            started_precision="day",
        ),
        dosage=Dosage(
            schedule="steps",
            strength=amount("10"),
            unit="mg",
            form="tablet",
            steps=(
                DoseStep(stage.day(6), morning=amount("4")),
                DoseStep(stage.day(2), morning=amount("2")),
                DoseStep(stage.day(-2), morning=amount("1")),
            ),
        ),
        by=jordan.account,
        at=at,
    )
    stage.tell(at)


def quiet_month(stage: Stage, jordan: Patient) -> None:
    list_checks.confirm(patient=jordan, by=jordan.account, at=stage.ago(34))
    sam = stage.parties["therapist"]
    events.record(
        patient=jordan,
        happening=events.Happening(
            kind="therapy_changed",
            what="Exposure work begins",
            phase="exposure",
            happened_date=stage.day(12),
            detail="Two sessions a week. May raise distress at first.",
            weeks=6,
        ),
        form_key=uuid.uuid4(),
        by=sam.account,
        at=stage.ago(12),
        author=sam,
    )
    stage.tell(stage.ago(12))
    medicines.add(
        patient=jordan,
        details=Details("diphenhydramine", kind="otc", reason="sleep"),
        dosage=Dosage(
            schedule="as_needed",
            strength=amount("25"),
            unit="mg",
            form="capsule",
            count=ONE,
            as_needed_for="sleep",
            min_gap_hours=amount("24"),
            max_in_24_hours=ONE,
        ),
        keep=medicines.Keep(only_me=True),
        by=jordan.account,
        at=stage.ago(9),
    )
    stage.tell(stage.ago(9))


def this_week(stage: Stage, jordan: Patient) -> None:
    """An update that waits for an answer, and one that could not be sent."""
    write(
        stage,
        jordan,
        to=("psychiatrist",),
        at=stage.ago(1, 9, 10),
        content=Content(
            urgency="two_days",
            suicidal_thoughts="none",
            ask="side_effect",
            labels=0,
            what_changed=(
                "Sleep 6 hours since the change 18 days ago. Groggy until 11 am, 6 of "
                "7 mornings."
            ),
            since_date=stage.day(20),
            answer_by_date=stage.day(-2),
            appetite="usual",
            numbers=numbers(
                sleep_hours=("6", "4"),
                panic_per_week=("2", "3"),
                missed_doses_14=("0", "2"),
                days_able_to_work_10=("8", "7"),
            ),
        ),
    )
    held = write(
        stage,
        jordan,
        to=("pcp",),
        at=stage.ago(1, 9, 30),
        content=Content(
            urgency="next_visit",
            suicidal_thoughts="none",
            ask="advise",
            ask_detail="thyroid labs and weight",
            labels=LABELS["substance_use"],
            what_changed="Drinks 4 evenings a week since 3 weeks, up from 2.",
            since_date=stage.day(20),
            numbers=numbers(self_rated_10=("6", "5")),
        ),
    )
    sam = stage.parties["therapist"]
    consents.ask(
        patient=jordan,
        recipient=stage.parties["pcp"],
        asked_by=sam,
        categories=held.categories,
        labels=held.labels,
        purposes=CARE,
        reason="So that primary care can plan the labs.",
        held_item=held.pk,
        at=stage.ago(1, 9, 35),
    )


def today(stage: Stage, jordan: Patient) -> None:
    """A second opinion from the psychiatrist's list that the patient must answer."""
    lee, item = stage.parties["psychiatrist"], line(jordan, "lamotrigine")
    entries.prescribe(
        patient=jordan,
        author=lee,
        beside=item,
        plan=entries.Plan(
            name="lamotrigine",
            dosage=replace(item.dosage, bedtime=amount("1.5")),
            starts_date=stage.day(0),
            why="Mood dips in the second half of the month.",
            expected="steadier mood",
            expected_weeks=6,
            watch_for="any rash, fever, sores in the mouth",
            watch_weeks=6,
        ),
        by=lee.account,
        at=stage.ago(0, 8),
    )
    stage.tell(stage.ago(0, 8))
