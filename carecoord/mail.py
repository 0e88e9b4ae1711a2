"""Mail becomes a row; only workers hand rows to a mail server."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from carecoord.models import OutgoingMail, User


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
            "next_attempt_at": at,
        },
    )
    return mail


def hand_over(mail: OutgoingMail) -> None:
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
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(settings.CARECOORD_MAIL_TRANSPORT),
    )
    message.send(fail_silently=False)
