"""A site with careless pages, to prove that the comparison of answers bites."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from carecoord.urls import handler404, urlpatterns
from patients.models import Patient
from providers.models import Party

__all__ = ["handler404", "urlpatterns"]


def told(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        raise Http404
    Party.objects.filter(user=request.user).exists()
    return HttpResponse("Not yours.", status=403)


def sorted_as_asked(request: HttpRequest) -> HttpResponse:
    """Orders by whatever the address says."""
    rows = Party.objects.order_by(*request.GET.getlist("order_by"))
    return HttpResponse(", ".join(row.name for row in rows))


urlpatterns = [
    *urlpatterns,
    path("told/<uuid:patient_id>/", told),
    path("sorted/", sorted_as_asked),
]
