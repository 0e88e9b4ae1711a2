"""Addresses of tests and their results. A test is named by a mark, never in words."""

from django.urls import path

from consents.codes import Relation
from consents.entrances import EVERYONE, FOR_THE_PATIENT, Entrance
from patients.views import monitoring

TESTS = "patients/<uuid:patient_id>/tests/"

READ = [path(TESTS, monitoring.tests, name="tests")]
WRITE = [
    path(f"{TESTS}add/", monitoring.choose, name="test_choose"),
    path(f"{TESTS}add/<slug:test_mark>/", monitoring.add, name="test_add"),
    path(
        f"{TESTS}owner/<slug:test_mark>/",
        monitoring.choose_owner,
        name="test_owner",
    ),
    path(
        f"{TESTS}results/<uuid:result_id>/mistake/",
        monitoring.mistake,
        name="test_mistake",
    ),
]
urlpatterns = [*READ, *WRITE]
# Whoever decides about the numbers, and licensed clinicians who see them.
WRITERS = {
    relation: purpose
    for relation, purpose in EVERYONE.items()
    if relation != Relation.FAMILY
}
ENTRANCES: dict[str, Entrance] = {
    "patients:tests": Entrance(EVERYONE, preview=True),
    "patients:test_choose": Entrance(WRITERS, shares="measures"),
    "patients:test_add": Entrance(WRITERS, shares="measures"),
    "patients:test_owner": Entrance(FOR_THE_PATIENT),
    "patients:test_mistake": Entrance(WRITERS, shares="measures"),
}
