"""Someone saved first: both texts, and what was typed is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consents.access import Request
from consents.disclosable import Disclosable
from patients.access import OpenPatient
from patients.forms.record import ItemForm
from patients.record_nouns import Noun

NOT_TYPED = {"csrfmiddlewaretoken", "version", "seen"}


def conflict_page(
    request: Request,
    opened: OpenPatient,
    noun: Noun,
    *,
    theirs: Disclosable,
    form: ItemForm | None = None,
) -> HttpResponse:
    """409. "Save what I wrote" sends the same form with the newer version."""
    context = {
        "what": noun.title,
        "rows": _rows(noun, theirs, form),
        "action_url": "" if theirs.entered_in_error_at else request.path,
        "typed": typed_again(request) + [("version", str(theirs.version))],
        "back_url": reverse(
            "patients:record_list", args=[opened.patient.pk, noun.slug]
        ),
    }
    return render(request, "patients/record_conflict.html", context, status=409)


def _rows(
    noun: Noun, theirs: Disclosable, form: ItemForm | None
) -> list[dict[str, Any]]:
    """Field by field: what is saved now, and what was typed."""
    if form is None:
        return []
    saved = noun.form.initial_of(theirs)
    return [
        {
            "label": field.label,
            "theirs": _words(form, name, saved.get(name)),
            "yours": _words(form, name, form.data.get(name, "")),
        }
        for name, field in form.fields.items()
        if not form[name].is_hidden
    ]


def _words(form: ItemForm, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", ()))
    shown = choices.get(value, form.fields[name].prepare_value(value))
    return "" if shown in (None, False) else str(shown)


def typed_again(request: Request) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again as it is."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
        for value in values
    ]
