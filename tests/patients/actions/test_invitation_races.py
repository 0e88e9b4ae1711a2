"""An invitation is taken once, whoever comes at the same moment (PostgreSQL).

Found: whether it counts is asked of the patient too, and of two who took one link at
once the second took it over: the patient said yes to one, and the other joined.
"""

import threading
import uuid

import pytest
from django.db import connection, transaction

from consents.models import Invitation
from patients.actions import invitations
from patients.actions.invitations import InvitationError
from tests import cast as people
from tests.consents.test_race import in_thread

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
# How long the second has to come to where it waits, and how long we wait for it.
AHEAD, LONGEST = 0.5, 30


@pytest.fixture
def cast(transactional_db):
    return people.build()


def taken_by_two(cast) -> list[Exception]:
    """Dana takes the link; before it is over Jon does. What went wrong for Jon."""
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Dr. Dana"),
        categories=0,
        by=cast.amina.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )
    errors: list[Exception] = []
    begins = threading.Event()

    def second() -> None:
        mine = Invitation.objects.get(pk=sent.invitation.pk)
        begins.set()
        invitations.accept(invitation=mine, by=cast.jon.user, at=cast.at)

    with transaction.atomic():
        invitations.accept(invitation=sent.invitation, by=cast.dana.user, at=cast.at)
        thread = in_thread(errors, second)
        begins.wait(LONGEST)
        thread.join(AHEAD)
        assert thread.is_alive()
    thread.join(LONGEST)
    assert connection.vendor == "postgresql"
    return errors


def holder(cast) -> str:
    return Invitation.objects.get(sent_by=cast.amina.user).acceptor.name


@pytest.mark.security("T15")
def test_of_two_who_take_a_link_at_once_one_has_it(cast):
    errors = taken_by_two(cast)
    assert [type(each) for each in errors] == [InvitationError]
    assert holder(cast) == cast.dana.user.name


def test_the_test_of_that_fails_where_nobody_waits(cast, monkeypatch):
    monkeypatch.setattr(invitations, "hold", lambda invitation: None)
    assert taken_by_two(cast) == []
    assert holder(cast) == cast.jon.user.name
