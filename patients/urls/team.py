"""Addresses of the care team, and through which entrance who reads for what."""

from django.urls import path

from consents.entrances import EVERYONE, FOR_THE_PATIENT, PATIENT_ONLY, Entrance
from patients.views import team

BASE = "patients/<uuid:patient_id>/team/"

urlpatterns = [
    path(BASE, team.team, name="team"),
    path(f"{BASE}add/", team.add, name="team_add"),
    path(f"{BASE}list-owner/", team.list_owner, name="team_list_owner"),
    path(f"{BASE}<uuid:member_id>/change/", team.change, name="team_change"),
    path(f"{BASE}<uuid:member_id>/remove/", team.remove, name="team_remove"),
]

ENTRANCES: dict[str, Entrance] = {
    f"patients:{pattern.name}": Entrance(FOR_THE_PATIENT) for pattern in urlpatterns
} | {
    "patients:team": Entrance(EVERYONE, preview=True),
    # Who keeps the list is a fact of the patient's own, like the name.
    "patients:team_list_owner": Entrance(PATIENT_ONLY),
}
