"""Addresses of summary, and through which entrance who reads for what."""

from typing import Any

from django.urls import path

from consents.codes import Channel
from consents.entrances import ANYTHING, EVERYONE, Entrance
from patients.views import summary as views

urlpatterns = [
    path("patients/<uuid:patient_id>/summary/", views.summary, name="summary"),
    path(
        "patients/<uuid:patient_id>/summary.pdf", views.summary_pdf, name="summary_pdf"
    ),
    path(
        "patients/<uuid:patient_id>/summary-large.pdf",
        views.summary_large,
        name="summary_large",
    ),
    path(
        "patients/<uuid:patient_id>/summary.txt",
        views.summary_text,
        name="summary_text",
    ),
]

# Where nothing is shared there is no summary: the chart says so.
_SHARED: dict[str, Any] = {"purposes": EVERYONE, "preview": True, "shares": ANYTHING}

ENTRANCES: dict[str, Entrance] = {
    "patients:summary": Entrance(**_SHARED),
    "patients:summary_pdf": Entrance(**_SHARED, channel=Channel.PDF),
    "patients:summary_large": Entrance(**_SHARED, channel=Channel.PDF),
    "patients:summary_text": Entrance(**_SHARED, channel=Channel.EXPORT),
}
