"""An answer to an update, and its end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from carecoord.form_keys import FormUsedError
from carecoord.models import User
from consents import gate
from consents.actions import RuleError
from consents.codes import CATEGORIES
from messaging.access.answers_known import not_known
from messaging.actions import seen
from messaging.codes import Ask, Plan, RecipientStatus
from messaging.models import Reply, Update, UpdateRecipient
from messaging.querysets import closed_by_asked
from patients.actions import timeline
from patients.codes import EventKind
from providers.models import Party


@dataclass(frozen=True)
class Answer:
    """Words, a decision, and what to watch for over how many weeks."""

    text: str = ""
    decision: str = ""
    watch_for: str = ""
    watch_weeks: int | None = None
    labels: int = 0
    part2_origin: bool = False


@transaction.atomic
def reply(
    *,
    update: Update,
    author: Party,
    answer: Answer,
    form_key: uuid.UUID,
    by: User,
    at: datetime,
) -> Reply:
    """Answers an update; everyone in it is told. The same form twice answers once.

    A decision completes what was asked. Words alone do not: who was asked and has no
    plan yet still has none. Raises RuleError for an empty answer, and FormUsedError
    for a form that was sent before with other words.
    """
    gate.lock(update.patient_id)
    if not (answer.text or answer.decision):
        raise RuleError(_("Write an answer or a decision."))
    if sent := sent_before(form_key, update=update, answer=answer, by=by):
        return sent
    written = write(
        update=update, author=author, answer=answer, form_key=form_key, by=by, at=at
    )
    _answer_row(update, author, answer, by=by, at=at)
    _record_answer(update, author, written, by=by, at=at)
    seen.mark_of_update(update=update, by=by, at=at)
    return written


def write(
    *,
    update: Update,
    author: Party,
    answer: Answer,
    form_key: uuid.UUID,
    by: User,
    at: datetime,
) -> Reply:
    """The answer as a row of its own: another author's text, decided by itself.

    It carries the labels of the update as well: it speaks of the same thing.
    """
    written = Reply(
        update=update,
        patient_id=update.patient_id,
        author=author,
        categories=CATEGORIES["updates"],
        labels=answer.labels | update.labels,
        part2_origin=answer.part2_origin or update.part2_origin,
        lineage=update.lineage,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        text=answer.text,
        decision=answer.decision,
        watch_for=answer.watch_for,
        watch_weeks=answer.watch_weeks,
        form_key=form_key,
    )
    written._history_user = by
    written.save()
    return written


def sent_before(
    form_key: uuid.UUID | None, *, update: Update, answer: Answer, by: User
) -> Reply | None:
    """What a second click sent already; nothing if the form is new.

    Raises FormUsedError when what was sent was not this.
    """
    sent = Reply.objects.filter(form_key=form_key).first() if form_key else None
    if sent is None:
        return None
    is_own = sent.update_id == update.pk and sent.recorded_by_id == by.pk
    if not is_own or not _says(sent, answer):
        raise FormUsedError(sent)
    return sent


def _says(sent: Reply, answer: Answer) -> bool:
    """Whether it has the same words, and no topic or origin is missing in it."""
    words = ("text", "decision", "watch_for", "watch_weeks")
    return (
        all(getattr(sent, name) == getattr(answer, name) for name in words)
        and not answer.labels & ~sent.labels
        and sent.part2_origin >= answer.part2_origin
    )


@transaction.atomic
def close(*, update: Update, party: Party, by: User, at: datetime) -> int:
    """Nothing more is needed: the author closes it for all, others for themselves.

    What was asked of someone is never closed by them without a plan. Returns how
    many rows were closed.
    """
    gate.lock(update.patient_id)
    open_now = ~Q(status__in=[RecipientStatus.HELD, RecipientStatus.CLOSED])
    rows = update.recipients.select_for_update(of=("self",))
    if update.author_id == party.pk:
        closed = list(rows.filter(open_now))
        # To an author who may not know that it is closed, it is closed by this.
        done = rows.filter(closed_by_asked()).select_related("party", "update")
        closed += not_known(done, user_id=by.pk, at=at)
    else:
        mine = Q(party=party) & ~Q(status=RecipientStatus.SENT)
        closed = list(rows.filter(open_now & mine))
    for row in closed:
        row.status = RecipientStatus.CLOSED
        row.closed_at, row.closed_by = at, by
        row._history_user = by
        row.save(update_fields=["status", "closed_at", "closed_by"])
    seen.mark_of_update(update=update, by=by, at=at)
    return len(closed)


def _answer_row(
    update: Update, author: Party, answer: Answer, *, by: User, at: datetime
) -> None:
    row = (
        update.recipients.select_for_update()
        .filter(
            party=author,
            status__in=[RecipientStatus.SENT, RecipientStatus.ACKNOWLEDGED],
        )
        .first()
    )
    if row is None:
        return
    if row.status == RecipientStatus.SENT and not _completes(row, answer, update):
        return
    if row.acknowledged_at is None:
        row.plan = Plan.DECIDED if answer.decision else Plan.SEEN
        row.acknowledged_at, row.acknowledged_by = at, by
    row.status = RecipientStatus.REPLIED
    row._history_user = by
    row.save()


def _completes(row: UpdateRecipient, answer: Answer, update: Update) -> bool:
    return bool(answer.decision) or update.ask == Ask.NOTHING


def _record_answer(
    update: Update, author: Party, written: Reply, *, by: User, at: datetime
) -> None:
    timeline.record_event(
        patient=update.patient,
        kind=EventKind.UPDATE_ANSWERED,
        title=_("Answer from %(name)s") % {"name": author.name},
        by=by,
        author=author,
        at=at,
        categories=written.categories,
        labels=written.labels,
        part2_origin=written.part2_origin,
        lineage=update.lineage,
        about=update.pk,
        at_once=True,
    )
