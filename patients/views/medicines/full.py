"""The page of a list without room for another line: what to do, and nothing lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consents.access import Request
from patients.actions.room import ListFull


def said_when_full(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Says it instead of the page, where the view raised ListFull. The draft stays."""

    @wraps(view)
    def said(request: Request, patient_id: uuid.UUID, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, patient_id, **kwargs)
        except ListFull as full:
            context = {
                "text": str(full),
                "again_url": request.path if "draft_id" in kwargs else "",
                "list_url": reverse("patients:medicines", args=[patient_id]),
            }
            return render(request, "patients/medicines_full.html", context, status=409)

    return said
