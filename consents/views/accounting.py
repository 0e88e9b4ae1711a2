"""The accounting of disclosures: on screen, on paper, as a table."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carecoord import pdf, tables
from carecoord.transactions import own_transaction
from consents.access import Request, open_patient
from consents.access.accounting import Accounting, Line, accounting


@require_safe
def page(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Both parts, and in words what is left out of them."""
    opened = open_patient(request, patient_id)
    context = {
        "opened": opened,
        "accounting": accounting(opened),
        "law": settings.JURISDICTION.complaints,
    }
    return render(request, "consents/accounting.html", context)


@require_safe
@own_transaction
def paper(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The same on paper: loaded in one short transaction, printed after it."""
    with transaction.atomic():
        opened = open_patient(request, patient_id)
        found = accounting(opened)
    if found.is_long:
        return redirect("consents:accounting", patient_id=patient_id)
    context = {"accounting": found, "law": settings.JURISDICTION.complaints}
    pages = pdf.lay_out("pdf/accounting.html", context, title="Accounting")
    response = HttpResponse(pages.pdf(), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="accounting.pdf"'
    return response


@require_safe
def table(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The same for a spreadsheet."""
    found = accounting(open_patient(request, patient_id))
    return tables.response(_table_rows(found), name="accounting.csv")


def _table_rows(found: Accounting) -> list[tuple]:
    head = (
        _("List"),
        _("First day"),
        _("Last day"),
        _("How often"),
        _("To whom"),
        _("Address"),
        _("What"),
        _("Why"),
    )
    parts = (
        ("45 CFR 164.528", found.lines),
        ("42 CFR 2.25", found.part2),
    )
    return [head, *(_cells(law, line) for law, lines in parts for line in lines)]


def _cells(law: str, line: Line) -> tuple:
    return (
        law,
        line.first.isoformat(),
        line.last.isoformat(),
        line.count,
        line.recipient,
        line.address,
        line.what,
        line.why,
    )
