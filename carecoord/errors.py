"""Error pages: calm, the same for everyone, with help in a crisis on each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carecoord.leaving import is_from_here, leave


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    # An old page in a second tab has an old token. That must keep nobody here.
    if request.path_info == reverse("leave") and is_from_here(request):
        return leave(request)
    return render(request, "403_csrf.html", status=403)
