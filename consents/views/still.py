"""An open tab asks whether it may go on showing what it shows. No text is sent."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from carecoord.clock import database_now
from carecoord.transactions import no_transaction
from consents.access import Request, open_page
from consents.access.still import is_still_shown

STILL, GONE = 204, 286


@require_safe
@no_transaction
def still(request: Request) -> HttpResponse:
    """204 as long as it may; 286 as soon as it may not, which also stops the asking.

    With the 286 goes the mark by which the page's own next request is known.
    """
    shown = request.GET.get("shown", "")
    stands = is_still_shown(request.user, shown, database_now())
    response = HttpResponse(status=STILL if stands else GONE)
    if not stands:
        open_page.mark(request, response, user=request.user, shown=shown)
    return response
