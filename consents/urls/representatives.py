"""Addresses of who acts for the patient: theirs, the clinician's, the officer's."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from consents import office
from consents.access.representatives import office_lines
from consents.entrances import CLINICIAN_ONLY, FOR_THE_PATIENT, NO_CONTENT, Entrance
from consents.views import acting_office, representatives

BASE = "patients/<uuid:patient_id>/"
OFFICE = "privacy/acting/"
ONE = f"{OFFICE}patient/<uuid:patient_id>/"

_OFFICE = [
    path(OFFICE, acting_office.index, name="acting"),
    path(ONE, acting_office.patient, name="acting_patient"),
    path(f"{ONE}new/", acting_office.record, name="acting_record"),
    path(f"{ONE}death/", acting_office.death, name="acting_death"),
    path(
        f"{ONE}death/correct/",
        acting_office.death_correct,
        name="acting_death_correct",
    ),
    path(
        f"{OFFICE}<uuid:representative_id>/end/", acting_office.end, name="acting_end"
    ),
    path(
        f"{OFFICE}<uuid:representative_id>/check/",
        acting_office.check,
        name="acting_check",
    ),
]
urlpatterns = [
    path(f"{BASE}sharing/acting/", representatives.people, name="representatives"),
    path(
        f"{BASE}sharing/acting/<uuid:representative_id>/stop/",
        representatives.stop,
        name="representative_stop",
    ),
    path(f"{BASE}deciding/", representatives.incapacity, name="incapacity"),
    *_OFFICE,
]

ENTRANCES = {
    "consents:representatives": Entrance(FOR_THE_PATIENT),
    "consents:representative_stop": Entrance(FOR_THE_PATIENT),
    "consents:incapacity": Entrance(CLINICIAN_ONLY, needs="licensed"),
} | {f"consents:{pattern.name}": Entrance(NO_CONTENT) for pattern in _OFFICE}

office.register(
    office.Section(
        key="acting",
        order=30,
        heading=_("Who acts for a patient"),
        empty=_("No paper waits to be seen."),
        lines=office_lines,
        more="consents:acting",
        more_text=_("Who acts, and what to record"),
    )
)
