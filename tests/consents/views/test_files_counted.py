"""How often something was downloaded: one file is one, whatever it was read for."""

import pytest

from consents.access import Reading, open_for, seen_before
from consents.models import Disclosure
from patients.models import Condition
from tests.consents.test_decisions import condition

pytestmark = pytest.mark.usefixtures("demo")


def downloads(cast, request_id: str) -> tuple[Reading, list[Disclosure]]:
    """One file for Dr. Bram Visser; the same request has a row for two purposes."""
    reading = Reading(
        user=cast.user("bram"), entrance="consents:ask", request_id=request_id
    )
    opened = open_for(reading, cast.amina.pk, writes=False)
    rows = opened.items(Condition.objects.all())
    reading._shown.clear()
    written = []
    for _purpose in range(2):
        opened.show(rows, channel="pdf")
        written += reading.write_disclosures()
    return reading, written


def counted(cast) -> int:
    opened = open_for(
        Reading(user=cast.user("amina"), entrance="consents:sharing"),
        cast.amina.pk,
        writes=False,
    )
    return seen_before.already_seen(opened, cast.bram).downloads


def test_one_file_with_two_rows_is_one_download(amina, cast):
    condition(cast)
    _reading, rows = downloads(cast, "one")
    downloads(cast, "two")
    assert len(rows) > 1
    assert counted(cast) == 2
    assert amina.get("log").context["page"].looks[0].downloaded == (
        "downloaded 2 times"
    )


def test_a_file_that_was_not_handed_over_is_none(amina, cast):
    condition(cast)
    reading, rows = downloads(cast, "one")
    reading.not_delivered(rows)
    assert counted(cast) == 0
