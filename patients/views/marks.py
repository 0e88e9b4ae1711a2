"""The page that asks whether to mark what a name gives away, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from consents.access import Request
from consents.codes import LABELS
from patients.access import OpenPatient
from patients.forms.medicine_privacy import LabelForm
from patients.safe_text import safe
from patients.views import pages


@dataclass(frozen=True)
class Told:
    """What is to be marked, and where it comes from (42 CFR 2.11)."""

    labels: int = 0
    part2_origin: bool = False


NOTHING = Told()
ASKED, CHANGE = "asked_to_mark", "change_words"
TEMPLATE = "patients/mark_question.html"


def is_sent(request: Request) -> bool:
    """Whether the page is to be saved, and not to be shown again to be changed."""
    return request.method == "POST" and CHANGE not in request.POST


def ask_to_mark(
    request: Request,
    opened: OpenPatient,
    *,
    tells: int,
    name: str,
    is_medicine: bool = True,
    prefix: str | None = None,
) -> tuple[HttpResponse | None, Told]:
    """The page; or None, and what is to be marked, where it is answered or not asked.

    What was typed goes along unseen: the answer sends the same form again, and so does
    the way back to it. `prefix` is for a form that has a field of that name.
    """
    if not tells:
        return None, NOTHING
    label = _label(request, tells, prefix)
    if label.is_valid():
        marked = tells if label.is_marked else 0
        return None, Told(marked, label.part2_origin)
    context: dict[str, Any] = {
        "label": label,
        "name": safe(name),
        "guess": _guess(opened, tells, is_medicine=is_medicine),
        "typed": [*_typed(request, label), (ASKED, "yes")],
        "change": CHANGE,
    }
    return pages.show(request, TEMPLATE, [label], **context), NOTHING


def _label(request: Request, tells: int, prefix: str | None) -> LabelForm:
    """With the answer, if it is one and not the first time that this is asked."""
    label = LabelForm(prefix=prefix, tells=tells)
    names = {ASKED, *(label.add_prefix(one) for one in label.fields)}
    if not names & {*request.POST}:
        return label
    return LabelForm(request.POST, prefix=prefix, tells=tells)


def _guess(opened: OpenPatient, tells: int, *, is_medicine: bool) -> list[str]:
    """Who may guess what, and what marking it does."""
    who = _("People who know this medicine may guess: %(topics)s.")
    if not is_medicine:
        who = _("Whoever reads it may guess: %(topics)s.")
    does = _("If you mark it, only people you share that with can see it.")
    if not opened.is_patient:
        does = _("If you mark it, only people who may see that can see it.")
    return [who % {"topics": ", ".join(LABELS.words(tells))}, does]


def _typed(request: Request, label: LabelForm) -> list[tuple[str, str]]:
    own = {ASKED, "csrfmiddlewaretoken", *map(label.add_prefix, label.fields)}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in own
        for value in values
    ]
