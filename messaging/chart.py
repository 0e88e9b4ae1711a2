"""The part of updates on a patient's home, chart and summary (ADR 8)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from consents.readers import knower
from messaging import access, cards, due, headlines
from messaging.access.compared import compare_opened
from messaging.access.not_sent import unsent_of_own
from messaging.access.updates import UPDATES
from messaging.codes import RecipientStatus, SuicidalThoughts
from messaging.models import Update, UpdateRecipient
from messaging.querysets import uncorrected
from patients.access import OpenPatient
from patients.codes import Measure
from patients.conversation import Conversation, Counted, SafetyAnswer, Told

SHOWN = 5
# Enough updates for the last six values of a measure that is sent now and then.
READ_FOR_NUMBERS = 20
OPEN = (RecipientStatus.SENT, RecipientStatus.ACKNOWLEDGED)
ANSWERED = {SuicidalThoughts.NONE, SuicidalThoughts.THOUGHTS, SuicidalThoughts.PLAN}


def conversation(opened: OpenPatient) -> Conversation:
    """What this reader may see of the updates, each of them whole."""
    newest, asked = _newest(opened), _asked(opened)
    compare_opened(opened, [*newest, *asked])
    unsent, late = _pressing(opened, newest, asked)
    old = [each for each in newest[SHOWN:] if each.pk in unsent]
    return Conversation(
        asked=tuple(_told(update, opened, late) for update in asked),
        updates=tuple(
            _told(update, opened, unsent) for update in [*newest[:SHOWN], *old]
        ),
        numbers=tuple(_numbers(newest)),
        safety=_safety(newest),
    )


def _newest(opened: OpenPatient) -> list[Update]:
    """Ids first, bodies late; a corrected version gives way to its correction."""
    current = Update.objects.filter(uncorrected())
    ids = [pk for _at, pk in access.newest(opened, current, limit=READ_FOR_NUMBERS)]
    found = access.items(opened, UPDATES.filter(pk__in=ids))
    return sorted(found, key=lambda each: (each.occurred_at, each.pk), reverse=True)


def _asked(opened: OpenPatient) -> list[Update]:
    """Asked of this reader and not answered yet, the most pressing day first."""
    if opened.party_id is None:
        return []
    mine = UPDATES.filter(
        uncorrected(),
        recipients__party_id=opened.party_id,
        recipients__status__in=OPEN,
    ).exclude(ask="nothing")
    found = access.items(opened, mine)
    return sorted(found, key=lambda each: each.answer_by_date or date.max)


def _pressing(
    opened: OpenPatient, newest: Sequence[Update], asked: Sequence[Update]
) -> tuple[dict[uuid.UUID, str], dict[uuid.UUID, str]]:
    """What can't wait, in words: own that was not sent, and what is late to answer.

    For whom it waits is not known to whoever acts and looks with the author's eyes.
    """
    unsent: dict[uuid.UUID, str] = {}
    late: dict[uuid.UUID, str] = {}
    if opened.party_id is None:
        return unsent, late
    if not knower():
        unsent = dict.fromkeys(unsent_of_own(opened, newest), _("NOT SENT"))
    mine = Q(update__in=[each.pk for each in asked], party=opened.party_id)
    rows = UpdateRecipient.objects.filter(mine).select_related(
        "update__recorded_by", "acknowledged_by"
    )
    for row in rows:
        if since := due.overdue_since(row, row.update, at=opened.at):
            day = {"day": cards.weekday(since)}
            late[row.update_id] = _("Overdue since %(day)s") % day
    return unsent, late


def _told(
    update: Update, opened: OpenPatient, pressing: Mapping[uuid.UUID, str]
) -> Told:
    return Told(
        title=headlines.headline(update, update.numbers.all()),
        at=update.occurred_at,
        who=update.writer.name,
        href=reverse("messaging:update", args=[opened.patient.pk, update.pk]),
        pressing=pressing.get(update.pk, ""),
    )


def _numbers(updates: Iterable[Update]) -> Iterable[Counted]:
    for update in updates:
        for number in update.numbers.all():
            yield Counted(
                measure=Measure(number.measure),
                value=number.value,
                at=update.occurred_at,
                note=_("from %(name)s") % {"name": update.writer.name},
                id=update.pk,
                part2_origin=update.part2_origin,
            )


def _safety(updates: Iterable[Update]) -> SafetyAnswer | None:
    """The newest update in which the question was asked and answered."""
    for update in updates:
        if update.suicidal_thoughts in ANSWERED:
            return SafetyAnswer(
                answer=str(SuicidalThoughts(update.suicidal_thoughts).label),
                at=update.occurred_at,
                who=update.writer.name,
                id=update.pk,
                part2_origin=update.part2_origin,
            )
    return None
