"""docs/security-tests.md is true, and each case has a test or says why it has none."""

import dataclasses

import pytest

from tests import capabilities, security


def test_the_page_is_what_cases_and_marks_say_now():
    says = "docs/security-tests.md is stale: run `make docs`."
    assert security.PAGE.read_text() == security.page(), says


def test_every_case_is_there_once_and_in_order():
    assert list(security.cases()) == security.TESTS + security.LEAKS
    assert set(security.cases()) >= security.NOW


def test_every_case_has_a_test_or_a_reason():
    assert security.faults() == []


MARKED = """
import pytest

@pytest.mark.security("T06", "L01")
def test_something():
    pass

@pytest.mark.security("T99")
def test_another():
    pass
"""


@pytest.fixture
def marked(monkeypatch):
    """One file of tests, and three cases."""
    tree = capabilities._tree(MARKED)
    found = tuple(capabilities.marks_in("security", "tests/test_a.py", tree))
    few = {number: security.Case(number, "x") for number in ("T06", "T07", "L01")}
    monkeypatch.setattr(security, "proofs", lambda: found)
    monkeypatch.setattr(security, "cases", lambda: few)
    return few


def test_a_case_without_test_and_a_mark_of_no_case_are_found(marked):
    assert security.faults() == [
        "tests/test_a.py: test_another names T99, which is no case.",
        "T07 has neither a test nor a reason.",
    ]
    assert security.page().count("[test_something](../tests/test_a.py) |") == 2


def test_a_reason_beside_a_test_and_a_later_that_is_due_are_found(marked):
    marked["T06"] = dataclasses.replace(marked["T06"], absent="There is none.")
    marked["T07"] = dataclasses.replace(marked["T07"], later="Not yet.")
    assert security.faults()[1:] == [
        "T06 has a test and a reason to have none.",
        "T07 has to be proved now.",
    ]
