"""The scorer can tell hard from easy, and the crisis page is easy."""

import html
import re

import pytest

from tests.readability import grade, longest_sentence, sentences, syllables

RELEASE = (
    "The undersigned hereby authorizes the disclosure of individually identifiable "
    "health information, including but not limited to psychiatric evaluations, to the "
    "aforementioned recipient for purposes of treatment, payment and health care "
    "operations, notwithstanding any limitation otherwise applicable."
)


@pytest.mark.parametrize(
    ("word", "count"),
    [("stop", 1), ("sharing", 2), ("over", 2), ("medicine", 3), ("information", 4)],
)
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_a_release_form_scores_far_above_plain_words():
    assert grade(RELEASE) > 18
    assert grade("You can stop at any time. You need no reason.") < 4


def test_a_line_break_ends_a_sentence():
    assert len(sentences("One line\nAnother line")) == 2
    assert longest_sentence("Two words. Now there are five words.") == 5


def test_a_text_without_words_has_no_grade():
    with pytest.raises(ValueError, match="no grade"):
        grade("12 34")


def spoken(page):
    """What a page says between <main> and </main>, one block to a line."""
    main = re.sub(r"<svg.*?</svg>", "", page.split("<main")[1].split("</main>")[0])
    lines = re.sub(r"</(p|li|h[1-6]|a|dt|dd|div)>", ".\n", main)
    return html.unescape(re.sub(r"<[^>]+>", "", "<" + lines))


def test_the_crisis_page_is_for_everyone(client):
    text = spoken(client.get("/crisis/").content.decode())
    assert "988" in text
    assert grade(text) <= 6
    assert longest_sentence(text) <= 20
