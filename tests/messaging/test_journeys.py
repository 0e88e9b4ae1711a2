"""Therapist to psychiatrist and back, through the pages, without JavaScript."""

import re
import uuid

import pytest
from django.urls import reverse

from messaging.models import Update, UpdateRecipient
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, sweep, told
from tests.messaging.writing import carried, newest, signed_in, typed, words
from tests.patients import medicines_world

WORKLIST = "/worklist/"


def write(cast, client, *to, **said):
    """Composer, check page, send: as a person does it."""
    new = reverse("messaging:update_new", args=[cast.amina.pk])
    assert client.get(new).status_code == 200
    checked = client.post(new, typed(cast, *to, **said) | {"action": "check"})
    assert "Check before you send" in words(checked)
    sent = client.post(new, {"typed": carried(checked), "action": "send"})
    update = newest()
    assert sent.url == reverse("messaging:update", args=[cast.amina.pk, update.pk])
    return update


def reply(cast, client, update, **said):
    url = reverse("messaging:reply", args=[cast.amina.pk, update.pk])
    form = {"mentions": ["none"], "form_key": str(uuid.uuid4())}
    assert client.post(url, form | said).status_code == 302


def spaced(text):
    return text.replace("\xa0", " ")


@pytest.mark.capability("S48")
@pytest.mark.capability("S49")
def test_the_therapist_asks_the_psychiatrist_decides_the_therapist_learns(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    chidi, bram = signed_in(cast, "chidi"), signed_in(cast, "bram")
    update = write(cast, chidi, "bram")

    said = words(bram.get(WORKLIST))
    assert "Amina Diallo: Review dose or timing: sleep 4 hours" in said
    acknowledge = reverse("messaging:acknowledge", args=[cast.amina.pk, update.pk])
    taken = bram.post(acknowledge, {"plan": "call_by", "plan_date": "2031-01-07"})
    assert taken.url == WORKLIST
    assert "You will call by Tue, Jan 7, 2031" in words(bram.get(WORKLIST))
    reply(
        cast,
        bram,
        update,
        decision="quetiapine 150 mg at bedtime from today",
        watch_for="sleepiness in the morning",
        watch_weeks="2",
    )

    learned = words(chidi.get(WORKLIST))
    assert "Decided: quetiapine 150 mg at bedtime" in spaced(learned)
    assert "Watch for (2 weeks): sleepiness in the morning" in learned
    chidi.post(reverse("messaging:close", args=[cast.amina.pk, update.pk]))
    assert UpdateRecipient.objects.get().status == "closed"

    amina = signed_in(cast, "amina")
    page = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    read = spaced(words(amina.get(page)))
    assert "Sleep has dropped to 4 hours" in read
    assert "Decided: quetiapine 150 mg at bedtime" in read


@pytest.mark.capability("S48")
def test_the_psychiatrist_writes_first_and_the_therapist_answers(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    chidi, bram = signed_in(cast, "chidi"), signed_in(cast, "bram")
    update = write(
        cast,
        bram,
        "chidi",
        ask="advise",
        ask_detail="pace of exposure work",
        what_changed="quetiapine 150 mg since Nov 18, sleepy 2 mornings.",
    )
    said = words(chidi.get(WORKLIST))
    assert "Advise on pace of exposure work" in said
    reply(cast, chidi, update, decision="Exposure work waits 2 weeks.")
    learned = words(bram.get(WORKLIST))
    assert "Decided: Exposure work waits 2 weeks." in learned


@pytest.mark.capability("S9")
def test_the_whole_concise_message_arrives(cast):
    chidi, bram = signed_in(cast, "chidi"), signed_in(cast, "bram")
    write(cast, chidi, "bram", what_changed="First visit on Nov 3.", panic_per_week="1")
    write(
        cast,
        chidi,
        "bram",
        since_date="Nov 3, 2026",
        sleep_hours="4.5",
        panic_per_week="3",
        missed_doses_14="2",
        missed_why="side_effect",
        days_able_to_work_10="5",
        phq9="14",
        appetite="less",
        suicidal_thoughts="not_asked",
        what_changed="Anxiety before work on 4 of 5 days. Two missed days, nausea.",
    )
    said = words(bram.get(reverse("messaging:updates", args=[cast.amina.pk])))
    assert "Review dose or timing: 3 panic attacks a week, was 1" in said
    page = reverse("messaging:update", args=[cast.amina.pk, newest().pk])
    said = words(bram.get(page))
    for part in (
        "Since: Tue, Nov 3, 2026",
        "Sleep, hours a night: 4.5 up from 4",
        "Panic attacks a week: 3 up from 1",
        "Missed doses, last 14 days: 2",
        "Missed because: Side effect",
        "Days able to work, of the last 10: 5",
        "PHQ-9: 14",
        "Appetite: Less than usual",
        "Suicidal thoughts: Not asked",
        "Anxiety before work on 4 of 5 days.",
    ):
        assert part in said, part


def happened(cast, client, kind, **said):
    url = reverse("messaging:tell_kind", args=[cast.amina.pk, kind])
    form = {"mentions": ["none"], "form_key": str(uuid.uuid4())}
    assert client.post(url, form | said).status_code == 302


@pytest.mark.capability("S10")
def test_the_team_is_told_of_every_major_change(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    chidi, jon = signed_in(cast, "chidi"), signed_in(cast, "jon")
    line = medicines_world.add(cast, "quetiapine")
    happened(cast, jon, "diagnosis", what="Panic disorder")
    happened(cast, jon, "diagnosis", what="Hypothyroidism")
    happened(cast, chidi, "therapy", what="more", detail="Twice a week from Nov 23.")
    at = max(event.due_at for event in cast.amina.timelineevent_set.all())
    sweep(at + TEN_MINUTES)
    bram = signed_in(cast, "bram")
    said = words(bram.get(WORKLIST))
    for part in (
        "quetiapine",
        "Diagnosis found: Panic disorder",
        "Diagnosis found: Hypothyroidism",
        "Therapy changed: Sessions become more frequent. Twice a week from Nov 23.",
    ):
        assert part in said
    for event in cast.amina.timelineevent_set.all():
        assert "bram" in told(event)
    assert line.pk


def test_held_asked_signed_released_read(cast):
    bram, chidi = signed_in(cast, "bram"), signed_in(cast, "chidi")
    update = write(cast, bram, "chidi")
    page = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    html = bram.get(page)
    assert "NOT SENT. Chidi Okafor has not been told." in words(html)
    assert chidi.get(page).status_code == 404
    ask = re.search(r'action="([^"]*/ask/[^"]*)"', html.content.decode())[1]
    bram.post(ask)
    permit(cast.amina, cast.chidi, at=cast.at)
    sweep(cast.at)
    assert "NOT SENT" not in words(bram.get(page))
    assert "Review dose or timing" in words(chidi.get(WORKLIST))
    assert chidi.get(page).status_code == 200
    assert Update.objects.count() == 1
