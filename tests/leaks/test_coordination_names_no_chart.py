"""What the permission form says of coordination, "It opens no chart", holds for news.

A clinician with coordination alone gets updates from elsewhere. That something changed
in the chart is told to none of them, by no notice, no line of the worklist and no
mail, whoever made the change; and to everyone whose permission opens the chart.
"""

from datetime import timedelta

import pytest

from consents import actions as consents
from consents.codes import PURPOSES
from messaging import access, routing
from messaging.access import notices, worklist
from messaging.models import Notice
from tests.cast import permit
from tests.messaging.delivering import change, letters, sweep
from tests.messaging.writing import send, signed_in, words

__all__ = ["letters"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo", "letters"),
]
PAGES = ("/notices/", "/worklist/")


def bram_may(cast, *purposes: str) -> None:
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)
    mask = PURPOSES.mask(*purposes)
    permit(cast.amina, cast.bram, at=cast.at, purposes=mask)


def told_of_a_change(cast) -> list[str]:
    """What Bram reads once Chidi, of another practice, changed a dose."""
    change(cast.amina, at=cast.at, by=cast.user("chidi"), author=cast.chidi)
    sweep(cast.at + timedelta(minutes=11))
    bram = signed_in(cast, "bram")
    return [words(bram.get(page)).lower() for page in PAGES]


@pytest.mark.security("T16")
def test_coordination_alone_is_told_of_no_change_in_the_chart(cast, letters):
    bram_may(cast, "COC")
    for said in told_of_a_change(cast):
        assert "quetiapine" not in said and "amina" not in said
    assert not Notice.objects.filter(user=cast.user("bram")).exists()
    assert cast.user("bram").email not in {to for mail in letters for to in mail.to}


@pytest.mark.parametrize("purposes", [("TREAT",), ("TREAT", "COC")])
def test_who_may_open_the_chart_is_told_whoever_changed_it(cast, letters, purposes):
    bram_may(cast, *purposes)
    assert all("quetiapine" in said for said in told_of_a_change(cast))
    assert cast.user("bram").email in {to for mail in letters for to in mail.to}


def test_an_update_from_elsewhere_still_comes_for_coordination_alone(cast):
    bram_may(cast, "COC")
    send(cast, "chidi", "bram")
    sweep(cast.at + timedelta(minutes=11))
    bram = signed_in(cast, "bram")
    for page in PAGES:
        assert "Amina" in words(bram.get(page))


@pytest.mark.security("T16")
def test_a_notice_told_before_is_read_by_the_same_rule(cast):
    change(cast.amina, at=cast.at, by=cast.user("chidi"), author=cast.chidi)
    sweep(cast.at + timedelta(minutes=11))
    bram_may(cast, "COC")
    bram = signed_in(cast, "bram")
    for page in PAGES:
        assert "Amina" not in words(bram.get(page))


@pytest.mark.security("T16")
def test_news_read_for_the_purpose_of_its_author_is_found(cast, monkeypatch):
    """The twin: what it was before, the purpose of whoever made the change."""
    monkeypatch.setattr(
        routing.access,
        "purpose_of_event",
        lambda user_id, event: access.purpose_between(user_id, event.author_id),
    )
    monkeypatch.setattr(notices, "event_readers", access.readers)
    monkeypatch.setattr(worklist.access, "event_readers", access.readers)
    bram_may(cast, "COC")
    assert all("quetiapine" in said for said in told_of_a_change(cast))
