"""The mail that the demo wrote into the data folder, on one page: /dev/inbox/.

Only on one machine with a demo world: in production the address does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carecoord.transactions import no_transaction

# What Django's file backend writes after each message.
BETWEEN = b"\n" + b"-" * 79 + b"\n"
NEWEST_FILES = 50
LARGEST = 1_000_000


@dataclass(frozen=True)
class Letter:
    subject: str
    to: str
    body: str
    at: datetime


@login_not_required
@require_safe
@no_transaction
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, readable by whoever sits at the demo."""
    if not settings.DEMO:
        raise Http404
    # Set in carecoord/environment.py, where mypy cannot follow.
    folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]
    letters = sorted(letters_in(folder), key=lambda letter: letter.at, reverse=True)
    return render(request, "dev/inbox.html", {"letters": letters})


def letters_in(folder: Path) -> Iterator[Letter]:
    """The mails in the newest files of `folder`; none if there is no folder yet."""
    files = [path for path in folder.glob("*.log") if path.stat().st_size <= LARGEST]
    newest = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest[:NEWEST_FILES]:
        for part in path.read_bytes().split(BETWEEN):
            if part.strip():
                yield _letter(message_from_bytes(part, policy=policy.default))


def _letter(message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    return Letter(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        body="" if body is None else body.get_content(),
        at=_written_at(message),
    )


def _written_at(message: EmailMessage) -> datetime:
    try:
        return parsedate_to_datetime(message["Date"]).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)
