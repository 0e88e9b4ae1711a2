"""Reads of many; time is always passed in."""

from carecoord.clock import database_now
from carecoord.models import OutgoingMail
from patients.models import TimelineEvent


def oldest_waiting_seconds() -> int:
    """How long the oldest thing that is due has been waiting to go out."""
    now = database_now()
    mail = (
        OutgoingMail.objects.filter(
            sent_at=None, cancelled_at=None, gave_up_at=None, next_attempt_at__lte=now
        )
        .order_by("created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    event = (
        TimelineEvent.objects.filter(
            fanned_out_at=None, cancelled_at=None, due_at__lte=now
        )
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    waiting = [instant for instant in (mail, event) if instant]
    return int((now - min(waiting)).total_seconds()) if waiting else 0
