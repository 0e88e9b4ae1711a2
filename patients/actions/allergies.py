"""Allergies: add, change, correct; and the statement that there are none."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents.codes import CATEGORIES
from patients.actions import timeline
from patients.actions.conflict import save_next
from patients.actions.labels import add_marks
from patients.codes import Criticality, EventKind
from patients.models import (
    AllergyAssertion,
    AllergyIntolerance,
    Patient,
    TimelineEvent,
)
from patients.safe_text import safe

CATEGORY = CATEGORIES["allergies"]


class AlreadyThere(Exception):
    """The same allergy stands on the list: it is changed, never added twice."""

    def __init__(self, allergy: AllergyIntolerance) -> None:
        super().__init__("This allergy is on the list already.")
        self.allergy = allergy


class HasAllergies(Exception):
    """ "I have no known allergies" can't be said while one is on the list."""


@dataclass(frozen=True)
class Reaction:
    """What it is an allergy to, and what happened."""

    substance: str
    reaction: str = ""
    year: int | None = None
    criticality: str = Criticality.UNKNOWN


@dataclass(frozen=True)
class SavedAllergy:
    item: AllergyIntolerance
    event: TimelineEvent


def standing(patient: Patient):
    return AllergyIntolerance.objects.standing().filter(patient=patient)


@transaction.atomic
def add(
    *,
    patient: Patient,
    reaction: Reaction,
    by: User,
    at: datetime,
    labels: int = 0,
    known: Collection[uuid.UUID] | None = None,
    part2_origin: bool = False,
) -> SavedAllergy:
    """A new allergy. It ends the statement that there are none. Raises AlreadyThere.

    `known` are those that the person may know of: only of these a second is refused.
    """
    _refuse_second(patient, reaction.substance, known=known)
    item = AllergyIntolerance(
        patient=patient,
        categories=CATEGORY,
        labels=labels,
        part2_origin=part2_origin,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        **vars(reaction),
    )
    item._history_user, item._history_date = by, at
    item.save()
    end_statement(patient=patient, by=by, at=at)
    title = _("Allergy: %(what)s") % {"what": _words(item)}
    return SavedAllergy(item, _tell(item, title, by=by, at=at))


@transaction.atomic
def change(
    *,
    item: AllergyIntolerance,
    version: int,
    reaction: Reaction,
    by: User,
    at: datetime,
    labels: int = 0,
    known: Collection[uuid.UUID] | None = None,
    part2_origin: bool = False,
) -> SavedAllergy:
    """Puts an allergy right. Raises EditConflict, AlreadyThere.

    `labels` is what the new name gives away, where it is to be marked, and
    `part2_origin` whether that comes from a program of 42 CFR part 2.
    """
    _refuse_second(item.patient, reaction.substance, but=item, known=known)
    add_marks(item=item, labels=labels, part2_origin=part2_origin, by=by, at=at)
    save_next(item, version=version, by=by, at=at, **vars(reaction))
    title = _("Allergy put right: %(what)s") % {"what": _words(item)}
    return SavedAllergy(item, _tell(item, title, by=by, at=at))


@transaction.atomic
def added_by_mistake(
    *, item: AllergyIntolerance, version: int, by: User, at: datetime
) -> SavedAllergy:
    """Off the list; its history stays. Raises EditConflict.

    "No known allergies" is not stated by this: an empty list is "not recorded".
    """
    save_next(
        item,
        version=version,
        by=by,
        at=at,
        entered_in_error_at=at,
        entered_in_error_by=by,
    )
    title = _("Not an allergy, was added by mistake: %(what)s") % {
        "what": safe(item.substance)
    }
    return SavedAllergy(item, _tell(item, title, by=by, at=at))


@transaction.atomic
def state_none(*, patient: Patient, by: User, at: datetime) -> AllergyAssertion:
    """The patient says: no known allergies. Raises HasAllergies.

    Said twice, the newer statement stands.
    """
    if standing(patient).exists():
        raise HasAllergies
    end_statement(patient=patient, by=by, at=at)
    said = AllergyAssertion(
        patient=patient,
        categories=CATEGORY,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
    )
    said._history_user, said._history_date = by, at
    said.save()
    return said


@transaction.atomic
def end_statement(*, patient: Patient, by: User, at: datetime) -> int:
    """Ends "no known allergies". Returns how many statements ended."""
    count = 0
    for said in AllergyAssertion.objects.filter(patient=patient, ended_at=None):
        save_next(said, version=said.version, by=by, at=at, ended_at=at, ended_by=by)
        count += 1
    return count


def same_name(one: str) -> str:
    """What two spellings of one allergy have in common."""
    return " ".join(one.split()).casefold()


def _refuse_second(
    patient: Patient,
    substance: str,
    *,
    but: AllergyIntolerance | None = None,
    known: Collection[uuid.UUID] | None = None,
) -> None:
    others = standing(patient)
    for other in others if known is None else others.filter(pk__in=known):
        same = same_name(other.substance) == same_name(substance)
        if same and other.pk != getattr(but, "pk", None):
            raise AlreadyThere(other)


def _words(item: AllergyIntolerance) -> str:
    said = ": ".join(part for part in (item.substance, item.reaction) if part)
    return safe(said)


def _tell(
    item: AllergyIntolerance, title: str, *, by: User, at: datetime
) -> TimelineEvent:
    return timeline.record_event(
        patient=item.patient,
        kind=EventKind.ALLERGY_ADDED,
        title=title,
        by=by,
        at=at,
        categories=item.categories,
        labels=item.labels,
        lineage=item.lineage,
        about=item.pk,
        part2_origin=item.part2_origin,
    )
