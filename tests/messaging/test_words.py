"""Closed lists of words, and notices that tell a stranger nothing."""

import itertools
from datetime import date

import pytest

from messaging import codes, words
from messaging.codes import Ask, NoticeKind, Plan, SuicidalThoughts, Urgency
from patients.codes import MissedWhy
from tests.readability import grade, longest_sentence

SITE = "https://care.example/"
KINDS = [*NoticeKind, "correction", "released", "refused"]


# Updates ---------------------------------------------------------------------
def test_the_answer_words_are_the_agreed_five():
    assert [str(label) for label in SuicidalThoughts.labels] == [
        "Not asked",
        "Asked: none",
        "Thoughts, no plan or intent",
        "Plan, intent, attempt or preparation",
        "Asked, no answer",
    ]


def test_thoughts_are_never_for_information():
    assert Urgency.INFORMATION not in words.urgencies_for("thoughts")
    assert Urgency.INFORMATION not in words.urgencies_for("plan")


def test_thoughts_always_ask_for_something():
    for answer in SuicidalThoughts:
        present = answer in ("thoughts", "plan")
        assert (Ask.NOTHING in words.asks_for(answer)) != present


def test_a_plan_is_today_with_a_call():
    assert words.urgencies_for("plan") == (Urgency.TODAY,)
    assert words.must_call_now("plan")
    assert "call" in str(Urgency.TODAY.label)


@pytest.mark.parametrize("answer", ["not_asked", "none", "no_answer"])
def test_other_answers_leave_every_urgency_open(answer):
    assert words.urgencies_for(answer) == tuple(Urgency)
    assert not words.must_call_now(answer)


@pytest.mark.parametrize("answer", ["", "present", "NONE"])
def test_an_unknown_answer_is_an_error_and_not_a_none(answer):
    with pytest.raises(ValueError, match="not a valid SuicidalThoughts"):
        words.urgencies_for(answer)
    with pytest.raises(ValueError, match="not a valid SuicidalThoughts"):
        words.must_call_now(answer)


def test_every_plan_says_what_completes_it():
    assert set(words.PLAN_NEEDS) == set(Plan)
    assert {words.PLAN_NEEDS[plan] for plan in words.plans_for(Ask.CALL)} == {
        "date",
        "text",
        "person",
    }


def test_what_was_asked_is_never_just_seen():
    for ask in Ask:
        assert (Plan.SEEN in words.plans_for(ask)) == (ask is Ask.NOTHING)
        assert words.plans_for(ask)
    with pytest.raises(ValueError, match="not a valid Ask"):
        words.plans_for("")


def test_the_ask_to_advise_names_its_subject():
    assert set(words.ASKS_WITH_SUBJECT) == {Ask.ADVISE}


@pytest.mark.parametrize(
    "words_of",
    [
        Urgency,
        SuicidalThoughts,
        codes.Appetite,
        Ask,
        Plan,
        MissedWhy,
        NoticeKind,
    ],
)
def test_no_label_blames_or_repeats_another(words_of):
    labels = [str(label) for label in words_of.labels]
    assert len(labels) == len(set(labels))
    for blame in ("refus", "compli", "fail", "abuse", "discontinu", "medication"):
        assert not [label for label in labels if blame in label.lower()]


def test_the_safety_line_puts_the_crisis_line_in_reach():
    line = words.safety_line()
    assert line.startswith("Only use updates for non-urgent needs.")
    assert line.endswith("call or text 988, any time.")
    assert "call or text 111," in words.safety_line(crisis_number="111")


# Notices ---------------------------------------------------------------------
def every_notice():
    for kind, by, is_discreet in itertools.product(
        KINDS, (None, date(2026, 11, 25)), (True, False)
    ):
        yield words.notice(kind, site=SITE, by=by, is_discreet=is_discreet)


def outside(notice):
    return (notice.sender_name, notice.subject, notice.body, notice.text_message)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_subject_of_its_own(kind):
    others = {
        words.notice(other, site=SITE).subject for other in KINDS if other != kind
    }
    assert words.notice(kind, site=SITE).subject not in others


@pytest.mark.security("T34", "L20")
def test_no_notice_holds_a_telling_word():
    for notice in every_notice():
        assert [words.telling_words(text) for text in outside(notice)] == [()] * 4


def test_subjects_are_short():
    for notice in every_notice():
        assert len(notice.subject.split()) <= words.MAX_SUBJECT_WORDS
        assert len(notice.subject) <= words.MAX_SUBJECT_LENGTH


@pytest.mark.security("T92")
def test_discreet_notices_are_all_alike():
    faces = {words.notice(kind, site=SITE, is_discreet=True).subject for kind in KINDS}
    bodies = {words.notice(kind, site=SITE, is_discreet=True).body for kind in KINDS}
    assert faces == {"You have a new message"}
    assert len(bodies) == 1


def test_the_day_is_said_and_nothing_else_about_the_event():
    notice = words.notice(NoticeKind.UPDATE, site=SITE, by=date(2026, 11, 25))
    assert "Please sign in before Nov 25." in notice.body
    assert "by Nov 25" in notice.text_message


def test_a_text_message_holds_no_link():
    for notice in every_notice():
        assert "http" not in notice.text_message
        assert "care.example" not in notice.text_message


def test_a_mail_holds_the_address_of_the_site_only():
    for notice in every_notice():
        assert notice.body.count("http") == 1
        assert SITE in notice.body


def test_an_unknown_kind_goes_nowhere():
    with pytest.raises(KeyError, match="news"):
        words.notice("news", site=SITE)


@pytest.mark.security("T34", "L20")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your psychiatrist wrote", ("psychiatrist",)),
        ("Dr. Lee changed a dose", ("Dr", "dose")),
        ("Mental health update", ("Mental",)),
        ("therapy tomorrow", ("therapy",)),
        ("You have something to check", ()),
    ],
)
def test_the_screen_for_telling_words_bites(text, found):
    assert words.telling_words(text) == found


# Plain words -----------------------------------------------------------------
def test_notices_and_the_safety_line_are_for_everyone():
    bodies = [notice.body.split("Sign in:")[0] for notice in every_notice()]
    for text in [*bodies, words.safety_line()]:
        assert grade(text) <= 8
        assert longest_sentence(text) <= 20
