"""Names wholly in letters that look like others: said, never refused (T51, T52)."""

import unicodedata

import pytest

from carecoord.fields import clear_name
from carecoord.lookalikes import LOOKS_LIKE, PAIRS, looks_like, skeleton

# Each passes as a name: no word of it mixes alphabets.
TWINS = {
    "Cyrillic": ("Dr. Sara Poe", "Dr. Ѕага Рое"),
    "all words": ("Eva Hope", "Еѵа Норе"),
    "Greek": ("TINA KOMI", "ΤΙΝΑ ΚΟΜΙ"),
    "capitals": ("Tom Moss", "ТОМ МОЅЅ"),
    "one word of two, without the title": ("Dr. Eva Roy", "Еѵа Roy"),
    "Lisu": ("LISA FROST", "ꓡꓲꓢꓮ ꓝꓣꓳꓢꓔ"),
    "an l for an I": ("Al Ives", "AI lves"),
    "a one for an l": ("Al Ives", "A1 Ives"),
    "a dotless i": ("Aidin Kaya", "Aıdın Kaya"),
    "r and n for m": ("Amy Lamb", "Arny Larnb"),
}
DIFFERENT = (
    ("Анна Иванова", "Anna Ivanova"),
    ("Αθηνά Παπά", "Athina Papa"),
    ("José Ortiz", "Jose Ortiz"),
    ("Dr. Pat Lee", "pat lee"),
    ("Nguyễn Ánh", "Nguyen Anh"),
    ("Dr. Bram Visser", "Dr. Jon Ortiz"),
    ("", "Dr."),
)


@pytest.mark.security("T51", "T52")
@pytest.mark.parametrize("name", TWINS)
def test_a_name_that_can_be_taken_for_another_is_found(name):
    one, other = TWINS[name]
    for each in (one, other):
        clear_name(each)
    assert looks_like(other, ["Dr. Jon Ortiz", one]) == one
    assert looks_like(one, [other]) == other


@pytest.mark.security("T52")
@pytest.mark.parametrize("pair", DIFFERENT)
def test_other_names_and_the_same_name_are_no_lookalikes(pair):
    one, other = pair
    assert looks_like(one, [other]) == looks_like(other, [one]) == ""
    assert looks_like(one, [one]) == ""


def test_each_pair_is_one_letter_and_one_of_ours():
    pairs = PAIRS.split()
    assert len(LOOKS_LIKE) == len(pairs) >= 160
    for strange, ours in pairs:
        assert ours.isascii() and ours.isalpha()
        assert strange != ours
        # What is composed of others would not be met after NFC.
        assert unicodedata.normalize("NFC", strange) == strange
    assert skeleton("Dr.  Ѕага   РОЕ") == "sara poe"
