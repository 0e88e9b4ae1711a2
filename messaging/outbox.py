"""When to try again, when to give up, and what a mail server's answer means.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from carecoord.models import MailWhen, OutgoingMail
from messaging.codes import NoticeKind

FIRST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
# At most one notice mail a person in this time, whatever happens.
QUIET = timedelta(minutes=10)
MAX_DOUBLINGS = 10

# What the mail is about is told inside, after signing in: these look alike outside.
CLINICAL = frozenset(
    {
        NoticeKind.EVENT,
        NoticeKind.UPDATE,
        NoticeKind.ANSWER,
        NoticeKind.OVERDUE,
        NoticeKind.CONFLICT,
        NoticeKind.LATE_DOSE,
    }
)
GATHERED = "gathered"
# Told at once, whatever was mailed a minute ago: a right, not a convenience.
AT_ONCE = (NoticeKind.EMERGENCY, NoticeKind.CASE, NoticeKind.OFFICE)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after this many tries: a minute, doubled, at most an hour."""
    doublings = min(max(attempts - 1, 0), MAX_DOUBLINGS)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def next_attempt(*, at: datetime, attempts: int, key: uuid.UUID) -> datetime:
    """The instant of the next try.

    Up to a tenth later, by the row's own id, so that what failed together is not
    tried together.
    """
    wait = wait_after(attempts)
    return at + wait + wait * (key.int % 100) / 1000


def is_too_old(mail: OutgoingMail, *, at: datetime) -> bool:
    """Whether a mail has been tried for as long as it makes sense.

    For whoever takes mail in some hours of the day only: those of the next day too.
    """
    in_hours = mail.user is not None and mail.user.mail_when == MailWhen.HOURS
    return at - mail.created_at >= GIVE_UP_AFTER * (2 if in_hours else 1)


def words_for(kinds: Iterable[str]) -> str:
    """The key of the words for a mail that gathers notices of these kinds.

    All clinical kinds have the same words, and so has whatever is gathered.
    """
    found = set(kinds)
    if len(found) == 1 and not found & CLINICAL:
        return found.pop()
    return GATHERED


class Answer(StrEnum):
    """What an error of the mail server means for the mail, and for the others."""

    LATER = "this one, later"
    SERVER_DOWN = "all of them, later"
    NEVER = "this one, never"
    NO_SUCH_ADDRESS = "this one, never, and the address is flagged"


# RFC 5321, 4.2.3 and RFC 7504: the address itself is refused.
ADDRESS_CODES = frozenset({550, 551, 553, 556})
SERVER_CLOSING = 421
PERMANENT = 500


def meaning(error: Exception) -> Answer:
    """What to do after `error`, raised while a mail was being handed over."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _text in error.recipients.values()]
            return _of_recipient(codes[0] if codes else 0)
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPSenderRefused():
            return Answer.SERVER_DOWN  # our own settings: no mail would get through
        case smtplib.SMTPResponseException():
            return _of_code(error.smtp_code)
        case smtplib.SMTPException():
            return Answer.LATER  # cut off in the middle: it may have arrived
        case OSError():
            return Answer.SERVER_DOWN
        case _:
            return Answer.NEVER  # a header that must not be sent, or the like


def _of_recipient(code: int) -> Answer:
    return Answer.NO_SUCH_ADDRESS if code in ADDRESS_CODES else _of_code(code)


def _of_code(code: int) -> Answer:
    if code == SERVER_CLOSING:
        return Answer.SERVER_DOWN
    return Answer.NEVER if code >= PERMANENT else Answer.LATER
