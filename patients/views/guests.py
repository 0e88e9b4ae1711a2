"""Somebody with a code: enter it, read one page, print it, write a note back.

No account, no patient in an address, and one short signed cookie that is worth
nothing after 15 minutes. Each page is decided and logged again. Each page says of which
opening it is: with a second code in the same browser the first page prints, asks and
writes nothing for the second patient (T100).
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord import zones
from carecoord.clock import database_now
from carecoord.pdf import RenderError
from carecoord.transactions import no_transaction, own_transaction
from consents import actions, lines
from consents.access.guests import GuestPatient, is_still_open, open_visit
from consents.actions.guests import VISIT_LASTS
from consents.codes import GuestPage
from consents.views.still import GONE, STILL
from patients import documents
from patients.access.chart import load_chart
from patients.access.core import load_core
from patients.forms.guests import GuestForm, GuestNoteForm
from patients.one_page import Section, Summary, TooLarge, fit, whole_sheet

COOKIE, SALT = "opening", "patients.guest"
# What a browser drops that others use too.
CLEAR = '"cache", "storage"'
LOADERS = {GuestPage.SUMMARY: load_chart, GuestPage.EMERGENCY: load_core}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@own_transaction
def enter(request: HttpRequest) -> HttpResponse:
    """The same answer for a wrong code, a wrong date, an ended or a used-up one."""
    form = GuestForm(request.POST if request.method == "POST" else None)
    refused = False
    if request.method == "POST" and form.is_valid():
        visit = actions.use_code(
            code=form.cleaned_data["code"],
            birth_date=form.cleaned_data["birth_date"],
            claim=form.claim,
            source=get_adapter().get_client_ip(request),
            key=form.cleaned_data["key"] or uuid.uuid4(),
            at=database_now(),
        )
        if visit:
            return _let_in(visit.pk)
        refused = True
    context = {"form": form, "refused": refused, "has_errors": refused}
    return render(request, "patients/guest_enter.html", context)


def _let_in(visit_id: object) -> HttpResponse:
    response = redirect(_page_of(visit_id))
    response.set_signed_cookie(
        COOKIE,
        str(visit_id),
        salt=SALT,
        max_age=int(VISIT_LASTS.total_seconds()),
        path=reverse("patients:guest"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@login_not_required
@require_safe
@own_transaction
def page(request: HttpRequest) -> HttpResponse:
    """The page, built for this reader from what the permission covers."""
    with transaction.atomic():
        opened = _opened(request, "patients:guest_page")
        if opened is None:
            return _over(request)
        context = _context(opened)
        try:
            context["sheet"] = whole_sheet(_build(opened))
        except TooLarge:
            context["too_large"] = True
        opened.reading.write_disclosures()
    return render(request, "patients/guest_page.html", context)


@login_not_required
@require_safe
@own_transaction
def page_pdf(request: HttpRequest) -> HttpResponse:
    """The same on one sheet; decided and logged first, printed after."""
    with transaction.atomic():
        opened = _opened(request, "patients:guest_pdf")
        if opened is None:
            return _over(request)
        frozen = _build(opened)
        day = zones.today(opened.at, opened.patient.time_zone).isoformat()
        rows = opened.reading.write_disclosures()
    try:
        fitted = fit(frozen)
    except (RenderError, TooLarge):
        opened.reading.not_delivered(rows)
        return render(request, "patients/guest_not_printed.html", status=503)
    if not is_still_open(opened.visit.pk, at=database_now(), rows=rows):
        opened.reading.not_delivered(rows)
        return _over(request)
    response = HttpResponse(fitted.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="summary-{day}.pdf"'
    return response


@login_not_required
@require_safe
@no_transaction
def still(request: HttpRequest) -> HttpResponse:
    """An open tab asks whether it may go on showing the page. No text is sent."""
    visit_id = _visit_of(request)
    mine = request.GET.get("shown") in (None, _mark(visit_id))
    stands = bool(visit_id) and mine and is_still_open(visit_id, at=database_now())
    return HttpResponse(status=STILL if stands else GONE)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@own_transaction
def note(request: HttpRequest) -> HttpResponse:
    """One short note back. The patient reads it, marked as not checked."""
    form = GuestNoteForm(request.POST if request.method == "POST" else None)
    with transaction.atomic():
        opened = _opened(request, "patients:guest_note")
        if opened is None:
            return _over(request)
        if request.method == "POST" and not _said(request):
            # Written on a page that does not say for whom.
            return _over(request)
        context = _context(opened) | {"form": form}
        if request.method == "POST" and form.is_valid() and not context["note"]:
            actions.write_note(
                visit=opened.visit, text=form.cleaned_data["text"], at=opened.at
            )
            return redirect(_page_of(opened.visit.pk))
    return render(request, "patients/guest_note.html", context)


@login_not_required
@require_POST
@own_transaction
def leave(request: HttpRequest) -> HttpResponse:
    """Closes the opening in this browser: for a computer that others use too."""
    response = redirect("patients:guest")
    response.delete_cookie(COOKIE, path=reverse("patients:guest"), samesite="Strict")
    response["Clear-Site-Data"] = CLEAR
    return response


def _visit_of(request: HttpRequest) -> str:
    cookie = request.get_signed_cookie(COOKIE, None, salt=SALT, max_age=VISIT_LASTS)
    return cookie or ""


def _mark(visit_id: object) -> str:
    """Names an opening on its pages. It opens nothing without the cookie."""
    digest = salted_hmac("patients.guest.page", str(visit_id), algorithm="sha256")
    return str(uuid.UUID(bytes=digest.digest()[:16]))


def _page_of(visit_id: object) -> str:
    return f"{reverse('patients:guest_page')}?{COOKIE}={_mark(visit_id)}"


def _said(request: HttpRequest) -> str:
    """Of which opening the page is that asks or sends; empty where none says it."""
    sent = request.POST if request.method == "POST" else request.GET
    return sent.get(COOKIE, "")


def _is_of_another(request: HttpRequest, visit_id: str) -> bool:
    return _said(request) not in ("", _mark(visit_id))


def _opened(request: HttpRequest, entrance: str) -> GuestPatient | None:
    visit_id = _visit_of(request)
    if not visit_id or _is_of_another(request, visit_id):
        return None
    return open_visit(visit_id, entrance=entrance)


def _over(request: HttpRequest) -> HttpResponse:
    """The same for ended, stopped, changed, too late and never opened.

    Of another opening in this browser it says so, and closes nothing. What was written
    is shown, to be taken along, and sent to nobody.
    """
    visit_id, typed = _visit_of(request), request.POST.get("text", "")
    another = bool(visit_id) and _is_of_another(request, visit_id)
    status = 409 if another and request.method == "POST" else 404
    context = {"is_another": another, "typed": typed}
    response = render(request, "patients/guest_over.html", context, status=status)
    if another:
        return response
    response.delete_cookie(COOKIE, path=reverse("patients:guest"), samesite="Strict")
    return response


def _build(opened: GuestPatient) -> Summary:
    page = GuestPage(opened.visit.code.page)
    one = documents.summary(
        opened, LOADERS[page](opened), sign_in_url=settings.SITE_URL
    )
    if page == GuestPage.EMERGENCY:
        # Not loaded, so never "none": what was tried before is no part of this page.
        tried = Section(shared=False, line=lines.not_part_here())
        return replace(one, trials=tried)
    return one


def _context(opened: GuestPatient) -> dict[str, Any]:
    until = opened.visit.at + VISIT_LASTS
    return {
        "mark": _mark(opened.visit.pk),
        "note": getattr(opened.visit, "note", None),
        "until": zones.time_words(until, opened.patient.time_zone),
        "reader": opened.reader_name,
        "emergency": opened.visit.code.page == GuestPage.EMERGENCY,
        "heading": _("Shared with you by the patient"),
    }
