"""What was just saved, said first on the next page: read from the record, not kept.

The address carries the id of the event and nothing else; the words come from the event,
so that no medicine stands in a session, a cookie or an address.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from consents.access import Request
from patients.access import OpenPatient, audience
from patients.access.medicines import find_entry, find_event
from patients.actions import timeline, undo
from patients.dosage.words import joined
from patients.models import TimelineEvent


class Notice(str):
    """A line that templates treat as one of Django's messages."""

    level_tag = "success"


def redirect_saved(opened: OpenPatient, event: TimelineEvent) -> HttpResponseRedirect:
    """To the list, which says what was saved and offers to undo it."""
    address = reverse("patients:medicines", args=[opened.patient.pk])
    return redirect(f"{address}?saved={event.pk}")


def saved_banner(opened: OpenPatient, request: Request) -> dict[str, Any]:
    """Context of the banner: what changed, who can see it, and Undo for ten minutes."""
    event = _event(opened, request)
    if event is None:
        return _checked(opened, request)
    text = _("Saved. %(title)s. %(seen)s") % {
        "title": event.title.rstrip("."),
        "seen": seen_by(audience.who_sees_item(opened, event)),
    }
    context: dict[str, Any] = {
        "messages": [*messages.get_messages(request), Notice(text)]
    }
    if _is_about_a_medicine(event) and undo.may_undo(
        event, by=request.user, at=opened.at
    ):
        context["undo_url"] = reverse(
            "patients:medicine_undo", args=[opened.patient.pk, event.pk]
        )
    return context | {"just_saved": event}


def acting_banner(opened: OpenPatient, request: Request) -> dict[str, Any]:
    """The same for whoever acts for the patient: what changed, and nobody's name."""
    event = _event(opened, request) if opened.representative else None
    if event is None:
        return {}
    text = _("Saved for %(name)s. %(title)s.") % {
        "name": opened.patient.first_name,
        "title": event.title.rstrip("."),
    }
    return {"messages": [*messages.get_messages(request), Notice(text)]}


def seen_by(names: list[str]) -> str:
    """ "Dr. Lee and Dr. Ortiz can see it." """
    if not names:
        return _("Only you can see it.")
    return _("%(names)s can see it.") % {"names": joined(names)}


def _is_about_a_medicine(event: TimelineEvent) -> bool:
    return event.kind.startswith("medicine_")


def _event(opened: OpenPatient, request: Request) -> TimelineEvent | None:
    """The event of the address, while it is news: by this person, and just now."""
    try:
        pk = uuid.UUID(request.GET.get("saved", ""))
    except ValueError:
        return None
    event = find_event(opened, pk)
    if event is None or event.recorded_by_id != request.user.pk:
        return None
    return event if opened.at < event.recorded_at + timeline.GATHER else None


def _checked(opened: OpenPatient, request: Request) -> dict[str, Any]:
    """The banner of what needs no words of the record."""
    said = [text for name, text in plain_notices().items() if name in request.GET]
    if "asked" in request.GET:
        said.append(_asked(opened, request))
    notices = [Notice(text) for text in said if text]
    return {"messages": [*messages.get_messages(request), *notices]}


def plain_notices() -> dict[str, str]:
    return {
        "checked": _("Saved. You checked this list today."),
        "undone": _("Taken back. The list is as it was before."),
        "late": _("It is too late to undo this. Change it on the list instead."),
    }


def _asked(opened: OpenPatient, request: Request) -> str:
    """Whom to ask, with the number to call: asking is not answered by this page."""
    try:
        pk = uuid.UUID(request.GET["asked"])
    except ValueError:
        return ""
    entry = find_entry(opened, pk)
    if entry is None:
        return ""
    phone = getattr(getattr(entry.author, "practitioner", None), "phone", "")
    whom = {"name": entry.writer.name, "phone": phone}
    if not phone:
        return _("Saved. Please ask %(name)s.") % whom
    return _("Saved. Please ask %(name)s. Call %(phone)s.") % whom
