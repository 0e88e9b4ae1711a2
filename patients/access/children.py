"""A child's way to a sign-in, and what a state leaves to the child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from carecoord import zones
from consents import representing
from consents.access import OpenPatient
from consents.codes import LABELS, RepresentativeKind
from consents.office import MOST_LINES, Line, Office, own_patients
from patients.models import Patient, SignInOffer
from patients.querysets import offered_by_right


def open_offer(token_hash: str, at: datetime) -> SignInOffer | None:
    """The offer behind a link while it can be taken. One query for all reasons."""
    found = SignInOffer.objects.filter(
        offered_by_right(at),
        token_hash=token_hash,
        taken_at=None,
        expires_at__gt=at,
        patient__user=None,
    )
    return found.select_related("patient").first()


def office_lines(office: Office) -> list[Line]:
    """Who turned 18 without a sign-in, and nobody acts: the longest since first.

    Not while a link is on its way to them, and not what is the officer's own.
    """
    at = office.at
    offered = SignInOffer.objects.filter(
        offered_by_right(at), taken_at=None, expires_at__gt=at, patient__user=None
    )
    found = (
        Patient.objects.filter(user=None, died_at=None, majority_at__lte=at)
        # A record of an adult that came in from a file was never a child's.
        .filter(created_at__lt=F("majority_at"))
        .exclude(pk__in=representing.of_users(at).values("patient_id"))
        .exclude(pk__in=offered.values("patient_id"))
        .exclude(pk__in=own_patients(office.user))
        .order_by("majority_at", "pk")
    )
    return [
        Line(
            text=_("%(name)s is an adult now, and nobody signs in")
            % {"name": patient.name},
            href=reverse("consents:acting_patient", args=[patient.pk]),
            note=_since(patient),
        )
        for patient in found[:MOST_LINES]
    ]


def _since(patient: Patient) -> str:
    turned = patient.majority_at or patient.created_at
    day = zones.day_words(zones.today(turned, patient.time_zone))
    return _("18 since %(day)s") % {"day": day}


def require_parent(opened: OpenPatient) -> None:
    """For a parent who decides for the child; else the 404."""
    acting = opened.representative
    opened.require(
        acting is not None
        and acting.kind == RepresentativeKind.PARENT
        and acting.may_sign
    )


@dataclass(frozen=True)
class StateChange:
    """What another state would change for a child: in words, both ways."""

    state: str
    own: tuple[str, ...]
    # What a parent who acts would see that is the child's own now, and the reverse.
    opens: tuple[str, ...]
    closes: tuple[str, ...]


def is_child(patient: Patient, at: datetime) -> bool:
    return patient.majority_at is not None and at < patient.majority_at


def state_change(patient: Patient, state: str, at: datetime) -> StateChange:
    """Of the patient as they are today; an adult's is empty both ways."""
    young = is_child(patient, at)
    now = _own_now(patient.state, patient, at) if young else set()
    then = _own_now(state, patient, at) if young else set()
    return StateChange(
        state=dict(settings.JURISDICTION.state_choices).get(state, ""),
        own=own_words(state),
        opens=_words(now - then),
        closes=_words(then - now),
    )


def own_words(state: str) -> tuple[str, ...]:
    """ "HIV, from 14" for each label of a state."""
    return tuple(
        _("%(what)s, from %(age)s")
        % {"what": capfirst(LABELS.by_name[label].word), "age": age}
        for label, age in representing.own_from(state)
    )


def _own_now(state: str, patient: Patient, at: datetime) -> set[str]:
    return {
        label
        for label, age in representing.own_from(state)
        if patient.birth_date and patient.birth_date <= representing.born_by(age, at)
    }


def _words(labels: set[str]) -> tuple[str, ...]:
    return tuple(code.word for code in LABELS if code.name in labels)
