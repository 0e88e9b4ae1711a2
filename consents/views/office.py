"""The privacy officer's first page: everything that waits, in one look."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consents import office
from consents.access import Request
from consents.access.office import open_office


@require_safe
def index(request: Request) -> HttpResponse:
    """Each section with its most urgent lines."""
    opened = open_office(request)
    sections = [
        {
            "section": section,
            "lines": section.lines(opened)[: office.MOST_LINES],
            "more_url": reverse(section.more) if section.more else "",
        }
        for section in office.sections()
    ]
    return render(request, "consents/privacy/index.html", {"sections": sections})
