"""The list of updates, one update, and its plain text."""

from __future__ import annotations

import uuid
from collections.abc import Container

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carecoord import zones
from consents import lines, part2, representing, talking
from consents.access import Request
from consents.codes import CATEGORIES, PURPOSES
from consents.spoken import spoken_to
from messaging import cards, documents
from messaging.access import OpenPatient, open_patient, purpose_between
from messaging.access import updates as loaders
from messaging.access.not_sent import unsent_of_own
from messaging.access.updates import OpenUpdate
from messaging.codes import Ask, RecipientStatus
from messaging.models import Update, UpdateRecipient
from providers.models import Party

PAGE = 5
DONE = (RecipientStatus.HELD, RecipientStatus.CLOSED)


@require_safe
def update_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The newest five, and five more at a time."""
    opened = open_patient(request, patient_id)
    before = _uuid(request.GET.get("before"))
    found, more = loaders.page(opened, before=before, size=PAGE)
    zone, unsent = request.user.time_zone, unsent_of_own(opened, found)
    context = {
        "opened": opened,
        "rows": [_list_row(each, opened, zone, unsent) for each in found],
        "more": more,
        "is_first_page": before is None,
        "may_write": _may_write(opened),
        "choice": spoken_to(opened).choice(),
        "nothing_shared": _nothing_shared(opened),
        "level": _level(opened),
    }
    return render(request, "messaging/updates.html", context)


@require_safe
def update(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> HttpResponse:
    """One update whole, with what became of it as far as this reader may see."""
    opened = open_patient(request, patient_id)
    found = loaders.open_update(opened, update_id)
    if request.method == "GET":  # a HEAD shows nothing: "Opened by" would be untrue
        loaders.note_opened(opened, found)
    zone = request.user.time_zone
    context = {
        "opened": opened,
        "card": cards.card(found.update, zone=zone),
        "found": found,
        "states": _states(found, opened, zone),
        "replies": _replies(found, opened, zone),
        "not_told": _not_told(found, opened),
        "may_reply": _may_reply(opened, found),
        "may_close": any(_may_close(found, row) for row in found.rows),
        "choice": spoken_to(opened).choice(),
        "earlier_at": _when(found.corrects, zone),
        "corrected_at": _when(found.corrected_by, zone),
    }
    return render(request, "messaging/update.html", context)


@require_safe
def update_text(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> HttpResponse:
    """ "Copy as plain text for my chart": logged as an export."""
    opened = open_patient(request, patient_id)
    found = loaders.open_update(opened, update_id)
    zone = request.user.time_zone
    text = documents.update_text(
        found,
        patient=opened.patient,
        zone=zone,
        at=opened.at,
        notice=part2.notice_of(request.reading),
    )
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    day = zones.today(opened.at, zone)
    # Neither name nor diagnosis: the file lies in a downloads folder.
    response["Content-Disposition"] = f'inline; filename="update-{day}.txt"'
    return response


def _states(found: OpenUpdate, opened: OpenPatient, zone: str) -> list[dict]:
    asked = loaders.asked_for(opened, found)
    waits = loaders.waits_for_word(opened, found)
    may_ask = found.is_author and _may_write(opened) and None not in waits
    is_answered = not may_ask or representing.is_answered(opened.patient, opened.at)
    return [
        {
            "state": cards.row_state(
                row,
                found.update,
                at=opened.at,
                zone=zone,
                with_receipts=row.pk in found.with_receipts,
            ),
            "not_sent": _not_sent(row.party) if row.status == "held" else None,
            "may_ask": may_ask,
            "is_answered": is_answered,
            # The patient's to send on; its author knows of the own level only.
            "waits": waits.get(row.party_id) or waits.get(None),
            "asked": cards.moment(asked.get(row.party_id), zone),
            "needs": _needs(found, row),
        }
        for row in found.rows
    ]


def _may_close(found: OpenUpdate, row: UpdateRecipient) -> bool:
    """Where the author may not know whether it is closed, it can always be closed."""
    if row.pk in found.with_receipts:
        return row.status not in DONE
    return row.status != RecipientStatus.HELD and found.corrected_by is None


def _needs(found: OpenUpdate, row: UpdateRecipient) -> list[str]:
    """The scope that the held update needs, in the words of a consent.

    Without the names of its topics: the patient may have marked it with more of them
    than its author did, which is not told to the author.
    """
    purpose = purpose_between(row.party.user_id, found.update.author_id)
    kinds = CATEGORIES.words(found.update.categories)
    return [*kinds, PURPOSES.by_name[purpose].word]


def _not_sent(party: Party) -> lines.NotSent:
    return lines.not_sent(recipient_name=party.name, phone=cards.phone(party))


def _replies(found: OpenUpdate, opened: OpenPatient, zone: str) -> list[dict]:
    """Each answer; under one's own, whom it has not reached."""
    untold = {} if opened.is_patient else loaders.untold(opened, found)
    return [
        {
            "card": cards.reply_card(each, zone=zone),
            "not_sent": [_not_sent(party) for party in untold.get(each.pk, [])],
        }
        for each in found.replies
    ]


def _not_told(found: OpenUpdate, opened: OpenPatient) -> lines.NotSent | None:
    """To who took it on: the author cannot be told of the plan."""
    row = found.own_row
    if row is None or not row.acknowledged_at or found.update.ask == Ask.NOTHING:
        return None
    if any(each.author_id == opened.party_id for each in found.replies):
        return None
    if loaders.plan_reaches_author(opened, found):
        return None
    return _not_sent(found.update.writer)


def _list_row(
    update: Update, opened: OpenPatient, zone: str, unsent: Container[uuid.UUID]
) -> dict:
    held = [row for row in update.recipients.all() if row.status == "held"]
    return {
        "card": cards.card(update, zone=zone),
        "is_held": bool(held) if opened.is_patient else update.pk in unsent,
    }


def _may_write(opened: OpenPatient) -> bool:
    return bool(opened.role and opened.role.writes_updates)


def _may_reply(opened: OpenPatient, found: OpenUpdate) -> bool:
    return _may_write(opened) and (found.is_author or found.own_row is not None)


def _nothing_shared(opened: OpenPatient) -> str:
    """For a clinician whom no consent covers: said by scope, never by the data."""
    if opened.is_patient or opened.scope.categories:
        return ""
    return lines.nothing_shared()


def _level(opened: OpenPatient) -> talking.Level | None:
    """How much the patient wants of this reader, for this reader."""
    if opened.is_patient:
        return None
    return talking.level_of(opened.patient.pk, opened.party_id, opened.at)


def _when(update: Update | None, zone: str) -> str:
    return cards.moment(update.recorded_at, zone) if update else ""


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
