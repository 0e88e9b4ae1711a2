"""A correction that waits for whom its version before was passed on to.

They go on by what was wrong, so its author reads NOT SENT wherever an own update that
waits is shown: chart, list of updates, worklist. To whom it was passed on is a receipt,
so an author whom no permission covers reads nothing of it.
"""

import pytest

from consents import actions as consents
from messaging.access import not_sent
from tests.cast import permit
from tests.messaging.writing import send, signed_in, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def places(cast) -> list[str]:
    return [
        f"/patients/{cast.amina.pk}/",
        f"/patients/{cast.amina.pk}/updates/",
        "/worklist/",
    ]


def said_to_chidi(cast) -> list[bool]:
    chidi = signed_in(cast, "chidi")
    return ["NOT SENT" in words(chidi.get(place)) for place in places(cast)]


@pytest.fixture
def corrected(cast):
    """Jon had it from Bram; he may see no more when Chidi corrects it."""
    first = send(cast, "chidi", "bram")
    take(cast, first, "bram", "not_mine", to=cast.jon)
    consents.revoke(consent=cast.amina_to_jon, by=cast.user("amina"), at=cast.at)
    second = send(cast, "chidi", "bram", corrects=first)
    assert second.recipients.get(party=cast.jon).status == "held"
    return second


def test_its_author_reads_it_wherever_what_waits_is_shown(cast, corrected):
    permit(cast.amina, cast.chidi, at=cast.at)
    assert said_to_chidi(cast) == [True] * 3
    worklist = words(signed_in(cast, "chidi").get("/worklist/"))
    assert "Dr. Jon Ortiz has not been told" in worklist


@pytest.mark.security("T26")
def test_an_author_whom_no_permission_covers_reads_nothing_of_it(cast, corrected):
    assert said_to_chidi(cast) == [False] * 3


def test_what_somebody_could_not_pass_on_is_theirs_to_tell(cast):
    """Bram has it still, and read that Dana was not told."""
    permit(cast.amina, cast.chidi, at=cast.at)
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "not_mine", to=cast.dana)
    assert update.recipients.get(party=cast.dana).status == "held"
    assert said_to_chidi(cast) == [False] * 3


@pytest.mark.security("T26")
def test_a_place_that_asks_for_no_receipt_is_found(cast, corrected, monkeypatch):
    everything = {row.pk for row in corrected.recipients.all()}
    monkeypatch.setattr(not_sent, "with_receipts", lambda *rows, **asked: everything)
    assert any(said_to_chidi(cast))
