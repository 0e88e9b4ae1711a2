"""The patient's own items besides medicines and allergies: add, change, take off.

Only the patient calls these; the views see to that. Each write is one transaction: the
item, its history row, who may see it, and its timeline event where plans change.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord import form_keys, zones
from carecoord.models import User
from consents import actions as consents
from consents import gate
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from patients.actions import patients as patient_actions
from patients.actions import timeline
from patients.actions.conflict import EditConflict, save_next
from patients.actions.labels import add_marks, set_labels, set_origin
from patients.actions.medicine_terms import Keep
from patients.actions.named_results import own_word, take_along
from patients.codes import EventKind
from patients.models import Condition, HospitalStay, Patient, TimelineEvent
from patients.safe_text import safe

# Older stays stand on the timeline; only a new one changes plans.
NEWS_FOR = timedelta(days=30)


@transaction.atomic
def add(
    *,
    patient: Patient,
    model: type[Disclosable],
    key: uuid.UUID,
    categories: int,
    labels: int,
    keep: Keep,
    by: User,
    at: datetime,
    columns: dict[str, object],
    only: Disclosable | None = None,
    part2_origin: bool = False,
) -> Disclosable:
    """A new item. `key` is the form's own: sent twice, it is saved once.

    `only` is the row of a kind with a single one. Raises FormUsedError for a form that
    was saved before with other answers, and where the only row is there already.
    """
    gate.lock(patient.pk)
    made = form_keys.item_id(
        key,
        of=[model._meta.label, patient],
        by=by,
        at=at,
        said=[columns, labels, part2_origin, keep],
    )
    if saved := form_keys.saved_with(model._base_manager.all(), made):
        return saved
    if only is not None:
        raise form_keys.FormUsedError(only)
    item = model(
        id=made,
        patient=patient,
        categories=categories,
        labels=labels,
        part2_origin=part2_origin,
        recorded_at=at,
        recorded_by=by,
        **{"occurred_at": at, **columns},
    )
    item._history_user, item._history_date = by, at
    item.lineage = item.id
    item.save()
    keep_back(item=item, keep=keep, by=by, at=at)
    _tell(item, by=by, at=at)
    return item


@transaction.atomic
def change(
    *,
    item: Disclosable,
    version: int,
    by: User,
    at: datetime,
    columns: dict[str, object],
    labels: int = 0,
    part2_origin: bool = False,
) -> None:
    """Other words for the same item, as its next version. Raises EditConflict.

    `labels` and `part2_origin` are added before the new words are there; nothing is
    taken off.
    """
    add_marks(item=item, labels=labels, part2_origin=part2_origin, by=by, at=at)
    save_next(item, version=version, by=by, at=at, **columns)


@transaction.atomic
def entered_by_mistake(
    *, item: Disclosable, version: int, by: User, at: datetime
) -> None:
    """Off every page; its versions stay. Raises EditConflict.

    Nobody is told of an event that waits; whoever was told is told that it was wrong.
    """
    save_next(
        item,
        version=version,
        by=by,
        at=at,
        entered_in_error_at=at,
        entered_in_error_by=by,
    )
    for event in TimelineEvent.objects.filter(about=item.pk, cancelled_at=None):
        if event.due_at is None or timeline.cancel_event(event=event, by=by, at=at):
            continue
        _correct(event, by=by, at=at)


@transaction.atomic
def set_privacy(
    *,
    item: Disclosable,
    labels: int,
    keep: Keep,
    denies: Iterable[ItemDeny],
    by: User,
    at: datetime,
    part2_origin: bool | None = None,
) -> None:
    """Labels, "only me" and "not for …", for the item and all of its lineage.

    `part2_origin` is said only by whoever wrote the item; None leaves it as it is.
    """
    if labels != item.labels:
        set_labels(item=item, labels=labels, by=by, at=at)
    if part2_origin is not None:
        set_origin(item=item, part2_origin=part2_origin, by=by, at=at)
    parties = {party.pk for party in keep.from_parties}
    for deny in denies:
        still = keep.only_me if deny.party is None else deny.party_id in parties
        if not still:
            consents.give_back(item=item, party=deny.party, by=by, at=at)
    keep_back(item=item, keep=keep, by=by, at=at)
    only_me = keep.only_me
    own_word(item=item, is_only_me=only_me, part2_origin=part2_origin, by=by, at=at)
    take_along(patient=item.patient, by=by, at=at)


def keep_back(*, item: Disclosable, keep: Keep, by: User, at: datetime) -> None:
    if keep.only_me:
        consents.keep_back(item=item, but=keep.but, by=by, at=at)
    for party in keep.from_parties:
        consents.keep_back(item=item, by=by, at=at, party=party)


@transaction.atomic
def change_own_details(*, patient: Patient, by: User, **fields: object) -> None:
    """Name, pronouns, birth date, phone, language, zone. Pages show the same zone.

    And the account has the new name, where it is the patient's alone: it is not that of
    a licence, nor one by which colleagues or family know somebody.
    """
    patient_actions.change_details(patient=patient, by=by, **fields)
    User.objects.filter(pk=by.pk).update(time_zone=patient.time_zone)
    alone = User.objects.filter(pk=by.pk, parties=None, is_privacy_officer=False)
    alone.update(name=patient.name)


# Events ---------------------------------------------------------------------------


def _tell(item: Disclosable, *, by: User, at: datetime) -> None:
    told = _event(item, at)
    if told is None:
        return
    kind, title, is_news = told
    timeline.record_event(
        patient=item.patient,
        kind=kind,
        title=safe(title),
        by=by,
        at=at,
        categories=item.categories,
        labels=item.labels,
        lineage=item.lineage,
        part2_origin=item.part2_origin,
        about=item.pk,
        happened_date=zones.today(item.occurred_at, item.patient.time_zone),
        tell=is_news,
    )


def _event(item: Disclosable, at: datetime) -> tuple[str, str, bool] | None:
    """(kind, title, whether anyone is told) of an item that may change plans."""
    if isinstance(item, Condition):
        year = zones.today(at, item.patient.time_zone).year
        title = _("Diagnosis: %(name)s") % {"name": item.name}
        return EventKind.CONDITION_FOUND, title, item.since_year in (None, year)
    if isinstance(item, HospitalStay):
        title = _("Hospital: %(where)s, %(when)s")
        words = {"where": item.where, "when": item.when}
        return EventKind.HOSPITAL, title % words, at - item.occurred_at <= NEWS_FOR
    return None


def _correct(event: TimelineEvent, *, by: User, at: datetime) -> None:
    timeline.record_event(
        patient=event.patient,
        kind=event.kind,
        title=_("Entered by mistake: %(title)s") % {"title": event.title},
        by=by,
        at=at,
        categories=event.categories,
        labels=event.labels,
        lineage=event.lineage,
        part2_origin=event.part2_origin,
        about=event.about,
        corrects=event,
    )


__all__ = [
    "EditConflict",
    "add",
    "change",
    "change_own_details",
    "entered_by_mistake",
    "keep_back",
    "set_privacy",
]
