"""What the frame of every page needs: names, numbers to call, the way around."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from carecoord import jurisdiction

# Tabs by who is signed in: words and the fixed address (DESIGN 5). A page that does
# not exist yet is left out.
NAVIGATION: dict[str, list[tuple[Any, str]]] = {
    "patient": [
        (_("Home"), "/patients/{patient}/"),
        (_("Medicines"), "/patients/{patient}/medicines/"),
        (_("Updates"), "/patients/{patient}/updates/"),
        (_("Sharing"), "/patients/{patient}/sharing/"),
        (_("More"), "/patients/{patient}/more/"),
    ],
    "provider": [
        (_("Worklist"), "/worklist/"),
        (_("Patients"), "/patients/"),
        (_("Notices"), "/notices/"),
        (_("Settings"), "/settings/"),
    ],
    "caregiver": [
        (_("What I can see"), "/patients/"),
        (_("Notices"), "/notices/"),
        (_("Settings"), "/settings/"),
    ],
    "staff": [(_("Home"), "/patients/"), (_("Settings"), "/settings/")],
    "officer": [(_("Privacy"), "/privacy/"), (_("Settings"), "/settings/")],
}
# Beside whatever else somebody is.
ALSO_OFFICER = (_("Privacy"), "/privacy/")
# The server notes a visit once a minute at most (middleware.SessionLimits), so the
# clock in the page must run a minute ahead of it.
CLOCK_AHEAD_SECONDS = 60


def kind_of(user: Any) -> tuple[str, str]:
    """(patient, provider, caregiver, officer or staff; the patient's own id or "")."""
    try:
        return "patient", str(user.patient.pk)
    except (AttributeError, ObjectDoesNotExist):
        pass
    kinds = set(user.parties.values_list("kind", flat=True))
    if "practitioner" in kinds:
        return "provider", ""
    if kinds:
        return "caregiver", ""
    return ("officer" if user.is_privacy_officer else "staff"), ""


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The tabs for whoever is signed in; empty for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    kind, patient_id = kind_of(user)
    rows = NAVIGATION[kind]
    if user.is_privacy_officer and kind != "officer":
        rows = [*rows, ALSO_OFFICER]
    return tabs(rows, patient_id, request.path)


def tabs(
    rows: list[tuple[Any, str]], patient_id: str, path: str
) -> list[dict[str, Any]]:
    found = [
        {"text": words, "url": url, "current": False}
        for words, address in rows
        if exists(url := address.format(patient=patient_id))
    ]
    # A page inside Medicines is Medicines: the longest address the path starts with.
    # A patient's Home is only itself, or every page of theirs would be Home.
    own_home = f"/patients/{patient_id}/"
    here = [
        tab
        for tab in found
        if path == tab["url"]
        or (path.startswith(tab["url"]) and tab["url"] != own_home)
    ]
    if here:
        max(here, key=lambda tab: len(tab["url"]))["current"] = True
    return found


def exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@cache
def place() -> jurisdiction.Jurisdiction:
    """Numbers to call, operator and law of the place that the environment names."""
    return jurisdiction.from_environment(embedded=settings.EMBEDDED)


def who_is_here(request: HttpRequest) -> str:
    """By what a tab knows that the same person is still signed in. It names nobody."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    mark = salted_hmac("session.here", str(user.pk), algorithm="sha256")
    return mark.hexdigest()[:16]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. The tabs are asked for only where they are drawn."""
    here = place()
    return {
        "service_name": settings.SERVICE_NAME,
        "crisis": here.crisis,
        "elsewhere": here.elsewhere,
        "operator": here.operator,
        "idle_seconds": settings.SESSION_IDLE_SECONDS - CLOCK_AHEAD_SECONDS,
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "who_is_here": SimpleLazyObject(lambda: who_is_here(request)),
    }
