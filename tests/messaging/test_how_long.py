"""How long each thing of talking lasts: a second before its end, at it, and after it.

Each names its number: one that is read from the code would follow whatever it says.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from consents import actions as consents
from consents.access import Reading, open_for
from messaging import waiting
from messaging.access.updates import must_read_safety_notice
from messaging.actions import drafts
from tests.cast import permit

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def around(bar: datetime) -> tuple[datetime, datetime, datetime]:
    return bar - SECOND, bar, bar + SECOND


@pytest.mark.django_db
def test_the_safety_notice_is_read_again_after_ninety_days(cast):
    chidi = cast.user("chidi")
    drafts.note_safety_notice(by=chidi, at=cast.at)
    for at, again in zip(around(cast.at + 90 * DAY), (False, True, True), strict=True):
        reading = Reading(user=chidi, entrance="messaging:update_new")
        reading.at = at
        opened = open_for(reading, cast.amina.pk, writes=False)
        assert must_read_safety_notice(opened) == again


@pytest.mark.django_db
@pytest.mark.parametrize("days", [14, 2])
def test_an_end_is_told_from_so_many_days_before_it_until_it(cast, days):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    ends = cast.amina_to_bram.ends_at

    def told(at: datetime) -> bool:
        return waiting.consents_ending(at, days=days).exists()

    assert [told(at) for at in around(ends - days * DAY)] == [False, True, True]
    assert [told(at) for at in around(ends)] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [14, 2])
def test_what_was_signed_for_less_than_that_is_not_told(cast, days):
    for consent in (cast.amina_to_bram, cast.amina_to_jon):
        consents.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    for ends in around(cast.at + days * DAY):
        permit(cast.amina, cast.chidi, at=cast.at, ends_at=ends)
    told = waiting.consents_ending(cast.at + 2 * SECOND, days=days)
    found = sorted(told.values_list("ends_at", flat=True))
    assert found == [*around(cast.at + days * DAY)[1:]]
