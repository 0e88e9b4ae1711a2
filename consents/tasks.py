"""What Celery runs for the log. No arguments, and losing one run loses nothing."""

from celery import shared_task

from carecoord.clock import database_now
from consents.log import anchor


@shared_task(name="consents.tasks.anchor_log")
def anchor_log() -> None:
    """Notes the ends of the chains outside the database, when it is time."""
    anchor.note(at=database_now())
