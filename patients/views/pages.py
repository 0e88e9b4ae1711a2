"""Forms of several pages: bind what was typed, keep it, go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

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
