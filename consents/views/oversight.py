"""The privacy officer's work: reports, refused requests, unusual reading."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import zones
from consents import actions, office, reports
from consents.access import Request, oversight
from consents.access import reports as access
from consents.access.office import open_office
from consents.forms.reports import AlarmForm, AnswerForm
from consents.models import PrivacyReport, ReadingAlarm
from consents.office import Line, Office, Section
from consents.views.log import number_of, uuid_of


@require_safe
def report_list(request: Request) -> HttpResponse:
    """Open ones by their day, answered ones below."""
    opened = open_office(request)
    answered, before = access.report_page(
        opened, before=uuid_of(request.GET.get("before"))
    )
    more = f"{reverse('consents:privacy_reports')}?before={before}" if before else ""
    context = {
        "waiting": [_shown(row) for row in access.open_reports(opened)],
        "answered": [_shown(row) for row in answered],
        "next_url": more,
    }
    return render(request, "consents/privacy/report_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, report_id: uuid.UUID) -> HttpResponse:
    """One report: who looked and when, take it, answer it."""
    opened = open_office(request)
    row = access.open_report(opened, report_id)
    if request.method == "POST" and "take" in request.POST:
        actions.take_report(report=row, by=opened.user, at=opened.at)
        return redirect("consents:privacy_report", report_id=row.pk)
    is_answer = request.method == "POST" and not row.answered_at
    form = AnswerForm(request.POST if is_answer else None)
    if is_answer and form.is_valid():
        return _answer(request, opened, row, form)
    context = {
        "form": None if row.answered_at else form,
        "looks": access.looks_of(opened, row),
        **_shown(row),
    }
    return render(request, "consents/privacy/report.html", context)


def _answer(request, opened: Office, row: PrivacyReport, form: AnswerForm):
    actions.answer_report(
        report=row,
        outcome=form.cleaned_data["outcome"],
        words=form.cleaned_data["answer"],
        by=opened.user,
        at=opened.at,
    )
    messages.success(request, _("Answered. They can read it now."))
    return redirect("consents:privacy_report", report_id=row.pk)


def _shown(row: PrivacyReport) -> dict:
    words, tone = reports.STATES[row.state]
    return {"report": row, "state": words, "tone": tone}


@require_safe
def refused(request: Request) -> HttpResponse:
    """Requests that showed nothing, in detail, and who stands out."""
    opened = open_office(request)
    user = oversight.refusing_user(opened, uuid_of(request.GET.get("user")))
    rows, before = oversight.refusals(
        opened,
        user_id=user.pk if user else None,
        before=number_of(request.GET.get("before")),
    )
    asked = {"user": user.pk if user else "", "before": before}
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "rows": rows,
        "user_shown": user,
        "patterns": [] if user else oversight.patterns(opened),
        "next_url": f"{reverse('consents:privacy_refused')}?{query}" if before else "",
        "own": oversight.checked_by_others(opened),
    }
    return render(request, "consents/privacy/refused.html", context)


@require_safe
def alarm_list(request: Request) -> HttpResponse:
    """Who opened very many records in a short time."""
    opened = open_office(request)
    own = oversight.alarms_checked_by_others(opened)
    context = {"alarms": oversight.alarms(opened), "own": own}
    return render(request, "consents/privacy/alarm_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request: Request, alarm_id: uuid.UUID) -> HttpResponse:
    """One alarm, and what was found out about it."""
    opened = open_office(request)
    row = oversight.alarm(opened, alarm_id)
    is_answer = request.method == "POST" and not row.reviewed_at
    form = AlarmForm(request.POST if is_answer else None)
    if is_answer and form.is_valid():
        words = form.cleaned_data["words"]
        actions.review_alarm(alarm=row, words=words, by=opened.user, at=opened.at)
        messages.success(request, _("Noted."))
        return redirect("consents:privacy_alarms")
    context = {"alarm": row, "form": None if row.reviewed_at else form}
    return render(request, "consents/privacy/alarm.html", context)


# Lines of the first page ---------------------------------------------------------


def report_lines(opened: Office) -> list[Line]:
    today = zones.today(opened.at, opened.user.time_zone)
    return [
        Line(
            text=f"{row.get_kind_display()}: {row.get_reason_display()}",
            href=reverse("consents:privacy_report", args=[row.pk]),
            note=_("Answer by %(day)s. %(state)s.")
            % {
                "day": zones.day_words(row.due_date),
                "state": reports.STATES[row.state][0],
            },
            is_late=row.due_date < today,
        )
        for row in access.open_reports(opened)
    ]


def alarm_lines(opened: Office) -> list[Line]:
    return [_alarm_line(opened, row) for row in oversight.open_alarms(opened)]


def _alarm_line(opened: Office, row: ReadingAlarm) -> Line:
    return Line(
        text=ngettext(
            "%(name)s opened %(count)d record in ten minutes",
            "%(name)s opened %(count)d records in ten minutes",
            row.charts,
        )
        % {"name": row.user.name, "count": row.charts},
        href=reverse("consents:privacy_alarm", args=[row.pk]),
        note=zones.instant_words(row.at, opened.user.time_zone),
    )


def refused_lines(opened: Office) -> list[Line]:
    address = reverse("consents:privacy_refused")
    return [
        Line(
            text=_("%(name)s asked for %(count)d records in vain")
            % {"name": each.user.name, "count": each.records},
            href=f"{address}?user={each.user.pk}",
            note=zones.instant_words(each.last, opened.user.time_zone),
        )
        for each in oversight.patterns(opened)
    ]


SECTIONS = (
    Section(
        key="reports",
        order=10,
        heading=gettext_lazy("Reports to answer"),
        empty=gettext_lazy("No report waits for an answer."),
        lines=report_lines,
        more="consents:privacy_reports",
        more_text=gettext_lazy("All reports"),
    ),
    Section(
        key="alarms",
        order=40,
        heading=gettext_lazy("Unusual reading"),
        empty=gettext_lazy("Nobody opened unusually many records."),
        lines=alarm_lines,
        more="consents:privacy_alarms",
        more_text=gettext_lazy("All of these"),
    ),
    Section(
        key="refused",
        order=50,
        heading=gettext_lazy("Asked for, not shown"),
        empty=gettext_lazy("Nobody asked for several records in vain this week."),
        lines=refused_lines,
        more="consents:privacy_refused",
        more_text=gettext_lazy("Every refused request"),
    ),
)
for section in SECTIONS:
    office.register(section)
