"""The patient says how much the team talks about them, all or one person (S53)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents import actions, talking
from consents.access import OpenPatient, Request, open_patient
from consents.access import talking as loaders
from consents.forms.talking import AS_EVERYONE, TalkingForm
from consents.models import TalkingChoice


@require_http_methods(["GET", "HEAD", "POST"])
def choose(
    request: Request, patient_id: uuid.UUID, party_id: uuid.UUID | None = None
) -> HttpResponse:
    """For everyone, or for one person; and what was said before."""
    opened = open_patient(request, patient_id)
    opened.require(opened.signs)
    told = loaders.one(opened, party_id) if party_id else None
    said = loaders.said_for(opened, party_id)
    begins = said.level if said else (AS_EVERYONE if told and told.general else None)
    form = _form(request, opened, told, begins)
    if request.method == "POST" and form.is_valid():
        if not _said_meanwhile(request, said, form):
            return _keep(request, opened, told, form)
        form.add_error("level", _meanwhile(said))
    context = {
        "opened": opened,
        "form": form,
        "told": told,
        "seen": _mark(said),
        "people": [] if told else loaders.everyone(opened),
        "before": [] if told else _in_words(loaders.before(opened)),
    }
    return render(request, "consents/talking.html", context)


def _form(
    request: Request, opened: OpenPatient, told: loaders.Told | None, begins: str | None
) -> TalkingForm:
    return TalkingForm(
        request.POST or None,
        told=told,
        acts_for=opened.patient.first_name if opened.representative else "",
        initial={"level": begins},
    )


def _keep(
    request: Request, opened: OpenPatient, told: loaders.Told | None, form: TalkingForm
) -> HttpResponse:
    actions.choose_talking(
        patient=opened.patient,
        level=form.chosen(),
        party=told.party if told else None,
        representative=opened.representative,
        by=request.user,
        at=opened.at,
    )
    messages.success(request, _("Your answer is kept. It counts from now on."))
    return redirect("consents:talking", patient_id=opened.patient.pk)


def _said_meanwhile(
    request: Request, said: TalkingChoice | None, form: TalkingForm
) -> bool:
    """Whether another answer came after this page was shown, as from a second tab.

    The same answer twice is no conflict.
    """
    seen = request.POST.get("seen", "")
    now = said.level if said else ""
    return seen != _mark(said) and form.chosen() != now


def _mark(said: TalkingChoice | None) -> str:
    return str(said.pk) if said else ""


def _meanwhile(said: TalkingChoice | None) -> str:
    """What is chosen now; the page shows the choice that was not kept."""
    if not said:
        return _("Your answer for them was taken back meanwhile. Choose again.")
    word = talking.level(said.level).word
    return _("Your answer changed meanwhile. It is now: “%(level)s”. Choose again.") % {
        "level": word
    }


def _in_words(rows: list) -> list[dict]:
    return [{"row": row, "word": talking.level(row.level).word} for row in rows]
