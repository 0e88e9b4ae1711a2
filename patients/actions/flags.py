"""Answers to a flag: set aside by a clinician with a reason; "I will ask"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import actions as consents
from consents import gate
from consents.disclosable import Disclosable
from patients.actions.conflict import save_next
from patients.codes import FlagReply
from patients.interactions import Flag
from patients.models import FlagAnswer
from providers.models import Party


@transaction.atomic
def set_aside(
    *,
    flag: Flag,
    about: Sequence[Disclosable],
    reason: str,
    author: Party,
    by: User,
    at: datetime,
) -> FlagAnswer:
    """A clinician looked at it and says why it may stand. The same twice is once.

    Shared like the two items it is about: with whoever may see both. Tells nobody.
    """
    categories = labels = 0
    for item in about:
        categories |= item.categories
        labels |= item.labels
    return _write(
        flag,
        about,
        answer=FlagReply.SET_ASIDE,
        reason=reason,
        author=author,
        categories=categories,
        labels=labels,
        by=by,
        at=at,
    )


@transaction.atomic
def will_ask(
    *, flag: Flag, about: Sequence[Disclosable], by: User, at: datetime
) -> FlagAnswer:
    """The patient will ask somebody. Nobody else's: it has no category."""
    return _write(
        flag, about, answer=FlagReply.WILL_ASK, categories=0, labels=0, by=by, at=at
    )


@transaction.atomic
def share_with(
    *,
    item: Disclosable,
    party: Party,
    by: User,
    at: datetime,
) -> Disclosable:
    """The patient lets one person see an item they kept back, and nobody else by it.

    "Only me" stays, and leaves this one in: whoever comes later stays out.
    """
    consents.exempt(item=item, party=party, by=by, at=at)
    consents.hand_back(item=item, party=party, by=by, at=at)
    return item


@transaction.atomic
def take_back(*, answer: FlagAnswer, version: int, by: User, at: datetime) -> None:
    """The flag stands as before; the answer stays in its history. EditConflict."""
    save_next(answer, version=version, by=by, at=at, ended_at=at, ended_by=by)


def _write(
    flag: Flag,
    about: Sequence[Disclosable],
    *,
    answer: str,
    by: User,
    at: datetime,
    **fields: object,
) -> FlagAnswer:
    first, second = about
    gate.lock(first.patient_id)
    same = FlagAnswer.objects.filter(
        patient_id=first.patient_id,
        recorded_by=by,
        mark=flag.mark,
        answer=answer,
        ended_at=None,
    ).first()
    if same:
        return same
    item = FlagAnswer(
        patient_id=first.patient_id,
        kind=flag.kind,
        first=first.pk,
        second=second.pk,
        mark=flag.mark,
        answer=answer,
        part2_origin=first.part2_origin or second.part2_origin,
        lineage=first.lineage,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        **fields,
    )
    item._history_user, item._history_date = by, at
    item.save()
    return item
