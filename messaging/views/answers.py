"""Taking on, answering and closing an update; asking the patient for consent."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carecoord import zones
from consents import lines
from consents.access import Request
from consents.actions import RuleError
from messaging import cards, due, words
from messaging.access import OpenPatient, open_patient
from messaging.access import updates as loaders
from messaging.access.updates import OpenUpdate
from messaging.actions import acknowledgements, replies, seen, updates
from messaging.actions.acknowledgements import AlreadyTakenError, Choice
from messaging.actions.replies import FormUsedError
from messaging.codes import Plan, RecipientStatus
from messaging.forms.answers import ReplyForm, plan_forms
from messaging.forms.compose import new_key
from messaging.models import UpdateRecipient


@require_http_methods(["GET", "POST"])
def acknowledge(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> HttpResponse:
    """Two clicks from the worklist, without the chart."""
    opened, found = _open_own(request, patient_id, update_id)
    forms = plan_forms(
        today=zones.today(opened.at, request.user.time_zone),
        proposed=_proposed(request, opened, found),
        people=_people(opened, found),
        data=request.POST if request.method == "POST" else None,
    )
    choice = _choice(request, forms)
    if choice is None:
        return _acknowledge_page(request, opened, found, forms)
    try:
        row = _take(request, opened, found, choice)
    except AlreadyTakenError as error:
        return _taken_page(request, opened, found, choice, error)
    except FormUsedError:
        return _form_used_page(request, opened, found, [choice.text])
    except RuleError as error:
        problem = [{"text": str(error)}]
        return _acknowledge_page(request, opened, found, forms, problem)
    return _acknowledged(request, found, row)


def _take(
    request: Request, opened: OpenPatient, found: OpenUpdate, choice: Choice
) -> UpdateRecipient:
    return acknowledgements.acknowledge(
        row=found.mine,
        choice=choice,
        known=_known(request, opened, found),
        by=request.user,
        at=opened.at,
    )


def _open_own(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> tuple[OpenPatient, OpenUpdate]:
    """An update that this clinician was sent; else 404."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.licensed))
    found = loaders.open_update(opened, update_id)
    opened.require(found.own_row is not None)
    loaders.note_opened(opened, found)
    return opened, found


def _choice(request: Request, forms: dict) -> Choice | None:
    plan = request.POST.get("plan", "")
    if plan == Plan.SEEN:
        return Choice(Plan.SEEN)
    form = forms.get(plan)
    if form is None or not form.is_valid():
        return None
    return form.choice()


def _people(opened: OpenPatient, found: OpenUpdate) -> dict:
    return {
        str(each.party_id): each.party
        for each in loaders.colleagues(opened)
        if each.party_id != found.update.author_id
    }


def _proposed(request: Request, opened: OpenPatient, found: OpenUpdate) -> date:
    today = zones.today(opened.at, request.user.time_zone)
    asked = found.update.answer_by_date or due.working_days_after(today, 1)
    return max(today, asked)


def _known(
    request: Request, opened: OpenPatient, found: OpenUpdate
) -> set[uuid.UUID] | None:
    """The others whom this page has shown to have it; None if it may show none.

    And those of whom this reader may not know that they have.
    """
    if not opened.scope.has("care_team"):
        return None
    known = set(found.answered_unseen)
    for text in request.POST.getlist("known"):
        try:
            known.add(uuid.UUID(text))
        except ValueError:
            continue
    return known


def _acknowledge_page(
    request: Request, opened, found, forms: dict, problems: list | None = None
) -> HttpResponse:
    bound = [form for form in forms.values() if form.errors]
    context = {
        "opened": opened,
        "found": found,
        "card": cards.card(found.update, zone=request.user.time_zone),
        "plans": forms,
        "can_be_seen": Plan.SEEN in words.plans_for(found.update.ask),
        "others": _others(opened, found, request.user.time_zone),
        "forms": bound,
        "problems": problems or [],
        "has_errors": bool(bound or problems),
        "choice": lines.choice(),
    }
    return render(request, "messaging/acknowledge.html", context)


def _others(opened, found: OpenUpdate, zone: str) -> list:
    return [
        cards.row_state(row, found.update, at=opened.at, zone=zone, with_receipts=True)
        for row in found.rows
        if row.pk != found.mine.pk and row.status != RecipientStatus.HELD
    ]


def _taken_page(
    request: Request, opened, found, choice: Choice, error: AlreadyTakenError
) -> HttpResponse:
    zone = request.user.time_zone
    is_own = error.rows[0].pk == found.own_row.pk
    context = {
        "opened": opened,
        "found": found,
        "card": cards.card(found.update, zone=zone),
        "states": [
            cards.row_state(
                row, found.update, at=opened.at, zone=zone, with_receipts=True
            )
            for row in error.rows
        ],
        "is_own": is_own,
        "typed": [] if is_own else _typed_again(request, error),
        "wanted": _wanted(choice),
    }
    return render(request, "messaging/taken.html", context, status=409)


def _form_used_page(
    request: Request, opened, found: OpenUpdate, typed: list[str]
) -> HttpResponse:
    """This form was sent before; nothing of it was sent now. The words are kept."""
    context = {
        "opened": opened,
        "typed": [text for text in typed if text],
        "again_url": request.path,
    }
    return render(request, "messaging/form_used.html", context, status=409)


def _typed_again(request: Request, error: AlreadyTakenError) -> list[tuple[str, str]]:
    """The same choice, now with the knowledge of who has it."""
    left_out = ("csrfmiddlewaretoken", "known")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in left_out
    ]
    return kept + [("known", str(row.pk)) for row in error.rows]


def _wanted(choice: Choice) -> str:
    day = cards.weekday(choice.plan_date)
    to = choice.to.name if choice.to else ""
    return " ".join(
        part for part in (str(Plan(choice.plan).label), day, choice.text, to) if part
    )


def _acknowledged(request: Request, found: OpenUpdate, row) -> HttpResponse:
    if row.status == RecipientStatus.HELD:
        phone = cards.phone(row.party)
        not_sent = lines.not_sent(recipient_name=row.party.name, phone=phone)
        still = _("You still have it.")
        messages.warning(request, f"{not_sent.headline} {not_sent.call} {still}")
    elif row.pk == found.mine.pk and row.plan == Plan.SEEN:
        messages.success(request, _("Marked as seen."))
    else:
        messages.success(
            request, _("Saved. Those whom the patient allows can read it.")
        )
    if request.POST.get("back") == "update":
        return redirect("messaging:update", found.update.patient_id, found.update.pk)
    return redirect("messaging:worklist")


@require_http_methods(["GET", "POST"])
def reply(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> HttpResponse:
    """The decision, and what the others should watch for."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.writes_updates))
    found = loaders.open_update(opened, update_id)
    opened.require(found.is_author or found.own_row is not None)
    loaders.note_opened(opened, found)
    form = ReplyForm(request.POST or None, initial={"form_key": new_key()})
    if request.method == "GET" or not form.is_valid():
        return _reply_page(request, opened, found, form)
    try:
        _write_reply(request, opened, found, form)
    except FormUsedError:
        said = form.answer()
        words = [said.decision, said.watch_for, said.text]
        return _form_used_page(request, opened, found, words)
    except RuleError as error:
        form.add_error(None, str(error))
        return _reply_page(request, opened, found, form)
    messages.success(request, _("Sent. Those whom the patient allows can read it."))
    return redirect("messaging:update", patient_id, update_id)


def _write_reply(request, opened, found, form: ReplyForm) -> None:
    replies.reply(
        update=found.update,
        author=opened.participant.party,
        answer=form.answer(),
        form_key=form.cleaned_data["form_key"],
        by=request.user,
        at=opened.at,
    )


def _reply_page(request, opened, found, form: ReplyForm) -> HttpResponse:
    context = {
        "opened": opened,
        "found": found,
        "card": cards.card(found.update, zone=request.user.time_zone),
        "form": form,
        "names_medicine": lines.names_medicine(),
        "choice": lines.choice(),
    }
    return render(request, "messaging/reply.html", context)


@require_POST
def close(
    request: Request, patient_id: uuid.UUID, update_id: uuid.UUID
) -> HttpResponse:
    """Nothing more is needed."""
    opened = open_patient(request, patient_id)
    opened.require(not opened.is_patient)
    found = loaders.open_update(opened, update_id)
    opened.require(found.is_author or found.own_row is not None)
    closed = replies.close(
        update=found.update,
        party=opened.party,
        by=request.user,
        at=opened.at,
    )
    if closed or _may_not_know(found):
        messages.success(request, _("Closed."))
    else:
        messages.warning(request, _("Say first what happens next. Then close it."))
    if request.POST.get("back") == "worklist":
        return redirect("messaging:worklist")
    return redirect("messaging:update", patient_id, update_id)


def _may_not_know(found: OpenUpdate) -> bool:
    """An author without receipts: whether somebody had closed it is not said."""
    return found.is_author and not found.with_receipts


@require_POST
def ask_consent(
    request: Request,
    patient_id: uuid.UUID,
    update_id: uuid.UUID,
    row_id: uuid.UUID,
) -> HttpResponse:
    """The author of a held update asks the patient for exactly what it needs."""
    opened = open_patient(request, patient_id)
    found = loaders.open_update(opened, update_id)
    held = [
        row
        for row in found.rows
        if row.pk == row_id and row.status == RecipientStatus.HELD
    ]
    opened.require(found.is_author and bool(held))
    try:
        updates.ask_consent(row=held[0], by=request.user, at=opened.at)
        messages.success(request, _("The patient was asked. Nothing is sent yet."))
    except RuleError as error:
        messages.warning(request, str(error))
    return redirect("messaging:update", patient_id, update_id)


@require_POST
def mark_seen(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """All information about one patient that the page showed; never of everyone."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role))
    seen.mark_of_patient(
        patient=opened.patient,
        notices=_uuids(request.POST.getlist("notice")),
        by=request.user,
        at=opened.at,
    )
    for row in loaders.own_information(opened, _uuids(request.POST.getlist("update"))):
        acknowledgements.acknowledge(
            row=row, choice=Choice(Plan.SEEN), by=request.user, at=opened.at
        )
    messages.success(request, _("Marked as seen."))
    return redirect("messaging:worklist")


def _uuids(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
