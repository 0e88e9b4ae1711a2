"""What is out of sight while somebody who acts for a patient looks as somebody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from carecoord.models import User
from consents import gate
from consents.actions.requests import REQUEST_AGAIN_AFTER_DAYS
from consents.codes import EndedHow
from consents.models import Consent, ConsentRequest
from providers.codes import EndReason
from providers.models import CareTeamParticipant


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
    with transaction.atomic():
        try:
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
        finally:
            transaction.set_rollback(True)
