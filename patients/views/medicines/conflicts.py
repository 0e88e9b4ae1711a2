"""Someone saved first: the 409 page with both texts, and what was typed kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from carecoord.templatetags.zones import moment
from consents.access import Request
from patients import medicine_words as words
from patients.access import OpenPatient
from patients.access.history import saved_at
from patients.actions.conflict import EditConflict
from patients.actions.medicines import Saved
from patients.models import MedicationStatement
from patients.views.banner import redirect_saved
from patients.views.medicines.lists import list_address

NOT_TYPED = {"csrfmiddlewaretoken", "version"}


def conflict_page(
    request: Request,
    opened: OpenPatient,
    *,
    theirs: MedicationStatement,
    mine: str,
) -> HttpResponse:
    """409. "Save what I wrote" sends the same form with the newer version."""
    context: dict[str, Any] = {
        "what": words.name_of(theirs),
        "saved_when": moment(saved_at(opened, theirs)),
        "rows": [
            {
                "label": _("How you take it"),
                "theirs": f"{theirs.get_status_display()}. {theirs.dosage.line}",
                "yours": mine,
            }
        ],
        "action_url": request.path,
        "typed": typed_again(request) + [("version", str(theirs.version))],
        "back_url": list_address(opened),
    }
    return render(request, "patients/medicines_conflict.html", context, status=409)


def saved_or_conflict(
    request: Request, opened: OpenPatient, write: Callable[[], Saved], *, mine: str
) -> HttpResponse:
    """Does `write` and says what was saved; or the 409 page, where `mine` is said."""
    try:
        saved = write()
    except EditConflict as conflict:
        return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
    return redirect_saved(opened, saved.event)


def typed_again(request: Request) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again as it is."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
        for value in values
    ]
