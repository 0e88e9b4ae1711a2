"""Add, change, stop, put back, undo: what the patient does, page by page."""

from __future__ import annotations

import re

import pytest

from patients.models import (
    Draft,
    MedicationStatement,
    MedicineTrial,
    TimelineEvent,
)
from tests.patients import medicines_world as world
from tests.patients.views.test_medicines import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

DOSE = {"strength": "200", "unit": "mg", "form": "tablet", "bedtime": "1"}
WHY = {"when": "today", "decided_by": "prescriber", "reason": "plan", "note": "3 am"}


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def send(client, place: str, **typed):
    """Posts one page and follows to the next. The page that follows, and its place."""
    response = client.post(place, typed)
    assert response.status_code == 302, problems_of(response)
    return response["Location"]


def problems_of(response) -> str:
    return " ".join(re.findall(r'class="error">(.*?)</p>', response.content.decode()))


def walk(client, cast, *, name="lamotrigine", schedule="daily", dose=None, about=None):
    """The three questions. The place of the check page."""
    place = send(
        client, world.page(cast, "medicines/add/"), name=name, schedule=schedule
    )
    text_of(client.get(place))
    place = send(client, place, **(dose or DOSE))
    text_of(client.get(place))
    return send(client, place, **(about or {"reason_chip": "mood"}))


def test_a_medicine_is_added_in_three_questions_and_a_check(cast, amina):
    dose = DOSE | {"which": "lamoTRIgine"}
    check = walk(amina, cast, dose=dose)
    text = text_of(amina.get(check))
    assert "That is 200 mg (1 tablet) each time." in text
    assert "Who will see this Dr. Bram Visser Dr. Jon Ortiz" in text
    assert not MedicationStatement.objects.exists()
    done = send(amina, check)
    line = MedicationStatement.objects.get()
    assert (line.name, line.dosage.line) == (
        "lamotrigine",
        "200\xa0mg (1\xa0tablet) at bedtime. 200\xa0mg a day.",
    )
    text = text_of(amina.get(done))
    assert "Saved. lamotrigine 200 mg (1 tablet) at bedtime is on the list." in text
    assert "Dr. Bram Visser and Dr. Jon Ortiz can see it." in text


def test_a_form_that_is_sent_twice_saves_once(cast, amina):
    check = walk(amina, cast, name="zinc")
    first, second = send(amina, check), send(amina, check)
    assert first == second
    assert MedicationStatement.objects.count() == 1
    assert TimelineEvent.objects.count() == 1
    # A mark of what was sent, by which another answer is known; no word of it.
    assert Draft.objects.get().pages.keys() == {"sent"}
    assert "zinc" not in Draft.objects.get().content


def test_names_that_look_alike_are_asked_about(cast, amina):
    place = send(
        amina, world.page(cast, "medicines/add/"), name="bupropion", schedule="daily"
    )
    text = text_of(amina.get(place))
    assert "buPROPion" in text and "busPIRone" in text
    dose = DOSE | {"strength": "10"}
    response = amina.post(place, dose)
    assert "Choose the name that is on the label." in text_of(response)
    check = send(amina, send(amina, place, which="busPIRone", **dose))
    send(amina, check)
    assert MedicationStatement.objects.get().name == "buspirone"


def test_a_name_that_tells_proposes_a_label_and_the_patient_decides(cast, amina):
    place = send(
        amina, world.page(cast, "medicines/add/"), name="naltrexone", schedule="daily"
    )
    about = send(amina, place, **DOSE | {"strength": "50"})
    assert "Substance use" in text_of(amina.get(about))
    assert "Choose if we should mark it." in text_of(amina.post(about, {}))
    missing = "Say if it comes from a treatment program. Not sure is ok."
    assert missing in text_of(amina.post(about, {"mark": "yes"}))
    check = send(amina, about, mark="yes", origin="unsure")
    text = text_of(amina.get(check))
    assert "Who will see this Only you" in text
    send(amina, check)
    line = MedicationStatement.objects.get()
    assert (line.labels, line.part2_origin) == (1, True)


def test_only_me_is_kept_before_anybody_could_see_it(cast, amina):
    send(amina, walk(amina, cast, name="zinc"), keep="me")
    for who in ("bram", "jon"):
        page = world.signed_in(cast, who).get(world.page(cast)).content.decode()
        assert "zinc" not in page


@pytest.mark.parametrize(
    ("schedule", "dose", "line"),
    [
        (
            "as_needed",
            {
                "strength": "25",
                "unit": "mg",
                "form": "capsule",
                "count": "1",
                "as_needed_for": "panic",
                "min_gap_hours": "6",
                "max_in_24_hours": "2",
            },
            "25 mg (1 capsule) only when needed for panic, at least 6 hours apart, "
            "at most 2 capsules (50 mg) in 24 hours.",
        ),
        (
            "interval",
            {
                "strength": "156",
                "unit": "mg",
                "form": "injection",
                "count": "1",
                "every_count": "4",
                "every_unit": "week",
                "last_given_date": "Nov 3, 2026",
            },
            "156 mg (1 injection), every 4 weeks. "
            "Last Nov 3, 2026, next due Dec 1, 2026.",
        ),
        (
            "steps",
            {
                "strength": "10",
                "unit": "mg",
                "form": "tablet",
                "step1_from": "Nov 1, 2026",
                "step1_morning": "3",
                "step2_from": "Nov 15, 2026",
                "step2_morning": "1",
                "step3_from": "Dec 1, 2026",
            },
            "from Nov 15: 10 mg (1 tablet) in the morning; from Dec 1: none, stop.",
        ),
        (
            "week",
            {
                "strength": "25",
                "unit": "mg",
                "form": "tablet",
                "week1_days": ["0", "4"],
                "week1_bedtime": "2",
                "rest_bedtime": "1",
            },
            "Monday and Friday: 50 mg (2 tablets) at bedtime; "
            "other days: 25 mg (1 tablet) at bedtime.",
        ),
        (
            "other",
            {
                "strength": "5",
                "unit": "mg",
                "form": "tablet",
                "count": "half",
                "other": "Monday and Friday",
            },
            "2.5 mg (half tablet) each time. Monday and Friday.",
        ),
    ],
)
def test_every_schedule_has_its_own_page_and_its_own_line(
    cast, amina, schedule, dose, line
):
    check = walk(amina, cast, name="zinc", schedule=schedule, dose=dose)
    assert line in text_of(amina.get(check))
    send(amina, check)
    text_of(amina.get(world.page(cast)))


@pytest.mark.parametrize(
    "schedule", ["daily", "as_needed", "interval", "steps", "other"]
)
def test_an_empty_page_says_what_is_missing_and_saves_nothing(cast, amina, schedule):
    place = send(
        amina, world.page(cast, "medicines/add/"), name="zinc", schedule=schedule
    )
    text = text_of(amina.post(place, {}))
    assert "There is a problem" in text
    assert "required" not in text.lower()


def test_more_steps_are_given_without_losing_what_was_typed(cast, amina):
    place = send(
        amina, world.page(cast, "medicines/add/"), name="zinc", schedule="steps"
    )
    typed = {"step1_from": "Nov 1, 2026", "more_steps": "1"}
    names = {f"step{n}_from": "" for n in range(2, 5)}
    page = amina.post(place, typed | names).content.decode()
    assert 'name="step8_from"' in page and "Nov 1, 2026" in page


@pytest.fixture
def quetiapine(cast):
    return world.add(cast, "quetiapine", prescriber=cast.bram)


def change_page(cast, line, part="change") -> str:
    return world.page(cast, f"medicines/{line.pk}/{part}/")


def new_dose(version=1, **more):
    base = {"strength": "50", "unit": "mg", "form": "tablet", "bedtime": "3"}
    return base | {"version": version} | more


def test_a_dose_is_changed_in_two_pages(cast, amina, quetiapine):
    place = change_page(cast, quetiapine)
    assert "Before: 100 mg (2 tablets) at bedtime" in text_of(amina.get(place))
    second = send(amina, place, **new_dose())
    assert "100 mg to 150 mg" in text_of(amina.get(second))
    text = text_of(amina.get(send(amina, second, **WHY)))
    assert "quetiapine: 100 mg to 150 mg from" in text
    event = TimelineEvent.objects.get(kind="medicine_changed")
    assert event.lineage == quetiapine.lineage
    assert event.detail == (
        "Decided by Dr. Bram Visser. Why: the prescriber's plan, 3 am."
    )
    quetiapine.refresh_from_db()
    assert (quetiapine.version, quetiapine.bedtime) == (2, 3)


@pytest.mark.parametrize(("taken", "hoped"), [("3", True), ("1", False)])
def test_of_a_lower_dose_nothing_better_is_expected(
    cast, amina, quetiapine, taken, hoped
):
    second = send(amina, change_page(cast, quetiapine), **new_dose(bedtime=taken))
    text = text_of(amina.get(second))
    assert ("Often expected after" in text) is hoped
    assert "Watch for sleepiness" in text


def test_each_slip_is_said_once_and_only_where_it_matters(cast, amina, quetiapine):
    place = change_page(cast, quetiapine)
    said = problems_of(amina.post(place, new_dose(bedtime="-2")))
    assert "Choose at least one time of day." not in said
    second = send(amina, place, **new_dose())
    ahead = amina.post(second, WHY | {"when": "other", "day": "2050"})
    assert "This day is too far ahead." in problems_of(ahead)
    # Whoever then taps "Today" is not asked for another day.
    assert "/why/" not in send(amina, second, **WHY, day="2050")


def test_the_second_of_two_tabs_is_shown_both_texts_and_loses_nothing(
    cast, amina, quetiapine
):
    place = change_page(cast, quetiapine)
    one = send(amina, place, **new_dose(bedtime="3"))
    two = send(amina, place, **new_dose(bedtime="4"))
    send(amina, one, **WHY)
    response = amina.post(two, WHY)
    assert response.status_code == 409
    text = response.content.decode().replace("\xa0", " ")
    assert "150 mg (3 tablets)" in text and "200 mg (4 tablets)" in text
    assert 'name="note" value="3 am"' in text
    quetiapine.refresh_from_db()
    assert quetiapine.bedtime == 3
    send(amina, two, **WHY)
    quetiapine.refresh_from_db()
    assert (quetiapine.bedtime, quetiapine.version) == (4, 3)


def test_a_change_sent_twice_is_one_change(cast, amina, quetiapine):
    second = send(amina, change_page(cast, quetiapine), **new_dose())
    assert send(amina, second, **WHY) == send(amina, second, **WHY)
    assert TimelineEvent.objects.filter(kind="medicine_changed").count() == 1


def test_another_schedule_is_chosen_first_and_keeps_the_strength(
    cast, amina, quetiapine
):
    place = send(amina, change_page(cast, quetiapine, "schedule"), schedule="as_needed")
    page = amina.get(place).content.decode()
    assert 'name="max_in_24_hours"' in page and 'value="50"' in page


def stop(client, cast, line, *, what="for_good", **more):
    first = change_page(cast, line, "stop")
    second = send(client, first, what=what, version=line.version)
    text = text_of(client.get(second))
    assert "voices telling you to hurt yourself or someone" in text
    return send(client, second, **(WHY | more))


def test_stopping_keeps_the_medicine_under_tried_before(cast, amina, quetiapine):
    done = stop(amina, cast, quetiapine, effect="did not help", dangerous="yes")
    trial = MedicineTrial.objects.get()
    assert (trial.name, trial.dangerous) == ("quetiapine", True)
    assert trial.dose_reached == "100\xa0mg"
    text = text_of(amina.get(done))
    assert "Stopped (1)" in text and "quetiapine: stopped on" in text


def test_a_held_medicine_stays_on_the_list_and_is_put_back(cast, amina, quetiapine):
    stop(amina, cast, quetiapine, what="hold")
    assert "On hold (1)" in text_of(amina.get(world.page(cast)))
    assert not MedicineTrial.objects.exists()
    place = change_page(cast, quetiapine, "restart")
    text_of(amina.get(place))
    send(amina, place, version=2, when="today", decided_by="prescriber")
    quetiapine.refresh_from_db()
    assert quetiapine.status == "active"


def undo_of(client, place: str) -> str:
    page = client.get(place).content.decode()
    return re.search(r'action="([^"]*undo[^"]*)"', page)[1]


def test_undo_brings_the_dose_back_and_tells_nobody(cast, amina, quetiapine):
    second = send(amina, change_page(cast, quetiapine), **new_dose())
    undo = undo_of(amina, send(amina, second, **WHY))
    send(amina, undo)
    quetiapine.refresh_from_db()
    assert (quetiapine.bedtime, quetiapine.version) == (2, 3)
    assert TimelineEvent.objects.get(kind="medicine_changed").cancelled_at
    assert "late=1" in send(amina, undo)


def test_undo_of_a_stop_takes_the_trial_back(cast, amina, quetiapine):
    send(amina, undo_of(amina, stop(amina, cast, quetiapine)))
    quetiapine.refresh_from_db()
    assert quetiapine.status == "active"
    assert MedicineTrial.objects.get().entered_in_error_at


def test_undo_of_adding_takes_it_off_and_undo_of_a_mistake_puts_it_back(cast, amina):
    send(amina, undo_of(amina, send(amina, walk(amina, cast, name="zinc"))))
    line = MedicationStatement.objects.get()
    assert line.status == "entered-in-error"
    other = world.add(cast, "iron")
    place = change_page(cast, other, "mistake")
    text_of(amina.get(place))
    send(amina, undo_of(amina, send(amina, place, version=1)))
    other.refresh_from_db()
    assert (other.status, other.entered_in_error_at) == ("active", None)


def test_who_was_told_already_is_told_that_it_was_taken_back(cast, amina, quetiapine):
    second = send(amina, change_page(cast, quetiapine), **new_dose())
    undo = undo_of(amina, send(amina, second, **WHY))
    told = TimelineEvent.objects.get(kind="medicine_changed")
    TimelineEvent.objects.filter(pk=told.pk).update(fanned_out_at=cast.at)
    send(amina, undo)
    correction = TimelineEvent.objects.get(corrects=told)
    assert (correction.kind, correction.lineage) == (
        "medicine_corrected",
        quetiapine.lineage,
    )


def test_the_list_is_confirmed_in_two_taps_after_the_open_question(
    cast, amina, quetiapine
):
    place = world.page(cast, "medicines/check/")
    assert "that is not here?" in text_of(amina.get(place))
    text = text_of(amina.get(send(amina, place)))
    assert "You last checked this list on" in text
    assert TimelineEvent.objects.get(kind="list_confirmed").due_at is None


def test_details_are_put_right(cast, amina, quetiapine):
    place = change_page(cast, quetiapine, "details")
    text_of(amina.get(place))
    given = {"name": "quetiapine", "brand": "Seroquel", "source": "unsure"}
    send(amina, place, version=1, started="June 2026", **given)
    quetiapine.refresh_from_db()
    assert (quetiapine.brand, quetiapine.started_precision) == ("Seroquel", "month")


def test_the_history_tells_who_when_and_why(cast, amina, quetiapine):
    send(amina, send(amina, change_page(cast, quetiapine), **new_dose()), **WHY)
    place = change_page(cast, quetiapine, "history")
    for who in ("amina", "bram"):
        text = text_of(world.signed_in(cast, who).get(place))
        assert "100 mg to 150 mg" in text
        assert "Added: 100 mg (2 tablets) at bedtime" in text
        assert "Decided by Dr. Bram Visser. Why: the prescriber's plan, 3 am." in text


def test_only_me_covers_history_and_events_and_is_lifted_again(cast, amina, quetiapine):
    bram = world.signed_in(cast, "bram")
    place = change_page(cast, quetiapine, "private")
    assert "Poison Help: Call 1-800-222-1222" in text_of(amina.get(place))
    send(amina, place, keep="me")
    history = change_page(cast, quetiapine, "history")
    assert bram.get(history).status_code == 404
    assert (
        "quetiapine" not in bram.get(world.page(cast, "list/")).content.decode().lower()
    )
    drawn = amina.get(place).context["privacy_form"]
    send(amina, place, seen=drawn.seen)
    assert bram.get(history).status_code == 200


def test_a_label_covers_events_and_trials_too(cast, amina, quetiapine):
    stop(amina, cast, quetiapine)
    send(amina, change_page(cast, quetiapine, "private"), mark="hiv")
    assert {event.labels for event in TimelineEvent.objects.all()} == {4}
    assert MedicineTrial.objects.get().labels == 4


@pytest.mark.security("T33", "T36")
def test_no_name_of_a_medicine_stands_in_an_address_or_a_session(cast, amina):
    place = walk(amina, cast, name="zinc")
    done = send(amina, place)
    assert "zinc" not in place + done
    assert "zinc" not in str(dict(amina.session.items()))


@pytest.mark.capability("S12")
def test_the_list_has_one_named_owner_on_screen_and_paper(cast, amina, quetiapine):
    place = world.page(cast, "list/owner/")
    text_of(amina.get(place))
    send(amina, place, owner=str(cast.hana.pk))
    assert "Hana Diallo keeps this list" in text_of(amina.get(world.page(cast)))
    assert "Hana Diallo keeps this list." in text_of(
        amina.get(world.page(cast, "list/"))
    )
