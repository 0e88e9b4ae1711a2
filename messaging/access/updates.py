"""One update, the list of them, and what an author may look at while writing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from consents import decisions, scopes
from consents.access import OpenPatient
from consents.actions import REQUEST_AGAIN_AFTER_DAYS
from consents.decisions import Reader
from consents.models import ConsentRequest, ItemDeny
from consents.scopes import Scope
from messaging import access
from messaging.access.answers_known import known_by
from messaging.access.compared import compare_opened
from messaging.access.receipts import note_receipts, with_receipts
from messaging.access.tellers import (
    as_told,
    passed_on_by_told,
    readers_of,
    rows_not_told,
)
from messaging.codes import Ask, RecipientStatus
from messaging.models import (
    Reply,
    SafetyNotice,
    Update,
    UpdateDraft,
    UpdateRecipient,
)
from patients.access.team import note_named
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

UPDATES = Update.objects.select_related(
    "author__practitioner", "recorded_by", "patient"
).prefetch_related("numbers")
REPLIES = Reply.objects.select_related("author__practitioner", "recorded_by")
ROWS = UpdateRecipient.objects.select_related(
    "update",
    "party__practitioner",
    "passed_to",
    "acknowledged_by",
    "opening__opened_by",
)
SAFETY_AGAIN_AFTER = timedelta(days=90)


@dataclass
class OpenUpdate:
    """One update as one person may see it: with replies and receipts if they may."""

    update: Update
    rows: list[UpdateRecipient]
    replies: list[Reply]
    own_row: UpdateRecipient | None
    is_author: bool
    with_receipts: set[uuid.UUID] = field(default_factory=set)
    corrects: Update | None = None
    corrected_by: Update | None = None
    # Rows that were answered with what this reader may not see.
    answered_unseen: set[uuid.UUID] = field(default_factory=set)

    @property
    def mine(self) -> UpdateRecipient:
        """The reader's own row, in a place only for whom it was sent to. ValueError."""
        if self.own_row is None:
            raise ValueError("It was not sent to this reader.")
        return self.own_row


def open_update(opened: OpenPatient, pk: uuid.UUID) -> OpenUpdate:
    """The update with everything around it that this reader may see; else 404.

    Marks it as opened when the reader is one of its recipients.
    """
    update = access.item(opened, UPDATES, pk)
    compare_opened(opened, [update])
    rows = list(ROWS.filter(update=update).order_by("sent_at", "party__name", "pk"))
    own_row = next((row for row in rows if row.party_id == opened.party_id), None)
    if own_row and own_row.status == RecipientStatus.HELD:
        own_row = None
    is_author = update.author_id == opened.party_id and not opened.is_patient
    known = _with_receipts(opened, update, rows)
    replies = replies_to(opened, update)
    not_told = _rows_not_told(opened, rows)
    as_known = _as_known(opened, update, as_told(rows, not_told), replies)
    shown = _rows_shown(opened, update, as_known, own_row, known)
    if not_told:
        shown = passed_on_by_told(shown, own_row)
    versions = _versions(opened, update)
    result = OpenUpdate(
        update=update,
        rows=shown,
        replies=replies,
        own_row=own_row,
        is_author=is_author,
        with_receipts=known & {row.pk for row in shown},
        corrects=versions.get(update.corrects_id),
        corrected_by=next(
            (each for each in versions.values() if each.corrects_id == update.pk), None
        ),
        answered_unseen={
            row.pk
            for row, other in zip(rows, as_known, strict=True)
            if row is not other
        },
    )
    _note_beside(opened, result)
    return result


def own_sent(opened: OpenPatient, pk: uuid.UUID) -> Update | None:
    """What the reader sent, if they may read it now; whoever was blocked may not."""
    found = access.items(opened, UPDATES.filter(pk=pk))
    compare_opened(opened, found)
    return found[0] if found else None


def note_opened(opened: OpenPatient, found: OpenUpdate) -> None:
    """The whole update is before its recipient: "Opened by …" (messaging.openings)."""
    if found.own_row:
        opened.reading.opened = [found.own_row]


def _rows_shown(opened, update, rows, own_row, known) -> list[UpdateRecipient]:
    """To the patient all; to the author those they wrote to; to others their own, and
    those of the team if who is on it is shared with them.

    To whom it was passed on is a receipt. Never what is held for someone else: that
    would tell what is not shared.
    """
    if opened.is_patient:
        return rows
    if update.author_id == opened.party_id:
        return [row for row in rows if row.pk in known or not row.passed_on]
    if opened.scope.has("care_team"):
        return [row for row in rows if row.status != RecipientStatus.HELD]
    return [own_row] if own_row else []


def _rows_not_told(opened, rows) -> set[uuid.UUID]:
    return set() if opened.is_patient else rows_not_told(rows, readers_of(opened))


def _as_known(opened, update, rows, replies) -> list[UpdateRecipient]:
    """To the patient all; to others no row tells of an answer that is hidden."""
    if opened.is_patient:
        return rows
    return known_by(
        rows,
        user_id=opened.reading.user_id,
        replies=Reply.objects.standing().filter(update=update),
        seen={each.pk for each in replies},
    )


def _with_receipts(opened, update, rows) -> set[uuid.UUID]:
    """The rows whose opening, plan and day this reader may see.

    An author keeps the own text, without receipts (DESIGN 2). Whether a consent
    covers the author too is asked of the event of sending: it has the same
    categories, labels and lineage, and nobody keeps it as own text.
    """
    if opened.is_patient or update.author_id != opened.party_id:
        return {row.pk for row in rows}
    return with_receipts(rows, user_id=opened.reading.user.pk, at=opened.at)


def _note_beside(opened: OpenPatient, found: OpenUpdate) -> None:
    """Queues what the page tells beside the text: receipts, and who is on the team.

    An open tab asks by the log alone: it would keep both as long as the text stands.
    """
    if opened.is_patient:
        return
    if found.is_author:
        known = [row for row in found.rows if row.pk in found.with_receipts]
        note_receipts(opened.reading, known)
    else:
        others = {row.party_id for row in found.rows} - {opened.party_id}
        note_named(opened, others)


def replies_to(opened: OpenPatient, update: Update) -> list[Reply]:
    """The permitted replies, oldest first: a conversation is read downwards."""
    found = access.items(opened, REPLIES.filter(update=update))
    return sorted(found, key=lambda reply: (reply.occurred_at, reply.pk))


def _versions(opened: OpenPatient, update: Update) -> dict[uuid.UUID | None, Update]:
    """The version before and the one after, if this reader may see them."""
    around = Q(corrects=update)
    if update.corrects_id:
        around |= Q(pk=update.corrects_id)
    ids = access.newest(opened, Update.objects.filter(around), limit=2)
    found = Update.objects.filter(pk__in=[pk for _at, pk in ids])
    return {each.pk: each for each in found.defer("what_changed", "if_then")}


def own_information(opened: OpenPatient, pks: list[uuid.UUID]) -> list[UpdateRecipient]:
    """This reader's unseen rows of updates that ask for nothing."""
    found = access.items(opened, Update.objects.filter(pk__in=pks, ask=Ask.NOTHING))
    if opened.party_id is None:
        return []
    return list(
        UpdateRecipient.objects.filter(
            update__in=[each.pk for each in found],
            party_id=opened.party_id,
            status=RecipientStatus.SENT,
        ).select_related("update")
    )


def asked_for(opened: OpenPatient, found: OpenUpdate) -> dict[uuid.UUID, datetime]:
    """When the author asked the patient for consent to this update, by recipient.

    For the thirty days in which nobody asks again, answered or not: a refusal is not
    told to whoever asked.
    """
    if not found.is_author:
        return {}
    requests = ConsentRequest.objects.filter(
        patient=opened.patient,
        asked_by_id=opened.party_id,
        held_item=found.update.pk,
        asked_at__gt=opened.at - timedelta(days=REQUEST_AGAIN_AFTER_DAYS),
    )
    return dict(
        requests.order_by("asked_at", "pk").values_list("recipient_id", "asked_at")
    )


def waits_for_word(
    opened: OpenPatient, found: OpenUpdate
) -> dict[uuid.UUID | None, ItemDeny]:
    """What waits for the patient's word, by recipient; None where it is for everyone.

    The patient reads all of it. An author learns of what follows from their own level.
    """
    waiting = ItemDeny.objects.filter(
        lineage=found.update.lineage, waits=True, lifted_at=None
    )
    if not opened.is_patient:
        waiting = waiting.filter(party=None) if found.is_author else waiting.none()
    return {deny.party_id: deny for deny in waiting}


def untold(opened: OpenPatient, found: OpenUpdate) -> dict[uuid.UUID, list[Party]]:
    """Those to whom the reader's own answers do not get, by answer.

    What does not reach the one it is for must not look sent (DESIGN 2, Held).
    """
    mine = [each for each in found.replies if each.author_id == opened.party_id]
    return {
        reply.pk: [
            party
            for party in _addressees(found, reply)
            if not _reaches(reply, party, opened.at)
        ]
        for reply in mine
    }


def plan_reaches_author(opened: OpenPatient, found: OpenUpdate) -> bool:
    """Whether the author gets the receipts of this reader's own row."""
    author = found.update.writer
    # A second bolt: the rule opens nothing to whoever has no sign-in either.
    if author.user_id is None:
        return False
    mine = found.mine
    if rows_not_told([mine], access.readers(author.user_id, opened.at)):
        return False
    return mine.pk in with_receipts([mine], user_id=author.user_id, at=opened.at)


def _addressees(found: OpenUpdate, reply: Reply) -> list[Party]:
    if reply.author_id != found.update.author_id:
        return [found.update.writer]
    return [row.party for row in found.rows if row.status != RecipientStatus.HELD]


def _reaches(reply: Reply, party: Party, at: datetime) -> bool:
    # A second bolt: the rule opens nothing to whoever has no sign-in either.
    if party.user_id is None:
        return False
    purpose = access.purpose_between(party.user_id, reply.author_id)
    reader = Reader(user_id=party.user_id, purpose=purpose, at=at)
    return decisions.decide(reply, reader).permitted


def page(
    opened: OpenPatient, *, before: uuid.UUID | None, size: int
) -> tuple[list[Update], uuid.UUID | None]:
    """The newest permitted updates, and where the next page begins.

    `before` is an update this reader was shown; a strange one is as good as none.
    """
    ids = access.newest(opened, _older_than(opened, before), limit=size + 1)
    wanted = [pk for _at, pk in ids[:size]]
    found = access.items(opened, _bodies(wanted))
    compare_opened(opened, found)
    more = wanted[-1] if len(ids) > size else None
    # A correction is of the same instant as what it corrects, and stands before it.
    found.sort(key=lambda each: (each.occurred_at, each.recorded_at, each.pk))
    return found[::-1], more


def _older_than(opened: OpenPatient, before: uuid.UUID | None) -> QuerySet:
    updates = Update.objects.all()
    if before is None:
        return updates
    # Decided like any other: or the page would tell when a hidden one was written.
    for at, pk in access.newest(opened, updates.filter(pk=before), limit=1):
        return updates.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    return updates


def _bodies(pks: list[uuid.UUID]) -> QuerySet:
    return UPDATES.filter(pk__in=pks).prefetch_related("recipients__party")


# While writing ------------------------------------------------------------------


def colleagues(opened: OpenPatient) -> list[CareTeamParticipant]:
    """The clinicians on the team who sign in and whose role reads updates."""
    team = (
        CareTeamParticipant.objects.current()
        .filter(patient_id=opened.patient.pk, party__user__is_active=True)
        .exclude(party_id=opened.party_id)
        .select_related("party__practitioner", "party__user")
        .order_by("party__name", "started_at", "pk")
    )
    return [
        each
        for each in team
        if not ROLES[each.role].related and "updates" in ROLES[each.role].categories
    ]


def scope_of(opened: OpenPatient, participant: CareTeamParticipant) -> Scope:
    """What consent lets this clinician read of what the author writes."""
    user_id = participant.party.user_id
    if user_id is None:
        return Scope(0, 0)
    reader = Reader(
        user_id=user_id,
        purpose=access.purpose_between(opened.reading.user.pk, participant.party_id),
        at=opened.at,
    )
    return scopes.scope(opened.patient.pk, reader)


def draft_of(opened: OpenPatient) -> UpdateDraft | None:
    """What this author has typed about this patient and not sent."""
    return UpdateDraft.objects.filter(
        author=opened.reading.user, patient=opened.patient
    ).first()


def must_read_safety_notice(opened: OpenPatient) -> bool:
    since = opened.at - SAFETY_AGAIN_AFTER
    return not SafetyNotice.objects.filter(
        user=opened.reading.user, read_at__gt=since
    ).exists()


def own_newest(opened: OpenPatient) -> Update | None:
    """The author's last update about this patient: "since then, in numbers"."""
    return (
        Update.objects.standing()
        .filter(patient=opened.patient, author_id=opened.party_id)
        .order_by("-occurred_at", "-pk")
        .only("occurred_at")
        .first()
    )
