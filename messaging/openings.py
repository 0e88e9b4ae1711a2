"""Notes the first time an update was opened by the one it was sent to."""

from consents.access import Reading


def note_openings(reading: Reading) -> None:
    """Writes an Opening for each update that a view marked as opened in full."""
    for recipient in reading.opened:
        from messaging.models import Opening

        Opening.objects.get_or_create(
            recipient=recipient,
            defaults={"opened_at": reading.at, "opened_by": reading.user},
        )
