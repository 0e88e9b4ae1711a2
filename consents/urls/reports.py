"""Addresses of reports: the patient's; about a clinician, of who is close or acts."""

from django.urls import path

from consents.codes import Relation
from consents.entrances import PATIENT_ONLY, Entrance, Purposes
from consents.views import reports

BASE = "patients/<uuid:patient_id>/sharing/"

urlpatterns = [
    path(f"{BASE}log/<uuid:party_id>/wrong/", reports.wrong, name="looks_wrong"),
    path(f"{BASE}report/", reports.conduct, name="report_conduct"),
    path(f"{BASE}reports/", reports.report_list, name="reports"),
    path(f"{BASE}reports/<uuid:report_id>/", reports.report, name="report"),
]

# Whoever acts too: of a small child nobody else can say it (S71).
ALL_BUT_CLINICIANS: Purposes = {
    Relation.PATIENT: "PATRQT",
    Relation.FAMILY: "FAMRQT",
    Relation.REPRESENTATIVE: "PWATRNY",
}
ENTRANCES = {
    "consents:looks_wrong": Entrance(PATIENT_ONLY),
    "consents:report_conduct": Entrance(ALL_BUT_CLINICIANS),
    "consents:reports": Entrance(ALL_BUT_CLINICIANS),
    "consents:report": Entrance(ALL_BUT_CLINICIANS),
}
