"""Changing what somebody sees: page 2 again, then what is new and what goes.

Adding takes a signature; taking away does not.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents import actions, preview, signing, texts, windows
from consents.access import OpenPatient, Request, open_patient, sharing
from consents.codes import Decision
from consents.drafts import Draft
from consents.forms.grant import SignForm, WhatForm, WindowForm
from consents.models import Consent
from consents.views.checking import digest
from consents.views.grant import seal, sealed_draft, sign_form, used_before
from providers.codes import PartyKind


@require_http_methods(["GET", "HEAD", "POST"])
def change(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """What? then the difference; nothing is saved before that page is answered."""
    opened = open_patient(request, patient_id)
    draft = sealed_draft(request, opened) if request.method == "POST" else None
    if draft and (done := sharing.already_signed(opened, draft)):
        return used_before(request, opened, done, draft)
    old = sharing.consent(opened, consent_id)
    opened.require(old.decision == Decision.PERMIT)
    if _is_over(request, opened, old):
        return _receipt(opened, old)
    # A code carries what it was made for; another one is made in two pages.
    opened.require(old.recipient.kind != PartyKind.GUEST)
    # What somebody signed for the patient is never carried on under their signature.
    opened.require(old.representative_id is None)
    if draft is None or draft.supersedes != str(old.pk):
        return _what_page(request, opened, old, _fresh(old))
    if "back" in request.POST:
        return _what_page(request, opened, old, draft)
    step = STEPS.get(request.POST.get("step", ""), _what)
    return step(request, opened, old, draft)


def _is_over(request: Request, opened: OpenPatient, old: Consent) -> bool:
    """Whether it ran out, or was changed or stopped, perhaps while this page was open.

    Its receipt says what became of it, and what next.
    """
    if old.revoked_at:
        words = _("This was changed or stopped in another window. Nothing is saved.")
        messages.warning(request, words)
    return bool(old.revoked_at) or windows.counts_until(old) <= opened.at


def _fresh(old: Consent) -> Draft:
    return Draft.new(
        recipient=str(old.recipient_id),
        supersedes=str(old.pk),
        change=True,
        categories=old.categories,
        labels=old.labels,
    )


def _what_page(request, opened, old: Consent, draft: Draft, form=None, **context):
    form = form or WhatForm(initial=WhatForm.initial_of(draft))
    return _page(request, opened, old, draft, "what", form=form, **context)


def _what(request, opened, old: Consent, draft: Draft) -> HttpResponse:
    form = WhatForm(request.POST, initial=WhatForm.initial_of(draft))
    if form.is_valid():
        answers = form.answers()
        if (answers["categories"], answers["labels"]) == (old.categories, old.labels):
            form.add_error(None, _("Nothing is different. Tick or untick something."))
    if not form.is_valid():
        return _what_page(request, opened, old, draft, form)
    draft = draft.having(**form.answers(), window="")
    if signing.asks_window(draft, old):
        return _page(request, opened, old, draft, "window", form=WindowForm())
    return _difference_page(request, opened, old, draft)


def _window(request, opened, old: Consent, draft: Draft) -> HttpResponse:
    form = WindowForm(request.POST)
    if not form.is_valid():
        return _page(request, opened, old, draft, "window", form=form)
    draft = draft.having(window=form.cleaned_data["window"])
    return _difference_page(request, opened, old, draft)


def _difference_page(
    request, opened, old: Consent, draft: Draft, form=None, *, changed=False
):
    """Both lists are the rule's own answers, before and after."""
    terms, text = _proposal(opened, old, draft)
    before = preview.current(patient=opened.patient, party=old.recipient, at=opened.at)
    after = preview.proposed(
        patient=opened.patient,
        terms=terms,
        by=request.user,
        at=opened.at,
        supersedes=old,
    )
    newly, no_longer = preview.difference(before, after)
    return _page(
        request,
        opened,
        old,
        draft.having(epoch=opened.epoch, shown=digest(text)),
        "difference",
        form=form or sign_form(request, opened),
        newly=newly,
        no_longer=no_longer,
        adds=actions.adds(old, terms),
        text=text,
        changed=changed,
    )


def _save(request, opened, old: Consent, draft: Draft) -> HttpResponse:
    if not draft.shown or signing.asks_window(draft, old) and not draft.window:
        return _what_page(request, opened, old, draft)
    terms, text = _proposal(opened, old, draft)
    changed = draft.epoch != opened.epoch or draft.shown != digest(text)
    if not actions.adds(old, terms):
        if changed:
            return _difference_page(request, opened, old, draft, changed=True)
        return _narrowed(request, opened, old, draft, terms, text)
    form = sign_form(request, opened, request.POST)
    if changed or not form.is_valid():
        return _difference_page(request, opened, old, draft, form, changed=changed)
    return _signed(request, opened, old, draft, terms, text, form)


def _narrowed(request, opened, old: Consent, draft: Draft, terms, text):
    """A smaller permission stands under the signature of the larger one."""
    how = f"{signing.how_signed_in(request)}; made smaller, signed as {old.number}"
    consent = actions.narrow(
        consent=old,
        terms=terms,
        signature=replace(
            signing.signature(name=old.signed_name, how=how, text=text),
            authority=old.authority,
        ),
        by=request.user,
        at=opened.at,
        key=uuid.UUID(draft.key),
    )
    messages.success(request, _("Changed. It counts from now on."))
    return _receipt(opened, consent)


def _signed(request, opened, old: Consent, draft: Draft, terms, text, form: SignForm):
    consent = actions.grant(
        patient=opened.patient,
        terms=terms,
        signature=signing.signature(
            name=form.cleaned_data["signed_name"],
            how=signing.how_signed_in(request),
            text=text,
        ),
        by=request.user,
        at=opened.at,
        supersedes=old,
        key=uuid.UUID(draft.key),
    )
    messages.success(request, _("Signed. It counts from now on."))
    return _receipt(opened, consent)


def _proposal(
    opened: OpenPatient, old: Consent, draft: Draft
) -> tuple[actions.Terms, texts.ConsentText]:
    terms = signing.terms_of(
        draft,
        recipient=old.recipient,
        at=opened.at,
        zone=opened.patient.time_zone,
        old=old,
    )
    wording = signing.wording_of(
        patient=opened.patient,
        recipient=old.recipient,
        role=sharing.role_of(opened, old.recipient),
        terms=terms,
    )
    return terms, texts.render_terms(wording)


def _receipt(opened: OpenPatient, consent: Consent) -> HttpResponse:
    return redirect(
        "consents:receipt", patient_id=opened.patient.pk, consent_id=consent.pk
    )


def _page(request, opened, old: Consent, draft: Draft, name: str, **context):
    context |= {
        "opened": opened,
        "consent": old,
        "party": old.recipient,
        "step": name,
        "draft": seal(request, opened, draft),
    }
    return render(request, f"consents/change/{name}.html", context)


STEPS = {"what": _what, "window": _window, "difference": _save}
