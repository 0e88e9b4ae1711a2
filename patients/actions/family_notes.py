"""Family tells what it noticed. Listening is always allowed (45 CFR 164.510(b))."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord import form_keys
from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES
from patients.actions import timeline
from patients.codes import EventKind
from patients.models import FamilyNote, Patient
from patients.safe_text import safe
from providers.models import Party

CATEGORY = "observations"
# Nobody is flooded by one person; a note a day is plenty (SCREENS B15).
MOST_A_DAY = 10


class TooManyError(Exception):
    """This person told enough for one day. The sentence says so."""


class ClosedError(Exception):
    """A death is recorded: nobody would be told. The sentence says so."""


@dataclass(frozen=True)
class Noticed:
    """What was seen or heard, and when; what it mentions."""

    text: str
    noticed_date: date
    labels: int = 0
    part2_origin: bool = False


@transaction.atomic
def tell(
    *,
    patient: Patient,
    noticed: Noticed,
    form_key: uuid.UUID,
    author: Party,
    by: User,
    at: datetime,
) -> FamilyNote:
    """Writes the note, and the event by which the patient and whoever may are told.

    The same form twice writes once. Raises TooManyError, ClosedError after a death, and
    FormUsedError for a form that was saved before with other answers.
    """
    gate.lock(patient.pk)
    if type(patient).objects.filter(pk=patient.pk, died_at__isnull=False).exists():
        raise ClosedError(_("This record is closed. Nobody would read it here."))
    of = [FamilyNote._meta.label, patient]
    made = form_keys.item_id(form_key, of=of, by=by, at=at, said=noticed)
    mine = FamilyNote.objects.filter(patient=patient, recorded_by=by)
    if told := form_keys.saved_with(mine, made):
        return told
    if mine.filter(recorded_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyError(_("You told enough for one day. Call the team instead."))
    shared: dict[str, Any] = {
        "categories": CATEGORIES[CATEGORY],
        "labels": noticed.labels,
        "part2_origin": noticed.part2_origin,
        "author": author,
    }
    note = FamilyNote(
        pk=made,
        patient=patient,
        noticed_date=noticed.noticed_date,
        text=safe(noticed.text),
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        **shared,
    )
    note.lineage = note.pk
    note.save()
    timeline.record_event(
        patient=patient,
        kind=EventKind.FAMILY_NOTICED,
        title=safe(_("%(name)s noticed something") % {"name": author.name}),
        detail=note.text,
        by=by,
        at=at,
        about=note.pk,
        lineage=note.lineage,
        happened_date=noticed.noticed_date,
        **shared,
    )
    return note
