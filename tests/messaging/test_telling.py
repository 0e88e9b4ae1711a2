"""Telling the team what happened: one entry, everyone allowed is told."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS
from messaging.forms.events import KINDS
from patients.actions import events
from patients.actions.events import Happening
from patients.models import Condition, HospitalStay, Observation, TimelineEvent
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, sweep, told
from tests.messaging.writing import signed_in, words

SAID = {
    "diagnosis": {"what": "Hypothyroidism", "happened_date": "Nov 10, 2026"},
    "therapy": {"what": "demanding", "weeks": "6"},
    "hospital": {"what": "City Hospital", "detail": "Two nights."},
    "missed-doses": {"what": "ran_out", "count": "3"},
    "using-more": {"what": "Wine, 4 glasses a night, was 1"},
    "stressor": {"what": "Lost the job"},
}
TITLES = {
    "diagnosis": "Diagnosis found: Hypothyroidism",
    "therapy": "Therapy changed: Trauma or other demanding work begins",
    "hospital": "Hospital or emergency visit: City Hospital",
    "missed-doses": "3 doses missed in 14 days",
    "using-more": "Drinking or using more: Wine, 4 glasses a night, was 1",
    "stressor": "Something hard happened: Lost the job",
}


def address(cast, kind):
    return reverse("messaging:tell_kind", args=[cast.amina.pk, kind])


def tell(cast, who, kind, **said):
    common = {"mentions": ["none"], "form_key": str(uuid.uuid4())}
    typed = {
        name: value
        for name, value in (common | SAID[kind] | said).items()
        if value not in ("", [])
    }
    return signed_in(cast, who).post(address(cast, kind), typed)


@pytest.mark.capability("S11")
@pytest.mark.parametrize("who", ["amina", "bram"])
def test_the_question_stands_where_a_change_is_entered(cast, who):
    client = signed_in(cast, who)
    pages = [reverse("messaging:tell", args=[cast.amina.pk])]
    pages += [address(cast, kind) for kind in KINDS]
    for page in pages:
        assert (
            "Could it affect mood, sleep, concentration, safety, or how medicines "
            "work? Then share it."
        ) in words(client.get(page))
        decides = "You decide who may read" in words(client.get(page))
        assert decides == (who == "amina" and page != pages[0])


@pytest.mark.capability("S6")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["amina", "chidi"])
def test_one_entry_tells_everyone_who_may_know(cast, who, kind):
    permit(cast.amina, cast.jon, at=cast.at, categories=CATEGORIES["substances"])
    assert tell(cast, who, kind).status_code == 302
    event = TimelineEvent.objects.get()
    assert event.title == TITLES[kind]
    assert event.author == (cast.chidi if who == "chidi" else None)
    sweep(event.recorded_at + TEN_MINUTES)
    substances = kind == "using-more"
    family = {"jon"} if substances else {"bram", "jon"}
    expected = family | ({"amina"} if who == "chidi" else set())
    assert set(told(event)) == expected


@pytest.mark.parametrize("who", ["hana", "dana", "edo", "fatou", "gus"])
def test_nobody_else_tells(cast, who):
    client = signed_in(cast, who)
    assert client.get(address(cast, "diagnosis")).status_code == 404
    assert tell(cast, who, "diagnosis").status_code == 404
    assert not TimelineEvent.objects.exists()


def test_a_kind_that_does_not_exist_is_not_there(cast):
    assert signed_in(cast, "bram").get(address(cast, "gossip")).status_code == 404


def test_a_diagnosis_stands_in_the_record(cast):
    tell(cast, "bram", "diagnosis")
    condition = Condition.objects.get()
    assert (condition.name, condition.since_year) == ("Hypothyroidism", 2026)
    assert condition.author == cast.bram
    event = TimelineEvent.objects.get()
    assert event.lineage == condition.lineage
    assert event.categories == condition.categories == CATEGORIES["conditions"]


def test_only_me_on_the_diagnosis_covers_the_event(cast):
    tell(cast, "amina", "diagnosis")
    consents.keep_back(item=Condition.objects.get(), by=cast.amina.user, at=cast.at)
    event = TimelineEvent.objects.get()
    sweep(event.recorded_at + TEN_MINUTES)
    assert told(event) == []


def test_a_hospital_visit_and_missed_doses_stand_in_the_record(cast):
    tell(cast, "amina", "hospital", happened_date="Nov 3, 2026")
    stay = HospitalStay.objects.get()
    assert (stay.where, stay.when, stay.why) == (
        "City Hospital",
        "Nov 3, 2026",
        "Two nights.",
    )
    tell(cast, "amina", "missed-doses")
    missed = Observation.objects.get()
    assert (missed.measure, int(missed.value)) == ("missed_doses_14", 3)
    assert missed.note == "Ran out or cost"


@pytest.mark.capability("S23")
def test_demanding_therapy_says_for_how_many_weeks_and_the_psychiatrist_is_told(cast):
    asked = tell(cast, "chidi", "therapy", weeks="")
    assert "Say for how many weeks it may be harder." in words(asked)
    tell(cast, "chidi", "therapy")
    event = TimelineEvent.objects.get()
    assert event.detail == "May raise distress for 6 weeks."
    sweep(event.recorded_at + TEN_MINUTES)
    assert "bram" in told(event)
    said = words(signed_in(cast, "bram").get(reverse("messaging:worklist")))
    assert "Trauma or other demanding work begins. May raise distress for 6 weeks." in (
        said
    )


def test_a_phase_may_be_told_before_it_begins_and_nothing_else_may(cast):
    assert (
        tell(cast, "chidi", "therapy", happened_date="Dec 1, 2099").status_code == 302
    )
    response = tell(cast, "chidi", "stressor", happened_date="Dec 1, 2099")
    assert "Enter a day that has been." in words(response)


@pytest.mark.parametrize(
    ("kind", "said", "problem"),
    [
        ("diagnosis", {"what": ""}, "Enter what was found."),
        ("therapy", {"what": ""}, "Choose what changes."),
        ("therapy", {"weeks": "60"}, "Weeks: enter a whole number from 1 to 52."),
        ("missed-doses", {"count": "0"}, "Enter how many doses"),
        ("missed-doses", {"what": ""}, "Choose why doses were missed."),
        ("stressor", {"mentions": []}, "Say what this mentions"),
        ("stressor", {"what": "x" * 121}, "Use 120 characters or fewer."),
    ],
)
def test_a_mistake_says_how_to_go_on(cast, kind, said, problem):
    response = tell(cast, "amina", kind, **said)
    assert problem in words(response)
    assert not TimelineEvent.objects.exists()


def test_the_answer_on_topics_labels_event_and_row(cast):
    tell(cast, "amina", "stressor", mentions=["violence"])
    event = TimelineEvent.objects.get()
    assert LABELS.names(event.labels) == ["violence"]
    sweep(event.recorded_at + TEN_MINUTES)
    assert told(event) == []
    tell(cast, "amina", "diagnosis", mentions=["hiv"])
    assert LABELS.names(Condition.objects.get().labels) == ["hiv"]


def test_a_double_click_tells_once(cast):
    key = str(uuid.uuid4())
    for _click in range(2):
        tell(cast, "amina", "diagnosis", form_key=key)
    assert Condition.objects.count() == TimelineEvent.objects.count() == 1


def test_a_kind_that_is_told_elsewhere_is_refused(cast):
    with pytest.raises(KeyError):
        events.record(
            patient=cast.amina,
            happening=Happening("medicine_changed", "x", date(2026, 11, 1)),
            form_key=uuid.uuid4(),
            by=cast.amina.user,
            at=cast.at,
        )
