"""Reads of many; time is always passed in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, IntegerField, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper

from providers.querysets import colleagues_of

if TYPE_CHECKING:
    from consents.decisions import Reader


def bits(field: str, mask: Any) -> ExpressionWrapper:
    """`field & mask`, as a number both databases agree on."""
    return ExpressionWrapper(F(field).bitand(mask), output_field=IntegerField())


def by_colleagues(user_id: uuid.UUID) -> Q:
    """Items that are read for treatment: a colleague's, and the patient's own words."""
    return Q(author_id=None) | Q(author_id__in=colleagues_of(user_id))


class ConsentQuerySet(models.QuerySet):
    def signed(self) -> Self:
        """Signed permits and denies that stand by state."""
        return self.exclude(decision="refusal").filter(revoked_at=None)

    def in_force(self, at: datetime) -> Self:
        """Standing by state, and inside [start, end) by time."""
        return self.signed().filter(in_force_q(at))

    def permits(self) -> Self:
        return self.filter(decision="permit")

    def denies(self) -> Self:
        return self.filter(decision="deny")


def in_force_q(at: datetime) -> Q:
    return Q(starts_at__lte=at, ends_at__gt=at)


class EmergencyQuerySet(models.QuerySet):
    def open(self, at: datetime) -> Self:
        """Not ended by anybody, nor by a death, and inside [opened, ends) by time."""
        return self.filter(
            ended_at=None,
            opened_at__lte=at,
            ends_at__gt=at,
            patient__died_at=None,
        )

    def to_close(self, at: datetime) -> Self:
        """Not ended: also what began later, by a clock that went back since."""
        return self.filter(ended_at=None, ends_at__gt=at)


class ItemDenyQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Not lifted, each with the person it names and those it leaves in."""
        return (
            self.filter(lifted_at=None)
            .select_related("party")
            .prefetch_related("exemptions__party")
        )


class DisclosableQuerySet(models.QuerySet):
    def permitted(self, reader: Reader) -> QuerySet:
        """What this reader may see, for one purpose, at one instant."""
        from consents.decisions import permitted

        return permitted(self, reader)

    def standing(self) -> QuerySet:
        """Without what was entered in error."""
        return self.filter(entered_in_error_at=None)
