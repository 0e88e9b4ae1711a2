"""What a person says about themselves: name, zone, messages, the contact card."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from carecoord.models import MailWhen, User
from consents import gate
from consents.disclosable import registry
from consents.models import Representative
from patients.actions.patients import change_details
from patients.models import Patient
from providers import actions as providers
from providers.codes import PartyKind
from providers.models import (
    CareTeamParticipant,
    Organization,
    Party,
    Practitioner,
    PractitionerRole,
)
from providers.querysets import organizations_named


@dataclass(frozen=True)
class ContactCard:
    """How a clinician is reached about shared patients (S7, S55)."""

    phone: str = ""
    after_hours_phone: str = ""
    best_way: str = ""
    reply_time: str = ""


@dataclass(frozen=True)
class Own:
    """What everybody sets for themselves. The hours count on the clock of the zone."""

    time_zone: str
    discreet: bool = False
    quick_exit: bool = False
    mail_when: str = MailWhen.ANY
    mail_from: int | None = None
    mail_until: int | None = None


def must_be_reached(user: User) -> bool:
    """Whoever treats somebody, or is the privacy officer, can't do without e-mail."""
    clinicians = Practitioner.objects.filter(party__user=user)
    return user.is_privacy_officer or clinicians.exists()


@transaction.atomic
def change_own(*, user: User, own: Own, name: str = "") -> None:
    """The person's own settings. A clinician's new name has to be checked again.

    Empty `name`: a patient's name belongs to the record and is changed there.
    Raises ValueError where a clinician wants no mail, and for the name of a privacy
    officer: by it is known which reports they may not read (consents/reports.py).
    """
    if own.mail_when == MailWhen.LEAST and must_be_reached(user):
        raise ValueError("Whoever treats somebody is told by e-mail.")
    if name and user.is_privacy_officer:
        raise ValueError("Whoever runs the service changes the name of an officer.")
    stands = vars(own)
    for field, value in stands.items():
        setattr(user, field, value)
    if name and name != user.name:
        _rename(user, name)
    user.save(update_fields=["name", *stands])
    # Pages and papers of a patient show the same time.
    for patient in Patient.objects.filter(user=user).exclude(time_zone=own.time_zone):
        change_details(patient=patient, by=user, time_zone=own.time_zone)


def _rename(user: User, name: str) -> None:
    """As themselves, and for every patient who has to do with them now.

    Whom a patient took off the team, or blocked, writes nothing on the patient's pages
    any more: a name of two hundred letters would be a message (T90).
    """
    user.name = name
    members = CareTeamParticipant.objects.filter(party=OuterRef("pk"))
    acts = Representative.objects.filter(party=OuterRef("pk"))
    is_known = Exists(members.current()) | Exists(acts.filter(ended_at=None))
    is_out = (Exists(members) | Exists(acts)) & ~is_known
    known = Party.objects.filter(user=user)
    known.exclude(is_out, kind=PartyKind.RELATED_PERSON).update(name=name)
    # What was checked was the licence of somebody with the other name.
    Practitioner.objects.filter(party__user=user).update(
        licence_checked_at=None, licence_checked_by=None
    )


@transaction.atomic
def change_card(*, practitioner: Practitioner, card: ContactCard) -> None:
    """What patients and colleagues read under the clinician's name."""
    for name, value in vars(card).items():
        setattr(practitioner, name, value)
    practitioner.save(update_fields=list(vars(card)))


@transaction.atomic
def work_for(
    *, practitioner: Practitioner, organization_name: str, by: User, at: datetime
) -> tuple[Organization, bool]:
    """Puts a clinician on the staff of an organization, which begins if it is new.

    Returns the organization and whether anything changed. What is kept from the
    organization is over for them in the same second, in open tabs too.
    """
    named = organizations_named(organization_name)
    organization = (
        named[0] if named else providers.add_organization(name=organization_name)
    )
    if PractitionerRole.objects.filter(
        practitioner=practitioner, organization=organization, ended_at=None
    ).exists():
        return organization, False
    _move_gates(practitioner)
    providers.join_organization(
        practitioner=practitioner, organization=organization, by=by, at=at
    )
    return organization, True


@transaction.atomic
def work_no_more_for(
    *, practitioner: Practitioner, organization_name: str, by: User, at: datetime
) -> bool:
    """Takes a clinician off the staff; says whether there was anything to end.

    What was shared with the organization is over for them in the same second, in open
    tabs too: behind the gate of each patient on whose team they are.
    """
    named = organizations_named(organization_name)
    if not PractitionerRole.objects.filter(
        practitioner=practitioner, organization__in=named, ended_at=None
    ).exists():
        return False
    _move_gates(practitioner)
    providers.leave_organizations(
        practitioner=practitioner, organizations=named, by=by, at=at
    )
    return True


def _move_gates(practitioner: Practitioner) -> None:
    """Of each patient on whose team they are: every open tab is decided again.

    And of each of whom they wrote to others: who reads that as a colleague's may be a
    colleague no longer, whether or not the writer is on the team still.
    """
    teams = CareTeamParticipant.objects.current().filter(party=practitioner.party)
    found = {*teams.values_list("patient_id", flat=True), *_wrote_of(practitioner)}
    for patient_id in sorted(found):
        gate.bump(patient_id)


def _wrote_of(practitioner: Practitioner) -> set[uuid.UUID]:
    """The patients of whom they sent, or measured, something for other clinicians."""
    return {
        patient_id
        for model in registry()
        if model.BETWEEN or model.COMPARED
        for patient_id in model._default_manager.filter(author=practitioner.party)
        .values_list("patient_id", flat=True)
        .distinct()
    }
