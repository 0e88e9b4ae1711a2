"""Addresses of reports: the patient's, and family's about a clinician."""

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

PATIENT_AND_FAMILY: Purposes = {Relation.PATIENT: "PATRQT", Relation.FAMILY: "FAMRQT"}
ENTRANCES = {
    "consents:looks_wrong": Entrance(PATIENT_ONLY),
    "consents:report_conduct": Entrance(PATIENT_AND_FAMILY),
    "consents:reports": Entrance(PATIENT_AND_FAMILY),
    "consents:report": Entrance(PATIENT_AND_FAMILY),
}
