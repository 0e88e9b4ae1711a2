"""What Celery runs. Tasks take ids at most, and losing one loses nothing."""

from celery import shared_task

from carecoord.frames import with_room
from messaging.sweeping import Sweep


@shared_task(name="messaging.tasks.sweep")
def sweep() -> None:
    """Delivers what is due, now. Safe to run twice, late, or at the same time."""
    with_room(Sweep().run)()
