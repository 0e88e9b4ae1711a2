"""An agency's statement holds rows of the accounting back, for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from carecoord.models import User
from consents.actions.terms import RuleError
from consents.codes import SuspensionBasis
from consents.models import AccountingSuspension, Disclosure, SuspendedDisclosure


@dataclass(frozen=True)
class AgencyStatement:
    """Who asked, on which basis, in which words, until when."""

    agency: str
    official: str
    basis: str
    statement: str
    ends_at: datetime


@transaction.atomic
def suspend(
    *, row: Disclosure, said: AgencyStatement, by: User, at: datetime
) -> AccountingSuspension:
    """Holds this disclosure back, with all others to the same recipient.

    45 CFR 164.528(a)(2). Raises RuleError for an oral statement that would last longer
    than the law lets it, and for one that has ended.
    """
    days = settings.JURISDICTION.complaints.oral_suspension_days
    if said.ends_at <= at:
        raise RuleError("This time is over already.")
    if said.basis == SuspensionBasis.ORAL and said.ends_at > at + timedelta(days=days):
        raise RuleError(
            f"What was only said holds for {days} days at most. "
            "Ask the agency for a written statement."
        )
    suspension = AccountingSuspension.objects.create(
        patient_id=row.patient_id,
        **vars(said),
        starts_at=at,
        documented_at=at,
        documented_by=by,
    )
    SuspendedDisclosure.objects.create(suspension=suspension, disclosure=row)
    return suspension


@transaction.atomic
def end_suspension(*, suspension: AccountingSuspension, by: User, at: datetime) -> None:
    """The agency needs it no more: the rows show again at once."""
    AccountingSuspension.objects.filter(pk=suspension.pk, ended_at=None).update(
        ended_at=at, ended_by=by
    )
