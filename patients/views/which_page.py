"""Of which page a form says that it is: two links opened in one browser (T100).

The session holds the link that was opened last, so each form names what it answers. One
that names something else is about another; one that names nothing is refused too, for
nobody knows what stood before the eyes of whoever sent it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

REFUSED = 409


def is_of_another(request: HttpRequest, found: Model, field: str) -> bool:
    """Sent by the page of another link than was opened here last."""
    return request.POST.get(field, "") not in ("", str(found.pk))


def is_unsaid(request: HttpRequest, field: str) -> bool:
    """Sent, and without a word of what it answers."""
    return request.method == "POST" and not request.POST.get(field)


def is_answered(request: HttpRequest, field: str, form: BaseForm | None) -> bool:
    """Sent, for this link, and nothing in it is wrong."""
    if request.method != "POST" or is_unsaid(request, field):
        return False
    return form is None or form.is_valid()


def show(
    request: HttpRequest, template: str, context: dict[str, Any], field: str
) -> HttpResponse:
    """The page to be read and answered; what was typed stands where it stood."""
    if not is_unsaid(request, field):
        return render(request, template, context)
    text = _("This form did not say which link it is for, so nothing was done.")
    more = _("Read this page, then send it again.")
    wrong = {"has_errors": True, "problems": [{"text": f"{text} {more}"}]}
    return render(request, template, context | wrong, status=REFUSED)
