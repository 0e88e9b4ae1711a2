"""Mail comes in the hours that its reader chose, and what is asked for at any (T92)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.mail import send_mail
from django.db import IntegrityError, transaction

from carecoord import settings as product
from carecoord.models import MailWhen, OutgoingMail, User
from messaging import hours
from messaging.actions import causes
from messaging.codes import NoticeChannel, NoticeKind
from messaging.models import Notice
from patients.actions import people
from providers import actions as providers
from tests import cast as named
from tests.messaging.delivering import TEN_MINUTES, change, letters, sweep
from tests.smtp import closed_port

__all__ = ["letters"]
NEW_YORK = "America/New_York"
HOUR = timedelta(hours=1)


def in_hours(since: int, until: int, zone: str = NEW_YORK) -> User:
    return User(
        time_zone=zone,
        mail_when=MailWhen.HOURS,
        mail_from=since,
        mail_until=until,
    )


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "at", "opens"),
    [
        # New York is five hours behind in November, four in October.
        ((9, 17), utc(23, 14), utc(23, 14)),
        ((9, 17), utc(23, 13, 59), utc(23, 14)),
        ((9, 17), utc(23, 22), utc(24, 14)),
        ((22, 6), utc(23, 4), utc(23, 4)),
        ((22, 6), utc(23, 11), utc(24, 3)),
        # The clock goes back in the night before: nine is an hour later in UTC.
        ((9, 17), utc(31, 22, month=10), utc(1, 14)),
    ],
)
@pytest.mark.security("T92")
def test_hours_are_those_of_the_readers_clock(window, at, opens):
    assert hours.opens_at(in_hours(*window), at) == opens


def test_an_hour_that_a_day_does_not_have_is_the_next_one():
    # On March 8, 2026 New York has no two o'clock.
    found = hours.opens_at(in_hours(2, 5), utc(8, 5, month=3))
    assert found == utc(8, 7, month=3)


@pytest.mark.django_db
def test_hours_are_two_or_none(cast):
    for columns in ({"mail_from": 9}, {"mail_when": "hours"}, {"mail_until": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=cast.user("bram").pk).update(**columns)


# The outbox ------------------------------------------------------------------------


@pytest.fixture
def quiet(cast, settings):
    """Bram takes mail from an hour after now for two hours; what is due is due now."""
    settings.EMAIL_BACKEND = product.EMAIL_BACKEND
    due = cast.at + TEN_MINUTES
    opens = due.replace(minute=0, second=0, microsecond=0) + HOUR
    bram = cast.user("bram")
    people.change_own(
        user=bram,
        own=people.Own(
            time_zone="UTC",
            mail_when=MailWhen.HOURS,
            mail_from=opens.hour,
            mail_until=(opens.hour + 2) % 24,
        ),
    )
    change(cast.amina, at=cast.at)
    return bram, due, opens


def addresses(letters) -> list[str]:
    return [letter.to[0] for letter in letters]


@pytest.mark.django_db
@pytest.mark.security("T92")
def test_a_notice_waits_for_its_readers_hours_and_stands_in_the_app(
    cast, quiet, letters
):
    bram, due, opens = quiet
    sweep(due)
    assert addresses(letters) == ["jon@cast.example"]
    in_app = Notice.objects.filter(user=bram, channel=NoticeChannel.IN_APP)
    assert in_app.exists()
    sweep(opens - timedelta(seconds=1))
    assert "bram@cast.example" not in addresses(letters)
    sweep(opens)
    assert addresses(letters).count("bram@cast.example") == 1


@pytest.mark.django_db
@pytest.mark.security("T92")
def test_the_test_of_that_fails_where_a_mail_goes_when_it_is_due(
    cast, quiet, letters, monkeypatch
):
    """The vulnerable twin: hours are asked, kept and not obeyed."""
    monkeypatch.setattr(hours, "opens_at", lambda user, at: at)
    _bram, due, _opens = quiet
    sweep(due)
    assert "bram@cast.example" in addresses(letters)


@pytest.mark.django_db
@pytest.mark.security("T92")
def test_what_failed_within_the_hours_is_not_tried_outside_them(
    cast, quiet, letters, settings
):
    bram, due, opens = quiet
    sweep(due)
    works = settings.CARECOORD_MAIL_TRANSPORT
    settings.CARECOORD_MAIL_TRANSPORT = "carecoord.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    sweep(opens)
    settings.CARECOORD_MAIL_TRANSPORT = works
    letters.clear()
    sweep(opens + 3 * HOUR)
    assert not letters
    tomorrow = opens + timedelta(days=1)
    assert OutgoingMail.objects.get(user=bram).next_attempt_at == tomorrow
    sweep(tomorrow)
    assert addresses(letters) == ["bram@cast.example"]


@pytest.mark.django_db
def test_what_somebody_asks_for_comes_at_any_hour(cast, quiet, letters):
    _bram, due, _opens = quiet
    send_mail("Your link", "Here.", None, ["bram@cast.example"])
    sweep(due)
    assert "bram@cast.example" in addresses(letters)


# Never -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.security("T40", "T92")
def test_whoever_wants_no_mail_gets_one_of_an_emergency_only(cast, letters):
    amina = cast.amina.user
    never = people.Own(time_zone=NEW_YORK, mail_when=MailWhen.LEAST)
    people.change_own(user=amina, own=never)
    for kind in (NoticeKind.FIRST_ACCESS, NoticeKind.EMERGENCY):
        causes.tell_patient(patient=cast.amina, kind=kind, about=uuid4(), at=cast.at)
        sweep(cast.at)
    waiting = Notice.objects.filter(user=amina, channel=NoticeChannel.EMAIL)
    mailed = waiting.exclude(mail=None).values_list("kind", flat=True)
    assert list(mailed) == [NoticeKind.EMERGENCY]
    assert addresses(letters) == [amina.email]


@pytest.mark.django_db
def test_a_clinician_cannot_do_without(cast, client):
    bram = cast.user("bram")
    never = people.Own(time_zone=NEW_YORK, mail_when=MailWhen.LEAST)
    with pytest.raises(ValueError, match="is told by e-mail"):
        people.change_own(user=bram, own=never)
    client.force_login(bram)
    assert "Never, except" not in client.get("/settings/").content.decode()
    client.force_login(cast.amina.user)
    assert "Never, except" in client.get("/settings/").content.decode()


@pytest.mark.django_db
def test_who_becomes_a_clinician_is_told_by_mail_again(cast):
    user = named.user("Vera Adler")
    never = people.Own(time_zone=NEW_YORK, mail_when=MailWhen.LEAST)
    people.change_own(user=user, own=never)
    providers.add_practitioner(name="Vera Adler", profession="psychiatrist", user=user)
    user.refresh_from_db()
    assert user.mail_when == MailWhen.ANY


# The page --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"mail_when": "hours", "mail_from": "9"}, "Choose an hour."),
        (
            {"mail_when": "hours", "mail_from": "9", "mail_until": "9"},
            "Choose another hour than the first.",
        ),
        ({}, "Choose when we may e-mail you."),
        ({"mail_when": "hours", "mail_from": "9", "mail_until": "24"}, "Choose from"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(cast, client, answers, said):
    client.force_login(cast.amina.user)
    page = client.post("/settings/", {"time_zone": NEW_YORK} | answers)
    assert said in page.content.decode()
    assert User.objects.get(pk=cast.amina.user.pk).mail_when == MailWhen.ANY


@pytest.mark.django_db
def test_hours_are_kept_and_forgotten_with_the_choice(cast, client):
    client.force_login(cast.amina.user)
    night = {"mail_when": "hours", "mail_from": "22", "mail_until": "6"}
    for answers, kept in (
        (night, (22, 6)),
        (night | {"mail_when": "any"}, (None,) * 2),
    ):
        response = client.post("/settings/", {"time_zone": NEW_YORK} | answers)
        assert response.status_code == 302
        user = User.objects.get(pk=cast.amina.user.pk)
        assert (user.mail_from, user.mail_until) == kept
