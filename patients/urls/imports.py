"""Addresses of records from elsewhere, all of them for the patient alone."""

from django.urls import path

from consents.entrances import PATIENT_ONLY, Entrance
from patients.views import imports

BASE = "patients/<uuid:patient_id>/import/"
FILE = f"{BASE}<uuid:file_id>/"

urlpatterns = [
    path(BASE, imports.upload, name="import"),
    path(FILE, imports.file, name="import_file"),
    path(f"{FILE}whose/", imports.whose, name="import_whose"),
    path(f"{FILE}all/", imports.accept_new, name="import_all"),
    path(f"{FILE}<uuid:item_id>/", imports.item, name="import_item"),
]

ENTRANCES: dict[str, Entrance] = {
    f"patients:{pattern.name}": Entrance(PATIENT_ONLY) for pattern in urlpatterns
}
