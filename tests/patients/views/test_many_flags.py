"""A list on which much stands many times is a page that ends all the same."""

from __future__ import annotations

import pytest

from patients import chart_page
from patients.views.medicines import lists
from tests.patients import medicines_world as world
from tests.patients.flags_world import html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_a_page_draws_the_most_serious_and_counts_the_others(cast, monkeypatch):
    """Found: a list with 500 lines of five medicines was a page of 28 megabytes."""
    for name in ("ibuprofen", "ibuprofen", "ibuprofen", "lithium"):
        world.add(cast, name)
    for module in (lists, chart_page):
        monkeypatch.setattr(module, "MOST_DRAWN", 3)
    for place in ("medicines/", ""):
        said = " ".join(html(cast, "bram", place).split())
        assert "less serious ones are left out here" in said
        assert said.count("What the patient reads:") == 3
        # Only the patient takes a line off.
        assert "Take off the list first" not in said
    assert "Take off the list first what stands" in html(cast, "amina", "medicines/")
