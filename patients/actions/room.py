"""How many medicines a record holds: more than any real list has, and not endless.

A page, a check of all pairs and a printed list grow with it: 500 lines took a printer
40 s, in which nobody else's paper came.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carecoord.models import User
from patients.codes import CURRENT
from patients.models import MedicationRequest, MedicationStatement, Patient
from providers.models import Party

# Taken, on hold or to be started. Very ill people have thirty or forty lines.
MOST_CURRENT = 100
# With what was stopped: half a life of trials, and an import of all of it.
MOST_LINES = 500
# Entries of one prescriber that wait for the patient's answer.
MOST_WAITING = 50


class ListFull(ValueError):
    """There is no room for another line; the message is for the person."""


def check_room(*, patient: Patient, by: User, is_current: bool) -> None:
    """Raises ListFull where another line would be too many."""
    if is_current:
        check_current(patient=patient, by=by)
    if _lines(patient, by).count() >= MOST_LINES:
        said = _(
            "There is room for %(n)s medicines, with those that were stopped, and all "
            "of it is used. Take off what stands there twice or by mistake."
        )
        raise ListFull(said % {"n": MOST_LINES})


def check_current(*, patient: Patient, by: User) -> None:
    """Raises ListFull where another line that is taken would be too many."""
    if _lines(patient, by).filter(status__in=CURRENT).count() >= MOST_CURRENT:
        said = _(
            "There is room for %(n)s medicines on the list, and all of it is used. "
            "Stop what is not taken any more, or take off what stands there twice."
        )
        raise ListFull(said % {"n": MOST_CURRENT})


def _lines(patient: Patient, by: User) -> QuerySet[MedicationStatement]:
    """What counts. For somebody who acts for the patient: lines of their own hand.

    What the patient has beside them may not be theirs to know.
    """
    lines = MedicationStatement.objects.standing().filter(patient=patient)
    return lines if by.pk == patient.user_id else lines.filter(recorded_by=by)


def why_full(*, patient: Patient, by: User) -> str:
    """Why nothing that is taken can be added now; empty where there is room."""
    try:
        check_room(patient=patient, by=by, is_current=True)
    except ListFull as full:
        return str(full)
    return ""


def check_waiting(*, patient: Patient, author: Party) -> None:
    """Raises ListFull where too many entries of this author wait for an answer."""
    waiting = MedicationRequest.objects.standing().filter(
        patient=patient, author=author, adopted_at=None, set_aside_at=None
    )
    if waiting.count() >= MOST_WAITING:
        said = _(
            "%(n)s of your entries wait for the patient's answer. Take back what does "
            "not count any more, or speak with the patient first."
        )
        raise ListFull(said % {"n": MOST_WAITING})
