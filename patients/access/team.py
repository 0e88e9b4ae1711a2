"""Who is on the care team. The roster is sensitive: shown where it is shared."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from consents import parents_reach, representing
from consents.access import OpenPatient
from consents.childs_people import by_childs_hand, childs_own
from consents.codes import CATEGORIES, PURPOSES, RepresentativeKind
from consents.decisions import is_for
from consents.models import Consent
from consents.querysets import bits
from patients import duties
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

CARE_TEAM = CATEGORIES["care_team"]


def roster(opened: OpenPatient) -> list[CareTeamParticipant]:
    """The team now, with its disclosure; empty where the roster is not shared."""
    if opened.is_patient:
        return _current(opened)
    if not opened.scope.has("care_team"):
        return []
    found = _current(opened)
    relied_on = _consent(opened)
    for member in found:
        member.categories, member.relied_on = CARE_TEAM, relied_on
    opened.show(found)
    return found


def note_named(opened: OpenPatient, party_ids: Iterable[uuid.UUID]) -> None:
    """Queues whom of the team, now or once, a page names beside what it shows."""
    rows = CareTeamParticipant.objects.filter(
        patient_id=opened.patient.pk, party_id__in=list(party_ids)
    ).select_related("patient")
    named = list(
        {row.party_id: row for row in rows.order_by("started_at", "pk")}.values()
    )
    relied_on = _consent(opened) if named else None
    for member in named:
        member.categories, member.relied_on = CARE_TEAM, relied_on
    opened.show(named)


def list_owner(opened: OpenPatient) -> Party | None:
    """Who keeps the list beside the patient, for whoever may know the team.

    Nobody, to a parent, where it is somebody whom the child alone took onto the team;
    nor to whom only a parent lets see the team.
    """
    if not (opened.representative or _by_parents_alone(opened)):
        return opened.patient.list_owner
    # Asked for in any case: one who may not be known costs no query more.
    known = members(opened).filter(party_id=F("patient__list_owner_id"))
    owner = known.select_related("party").first()
    return owner.party if owner else None


def clinicians(opened: OpenPatient) -> list[CareTeamParticipant]:
    """Those of the roster whose licence lets them answer for something."""
    return [member for member in roster(opened) if ROLES[member.role].licensed]


def names(opened: OpenPatient) -> list[str]:
    """Who is on the record by name, for whoever keeps the team: to compare with.

    The patient too, and who was on the team; nobody whom a parent may not know.
    """
    opened.require(representing.keeps_team(opened))
    members = [*_current(opened), *former_of(opened).select_related("party")]
    return [opened.patient.name, *(one.party.name for one in members)]


def _current(opened: OpenPatient) -> list[CareTeamParticipant]:
    return duties.settled(
        childs_own(members(opened))
        .select_related("party__practitioner", "party__related_person", "patient")
        .order_by("started_at", "pk")
    )


def members(opened: OpenPatient) -> QuerySet[CareTeamParticipant]:
    """The team now, as far as this reader may know of it where it is shared."""
    parents = _by_parents_alone(opened)
    known = _known_to_parents if parents else representing.known_members
    return CareTeamParticipant.objects.current().filter(
        known(opened), patient_id=opened.patient.pk
    )


def sees_all(opened: OpenPatient) -> bool:
    """Whether a duty that nobody here has may be said to be nobody's.

    A child who signs in has people of their own: of them a parent knows nothing, nor
    does anybody to whom only a parent shows the team.
    """
    if opened.patient.user_id is None:
        return True
    return opened.representative is None and not _by_parents_alone(opened)


def _by_parents_alone(opened: OpenPatient) -> bool:
    """Whether it is family, or somebody with a code, to whom only a parent shows it."""
    if opened.is_patient or not parents_reach.binds(opened.reader):
        return False
    kinds = _shared(opened).values_list("representative__kind", flat=True)
    return set(kinds) == {RepresentativeKind.PARENT}


def _known_to_parents(opened: OpenPatient) -> Q:
    """Nobody whom a child alone took on: nobody gives a name that is not theirs."""
    signers = _shared(opened).values("signed_by_id")
    signed = Consent.objects.permits().filter(
        patient_id=opened.patient.pk, signed_by_id__in=signers
    )
    return (
        ~by_childs_hand()
        | Q(party_id=opened.party_id)
        | Q(party_id__in=signed.values("recipient_id"))
    )


def _consent(opened: OpenPatient) -> uuid.UUID | None:
    """The newest permission that shares the roster with this reader."""
    newest = _shared(opened).order_by("-signed_at", "-pk")
    return newest.values_list("pk", flat=True).first()


def _shared(opened: OpenPatient) -> QuerySet[Consent]:
    """The permissions that share the roster with this reader now."""
    reader = opened.reader
    return (
        Consent.objects.in_force(reader.at)
        .permits()
        .filter(is_for(reader, field="recipient"))
        .filter(patient_id=opened.patient.pk)
        .annotate(
            kind=bits("categories", CARE_TEAM),
            purpose=bits("purposes", PURPOSES[reader.purpose]),
        )
        .exclude(kind=0)
        .exclude(purpose=0)
    )


def member(opened: OpenPatient, pk: uuid.UUID) -> CareTeamParticipant:
    """One of the team now, for whoever may end the membership; or 404."""
    opened.require(representing.ends_memberships(opened))
    for one in _current(opened):
        if one.pk == pk:
            return one
    opened.refuse()
    raise AssertionError("refuse() raises")


def former(opened: OpenPatient) -> list[CareTeamParticipant]:
    """Who was on the team, newest end first."""
    opened.require(representing.keeps_team(opened))
    return list(
        former_of(opened)
        .select_related("party", "ended_by")
        .order_by("-ended_at", "-pk")
    )


def former_of(opened: OpenPatient) -> QuerySet[CareTeamParticipant]:
    """A parent knows nothing of whom a child who signs in took on, or off, the team."""
    ended = CareTeamParticipant.objects.filter(
        representing.known_members(opened),
        patient_id=opened.patient.pk,
        ended_at__isnull=False,
    )
    if opened.representative and not representing.ends_memberships(opened):
        return ended.exclude(ended_by_id=opened.patient.user_id)
    return ended
