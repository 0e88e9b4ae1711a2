"""The patient's word for what was held for another reason first."""

import pytest

from consents import actions as consents
from tests.cast import permit
from tests.messaging.delivering import letters, sweep
from tests.messaging.test_talking import LATER, reads, says, sign_for, waiting
from tests.messaging.writing import row, send

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


@pytest.mark.capability("S53")
def test_a_level_said_while_something_is_held_counts_when_a_permission_comes(cast):
    """Held for want of a permission; a permission alone is not the patient's word."""
    update = send(cast, "bram", "chidi")
    assert row(update, cast, "chidi").status == "held" and not waiting(update)
    says(cast, "read_first", "chidi")
    permit(cast.amina, cast.chidi, at=cast.at)
    sweep(cast.at + LATER)
    sweep(cast.at + 2 * LATER)
    assert row(update, cast, "chidi").status == "held"
    assert not reads(cast, "chidi", update)
    (deny,) = waiting(update)
    consents.send_on(waiting=deny, by=cast.amina.user, at=cast.at + 2 * LATER)
    sweep(cast.at + 3 * LATER)
    assert row(update, cast, "chidi").status == "sent"
    assert not waiting(update)


def test_a_signature_for_exactly_what_is_held_is_the_word_then_too(cast):
    update = send(cast, "bram", "chidi")
    says(cast, "read_first", "chidi")
    sign_for(cast, update, by=cast.amina.user, at=cast.at)
    sweep(cast.at + LATER)
    assert row(update, cast, "chidi").status == "sent"
