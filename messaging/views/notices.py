"""What someone was told, behind the sign-in."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consents.access import Request
from messaging.access.notices import count_in_words, lines_for
from messaging.actions import notices as actions


@require_safe
def notices(request: Request) -> HttpResponse:
    """The newest notices, each decided again; new ones first to be marked."""
    lines = lines_for(request.reading)
    new = [line for line in lines if line.notice.seen_at is None]
    context = {"lines": lines, "new": new, "count_in_words": count_in_words(len(new))}
    return render(request, "messaging/notices.html", context)


@require_POST
def notices_seen(request: Request) -> HttpResponse:
    """Marks the notices that the page showed; newer ones stay new."""
    count = actions.mark_seen(
        notices=_ids(request.POST.getlist("notice")),
        by=request.user,
        at=request.reading.at,
    )
    if count:
        messages.success(request, _("Marked as seen."))
    return redirect("messaging:notices")


def _ids(typed: list[str]) -> list[uuid.UUID]:
    """The ids among what was sent; anything else is left out."""
    found = []
    for text in typed:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
