"""Who acted for a patient and no longer does: for words about it. It opens nothing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from consents.codes import EndedHow, RepresentativeKind
from consents.models import Consent, Representative, TalkingChoice
from consents.representing import of_users


def stopped_acting(at: datetime) -> QuerySet:
    """Who acted, does no longer, and whose patient may be told so by name.

    Not what a birthday ended, which is told before and asked about after; nothing after
    a death; and not somebody who acts on by another paper.
    """
    acts_on = of_users(at).filter(
        patient=OuterRef("patient"), party__user=OuterRef("party__user")
    )
    return (
        Representative.objects.filter(
            Q(ended_at__isnull=False, starts_at__lt=F("ended_at"))
            | Q(ended_at=None, ends_at__lte=at),
            ~Exists(acts_on),
            patient__died_at=None,
        )
        .exclude(kind=RepresentativeKind.PARENT, patient__majority_at__lte=at)
        .exclude(kind=RepresentativeKind.ESTATE)
    )


def stopped_at(row: Representative) -> datetime | None:
    """When it was over: the last day of the paper, or earlier by somebody's hand."""
    ends = [end for end in (row.ended_at, row.ends_at) if end]
    return min(ends, default=None)


def signed_for(since: datetime) -> QuerySet:
    """What somebody who acts signed or answered for a patient who signs in.

    A permission, a "never", and the answer "do not share": all are the patient's.
    """
    signed = Consent.objects.filter(representative__isnull=False)
    return _by_another_hand(signed, "signed", since).defer("text")


def stopped_for(since: datetime) -> QuerySet:
    """What another hand than the patient's stopped or lifted; not a replacement."""
    stopped = Consent.objects.filter(revoked_how=EndedHow.STOPPED)
    return _by_another_hand(stopped, "revoked", since).defer("text")


def talked_for(since: datetime) -> QuerySet:
    """What somebody who acts said about how much the team talks."""
    said = TalkingChoice.objects.filter(representative__isnull=False)
    return _by_another_hand(said, "answered", since)


def _by_another_hand(rows: QuerySet, did: str, since: datetime) -> QuerySet:
    return (
        rows.filter(
            **{f"{did}_at__gt": since},
            patient__user__isnull=False,
            patient__died_at=None,
        )
        .exclude(**{f"{did}_by": F("patient__user")})
        .select_related("patient")
    )
