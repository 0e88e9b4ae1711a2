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
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from consents.codes import Basis
from consents.models import Disclosure, PrivacyReport, SuspendedDisclosure

Rows = TypeVar("Rows", bound=QuerySet)
Rule = Callable[[uuid.UUID, datetime], Q]
_rules: list[Rule] = []


def register(rule: Rule) -> None:
    if rule not in _rules:
        _rules.append(rule)


def told(rows: Rows, *, patient_id: uuid.UUID, at: datetime) -> Rows:
    """These rows of the patient's log without those that are withheld at `at`."""
    for rule in _rules:
        rows = rows.exclude(rule(patient_id, at))
    return rows


def suspended(patient_id: uuid.UUID, at: datetime) -> Q:
    """An agency's statement holds them back (45 CFR 164.528(a)(2)).

    With them what the privacy officer read of their cases.
    """
    cases = _cases(patient_id, at).values("exception")
    return _suspended(patient_id, at) | _office(exception__in=cases)


def _suspended(patient_id: uuid.UUID, at: datetime) -> Q:
    held = _held(patient_id, at)
    # With it every disclosure without permission to the same recipient, later ones
    # too; and what became of a row tells of the row.
    inside = held.exclude(disclosure__recipient=None).values("disclosure__recipient_id")
    outside = held.exclude(disclosure__about=None).values("disclosure__about")
    same = Q(recipient_id__isnull=False, recipient_id__in=inside) | Q(
        about__isnull=False, about__in=outside
    )
    rows = held.values("disclosure_id")
    return (
        Q(pk__in=rows)
        | Q(about__isnull=False, about__in=rows)
        | (Q(basis=Basis.EXCEPTIONAL) & same)
    )


def others_reports(patient_id: uuid.UUID, at: datetime) -> Q:
    """What somebody else reported is theirs and the privacy officer's alone.

    So is that the officer read it: with the row it would be told that there is one.
    """
    by_others = PrivacyReport.objects.filter(
        Q(patient__user=None) | ~Q(reported_by=F("patient__user")),
        patient_id=patient_id,
    )
    return _office(about__in=by_others.values("pk"))


def _office(**of_these) -> Q:
    """Rows of what the privacy officer read; of a case, or of a report."""
    named = {f"{field.removesuffix('__in')}__isnull": False for field in of_these}
    return Q(basis=Basis.OFFICE, **named, **of_these)


def suspended_cases(patient_id: uuid.UUID, at: datetime) -> list[uuid.UUID]:
    """Ids of the cases of which a disclosure is held back, itself or with another."""
    found = _cases(patient_id, at).order_by("seq")
    return list(dict.fromkeys(found.values_list("exception", flat=True)))


def _cases(patient_id: uuid.UUID, at: datetime) -> QuerySet:
    mine = Disclosure.objects.filter(patient_id=patient_id, basis=Basis.EXCEPTIONAL)
    return mine.filter(_suspended(patient_id, at)).exclude(exception=None)


def _held(patient_id: uuid.UUID, at: datetime) -> QuerySet:
    return SuspendedDisclosure.objects.filter(
        suspension__patient_id=patient_id,
        suspension__ended_at=None,
        suspension__starts_at__lte=at,
        suspension__ends_at__gt=at,
    )


register(suspended)
register(others_reports)
