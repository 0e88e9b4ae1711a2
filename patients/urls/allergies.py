"""Addresses of allergies and of the substances block."""

from django.urls import path

from consents.entrances import EVERYONE, FOR_THE_PATIENT, Entrance
from patients.views import allergies, substances

LIST = "patients/<uuid:patient_id>/allergies/"
ONE = f"{LIST}<uuid:allergy_id>/"
USE = "patients/<uuid:patient_id>/substances/"

OWN = [
    path(f"{LIST}add/", allergies.allergy_add, name="allergy_add"),
    path(f"{LIST}none/", allergies.allergies_none, name="allergies_none"),
    path(f"{ONE}change/", allergies.allergy_change, name="allergy_change"),
    path(f"{ONE}mistake/", allergies.allergy_mistake, name="allergy_mistake"),
    path(USE, substances.substance_list, name="substances"),
    path(f"{USE}add/", substances.substance_add, name="substance_add"),
    path(
        f"{USE}<uuid:substance_id>/change/",
        substances.substance_change,
        name="substance_change",
    ),
]
urlpatterns: list = [path(LIST, allergies.allergy_list, name="allergies"), *OWN]

ENTRANCES: dict[str, Entrance] = {
    "patients:allergies": Entrance(EVERYONE, preview=True),
    **{f"patients:{pattern.name}": Entrance(FOR_THE_PATIENT) for pattern in OWN},
}
