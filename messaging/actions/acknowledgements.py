"""Someone who was asked takes it on, or passes it on. Never a bare "seen"."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import gate
from consents.actions import RuleError
from messaging import words
from messaging.actions import replies, seen, updates
from messaging.actions.replies import Answer, FormUsedError
from messaging.codes import Plan, RecipientStatus
from messaging.models import Reply, Update, UpdateRecipient
from patients.actions import timeline
from patients.codes import EventKind
from providers.models import Party

OPEN = (RecipientStatus.SENT,)


class AlreadyTakenError(RuntimeError):
    """It was acknowledged first in another tab, or by another clinician.

    `rows` are those that say so: the reader's own, or the others'.
    """

    def __init__(self, rows: list[UpdateRecipient]) -> None:
        super().__init__("This was acknowledged already.")
        self.rows = rows


@dataclass(frozen=True)
class Choice:
    """One of the plans, with what completes it. `form_key` is for a decision."""

    plan: str
    plan_date: date | None = None
    text: str = ""
    to: Party | None = None
    labels: int = 0
    part2_origin: bool = False
    form_key: uuid.UUID | None = None

    @property
    def answer(self) -> Answer:
        """A decision, as the row of its own that it becomes."""
        return Answer(
            decision=self.text, labels=self.labels, part2_origin=self.part2_origin
        )

    def check(self, row: UpdateRecipient) -> None:
        """Raises RuleError when the plan does not answer what was asked."""
        if self.plan not in words.plans_for(row.update.ask):
            raise RuleError(_("Choose what happens next."))
        needs = words.PLAN_NEEDS[Plan(self.plan)]
        given = {
            "date": self.plan_date,
            "text": self.text,
            "person": self.to,
            "": True,
        }
        if not given[needs]:
            raise RuleError(_("Complete the plan."))


@transaction.atomic
def acknowledge(
    *,
    row: UpdateRecipient,
    choice: Choice,
    by: User,
    at: datetime,
    known: set[uuid.UUID] | None = None,
) -> UpdateRecipient:
    """Takes on, decides or passes on what one recipient was asked.

    `known` are the other recipients' rows that the person knows to be taken; None
    when the person may not know of others. Returns the row that now stands: after
    passing on, the other's, which may be held: then the asked one still has it.
    Raises RuleError, AlreadyTakenError when someone was first, and FormUsedError for
    a decision whose form was sent before with other words.
    """
    gate.lock(row.update.patient_id)
    row = _fresh(row)
    if _is_same(row, choice, by=by):
        return row
    _still_open(row, known)
    choice.check(row)
    if choice.plan == Plan.NOT_MINE:
        return _pass_on(row, choice, by=by, at=at, knows_others=known is not None)
    said: Update | Reply = row.update
    if choice.plan == Plan.DECIDED:
        said = _write_decision(row, choice, by=by, at=at)
    _take(row, choice, by=by, at=at)
    _record_plan(row, said=said, by=by, at=at)
    return row


def _is_same(row: UpdateRecipient, choice: Choice, *, by: User) -> bool:
    """A double click is no conflict."""
    mine = row.acknowledged_by_id == by.pk and row.status != RecipientStatus.CLOSED
    said = (row.plan, row.plan_date, row.passed_to_id)
    wanted = (choice.plan, choice.plan_date, choice.to.pk if choice.to else None)
    if not mine or said != wanted:
        return False
    return choice.plan != Plan.DECIDED or _was_written(row, choice, by=by)


def _was_written(row: UpdateRecipient, choice: Choice, *, by: User) -> bool:
    try:
        return bool(_sent_before(row, choice, by=by))
    except FormUsedError:
        return False


def _sent_before(row: UpdateRecipient, choice: Choice, *, by: User) -> Reply | None:
    return replies.sent_before(
        choice.form_key, update=row.update, answer=choice.answer, by=by
    )


def _write_decision(
    row: UpdateRecipient, choice: Choice, *, by: User, at: datetime
) -> Reply:
    if sent := _sent_before(row, choice, by=by):
        return sent
    return replies.write(
        update=row.update,
        author=row.party,
        answer=choice.answer,
        form_key=choice.form_key or uuid.uuid4(),
        by=by,
        at=at,
    )


def _fresh(row: UpdateRecipient) -> UpdateRecipient:
    return (
        UpdateRecipient.objects.select_for_update(of=("self",))
        .select_related("update__patient", "party", "acknowledged_by")
        .get(pk=row.pk)
    )


def _still_open(row: UpdateRecipient, known: set[uuid.UUID] | None) -> None:
    if row.status not in OPEN:
        raise AlreadyTakenError([row])
    if known is None:
        return
    others = (
        row.update.recipients.exclude(pk=row.pk)
        .exclude(acknowledged_at=None)
        .exclude(plan__in=[Plan.NOT_MINE, Plan.SEEN])
        .select_related("party", "acknowledged_by")
    )
    news = [other for other in others if other.pk not in known]
    if news:
        raise AlreadyTakenError(news)


def _take(row: UpdateRecipient, choice: Choice, *, by: User, at: datetime) -> None:
    decided = choice.plan == Plan.DECIDED
    row.status = RecipientStatus.REPLIED if decided else RecipientStatus.ACKNOWLEDGED
    row.plan, row.plan_date = choice.plan, choice.plan_date
    row.passed_to = choice.to
    row.acknowledged_at, row.acknowledged_by = at, by
    row._history_user = by
    row.save()
    seen.mark_of_update(update=row.update, by=by, at=at)


def _pass_on(
    row: UpdateRecipient,
    choice: Choice,
    *,
    by: User,
    at: datetime,
    knows_others: bool,
) -> UpdateRecipient:
    """It stays with the one who was asked until the other has really got it.

    Whoever may not know of the others is not told what one of them did with it.
    """
    if choice.to is None:
        raise RuleError(_("Choose someone else."))
    theirs = row.update.recipients.filter(party=choice.to).first()
    if theirs and _gave_it_up(theirs):
        if not knows_others:
            raise RuleError(_("Choose someone else."))
        raise RuleError(
            _("%(name)s does not have this any more. Choose another plan, or call.")
            % {"name": choice.to.name}
        )
    if choice.to.pk in (row.party_id, row.update.author_id):
        raise RuleError(_("Choose someone else."))
    if theirs is None:
        theirs = updates.address(
            update=row.update, party=choice.to, passed_on=True, by=by, at=at
        )
        if theirs.status == RecipientStatus.SENT:
            updates.record_sending(row.update, at=at)
    if theirs.status == RecipientStatus.HELD:
        return theirs
    _take(row, choice, by=by, at=at)
    _record_plan(row, said=row.update, by=by, at=at)
    return theirs


def _gave_it_up(row: UpdateRecipient) -> bool:
    return row.plan == Plan.NOT_MINE or row.status == RecipientStatus.CLOSED


def _record_plan(
    row: UpdateRecipient, *, said: Update | Reply, by: User, at: datetime
) -> None:
    """Told to whoever may see what was `said`: a decision may mention more topics."""
    if row.plan == Plan.SEEN:
        return
    timeline.record_event(
        patient=row.update.patient,
        kind=EventKind.UPDATE_ANSWERED,
        title=_("Answer from %(name)s") % {"name": row.party.name},
        by=by,
        author=row.party,
        at=at,
        categories=row.update.categories,
        labels=row.update.labels | said.labels,
        part2_origin=row.update.part2_origin or said.part2_origin,
        lineage=row.update.lineage,
        about=row.update_id,
        at_once=True,
    )
