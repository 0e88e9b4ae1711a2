"""That an emergency access was checked is told to the patient, in constant words."""

from datetime import timedelta

import pytest

from consents import actions
from messaging import routing
from messaging.models import Notice
from tests.consents.test_emergency import state
from tests.messaging.delivering import letters, sweep, told
from tests.messaging.writing import signed_in, words

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
LATER = timedelta(minutes=30)


@pytest.fixture
def emergency(cast):
    """Bram opened the emergency page, and everybody was told of that."""
    opened = state(cast)
    sweep(cast.at)
    return opened


def check(cast, emergency) -> None:
    actions.review_emergency(
        emergency=emergency,
        outcome="wrong",
        words="CNRYfinding",
        by=cast.ines,
        at=cast.at + LATER,
    )


def test_the_patient_is_told_once_and_nobody_else(cast, emergency, letters):
    letters.clear()
    check(cast, emergency)
    for seconds in (1, 3, 5):
        sweep(cast.at + LATER + timedelta(seconds=seconds))
    found = Notice.objects.filter(kind="emergency_checked", channel="in_app")
    assert [each.user for each in found] == [cast.user("amina")]
    assert told(emergency) == ["amina", "amina", "ines"]
    assert [letter.to for letter in letters] == [[cast.user("amina").email]]
    page = words(signed_in(cast, "amina").get("/notices/"))
    assert "Dr. Bram Visser opened the emergency page. It was checked" in page


def test_the_mail_says_nothing_of_it(cast, emergency, letters):
    letters.clear()
    check(cast, emergency)
    sweep(cast.at + LATER)
    mail = f"{letters[0].subject} {letters[0].body}"
    for word in ("Bram", "CNRY", "emergency", "not allowed"):
        assert word not in mail


def test_before_it_was_checked_there_is_no_such_notice(cast, emergency):
    sweep(cast.at + LATER)
    assert not Notice.objects.filter(kind="emergency_checked").exists()
    notice = Notice.objects.filter(user=cast.user("amina")).first()
    notice.kind = "emergency_checked"
    assert not routing.still_stands(notice, at=cast.at)
