"""A site with the pages that the middleware is there for: those that go wrong."""

import uuid

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.urls import path

from carecoord.transactions import no_transaction, own_transaction
from carecoord.urls import handler404, urlpatterns
from consents.access import open_patient
from consents.entrances import EVERYONE_ON_TEAM, Entrance
from patients.models import Condition, Patient

__all__ = ["ENTRANCES", "handler404", "urlpatterns"]


def write(patient_id: uuid.UUID) -> None:
    Patient.objects.filter(pk=patient_id).update(goes_by="written")


def show(request: HttpRequest, patient_id: uuid.UUID) -> str:
    """Reads every condition of a patient the way a page does."""
    opened = open_patient(request, patient_id)
    return " ".join(row.name for row in opened.items(Condition.objects.all()))


def answers(request: HttpRequest, patient_id: uuid.UUID, status: int) -> HttpResponse:
    write(patient_id)
    return HttpResponse(show(request, patient_id), status=status)


def raises(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    write(patient_id)
    raise RuntimeError(show(request, patient_id))


def absent(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    write(patient_id)
    raise Http404(show(request, patient_id))


def breaks_late(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """The view returns; its template fails when it is rendered."""
    write(patient_id)
    template = engines["django"].from_string("{% include missing %}")
    return SimpleTemplateResponse(template, {"missing": "no-such-template.html"})


def streams(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    write(patient_id)
    return StreamingHttpResponse(iter([show(request, patient_id)]))


def depth(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(connection.atomic_blocks)))


urlpatterns = [
    *urlpatterns,
    path("t/<uuid:patient_id>/<int:status>/", answers, name="t_answers"),
    path("t/<uuid:patient_id>/raises/", raises, name="t_raises"),
    path("t/<uuid:patient_id>/absent/", absent, name="t_absent"),
    path("t/<uuid:patient_id>/late/", breaks_late, name="t_late"),
    path("t/<uuid:patient_id>/streams/", streams, name="t_streams"),
    path("t/<uuid:patient_id>/no-line/200/", answers, {"status": 200}, name="t_noline"),
    path("t/clinical/", depth, name="t_clinical"),
    path("t/own/", own_transaction(lambda request: depth(request)), name="t_own"),
    path("t/none/", no_transaction(lambda request: depth(request)), name="t_none"),
    path("t/account/", depth, name="account_t"),
]
ENTRANCES = {
    name: Entrance(EVERYONE_ON_TEAM)
    for name in ("t_answers", "t_raises", "t_absent", "t_late", "t_streams")
}
