"""Codes for somebody outside the team: the patient makes, follows and stops them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord import form_keys, pdf, zones
from carecoord.transactions import own_transaction
from consents import actions, preview, signing, texts, windows
from consents.access import OpenPatient, Request, guests, open_patient, sharing
from consents.access.still import hand_over_same
from consents.actions.guests import MOST_TRIES_WHILE_IT_STANDS, hash_of
from consents.codes import PURPOSES, GuestPage
from consents.drafts import Draft
from consents.forms.codes import DAYS, CodeForm
from consents.forms.grant import SignForm
from consents.models import GuestCode
from consents.told import is_bounded
from consents.views.checking import as_shown, because_of_age, by_terms
from consents.views.grant import seal, sign_form
from providers.codes import PartyKind
from providers.models import Party


@dataclass(frozen=True)
class CodeDraft(Draft):
    """The answers of the first page, on the way to the signature."""

    page: str = ""
    visits: int = 0
    whom: str = ""


@require_safe
def code_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every code of this patient, newest first."""
    opened = open_patient(request, patient_id)
    context = {"opened": opened, "codes": guests.codes(opened)}
    context["is_bounded"] = is_bounded(opened)
    return render(request, "consents/codes/list.html", context)


@require_safe
def code(request: Request, patient_id: uuid.UUID, code_id: uuid.UUID) -> HttpResponse:
    """One code: whether it works, who used it, and what they wrote back."""
    opened = open_patient(request, patient_id)
    context = {
        "opened": opened,
        "code": guests.code(opened, code_id),
        "hands_on": guests.hands_on(opened),
        "is_bounded": is_bounded(opened),
    }
    return render(request, "consents/codes/code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Two pages: what it opens, then check and sign. The code is shown once."""
    opened = open_patient(request, patient_id)
    if request.method != "POST":
        return _what_page(request, opened, _form(opened))
    if request.POST.get("step") == "check":
        return _check(request, opened)
    form = _form(opened, request.POST)
    if form.is_valid():
        _check_document(opened, form)
    if not form.is_valid():
        return _what_page(request, opened, form)
    return _check_page(request, opened, CodeDraft.new(**form.answers()))


def _form(opened: OpenPatient, data=None) -> CodeForm:
    return CodeForm(data, at=opened.at, zone=opened.patient.time_zone)


def _check_document(opened: OpenPatient, form: CodeForm) -> None:
    """Whoever acts for the patient reads here what the document does not cover."""
    draft = CodeDraft.new(**form.answers())
    try:
        _within_document(opened, _terms(opened, draft))
    except actions.RuleError as error:
        form.add_error(None, str(error))


def _within_document(opened: OpenPatient, terms: actions.Terms) -> None:
    """Raises RuleError when somebody would share more for the patient than they may."""
    if opened.representative:
        actions.check_scope(
            opened.representative,
            recipient=terms.recipient,
            categories=terms.categories,
            labels=terms.labels,
            at=opened.at,
        )


def _what_page(request: Request, opened: OpenPatient, form: CodeForm):
    context = {"opened": opened, "form": form}
    return render(request, "consents/codes/what.html", context)


def _check_page(
    request: Request,
    opened: OpenPatient,
    draft: CodeDraft,
    form: SignForm | None = None,
    *,
    changed: bool = False,
) -> HttpResponse:
    terms = _terms(opened, draft)
    text = _text(opened, draft, terms)
    view = _preview(request, opened, terms)
    draft = as_shown(opened, draft, text)
    context = {
        "opened": opened,
        "draft": seal(request, opened, draft),
        "form": form or sign_form(request, opened),
        "view": view,
        "by_terms": by_terms(terms),
        "rows": _rows(opened, draft, terms),
        "text": text,
        "changed": changed,
    }
    return render(request, "consents/codes/check.html", context)


def _preview(request: Request, opened: OpenPatient, terms: actions.Terms):
    """Counted for the patient alone: a count tells of what is not shared."""
    if opened.representative:
        return None
    return preview.proposed(
        patient=opened.patient, terms=terms, by=request.user, at=opened.at
    )


def _check(request: Request, opened: OpenPatient) -> HttpResponse:
    """Only what the page showed is signed, and once."""
    draft = CodeDraft.opened(
        request.POST.get("draft", ""),
        user_id=request.user.pk,
        patient_id=opened.patient.pk,
    )
    if draft is None:
        return redirect("consents:code_make", patient_id=opened.patient.pk)
    if sharing.already_signed(opened, draft):
        return _made(request, opened, None)
    terms = _terms(opened, draft)
    text = _text(opened, draft, terms)
    form = sign_form(request, opened, request.POST)
    changed = as_shown(opened, draft, text) != draft
    if not form.is_valid() or changed:
        return _check_page(request, opened, draft, form, changed=changed)
    try:
        return _sign(request, opened, draft, terms, text, form)
    except actions.RuleError as error:
        # The document of whoever acts may have become smaller since the first page.
        form.add_error(None, str(error))
        return _check_page(request, opened, draft, form)


def _sign(request, opened, draft: CodeDraft, terms, text, form: SignForm):
    _within_document(opened, terms)
    made = actions.make_code(
        patient=opened.patient,
        terms=terms,
        opens=actions.CodeTerms(draft.page, draft.visits),
        signature=signing.signature(
            name=form.cleaned_data["signed_name"],
            how=signing.how_signed_in(request),
            text=text,
            representative=opened.representative,
        ),
        by=request.user,
        at=opened.at,
        key=uuid.UUID(draft.key),
    )
    return _made(request, opened, made)


def _made(request: Request, opened: OpenPatient, made: actions.Made | None):
    """Shown in this answer and never again: it may stand in no address, no session."""
    if made is None:
        messages.success(request, _("This code was made already, and shown once."))
        return redirect("consents:codes", patient_id=opened.patient.pk)
    return render(request, "consents/codes/made.html", _shown_once(opened, made))


def _shown_once(opened: OpenPatient, made: actions.Made) -> dict[str, Any]:
    return {
        "opened": opened,
        "made": made,
        "address": address(),
        "until": _until(opened, made.guest_code.consent),
        "most_tries": MOST_TRIES_WHILE_IT_STANDS,
    }


def address() -> str:
    """Where every code is entered: nobody's id is in it."""
    return settings.SITE_URL + reverse("patients:guest")


@require_POST
@own_transaction
def slip(request: Request, patient_id: uuid.UUID, code_id: uuid.UUID) -> HttpResponse:
    """The code on paper, for whoever has just been shown it. No name stands on it."""
    typed = request.POST.get("code", "")

    def load(asked: Request) -> tuple[OpenPatient, GuestCode]:
        opened = open_patient(asked, patient_id)
        code = guests.code(opened, code_id)
        fits = constant_time_compare(hash_of(typed), code.row.code_hash)
        opened.require(fits and code.stands)
        return opened, code.row

    with transaction.atomic():
        opened, row = load(request)
        context = _shown_once(opened, actions.Made(row, typed.upper()))
    try:
        file = printed(context)
    except pdf.RenderError:
        # The code stands nowhere else: it is shown again, to be written down.
        context["not_printed"] = True
        return render(request, "consents/codes/made.html", context, status=503)
    hand_over_same(request, row, load=lambda again: load(again)[1])
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="code.pdf"'
    return response


def printed(context: dict[str, Any]) -> bytes:
    """The slip as a file. Raises pdf.RenderError."""
    made = context["made"]
    return pdf.render(
        "pdf/code_slip.html",
        context | {"code": made.code, "visits": made.guest_code.most_visits},
    )


def _until(opened: OpenPatient, consent) -> str:
    ends_at = windows.counts_until(consent)
    return zones.day_words(zones.last_day(ends_at, opened.patient.time_zone))


def _terms(opened: OpenPatient, draft: CodeDraft) -> actions.Terms:
    zone = opened.patient.time_zone
    last = zones.today(opened.at, zone) + timedelta(days=DAYS[draft.ends])
    dated = draft.categories & windows.WINDOWED
    since = windows.items_from(draft.window, at=opened.at, zone=zone) if dated else None
    terms = actions.Terms(
        recipient=_recipient(opened, draft),
        categories=draft.categories,
        labels=draft.labels,
        purposes=PURPOSES["TREAT"],
        starts_at=opened.at,
        ends_at=zones.end_of(last, zone),
        items_from=since,
    )
    signer = opened.representative
    return windows.no_later(terms, signer=signer, patient=opened.patient)


def _recipient(opened: OpenPatient, draft: CodeDraft) -> Party:
    """Not saved before the signature; the same one on both pages."""
    mine = _("A clinician with my code")
    theirs = _("A clinician with the code")
    made = form_keys.item_id(
        uuid.UUID(draft.key),
        of=[Party._meta.label, opened.patient],
        by=opened.reading.user,
        at=opened.at,
        said=None,
    )
    return Party(
        id=made,
        kind=PartyKind.GUEST,
        name=draft.whom or (mine if opened.is_patient else theirs),
    )


def _text(opened: OpenPatient, draft: CodeDraft, terms: actions.Terms):
    wording = signing.wording_of(
        patient=opened.patient,
        recipient=terms.recipient,
        role=_("who has a code from me"),
        terms=terms,
        openings=draft.visits,
        representative=opened.representative,
    )
    return texts.render_terms(wording)


def _rows(opened: OpenPatient, draft: CodeDraft, terms: actions.Terms) -> list[dict]:
    zone = opened.patient.time_zone
    ends = zones.day_words(zones.last_day(terms.ends_at, zone))
    times = _("Once") if draft.visits == 1 else _("%d times") % draft.visits
    return [
        {"label": _("What it opens"), "value": GuestPage(draft.page).label},
        {"label": _("Who can use it"), "value": terms.recipient.name},
        {
            "label": _("Ends"),
            "value": _("%(day)s, the whole day.") % {"day": ends}
            + because_of_age(opened, terms),
        },
        {"label": _("How often"), "value": times},
        {
            "label": _("You can stop"),
            "value": _("Any time. What was already read or printed stays with them."),
        },
    ]
