"""docs/capabilities.md is true: its rows, its screens and its tests."""

import pytest

from tests import capabilities


def test_the_page_is_what_rows_and_marks_say_now():
    says = "docs/capabilities.md is stale: run `make docs`."
    assert capabilities.PAGE.read_text() == capabilities.page(capabilities.routes()), (
        says
    )


def test_every_mark_names_a_row():
    assert capabilities.unknown() == []


def test_the_rows_are_all_there_once_and_in_order():
    numbers = [f"S{n}" for n in range(1, 76)] + [f"X{n}" for n in range(1, 5)]
    assert list(capabilities.rows()) == numbers
    assert {row.area for row in capabilities.rows().values()} == set(capabilities.AREAS)


def test_every_screen_is_an_address():
    known = capabilities.routes()
    missing = [
        (row.number, name)
        for row in capabilities.rows().values()
        for name in row.screens
        if name not in known
    ]
    assert missing == []


MARKED = """
import pytest

pytestmark = pytest.mark.capability("S1")

@pytest.mark.capability("S2")
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.capability("S99"))])
def test_something(x):
    pass

class TestMore:
    @pytest.mark.capability("S3")
    def test_it(self):
        pass
"""


@pytest.fixture
def marked(monkeypatch):
    found = tuple(capabilities.proofs_in("tests/test_a.py", MARKED))
    monkeypatch.setattr(capabilities, "proofs", lambda: found)
    return found


def test_marks_are_found_wherever_they_stand(marked):
    assert {(proof.number, proof.test) for proof in marked} == {
        ("S1", "test_a"),
        ("S2", "test_something"),
        ("S99", "test_something"),
        ("S3", "TestMore"),
    }


def test_a_mark_of_no_row_and_a_stale_page_are_found(marked):
    assert capabilities.unknown() == [
        "tests/test_a.py: test_something names S99, which is no row."
    ]
    text = capabilities.page(capabilities.routes())
    assert text != capabilities.PAGE.read_text()
    assert "3 of 79 rows" in text
    assert "[test_something](../tests/test_a.py) |\n" in text
    assert text.count("| not yet |") == 76
