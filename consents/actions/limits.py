"""Somebody read when what is shared may be told to others."""

from datetime import datetime

from django.db import transaction

from carecoord.jurisdiction import Limits
from carecoord.models import User
from consents.models import LimitsAcknowledgement


@transaction.atomic
def acknowledge_limits(
    *, limits: Limits, by: User, at: datetime
) -> LimitsAcknowledgement:
    """Keeps the version and the text that was on the page, once for each version."""
    row, _ = LimitsAcknowledgement.objects.get_or_create(
        user=by,
        version=limits.version,
        defaults={"text": limits.plain, "acknowledged_at": at},
    )
    return row
