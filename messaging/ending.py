"""When a permission is about to end, as a piece of a query: what reminders are due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from consents.codes import RepresentativeKind
from consents.representing import TREATING

BY_A_PARENT = Q(representative__kind=RepresentativeKind.PARENT)
TREATS = Q(recipient__kind__in=TREATING)


def ends_within(at: datetime, before: timedelta) -> Q:
    """A consent that counts until then at most, and was signed earlier than that.

    Until when it counts is `windows.counts_until`: what a parent signed can end sooner
    than its paper says, where the birth date was corrected since.
    """
    grown = BY_A_PARENT & TREATS & _ends("patient__carried_until", at, before)
    family = BY_A_PARENT & ~TREATS & _ends("patient__majority_at", at, before)
    return _ends("ends_at", at, before) | grown | family


def _ends(field: str, at: datetime, before: timedelta) -> Q:
    signed_before = Q(signed_at__lte=F(field) - before)
    return Q(**{f"{field}__lte": at + before}) & signed_before
