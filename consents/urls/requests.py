"""Addresses of requests: to ask (the team), to answer (the patient)."""

from django.urls import path

from consents.codes import Relation
from consents.entrances import FOR_THE_PATIENT, Entrance
from consents.views import requests

BASE = "patients/<uuid:patient_id>/sharing/"

urlpatterns = [
    path(f"{BASE}ask/", requests.ask, name="ask"),
    path(f"{BASE}requests/<uuid:request_id>/", requests.answer, name="request"),
]

ENTRANCES = {
    "consents:ask": Entrance(
        {Relation.CLINICIAN: "TREAT", Relation.FAMILY: "FAMRQT"}, needs="categories"
    ),
    "consents:request": Entrance(FOR_THE_PATIENT),
}
