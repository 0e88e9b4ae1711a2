"""Rows of the log that the patient is not told of yet, because the law says so.

Each rule says which rows of a patient stay out at an instant, as a condition on
Disclosure; they come back by themselves. An app hands its rule in from its urls or its
AppConfig: `withheld.register(rule)`. Whatever the patient reads of the log goes through
`told`, so that no page can forget one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet

from consents.models import SuspendedDisclosure

Rule = Callable[[uuid.UUID, datetime], Q]
_rules: list[Rule] = []


def register(rule: Rule) -> None:
    if rule not in _rules:
        _rules.append(rule)


def told(rows: QuerySet, *, patient_id: uuid.UUID, at: datetime) -> QuerySet:
    """These rows of the patient's log without those that are withheld at `at`."""
    for rule in _rules:
        rows = rows.exclude(rule(patient_id, at))
    return rows


def suspended(patient_id: uuid.UUID, at: datetime) -> Q:
    """An agency's statement holds them back (45 CFR 164.528(a)(2))."""
    held = SuspendedDisclosure.objects.filter(
        suspension__patient_id=patient_id,
        suspension__ended_at=None,
        suspension__starts_at__lte=at,
        suspension__ends_at__gt=at,
    ).values("disclosure_id")
    # What became of a row tells of the row.
    return Q(pk__in=held) | Q(about__isnull=False, about__in=held)


register(suspended)
