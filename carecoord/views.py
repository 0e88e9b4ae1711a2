"""The shell: home by role, crisis help, health, the signed-out page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_POST, require_safe

from carecoord import context_processors, healthcheck
from carecoord.clock import database_now
from carecoord.transactions import no_transaction
from consents import walls
from consents.access import Request, grown_up
from consents.access.limits import needs_limits
from consents.log import anchor
from messaging.querysets import oldest_waiting_seconds
from patients.access.lists import patients_of

HERE = ("127.0.0.1", "::1")
# What a proxy says of whom it asks for.
PASSED_ON = (
    *("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"),
)


@require_safe
@no_transaction
def home(request: Request) -> HttpResponse:
    """The first page of whoever signed in: their own record, or their work."""
    user = request.user
    if due := request.session.pop("invitation_due", None):
        return redirect(due)
    if needs_limits(user):
        return redirect("limits")
    if patient := getattr(user, "patient", None):
        if grown_up.waits_for(patient.pk, request.reading.at):
            return redirect("consents:grown_up", patient_id=patient.pk)
        return redirect("patients:chart", patient_id=patient.pk)
    if user.parties.filter(kind="practitioner").exists():
        return redirect("messaging:worklist")
    if user.is_privacy_officer:
        return redirect("consents:privacy")
    if user.parties.exists() or user.is_staff:
        # Family mostly help one person: their page, not a list of one.
        patients = patients_of(user)
        if len(patients) == 1:
            return redirect("patients:chart", patient_id=patients[0].pk)
        return redirect("patients:list")
    return redirect("patients:welcome")


@login_not_required
@require_safe
@no_transaction
def crisis(request: HttpRequest) -> HttpResponse:
    return render(request, "crisis.html")


@login_not_required
@require_GET
@no_transaction
def favicon(request: HttpRequest) -> HttpResponse:
    """Where a browser asks for the picture of a page without a head: plain text."""
    return redirect(static("favicon.svg"), permanent=True)


@login_not_required
@require_GET
@no_transaction
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_GET
@no_transaction
def readyz(request: HttpRequest) -> JsonResponse:
    """Fails on database, triggers or migrations; only reports the two ages.

    What is the matter, and for how long something waits, only to this machine: by the
    ages others could tell when something happens to somebody.
    """
    report: dict[str, bool | int | None]
    try:
        report = {
            "database": _database_answers(),
            "migrations": not _unapplied(),
            "triggers": not walls.missing(),
        }
        ready = all(report.values())
        if _from_this_machine(request):
            report["oldest_waiting_seconds"] = oldest_waiting_seconds()
            report["last_anchor_seconds"] = _anchor_age()
        else:
            report = {"ready": ready}
    except DatabaseError:
        ready, report = False, {"database": False}
        if not _from_this_machine(request):
            report = {"ready": False}
    return JsonResponse(report, status=200 if ready else 503)


def _from_this_machine(request: HttpRequest) -> bool:
    """Asked here, by who may read its secrets.

    A proxy of this machine that passes on without a word says the same address, and
    what it asks is for somebody else.
    """
    passed_on = any(name in request.META for name in PASSED_ON)
    here = request.META.get("REMOTE_ADDR", "") in HERE and not passed_on
    key = request.headers.get(healthcheck.KEY_HEADER, "")
    return here and constant_time_compare(key, healthcheck.key_of(settings.SECRET_KEY))


def _anchor_age() -> int | None:
    """Since the log was last noted outside; None where the file is not at hand."""
    noted = anchor.last_at()
    return None if noted is None else int((database_now() - noted).total_seconds())


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _unapplied() -> list:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


@login_not_required
@require_safe
@no_transaction
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signed_out.html")


@require_POST
@no_transaction
def session_extend(request: HttpRequest) -> HttpResponse:
    """ "Stay signed in": the request itself extends the session."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(settings.LOGIN_REDIRECT_URL)


@login_not_required
@require_safe
@no_transaction
def session_here(request: HttpRequest) -> HttpResponse:
    """A tab asks whether its person is signed in: 204, or 286 for nobody, or another.

    A page of one's own shows no row of the log that could be decided again (still.js).
    """
    mine = context_processors.who_is_here(request)
    is_here = mine and constant_time_compare(mine, request.GET.get("who", ""))
    return HttpResponse(status=204 if is_here else 286)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what is absent and for what is not shared."""
    return render(request, "404.html", status=404)
