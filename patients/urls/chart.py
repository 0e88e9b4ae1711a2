"""Addresses of chart, and through which entrance who reads for what."""

from django.urls import path

from consents.entrances import EVERYONE, Entrance
from patients.views import chart as views

urlpatterns = [
    path("patients/", views.patient_list, name="list"),
    path("patients/<uuid:patient_id>/", views.chart, name="chart"),
]

ENTRANCES: dict[str, Entrance] = {
    "patients:list": Entrance(EVERYONE),
    "patients:chart": Entrance(EVERYONE, preview=True),
}
