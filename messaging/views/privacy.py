"""Who may see an update: the patient's choice, on the page of all such choices."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents.access import Request
from messaging import cards
from messaging.access import open_patient
from messaging.access import updates as loaders
from messaging.access.audience import who_sees
from patients.views.privacy import Subject, privacy_page


@require_http_methods(["GET", "HEAD", "POST"])
def update_privacy(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> HttpResponse:
    """An update with its answers, its other versions and what was told of it."""
    opened = open_patient(request, patient_id)
    opened.require(opened.is_patient)
    update = loaders.open_update(opened, update_id).update
    said = {
        "name": update.writer.name,
        "when": cards.moment(update.recorded_at, request.user.time_zone),
    }
    page_url = reverse("messaging:update", args=[patient_id, update_id])
    subject = Subject(
        item=update,
        name=_("the update from %(name)s, %(when)s") % said,
        title=_("Who can see an update"),
        sees=who_sees(opened, update),
        back_url=page_url,
        cost=_(
            "This counts for the answers to it too. Whoever has read it knows it. From "
            "now on they can't open it here, and they may act without it."
        ),
    )
    return privacy_page(request, opened, subject)
