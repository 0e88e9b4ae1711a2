"""Who looked: the patient's, and of it what somebody who acts may know."""

from __future__ import annotations

import uuid
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consents.access import (
    OpenPatient,
    Request,
    guests,
    looked_for,
    open_patient,
    reports,
    representatives,
    who_looked,
)
from consents.access.window import Window, years
from consents.forms.log import WindowForm
from providers.models import Party


@require_safe
def log(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """By person and day, newest first; refused attempts after it.

    Whoever acts for the patient reads of it what their document reaches.
    """
    opened = open_patient(request, patient_id)
    if opened.representative:
        return _looked_for(request, opened)
    show = _show(request)
    who = uuid_of(request.GET.get("who"))
    key = number_of if show in who_looked.BY_INSTANT else uuid_of
    before = key(request.GET.get("before"))
    form = WindowForm(request.GET)
    window, days = form.window(), form.query()
    page = who_looked.page(opened, show=show, who=who, before=before, window=window)
    context = {
        "opened": opened,
        "page": page,
        "counts": who_looked.counts(opened),
        "codes": sum(1 for code in guests.codes(opened) if code.works),
        "show": show,
        "person": _person(opened, who) if who else None,
        "filters": _filters(opened, show, who),
        "years": _years(opened, show, window),
        **{"form": form, "window": window},
        "next_url": _next(opened, page.next_before, show=show, who=who, **days),
    }
    return render(request, "consents/log.html", context)


def _show(request: Request) -> str:
    show = request.GET.get("show", "")
    return show if show in who_looked.FILTERS else ""


def _person(opened: OpenPatient, party_id: uuid.UUID) -> Party:
    """Whom the page is about: one of those it is shared with, or who looked."""
    for each in representatives.acting(opened):
        if each.row.party_id == party_id:
            return each.row.party
    return reports.looker(opened, party_id).party


def _looked_for(request: Request, opened: OpenPatient) -> HttpResponse:
    context = {"opened": opened, "looks": looked_for.looks(opened)}
    return render(request, "consents/acting_log.html", context)


def _address(opened: OpenPatient, **query: object) -> str:
    address = reverse("consents:log", args=[opened.patient.pk])
    query = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode(query)}" if query else address


def _filters(opened: OpenPatient, show: str, who: uuid.UUID | None) -> list[dict]:
    words = {
        "": _("All people"),
        "downloads": _("Downloads only"),
        "mine": _("My own"),
        "mails": _("E-mails"),
        "sign_ins": _("My sign-ins"),
    }
    return [
        {
            "text": text,
            "href": _address(opened, show=name),
            "current": name == show and not who,
        }
        for name, text in words.items()
    ]


def _years(opened: OpenPatient, show: str, window: Window) -> list[dict]:
    """A link for each year in which something stands, when there are several."""
    found = years(opened)
    return [_year(opened, show, window, year) for year in found if len(found) > 1]


def _year(opened: OpenPatient, show: str, window: Window, year: int) -> dict:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return {
        "text": str(year),
        "href": _address(opened, show=show, first=first, last=last),
        "current": window == Window(first, last),
    }


def _next(opened: OpenPatient, before: object, **query: object) -> str:
    return _address(opened, **query, before=before) if before else ""


def uuid_of(value: str | None) -> uuid.UUID | None:
    """An id from the address; nothing for nonsense."""
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


def number_of(value: str | None) -> int | None:
    """A place in a list from the address; nothing for nonsense."""
    # A number that no sequence reaches would not fit the column.
    if value and value.isascii() and value.isdigit() and len(value) < 18:
        return int(value)
    return None
