"""Forms of several pages: bind what was typed, keep it, go on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from carecoord.forms import was_used
from consents.access import Request
from patients.actions import drafts
from patients.models import Draft


def typed(request: Request, *page: forms.Form) -> dict[str, list[str]]:
    """What was typed into the fields of these forms, and nothing else that was sent."""
    names = {name for form in page for name in form.fields}
    return {name: request.POST.getlist(name) for name in names if name in request.POST}


def answers(request: Request, draft: Draft | None, page: str) -> Any:
    """The data to bind a page to: what was just sent, else what was kept before."""
    if request.method == "POST":
        return request.POST
    return draft.page(page) if draft else None


def is_sent(request: Request) -> bool:
    """Whether the page is to be saved, and not only to get more rows for steps."""
    return request.method == "POST" and "more_steps" not in request.POST


def all_valid(page: Sequence[forms.Form]) -> bool:
    """Validates every form, so that all problems are said at once."""
    results = [form.is_valid() for form in page]
    return all(results)


def keep(request: Request, draft: Draft, page: str, *filled: forms.Form) -> None:
    drafts.keep(draft=draft, page=page, typed=typed(request, *filled))


def finish(request: Request, draft: Draft, *, result: uuid.UUID, at: datetime) -> None:
    drafts.finish(draft=draft, result=result, at=at, sent=_mark(request))


def saved_before(request: Request, draft: Draft, address: str) -> HttpResponse | None:
    """A draft that was saved leads to what it became, however often it is sent.

    Sent with other answers it is said that these are not saved. None for an open draft.
    """
    if draft.saved_at is None:
        return None
    if request.method == "POST" and not drafts.was_sent(draft, _mark(request)):
        text = _(
            "You saved this form already. What you sent now is not saved. Look at what "
            "stands here, and change it here."
        )
        messages.warning(request, text)
        address = address.partition("?")[0]
    return redirect(address)


def _mark(request: Request) -> str:
    """The answers of a page without their words."""
    said = {name: request.POST.getlist(name) for name in request.POST}
    said.pop("csrfmiddlewaretoken", None)
    text = json.dumps(said, sort_keys=True)
    return salted_hmac("pages.sent", text, algorithm="sha256").hexdigest()


def show(
    request: Request,
    template: str,
    page: Sequence[forms.Form],
    **context: Any,
) -> HttpResponse:
    """The page, with its problems first where something was wrong."""
    has_errors = any(form.is_bound and form.errors for form in page)
    context |= {"forms": page, "has_errors": has_errors}
    status = 409 if any(was_used(form) for form in page) else 200
    return render(request, template, context, status=status)
