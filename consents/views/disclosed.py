"""What an exceptional disclosure opens: on screen inside, as a packet outside."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carecoord import pdf, zones
from carecoord.context_processors import place
from carecoord.transactions import deciding, own_transaction
from consents.access import Request, cases
from consents.access.still import hand_over_same


@require_safe
def received(request: Request, content_id: uuid.UUID) -> HttpResponse:
    """Exactly what was picked, for exactly those named, while it is open."""
    found = cases.received(request, content_id)
    return render(request, "consents/cases/received.html", {"found": found})


@require_safe
@own_transaction
def packet(
    request: Request, case_id: uuid.UUID, recipient_id: uuid.UUID
) -> HttpResponse:
    """For somebody outside: a cover page, and what was picked for them."""
    with deciding(request):
        recipient, items = cases.packet_for(request, case_id, recipient_id)
        context = _context(request, recipient, items)
        rows = request.reading.write_disclosures()
    try:
        content = printed(context)
    except pdf.RenderError:
        request.reading.not_delivered(rows)
        messages.error(request, _("We could not make the file. Try again."))
        return redirect("consents:case", case_id=case_id)
    hand_over_same(
        request,
        (recipient, items),
        load=lambda again: cases.packet_for(again, case_id, recipient_id),
        rows=rows,
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="packet.pdf"'
    return response


def printed(context: dict) -> bytes:
    """The file. Raises pdf.RenderError."""
    return pdf.lay_out("pdf/packet.html", context, title="Records").pdf()


def _context(request: Request, recipient, items) -> dict:
    content = recipient.content
    zone = content.case.patient.time_zone
    return {
        "recipient": recipient,
        "items": items,
        "patient": content.case.patient,
        "author": content.case.author,
        "reasons": content.case.casereasons_set.last(),
        "said": content.said,
        "printed": zones.instant_words(request.reading.at, zone),
        "operator": place().operator,
    }
