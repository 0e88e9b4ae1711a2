"""Whether the patient wants this person to be told: inside what the rule lets them see.

The level of consents/talking.py, applied to events and to answers that are late. Asked
when a notice is written, again when a mail goes out, and again when it is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from consents import talking
from consents.talking import Level, Told
from messaging.codes import Urgency
from messaging.models import Reply, Update
from patients.codes import CONVERSATION, EventKind
from patients.models import TimelineEvent
from providers.models import Party

MEDICINES = (
    EventKind.MEDICINE_STARTED,
    EventKind.MEDICINE_CHANGED,
    EventKind.MEDICINE_STOPPED,
    EventKind.MEDICINE_HELD,
    EventKind.MEDICINE_PRESCRIBED,
    EventKind.MEDICINE_CORRECTED,
    EventKind.ALLERGY_ADDED,
)


def hears_of(user_id: uuid.UUID, event: TimelineEvent, *, at: datetime) -> bool:
    """Whether the patient's level lets this person be told of the event."""
    return bool(among(user_id, [event], at=at))


def among(
    user_id: uuid.UUID, events: Iterable[TimelineEvent], *, at: datetime
) -> list[TimelineEvent]:
    """The events that this person is told of; as many queries for one as for fifty."""
    found = list(events)
    levels = levels_for(user_id, {event.patient_id for event in found}, at=at)
    told = {pk: level.told for pk, level in levels.items()}
    others = [event for event in found if event.patient.user_id != user_id]
    routine = _routine(
        event for event in others if told.get(event.patient_id) == Told.CHANGES
    )
    not_told = {
        event.pk
        for event in others
        if event.pk in routine
        or told.get(event.patient_id) == Told.NOTHING
        or (
            told.get(event.patient_id) == Told.MEDICINES and event.kind not in MEDICINES
        )
    }
    return [event for event in found if event.pk not in not_told]


def hears_of_late(user_id: uuid.UUID, patient_id: uuid.UUID, *, at: datetime) -> bool:
    """Whether they may be told that an answer is late: something was asked."""
    return patient_id in late_for(user_id, [patient_id], at=at)


def hears_of_doses(user_id: uuid.UUID, patient_id: uuid.UUID, *, at: datetime) -> bool:
    """Whether they may be told that an injection is late: a matter of medicines."""
    level = levels_for(user_id, [patient_id], at=at).get(patient_id)
    return level is None or level.told != Told.NOTHING


def late_for(
    user_id: uuid.UUID, patient_ids: Iterable[uuid.UUID], *, at: datetime
) -> set[uuid.UUID]:
    """The patients about whom they may be told so."""
    wanted = set(patient_ids)
    levels = levels_for(user_id, wanted, at=at)
    deaf = (Told.MEDICINES, Told.NOTHING)
    return wanted - {pk for pk, level in levels.items() if level.told in deaf}


def levels_for(
    user_id: uuid.UUID, patient_ids: Iterable[uuid.UUID], *, at: datetime
) -> dict[uuid.UUID, Level]:
    """By patient, the narrowest level of a user: who may be on the team and family."""
    parties = Party.objects.filter(user_id=user_id).values_list("pk", flat=True)
    found = talking.levels_among(patient_ids, [*parties], at)
    narrowest: dict[uuid.UUID, Level] = {}
    for (patient_id, _party), level in found.items():
        before = narrowest.setdefault(patient_id, level)
        if talking.RANK[level.code] > talking.RANK[before.code]:
            narrowest[patient_id] = level
    return narrowest


def _routine(events: Iterable[TimelineEvent]) -> set[uuid.UUID]:
    """Those that change nothing: updates for information, and words alone about one."""
    talk = [event for event in events if event.kind in CONVERSATION and event.about]
    abouts = [event.about for event in talk if event.about]
    for_information = set(
        Update.objects.filter(pk__in=abouts, urgency=Urgency.INFORMATION).values_list(
            "pk", flat=True
        )
    )
    decided = {
        (reply.update_id, reply.author_id, reply.occurred_at)
        for reply in Reply.objects.filter(update__in=for_information)
        if reply.decision or reply.watch_for
    }
    return {
        event.pk
        for event in talk
        if event.about in for_information
        and (event.about, event.author_id, event.occurred_at) not in decided
    }
