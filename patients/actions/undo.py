"""Undo, for ten minutes: the version before stands again, and nobody is told.

Whoever was told already is told again: a correcting event names the first one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents.disclosable import Disclosable
from patients import medicine_words as words
from patients.actions import changes, entries, timeline, trials
from patients.actions.conflict import save_next
from patients.actions.labels import add_marks
from patients.actions.named_results import take_along
from patients.actions.room import check_current
from patients.codes import CURRENT, EventKind, MedicineStatus
from patients.models import MedicationStatement, TimelineEvent
from patients.safe_text import safe

# What has a version of the line: "ran out" and "doses missed" change none.
CHANGES = (
    EventKind.MEDICINE_STARTED,
    EventKind.MEDICINE_CHANGED,
    EventKind.MEDICINE_STOPPED,
    EventKind.MEDICINE_HELD,
    EventKind.MEDICINE_CORRECTED,
    EventKind.ASKED,
)
# What a version may not bring back: whose it is, what it is called, who may see it.
NEVER_RESTORED = frozenset(
    [
        "id",
        "patient",
        "author",
        "categories",
        "labels",
        "part2_origin",
        "lineage",
        "version",
        "occurred_at",
        "recorded_at",
        "recorded_by",
    ]
)


class TooLate(Exception):
    """Ten minutes are over, or something else was changed since."""


def may_undo(event: TimelineEvent, *, by: User, at: datetime) -> bool:
    """Whether this person may still take this change of a medicine back."""
    return (
        event.kind in CHANGES
        and event.recorded_by_id == by.pk
        and event.cancelled_at is None
        and event.corrects_id is None
        and at < event.recorded_at + timeline.GATHER
    )


@transaction.atomic
def undo(
    *, item: MedicationStatement, event: TimelineEvent, by: User, at: datetime
) -> None:
    """Takes the newest change of a line back.

    Raises TooLate, and ListFull where another line took the room of a stopped one.
    """
    if not may_undo(event, by=by, at=at) or _changed_since(item, event):
        raise TooLate
    was_stopped = item.status == MedicineStatus.STOPPED
    before = _before(item, by=by, at=at)
    _as_private_as(item, name=before.get("name", item.name), by=by, at=at)
    if item.status not in CURRENT and before["status"] in CURRENT:
        check_current(patient=item.patient, by=by)
    changes.take_back(event=event, by=by, at=at)
    save_next(item, version=item.version, by=by, at=at, **before)
    entries.give_back(item=item, taken_over_at=event.recorded_at, by=by, at=at)
    take_along(patient=item.patient, by=by, at=at)
    if was_stopped and item.status != MedicineStatus.STOPPED:
        trials.take_back(item=item, by=by, at=at)
    if not timeline.cancel_event(event=event, by=by, at=at):
        _correct(event, item=item, by=by, at=at)


def _as_private_as(
    item: MedicationStatement, *, name: object, by: User, at: datetime
) -> None:
    """A name that comes back comes with the topics that it was marked with.

    And with where it came from, if that was said of it.
    """
    if name == item.name:
        return
    for version in item.history.filter(name=name, version__lt=item.version):
        said = {"labels": version.labels, "part2_origin": version.part2_origin}
        add_marks(item=item, **said, by=by, at=at)


def _changed_since(item: MedicationStatement, event: TimelineEvent) -> bool:
    later = TimelineEvent.objects.filter(
        about=item.pk, cancelled_at=None, recorded_at__gt=event.recorded_at
    )
    return event.about != item.pk or later.exists()


def _before(item: Disclosable, *, by: User, at: datetime) -> dict[str, object]:
    """The fields of the version before this one; before the first there is none."""
    version = (
        item.history.filter(version__lt=item.version)
        .order_by("-version", "-history_id")
        .first()
    )
    if version is None:
        return {
            "status": MedicineStatus.ENTERED_IN_ERROR,
            "entered_in_error_at": at,
            "entered_in_error_by": by,
        }
    names = [field.name for field in type(item)._meta.concrete_fields]
    return {
        name: getattr(version.instance, name)
        for name in names
        if name not in NEVER_RESTORED
    }


def _correct(
    event: TimelineEvent, *, item: MedicationStatement, by: User, at: datetime
) -> None:
    timeline.record_event(
        patient=event.patient,
        kind=EventKind.MEDICINE_CORRECTED,
        title=safe(_("%(name)s: taken back") % {"name": words.name_of(item)}),
        detail=_("It said: %(title)s.") % {"title": event.title},
        by=by,
        at=at,
        categories=event.categories,
        labels=event.labels,
        lineage=event.lineage,
        part2_origin=event.part2_origin,
        about=item.pk,
        corrects=event,
    )
