"""Addresses of the emergency page and its file, with a purpose of their own."""

from django.urls import path

from consents.codes import Channel, Relation
from consents.entrances import Entrance, Purposes
from patients.views import emergency as views

EMERGENCY: Purposes = {Relation.CLINICIAN: "ETREAT"}

urlpatterns = [
    path(
        "patients/<uuid:patient_id>/emergency/page/", views.page, name="emergency_page"
    ),
    path(
        "patients/<uuid:patient_id>/emergency/page.pdf",
        views.page_pdf,
        name="emergency_pdf",
    ),
]

ENTRANCES: dict[str, Entrance] = {
    "patients:emergency_page": Entrance(EMERGENCY, needs="licensed"),
    "patients:emergency_pdf": Entrance(EMERGENCY, Channel.PDF, needs="licensed"),
}
