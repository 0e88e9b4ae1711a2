"""The first page of somebody who has turned 18: keep, change or stop."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carecoord import zones
from consents.access import Request, grown_up, open_patient
from consents.access.representatives import acting_now
from consents.windows import counts_until


@require_safe
def decide(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Each permission that a parent signed, until when it goes on, and three ways."""
    opened = open_patient(request, patient_id)
    signed = grown_up.signed_by_parents(opened)
    zone = opened.patient.time_zone
    ends = {each: zones.last_day(counts_until(each), zone) for each in signed}
    context = {
        "opened": opened,
        "ends": ends,
        "acting": acting_now(opened),
        "parents": grown_up.parents_of(opened),
    }
    return render(request, "consents/grown_up.html", context)
