"""Who looked, for somebody who looks at their own record every day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consents import log
from consents.access import look_rows, who_looked
from consents.codes import CATEGORIES
from consents.models import Disclosure
from tests.consents.test_log import entry
from tests.consents.views.pages import text_of

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.capability("S54")]
WORDS = "You looked more often than is shown here."


@pytest.fixture
def often(cast, monkeypatch):
    """Bram looked once; since then Amina looked at her own record five times."""
    monkeypatch.setattr(who_looked, "PAGE", 3)
    own = {"user_id": cast.user("amina").pk, "recipient_id": None, "basis": "self"}
    rows = [entry(cast, cast.amina, 0)]
    rows += [
        replace(entry(cast, cast.amina, number), relation="self", **own)
        for number in range(1, 6)
    ]
    log.write(rows)


def test_ones_own_looks_push_nobody_out_of_sight(amina, cast, often):
    html = text_of(amina.get("log"))
    assert cast.bram.name in html and "Show earlier" not in html
    assert WORDS in html and "?show=mine" in html
    mine = text_of(amina.get("log", show="mine"))
    assert WORDS not in mine and "Show earlier" in mine


def test_every_row_of_others_stands_on_one_page_and_own_ones_in_between(cast, often):
    """Each row once, in order; no page takes what lies before its last row."""
    log.write([entry(cast, cast.amina, number) for number in range(6, 12)])
    rows = Disclosure.objects.filter(patient_id=cast.amina.pk)
    own = cast.user("amina").pk
    seen, before = [], None
    while before or not seen:
        part = rows
        if before:
            part = rows.filter(seq__lt=rows.get(pk=before).seq)
        found = look_rows.of_page(part, apart=own, size=3)
        numbers = [row.seq for row in found.rows]
        assert numbers == sorted(numbers, reverse=True)
        seen, before = seen + numbers, found.next_before
    others = rows.exclude(user_id=own).values_list("seq", flat=True)
    assert len(seen) == len(set(seen)) and set(others) <= set(seen)


def test_few_own_looks_all_stand_there(amina, cast):
    own = replace(entry(cast, cast.amina, 1), relation="self", basis="self")
    log.write([replace(own, user_id=cast.user("amina").pk, recipient_id=None)])
    html = text_of(amina.get("log"))
    assert WORDS not in html and "You" in html


def test_own_words_read_after_a_stop_are_not_said_to_be_allowed(amina, cast):
    """A page of own words alone once stood under the permission of that morning."""
    both = entry(cast, cast.amina, 1)
    own = replace(both, basis="own_text", categories=CATEGORIES["updates"])
    log.write(
        [
            replace(both, request_id="one", consents=[str(cast.amina_to_bram.pk)]),
            replace(own, request_id="one"),
            replace(own, request_id="two", at=own.at + timedelta(minutes=5)),
        ]
    )
    again, looked = text_of(amina.get("log")).split(f"<h2>{cast.bram.name}")[1:]
    assert "Read again what they wrote themselves: Updates." in again
    assert "Allowed by:" not in again and "Looked at" not in again
    assert "Looked at: Diagnoses, Updates." in looked and "Allowed by:" in looked
