"""What people type by hand, and the topics that it gives away."""

import pytest

from consents.codes import LABELS
from patients.telling_names import item_tells, medicine_tells, words_tell


@pytest.mark.parametrize(
    ("words", "topics"),
    [
        ("alcoholism", ["substance_use"]),
        ("AUD", ["substance_use"]),
        ("cannabis use disorder", ["substance_use"]),
        ("on Suboxone since 2019", ["substance_use"]),
        ("HIV", ["hiv"]),
        ("pregnant, due in May", ["sexual_reproductive"]),
        ("STD", ["sexual_reproductive"]),
        ("postpartum depression", ["sexual_reproductive"]),
        ("abused as a child", ["violence"]),
        ("PTSD after sexual trauma", ["violence"]),
        ("substance abuse", ["substance_use"]),
        ("herpes zoster", []),
        ("audiology, studying", []),
        ("bipolar 2 disorder", []),
        ("migraine", []),
        ("asthma", []),
        ("", []),
    ],
)
def test_words_of_a_diagnosis_give_away_their_topics(words, topics):
    assert LABELS.names(words_tell(words)) == LABELS.names(LABELS.mask(*topics))


def test_each_kind_is_read_where_it_names_something():
    assert item_tells("hospital", {"where": "Mercy", "why": "detox"})
    assert item_tells("past-medicines", {"name": "naltrexone", "effect": "none"})
    assert not item_tells("past-medicines", {"name": "sertraline"})
    assert not item_tells("goals", {"what": "less alcohol"})
    assert not item_tells("conditions", {"name": None})
    assert medicine_tells("lamivudine") == LABELS["hiv"]
