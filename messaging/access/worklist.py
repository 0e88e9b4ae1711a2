"""What waits for one clinician, over all patients, decided as it is read.

Ids first, for counts and order; bodies late, for one page, and decided once more in
the statement that brings them. The number of queries does not grow with the rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from consents import decisions
from consents.access import Reading
from consents.codes import Relation
from consents.decisions import Reader
from messaging import access
from messaging.access.answers_known import as_known
from messaging.access.compared import compare
from messaging.access.not_sent import held_of_own
from messaging.access.receipts import note_receipts, with_receipts
from messaging.codes import NoticeChannel, NoticeKind, RecipientStatus, Urgency
from messaging.due import PROMISES
from messaging.models import Notice, Reply, Update, UpdateRecipient
from messaging.querysets import closed_by_asked, uncorrected
from patients.codes import EventKind
from patients.models import TimelineEvent
from providers.models import CareTeamParticipant, Party

UPDATES = Update.objects.standing().select_related(
    "patient", "author__practitioner", "recorded_by"
)
ROWS = UpdateRecipient.objects.select_related(
    "party__practitioner", "acknowledged_by", "passed_to", "opening__opened_by"
)
# A colleague's own heading of a section; what was taken on comes after what waits.
TAKEN_ON = "taken_on"
ORDER = (
    Urgency.TODAY,
    Urgency.TWO_DAYS,
    Urgency.NEXT_VISIT,
    TAKEN_ON,
    Urgency.INFORMATION,
)
NEWS_DAYS = 7
# An answer may be hidden from whoever asked: to them the row is what it was before.
ASKED = (RecipientStatus.SENT, RecipientStatus.REPLIED)
TAKEN = (RecipientStatus.ACKNOWLEDGED, RecipientStatus.REPLIED)
Readers = Callable[[uuid.UUID, datetime], list[tuple[Reader, Q]]]
LATEST = date.max


@dataclass(frozen=True, order=True)
class Place:
    """Where a row stands: by section, by due date, oldest first."""

    section: int
    due_date: date
    occurred_at: datetime
    row_id: uuid.UUID
    update_id: uuid.UUID = field(compare=False)

    @property
    def heading(self) -> str:
        return ORDER[self.section]


@dataclass
class Clinician:
    """Who reads the worklist."""

    reading: Reading
    party: Party

    @property
    def user_id(self) -> uuid.UUID:
        return self.reading.user.pk

    def show(self, rows: list, purpose: str) -> None:
        self.reading.shown(
            rows,
            relation=Relation.CLINICIAN,
            purpose=purpose,
            recipient_id=self.party.pk,
        )


def clinician(reading: Reading) -> Clinician | None:
    """The clinician who signs in as this user; nobody else has a worklist."""
    party = reading.user.parties.filter(kind="practitioner").first()
    allowed = reading.purpose(Relation.CLINICIAN) is not None
    return Clinician(reading, party) if party and allowed else None


def _mine(who: Clinician) -> QuerySet:
    """The patients whose care team this clinician is on now."""
    return CareTeamParticipant.objects.of_user(who.user_id).values("patient_id")


# What waits ---------------------------------------------------------------------


def waiting(who: Clinician) -> list[Place]:
    """Every permitted row that waits, in order: the counts come from here."""
    waits = Q(recipients__status=RecipientStatus.SENT) | Q(
        recipients__status=RecipientStatus.ACKNOWLEDGED,
        recipients__plan__in=[str(plan) for plan in PROMISES],
    )
    found = UPDATES.filter(waits, recipients__party_id=who.party.pk)
    places = [
        _place(row)
        for reader, which in access.readers(who.user_id, who.reading.at)
        for row in decisions.permitted(found.filter(which), reader)
        .order_by()
        .values_list(
            "urgency",
            "answer_by_date",
            "recipients__plan",
            "recipients__plan_date",
            "occurred_at",
            "recipients__pk",
            "pk",
        )
    ]
    return sorted(places)


def _place(row: tuple) -> Place:
    urgency, by_date, plan, plan_date, occurred_at, row_id, update_id = row
    heading = TAKEN_ON if plan in PROMISES else Urgency(urgency)
    day = plan_date if plan in PROMISES else by_date
    return Place(ORDER.index(heading), day or LATEST, occurred_at, row_id, update_id)


def bodies(who: Clinician, places: Iterable[Place]) -> dict[uuid.UUID, Update]:
    """The updates of one page, decided again in the statement that reads them."""
    wanted = [place.update_id for place in places]
    found = _decided(who, UPDATES.filter(pk__in=wanted), "numbers")
    _compare(who, found)
    return {each.pk: each for each in found}


def rows(places: Iterable[Place]) -> dict[uuid.UUID, UpdateRecipient]:
    found = ROWS.filter(pk__in=[place.row_id for place in places])
    return {row.pk: row for row in found}


def _decided(
    who: Clinician, items: QuerySet, *related: str, readers: Readers = access.readers
) -> list:
    """Permitted items, each read and logged for its own purpose."""
    shown = []
    for reader, which in readers(who.user_id, who.reading.at):
        found = list(
            decisions.with_basis(items.filter(which), reader).prefetch_related(*related)
        )
        who.show(found, reader.purpose)
        shown += found
    return shown


def _compare(who: Clinician, updates: Iterable[Update]) -> None:
    compare(updates, user_id=who.user_id, decided=lambda items: _decided(who, items))


# The author's own -----------------------------------------------------------------


def held(who: Clinician) -> list[tuple[Update, list[UpdateRecipient]]]:
    """Own updates that somebody has not been told: first on the page, with whom."""
    own = Update.objects.standing().filter(
        uncorrected(),
        author_id=who.party.pk,
        recipients__status=RecipientStatus.HELD,
        patient_id__in=_mine(who),
    )
    ids = own.distinct().values_list("pk", flat=True)
    rows = held_of_own(ids, user_id=who.user_id, at=who.reading.at)
    found = _decided(who, UPDATES.filter(pk__in=rows), "numbers")
    _compare(who, found)
    found.sort(key=lambda each: each.occurred_at)
    return [(update, rows[update.pk]) for update in found]


def answered(who: Clinician) -> list[Reply]:
    """Answers to own updates that the author has not closed yet, oldest first."""
    replies = (
        Reply.objects.standing()
        .filter(
            update__author_id=who.party.pk,
            update__recipients__party=F("author"),
            update__recipients__status=RecipientStatus.REPLIED,
            update__entered_in_error_at=None,
            patient_id__in=_mine(who),
        )
        .exclude(author_id=who.party.pk)
        .select_related("author__practitioner", "update__author", "patient")
        .order_by("occurred_at", "pk")
    )
    found = _decided(who, replies, "update__numbers")
    # As everywhere for the own text: who works nowhere is no colleague of their own.
    purpose = access.purpose_between(who.user_id, who.party.pk)
    who.show([reply.update for reply in found], purpose)
    _compare(who, [reply.update for reply in found])
    return sorted(found, key=lambda each: each.occurred_at)


def late(who: Clinician, today: date) -> list[tuple[Update, UpdateRecipient]]:
    """Own updates that somebody else has not answered in time.

    Only where a consent covers the author as a reader: without it the author keeps
    the text and not what became of it. Late is also what was answered with something
    that is hidden from the author.
    """
    rows = list(
        ROWS.select_related("update")
        .filter(
            Q(
                Q(status__in=ASKED) | closed_by_asked(),
                update__answer_by_date__lt=today,
            )
            | Q(
                status__in=TAKEN,
                plan__in=[str(plan) for plan in PROMISES],
                plan_date__lt=today,
            ),
            update__author_id=who.party.pk,
            update__entered_in_error_at=None,
            update__patient_id__in=_mine(who),
        )
        .order_by("update__answer_by_date", "pk")
    )
    rows = as_known(rows, user_id=who.user_id, at=who.reading.at)
    rows = [row for row in rows if _is_late(row, today)]
    ids = [row.update_id for row in rows]
    known = with_receipts(rows, user_id=who.user_id, at=who.reading.at)
    found = {
        each.pk: each for each in _decided(who, UPDATES.filter(pk__in=ids), "numbers")
    }
    _compare(who, found.values())
    told = [row for row in rows if row.pk in known and row.update_id in found]
    note_receipts(who.reading, told)
    return [(found[row.update_id], row) for row in told]


def _is_late(row: UpdateRecipient, today: date) -> bool:
    """By what the author may know of the row."""
    if row.status == RecipientStatus.SENT:
        day = row.update.answer_by_date
    elif row.status == RecipientStatus.ACKNOWLEDGED and row.plan in PROMISES:
        day = row.plan_date
    else:
        day = None
    return day is not None and day < today


# For information --------------------------------------------------------------------


def news(who: Clinician) -> list[tuple[Notice, TimelineEvent]]:
    """What this clinician was told in the last 7 days and has not marked as seen.

    The change itself may be older: somebody can write down today what was in summer.
    """
    notices = list(
        Notice.objects.filter(
            user_id=who.user_id,
            kind__in=[NoticeKind.EVENT, NoticeKind.ANSWER],
            channel=NoticeChannel.IN_APP,
            seen_at=None,
            cancelled_at=None,
            created_at__gt=who.reading.at - timedelta(days=NEWS_DAYS),
        ).order_by("-created_at", "-pk")
    )
    events = (
        TimelineEvent.objects.standing()
        .filter(pk__in=[notice.about for notice in notices], cancelled_at=None)
        .exclude(kind=EventKind.UPDATE_SENT)
        .select_related("patient", "author")
    )
    found = _decided(who, events, readers=access.event_readers)
    by_id = {event.pk: event for event in found}
    return [
        (notice, by_id[notice.about]) for notice in notices if notice.about in by_id
    ]
