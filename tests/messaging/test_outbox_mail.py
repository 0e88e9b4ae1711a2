"""What a mail server can do to us, and what a mail gives away (T34, T35, T65)."""

import email
import itertools
import smtplib
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import send_mail

from carecoord import mail as transport
from carecoord import settings as product
from carecoord.models import OutgoingMail
from messaging import outbox, words
from messaging.codes import NoticeKind
from messaging.models import Notice
from messaging.outbox import Answer
from messaging.routing import EVERYONE, ROUTES
from patients.codes import EventKind
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, change, letters, sweep
from tests.smtp import MailServer, closed_port

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_backend")]
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(hours=24)
KEY = uuid.UUID(int=0)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def own_backend(settings):
    """pytest-django puts its own in place of ours."""
    settings.EMAIL_BACKEND = product.EMAIL_BACKEND


@pytest.fixture
def server(settings):
    """A real conversation over a real socket, with a server that we script."""
    with MailServer() as running:
        use(settings, running.port)
        yield running


def use(settings, port):
    settings.CARECOORD_MAIL_TRANSPORT = "carecoord.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 1


def due_mail(cast):
    """An event of Amina's is due; Bram and Jon are to get a mail."""
    change(cast.amina, at=cast.at)
    return cast.at + TEN_MINUTES


def of(cast, who):
    return OutgoingMail.objects.get(user=cast.user(who))


# Pure ----------------------------------------------------------------------------


def test_waits_double_from_a_minute_to_an_hour():
    waits = [outbox.wait_after(attempts) for attempts in range(1, 10)]
    assert waits[:3] == [A_MINUTE, 2 * A_MINUTE, 4 * A_MINUTE]
    assert max(waits) == outbox.wait_after(10_000) == timedelta(hours=1)


def test_the_next_try_is_later_by_at_most_a_tenth():
    for number in (0, 1, 57, 99, 12345):
        key = uuid.UUID(int=number)
        wait = outbox.next_attempt(at=AT, attempts=1, key=key) - AT
        assert A_MINUTE <= wait <= 1.1 * A_MINUTE


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"")}), Answer.NO_SUCH_ADDRESS),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"")}), Answer.LATER),
        (smtplib.SMTPRecipientsRefused({"a": (421, b"")}), Answer.SERVER_DOWN),
        (smtplib.SMTPRecipientsRefused({"a": (552, b"")}), Answer.NEVER),
        (smtplib.SMTPRecipientsRefused({}), Answer.LATER),
        (smtplib.SMTPSenderRefused(550, b"", "us"), Answer.SERVER_DOWN),
        (smtplib.SMTPAuthenticationError(535, b""), Answer.SERVER_DOWN),
        (smtplib.SMTPDataError(554, b"spam"), Answer.NEVER),
        (smtplib.SMTPDataError(451, b""), Answer.LATER),
        (smtplib.SMTPConnectError(421, b""), Answer.SERVER_DOWN),
        (smtplib.SMTPServerDisconnected(), Answer.LATER),
        (TimeoutError(), Answer.SERVER_DOWN),
        (ConnectionRefusedError(), Answer.SERVER_DOWN),
        (ValueError("a header with a line break"), Answer.NEVER),
    ],
)
def test_every_answer_of_a_server_has_one_meaning(error, answer):
    assert outbox.meaning(error) is answer


def test_what_is_clinical_or_mixed_has_one_face():
    clinical = [NoticeKind.EVENT, NoticeKind.UPDATE, NoticeKind.ANSWER, "overdue"]
    for kinds in itertools.permutations(clinical, 2):
        assert outbox.words_for(kinds) == "gathered"
    assert outbox.words_for([NoticeKind.EVENT]) == "gathered"
    assert outbox.words_for([NoticeKind.FIRST_ACCESS, "event"]) == "gathered"
    assert outbox.words_for([NoticeKind.FIRST_ACCESS]) == NoticeKind.FIRST_ACCESS


# The server ----------------------------------------------------------------------


def test_a_mail_is_handed_over_with_an_id_made_from_its_row(cast, server):
    sweep(due_mail(cast))
    assert sorted(server.ids()) == sorted(
        f"<{pk}@localhost>" for pk in OutgoingMail.objects.values_list("pk", flat=True)
    )
    assert [len(each.to) for each in server.received] == [1, 1]
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


@pytest.mark.security("T65")
def test_a_server_that_is_down_costs_no_try_and_no_mail(cast, settings, server):
    at = due_mail(cast)
    use(settings, closed_port())
    for second in range(0, 120, 20):
        sweep(at + timedelta(seconds=second))
    assert set(OutgoingMail.objects.values_list("attempts", flat=True)) == {0}
    use(settings, server.port)
    sweep(at + 3 * A_MINUTE)
    assert len(server.received) == 2


def test_after_a_refused_connection_nobody_knocks_for_a_minute(
    cast, settings, monkeypatch
):
    at = due_mail(cast)
    use(settings, closed_port())
    sweep(at)
    monkeypatch.setattr(transport, "connection", must_not_be_called)
    sweep(at + timedelta(seconds=58))


def must_not_be_called():
    raise AssertionError("Nobody may knock yet.")


@pytest.mark.parametrize("code", [421, 450])
def test_try_again_later_is_obeyed(cast, server, code):
    at = due_mail(cast)
    server.behaviour.recipient = code
    sweep(at)
    assert server.received == []
    server.behaviour.recipient = 250
    sweep(at + timedelta(seconds=30))
    assert server.received == [], "not before the minute is over"
    sweep(at + 2 * A_MINUTE)
    assert len(server.received) == 2
    assert len(set(server.ids())) == 2


@pytest.mark.security("T65")
def test_a_refused_address_is_flagged_and_the_others_get_their_mail(cast, server):
    at = due_mail(cast)
    server.behaviour.refused["bram@cast.example"] = 550
    sweep(at)
    assert of(cast, "bram").gave_up_at is not None
    assert of(cast, "jon").sent_at is not None
    cast.bram.user.refresh_from_db()
    assert cast.bram.user.address_refused_at is not None
    cast.jon.user.refresh_from_db()
    assert cast.jon.user.address_refused_at is None


def test_a_flagged_address_gets_notices_in_the_app_only_until_a_mail_arrives(
    cast, server
):
    bram = cast.bram.user
    bram.address_refused_at = cast.at
    bram.save()
    event = change(cast.amina, at=cast.at, at_once=True)
    sweep(cast.at)
    assert Notice.objects.filter(event=event.pk, user=bram, channel="in_app").exists()
    assert [each.to for each in server.received] == [["jon@cast.example"]]
    send_mail("Confirm your address", "Follow the link.", None, [bram.email])
    sweep(cast.at + 2 * A_MINUTE)
    bram.refresh_from_db()
    assert bram.address_refused_at is None


def test_a_connection_that_drops_in_the_message_is_tried_again(cast, server):
    at = due_mail(cast)
    server.behaviour.drop_in_data = True
    sweep(at)
    assert server.received == []
    server.behaviour.drop_in_data = False
    sweep(at + 2 * A_MINUTE)
    assert len(set(server.ids())) == len(server.received) == 2


def test_a_server_that_takes_a_mail_and_does_not_say_so_gets_the_same_message_again(
    cast, server
):
    at = due_mail(cast)
    server.behaviour.forget_to_say = True
    sweep(at)
    server.behaviour.forget_to_say = False
    sweep(at + 2 * A_MINUTE)
    sweep(at + 4 * A_MINUTE)
    assert len(server.received) == 4
    assert len(set(server.ids())) == 2


@pytest.mark.security("T65")
def test_a_server_that_says_a_byte_a_second_is_cut_off_in_time(cast, server):
    at = due_mail(cast)
    server.behaviour.seconds_a_byte = 0.5  # a socket's own timeout is a second
    started = time.monotonic()
    sweep(at)
    assert time.monotonic() - started < 5
    assert server.received == []
    assert OutgoingMail.objects.filter(sent_at=None, gave_up_at=None).count() == 2


@pytest.mark.slow
def test_djangos_own_backend_waits_for_a_slow_server_as_long_as_it_talks(server):
    """The vulnerable twin: its timeout starts again with every byte."""
    server.behaviour.seconds_a_byte = 0.25
    started = time.monotonic()
    twin = smtplib.SMTP("127.0.0.1", server.port, timeout=1)
    assert time.monotonic() - started > 2
    twin.close()


@pytest.mark.security("T65")
def test_after_a_day_a_mail_is_given_up(cast, settings):
    at = due_mail(cast)
    use(settings, closed_port())
    sweep(at)
    sweep(at + A_DAY + A_MINUTE)
    assert set(OutgoingMail.objects.values_list("gave_up_at", flat=True)) == {
        at + A_DAY + A_MINUTE
    }


@pytest.mark.slow
def test_a_mail_that_no_server_wants_is_given_up_after_a_day_too(cast, server):
    at = due_mail(cast)
    server.behaviour.recipient = 450
    for hour in range(26):
        sweep(at + timedelta(hours=hour))
    mails = OutgoingMail.objects.all()
    assert all(mail.gave_up_at for mail in mails)
    assert min(mail.attempts for mail in mails) > 5


# What a mail gives away -----------------------------------------------------------

CANARY = "CNRYtitle7f3a"


@pytest.mark.slow
@pytest.mark.security("T34", "L20")
def test_the_mails_of_all_kinds_of_events_are_the_same_to_the_letter(cast, letters):
    permit(cast.amina, cast.chidi, at=cast.at)
    faces, now = set(), cast.at
    for kind in EventKind:
        now += timedelta(hours=1)
        change(cast.amina, at=now, kind=kind, title=CANARY, at_once=True)
        before = len(letters)
        sweep(now)
        faces |= {(each.subject, each.body) for each in letters[before:]}
    to_everyone = list(ROUTES.values()).count(EVERYONE)
    assert len(EventKind) > to_everyone > 15
    assert len(letters) >= 3 * to_everyone
    assert len(faces) == 1


@pytest.mark.security("T34", "L20")
def test_no_mail_says_who_or_what(cast, letters):
    change(cast.amina, at=cast.at, title=CANARY, detail=CANARY)
    sweep(cast.at + TEN_MINUTES)
    for letter in letters:
        raw = letter.message().as_bytes().decode()
        assert CANARY not in raw
        for member in ("Amina", "Diallo", "Visser", "Ortiz", "Harbor"):
            assert member not in raw
        said = f"{letter.subject} {letter.body}"
        assert words.telling_words(said) == ()
        assert letter.body.count("http") == 1
        assert letter.message().get_content_type() == "text/plain"
        assert not letter.attachments


@pytest.mark.security("T40", "T92")
def test_a_discreet_person_gets_the_discreet_words(cast, letters):
    cast.bram.user.discreet = True
    cast.bram.user.save()
    sweep(due_mail(cast))
    sent = {letter.to[0]: letter for letter in letters}
    said = "You have a new message"
    bram, jon = sent["bram@cast.example"], sent["jon@cast.example"]
    assert bram.subject == said and f"{said}. Please sign in to see it." in bram.body
    assert jon.subject != said and said not in jon.body
    assert bram.from_email == jon.from_email


@pytest.mark.security("T35", "L20")
def test_one_recipient_a_message_and_no_way_to_answer_a_person(cast, server):
    sweep(due_mail(cast))
    for each in server.received:
        message = email.message_from_bytes(each.text)
        assert message.get_all("To") == each.to
        assert not {"Cc", "Bcc", "Reply-To"} & set(message.keys())
        assert message["From"] == "Shared care <no-reply@localhost>"


@pytest.mark.security("T35")
@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: x@y.example", "a@b.example\nX: 1", "a@b.example\rX: 1"],
)
def test_a_line_break_in_an_address_adds_no_header_and_no_retry(server, address):
    transport.post(key="poison", address=address, subject="Hello", body="Hello", at=AT)
    sweep(AT)
    assert server.received == []
    assert OutgoingMail.objects.get().gave_up_at is not None


@pytest.mark.security("T35")
def test_a_line_break_in_a_subject_is_a_space(server):
    send_mail("Hello\r\nBcc: x@y.example", "A link", None, ["new@cast.example"])
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Hello Bcc: x@y.example"
    sweep(mail.next_attempt_at)
    assert server.received[0].to == ["new@cast.example"]
    assert email.message_from_bytes(server.received[0].text)["Bcc"] is None


@pytest.mark.security("T35", "L20")
def test_several_recipients_become_several_mails(letters):
    send_mail("Hello", "Text", None, ["a@cast.example", "b@cast.example"])
    assert OutgoingMail.objects.count() == 2
    assert not letters, "nothing leaves from the request"
