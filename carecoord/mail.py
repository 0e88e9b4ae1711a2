"""Mail becomes a row; only workers hand rows to a mail server."""

import contextlib
import smtplib
import socket
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from carecoord.models import OutgoingMail, User

DEFAULT_SECONDS = 10


class OutboxBackend(BaseEmailBackend):
    """EMAIL_BACKEND: writes each message to the outbox, allauth's mails included.

    One recipient a message: several addresses become several rows.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [
            post(
                key=f"account:{uuid.uuid4()}",
                address=address,
                subject=" ".join(message.subject.split())[:60],
                body=str(message.body),
                at=timezone.now(),
            )
            for message in email_messages
            for address in message.recipients()
        ]
        return len(rows)


def post(
    *,
    key: str,
    address: str,
    subject: str,
    body: str,
    at: datetime,
    user: User | None = None,
    is_notice: bool = False,
) -> OutgoingMail:
    """Writes a message once per key; a second call returns the first."""
    mail, _ = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "address": address,
            "subject": subject,
            "body": body,
            "user": user,
            "is_notice": is_notice,
            "created_at": at,
            "next_attempt_at": at,
        },
    )
    return mail


def hand_over(mail: OutgoingMail, *, connection: BaseEmailBackend) -> None:
    """Gives one row to the mail server. Raises what the server raises.

    The Message-ID is made from the row's id: a second try is the same message.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.address],
        headers={
            "Message-ID": f"<{mail.pk}@{domain}>",
            "Date": format_datetime(mail.created_at.astimezone(UTC)),
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    message.send(fail_silently=False)


def connection() -> BaseEmailBackend:
    """The way out: a mail server, or files in the data folder. Not open yet."""
    # Set in carecoord/environment.py, where mypy cannot follow.
    return get_connection(settings.CARECOORD_MAIL_TRANSPORT)  # type: ignore[misc]


class _Bounded:
    """An SMTP conversation that is over in time, however slowly the server talks.

    A socket's own timeout starts again with every byte; this one does not.
    """

    sock: socket.socket | None
    _watch: threading.Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self.renew(found)
        return found

    def renew(self, opened: socket.socket | None = None) -> None:
        """Gives the conversation EMAIL_TIMEOUT seconds from now."""
        self._forget()
        self._watch = threading.Timer(
            settings.EMAIL_TIMEOUT or DEFAULT_SECONDS, self._cut, [opened]
        )
        self._watch.daemon = True
        self._watch.start()

    def _cut(self, opened: socket.socket | None) -> None:
        # TLS wraps the first socket: the newest one is the one to cut.
        current = getattr(self, "sock", None) or opened
        if current is not None:
            with contextlib.suppress(OSError):
                current.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._forget()
        super().close()  # type: ignore[misc]

    def _forget(self) -> None:
        if self._watch:
            self._watch.cancel()
            self._watch = None


class BoundedSMTP(_Bounded, smtplib.SMTP):
    """SMTP, and STARTTLS."""


class BoundedSMTPOverTLS(_Bounded, smtplib.SMTP_SSL):
    """SMTP inside TLS from the first byte."""


class SmtpBackend(smtp.EmailBackend):
    """Django's, with a limit on the whole conversation about each message."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return BoundedSMTPOverTLS if self.use_ssl else BoundedSMTP

    def open(self) -> bool | None:
        """Also says hello, so that the next word is about a message."""
        opened = super().open()
        if opened and self.connection:
            self.connection.ehlo_or_helo_if_needed()
        return opened

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if isinstance(self.connection, _Bounded):
            self.connection.renew()
        return super().send_messages(email_messages) or 0
