"""D01 to N02 over everything that is rendered: no page and no file can be misread.

The world is full of text as people type it and as it comes from files, put past every
form: each output has to write it in its safe form by itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2
import pytest

from messaging.models import Update
from patients.models import (
    AllergyIntolerance,
    Condition,
    DecisionWanted,
    Goal,
    HospitalStay,
    MedicationRequest,
    MedicationStatement,
    MedicineTrial,
    Observation,
    SubstanceUse,
    Symptom,
    TimelineEvent,
    TreatmentTried,
)
from patients.safe_text import problems
from tests.safe_html import unsafe_text
from tests.sweeps import requests
from tests.sweeps.test_urls import ADDRESSES, LISTED
from tests.sweeps.urls import LINES
from tests.sweeps.world import World

# One of each row that has one safe form only: D01 to D06, A02, A04, A05, A07.
TYPED = "took 1.0 mg and .5mg, 2000 mg., 50 µg QOD, 10 mg qhs, 5 units SubQ"
SHORT = "5.0mg qhs"
ONE_LINE = ("name", "brand", "dose_reached", "amount", "often")
PLACES = {
    MedicationStatement: ("name", "brand", "reason", "other", "last_change_text"),
    MedicationRequest: ("name", "reason", "why", "expected", "watch_for"),
    MedicineTrial: ("name", "dose_reached", "effect", "why_stopped"),
    AllergyIntolerance: ("substance", "reaction"),
    SubstanceUse: ("amount", "often"),
    Condition: ("name",),
    Symptom: ("what", "since", "better", "worse"),
    Goal: ("what",),
    HospitalStay: ("why",),
    TreatmentTried: ("what", "effect"),
    DecisionWanted: ("what",),
    TimelineEvent: ("title", "detail"),
    Update: ("what_changed", "ask_detail", "if_then"),
    Observation: ("note",),
}
SPOKEN = [
    name
    for name in LISTED
    if LINES[name].readers and LINES[name].status(LINES[name].readers[0]) == 200
]


@pytest.fixture
def typed_in(world: World) -> World:
    """The world with text that nobody may print in every place for free text."""
    for model, fields in PLACES.items():
        columns = {field.name: field for field in model._meta.get_fields()}
        text = {name: TYPED for name in fields if name in columns}
        text |= {name: SHORT for name in ONE_LINE if name in fields}
        model.objects.update(**text)
    return world


def rendered(world: World, name: str) -> Iterator[tuple[str, object]]:
    """What the first and the last reader of an address are shown."""
    line = LINES[name]
    path = requests.path(world, ADDRESSES[name], line)
    for who in dict.fromkeys((line.readers[0], line.readers[-1])):
        yield who, world.client(who).get(path)


def findings(response) -> list[str]:
    kind = response["Content-Type"]
    if kind.startswith("text/html"):
        found = unsafe_text(response.content.decode())
    elif kind.startswith("application/pdf"):
        document = pypdfium2.PdfDocument(io.BytesIO(response.content))
        pages = [page.get_textpage().get_text_range() for page in document]
        # A line of paper may end anywhere; the words count, not where it breaks.
        found = problems(" ".join(" ".join(pages).split()))
    else:
        found = problems(response.content.decode(errors="ignore"))
    return [f"{one.id} {one.match!r}" for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOKEN)
def test_nothing_that_is_rendered_can_be_misread(typed_in: World, name: str):
    found = {who: findings(page) for who, page in rendered(typed_in, name)}
    assert {who: said for who, said in found.items() if said} == {}


def test_the_text_of_this_sweep_is_unsafe_in_every_row_that_is_always_put_right():
    rows = {one.id for one in problems(f"{TYPED} and lithium450 mg, {SHORT}")}
    assert {"D01", "D02", "D03", "D05", "D06", "A02", "A04", "A05", "A07"} <= rows
