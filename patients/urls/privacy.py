"""The page on who sees one item, for the patient alone."""

from django.urls import path

from consents.entrances import PATIENT_ONLY, Entrance
from patients.views import privacy

urlpatterns = [
    path(
        "patients/<uuid:patient_id>/items/<str:label>/<uuid:item_id>/privacy/",
        privacy.item_privacy,
        name="item_privacy",
    ),
]

ENTRANCES: dict[str, Entrance] = {"patients:item_privacy": Entrance(PATIENT_ONLY)}
