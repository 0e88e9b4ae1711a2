"""What the frame of every page needs: names, numbers to call, the way around."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

# United States lines, 24 hours, free: CLINICAL, "988". A deployment elsewhere sets
# CRISIS in its settings. Awaiting review by a clinician.
US_CRISIS: dict[str, Any] = {
    "number": "988",
    "name": _("988 Suicide & Crisis Lifeline"),
    "chat_url": "https://988lifeline.org/chat/",
    "chat_name": "988lifeline.org",
    "emergency": "911",
    "lines": [
        {
            "name": _("Crisis Text Line"),
            "text": _("Text HOME to 741741"),
            "href": "sms:741741?&body=HOME",
        },
        {
            "name": _("Veterans Crisis Line"),
            "text": _("Call 988, then press 1. Or text 838255"),
            "href": "sms:838255",
        },
        {
            "name": _("988 in Spanish"),
            "text": "Llame al 988 y oprima el 2",
            "href": "tel:988",
            "lang": "es",
        },
        {
            "name": _("Poison Control"),
            "text": _("Call 1-800-222-1222"),
            "href": "tel:+18002221222",
        },
        {
            "name": _("Help with alcohol or drugs (SAMHSA)"),
            "text": _("Call 1-800-662-4357"),
            "href": "tel:+18006624357",
        },
    ],
}
DEMO_OPERATOR = {
    "name": _("A demonstration on this computer"),
    "contact": _("the person who runs this computer"),
    "law": _("HIPAA and 42 CFR Part 2 (United States)"),
    "country": _("United States"),
}

# (words, address name, whether it needs the patient's id). A page that does not exist
# yet is left out of the navigation.
NAVIGATION: dict[str, list[tuple[Any, str, bool]]] = {
    "patient": [
        (_("Home"), "home", False),
        (_("Medicines"), "patients:medicines", True),
        (_("Updates"), "messaging:updates", True),
        (_("Sharing"), "consents:sharing", True),
        (_("More"), "patients:more", True),
    ],
    "provider": [
        (_("Worklist"), "messaging:worklist", False),
        (_("Patients"), "patients:patients", False),
        (_("Updates"), "messaging:all_updates", False),
        (_("Settings"), "settings", False),
    ],
    "caregiver": [
        (_("Log"), "messaging:log", False),
        (_("What I can see"), "patients:patients", False),
        (_("Settings"), "settings", False),
    ],
    "staff": [(_("Home"), "home", False), (_("Settings"), "settings", False)],
}


def kind_of(user: Any) -> tuple[str, Any]:
    """(patient | provider | caregiver | staff, the patient's id or None)."""
    try:
        return "patient", user.patient.pk
    except (AttributeError, ObjectDoesNotExist):
        pass
    kinds = set(user.parties.values_list("kind", flat=True))
    if "practitioner" in kinds:
        return "provider", None
    return ("caregiver" if kinds else "staff"), None


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The tabs for whoever is signed in; empty for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    kind, patient_id = kind_of(user)
    return list(tabs(NAVIGATION[kind], patient_id, request.path))


def tabs(
    rows: list[tuple[Any, str, bool]], patient_id: Any, path: str
) -> Iterable[dict[str, Any]]:
    found = []
    for words, name, needs_patient in rows:
        try:
            url = reverse(name, args=[patient_id] if needs_patient else [])
        except NoReverseMatch:
            continue
        found.append({"text": words, "url": url, "current": False})
    # The longest address that the path starts with: a page inside Medicines is
    # Medicines, and Home ("/") only itself.
    here = [tab for tab in found if is_inside(path, tab["url"])]
    if here:
        max(here, key=lambda tab: len(tab["url"]))["current"] = True
    return found


def is_inside(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. The tabs are asked for only where they are drawn."""
    return {
        "service_name": settings.SERVICE_NAME,
        "crisis": getattr(settings, "CRISIS", US_CRISIS),
        "operator": getattr(settings, "OPERATOR", DEMO_OPERATOR),
        "idle_seconds": getattr(settings, "SESSION_IDLE_SECONDS", 1800),
        "nav": SimpleLazyObject(lambda: navigation(request)),
    }
