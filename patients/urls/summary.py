"""Addresses of summary, and through which entrance who reads for what."""

from django.urls import path

from consents.codes import Channel
from consents.entrances import EVERYONE_ON_TEAM, Entrance
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

ENTRANCES: dict[str, Entrance] = {
    "patients:summary": Entrance(EVERYONE_ON_TEAM, preview=True),
    "patients:summary_pdf": Entrance(EVERYONE_ON_TEAM, Channel.PDF, preview=True),
    "patients:summary_large": Entrance(EVERYONE_ON_TEAM, Channel.PDF, preview=True),
    "patients:summary_text": Entrance(EVERYONE_ON_TEAM, Channel.EXPORT, preview=True),
}
