"""Who may see which invitation, and what of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q

from carecoord.models import User
from consents import inviting, representing
from consents.access import OpenPatient
from consents.access.kept_back import kept_out_by_name
from consents.models import Invitation
from patients.access.team import former_of
from providers.codes import EndReason, PartyKind
from providers.models import CareTeamParticipant, Party, Practitioner
from providers.roles import ROLES


def _with_people():
    return Invitation.objects.select_related("patient", "sent_by", "accepted_by")


def open_link(token_hash: str, at: datetime) -> Invitation | None:
    """The invitation behind a link, while it can be answered.

    One query whether there is none, or it was used, has ended or was cancelled.
    """
    return (
        _with_people()
        .filter(
            token_hash=token_hash,
            accepted_at=None,
            cancelled_at=None,
            not_me_at=None,
            expires_at__gt=at,
        )
        .filter(inviting.invited_by_right(at))
        .first()
    )


def accepted_by(user: User, pk: uuid.UUID) -> Invitation | None:
    """An invitation that this person accepted."""
    return _with_people().filter(pk=pk, accepted_by=user).first()


def of_patient(opened: OpenPatient) -> list[Invitation]:
    """The patient's invitations that are not finished, newest first.

    Whoever acts for the patient reads those that they may know of.
    """
    opened.require(representing.keeps_team(opened))
    found = _with_people().filter(
        inviting.known_invitations(opened),
        confirmed_at=None,
        cancelled_at=None,
    )
    return list(inviting.with_right(found, opened.at).order_by("-sent_at", "-pk"))


def to_confirm(opened: OpenPatient, pk: uuid.UUID) -> Invitation:
    """One that somebody accepted and that waits for a yes to who it is; or 404.

    Nobody who acts for a patient says yes to themselves.
    """
    opened.require(representing.keeps_team(opened))
    found = (
        _with_people()
        .filter(
            inviting.known_invitations(opened),
            Q(accepted_at__isnull=False, confirmed_at=None, cancelled_at=None),
            pk=pk,
        )
        .exclude(accepted_by=opened.reading.user)
        .first()
    )
    if found is None:
        opened.refuse()
    return found


def own(opened: OpenPatient, pk: uuid.UUID) -> Invitation:
    """One of the patient's unfinished invitations; or 404."""
    for invitation in of_patient(opened):
        if invitation.pk == pk:
            return invitation
    opened.refuse()
    raise AssertionError("refuse() raises")


def sent_by_clinician(user: User) -> list[Invitation]:
    """What a clinician sent to patients and nobody answered yet, newest first."""
    return list(
        _with_people()
        .filter(sent_by=user, patient=None, cancelled_at=None)
        .order_by("-sent_at", "-pk")
    )


def practitioner_of(user: User) -> Practitioner | None:
    """Who this person is as a clinician."""
    return (
        Practitioner.objects.filter(
            party__user=user, party__kind=PartyKind.PRACTITIONER
        )
        .select_related("party")
        .first()
    )


def was_blocked(opened: OpenPatient, user: User) -> bool:
    """Whether this person was blocked before, as far as the reader may know of it."""
    return (
        former_of(opened)
        .filter(party__user=user, end_reason=EndReason.BLOCKED)
        .exists()
    )


def held_too(opened: OpenPatient, found: Invitation) -> list[str]:
    """Who is on paper by the name of whoever accepted: what is kept from them holds."""
    names = [found.acceptor.name, inviting.called_by_patient(found)]
    return kept_out_by_name(opened, kind=_kind(found), names=names)


def maybe_on_paper(opened: OpenPatient, found: Invitation) -> list[Party]:
    """Of the team, whom the patient has on paper and who could be this person."""
    if not opened.is_patient:
        return []
    team = CareTeamParticipant.objects.current().filter(
        patient_id=opened.patient.pk, party__user=None, party__kind=_kind(found)
    )
    return list(
        Party.objects.filter(pk__in=team.values("party")).order_by("name", "pk")
    )


def _kind(found: Invitation) -> PartyKind:
    related = ROLES[found.role].related
    return PartyKind.RELATED_PERSON if related else PartyKind.PRACTITIONER
