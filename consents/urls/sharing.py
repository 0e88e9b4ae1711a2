"""Addresses of sharing, all of them for the patient alone."""

from django.urls import path

from consents.entrances import PATIENT_ONLY, Entrance
from consents.views import change, grant, receipts, sharing, stop

BASE = "patients/<uuid:patient_id>/sharing/"

urlpatterns = [
    path(BASE, sharing.overview, name="sharing"),
    path(f"{BASE}grant/", grant.grant, name="grant"),
    path(f"{BASE}receipts/", receipts.receipt_list, name="receipts"),
    path(f"{BASE}receipts/<uuid:consent_id>/", receipts.receipt, name="receipt"),
    path(
        f"{BASE}receipts/<uuid:consent_id>/receipt.pdf",
        receipts.receipt_pdf,
        name="receipt_pdf",
    ),
    path(f"{BASE}kept-back/<int:deny_id>/", sharing.give_back, name="give_back"),
    path(f"{BASE}<uuid:party_id>/", sharing.person, name="person"),
    path(f"{BASE}<uuid:target_id>/revoke/", stop.revoke, name="revoke"),
    path(f"{BASE}<uuid:consent_id>/change/", change.change, name="change"),
    path(f"{BASE}<uuid:party_id>/never/", stop.never, name="never"),
    path(f"{BASE}<uuid:consent_id>/lift/", stop.lift, name="lift"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(PATIENT_ONLY) for pattern in urlpatterns
}
