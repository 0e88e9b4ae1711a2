"""A side effect: entered once by the patient, told to prescriber and therapist.

Each write is one transaction: the row, its version, its timeline event. What the event
tells whom, consent decides: it has the categories, labels and lineage of the medicine.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord import form_keys
from carecoord.models import User
from consents import gate
from consents.disclosable import Disclosable
from patients import side_effect_words as words
from patients.actions import timeline
from patients.actions.conflict import save_next
from patients.actions.record import entered_by_mistake
from patients.codes import EventKind
from patients.models import MedicationStatement, SideEffect, SideEffectMark
from patients.safe_text import safe
from patients.urgent_signs import is_urgent
from providers.models import Party


@dataclass(frozen=True)
class Effect:
    """What it is, how bad, since when, and what it does to the day and to therapy."""

    kind: str
    severity: str
    what: str = ""
    began_date: date | None = None
    daily_life: str = ""
    therapy: str = ""
    over_date: date | None = None


@transaction.atomic
def add(
    *,
    medicine: MedicationStatement,
    effect: Effect,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> SideEffect:
    """A new one. `key` is the form's own: sent twice, it is saved once.

    Raises FormUsedError for a form that was saved before with other answers.
    """
    gate.lock(medicine.patient_id)
    of = [SideEffect._meta.label, medicine]
    made = form_keys.item_id(key, of=of, by=by, at=at, said=effect)
    if saved := form_keys.saved_with(SideEffect._base_manager.all(), made):
        return saved
    item = SideEffect(
        id=made,
        medicine=medicine,
        **_shared(medicine),
        recorded_by=by,
        recorded_at=at,
        occurred_at=at,
        **vars(effect),
    )
    _save(item, by=by, at=at)
    now = {"at_once": is_urgent(item)}
    _tell(item, EventKind.SIDE_EFFECT, words.line(item), by=by, at=at, **now)
    return item


@transaction.atomic
def change(
    *, item: SideEffect, version: int, effect: Effect, by: User, at: datetime
) -> None:
    """Worse, better, over, or put right: the next version, told. EditConflict."""
    save_next(item, version=version, by=by, at=at, **vars(effect))
    now = {"at_once": is_urgent(item)}
    _tell(item, EventKind.SIDE_EFFECT, words.line(item), by=by, at=at, **now)


@transaction.atomic
def mark(
    *,
    item: SideEffect,
    course: str,
    therapy: str,
    author: Party,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> SideEffectMark:
    """Worsening or adjustment, as seen in therapy. The newest of an author counts.

    Raises FormUsedError for a form that was saved before with other answers.
    """
    gate.lock(item.patient_id)
    of, said = [SideEffectMark._meta.label, item], [course, therapy]
    made_id = form_keys.item_id(key, of=of, by=by, at=at, said=said)
    if saved := form_keys.saved_with(SideEffectMark._base_manager.all(), made_id):
        return saved
    made = SideEffectMark(
        id=made_id,
        side_effect=item,
        author=author,
        course=course,
        therapy=therapy,
        **_shared(item),
        recorded_by=by,
        recorded_at=at,
        occurred_at=at,
    )
    _save(made, by=by, at=at)
    named = {"line": words.line(item), "course": made.get_course_display()}
    title = _("%(line)s. %(course)s") % named
    kind = EventKind.SIDE_EFFECT_SEEN
    _tell(made, kind, title, by=by, at=at, author=author, detail=therapy)
    return made


def _shared(source: Disclosable) -> dict[str, Any]:
    """Whose it is and who may see it: as the medicine."""
    names = ("patient", "categories", "labels", "lineage", "part2_origin")
    return {name: getattr(source, name) for name in names}


def _save(item: Disclosable, *, by: User, at: datetime) -> None:
    item._history_user, item._history_date = by, at
    item.save(force_insert=True)


def _tell(
    item: Disclosable, kind: str, title: str, *, by: User, at: datetime, **more: Any
) -> None:
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
        **more,
    )


__all__ = ["Effect", "add", "change", "entered_by_mistake", "mark"]
