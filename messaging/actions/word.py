"""What waits for the patient's word before it goes out (consents/talking.py)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from carecoord.models import User
from consents import actions as consents
from consents import talking
from consents.models import ConsentRequest, ItemDeny
from messaging.codes import RecipientStatus
from messaging.models import Update, UpdateRecipient
from providers.models import Party


def wait_for_word(update: Update, *, by: User, at: datetime) -> None:
    """Nobody reads it before the patient's word, if the patient wants that of its
    author.

    Where an earlier version went out, only those wait who did not have it.
    """
    if _had_before(update).exists():
        return
    if talking.holds(update.patient_id, [update.author_id], at):
        consents.let_wait(item=update, by=by, at=at)


def wait_for_word_to(update: Update, party: Party, *, by: User, at: datetime) -> None:
    """The same for one who gets it.

    Whoever had an earlier version gets its correction: nobody is left with a mistake,
    and waiting would take back what they have.
    """
    earlier = set(_had_before(update).values_list("party_id", flat=True))
    if party.pk in earlier:
        return
    asked = [party.pk, update.author_id] if earlier else [party.pk]
    if talking.holds(update.patient_id, asked, at):
        consents.let_wait(item=update, party=party, by=by, at=at)


def send_on_signed(row: UpdateRecipient, *, at: datetime) -> None:
    """Whoever signs for exactly this update has given their word for it.

    What another voice holds goes on waiting: somebody who acts for the patient opens
    nothing over the patient's own level, nor over that of another one who acts.
    """
    waiting = ItemDeny.objects.filter(
        lineage=row.update.lineage, party=row.party, waits=True, lifted_at=None
    ).first()
    if waiting is None:
        return
    if by := _signed_for(row, waiting, at=at):
        consents.send_on(waiting=waiting, by=by, at=at)


def waits_when_covered(row: UpdateRecipient, *, at: datetime) -> bool:
    """Whether what was held for want of a permission waits for the patient's word now.

    The level may have been said after it was written. Asked once: what the patient
    sent on, or signed for exactly, goes out.
    """
    update = row.update
    asked_before = ItemDeny.objects.filter(
        Q(party=None) | Q(party=row.party), lineage=update.lineage, waits=True
    )
    if asked_before.exists() or _had_before(update).filter(party=row.party).exists():
        return False
    if not talking.holds(update.patient_id, [row.party_id, update.author_id], at):
        return False
    since_sent = ItemDeny(patient_id=update.patient_id, created_at=update.recorded_at)
    if _signed_for(row, since_sent, at=at):
        return False
    consents.let_wait(item=update, party=row.party, by=update.recorded_by, at=at)
    return True


def _signed_for(
    row: UpdateRecipient, waiting: ItemDeny, *, at: datetime
) -> User | None:
    """Who signed for exactly this update since it waits, if that sends it on."""
    signed = ConsentRequest.objects.filter(
        held_item=row.update_id,
        recipient=row.party,
        consent__decision="permit",
        consent__revoked_at=None,
        answered_at__gte=waiting.created_at,
    ).select_related("consent")
    for request in signed.order_by("answered_at", "pk"):
        if not (request.consent and request.answered_by):
            continue
        signer = request.consent.representative_id
        asked = [row.party_id, row.update.author_id]
        if talking.is_word_of(signer, waiting, asked, at):
            return request.answered_by
    return None


def _had_before(update: Update) -> QuerySet[UpdateRecipient]:
    """The recipients who have an earlier version of it."""
    rows = UpdateRecipient.objects.filter(update__lineage=update.lineage)
    return rows.exclude(update=update.pk).exclude(status=RecipientStatus.HELD)
