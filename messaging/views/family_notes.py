"""Family tells what it noticed, and whoever may reads it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import zones
from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used, was_used
from consents.access import Request
from consents.spoken import spoken_to
from messaging.access import family_notes, open_patient
from messaging.forms.family_notes import FamilyNoteForm
from patients.actions import family_notes as actions


@require_safe
def family_note_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every one that this reader may see; family reads its own."""
    opened = open_patient(request, patient_id)
    is_family = bool(opened.role and opened.role.related)
    context = {
        "opened": opened,
        "notes": family_notes.load(opened),
        "is_family": is_family,
        "may_tell": is_family and opened.patient.died_at is None,
        "choice": spoken_to(opened).choice(),
    }
    return render(request, "messaging/family_notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """What was seen or heard, then the list of what one told.

    After a death no form is offered; one that stood open keeps its words and says why.
    """
    opened = open_patient(request, patient_id)
    opened.require(request.method == "POST" or opened.patient.died_at is None)
    today = zones.today(opened.at, request.user.time_zone)
    form = FamilyNoteForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.tell(
                patient=opened.patient,
                noticed=form.noticed(),
                form_key=form.cleaned_data["form_key"],
                author=opened.party,
                by=request.user,
                at=opened.at,
            )
        except (actions.TooManyError, actions.ClosedError) as error:
            form.add_error(None, str(error))
        except FormUsedError:
            say_used(form, reverse("messaging:family_notes", args=[patient_id]))
        else:
            messages.success(request, _("Saved. Everyone who may know will be told."))
            return redirect("messaging:family_notes", patient_id)
    context = {"opened": opened, "form": form}
    status = 409 if was_used(form) else 200
    return render(request, "messaging/family_note.html", context, status=status)
