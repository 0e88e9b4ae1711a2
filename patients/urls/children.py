"""Addresses of a child's record and its sign-in, and of the state somebody lives in."""

from django.urls import path

from consents.codes import Relation
from consents.entrances import NO_CONTENT, PATIENT_ONLY, Entrance
from patients.views import children, giving

urlpatterns = [
    path("welcome/child/", children.begin, name="child_begin"),
    path("own-sign-in/", children.take, name="own_sign_in"),
    path("own-sign-in/<str:token>/", children.link, name="own_sign_in_link"),
    path("patients/<uuid:patient_id>/sign-in/", children.offer, name="child_sign_in"),
    path("patients/<uuid:patient_id>/state/", children.state, name="state"),
    path(
        "privacy/acting/patient/<uuid:patient_id>/state/",
        children.state_correct,
        name="state_correct",
    ),
    path(
        "privacy/acting/patient/<uuid:patient_id>/sign-in/",
        giving.give,
        name="give_sign_in",
    ),
]

ENTRANCES: dict[str, Entrance] = {
    "patients:child_begin": Entrance({}),
    "patients:own_sign_in": Entrance({}),
    "patients:own_sign_in_link": Entrance({}),
    "patients:child_sign_in": Entrance({Relation.REPRESENTATIVE: "PWATRNY"}),
    "patients:state": Entrance(PATIENT_ONLY),
    "patients:state_correct": Entrance(NO_CONTENT),
    "patients:give_sign_in": Entrance(NO_CONTENT),
}
