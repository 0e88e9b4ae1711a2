"""Addresses of the record: the patient's, and of who decides for them."""

from django.urls import path

from consents.entrances import FOR_THE_PATIENT, PATIENT_ONLY, Entrance
from patients.views import details, record

RECORD = "patients/<uuid:patient_id>/record/"
NOUN = f"{RECORD}<slug:slug>/"
ITEM = f"{NOUN}<uuid:item_id>/"

urlpatterns = [
    path("patients/<uuid:patient_id>/more/", record.more, name="more"),
    path("patients/<uuid:patient_id>/details/", details.details, name="details"),
    path(RECORD, record.record, name="record"),
    path(NOUN, record.noun_list, name="record_list"),
    path(f"{NOUN}add/", record.add, name="record_add"),
    path(f"{ITEM}change/", record.change, name="record_change"),
    path(f"{ITEM}mistake/", record.mistake, name="record_mistake"),
]

ENTRANCES: dict[str, Entrance] = {
    f"patients:{pattern.name}": Entrance(FOR_THE_PATIENT) for pattern in urlpatterns
} | {
    "patients:more": Entrance(PATIENT_ONLY),
    "patients:details": Entrance(PATIENT_ONLY),
}
