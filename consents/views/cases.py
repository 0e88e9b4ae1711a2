"""An exceptional disclosure: the call first, then the case, step by step."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord import zones
from carecoord.context_processors import place
from consents import actions, waits
from consents.access import Request, cases, open_patient
from consents.access.cases import OpenCase
from consents.actions import exceptional
from consents.forms import cases as forms
from consents.models import ExceptionalCase

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def call(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The first screen is the call. What was done is written below it, after."""
    opened = open_patient(request, patient_id)
    cases.may_open_one(opened)
    form = forms.CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = exceptional.record_call(
                patient_id=opened.patient.pk,
                author=opened.party,
                called_at=form.called_at(),
                called_whom=form.cleaned_data["whom"],
                by=request.user,
                at=opened.at,
            )
            return redirect("consents:case", case_id=case.pk)
        except actions.RuleError as error:
            form.add_error("time", str(error))
    context = {"patient": opened.patient, "form": form, "place": place()}
    return render(request, "consents/cases/call.html", context)


@require_safe
def own(request: Request) -> HttpResponse:
    """The cases of whoever reads, and what is still to do about each."""
    listed = cases.own_cases(request.reading)
    return render(request, "consents/cases/own.html", {"cases": listed})


@require_safe
def case(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """The whole case: both times, every signed step, what comes next."""
    opened = cases.open_case(request, case_id)
    found = opened.case
    context = {
        "opened": opened,
        "case": found,
        "harm": found.harmevaluation_set.all(),
        "consultations": found.caseconsultation_set.all(),
        "reasons": found.casereasons_set.all(),
        "contents": [_content(each) for each in found.casecontent_set.all()],
        "waits": waits.all_waits([found.pk]),
        "aftercare": found.aftercare.order_by("due_date", "pk"),
    }
    return render(request, "consents/cases/case.html", context)


def _content(row) -> dict[str, Any]:
    recipients = row.recipients.order_by("name", "pk")
    return {
        "row": row,
        "recipients": recipients,
        "is_on_paper": not any(each.party_id for each in recipients),
        "kinds": cases.kinds_of(row),
        "can_be_withdrawn": not row.withdrawn_at and not waits.handed_over(row),
        "count": row.items.count(),
    }


# The four steps ------------------------------------------------------------------

STEPS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "harm": (forms.HarmForm, exceptional.sign_harm),
    "consultation": (forms.ConsultationForm, exceptional.sign_consultation),
    "reasons": (forms.ReasonsForm, exceptional.sign_reasons),
    "aftercare": (forms.AftercareForm, exceptional.add_aftercare),
}


def _heading(kind: str) -> str:
    return {
        "harm": _("Step 1: how great is the harm?"),
        "consultation": _("Step 2: whom did you ask?"),
        "reasons": _("Step 3: ground and reasons"),
        "aftercare": _("What is done afterwards"),
        "told": _("The patient was told"),
        "wait": _("A reason to wait"),
    }[kind]


@require_http_methods(FORM)
def step(request: Request, case_id: uuid.UUID, kind: str) -> HttpResponse:
    """One step, signed as it is sent; a correction is the same step once more."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    if kind not in STEPS:
        raise Http404
    form_class, sign = STEPS[kind]
    form = form_class(request.POST or None)
    if _signs(request, form, lambda: sign(**_by(request, opened), **form.cleaned_data)):
        return redirect("consents:case", case_id=case_id)
    return _page(request, opened, form, _heading(kind))


def _by(request: Request, opened: OpenCase) -> dict[str, Any]:
    return {"case": opened.case, "by": request.user, "at": opened.at}


def _picked_words(count: int) -> str:
    words = ngettext(
        "Signed and kept. You chose %(n)d item from the record.",
        "Signed and kept. You chose %(n)d items from the record.",
        count,
    )
    return words % {"n": count}


def _signs(request: Request, form, sign, *, said=lambda: _("Signed and kept.")) -> bool:
    """Whether what was sent is signed now; else the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        sign()
    except actions.RuleError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, said())
    return True


def _page(request, opened: OpenCase, form, heading: str, **more) -> HttpResponse:
    context = {"opened": opened, "form": form, "heading": heading, **more}
    return render(request, "consents/cases/step.html", context)


@require_http_methods(FORM)
def content(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """Step 4: who needs to know, and the least that they need, item by item."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    heading = _("Step 4: who needs to know, and what")
    if request.method != "POST" and not _may_tell(opened):
        # Nothing of the record is read for a step that cannot be signed yet.
        return _page(request, opened, None, heading, ready=False)
    found = {each.key: each for each in _pickable(opened)}
    team = {str(each.party_id): each for each in cases.colleagues(opened)}
    form = forms.ContentForm(
        request.POST or None,
        inside=[(key, each.party.name) for key, each in team.items()],
        items=forms.by_kind(found.values()),
        called=bool(opened.case.called_at),
    )
    if _signs(
        request,
        form,
        lambda: _sign_content(request, opened, form, found, team),
        said=lambda: _picked_words(len(form.cleaned_data.get("items", []))),
    ):
        return redirect("consents:case", case_id=case_id)
    ready, at_once = _may_tell(opened), not opened.is_hidden
    return _page(request, opened, form, heading, ready=ready, shows_at_once=at_once)


def _pickable(opened: OpenCase) -> list[cases.Pickable]:
    reasons = opened.case.casereasons_set.last()
    covers = bool(reasons and reasons.covers_part2)
    return cases.pickable(opened, covers_part2=covers)


def _may_tell(opened: OpenCase) -> bool:
    """Steps 1 to 3 are written: step 4 rests on them (actions, `sign_content`)."""
    case = opened.case
    steps = (case.harmevaluation_set, case.caseconsultation_set, case.casereasons_set)
    return all(step.exists() for step in steps)


def _sign_content(request, opened: OpenCase, form, found, team) -> None:
    said = form.cleaned_data
    told = [
        exceptional.Told(
            name=team[key].party.name, why=said["why"], party=team[key].party
        )
        for key in dict.fromkeys(said.get("inside", []))
    ]
    if said["name"]:
        told.append(
            exceptional.Told(
                name=said["name"],
                why=said["why"],
                organization=said["organization"],
                reached_by=said["reached_by"],
            )
        )
    picked = tuple(found[key].item for key in dict.fromkeys(said.get("items", [])))
    what = exceptional.Content(said["said"], tuple(told), picked, form.open_days)
    exceptional.sign_content(content=what, **_by(request, opened))


@require_http_methods(FORM)
def withdraw(
    request: Request, case_id: uuid.UUID, content_id: uuid.UUID
) -> HttpResponse:
    """Step 4 by mistake: it opens nothing any more, and stays as it was signed."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    row = cases.content_to_withdraw(opened, content_id)
    form = forms.WithdrawForm(request.POST or None)

    def sign() -> None:
        exceptional.withdraw_content(
            content=row,
            why=form.cleaned_data["why"],
            by=request.user,
            at=opened.at,
        )

    if _signs(request, form, sign):
        return redirect("consents:case", case_id=case_id)
    return _page(request, opened, form, _("Withdraw step 4"), withdraws=_content(row))


# Afterwards -----------------------------------------------------------------------


@require_http_methods(FORM)
def told(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """The patient was told: when, in which words, with which support."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    form = forms.ToldForm(request.POST or None)
    if _signs(request, form, lambda: _tell(request, opened, form)):
        return redirect("consents:case", case_id=case_id)
    return _page(request, opened, form, _heading("told"))


def _tell(request, opened: OpenCase, form) -> None:
    exceptional.tell_patient_of_case(
        told_at=form.told_at(now=opened.at),
        words=form.cleaned_data["words"],
        support=form.cleaned_data["support"],
        **_by(request, opened),
    )


@require_http_methods(FORM)
def wait(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """A dated reason not to tell yet. The privacy officer answers it."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    form = forms.WaitForm(request.POST or None)

    def sign() -> None:
        exceptional.wait_to_tell(
            reason=form.cleaned_data["reason"],
            until=form.until(),
            **_by(request, opened),
        )

    if _signs(request, form, sign):
        return redirect("consents:case", case_id=case_id)
    return _page(request, opened, form, _heading("wait"))


@require_http_methods(FORM)
def review(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """The privacy officer on the reason to wait that stands."""
    opened = cases.open_case(request, case_id)
    if not request.user.is_privacy_officer or opened.is_author:
        raise Http404
    standing = cases.wait_of(opened)
    form = forms.WaitReviewForm(request.POST or None)

    def sign() -> None:
        if request.POST.get("wait") != str(standing.pk):
            # Nobody agrees to words that the page did not show.
            raise actions.RuleError(
                _("Its author wrote another reason meanwhile. Read it, then answer.")
            )
        exceptional.review_wait(
            wait=standing, by=request.user, at=opened.at, **form.cleaned_data
        )

    if _signs(request, form, sign):
        return redirect("consents:case", case_id=case_id)
    return _page(
        request, opened, form, _("Answer the reason to wait"), standing=standing
    )


@require_POST
def done(request: Request, case_id: uuid.UUID, task_id: uuid.UUID) -> HttpResponse:
    """One thing of the aftercare is done."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    exceptional.finish_aftercare(
        task=cases.task_of(opened, task_id), by=request.user, at=opened.at
    )
    return redirect("consents:case", case_id=case_id)


@require_http_methods(FORM)
def close(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """Ends the case: nobody opens its items from now on."""
    opened = cases.open_case(request, case_id)
    opened.require_author()
    # It may ask nothing, and then nothing is sent: that is a "yes" too.
    sent = request.POST if request.method == "POST" else None
    form = forms.CloseForm(
        sent,
        untold=not opened.is_documented,
        called=_called(request, opened.case),
    )
    ends = partial(exceptional.close_case, **_by(request, opened))
    if _signs(request, form, lambda: ends(**form.cleaned_data)):
        return redirect("consents:case", case_id=case_id)
    return _page(request, opened, form, _("Close the case"), closes=True)


def _called(request: Request, case: ExceptionalCase) -> str:
    """When and whom, in words; empty where nobody was called."""
    if case.called_at is None:
        return ""
    when = zones.instant_words(case.called_at, request.user.time_zone)
    return f"{case.called_whom}, {when}"
