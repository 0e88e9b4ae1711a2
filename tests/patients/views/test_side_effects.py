"""A side effect: one entry reaches whoever may see its medicine (S20, S21)."""

from __future__ import annotations

import uuid

import pytest

from consents import actions as consents
from consents.codes import LABELS
from messaging.models import Notice
from patients.actions import medicines, side_effects
from patients.actions.medicines import Why
from patients.models import MedicineTrial, SideEffect, SideEffectMark, TimelineEvent
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, letters, sweep
from tests.patients import medicines_world as world

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
SAID = {
    "kind": "sleepiness",
    "severity": "severe",
    "began_date": "Nov 3, 2026",
    "daily_life": "I fall asleep at work.",
    "therapy": "I miss half of the session.",
}


@pytest.fixture
def line(cast):
    return world.add(cast, "quetiapine")


@pytest.fixture
def therapist(cast):
    """Chidi, with a permission for medicines."""
    permit(cast.amina, cast.chidi, at=cast.at)
    return world.signed_in(cast, "chidi")


def add(cast, line, **said):
    page = world.page(cast, f"medicines/{line.pk}/side-effects/add/")
    given = {**SAID, "form_key": str(uuid.uuid4()), **said}
    answer = world.signed_in(cast, "amina").post(page, given)
    assert answer.status_code == 302, answer.content.decode()
    return SideEffect.objects.latest("recorded_at", "pk")


def html(cast, who: str, place: str) -> str:
    response = world.signed_in(cast, who).get(world.page(cast, place))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def told() -> set[str]:
    rows = Notice.objects.filter(kind="event", channel="in_app", cancelled_at=None)
    return {row.user.email.partition("@")[0] for row in rows}


@pytest.mark.capability("S20")
def test_one_entry_reaches_prescriber_and_therapist(cast, line, therapist):
    TimelineEvent.objects.update(next_attempt_at=None)
    add(cast, line)
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == {"bram", "chidi", "jon"}
    for who in ("bram", "chidi", "jon"):
        for place in ("", f"medicines/{line.pk}/history/"):
            seen = html(cast, who, place)
            assert "Side effects (1)" in seen
            assert "severe, since Nov 3, 2026" in seen
            assert "I fall asleep at work." in seen
            assert "I miss half of the session." in seen


def test_whoever_may_not_see_the_medicine_learns_nothing(cast, line):
    consents.keep_back(item=line, party=cast.bram, by=cast.user("amina"), at=cast.at)
    TimelineEvent.objects.update(next_attempt_at=None)
    add(cast, line)
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == {"jon"}
    assert "Side effects (0)" in html(cast, "bram", "")
    assert "asleep" not in html(cast, "bram", "")


def test_a_topic_of_the_medicine_is_one_of_its_side_effects(cast):
    line = world.add(cast, "quetiapine", labels=LABELS["private"])
    item = add(cast, line)
    assert (item.labels, item.lineage) == (line.labels, line.lineage)
    event = TimelineEvent.objects.get(about=item.pk)
    assert (event.labels, event.lineage) == (line.labels, line.lineage)
    assert "Side effects (0)" in html(cast, "bram", "")


def test_it_began_and_is_over_on_days_that_have_been(cast, line):
    page = world.page(cast, f"medicines/{line.pk}/side-effects/add/")
    answers = {"kind": "nausea", "severity": "mild", "form_key": str(uuid.uuid4())}
    amina = world.signed_in(cast, "amina")
    for name in ("began_date", "over_date"):
        said = amina.post(page, answers | {name: "Jan 1, 2100"}).content.decode()
        assert "Enter a day that has been." in said
    assert not SideEffect.objects.exists()


def test_the_same_form_twice_is_one_entry(cast, line):
    key = str(uuid.uuid4())
    add(cast, line, form_key=key)
    add(cast, line, form_key=key)
    assert SideEffect.objects.count() == 1


def test_an_urgent_sign_is_told_at_once_and_says_what_to_do(cast, therapist):
    """However mild; the team reads what it may be, the patient also what to do."""
    line = world.add(cast, "lamotrigine")
    place = f"medicines/{line.pk}/history/"
    asked = html(cast, "amina", f"medicines/{line.pk}/side-effects/add/")
    assert asked.count('type="radio" name="kind"') == 16
    assert asked.index("Common") < asked.index("May be dangerous")
    sentence = "A rash with lamotrigine can be the start of a dangerous skin reaction."
    # Before it is saved, in the words of after: it warns, and asks nothing more.
    assert f"{sentence} Get help now, also if it looks mild." in asked
    assert "Call or text 988 now. Call 911 if you may act on it." in asked
    TimelineEvent.objects.update(next_attempt_at=None)
    item = add(cast, line, kind="rash", severity="mild")
    sweep(cast.at + TEN_MINUTES / 10)
    assert told() == {"bram", "chidi", "jon"}
    assert sentence in html(cast, "bram", place)
    assert "Get help now, also" not in html(cast, "bram", place)
    changing = f"medicines/{line.pk}/side-effects/{item.pk}/"
    assert f"{sentence} Get help now" in html(cast, "amina", changing)
    own = html(cast, "amina", place)
    assert f"{sentence} Get help now, also if it looks mild." in own
    assert "Call 911 now for any of these" in own
    assert "Do not wait with this" in own and "if it is severe" not in own
    # Over, it is urgent no more.
    assert change(cast, item, kind="rash", over_date="Nov 20, 2026").status_code == 302
    assert sentence not in html(cast, "amina", place)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": ""}, "Choose what it is."),
        ({"severity": ""}, "Choose how bad it is."),
        ({"kind": "other"}, "Enter what it is, in a few words."),
        ({"over_date": "Nov 1, 2026"}, "This day is before it began."),
    ],
)
def test_a_gap_is_said_and_nothing_is_saved(cast, line, said, words):
    page = world.page(cast, f"medicines/{line.pk}/side-effects/add/")
    given = {**SAID, "form_key": str(uuid.uuid4()), **said}
    answer = world.signed_in(cast, "amina").post(page, given)
    assert words in answer.content.decode()
    assert not SideEffect.objects.exists()


def change(cast, item, **said):
    place = f"medicines/{item.medicine_id}/side-effects/{item.pk}/"
    given = {**SAID, "form_key": str(uuid.uuid4()), "version": "1", **said}
    return world.signed_in(cast, "amina").post(world.page(cast, place), given)


def test_it_can_be_said_to_be_over_and_its_versions_stay(cast, line):
    item = add(cast, line)
    assert change(cast, item, over_date="Nov 20, 2026").status_code == 302
    assert "over Nov 20, 2026" in html(cast, "bram", "")
    assert item.history.count() == 2


def test_a_severe_one_says_whom_to_call_at_once(cast, line):
    """To whoever keeps the list, while it lasts; a reader is not spoken to so."""
    place = f"medicines/{line.pk}/history/"
    add(cast, line, severity="mild")
    assert "now for any of these:" not in html(cast, "amina", place)
    item = add(cast, line)
    assert "Call 911 now for any of these:" in html(cast, "amina", place)
    assert "now for any of these:" not in html(cast, "bram", place)
    page = f"medicines/{line.pk}/side-effects/{item.pk}/"
    given = {**SAID, "form_key": str(uuid.uuid4()), "version": item.version}
    client = world.signed_in(cast, "amina")
    client.post(world.page(cast, page), given | {"over_date": "Nov 3, 2026"})
    item.refresh_from_db()
    assert item.over_date
    assert "now for any of these:" not in html(cast, "amina", place)


def test_two_tabs_lose_nothing(cast, line):
    item = add(cast, line)
    assert change(cast, item, severity="mild").status_code == 302
    second = change(cast, item, severity="moderate")
    assert second.status_code == 409
    said = second.content.decode()
    assert "mild" in said and "moderate" in said
    item.refresh_from_db()
    assert item.severity == "mild"


def test_added_by_mistake_tells_nobody_and_leaves_every_page(cast, line):
    TimelineEvent.objects.update(next_attempt_at=None)
    item = add(cast, line)
    assert change(cast, item, mistake="1").status_code == 302
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == set()
    assert "Side effects (0)" in html(cast, "bram", "")
    assert "Side effects (0)" in html(cast, "amina", f"medicines/{line.pk}/history/")


@pytest.mark.capability("S21")
def test_the_therapist_says_whether_it_is_worsening_or_adjustment(
    cast, line, therapist
):
    item = add(cast, line)
    page = f"medicines/{line.pk}/side-effects/{item.pk}/mark/"
    given = {
        "course": "worsening",
        "therapy": "Dozes off in every session.",
        "form_key": str(uuid.uuid4()),
    }
    assert "Sleepiness on quetiapine" in html(cast, "chidi", page)
    for _click in range(2):
        assert therapist.post(world.page(cast, page), given).status_code == 302
    mark = SideEffectMark.objects.get()
    assert (mark.author, mark.lineage) == (cast.chidi, line.lineage)
    for who, place in (("amina", f"medicines/{line.pk}/history/"), ("bram", "")):
        seen = html(cast, who, place)
        assert "Worsening. Dozes off in every session." in seen
        assert "Chidi Okafor" in seen
    assert TimelineEvent.objects.filter(kind="side_effect_seen").count() == 1


def test_a_mark_is_hidden_with_the_medicine(cast, line, therapist):
    item = add(cast, line)
    side_effects.mark(
        item=item,
        course="worsening",
        therapy="CNRYmark",
        author=cast.chidi,
        key=uuid.uuid4(),
        by=cast.user("chidi"),
        at=cast.at,
    )
    assert "CNRYmark" in html(cast, "bram", "")
    consents.keep_back(item=line, by=cast.user("amina"), at=cast.at)
    assert "CNRYmark" not in html(cast, "bram", "")


def test_the_mark_that_a_page_offers_opens(cast, line, therapist):
    """Whoever gets the link gets the page behind it."""
    item = add(cast, line)
    place = world.page(cast, f"medicines/{line.pk}/side-effects/{item.pk}/mark/")
    for who in ("bram", "jon", "chidi"):
        client = world.signed_in(cast, who)
        assert place in html(cast, who, "")
        assert client.get(place).status_code == 200


@pytest.mark.parametrize("who", ["amina", "hana", "dana", "chidi"])
def test_only_a_licensed_reader_of_the_medicine_marks(cast, line, who):
    item = add(cast, line)
    place = f"medicines/{line.pk}/side-effects/{item.pk}/mark/"
    client = world.signed_in(cast, who)
    assert client.get(world.page(cast, place)).status_code == 404


@pytest.mark.parametrize("who", ["bram", "jon", "chidi", "hana", "dana"])
def test_only_the_patient_enters_and_changes(cast, line, who):
    item = add(cast, line)
    client = world.signed_in(cast, who)
    for rest in ("add/", f"{item.pk}/"):
        place = world.page(cast, f"medicines/{line.pk}/side-effects/{rest}")
        assert client.post(place, SAID).status_code == 404
    assert SideEffect.objects.count() == 1 and item.history.count() == 1


def test_what_was_stopped_stands_among_the_tried_with_its_side_effects(cast, line):
    add(cast, line)
    medicines.stop(
        item=line,
        version=line.version,
        outcome=medicines.Outcome(effect="slept better"),
        why=Why(day=cast.at.date()),
        by=cast.user("amina"),
        at=cast.at,
    )
    trial = MedicineTrial.objects.get()
    assert trial.effect == "slept better. Side effects: sleepiness (severe)"
    assert trial.lineage == line.lineage
