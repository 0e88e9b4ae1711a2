"""The event that tells of a change of the patient's line, with its window beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from carecoord.models import User
from patients import change_words
from patients import medicine_words as words
from patients.actions import changes, timeline
from patients.actions.medicine_terms import Watch, Why
from patients.codes import Change, ChangeReason, DecidedBy
from patients.models import MedicationStatement, TimelineEvent
from patients.safe_text import safe
from providers.models import Party


def without(
    what: Change, *, item: MedicationStatement, watch: Watch | None
) -> changes.Told:
    """That the line is not taken any more, or not now."""
    return changes.Told(what, before=words.amount_short(item.dosage), watch=watch)


def tell(
    item: MedicationStatement,
    *,
    kind: str,
    title: str,
    why: Why,
    by: User,
    at: datetime,
    change: changes.Told | None = None,
    addressee: Party | None = None,
) -> TimelineEvent:
    """The event; with the change that it tells of, if it tells of one."""
    row = changes.row(item, change, why=why, at=at) if change else None
    event = timeline.record_event(
        patient=item.patient,
        kind=kind,
        title=safe(title),
        detail=why_text(why, item),
        by=by,
        at=at,
        categories=item.categories,
        labels=item.labels,
        lineage=item.lineage,
        about=item.pk,
        happened_date=why.day,
        part2_origin=item.part2_origin,
        watch=change_words.watch_text(row) if row else "",
        addressee=addressee,
    )
    if row:
        changes.write(change=row, event=event)
    return event


def why_text(why: Why, item: MedicationStatement) -> str:
    """ "Decided by Dr. Lee. Why: side effect, waking at 3 am." """
    return " ".join(_why_sentences(why, item))


def _why_sentences(why: Why, item: MedicationStatement) -> Sequence[str]:
    sentences = []
    if why.decided_by == DecidedBy.PRESCRIBER:
        whom = why.decider or item.prescribed_by or _("the prescriber")
        sentences.append(_("Decided by %(whom)s.") % {"whom": whom})
    elif why.decided_by == DecidedBy.PATIENT:
        whom = item.patient.first_name
        sentences.append(_("Decided by %(whom)s.") % {"whom": whom})
    reason = ChangeReason(why.reason).label.lower() if why.reason else ""
    note = safe(" ".join(why.note.split())).rstrip(".")
    said = ", ".join(part for part in (reason, note) if part)
    if said:
        sentences.append(_("Why: %(why)s.") % {"why": said})
    return sentences
