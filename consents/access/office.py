"""The door of the privacy officer: metadata and reviews, never a record."""

from __future__ import annotations

import uuid

from django.http import Http404

from consents.access.request import Request
from consents.office import Office


def open_office(request: Request, patient_id: uuid.UUID | None = None) -> Office:
    """The privacy officer's place; the 404 for everybody else.

    Whoever asks there for a patient by id is written down, as at every other door.

    Being an administrator opens nothing here. The second factor is the middleware's
    (carecoord.middleware.SecondFactorRequired).
    """
    user = request.user
    if not (user.is_active and user.is_privacy_officer):
        if patient_id:
            request.reading.refuse(patient_id)
        raise Http404
    return Office(user=user, reading=request.reading)
