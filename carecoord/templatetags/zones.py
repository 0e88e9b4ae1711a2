"""Instants in words: in the reader's zone, or in the one that is named."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from carecoord import zones

register = template.Library()

DAY = "M j, Y"


def _local(at: datetime, zone: str | None) -> datetime:
    return zones.local(at, zone) if zone else timezone.localtime(at)


@register.filter
def day(at: date | datetime | None, zone: str | None = None) -> str:
    """`Nov 3, 2026`; empty for nothing."""
    if not at:
        return ""
    here = _local(at, zone) if isinstance(at, datetime) else at
    return date_format(here, DAY)


@register.filter
def moment(at: datetime | None, zone: str | None = None) -> str:
    """`Nov 3, 2026, 2:10 pm`; empty for nothing."""
    if not at:
        return ""
    here = _local(at, zone)
    return f"{date_format(here, DAY)}, {zones.clock_words(here)}"
