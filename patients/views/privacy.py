""" "Only me" and "not for this person", on any item: one page for its patient."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents.access import Request
from consents.codes import LABELS
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from patients.access import OpenPatient, audience, open_patient
from patients.access import record as loaders
from patients.access.flags import Raised
from patients.access.private_flags import cost_of_hiding
from patients.access.private_items import load_private_item
from patients.actions import record as actions
from patients.actions.labels import origin_stays
from patients.dosage.words import joined
from patients.forms.medicine_privacy import PrivacyForm
from patients.safe_text import safe
from patients.views import pages
from patients.views.banner import Notice


@dataclass(frozen=True)
class Subject:
    """An item as its page speaks of it, and who sees it now, by name.

    `cost` is what hiding it can cost; empty for the words about medicines.
    """

    item: Disclosable
    name: str
    title: str
    sees: Sequence[str]
    back_url: str
    cost: str = ""
    pairs: Sequence[Raised] = ()

    @property
    def kept_by(self) -> str:
        """Whoever wrote it and so keeps the own words, whatever is ticked."""
        keeps = self.item.AUTHOR_KEEPS and self.item.author
        return keeps.name if keeps else ""


@require_http_methods(["GET", "HEAD", "POST"])
def item_privacy(
    request: Request, patient_id: uuid.UUID, label: str, item_id: uuid.UUID
) -> HttpResponse:
    """An allergy, a substance, a prescriber's entry that is not taken over."""
    opened = open_patient(request, patient_id)
    kind, item = load_private_item(opened, label, item_id)
    back_url = reverse(kind.back, args=[patient_id])
    subject = Subject(
        item=item,
        name=safe(kind.name(item)),
        title=kind.title,
        sees=audience.who_sees_item(opened, item),
        back_url=back_url,
        cost=kind.cost,
        pairs=cost_of_hiding(opened, item),
    )
    return privacy_page(request, opened, subject)


def privacy_page(
    request: Request, opened: OpenPatient, subject: Subject
) -> HttpResponse:
    """Shows the choice, or saves it for the item and all of its lineage.

    Afterwards the same page says who sees the item now, by name: read from the
    record, so that no name of it stands in a session or an address.
    """
    opened.require(opened.is_patient)
    item = subject.item
    denies = loaders.denies_of(opened, item)
    data = request.POST if request.method == "POST" else None
    form = _form(opened, data, item, denies)
    if data is None or not form.is_valid():
        context = _context(subject)
        context["waiting_for"] = form.waiting_for(subject.sees)
        if data is None and "saved" in request.GET:
            context["messages"] = [_saved(subject)]
        template = "patients/medicines_privacy.html"
        return pages.show(request, template, [form], privacy_form=form, **context)
    actions.set_privacy(
        item=item,
        labels=form.labels(),
        part2_origin=form.part2_origin,
        keep=form.chosen(),
        denies=form.offered(denies),
        by=opened.reading.user,
        at=opened.at,
    )
    return redirect(f"{request.path}?saved=1")


def _form(
    opened: OpenPatient, data: Any, item: Disclosable, denies: list[ItemDeny]
) -> PrivacyForm:
    team, stays = audience.refusable(opened, item, denies), origin_stays(item)
    return PrivacyForm(data, team=team, item=item, denies=denies, origin_stays=stays)


def _saved(subject: Subject) -> Notice:
    said = {"name": subject.name, "names": joined(list(subject.sees))}
    if not subject.sees:
        return Notice(_("Saved. Only you can see %(name)s now.") % said)
    return Notice(_("Saved. %(names)s can see %(name)s.") % said)


def _context(subject: Subject) -> dict[str, Any]:
    item = subject.item
    return {
        "item": item,
        "title": subject.title,
        "name": subject.name,
        "sees": subject.sees,
        "labels": LABELS.words(item.labels),
        "cost": subject.cost,
        "pairs": subject.pairs,
        "kept_by": subject.kept_by,
        "follows_another": item.lineage != item.pk,
        "stays_alone": bool(getattr(item, "kept_for", ())),
        "back_url": subject.back_url,
    }
