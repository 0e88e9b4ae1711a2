"""An agency's statement holds rows of the accounting back, for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q

from carecoord.models import User
from consents import gate
from consents.actions.terms import RuleError
from consents.codes import SuspensionBasis
from consents.models import AccountingSuspension, Disclosure, SuspendedDisclosure
from consents.once_more import same_words


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

    45 CFR 164.528(a)(2). Sent twice it is one. Raises RuleError for an oral statement
    that would last longer than the law lets it, counted from the first that held this
    back, and for one that has ended.
    """
    gate.lock(row.patient_id)
    standing = AccountingSuspension.objects.filter(rows__disclosure=row, ended_at=None)
    mine = standing.filter(documented_by=by)
    if before := same_words(mine, vars(said), at, written="documented_at"):
        return before
    days = settings.JURISDICTION.complaints.oral_suspension_days
    if said.ends_at <= at:
        raise RuleError("This time is over already.")
    since = min(filter(None, (at, _first_said(row))))
    if said.basis == SuspensionBasis.ORAL and said.ends_at > since + timedelta(days):
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


def _first_said(row: Disclosure) -> datetime | None:
    """Since when words alone have held this row back, if they ever did.

    Another disclosure to the same recipient holds it back as well (withheld.py).
    """
    same = Q(pk__in=[])
    if row.recipient_id or row.about:
        name = "recipient_id" if row.recipient_id else "about"
        whom = {f"rows__disclosure__{name}": getattr(row, name)}
        held = Q(ended_at__gt=row.at) | Q(ended_at=None, ends_at__gt=row.at)
        same = Q(**whom) & held
    return AccountingSuspension.objects.filter(
        Q(rows__disclosure=row) | same,
        patient_id=row.patient_id,
        basis=SuspensionBasis.ORAL,
    ).aggregate(first=Min("starts_at"))["first"]


@transaction.atomic
def end_suspension(*, suspension: AccountingSuspension, by: User, at: datetime) -> None:
    """The agency needs it no more: the rows show again at once."""
    AccountingSuspension.objects.filter(pk=suspension.pk, ended_at=None).update(
        ended_at=at, ended_by=by
    )
