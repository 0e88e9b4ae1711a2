"""Addresses of the accounting of disclosures, for the patient alone."""

from django.urls import path

from consents.entrances import PATIENT_ONLY, Entrance
from consents.views import accounting

BASE = "patients/<uuid:patient_id>/sharing/accounting/"

urlpatterns = [
    path(BASE, accounting.page, name="accounting"),
    path(f"{BASE}accounting.pdf", accounting.paper, name="accounting_pdf"),
    path(f"{BASE}accounting.csv", accounting.table, name="accounting_csv"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(PATIENT_ONLY) for pattern in urlpatterns
}
