"""Addresses of invitations and of the first minutes, and who comes in for what."""

from django.urls import path

from consents.entrances import FOR_THE_PATIENT, Entrance
from patients.views import invitations, welcome

TEAM = "patients/<uuid:patient_id>/team/"

urlpatterns = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/record/", welcome.begin, name="welcome_record"),
    path("welcome/clinician/", welcome.clinician, name="welcome_clinician"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("invitation/link/<str:token>/", invitations.link, name="invitation_link"),
    path("invitation/not-me/", invitations.not_me, name="invitation_not_me"),
    path("invitation/closed/", invitations.closed, name="invitation_closed"),
    path("invitation/accept/", invitations.accept, name="invitation_accept"),
    path("invitation/<uuid:invitation_id>/", invitations.wait, name="invitation_wait"),
    path("patients/invite/", invitations.invite_patient, name="invite_patient"),
    path(f"{TEAM}invite/", invitations.invite, name="invite"),
    path(
        f"{TEAM}invitations/<uuid:invitation_id>/",
        invitations.confirm,
        name="invitation_confirm",
    ),
    path(
        f"{TEAM}invitations/<uuid:invitation_id>/cancel/",
        invitations.cancel,
        name="invitation_cancel",
    ),
]

# The others open no patient: nothing clinical is read through them, by nobody.
OF_A_PATIENT = ("invite", "invitation_confirm", "invitation_cancel")
ENTRANCES: dict[str, Entrance] = {
    f"patients:{pattern.name}": Entrance(
        FOR_THE_PATIENT if pattern.name in OF_A_PATIENT else {}
    )
    for pattern in urlpatterns
}
