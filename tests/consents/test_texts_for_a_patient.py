"""A permission that somebody signs for the patient names both, and says "I" of one."""

import re
from dataclasses import replace
from datetime import date

import pytest

from consents import codes, texts
from tests.consents.test_texts import EVERY_LABEL, TERMS, Operator, section
from tests.readability import grade, longest_sentence

SIGNER = texts.Representative("Ana Reyes", "health-care agent")
FOR_JORDAN = replace(TERMS, patient_name="Jordan Reyes", representative=SIGNER)
EVERYTHING = {
    "category_names": tuple(texts.category_words()),
    "label_names": EVERY_LABEL,
    "purposes": tuple(texts.purpose_words()),
}
SHAPES = (
    {},
    EVERYTHING,
    {"label_names": ()},
    {"discloser_names": ("Sam Ito",), "ends_event": "she moves"},
    {"redisclosure": "unprotected", "openings": 3},
    {"recipient_is_organization": True},
)


def plain(**changes) -> str:
    return texts.render_terms(replace(FOR_JORDAN, **changes)).plain


def test_it_names_both_and_by_what_right():
    """45 CFR 164.508(c)(1)(vi): and the authority to act."""
    first = section(texts.render_terms(FOR_JORDAN), "Whose information this is")
    assert "I, Ana Reyes, sign for Jordan Reyes, as health-care agent." in first
    assert "“I” is Ana Reyes, and “the patient” is Jordan Reyes." in first
    last = section(texts.render_terms(FOR_JORDAN), "My signature")
    assert "Signed by Ana Reyes for Jordan Reyes." in last


# Who signs says "I" of what they decide, and never of the patient's life.
LIFE = re.compile(
    r"my (care team|crisis plan|folder|birth|treatment|substance|own separate)"
    r"|I (take|took|react|use\b|have been|work|tried|lived|marked|talk)|[Tt]reat me"
    r"|against me|support me|what we talk"
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_nothing_of_the_patients_life_is_said_to_be_the_signers(shape):
    said = plain(**shape)
    assert not LIFE.search(said), LIFE.search(said)
    assert grade(said) <= 6 and longest_sentence(said) <= 20


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_it_has_every_element_and_the_same_headings_as_the_patients_own(shape):
    text = texts.render_terms(replace(FOR_JORDAN, **shape))
    own = texts.render_terms(replace(FOR_JORDAN, representative=None, **shape))
    assert texts.elements(text) == set(texts.REQUIRED_ELEMENTS)
    assert [part.heading for part in text.sections] == [
        part.heading for part in own.sections
    ]
    assert LIFE.search(own.plain), "what the patient signs is the patient's own"


def test_each_kind_and_topic_is_named_once_and_the_rest_is_not_shared():
    said = plain(label_names=("violence",))
    assert "I say yes to: violence or abuse that the patient lived through." in said
    assert said.count("Not shared: ") == len(EVERY_LABEL) - 1
    assert "Medicines: what the patient takes" in said and "Goals" not in said
    with pytest.raises(texts.WordingError):
        plain(category_names=("everything",))


def test_what_was_signed_under_the_first_wording_keeps_its_words():
    old = texts.render_terms(FOR_JORDAN, version="en-2026-11").plain
    assert "Medicines: what I take" in old and "I, Ana Reyes" not in old
    rows = {
        version: dict(
            texts.receipt_lines(
                FOR_JORDAN,
                receipt_id="7",
                signed="today",
                method="password",
                signed_by="Ana Reyes",
                jurisdiction="United States",
                policy_address="/",
                version=version,
            )
        )
        for version in texts.VERSIONS
    }
    assert "what I take" in rows["en-2026-11"]["What"]
    assert "what the patient takes" in rows[texts.CURRENT]["What"]
    assert {**rows[texts.CURRENT], "What": "", "Why": "", "Wording": ""} == {
        **rows["en-2026-11"],
        **{"What": "", "Why": "", "Wording": ""},
    }


@pytest.mark.security("T88")
def test_what_travels_with_the_record_says_who_signed_for_whom():
    terms = {
        "category_names": ("medications",),
        "ends": date(2027, 3, 1),
        "signed_by": SIGNER,
    }
    scope = texts.part2_scope(
        signed=date(2026, 11, 22),
        recipient_name="Dr. Lee",
        purposes=("TREAT",),
        **terms,
    ).plain
    assert "Ana Reyes signed for the patient, as health-care agent" in scope
    assert "what the patient takes" in scope and "To treat the patient." in scope
    page = texts.coordination(
        patient_name="Jordan Reyes",
        clinician_name="Dr. Lee",
        team=("anyone on the care team",),
        label_names=(),
        starts=date(2026, 11, 22),
        permission_id="7",
        ends_sooner=True,
        **terms,
    ).plain
    assert "Ana Reyes, for Jordan Reyes, allows sharing with Dr. Lee here." in page
    assert "something happens that Ana Reyes named" in page
    assert not LIFE.search(page) and "the patient's words" not in page


def test_it_knows_every_code_that_a_consent_can_hold():
    said = plain(**EVERYTHING)
    assert said.count("I say yes to: ") == len(codes.LABELS.by_name)
    assert Operator().contact in said
