"""Sharing in four pages: who, what, why and how long, check and sign.

Each page posts to the same address with what was chosen so far sealed in the form, so
no page can be skipped and nothing stands in the address or the session.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carecoord.form_keys import FormUsedError
from consents import (
    actions,
    presets,
    preview,
    proposals,
    representing,
    signing,
    texts,
    windows,
)
from consents.access import (
    OpenPatient,
    Request,
    imported,
    open_patient,
    recipients,
    sharing,
)
from consents.access import requests as asks
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.drafts import Draft
from consents.forms.grant import SignForm, WhatForm, WhoForm, WhyForm, apart_rows
from consents.models import Consent, ConsentRequest
from consents.scopes import COORDINATION
from consents.views.beginning import begun, not_again
from consents.views.checking import (
    as_shown,
    by_terms,
    check_rows,
    not_shown,
    says_the_same,
)
from consents.views.log import uuid_of
from providers.models import Party


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Page by page; the draft says which answers stand already."""
    opened = open_patient(request, patient_id)
    if request.method != "POST":
        return _begin(request, opened)
    draft = sealed_draft(request, opened)
    if draft is None:
        return redirect("consents:grant", patient_id=patient_id)
    if not sharing.already_signed(opened, draft) and (
        done := asks.answer_to(opened, uuid_of(draft.request))
    ):
        return answered_before(request, opened, done)
    if back := BACK.get(request.POST.get("back", "")):
        return back(request, opened, draft)
    try:
        return STEPS.get(request.POST.get("step", ""), _who)(request, opened, draft)
    except FormUsedError as used:
        return used_before(request, opened, used.item, draft)


def sealed_draft(request: Request, opened: OpenPatient) -> Draft | None:
    return Draft.opened(
        request.POST.get("draft", ""),
        user_id=request.user.pk,
        patient_id=opened.patient.pk,
    )


def seal(request: Request, opened: OpenPatient, draft: Draft) -> str:
    return draft.sealed(user_id=request.user.pk, patient_id=opened.patient.pk)


def _begin(request: Request, opened: OpenPatient) -> HttpResponse:
    """From an empty page, or from what is known already."""
    if done := asks.answer_to(opened, uuid_of(request.GET.get("request"))):
        return answered_before(request, opened, done)
    if back := not_again(request, opened):
        return back
    draft = begun(request, opened)
    page = _what_page if draft.recipient else _who_page
    return page(request, opened, draft)


# Page 1 -------------------------------------------------------------------------


def _who_page(request, opened, draft: Draft, form: WhoForm | None = None):
    people = recipients.recipients(opened)
    form = form or WhoForm(people=people, initial={"recipient": draft.recipient})
    invites = representing.keeps_team(opened)
    return _page(
        request, opened, draft, "who", form=form, alone=not people, invites=invites
    )


def _who(request: Request, opened: OpenPatient, draft: Draft) -> HttpResponse:
    form = WhoForm(request.POST, people=recipients.recipients(opened))
    if not form.is_valid():
        return _who_page(request, opened, draft, form)
    chosen = form.cleaned_data["recipient"]
    if chosen != draft.recipient:
        # What is replaced or answered belongs to the one it was about.
        draft = draft.having(recipient=chosen, supersedes="", request="")
    return _what_page(request, opened, draft)


# Page 2 -------------------------------------------------------------------------


def _what_page(request, opened, draft: Draft, form: WhatForm | None = None):
    form = form or WhatForm(initial=WhatForm.initial_of(draft))
    recipient = recipients.recipient(opened, draft.recipient)
    ask = asks.open_request(opened, draft.request) if draft.request else None
    asked_apart = _apart(ask) if ask else []
    return _page(
        request,
        opened,
        draft,
        "what",
        form=form,
        recipient=recipient,
        ask=ask,
        asked_apart=asked_apart,
    )


def _apart(ask: ConsentRequest) -> list[str]:
    """Of what somebody asks for, what is in no list, in the words of its tick box."""
    asked = [
        *CATEGORIES.names(ask.categories & presets.APART),
        *LABELS.names(ask.labels),
    ]
    words = {name: words for name, words, _hint in apart_rows()}
    return [str(words[name]) for name in asked]


def _what(request: Request, opened: OpenPatient, draft: Draft) -> HttpResponse:
    form = WhatForm(request.POST, initial=WhatForm.initial_of(draft))
    if form.is_valid():
        _check_document(opened, draft, form)
    if not form.is_valid():
        return _what_page(request, opened, draft, form)
    return _why_page(request, opened, draft.having(**form.answers()))


def _check_document(opened: OpenPatient, draft: Draft, form: WhatForm) -> None:
    """Whoever acts for the patient reads here what the document does not cover."""
    answers = form.answers()
    recipient = recipients.recipient(opened, draft.recipient).party
    try:
        proposals.within_document(
            opened, recipient, answers["categories"], answers["labels"]
        )
    except actions.RuleError as error:
        form.add_error(None, str(error))


# Page 3 -------------------------------------------------------------------------


def _why_form(opened: OpenPatient, draft: Draft, data=None) -> WhyForm:
    recipient = recipients.recipient(opened, draft.recipient)
    return WhyForm(
        data,
        kind=recipient.party.kind,
        asks_window=signing.asks_window(draft),
        team=recipients.disclosers(opened, recipient.party, named=draft.named),
        named=draft.named,
        at=opened.at,
        zone=opened.patient.time_zone,
        since=draft.since,
        initial=WhyForm.initial_of(draft),
    )


def _why_page(request, opened, draft: Draft, form: WhyForm | None = None):
    if not draft.says_what:
        return _who_page(request, opened, draft)
    recipient = recipients.recipient(opened, draft.recipient)
    form = form or _why_form(opened, draft)
    return _page(request, opened, draft, "why", form=form, recipient=recipient)


def _why(request: Request, opened: OpenPatient, draft: Draft) -> HttpResponse:
    if not draft.says_what:
        return _who_page(request, opened, draft)
    form = _why_form(opened, draft, request.POST)
    if not form.is_valid():
        return _why_page(request, opened, draft, form)
    return _check_page(request, opened, draft.having(**form.answers()))


# Page 4 -------------------------------------------------------------------------


def _check_page(request, opened, draft: Draft, form=None, *, changed=False):
    """The rule's own answer for these terms, the whole text, and the signature."""
    recipient = recipients.recipient(opened, draft.recipient)
    old = proposals.standing(opened, draft)
    terms = _terms(opened, draft, recipient.party)
    text = _text(opened, recipient, terms)
    view = _preview(request, opened, terms, old)
    # What the page does not say is replaced, no signature replaces.
    shown = draft if old else draft.having(supersedes="")
    return _page(
        request,
        opened,
        as_shown(opened, shown, text),
        "check",
        form=form or sign_form(request, opened),
        recipient=recipient,
        view=view,
        not_shown=not_shown(terms, view),
        by_terms=by_terms(terms),
        rows=check_rows(opened, recipient.party, terms),
        text=text,
        changed=changed,
        replaces=old,
        no_chart=terms.purposes == PURPOSES[COORDINATION],
    )


def _preview(request, opened: OpenPatient, terms, old: Consent | None):
    """Counted for the patient alone: a count tells of what is not shared."""
    if opened.representative:
        return None
    return preview.proposed(
        patient=opened.patient,
        terms=terms,
        by=request.user,
        at=opened.at,
        supersedes=old,
    )


def _check(request: Request, opened: OpenPatient, draft: Draft) -> HttpResponse:
    """Sign, or do not share. Once per form, and only what the page showed."""
    if done := sharing.already_signed(opened, draft):
        return used_before(request, opened, done, draft)
    if not draft.says_all:
        return _who_page(request, opened, draft)
    if request.POST.get("answer") == "refuse":
        return _refuse(request, opened, draft)
    form = sign_form(request, opened, request.POST)
    recipient = recipients.recipient(opened, draft.recipient)
    terms = _terms(opened, draft, recipient.party)
    text = _text(opened, recipient, terms)
    replaced = bool(draft.supersedes) and proposals.standing(opened, draft) is None
    changed = replaced or as_shown(opened, draft, text) != draft
    if changed or not form.is_valid():
        shown = _unticked(request, opened) if form.is_valid() else form
        return _check_page(request, opened, draft, shown, changed=changed)
    try:
        return _signed(request, opened, draft, terms, text, form)
    except actions.RuleError as error:
        # The document of whoever acts may have become smaller since page 2.
        form.add_error(None, str(error))
        return _check_page(request, opened, draft, form)


def _signed(request, opened, draft: Draft, terms, text, form: SignForm):
    proposals.within_document(opened, terms.recipient, terms.categories, terms.labels)
    consent = actions.grant(
        patient=opened.patient,
        terms=terms,
        signature=signing.signature(
            name=form.cleaned_data["signed_name"],
            how=signing.how_signed_in(request),
            text=text,
            representative=opened.representative,
        ),
        by=request.user,
        at=opened.at,
        supersedes=proposals.standing(opened, draft),
        request=asks.open_request(opened, draft.request) if draft.request else None,
        key=uuid.UUID(draft.key),
        imported=imported.begun_from(opened, draft),
    )
    messages.success(request, _from_when(terms.recipient))
    return _receipt(opened, consent)


def used_before(
    request: Request, opened: OpenPatient, done: Consent, draft: Draft
) -> HttpResponse:
    """The receipt of what this form signed; whoever wanted something else is told."""
    if not says_the_same(request, done, draft):
        messages.warning(
            request,
            _("You signed this form before. This is what it says. Nothing is added."),
        )
    return _receipt(opened, done)


def answered_before(
    request: Request, opened: OpenPatient, done: Consent
) -> HttpResponse:
    """The receipt, where what somebody asked has its answer, from another tab too."""
    messages.success(request, _("You answered this already. This is your answer."))
    return _receipt(opened, done)


def _from_when(party: Party) -> str:
    if party.on_paper:
        return _(
            "Signed. They are on paper only: when they join, share with them anew."
        )
    return _("Signed. They can see it from now on.")


def _refuse(request: Request, opened: OpenPatient, draft: Draft) -> HttpResponse:
    """ "Do not share" is an answer: kept, and it blocks nothing."""
    if opened.representative and not draft.request:
        # Nobody asked, so there is nothing to answer in the patient's name.
        return redirect("consents:sharing", patient_id=opened.patient.pk)
    recipient = recipients.recipient(opened, draft.recipient)
    consent = actions.refuse(
        patient=opened.patient,
        terms=_terms(opened, draft, recipient.party),
        by=request.user,
        at=opened.at,
        request=asks.open_request(opened, draft.request) if draft.request else None,
        key=uuid.UUID(draft.key),
        representative=opened.representative,
        imported=imported.begun_from(opened, draft),
    )
    return _receipt(opened, consent)


def _unticked(request: Request, opened: OpenPatient) -> SignForm:
    """The typed name stays; the agreement is given anew."""
    typed = request.POST.get("signed_name", "")
    return sign_form(request, opened, initial={"signed_name": typed})


def sign_form(request: Request, opened: OpenPatient, data=None, **more) -> SignForm:
    """The signature; with the password where the session is not fresh."""
    return SignForm(
        data,
        account_name=account_name(request, opened),
        fresh=signing.is_fresh(request),
        **more,
    )


def _terms(opened: OpenPatient, draft: Draft, party) -> actions.Terms:
    patient = opened.patient
    terms = signing.terms_of(
        draft, recipient=party, at=opened.at, zone=patient.time_zone
    )
    return windows.no_later(terms, signer=opened.representative, patient=patient)


def _text(opened: OpenPatient, recipient, terms: actions.Terms) -> texts.ConsentText:
    return texts.render_terms(
        signing.wording_of(
            patient=opened.patient,
            recipient=recipient.party,
            role=recipient.role,
            terms=terms,
            representative=opened.representative,
        )
    )


def account_name(request: Request, opened: OpenPatient) -> str:
    """With what somebody signs: the patient with the name that the text says."""
    return opened.patient.name if opened.is_patient else request.user.name


def _receipt(opened: OpenPatient, consent: Consent) -> HttpResponse:
    return redirect(
        "consents:receipt", patient_id=opened.patient.pk, consent_id=consent.pk
    )


def _page(request, opened, draft: Draft, step: str, **context) -> HttpResponse:
    context |= {"opened": opened, "step": step, "draft": seal(request, opened, draft)}
    return render(request, f"consents/grant/{step}.html", context)


Step = Callable[..., HttpResponse]
STEPS: dict[str, Step] = {"who": _who, "what": _what, "why": _why, "check": _check}
BACK: dict[str, Step] = {"who": _who_page, "what": _what_page, "why": _why_page}
