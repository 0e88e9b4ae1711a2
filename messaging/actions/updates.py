"""An update is composed, sent or held, released, corrected."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import actions as consents
from consents import decisions, gate
from consents.actions import RuleError
from consents.codes import CATEGORIES, PURPOSES
from consents.decisions import Reader
from consents.models import ConsentRequest
from messaging import access, words
from messaging.actions import corrections
from messaging.actions.word import (
    send_on_signed,
    wait_for_word,
    wait_for_word_to,
    waits_when_covered,
)
from messaging.codes import Appetite, Ask, RecipientStatus, Urgency
from messaging.models import Update, UpdateNumber, UpdateRecipient
from messaging.querysets import uncorrected
from patients.actions import timeline
from patients.codes import EventKind
from patients.models import Patient
from providers.models import Party


class AlreadySentError(RuntimeError):
    """This form was sent before, with other answers. `update` is what was sent."""

    def __init__(self, update: Update) -> None:
        super().__init__("This was sent already, with another text.")
        self.update = update


@dataclass(frozen=True)
class Number:
    """A number as typed, beside the last one that the author could see.

    `compared_with` is the item that the last one stands in.
    """

    measure: str
    value: Decimal
    previous: Decimal | None = None
    compared_with: uuid.UUID | None = None


@dataclass(frozen=True)
class Content:
    """What an update says. `labels` is the author's answer, a mask."""

    urgency: str
    suicidal_thoughts: str
    ask: str
    labels: int
    what_changed: str = ""
    ask_detail: str = ""
    if_then: str = ""
    appetite: str = Appetite.NOT_ASKED
    missed_why: str = ""
    since_date: date | None = None
    answer_by_date: date | None = None
    part2_origin: bool = False
    numbers: tuple[Number, ...] = ()

    @property
    def categories(self) -> int:
        """`updates`, and `measures` once any number or the appetite is filled in.

        Appetite is counted here like sleep: a row of the same table.
        """
        mask = CATEGORIES["updates"]
        if self.numbers or self.appetite != Appetite.NOT_ASKED:
            mask |= CATEGORIES["measures"]
        return mask

    def check(self) -> None:
        """Raises RuleError where words, answer and ask contradict each other."""
        if self.urgency not in words.urgencies_for(self.suicidal_thoughts):
            raise RuleError(_("Thoughts of suicide are never for information."))
        if self.ask not in words.asks_for(self.suicidal_thoughts):
            raise RuleError(_("With thoughts of suicide, ask for something."))
        if self.ask != Ask.NOTHING and self.urgency == Urgency.INFORMATION:
            raise RuleError(_("You ask for something. Choose how soon."))


@dataclass(frozen=True)
class Rehearsal:
    """What would happen now. Nothing of it was stored."""

    update: Update
    numbers: list[UpdateNumber]
    status: dict[uuid.UUID, str]


@transaction.atomic
def send(
    *,
    patient: Patient,
    author: Party,
    content: Content,
    recipients: list[Party],
    form_key: uuid.UUID,
    by: User,
    at: datetime,
    corrects: Update | None = None,
) -> Update:
    """Sends to each recipient whom the rule covers now; holds it for the others.

    The same form twice sends once. A correction goes to everyone who had the version
    before. What the patient wants to send on themselves waits for their word
    (consents/talking.py). Raises RuleError, and AlreadySentError for the same form
    with another text.
    """
    gate.lock(patient.pk)
    content = _marked_like(corrects, content)
    if sent := _sent_before(form_key, patient, content, recipients, by=by):
        return sent
    content.check()
    if not recipients:
        raise RuleError(_("Choose at least one person."))
    _may_correct(corrects, author=author)
    corrections.mark_earlier(
        corrects=corrects,
        labels=content.labels,
        categories=content.categories,
        by=by,
        at=at,
    )
    update = _write(patient, author, content, form_key, by=by, at=at, corrects=corrects)
    parties = corrections.with_earlier(recipients, corrects)
    wait_for_word(update, by=by, at=at)
    passed_on = corrections.passed_on(corrects) - {party.pk for party in recipients}
    rows = [
        address(
            update=update, party=party, passed_on=party.pk in passed_on, by=by, at=at
        )
        for party in parties
    ]
    corrections.close(corrects=corrects, by=by, at=at)
    if any(row.status == RecipientStatus.SENT for row in rows):
        record_sending(update, at=at)
    return update


def rehearse(
    *,
    patient: Patient,
    author: Party,
    content: Content,
    recipients: list[Party],
    others: list[Party],
    by: User,
    at: datetime,
    corrects: Update | None = None,
) -> Rehearsal:
    """What each reader would get: written, decided by the rule, and rolled back.

    `others` are not written to and could read it.

    So the check page and the sending can't disagree, and the rule stays one.
    """
    content = _marked_like(corrects, content)
    with transaction.atomic():
        update = _write(patient, author, content, uuid.uuid4(), by=by, at=at)
        corrections.make_version_of(corrects, update)
        update.save(update_fields=["lineage", "occurred_at"])
        wait_for_word(update, by=by, at=at)
        for party in recipients:
            wait_for_word_to(update, party, by=by, at=at)
        readers = [*recipients, *others]
        status = {party.pk: _status(update, party, at=at) for party in readers}
        transaction.set_rollback(True)
    for number in update.numbers_written:
        number.was = number.previous  # the author reads it
    return Rehearsal(update, list(update.numbers_written), status)


@transaction.atomic
def release_covered(*, patient_id: uuid.UUID, at: datetime) -> int:
    """Sends what was held and is covered by now, once. Returns how many recipients.

    Safe to call at any time and twice at once: it works behind the gate. A version
    that was corrected stays held; its correction goes out.
    """
    gate.lock(patient_id)
    held = (
        UpdateRecipient.objects.select_for_update(of=("self",))
        .filter(
            uncorrected("update"),
            status=RecipientStatus.HELD,
            update__patient_id=patient_id,
            update__entered_in_error_at=None,
        )
        .select_related("update__patient", "update__author", "party__user")
        .order_by("update__occurred_at", "pk")
    )
    for row in held:
        send_on_signed(row, at=at)
    released = [row for row in held if _release(row, at=at)]
    for update in {row.update_id: row.update for row in released}.values():
        record_sending(update, at=at)
    return len(released)


@transaction.atomic
def ask_consent(
    *, row: UpdateRecipient, by: User, at: datetime, reason: str = ""
) -> ConsentRequest:
    """Asks the patient for exactly what this held update needs, and no more.

    Raises RuleError when the author asked for this recipient within 30 days.
    """
    update = row.update
    return consents.ask(
        patient=update.patient,
        recipient=row.party,
        asked_by=update.writer,
        categories=update.categories,
        labels=update.labels,
        purposes=PURPOSES.mask(_purpose(update, row.party)),
        reason=reason,
        held_item=update.pk,
        at=at,
    )


def _sent_before(
    form_key: uuid.UUID,
    patient: Patient,
    content: Content,
    recipients: list[Party],
    *,
    by: User,
) -> Update | None:
    sent = Update.objects.filter(form_key=form_key).first()
    if sent is None:
        return None
    if sent.recorded_by_id != by.pk or sent.patient_id != patient.pk:
        raise RuleError(_("Open the form again."))
    same_people = corrections.same_people(recipients, sent)
    if _said(content) != _said_in(sent) or not same_people:
        raise AlreadySentError(sent)
    return sent


COMPARED = (
    *("urgency", "suicidal_thoughts", "ask", "labels", "what_changed"),
    *("ask_detail", "if_then", "appetite", "missed_why", "since_date"),
    *("answer_by_date", "part2_origin"),
)


def _said(content: Content) -> tuple:
    numbers = {(number.measure, number.value) for number in content.numbers}
    return (*(getattr(content, name) for name in COMPARED), numbers)


def _said_in(update: Update) -> tuple:
    numbers = set(update.numbers.values_list("measure", "value"))
    return (*(getattr(update, name) for name in COMPARED), numbers)


def _may_correct(corrects: Update | None, *, author: Party) -> None:
    if corrects is None:
        return
    if corrects.author_id != author.pk or hasattr(corrects, "corrected_by"):
        raise RuleError(_("This version was corrected already."))


def _marked_like(corrects: Update | None, content: Content) -> Content:
    """A correction is as sensitive as what it corrects: its words may be the same.

    An author may add a topic; only the patient takes one off (DESIGN 2, 4).
    """
    if corrects is None:
        return content
    return replace(
        content,
        labels=content.labels | corrects.labels,
        part2_origin=content.part2_origin or corrects.part2_origin,
    )


def _write(
    patient: Patient,
    author: Party,
    content: Content,
    form_key: uuid.UUID,
    *,
    by: User,
    at: datetime,
    corrects: Update | None = None,
) -> Update:
    said = {name: getattr(content, name) for name in COMPARED}
    update = Update(
        patient=patient,
        author=author,
        categories=content.categories,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        form_key=form_key,
        corrects=corrects,
        **said,
    )
    corrections.make_version_of(corrects, update)
    update._history_user = by
    update.save()
    update.numbers_written = UpdateNumber.objects.bulk_create(
        UpdateNumber(update=update, **vars(number)) for number in content.numbers
    )
    return update


def address(
    *, update: Update, party: Party, by: User, at: datetime, passed_on: bool = False
) -> UpdateRecipient:
    """The update for one more recipient, sent or held by the rule.

    `passed_on`: by somebody who was asked, and not by its author.
    """
    wait_for_word_to(update, party, by=by, at=at)
    status = _status(update, party, at=at)
    row = UpdateRecipient(
        update=update,
        party=party,
        purpose=_purpose(update, party),
        status=status,
        sent_at=at if status == RecipientStatus.SENT else None,
        passed_on=passed_on,
    )
    row._history_user = by
    row.save()
    return row


def _status(update: Update, party: Party, *, at: datetime) -> str:
    covered = _covered(update, party, at=at)
    return RecipientStatus.SENT if covered else RecipientStatus.HELD


def _covered(update: Update, party: Party, *, at: datetime) -> bool:
    if party.user_id is None:
        return False
    reader = Reader(user_id=party.user_id, purpose=_purpose(update, party), at=at)
    return decisions.decide(update, reader).permitted


def _purpose(update: Update, party: Party) -> str:
    return access.purpose_between(party.user_id, update.author_id)


def _release(row: UpdateRecipient, *, at: datetime) -> bool:
    if not _covered(row.update, row.party, at=at) or waits_when_covered(row, at=at):
        return False
    row.status = RecipientStatus.SENT
    row.purpose = _purpose(row.update, row.party)
    row.sent_at = row.released_at = at
    row._history_user = row.update.recorded_by
    row.save(update_fields=["status", "purpose", "sent_at", "released_at"])
    return True


def record_sending(update: Update, *, at: datetime) -> None:
    """The event that the outbox carries: written at the `sent_at` of the rows that it
    is about (messaging.querysets.users_to_tell), and no newer than the update itself.
    """
    timeline.record_event(
        patient=update.patient,
        kind=EventKind.UPDATE_SENT,
        title=_("Update from %(name)s") % {"name": update.writer.name},
        by=update.recorded_by,
        author=update.author,
        at=at,
        categories=update.categories,
        labels=update.labels,
        part2_origin=update.part2_origin,
        lineage=update.lineage,
        about=update.pk,
        occurred_at=update.occurred_at,
        at_once=True,
    )
