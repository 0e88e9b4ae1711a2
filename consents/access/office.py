"""The door of the privacy officer: metadata and reviews, never a record."""

from __future__ import annotations

from django.http import Http404

from consents.access.request import Request
from consents.office import Office


def open_office(request: Request) -> Office:
    """The privacy officer's place; the 404 for everybody else.

    Being an administrator opens nothing here. The second factor is the middleware's
    (carecoord.middleware.SecondFactorRequired).
    """
    user = request.user
    if not (user.is_active and user.is_privacy_officer):
        raise Http404
    return Office(user=user, reading=request.reading)
