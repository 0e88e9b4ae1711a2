"""Writing an update: one page, a check, one interruption if life is at stake."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carecoord.context_processors import place
from carecoord.transactions import own_transaction
from consents.access import Request
from consents.actions import RuleError
from messaging import cards, composing, words
from messaging.access import OpenPatient, open_patient
from messaging.access import updates as loaders
from messaging.actions import drafts, updates
from messaging.actions.updates import AlreadySentError
from messaging.composing import Desk
from messaging.forms import compose as forms
from patients.monitoring_page import monitoring_context

KEPT = ("save", "check", "change", "go_on", "send")


@own_transaction
@require_http_methods(["GET", "POST"])
def compose(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """What was typed is committed first, so that no error on our side can lose it."""
    if request.method == "POST":
        with transaction.atomic():
            _keep(request, _open(request, patient_id))
    with transaction.atomic():
        opened = _open(request, patient_id)
        response = _answer(request, opened)
        request.reading.write_disclosures()
    return response


@require_POST
def keep_draft(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The page saves by itself while one types; says only when."""
    opened = _open(request, patient_id)
    _keep(request, opened)
    when = cards.clock(opened.at, request.user.time_zone)
    return HttpResponse(_("Draft saved %(when)s") % {"when": when})


def _open(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.writes_updates))
    return opened


def _keep(request: Request, opened: OpenPatient) -> None:
    typed = forms.typed_of(request.POST)
    if typed and request.POST.get("action", "save") in KEPT:
        drafts.save(patient=opened.patient, typed=typed, by=request.user, at=opened.at)


def _answer(request: Request, opened: OpenPatient) -> HttpResponse:
    action = request.POST.get("action", "")
    if action == "understood":
        drafts.note_safety_notice(by=request.user, at=opened.at)
    if action == "discard":
        drafts.drop(patient=opened.patient, by=request.user)
    if action == "save":
        messages.success(request, _("Draft saved. Nobody else can see it."))
    if action in ("understood", "discard", "save"):
        return redirect(request.get_full_path())
    if action in ("check", "go_on", "send"):
        return _check(request, opened, action)
    return _begin(request, opened)


def _begin(request: Request, opened: OpenPatient) -> HttpResponse:
    if loaders.must_read_safety_notice(opened):
        return _safety_page(request, opened)
    typed = forms.typed_of(request.POST) or composing.beginning(
        opened, corrects=request.GET.get("corrects", "")
    )
    desk = composing.sit_down(opened, typed)
    return _form_page(request, desk, desk.form(bound=False))


def _check(request: Request, opened: OpenPatient, action: str) -> HttpResponse:
    typed = forms.typed_of(request.POST)
    if action == "go_on":
        typed["called"] = ["1"]
    desk = composing.sit_down(opened, typed)
    form = desk.form(bound=True)
    if not form.is_valid():
        return _form_page(request, desk, form)
    said = form.cleaned_data
    if words.must_call_now(said["suicidal_thoughts"]) and not said["called"]:
        return _call_now_page(request, desk, form)
    if action == "send":
        return _send(request, desk, form)
    return _check_page(request, desk, form)


def _send(request: Request, desk: Desk, form: forms.Composer) -> HttpResponse:
    opened = desk.opened
    try:
        sent = updates.send(
            patient=opened.patient,
            author=opened.party,
            content=form.content(desk.last),
            recipients=desk.chosen(form.cleaned_data["to"]),
            form_key=form.cleaned_data["form_key"],
            corrects=desk.corrects,
            by=request.user,
            at=opened.at,
        )
    except AlreadySentError as error:
        return _sent_already_page(request, desk, error.update.pk)
    except RuleError as error:
        form.add_error(None, str(error))
        return _form_page(request, desk, form)
    drafts.drop(patient=opened.patient, by=request.user)
    return redirect("messaging:update", opened.patient.pk, sent.pk)


# The pages ------------------------------------------------------------------------


def _form_page(
    request: Request, desk: Desk, form: forms.Composer, *, status: int = 200
) -> HttpResponse:
    context = {
        "opened": desk.opened,
        "form": form,
        "team": desk.team,
        "number_rows": form.rows(forms.NUMBERS, desk.last),
        "score_rows": form.rows(forms.SCORES, desk.last),
        "corrects": desk.corrects,
        "tests": monitoring_context(desk.opened),
        "level": desk.level,
        "safety_line": words.safety_line(crisis_number=place().crisis.number),
    }
    return render(request, "messaging/compose.html", context, status=status)


def _check_page(request: Request, desk: Desk, form: forms.Composer) -> HttpResponse:
    preview = composing.preview(desk, form)
    context = {"opened": desk.opened, "preview": preview, "card": preview.card}
    context["level"] = desk.level
    return render(request, "messaging/check.html", context)


def _safety_page(request: Request, opened: OpenPatient) -> HttpResponse:
    context = {
        "opened": opened,
        "text": words.safety_line(crisis_number=place().crisis.number),
    }
    return render(request, "messaging/safety_notice.html", context)


def _call_now_page(request: Request, desk: Desk, form: forms.Composer) -> HttpResponse:
    context = {
        "opened": desk.opened,
        "calls": composing.calls(desk.chosen(form.cleaned_data["to"])),
        "patient_phone": desk.opened.patient.phone if _may_call(desk) else "",
        "typed": forms.carried(desk.typed),
    }
    return render(request, "messaging/call_now.html", context)


def _may_call(desk: Desk) -> bool:
    return desk.opened.scope.has("contacts")


def _sent_already_page(
    request: Request, desk: Desk, update_id: uuid.UUID
) -> HttpResponse:
    """What was sent, as the author may read it, and the new text as a correction."""
    sent = loaders.own_sent(desk.opened, update_id)
    if sent is None:
        return _not_sent_page(request, desk)
    typed = desk.typed | {"corrects": [str(sent.pk)], "form_key": [forms.new_key()]}
    context = {
        "opened": desk.opened,
        "card": cards.card(sent, zone=desk.zone),
        "typed": forms.carried(typed),
    }
    return render(request, "messaging/sent_already.html", context, status=409)


def _not_sent_page(request: Request, desk: Desk) -> HttpResponse:
    """The form with what was typed, as a new one: what was sent cannot be corrected."""
    desk.typed |= {"form_key": [forms.new_key()], "corrects": []}
    form = desk.form(bound=True)
    form.add_error(None, _("You sent this form before. This text is not sent."))
    return _form_page(request, desk, form, status=409)
