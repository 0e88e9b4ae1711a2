"""Exceptional disclosures as the privacy officer's own page lists them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from consents import waits
from consents.access.cases import MOST, Listed, annotated, state_now
from consents.models import ExceptionalCase, TellingWait
from consents.office import Line, Office, ones_own

# So long the officer reads of a case that ended without a word to anybody.
UNTOLD_SAID_FOR = timedelta(days=30)


def office_lines(opened: Office) -> list[Line]:
    """Cases that are not closed, and reasons to wait that nobody answered.

    Closing a case answers no reason: while it runs, it stands here all the same. And
    for a while those that their author ended without telling anybody: nobody else
    reads why.
    """
    asks = TellingWait.objects.filter(
        case=OuterRef("pk"), review=None, until__gt=opened.at
    )
    unanswered = Q(Exists(asks), is_documented=True, is_told=False)
    untold = Q(closed_at__gt=opened.at - UNTOLD_SAID_FOR, is_documented=False)
    rows = annotated(ExceptionalCase.objects.exclude(ones_own(opened.user)))
    found = rows.filter(Q(closed_at=None) | untold | unanswered)
    found = found.order_by("recorded_at", "pk")
    listed = [state_now(row, opened.at) for row in found[:MOST]]
    standing = waits.last_waits(each.case.pk for each in listed)
    return [_line(each, standing.get(each.case.pk)) for each in listed]


def _line(each: Listed, wait: TellingWait | None) -> Line:
    asks = wait is not None and not hasattr(wait, "review")
    return Line(
        text=each.case.author.name,
        href=reverse("consents:case", args=[each.case.pk]),
        note=_note(each, asks=asks),
        is_late=each.is_late,
    )


def _note(each: Listed, *, asks: bool) -> str:
    if each.case.closed_at and not each.case.is_documented:
        return _("Closed, and nobody was told anything. Read why")
    return _("Answer the reason to wait") if asks else each.state
