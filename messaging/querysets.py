"""Reads of many; time is always passed in."""

import uuid

from django.db.models import Exists, F, OuterRef, Q

from carecoord.clock import database_now
from carecoord.models import OutgoingMail
from messaging.codes import RecipientStatus
from messaging.models import Update, UpdateRecipient
from patients.codes import EventKind
from patients.models import TimelineEvent


def uncorrected(update: str = "pk") -> Q:
    """No newer version stands in the place of the update that `update` names.

    Asked for each row by the index of `corrects`. A join (`corrected_by=None`) reads
    the whole table again for each row on SQLite once it has counted that almost
    nothing is ever corrected: seconds for a chart.
    """
    return ~Q(Exists(Update.objects.filter(corrects=OuterRef(update))))


def closed_by_asked() -> Q:
    """Rows that whoever was asked closed for themselves.

    Whoever asked may not know of it (messaging/access/answers_known.py).
    """
    return Q(status=RecipientStatus.CLOSED, closed_by=F("party__user"))


def oldest_waiting_seconds() -> int:
    """How long the oldest thing that is due has been waiting to go out."""
    now = database_now()
    mail = (
        OutgoingMail.objects.filter(
            sent_at=None, cancelled_at=None, gave_up_at=None, next_attempt_at__lte=now
        )
        .order_by("created_at", "pk")
        .values_list("created_at", flat=True)
        .first()
    )
    event = (
        TimelineEvent.objects.filter(
            fanned_out_at=None, cancelled_at=None, due_at__lte=now
        )
        .order_by("due_at", "pk")
        .values_list("due_at", flat=True)
        .first()
    )
    waiting = [instant for instant in (mail, event) if instant]
    return int((now - min(waiting)).total_seconds()) if waiting else 0


def patients_with_held() -> list[uuid.UUID]:
    """Whose held updates to try again (messaging.actions.updates.release_covered)."""
    held = UpdateRecipient.objects.filter(
        uncorrected("update"),
        status=RecipientStatus.HELD,
        update__entered_in_error_at=None,
    )
    return list(held.values_list("update__patient_id", flat=True).distinct())


def users_to_tell(event: TimelineEvent) -> list[uuid.UUID]:
    """Whom an UPDATE_SENT or UPDATE_ANSWERED event is addressed to, by its rows.

    Sending: the recipients that were sent to at that instant, so that a release or a
    passing on tells the new ones only. Answering: the author, and for the author's own
    answer those who have it. Whether each may know is decided by the rule afterwards,
    on the update itself for the one, on the event for the other.
    """
    if event.about is None:
        return []
    rows = UpdateRecipient.objects.filter(update_id=event.about).exclude(
        status=RecipientStatus.HELD
    )
    if event.kind == EventKind.UPDATE_SENT:
        rows = rows.filter(sent_at=event.recorded_at)
    users = set(rows.values_list("party__user_id", flat=True))
    if event.kind == EventKind.UPDATE_ANSWERED:
        author = Update.objects.filter(pk=event.about).values_list(
            "author_id", "author__user_id"
        )
        for author_id, user_id in author:
            users = users if event.author_id == author_id else {user_id}
    return sorted(user for user in users if user and user != event.recorded_by_id)
