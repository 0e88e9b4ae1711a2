"""The master list on one page, on screen and as a file (S13); and what pages cost."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import pypdfium2
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from carecoord import pdf
from consents.codes import CATEGORIES
from consents.models import Disclosure
from patients.models import Condition
from tests.patients import medicines_world as world
from tests.patients.views.test_medicines import text_of
from tests.safe_html import assert_safe_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def full(cast):
    """Something in each of the five parts."""
    world.add(cast, "quetiapine", prescriber=cast.bram)
    world.add(cast, "paliperidone", world.MONTHLY)
    world.add_allergy(cast, reaction="hives")
    Condition.objects.create(
        patient=cast.amina,
        name="panic disorder",
        categories=CATEGORIES["conditions"],
        lineage=cast.amina.pk,
        occurred_at=cast.at,
        recorded_at=cast.at,
        recorded_by=cast.user("amina"),
    )
    return cast


PARTS = (
    "sulfa antibiotics: hives",
    "quetiapine",
    "156 mg (1 injection), every 4 weeks. Last Nov 3, 2026, next due Dec 1, 2026.",
    "panic disorder",
    "Dr. Bram Visser, Psychiatrist",
    "Changed in the last 90 days",
)


def file_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\xa0", " ").split())


@pytest.mark.capability("S13")
def test_the_page_and_the_file_have_all_five_parts(full):
    amina = world.signed_in(full, "amina")
    text = text_of(amina.get(world.page(full, "list/")))
    response = amina.get(world.page(full, "list.pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert re.search(
        r'"medicine-list-\d{4}-\d\d-\d\d\.pdf"', response.headers["Content-Disposition"]
    )
    paper = file_text(response.content)
    assert_safe_text(paper)
    for part in PARTS:
        assert part in text
        assert part in paper


def test_a_substance_stands_close_before_its_semicolon():
    wine = SimpleNamespace(called="Wine", amount="1 glass", often="")
    line = render_to_string("patients/_substance_line.html", {"row": wine})
    assert line == "<strong>Wine</strong>: 1 glass"


def test_a_readers_file_is_theirs_and_is_logged(full):
    world.add_hidden(full)
    bram = world.signed_in(full, "bram")
    paper = file_text(bram.get(world.page(full, "list.pdf")).content)
    assert "Medicines shared with Dr. Bram Visser (2)." in paper
    assert "QUEtiapine" in paper and "disulfiram" not in paper
    row = Disclosure.objects.filter(channel="pdf").latest("at")
    assert (row.user, row.outcome) == (full.user("bram"), "shown")


def test_a_file_that_could_not_be_made_is_logged_as_not_delivered(full, monkeypatch):
    def fail(*_args, **_kwargs):
        raise pdf.RenderError

    monkeypatch.setattr(pdf, "lay_out", fail)
    response = world.signed_in(full, "bram").get(world.page(full, "list.pdf"))
    assert response.status_code == 302
    assert Disclosure.objects.filter(outcome="not_delivered").exists()


@pytest.mark.parametrize("who", ["amina", "bram"])
@pytest.mark.parametrize("place", ["medicines/", "list/"])
def test_thirty_medicines_cost_the_queries_of_one(cast, who, place):
    world.add(cast, "medicine 0", prescriber=cast.bram)
    client = world.signed_in(cast, who)
    client.get(world.page(cast, place))
    one = cost_of(client, world.page(cast, place))
    for number in range(1, 30):
        world.add(cast, f"medicine {number}", prescriber=cast.bram)
    thirty = cost_of(client, world.page(cast, place))
    assert one == thirty
    assert one < 60


def cost_of(client, place: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(place).status_code == 200
    return len(queries)
