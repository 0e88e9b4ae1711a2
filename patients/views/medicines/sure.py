"""The page that asks about an amount that looks like a slip. One can go on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consents.access import Request
from patients.dosage import Dosage
from patients.medicine_knowledge import Medicine, find
from patients.medicine_knowledge.usual import Doubt, doubt
from patients.models.medicines import Dosed

SURE = "sure"


def ask_if_sure(
    request: Request,
    medicine: Medicine | None,
    dosage: Dosage,
    *,
    back_url: str,
    before: Dosage | None = None,
) -> HttpResponse | None:
    """The page, or None where nothing is unusual or this very amount was confirmed.

    What was typed goes along unseen, so that going on sends the same form again.
    """
    found = doubt(medicine, dosage, before=before)
    if found is None or request.POST.get(SURE) == found.token:
        return None
    context = {
        "heading": _("Is this amount right?"),
        "lines": _lines(found),
        "hidden": _Sent([*_sent(request), (SURE, found.token)]),
        "go_on_text": _("It is right, go on"),
        "back_text": _("Change it"),
        "back_url": back_url,
    }
    return render(request, "patients/medicines_sure.html", context)


def _sent(request: Request) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", SURE}
    ]


class _Sent(list):
    """Names with their values, a name as often as it was sent: several days."""

    @property
    def items(self) -> list[tuple[str, str]]:
        return list(self)


def _lines(found: Doubt) -> list[str]:
    lines = [_("You entered %(amount)s.") % {"amount": found.entered}]
    if found.before:
        lines.append(_("Before, it was %(before)s.") % vars(found))
    if found.usual:
        lines.append(_("This medicine mostly comes as: %(usual)s.") % vars(found))
    if found.most:
        lines.append(_("Most people take at most %(most)s in a day.") % vars(found))
    return [*lines, _("Check the label. A point or a zero is easily missed.")]


def medicine_of(item: Dosed) -> Medicine | None:
    """What is known of the medicine of a line."""
    return find(item.name) or find(item.brand)
