"""Addresses of emergency access: the team, the patient, the privacy officer."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from consents import office
from consents.access.emergency import office_lines
from consents.codes import Relation
from consents.entrances import FOR_THE_PATIENT, NO_CONTENT, PATIENT_ONLY, Entrance
from consents.views import emergency

BASE = "patients/<uuid:patient_id>/"

urlpatterns = [
    path(f"{BASE}emergency/", emergency.state, name="emergency"),
    path(f"{BASE}emergency/close/", emergency.end, name="emergency_end"),
    path(f"{BASE}sharing/emergency/", emergency.choose, name="emergency_choice"),
    path(
        f"{BASE}sharing/emergency/opened/",
        emergency.when_opened,
        name="emergency_opened",
    ),
    path("privacy/emergencies/", emergency.waiting, name="emergencies"),
    path(
        "privacy/emergencies/<uuid:emergency_id>/",
        emergency.review,
        name="emergency_review",
    ),
    path(
        "privacy/emergencies/<uuid:emergency_id>/lift/",
        emergency.lift,
        name="emergency_lift",
    ),
]

EMERGENCY = Entrance({Relation.CLINICIAN: "ETREAT"}, needs="licensed")

ENTRANCES = {
    "consents:emergency": EMERGENCY,
    "consents:emergency_end": EMERGENCY,
    "consents:emergency_choice": Entrance(PATIENT_ONLY),
    "consents:emergency_opened": Entrance(FOR_THE_PATIENT),
    "consents:emergencies": Entrance(NO_CONTENT),
    "consents:emergency_review": Entrance(NO_CONTENT),
    "consents:emergency_lift": Entrance(NO_CONTENT),
}

office.register(
    office.Section(
        key="emergencies",
        order=20,
        heading=_("Emergency access to check"),
        empty=_("Nothing waits."),
        lines=office_lines,
        more="consents:emergencies",
        more_text=_("All emergency access"),
    )
)
