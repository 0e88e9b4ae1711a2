"""What is otherwise while somebody looks as somebody else; all of it is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from carecoord.models import User
from consents import gate
from consents.actions.requests import REQUEST_AGAIN_AFTER_DAYS
from consents.actions.team import join
from consents.codes import EndedHow
from consents.models import Consent, ConsentRequest
from providers import actions as provider_actions
from providers.codes import EndReason, Profession
from providers.models import CareTeamParticipant, Party
from providers.roles import Role


@contextmanager
def taken_back() -> Iterator[None]:
    """A savepoint of its own, rolled back at the end, however it ends."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def leave_out(
    *,
    patient,
    permits: Q,
    members: Q,
    requests: QuerySet[ConsentRequest],
    by: User,
    at: datetime,
) -> Iterator[None]:
    """Ends every permit, membership and request but those that `by` may know of.

    While it lasts: at the end all of it is rolled back, with whatever was written
    meanwhile. The pages read states, and so read of nothing else. The same statements,
    however much there is to leave out.
    """
    with taken_back():
        gate.bump(patient.pk)
        mine = Consent.objects.filter(patient_id=patient.pk)
        mine.signed().permits().exclude(
            pk__in=mine.filter(permits).values("pk")
        ).update(revoked_at=at, revoked_by=by, revoked_how=EndedHow.STOPPED)
        team = CareTeamParticipant.objects.current().filter(patient_id=patient.pk)
        # Of a set of ids, so that no table is read while it is written.
        known = list(team.filter(members).values_list("pk", "party_id"))
        team.exclude(pk__in=[pk for pk, _party in known]).update(
            ended_at=F("started_at"), ended_by=by, end_reason=EndReason.LEFT
        )
        type(patient).objects.filter(pk=patient.pk).exclude(
            list_owner__in=[party for _pk, party in known]
        ).update(list_owner=None)
        asked = ConsentRequest.objects.filter(patient_id=patient.pk)
        # Older than any page tells of.
        asked.exclude(pk__in=list(requests.values_list("pk", flat=True))).update(
            asked_at=at - timedelta(days=REQUEST_AGAIN_AFTER_DAYS + 1)
        )
        yield


@contextmanager
def stand_in(
    *, patient, party: Party, role: Role | None, name: str, by: User, at: datetime
) -> Iterator[User]:
    """A sign-in for who has none, or for a new person of a role at an organization.

    While it lasts: at the end it is rolled back, with whatever was written meanwhile.
    Nobody can sign in with it.
    """
    with taken_back():
        gate.bump(patient.pk)
        if role is None:
            yield provider_actions.give_sign_in(party=party, name=name)
        else:
            new = _newcomer(patient, party, role, name=name, by=by, at=at)
            yield provider_actions.give_sign_in(party=new, name=name)


def _newcomer(
    patient, place: Party, role: Role, *, name: str, by: User, at: datetime
) -> Party:
    """Somebody of that role who works there, and is on the care team."""
    profession = role.code if role.code in Profession.values else Profession.OTHER
    practitioner = provider_actions.add_practitioner(name=name, profession=profession)
    provider_actions.join_organization(
        practitioner=practitioner, organization=place.organization, by=by, at=at
    )
    join(patient=patient, party=practitioner.party, role=role.code, by=by, at=at)
    return practitioner.party
