"""The privacy officer holds disclosures back, as far as the law allows it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from carecoord import zones
from consents import actions, office
from consents.access import Request
from consents.access import suspensions as access
from consents.access.office import open_office
from consents.forms.suspensions import SuspensionForm
from consents.office import Line, Office, Section


@require_safe
def suspension_list(request: Request) -> HttpResponse:
    """What is held back, and what could be."""
    opened = open_office(request)
    context = {
        "suspensions": access.suspensions(opened),
        "candidates": access.candidates(opened),
    }
    return render(request, "consents/privacy/suspension_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: Request, disclosure_id: uuid.UUID) -> HttpResponse:
    """What the agency stated; the rows go out of the patient's lists until then."""
    opened = open_office(request)
    found = access.candidate(opened, disclosure_id)
    form = SuspensionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _saved(opened, found, form):
        messages.success(request, _("Held back until that day."))
        return redirect("consents:suspensions")
    context = {"candidate": found, "form": form}
    return render(request, "consents/privacy/suspend.html", context)


def _saved(opened: Office, found: access.Candidate, form: SuspensionForm) -> bool:
    cleaned = dict(form.cleaned_data)
    until = zones.end_of(cleaned.pop("until"), opened.user.time_zone)
    said = actions.AgencyStatement(**cleaned, ends_at=until)
    try:
        actions.suspend(row=found.row, said=said, by=opened.user, at=opened.at)
    except actions.RuleError as error:
        form.add_error("until", str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, suspension_id: uuid.UUID) -> HttpResponse:
    """What the agency stated; and ends it before its time, while it stands."""
    opened = open_office(request)
    row = access.suspension(opened, suspension_id)
    stands = row in access.standing(opened)
    if request.method == "POST" and not stands:
        raise Http404
    if request.method == "POST":
        actions.end_suspension(suspension=row, by=opened.user, at=opened.at)
        messages.success(request, _("Ended. The patient can see it again."))
        return redirect("consents:suspensions")
    context = {"row": row, "stands": stands}
    return render(request, "consents/privacy/suspension_end.html", context)


def lines(opened: Office) -> list[Line]:
    return [
        Line(
            text=_("Held back for %(name)s") % {"name": row.patient.name},
            href=reverse("consents:suspensions"),
            note=_("Until %(day)s")
            % {
                "day": zones.day_words(
                    zones.last_day(row.ends_at, opened.user.time_zone)
                )
            },
        )
        for row in access.standing(opened)
    ]


SECTION = Section(
    key="suspensions",
    order=60,
    heading=gettext_lazy("Held back from an accounting"),
    empty=gettext_lazy("Nothing is held back."),
    lines=lines,
    more="consents:suspensions",
    more_text=gettext_lazy("Hold something back for an agency"),
)
office.register(SECTION)
