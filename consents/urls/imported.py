"""Addresses of permissions to and from other systems."""

from django.urls import path

from consents.entrances import FOR_THE_PATIENT, PATIENT_ONLY, Entrance
from consents.views import imported

BASE = "patients/<uuid:patient_id>/sharing/"
HERE = f"{BASE}from-elsewhere/"

urlpatterns = [
    path(HERE, imported.bring_in, name="bring_in"),
    path(f"{HERE}<uuid:draft_id>/", imported.draft, name="imported"),
    path(f"{HERE}<uuid:draft_id>/drop/", imported.drop, name="imported_drop"),
    path(
        f"{BASE}receipts/permissions.json", imported.receipts_file, name="receipts_file"
    ),
    path(
        f"{BASE}receipts/<uuid:consent_id>/permission.json",
        imported.receipt_file,
        name="receipt_file",
    ),
]

# As the receipts themselves: whoever acts for the patient may have them too.
FILES = ("receipts_file", "receipt_file")
ENTRANCES = {
    f"consents:{pattern.name}": Entrance(
        FOR_THE_PATIENT if pattern.name in FILES else PATIENT_ONLY
    )
    for pattern in urlpatterns
}
