"""Lines that every reader sees follow the scope of the consent, never the data."""

import itertools
from datetime import date

import pytest

from consents import codes, lines, scopes
from consents.lines import Extent

ALL = codes.CATEGORIES.all
ALLERGIES = codes.CATEGORIES["allergies"]


@pytest.mark.parametrize(
    ("shared", "whole", "expected"),
    [
        (ALL, ALL, Extent.WHOLE),
        (ALLERGIES, ALLERGIES, Extent.WHOLE),
        (ALL, ALL & ~ALLERGIES, Extent.PART),
        (ALL & ~ALLERGIES, ALL & ~ALLERGIES, Extent.NONE),
        # A whole that is not shared at all is a contradiction: nothing is said.
        (0, ALLERGIES, Extent.NONE),
        (0, 0, Extent.NONE),
    ],
)
def test_the_extent_follows_the_scope_of_the_consent(shared, whole, expected):
    assert lines.extent(scopes.Scope(shared, whole), "allergies") is expected


def test_medicines_are_headed_as_shared_and_never_as_complete():
    assert lines.medicines_heading(reader_name="Dr. Lee", count=7) == (
        "Medicines shared with Dr. Lee (7). Before prescribing, ask what else is taken."
    )


def test_the_heading_is_the_same_for_a_whole_and_a_partial_scope():
    headings = {
        lines.medicines_heading(reader_name="Dr. Lee", count=0, covered=covered)
        for covered in (Extent.WHOLE, Extent.PART)
    }
    assert len(headings) == 1
    assert lines.medicines_heading(
        reader_name="Dr. Lee", count=0, covered=Extent.NONE
    ) == ("Medicines: not part of what is shared here. Ask.")


def test_a_heading_with_a_percent_sign_in_a_name_is_safe():
    assert "100%s" in lines.medicines_heading(reader_name="100%s", count=1)


def allergies(covered, *, stated, count):
    return lines.allergies_line(
        covered=covered, is_stated=stated, count=count, reader_name="Dr. Lee"
    )


def test_no_known_allergies_is_said_in_one_case_only():
    said = [
        (covered, stated, count)
        for covered, stated, count in itertools.product(
            Extent, (True, False), (0, 1, 2)
        )
        if "No known" in allergies(covered, stated=stated, count=count)
    ]
    assert said == [(Extent.WHOLE, True, 0)]


def test_where_allergies_are_out_of_scope_the_line_does_not_depend_on_data():
    texts = {
        allergies(Extent.NONE, stated=stated, count=count)
        for stated, count in itertools.product((True, False), (0, 1, 9))
    }
    assert texts == {"Allergies: not part of what is shared here. Ask."}


def test_an_empty_list_in_partial_scope_says_to_ask_even_if_none_is_stated():
    for stated in (True, False):
        assert allergies(Extent.PART, stated=stated, count=0) == (
            "Allergies: none on the list shared with you. Ask."
        )


def test_a_list_with_rows_still_says_to_ask():
    assert allergies(Extent.WHOLE, stated=False, count=2) == (
        "Allergies shared with Dr. Lee (2). Ask about others."
    )


def test_the_patient_reads_the_plain_truth():
    assert lines.own_allergies_line(is_stated=True, count=0) == "No known allergies."
    assert lines.own_allergies_line(is_stated=False, count=0) == (
        "Allergies not recorded."
    )
    assert lines.own_allergies_line(is_stated=False, count=2) == "Known allergies (2)"


def test_the_exported_code_follows_the_same_rule_and_never_says_withheld():
    answers = {
        (covered, stated): lines.empty_reason(covered=covered, is_stated=stated)
        for covered, stated in itertools.product(Extent, (True, False))
    }
    nil = [key for key, code in answers.items() if code == "nilknown"]
    assert nil == [(Extent.WHOLE, True)]
    assert set(answers.values()) == {"nilknown", "unavailable"}


def test_a_held_update_cannot_be_taken_for_sent():
    held = lines.not_sent(recipient_name="Dr. Lee", phone="555-0100")
    assert held.headline == "NOT SENT. Dr. Lee has not been told."
    assert held.call == "Call now: 555-0100."
    assert held.plain == (
        "NOT SENT. Dr. Lee has not been told. Call now: 555-0100. "
        "This service only shares what the patient allowed. "
        "It does not decide what the law lets you say by phone for treatment "
        "or to prevent harm."
    )


def test_a_held_update_without_a_number_still_says_to_call():
    held = lines.not_sent(recipient_name="Dr. Lee")
    assert held.call.startswith("Call now.")
    assert "look it up" in held.call


def test_constant_lines_are_word_for_word():
    assert lines.choice() == (
        "The patient chooses what is shared. This may not be everything."
    )
    assert lines.nothing_shared() == "Nothing is shared with you now."
    assert lines.not_part("Goals") == "Goals: not part of what is shared here. Ask."


def test_the_missing_page_says_nothing_about_permission():
    page = f"{lines.not_found().heading} {lines.not_found().text}".lower()
    for word in ("permission", "allowed", "shared", "patient", "exist", "ended"):
        assert word not in page


def test_the_printed_footer_names_the_day_of_the_permission():
    assert lines.printed_footer(signed=date(2026, 9, 1)) == (
        "Shared for treatment with the patient's permission of September 1, 2026. "
        "Please ask before sending it further."
    )
