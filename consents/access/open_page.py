"""A page that stood open asks for itself once more: told apart from somebody's request.

When somebody loses what stands on a screen, static/js/still.js asks for the page again,
however long the machine was asleep. Before it does, it hears from `still` that the text
is gone, and with that answer gets a mark: signed, for this person, for half a minute,
with the rows of the log of what the page showed since they signed in. A refusal that
follows, through the entrance of such a row and to its patient, is noted with it.

Nobody hides a request with it: the row stays, the privacy officer reads it, it showed
nothing, and each page that was really shown excuses one such request (a wall of the
database says once).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from carecoord.models import User
from consents.access.still import NUMBERS
from consents.models import AccessRefusal, Disclosure

COOKIE = "open_page"
SALT = "consents.open_page"
LASTS = timedelta(seconds=30)
# As many rows as fit into a cookie; a page has one or two.
MOST = 10


def mark(
    request: HttpRequest, response: HttpResponse, *, user: User, shown: str
) -> None:
    """Gives the mark, where this session was really shown something."""
    started = request.session.get("started_at")
    if started is None or not NUMBERS.fullmatch(shown):
        return
    rows = Disclosure.objects.filter(
        pk__in=[uuid.UUID(number) for number in shown.split("-")[:MOST]],
        user_id=user.pk,
        at__gte=datetime.fromtimestamp(started, tz=UTC),
    )
    ids = [pk.hex for pk in rows.values_list("pk", flat=True)]
    if ids:
        value = signing.dumps([str(user.pk), *sorted(ids)], salt=SALT)
        response.set_cookie(
            COOKIE,
            value,
            max_age=LASTS,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )


def rows_of(request: HttpRequest) -> tuple[uuid.UUID, ...]:
    """The rows that the mark of a request names; none for a forged or old one."""
    value = request.COOKIES.get(COOKIE, "")
    if not value or request.method != "GET":
        return ()
    try:
        owner, *ids = signing.loads(value, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return ()
    if owner != str(request.user.pk):
        return ()
    return tuple(uuid.UUID(each) for each in ids)


def asking(refusal: AccessRefusal, rows: Iterable[uuid.UUID]) -> uuid.UUID | None:
    """Which open page asked, if one did that has not asked before."""
    used = AccessRefusal.objects.filter(open_page__in=rows).values("open_page")
    return (
        Disclosure.objects.filter(
            pk__in=rows,
            user_id=refusal.user_id,
            patient_id=refusal.patient_id,
            entrance=refusal.entrance,
        )
        .exclude(pk__in=used)
        .order_by("seq")
        .values_list("pk", flat=True)
        .first()
    )
