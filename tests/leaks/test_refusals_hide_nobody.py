"""Whoever asks for very much in vain hides nobody else's request from the patient.

Found: only the newest 500 rows were read. Somebody with two accounts asked with the one
for each page a few times, and what the other had asked for before was in no list.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Value

from consents.access import open_for, refused
from consents.access.reading import Reading
from consents.models import AccessRefusal

pytestmark = pytest.mark.django_db


def _days_of_chidi(cast) -> int:
    """On how many days Chidi asked, by the patient's list; Hana asked 520 times."""
    rows = [("chidi", cast.at - timedelta(hours=30)), ("chidi", cast.at)]
    rows += [("hana", cast.at + timedelta(seconds=count)) for count in range(520)]
    AccessRefusal.objects.bulk_create(
        AccessRefusal(
            patient_id=cast.amina.pk,
            user=cast.user(who),
            at=at,
            entrance="patients:record",
            request_id="",
        )
        for who, at in rows
    )
    reading = Reading(user=cast.user("amina"), entrance="consents:log")
    found = refused.refusals(open_for(reading, cast.amina.pk, writes=False))
    assert [each.name for each in found].count("Hana Diallo") == 1
    return [each.name for each in found].count(cast.chidi.name)


@pytest.mark.security("T72")
def test_who_asks_in_vain_again_and_again_hides_no_other_who_did(cast):
    assert _days_of_chidi(cast) == 2


def test_the_test_of_that_fails_where_the_newest_rows_are_read(cast, monkeypatch):
    monkeypatch.setattr(refused, "_place", lambda zone, own: Value(1))
    assert _days_of_chidi(cast) == 0
