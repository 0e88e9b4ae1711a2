"""Notices become one mail, and mails go to the mail server.

A hand-over starts with the commit of `claim`: it decided, behind the patients' gates,
that the mail may still go. So no hand-over starts after a revoke has returned. The
connection is open before, and no lock is held while the server is spoken to.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from carecoord import mail as transport
from carecoord.models import MailWhen, OutgoingMail, User
from consents import gate
from messaging import hours, outbox, routing, waiting, words
from messaging.actions.notices import locked
from messaging.codes import NoticeChannel
from messaging.models import Notice
from messaging.outbox import Answer

logger = logging.getLogger(__name__)


@transaction.atomic
def gather(*, user_id: uuid.UUID, at: datetime) -> OutgoingMail | None:
    """One mail for all that waits for this person, or none if one was just written."""
    user = (
        User.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk=user_id)
        .first()
    )
    if user is None or not hours.is_open(user, at):
        return None
    if waiting.recent_mail(user_id, at).exists() and not _is_pressing(user_id, at=at):
        return None
    notices = _worth_a_mail(user_id, at=at)
    if not notices:
        return None
    mail = _write(user, notices, at=at)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
    return mail


def _is_pressing(user_id: uuid.UUID, *, at: datetime) -> bool:
    found = waiting.unmailed(at).filter(user_id=user_id, kind__in=outbox.AT_ONCE)
    return found.exists()


def _worth_a_mail(user_id: uuid.UUID, *, at: datetime) -> list[Notice]:
    """What waits and was not read in the app meanwhile."""
    notices = list(
        locked(waiting.unmailed(at).filter(user_id=user_id)).order_by(
            "created_at", "pk"
        )
    )
    seen = set(
        Notice.objects.filter(
            user_id=user_id,
            channel=NoticeChannel.IN_APP,
            event__in=[notice.event for notice in notices],
            seen_at__isnull=False,
        ).values_list("event", flat=True)
    )
    _cancel([notice for notice in notices if notice.event in seen], at=at)
    return [notice for notice in notices if notice.event not in seen]


def _write(user: User, notices: list[Notice], *, at: datetime) -> OutgoingMail:
    face = _face(user, notices)
    return transport.post(
        # Deterministic: the same notices, the same mail.
        key=f"notice:{notices[0].pk}",
        address=user.email,
        subject=face.subject,
        body=face.body,
        user=user,
        is_notice=True,
        at=at,
    )


def _face(user: User, notices: list[Notice]) -> words.Notice:
    return words.notice(
        outbox.words_for(notice.kind for notice in notices),
        site=f"{settings.SITE_URL}/",
        is_discreet=user.discreet,
    )


def _cancel(notices: list[Notice], *, at: datetime) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        cancelled_at=at
    )


@transaction.atomic
def wait_for_hours(*, at: datetime) -> None:
    """Notices that were not handed over in the hours of their reader wait for them.

    What somebody asked for, like a sign-in link, comes at any hour.
    """
    mails = waiting.mails(at).filter(is_notice=True, user__mail_when=MailWhen.HOURS)
    for mail in locked(mails.select_related("user")):
        opens_at = hours.opens_at(mail.user, at)
        if opens_at > at:
            mail.next_attempt_at = opens_at
            mail.save(update_fields=["next_attempt_at"])


@transaction.atomic
def claim(*, at: datetime) -> OutgoingMail | None:
    """Takes the mail that waits longest, if it may still go; else cancels it.

    Returns it claimed (`next_attempt_at` is when another sweep would try again, if
    this one dies) or cancelled; None when nothing is due.
    """
    mail = locked(waiting.mails(at)).first()
    if mail is None:
        return None
    if outbox.is_too_old(mail, at=at) and mail.attempts:
        mail.gave_up_at = at
    elif mail.is_notice and not _may_still_go(mail, at=at):
        mail.cancelled_at = at
    else:
        mail.attempts += 1
        mail.next_attempt_at = outbox.next_attempt(
            at=at, attempts=mail.attempts, key=mail.pk
        )
    mail.save(
        update_fields=[
            *("attempts", "next_attempt_at", "cancelled_at", "gave_up_at"),
            *("subject", "body"),
        ]
    )
    return mail


def _may_still_go(mail: OutgoingMail, *, at: datetime) -> bool:
    """Decides each notice of the mail again, behind the gates of their patients.

    It says what is left, or its words would tell of what is not.
    """
    notices = list(mail.notices.filter(cancelled_at=None).select_related("user"))
    for patient_id in sorted({notice.patient_id for notice in notices}):
        gate.share(patient_id)
    over = [notice for notice in notices if not routing.still_stands(notice, at=at)]
    _cancel(over, at=at)
    left = [notice for notice in notices if notice not in over]
    if left:
        _say(mail, left)
    return bool(left)


def _say(mail: OutgoingMail, notices: list[Notice]) -> None:
    face = _face(notices[0].user, notices)
    mail.subject, mail.body = face.subject, face.body


def hand_over(
    mail: OutgoingMail, *, connection: BaseEmailBackend, at: datetime
) -> Answer | None:
    """Gives a claimed mail to the server. Returns what went wrong, if anything did."""
    try:
        transport.hand_over(mail, connection=connection)
    except Exception as error:  # whatever a server or a header can do
        answer = outbox.meaning(error)
        logger.warning("mail %s not sent: %s", mail.pk, type(error).__name__)
        _note(mail, answer, at=at)
        return answer
    _sent(mail, at=at)
    return None


@transaction.atomic
def _sent(mail: OutgoingMail, *, at: datetime) -> None:
    OutgoingMail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=at)
    User.objects.filter(
        email__iexact=mail.address, address_refused_at__isnull=False
    ).update(address_refused_at=None)


@transaction.atomic
def _note(mail: OutgoingMail, answer: Answer, *, at: datetime) -> None:
    if answer in (Answer.NEVER, Answer.NO_SUCH_ADDRESS):
        OutgoingMail.objects.filter(pk=mail.pk).update(gave_up_at=at)
    if answer is Answer.NO_SUCH_ADDRESS:
        User.objects.filter(email__iexact=mail.address, address_refused_at=None).update(
            address_refused_at=at
        )


@transaction.atomic
def put_off_all(*, at: datetime) -> int:
    """The server does not answer: nobody knocks again for a minute.

    Costs no try; what has waited a day is given up. Returns how many were put off.
    """
    due = waiting.mails(at)
    old = due.filter(created_at__lte=at - outbox.GIVE_UP_AFTER).exclude(
        user__mail_when=MailWhen.HOURS, created_at__gt=at - 2 * outbox.GIVE_UP_AFTER
    )
    pks = list(locked(due).values_list("pk", flat=True))
    mails = OutgoingMail.objects.filter(pk__in=pks)
    mails.filter(pk__in=old.values("pk")).update(gave_up_at=at)
    return mails.filter(gave_up_at=None).update(next_attempt_at=at + outbox.FIRST_WAIT)
