"""The quick exit: signed out, and on a page of no interest (static/js/leave.js)."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from carecoord import context_processors
from carecoord.transactions import no_transaction


class SeeOther(HttpResponseRedirect):
    """What was sent is done; the next page is only looked at (RFC 9110, 15.4.4)."""

    status_code = 303


# A button, not a link: a GET changes nothing here, and a link that ends the session
# could be followed by a preview or stand on another site. The button works without
# script all the same. Whoever is signed out already leaves as well.
@login_not_required
@require_POST
@no_transaction
def leave(request: HttpRequest) -> HttpResponse:
    """ "Leave this page now": signed out like by the other button, and elsewhere."""
    logout(request)
    return SeeOther(context_processors.place().elsewhere.address)


def is_from_here(request: HttpRequest) -> bool:
    """Browsers say with every form from which site it comes; no page can change it."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.method == "POST" and request.headers.get("Origin") == here
