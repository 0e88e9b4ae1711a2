"""A long list is printed with few large layouts: each of them has PRINT_SECONDS.

Found: on a busy machine a sheet of a hundred medicines passed them in one of its ten
layouts of it all.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from carecoord import pdf
from patients.one_page import fit, fitting
from patients.one_page.sheet import Sheet, Summary
from tests.patients.summaries import MEDICINES, summary_of

pytestmark = pytest.mark.slow


def summary(count: int, kinds: int = len(MEDICINES)) -> Summary:
    """So many medicines, of the first so many kinds."""
    rows = itertools.islice(itertools.cycle(MEDICINES[:kinds]), count)
    named = tuple(replace(row, id=f"m-{place}") for place, row in enumerate(rows))
    return replace(summary_of(25), medicines=named)


@pytest.fixture
def drawn(monkeypatch) -> list[int]:
    """How many medicines each layout drew."""
    found: list[int] = []
    laid_out = fitting._laid_out

    def counted(sheet: Sheet, paper: str, points: float) -> pdf.Pages:
        found.append(len(sheet.rows) + len(sheet.moved))
        return laid_out(sheet, paper, points)

    monkeypatch.setattr(fitting, "_laid_out", counted)
    return found


@pytest.mark.parametrize(("count", "kinds"), [(60, len(MEDICINES)), (100, 1)])
def test_all_of_a_long_list_is_laid_out_once(drawn, count, kinds):
    assert fit(summary(count, kinds)).level == "continued"
    assert sum(rows > fitting.A_PAGEFUL + 1 for rows in drawn) == 1


def test_it_is_the_paper_that_laying_all_of_it_out_gives(monkeypatch):
    """By the bytes: only what is measured on the way is a part of the list."""
    count = 45
    fitted = fit(summary(count))
    monkeypatch.setattr(fitting, "A_PAGEFUL", count)
    assert fit(summary(count)) == fitted
