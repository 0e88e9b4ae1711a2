"""Addresses of who looked, for the patient alone."""

from django.urls import path

from consents.entrances import PATIENT_ONLY, Entrance
from consents.views import log

BASE = "patients/<uuid:patient_id>/sharing/log/"

urlpatterns = [
    path(BASE, log.log, name="log"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(PATIENT_ONLY) for pattern in urlpatterns
}
