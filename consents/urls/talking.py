"""Addresses of how much the team talks: the patient's, or whoever acts for them."""

from django.urls import path

from consents.entrances import FOR_THE_PATIENT, Entrance
from consents.views import talking

BASE = "patients/<uuid:patient_id>/sharing/talking/"

urlpatterns = [
    path(BASE, talking.choose, name="talking"),
    path(f"{BASE}<uuid:party_id>/", talking.choose, name="talking_one"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(FOR_THE_PATIENT) for pattern in urlpatterns
}
