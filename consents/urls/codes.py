"""Addresses of codes for somebody outside the team: the side that makes them."""

from django.urls import path

from consents.entrances import FOR_THE_PATIENT, Entrance
from consents.views import codes, proving

BASE = "patients/<uuid:patient_id>/sharing/codes/"

urlpatterns = [
    path(BASE, codes.code_list, name="codes"),
    path(f"{BASE}new/", codes.make, name="code_make"),
    path(f"{BASE}new/prove/", proving.prove, name="code_prove"),
    path(f"{BASE}<uuid:code_id>/", codes.code, name="code"),
    path(f"{BASE}<uuid:code_id>/slip.pdf", codes.slip, name="code_slip"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(FOR_THE_PATIENT) for pattern in urlpatterns
}
