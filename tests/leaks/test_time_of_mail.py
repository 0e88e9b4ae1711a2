"""A mail waits for nothing of which its reader is not told.

Found: a mail about one change was held back for another one of the same ten minutes,
also where that was kept from its reader; so the time of the mail told that there was
something.
"""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest

from carecoord.models import OutgoingMail, User
from consents import actions as consents
from messaging import gathering, routing
from messaging.models import Notice
from patients.actions.medicines import Keep
from patients.models import TimelineEvent
from tests.messaging.delivering import letters, sweep, to_whom
from tests.patients import medicines_world as world

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


def minutes(cast, count: int):
    return cast.at + timedelta(minutes=count)


def mailed_at(cast, who: str) -> list[int]:
    """After how many minutes a mail to this person was written."""
    for count in (10, 14, 18, 20, 28):
        sweep(minutes(cast, count))
    mails = OutgoingMail.objects.filter(user=cast.user(who)).order_by("created_at")
    return [round((mail.created_at - cast.at).total_seconds() / 60) for mail in mails]


@pytest.mark.security("T18", "T28")
@pytest.mark.parametrize("kept", [None, "only me", "not for Bram", "labelled"])
def test_what_is_kept_back_delays_no_mail_about_something_else(cast, kept):
    world.add(cast, "quetiapine")
    at = minutes(cast, 8)
    if kept == "only me":
        world.add_hidden(cast, at=at)
    elif kept == "not for Bram":
        world.add(cast, "disulfiram", keep=Keep(from_parties=(cast.bram,)), at=at)
    elif kept == "labelled":
        world.add(cast, "disulfiram", labels=1, at=at)
    assert mailed_at(cast, "bram") == [10]


def test_what_the_reader_is_told_of_too_is_told_in_one_mail(cast, letters):
    world.add(cast, "quetiapine")
    world.add(cast, "ibuprofen", at=minutes(cast, 8))
    assert mailed_at(cast, "bram") == [18]
    assert to_whom(letters).count("bram") == 1


@pytest.mark.security("T18")
def test_a_mail_that_was_cancelled_delays_no_other(cast, monkeypatch):
    line = world.add(cast, "quetiapine")
    with monkeypatch.context() as down:
        down.setattr("messaging.sweeping._open", _no_server)
        sweep(minutes(cast, 10))
    who = {"by": cast.user("amina"), "at": minutes(cast, 10)}
    consents.keep_back(item=line, party=cast.bram, **who)
    world.add(cast, "ibuprofen", at=minutes(cast, 2))
    assert OutgoingMail.objects.get(user=cast.bram.user).created_at == minutes(cast, 10)
    sweep(minutes(cast, 11))
    sweep(minutes(cast, 12))
    assert OutgoingMail.objects.filter(
        user=cast.bram.user, cancelled_at=None, created_at=minutes(cast, 12)
    ).exists()


def _no_server():
    raise ConnectionRefusedError


def test_a_twin_that_waits_for_any_change_is_caught(cast):
    world.add(cast, "quetiapine")
    world.add_hidden(cast, at=minutes(cast, 8))

    def all_of_them(patient_id, *, at):
        running = TimelineEvent.objects.filter(patient=patient_id, due_at__gt=at)
        return {user.pk for user in User.objects.all() if running.exists()}

    with mock.patch.object(gathering, "_told_soon", all_of_them):
        assert mailed_at(cast, "bram") == [18]


def test_a_running_change_is_asked_about_once_however_many_wait(cast):
    """Found: it was decided for the whole team anew for each of those who waited."""
    world.add(cast, "quetiapine")
    sweep(minutes(cast, 10))
    Notice.objects.update(created_at=minutes(cast, 10), mail=None)
    OutgoingMail.objects.all().delete()
    world.add(cast, "ibuprofen", at=minutes(cast, 8))
    assert Notice.objects.values("user").distinct().count() > 1
    with mock.patch.object(routing, "whom", wraps=routing.whom) as asked:
        gathering.users_to_mail(minutes(cast, 11))
    assert asked.call_count == 1
