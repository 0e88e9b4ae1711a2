"""A vague sentence gets one question; an exact one gets none."""

from datetime import date

import pytest

from messaging.nudge import find_nudge, vague_word

EXACT = (
    "Since the last appointment, sleep has dropped to 4 hours nightly, anxiety is"
    " worse before work, and there were two days of missed medication due to nausea"
)


def test_the_pair_that_says_what_the_rule_is_for():
    assert find_nudge("I'm not doing well").trigger == "not doing well"
    assert find_nudge(EXACT) is None


@pytest.mark.parametrize(
    "word",
    [
        "better",
        "worse",
        "okay",
        "ok",
        "fine",
        "good",
        "bad",
        "stable",
        "same",
        "struggling",
        "sometimes",
        "often",
        "rarely",
        "some",
        "more",
        "less",
        "anxious",
        "depressed",
        "tired",
        "moody",
        "off",
    ]
    + ["a lot", "up and down", "not great", "doing well", "not doing well"],
)
def test_every_vague_english_word_is_noticed(word):
    assert vague_word(f"Her mood is {word}.") == word
    assert vague_word(word.capitalize()).lower() == word
    assert vague_word(f"Her mood is {word} since June.") == ""


@pytest.mark.parametrize(
    "word",
    [
        "mejor",
        "peor",
        "bien",
        "mal",
        "regular",
        "igual",
        "mucho",
        "poco",
        "estable",
        "cansado",
        "cansada",
        "ansioso",
        "ansiosa",
    ]
    + ["más o menos", "a veces"],
)
def test_every_vague_spanish_word_is_noticed(word):
    assert vague_word(f"Está {word}.") == word
    assert vague_word(f"Está {word} desde junio.") == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Anxiety is worse, 7 of 10",
        "Worse twice since May",
        "She is tired all day",
        "He was tired for weeks",
        "Two bad mornings",
        "Better than last night",
        "Está peor, dos veces",
        "Duerme mal tres noches",
        "Peor desde mayo",
    ],
)
def test_a_figure_a_time_or_since_makes_a_sentence_exact(sentence):
    assert find_nudge(sentence) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n ",
        "Started exposure work.",
        "The office offered therapy.",
        "Regular meals are in place.",
        "Goodwill, moreover, sameness.",
    ],
)
def test_words_that_only_look_vague_are_left_alone(text):
    assert find_nudge(text) is None


def test_no_one_is_not_a_number():
    assert vague_word("No one says it is better") == "better"


def test_the_vague_sentence_is_found_among_exact_ones():
    nudge = find_nudge("Slept 4 hours. Mood is off.\nMissed two doses.")
    assert nudge.sentence == "Mood is off."
    assert nudge.trigger == "off"


@pytest.mark.parametrize(
    ("text", "missing", "question"),
    [
        (
            "Anxiety is worse.",
            "frequency",
            "How often? For example 3 panic attacks a week.",
        ),
        (
            "Anxiety is worse. 3 panic attacks a week.",
            "severity",
            "How bad? 0 to 10, or what it stopped the person doing.",
        ),
        (
            "Anxiety is worse. 3 panic attacks a week. Fear 7 of 10.",
            "duration",
            "How long does it last, and since when?",
        ),
        (
            "Anxiety is worse. 3 panic attacks a week, each for 20 minutes. 7 of 10.",
            "change",
            "Compared with when? Last visit was Nov 5.",
        ),
    ],
)
def test_the_first_missing_part_is_asked_for(text, missing, question):
    nudge = find_nudge(text, last_visit_date=date(2026, 11, 5))
    assert (nudge.missing, nudge.question) == (missing, question)


def test_without_a_last_visit_none_is_named():
    text = "Worse. 3 panic attacks a week, each for 20 minutes. 7 of 10."
    assert find_nudge(text).question == "Compared with when?"


def test_a_text_that_says_everything_is_not_asked_anything():
    text = "Worse. 3 panic attacks a week, 20 minutes each, 7 of 10, was 1 in May."
    assert find_nudge(text) is None


def test_there_is_one_question_at_most():
    nudge = find_nudge("Worse. Tired. Moody.")
    assert nudge.sentence == "Worse."
