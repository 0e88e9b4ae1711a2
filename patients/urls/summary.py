"""Addresses of summary, and through which entrance who reads for what."""

from django.urls import path

from consents.codes import Channel
from consents.entrances import EVERYONE, Entrance
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
    "patients:summary": Entrance(EVERYONE, preview=True),
    "patients:summary_pdf": Entrance(EVERYONE, Channel.PDF, preview=True),
    "patients:summary_large": Entrance(EVERYONE, Channel.PDF, preview=True),
    "patients:summary_text": Entrance(EVERYONE, Channel.EXPORT, preview=True),
}
