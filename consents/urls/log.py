"""Addresses of who looked, for the patient and who acts for them."""

from django.urls import path

from consents.entrances import FOR_THE_PATIENT, Entrance
from consents.views import log

BASE = "patients/<uuid:patient_id>/sharing/log/"

urlpatterns = [
    path(BASE, log.log, name="log"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(FOR_THE_PATIENT) for pattern in urlpatterns
}
