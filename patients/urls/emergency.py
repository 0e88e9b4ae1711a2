"""Address of the emergency page, with a purpose of its own."""

from django.urls import path

from consents.codes import Relation
from consents.entrances import Entrance
from patients.views import emergency as views

urlpatterns = [
    path(
        "patients/<uuid:patient_id>/emergency/page/", views.page, name="emergency_page"
    ),
]

ENTRANCES: dict[str, Entrance] = {
    "patients:emergency_page": Entrance(
        {Relation.CLINICIAN: "ETREAT"}, needs="licensed"
    ),
}
