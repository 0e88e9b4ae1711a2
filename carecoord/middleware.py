"""Headers, session limits, the second factor, and one transaction for each page."""

import logging
import re
import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django_structlog.middlewares import RequestMiddleware
from structlog.contextvars import get_contextvars

from carecoord import context_processors, transactions
from carecoord.logs import without_secrets
from carecoord.pdf import RenderError
from consents.access import Reading, Request, open_page, refusal_bounds
from consents.access.still import acts_for, numbers_of
from consents.actions import raise_alarm
from consents.harvest import MOST_CHARTS, TooManyCharts
from consents.ready import Undecided
from messaging.openings import note_openings

logger = logging.getLogger(__name__)

# The rule failed, or the database did: nobody knows what may be shown (T14).
UNANSWERED = (Undecided, OperationalError, InterfaceError)
NOT_AN_ID = re.compile(r"[^A-Za-z0-9-]")
Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class SecurityHeaders:
    """no-store on everything but static files, and the features nobody needs off."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # Also where an error answers before Django's own middleware of that name.
        response["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Cookie"])
        return response


class KnownMethods:
    """Refuses every method that no page answers, before anybody asks who it is."""

    METHODS = ("GET", "HEAD", "OPTIONS", "POST")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        return self.get_response(request)


class RequestLog(RequestMiddleware):
    """Method and path of each request; never a query, nor a secret link."""

    @classmethod
    def format_request(cls, request: HttpRequest) -> str:
        return f"{request.method} {without_secrets(request.path)}"


class SessionLimits:
    """Signs out after 30 idle minutes and after 12 hours. Polling does not count.

    Whoever is signed out takes nothing along: the browser is told to drop what it kept.
    """

    GRANULARITY_SECONDS = 60
    CLEAR = '"cache", "storage"'

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "_auth_user_id" not in request.session:
            return self.get_response(request)
        response = self._of_somebody(request)
        if "_auth_user_id" not in request.session:
            response["Clear-Site-Data"] = self.CLEAR
        return response

    def _of_somebody(self, request: HttpRequest) -> HttpResponse:
        session, now = request.session, int(time.time())
        if self._is_over(session, now):
            logout(request)
            # Whoever leaves in a hurry is not shown where they were, however late.
            if request.path_info != reverse("leave"):
                return redirect("signed_out")
            return self.get_response(request)
        session.setdefault("started_at", now)
        if not request.headers.get("X-Poll"):
            self._keep_alive(session, now)
        return self.get_response(request)

    @staticmethod
    def _is_over(session, now: int) -> bool:
        idle = now - session.get("seen_at", now)
        age = now - session.get("started_at", now)
        return idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE

    def _keep_alive(self, session, now: int) -> None:
        if now - session.get("seen_at", 0) > self.GRANULARITY_SECONDS:
            session["seen_at"] = now


class WayOut:
    """Lets the form "Leave this page now" be sent on to its one address elsewhere.

    Browsers hold redirects of a form to form-action too. Only for whoever has the
    button; everybody else's pages send forms to this site alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and request.user.quick_exit:
            origin = context_processors.place().elsewhere.origin
            response._csp_update = {"form-action": origin}  # type: ignore[attr-defined]
        return response


class SecondFactorRequired:
    """Clinicians and staff reach nothing but the set-up page without one."""

    OPEN = (
        *("account_", "mfa_", "crisis", "favicon", "healthz", "readyz"),
        *("signed_out", "leave", "session_here"),
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name or ""
        if settings.DEMO or not request.user.is_authenticated:
            return None
        if name.startswith(self.OPEN) or self._has_one(request):
            return None
        return redirect("mfa_activate_totp")

    @staticmethod
    def _has_one(request: HttpRequest) -> bool:
        from allauth.mfa.utils import is_mfa_enabled

        from providers.querysets import needs_second_factor

        return is_mfa_enabled(request.user) or not needs_second_factor(request.user)


def _request_id() -> str:
    """The id under which this request stands in the logs of the web process.

    A proxy may have chosen it, so whatever is no letter, digit or dash is left out.
    """
    chosen = str(get_contextvars().get("request_id", ""))
    return NOT_AN_ID.sub("", chosen)[:36]


# In the body tag of templates/base.html, before anything that a person wrote.
SHOWN = b'data-shown=""'


def _note_shown(response: HttpResponse, reading: Reading) -> None:
    """The page knows which rows of the log are its own (static/js/still.js)."""
    numbers = numbers_of(reading.write_disclosures()) or acts_for(reading.acted_by)
    if numbers and response.get("Content-Type", "").startswith("text/html"):
        filled = f'data-shown="{numbers}"'.encode()
        response.content = response.content.replace(SHOWN, filled, 1)


class ClinicalTransaction:
    """One transaction around a clinical page; the disclosures are its last statements.

    Innermost, so that the response is rendered when it decides. It commits before
    the first byte leaves. Denials are logged afterwards, in a transaction of their
    own.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mode, name = self._mode(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        # What Django made is from here on the request of somebody signed in.
        return self._of_somebody(cast(Request, request), mode, name)

    def _of_somebody(self, request: Request, mode: str, name: str) -> HttpResponse:
        request.reading = Reading(
            user=request.user, entrance=name, request_id=_request_id()
        )
        request.reading.open_pages = open_page.rows_of(request)
        if mode == transactions.CLINICAL:
            response = self._in_transaction(request)
        else:
            response = self.get_response(request)
        if request.reading.refused and refusal_bounds.are_too_many(request.reading):
            return render(request, "429.html", {"in_vain": True}, status=429)
        request.reading.write_refusals()
        if getattr(request, "unanswered", False):
            request.reading.write_failures()
        if getattr(request, "harvests", False):
            self._alarm(request)
        return response

    @staticmethod
    def _alarm(request: Request) -> None:
        # After the page was rolled back, in a transaction of its own, like a refusal.
        raise_alarm(user=request.user, charts=MOST_CHARTS, at=request.reading.at)

    @staticmethod
    def _mode(request: HttpRequest) -> tuple[str, str]:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return transactions.NONE, ""
        name = match.view_name or ""
        return transactions.transaction_of(match.func, name), name

    def _in_transaction(self, request: Request) -> HttpResponse:
        with transaction.atomic():
            response = self.get_response(request)
            if response.streaming:
                raise RuntimeError("A clinical page never streams.")
            if getattr(request, "failed", False) or response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                note_openings(request.reading)
                _note_shown(response, request.reading)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        # Django turns exceptions into responses before this middleware sees them.
        request.failed = True  # type: ignore[attr-defined]  # our own mark
        if isinstance(exception, UNANSWERED):
            logger.error("no_answer", exc_info=exception)
            request.unanswered = True  # type: ignore[attr-defined]  # for the log
            # Without the frame of who is signed in: it would ask the database too.
            return HttpResponse(render_to_string("503.html"), status=503)
        if isinstance(exception, RenderError):
            logger.error("not_printed", exc_info=exception)
            return render(request, "not_printed.html", status=503)
        if isinstance(exception, TooManyCharts):
            request.harvests = True  # type: ignore[attr-defined]  # and another
            return render(request, "429.html", status=429)
        return None
