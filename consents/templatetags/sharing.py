"""Masks and instants in words, for the pages of sharing."""

from datetime import datetime

from django import template

from carecoord import zones
from consents.codes import CATEGORIES, LABELS
from consents.models import Consent
from consents.windows import counts_until

register = template.Library()


@register.filter
def kinds(mask: int) -> str:
    """ "Medicines, Allergies"."""
    return ", ".join(CATEGORIES.words(mask))


@register.filter
def topics(mask: int) -> str:
    """ "Substance use, HIV"."""
    return ", ".join(LABELS.words(mask))


@register.filter
def instant(at: datetime, zone: str) -> str:
    """ "Nov 3, 2026, 2:10 pm" in a zone."""
    return zones.instant_words(at, zone)


@register.filter
def day(at: datetime, zone: str) -> str:
    """ "Nov 3, 2026" in a zone."""
    return zones.day_words(zones.today(at, zone))


@register.filter
def until(consent: Consent, zone: str) -> str:
    """The last whole day on which a permission counts."""
    return zones.day_words(zones.last_day(counts_until(consent), zone))
