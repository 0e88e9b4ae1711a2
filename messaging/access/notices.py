"""What a notice says: looked up, and decided again, each time it is read.

A notice about something that its person may no longer see is not shown and not
counted, as if it had never been written.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carecoord import zones
from carecoord.models import User
from consents import decisions
from consents.access import Reading
from consents.codes import Relation
from consents.models import ItemDeny
from messaging import due, wishes
from messaging.access import (
    change_notices,
    event_readers,
    exceptions,
    late_doses,
    notices_of_sharing,
)
from messaging.access.answers_known import as_known
from messaging.access.coming_of_age import coming_of_age
from messaging.access.notices_of_sharing import Said
from messaging.access.receipts import note_receipts, with_receipts
from messaging.access.warnings import warnings
from messaging.codes import NoticeChannel, NoticeKind
from messaging.models import Notice, Update, UpdateRecipient
from patients.actions.timeline import GATHER
from patients.codes import CONVERSATION, EventKind
from patients.event_pages import own_page
from patients.models import TimelineEvent
from providers.models import CareTeamParticipant
from providers.roles import ROLES

ENTRANCE = "messaging:notices"
MOST = 50
# So many are decided before the list is cut: what is hidden among them is not missed.
READ = 4 * MOST
ABOUT_EVENTS = (NoticeKind.EVENT, NoticeKind.UPDATE, NoticeKind.ANSWER)


@dataclass(frozen=True)
class Line:
    """One notice as its person may read it now."""

    notice: Notice
    text: str
    url: str
    # Whom it is about; empty for the patient's own.
    name: str = ""
    # About a patient of theirs, for a clinician: names in tall man letters.
    tall: bool = False
    # Notices of the same minutes that say the same: seen together with this one.
    others: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Unseen:
    """How many notices are new, for the way to them on other pages."""

    count: int
    words: str
    url: str


def lines_for(reading: Reading) -> list[Line]:
    """The newest notices of whoever reads, decided now, their disclosure queued.

    Decided first and cut then, or a list would be shorter by what is hidden in it. What
    is cut away was shown to nobody: only the rest is asked for by this reading.
    """
    newest = list(_newest(reading.user, only_new=False))
    among = _decided(_looking(reading), newest)[:MOST]
    kept = {each.pk for line in among for each in (line.notice, *line.others)}
    return _decided(reading, [notice for notice in newest if notice.pk in kept])


def _looking(reading: Reading) -> Reading:
    """The same person at the same instant, with nothing that is written down."""
    looking = Reading(user=reading.user, entrance=reading.entrance)
    looking.at = reading.at
    return looking


def _decided(reading: Reading, notices: list[Notice]) -> list[Line]:
    said: Said = {}
    for kinds, look_up in _LOOK_UPS:
        found = [notice for notice in notices if notice.kind in kinds]
        if found:
            said |= look_up(reading, found)
    standing = [notice for notice in notices if notice.pk in said]
    tall = _of_clinicians(reading, standing)
    return _gathered(
        Line(
            notice,
            *said[notice.pk],
            name=_whom(reading, notice),
            tall=notice.pk in tall,
        )
        for notice in standing
    )


def _of_clinicians(reading: Reading, notices: list[Notice]) -> set[uuid.UUID]:
    """Those about a patient whom this person treats."""
    treats = {
        member.patient_id
        for member in CareTeamParticipant.objects.of_user(reading.user.pk)
        if not ROLES[member.role].related
    }
    return {notice.pk for notice in notices if notice.patient_id in treats}


def _gathered(lines: Iterable[Line]) -> list[Line]:
    """One line where several would say the same within ten minutes, the newest."""
    found: list[Line] = []
    places: dict[tuple[str, str, str, bool], int] = {}
    for line in lines:
        key = (line.text, line.url, line.name, line.notice.seen_at is None)
        place = places.get(key)
        if place is not None and _is_near(found[place], line):
            same = (*found[place].others, line.notice)
            found[place] = replace(found[place], others=same)
            continue
        places[key] = len(found)
        found.append(line)
    return found


def _is_near(newer: Line, line: Line) -> bool:
    return newer.notice.created_at - line.notice.created_at < GATHER


def unseen_for(user: User, at: datetime) -> Unseen:
    """How many notices this person has not seen and may still see.

    Nothing of them is shown, so nothing is logged.
    """
    reading = Reading(user=user, entrance=ENTRANCE)
    reading.at = at
    count = len(_decided(reading, list(_newest(user, only_new=True)))[:MOST])
    return Unseen(count, count_in_words(count), reverse(ENTRANCE))


def count_in_words(count: int) -> str:
    """ "No new notices", "1 new notice", "12 new notices"."""
    if count == 0:
        return _("No new notices")
    if count >= MOST:
        return _("%(count)d new notices or more") % {"count": MOST}
    return ngettext("%(count)d new notice", "%(count)d new notices", count) % {
        "count": count
    }


def _newest(user: User, *, only_new: bool):
    found = Notice.objects.filter(
        user=user, channel=NoticeChannel.IN_APP, cancelled_at=None
    )
    if only_new:
        found = found.filter(seen_at=None)
    return found.select_related("patient").order_by("-created_at", "-pk")[:READ]


def _whom(reading: Reading, notice: Notice) -> str:
    own = notice.patient.user_id == reading.user.pk
    return "" if own else notice.patient.name


# Timeline events ------------------------------------------------------------------


@dataclass(frozen=True)
class _Door:
    """Patients that this person reads in one relation, for one purpose."""

    relation: str
    purpose: str
    patients: dict[uuid.UUID, uuid.UUID | None]
    which: Q = Q()


def _doors(reading: Reading, notices: list[Notice]) -> Iterable[_Door]:
    user_id = reading.user.pk
    own = {each.patient_id for each in notices if each.patient.user_id == user_id}
    yield _Door(Relation.PATIENT, "PATRQT", dict.fromkeys(own))
    members = list(
        CareTeamParticipant.objects.of_user(user_id).filter(
            patient_id__in={each.patient_id for each in notices}
        )
    )
    family = [each for each in members if ROLES[each.role].related]
    yield _Door(Relation.FAMILY, "FAMRQT", _parties(family))
    clinical = _parties(each for each in members if not ROLES[each.role].related)
    for reader, which in event_readers(user_id, reading.at):
        yield _Door(Relation.CLINICIAN, reader.purpose, clinical, which)


def _parties(members: Iterable[CareTeamParticipant]) -> dict:
    return {each.patient_id: each.party_id for each in members}


def _events(reading: Reading, notices: list[Notice]) -> Said:
    ids = [notice.about for notice in notices]
    events = {
        event.pk: event
        for door in _doors(reading, notices)
        for event in _through(door, reading, ids)
    }
    return {
        notice.pk: (
            _words(events[notice.about]),
            _address_of(events[notice.about], reading),
        )
        for notice in notices
        if notice.about in events
    }


def _through(
    door: _Door, reading: Reading, ids: list[uuid.UUID]
) -> list[TimelineEvent]:
    if not door.patients:
        return []
    events = TimelineEvent.objects.standing().filter(
        door.which, pk__in=ids, patient_id__in=door.patients, cancelled_at=None
    )
    permitted = decisions.with_basis(
        events.select_related("patient"), reading.reader(door.purpose)
    )
    found = wishes.among(reading.user.pk, permitted, at=reading.at)
    for event in found:
        reading.shown(
            [event],
            relation=door.relation,
            purpose=door.purpose,
            recipient_id=door.patients[event.patient_id],
        )
    return found


def _words(event: TimelineEvent) -> str:
    """What happened; of a change with its window also what to watch for until when."""
    if not event.watch:
        return event.title
    return f"{event.title.rstrip('.')}. {event.watch}"


def _address_of(event: TimelineEvent, reading: Reading) -> str:
    if event.kind in CONVERSATION and event.about:
        return _update_page(event.patient_id, event.about)
    if event.kind == EventKind.FAMILY_NOTICED:
        return reverse("messaging:family_notes", args=[event.patient_id])
    if event.kind == EventKind.OUTSIDE_NOTE:
        return reverse("messaging:outside_notes", args=[event.patient_id])
    if event.patient.user_id != reading.user.pk:
        return reverse("patients:chart", args=[event.patient_id])
    page, rest = own_page(event)
    return reverse(page, args=[event.patient_id, *rest])


def _update_page(patient_id: uuid.UUID, update_id: uuid.UUID) -> str:
    return reverse("messaging:update", args=[patient_id, update_id])


# Everything else -------------------------------------------------------------------


def _overdue(reading: Reading, notices: list[Notice]) -> Said:
    found = UpdateRecipient.objects.filter(
        pk__in=[notice.about for notice in notices]
    ).select_related("update__recorded_by", "acknowledged_by", "party")
    as_they_are = as_known(found, user_id=reading.user.pk, at=reading.at)
    rows = {row.pk: row for row in as_they_are}
    late = {
        pk: day
        for pk, row in rows.items()
        if (day := due.overdue_since(row, row.update, at=reading.at))
    }
    known = with_receipts(
        [rows[pk] for pk in late], user_id=reading.user.pk, at=reading.at
    )
    wanted = wishes.late_for(
        reading.user.pk, {notice.patient_id for notice in notices}, at=reading.at
    )
    told = {pk: rows[pk] for pk in known if rows[pk].update.patient_id in wanted}
    note_receipts(reading, told.values())
    return {
        notice.pk: (
            _("Past its date, %(day)s: an answer to an update")
            % {"day": zones.day_words(late[notice.about])},
            _update_page(notice.patient_id, rows[notice.about].update_id),
        )
        for notice in notices
        if notice.about in told
    }


def _waiting(reading: Reading, notices: list[Notice]) -> Said:
    """For the patient alone: the newest version of what waits for their word."""
    lineages = {notice.about for notice in notices}
    rows = ItemDeny.objects.filter(
        patient__user_id=reading.user.pk,
        lineage__in=lineages,
        waits=True,
        lifted_at=None,
    )
    waits = set(rows.values_list("lineage", flat=True))
    newest = {
        update.lineage: update.pk
        for update in Update.objects.standing()
        .filter(lineage__in=waits)
        .order_by("occurred_at", "recorded_at", "pk")
        .only("lineage", "patient_id")
    }
    return {
        notice.pk: (
            _("An update waits for your word"),
            _update_page(notice.patient_id, newest[notice.about]),
        )
        for notice in notices
        if notice.about in newest
    }


_LOOK_UPS = (
    (ABOUT_EVENTS, _events),
    ((NoticeKind.OVERDUE,), _overdue),
    ((NoticeKind.WAITS,), _waiting),
    *notices_of_sharing.LOOK_UPS,
    ((NoticeKind.COMING_OF_AGE,), coming_of_age),
    ((NoticeKind.WARNING,), warnings),
    *change_notices.LOOK_UPS,
    *late_doses.LOOK_UPS,
    *exceptions.LOOK_UPS,
)
