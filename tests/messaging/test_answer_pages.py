"""Taking an update on and replying to it, page by page."""

import re
import uuid

import pytest

from consents import actions as consents
from consents.codes import CATEGORIES
from tests.cast import permit
from tests.messaging.test_update_pages import HIDDEN, address, read
from tests.messaging.writing import (
    row,
    send,
    signed_in,
    words,
)

# Taking it on, by page --------------------------------------------------------------


def acknowledge(cast, who, update, **said):
    return signed_in(cast, who).post(address(update, "acknowledge"), said)


def test_pressing_enter_in_a_date_sends_the_plan_it_belongs_to(cast):
    html = read(cast, "bram", send(cast, "chidi", "bram"), "acknowledge")
    forms = re.findall(r"<form.*?</form>", html.content.decode(), re.DOTALL)
    plans = [re.findall(r'name="plan" value="(\w+)"', form) for form in forms]
    assert [plan for plan in plans if plan] == [
        ["call_by"],
        ["decide_at"],
        ["decided"],
        ["not_mine"],
    ]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"plan": "call_by"}, "Enter a date, like Nov 3, 2026."),
        (
            {"plan": "call_by", "plan_date": "Jan 1, 2020"},
            "Enter today or later.",
        ),
        ({"plan": "decide_at", "plan_date": "soon"}, "Enter a real date"),
        ({"plan": "decided", "mentions": ["none"]}, "Write what you decided."),
        ({"plan": "decided", "text": "150 mg"}, "Say what this mentions"),
        ({"plan": "not_mine"}, "Choose who should have it."),
        (
            {"plan": "not_mine", "to": "nobody"},
            "Choose someone from the list.",
        ),
    ],
)
def test_an_incomplete_plan_says_what_is_missing(cast, said, problem):
    update = send(cast, "chidi", "bram")
    key = {"form_key": str(uuid.uuid4())} if said["plan"] == "decided" else {}
    response = acknowledge(cast, "bram", update, **said, **key)
    assert problem in words(response)
    assert "<title>Error:" in response.content.decode()
    assert row(update, cast, "bram").status == "sent"


@pytest.mark.parametrize("plan", ["", "seen", "gone"])
def test_an_ask_cannot_be_waved_away(cast, plan):
    update = send(cast, "chidi", "bram")
    assert acknowledge(cast, "bram", update, plan=plan).status_code == 200
    assert row(update, cast, "bram").status == "sent"


@pytest.mark.parametrize("who", ["jon", "chidi", "amina", "dana"])
def test_only_who_was_asked_takes_it_on(cast, who):
    update = send(cast, "chidi", "bram")
    response = acknowledge(cast, who, update, plan="call_by", plan_date="Dec 1, 2099")
    assert response.status_code == 404


def test_passing_on_to_someone_not_covered_says_who_still_has_it(cast):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    update = send(cast, "chidi", "bram")
    bram = signed_in(cast, "bram")
    response = bram.post(
        address(update, "acknowledge"),
        {"plan": "not_mine", "to": str(cast.jon.pk)},
        follow=True,
    )
    said = words(response)
    assert "NOT SENT. Dr. Jon Ortiz has not been told." in said
    assert "You still have it." in said
    assert "Review dose or timing" in said


def test_a_decision_that_does_not_reach_who_asked_is_not_said_to_be_read(cast):
    update = send(cast, "chidi", "bram")
    said = {"plan": "decided", "text": "150 mg", "mentions": ["none"]}
    said |= {"form_key": str(uuid.uuid4())}
    bram = signed_in(cast, "bram")
    page = bram.post(address(update, "acknowledge"), said, follow=True)
    assert "Saved. Those whom the patient allows can read it." in words(page)
    assert "NOT SENT. Chidi Okafor has not been told." in words(
        bram.get(address(update))
    )


def test_a_second_tab_gets_a_page_and_loses_nothing(cast):
    update = send(cast, "chidi", "bram")
    acknowledge(cast, "bram", update, plan="call_by", plan_date="Dec 1, 2099")
    second = acknowledge(
        cast,
        "bram",
        update,
        plan="decided",
        text="quetiapine 150 mg",
        mentions=["none"],
        form_key=str(uuid.uuid4()),
    )
    assert second.status_code == 409
    said = words(second)
    assert "You have answered this already" in said
    assert "will call by Tue, Dec 1, 2099" in said
    assert re.search(r"Decided quetiapine 150\smg", said)


def test_a_second_clinician_gets_a_page_and_may_go_on(cast):
    update = send(cast, "chidi", "bram", "jon")
    acknowledge(cast, "bram", update, plan="call_by", plan_date="Dec 1, 2099")
    jon = signed_in(cast, "jon")
    choice = {"plan": "call_by", "plan_date": "Dec 2, 2099"}
    second = jon.post(address(update, "acknowledge"), choice)
    assert second.status_code == 409
    assert "Someone else has this already" in words(second)
    html = second.content.decode()
    form = re.search(r'<form[^>]*acknowledge/".*?</form>', html, re.DOTALL)[0]
    fields = dict(re.findall(HIDDEN, form))
    fields.pop("csrfmiddlewaretoken", None)
    assert jon.post(address(update, "acknowledge"), fields).status_code == 302
    assert row(update, cast, "jon").plan == "call_by"


@pytest.mark.security("T32")
def test_a_second_clinician_is_not_told_of_others_if_the_team_is_not_shared(cast):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    shared = CATEGORIES.mask("updates", "measures")
    permit(cast.amina, cast.jon, at=cast.at, categories=shared)
    update = send(cast, "chidi", "bram", "jon")
    acknowledge(cast, "bram", update, plan="call_by", plan_date="Dec 1, 2099")
    second = acknowledge(cast, "jon", update, plan="call_by", plan_date="Dec 1, 2099")
    assert second.status_code == 302


# Replying ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "Write what you decided, or an answer."),
        ({"text": "Yes.", "watch_weeks": "x"}, "Weeks: enter a whole number"),
        ({"text": "Yes.", "watch_weeks": "2"}, "Say what to watch for."),
        ({"text": "x" * 1001}, "Use 1000 characters or fewer."),
    ],
)
def test_a_reply_says_what_is_missing(cast, said, problem):
    update = send(cast, "chidi", "bram")
    response = signed_in(cast, "bram").post(
        address(update, "reply"),
        {"mentions": ["none"], "form_key": str(uuid.uuid4())} | said,
    )
    assert problem in words(response)


def test_who_was_not_written_to_reads_and_does_not_reply(cast):
    update = send(cast, "chidi", "bram")
    assert read(cast, "jon", update).status_code == 200
    assert read(cast, "jon", update, "reply").status_code == 404
    assert read(cast, "amina", update, "reply").status_code == 404
