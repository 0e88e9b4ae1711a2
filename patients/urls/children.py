"""Addresses of a child's record and its sign-in, and of the state somebody lives in."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from consents import office
from consents.codes import Relation
from consents.entrances import NO_CONTENT, PATIENT_ONLY, Entrance
from patients.access.children import office_lines
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

office.register(
    office.Section(
        key="grown",
        order=31,
        heading=_("Adults without a sign-in"),
        empty=_("Nobody who turned 18 waits for a sign-in."),
        lines=office_lines,
    )
)

ENTRANCES: dict[str, Entrance] = {
    "patients:child_begin": Entrance({}),
    "patients:own_sign_in": Entrance({}),
    "patients:own_sign_in_link": Entrance({}),
    "patients:child_sign_in": Entrance({Relation.REPRESENTATIVE: "PWATRNY"}),
    "patients:state": Entrance(PATIENT_ONLY),
    "patients:state_correct": Entrance(NO_CONTENT),
    "patients:give_sign_in": Entrance(NO_CONTENT),
}
