"""What waits for a clinician, and nothing else on the page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from carecoord import zones
from consents import lines
from consents.access import Request
from consents.access.disclosed_to import disclosed_to
from messaging import cards, due, headlines
from messaging.access import tests_due
from messaging.access import worklist as loaders
from messaging.access.worklist import Clinician, Place
from messaging.codes import Ask, Urgency

PAGE = 40
HEADINGS = {
    Urgency.TODAY: gettext_lazy("Reply today"),
    Urgency.TWO_DAYS: gettext_lazy("Within 2 working days"),
    Urgency.NEXT_VISIT: gettext_lazy("Before next visit"),
    loaders.TAKEN_ON: gettext_lazy("You said you will"),
    Urgency.INFORMATION: gettext_lazy("For information"),
}


@dataclass
class Section:
    """Rows under one heading."""

    key: str
    heading: str
    rows: list[dict] = field(default_factory=list)

    @property
    def by_patient(self) -> list[dict]:
        """Patients with more than one row: these can be marked as seen at once."""
        found: dict[uuid.UUID, dict] = {}
        for row in self.rows:
            patient = row["patient"]
            group = found.setdefault(patient.pk, {"patient": patient, "updates": []})
            if not row["is_asked"] and not row["plan"]:
                group["updates"].append(row["card"].update.pk)
        return [group for group in found.values() if len(group["updates"]) > 1]


@require_safe
def worklist(request: Request) -> HttpResponse:
    """Sections by how soon, the latest due first; each row shows the whole update."""
    who = loaders.clinician(request.reading)
    if who is None:
        raise Http404
    places = loaders.waiting(who)
    page, more = _page(places, request.GET.get("after", ""))
    is_first = not request.GET.get("after")
    context = {
        "sections": _sections(who, page),
        "more": more,
        "is_first": is_first,
        "checked": cards.clock(request.reading.at, request.user.time_zone),
        "choice": lines.choice(),
    }
    if is_first:
        context |= _own(who)
    context["counts"] = _counts(places, context)
    context["is_empty"] = not (places or any(context.get(name) for name in OWN))
    return render(request, "messaging/worklist.html", context)


OWN = ("held", "late", "answers", "tests", "news", "disclosed")


def _page(places: list[Place], after: str) -> tuple[list[Place], str]:
    """Forty rows after the last one that was shown."""
    ids = [str(place.row_id) for place in places]
    start = ids.index(after) + 1 if after in ids else 0
    page = places[start : start + PAGE]
    has_more = len(places) > start + PAGE
    return page, str(page[-1].row_id) if has_more else ""


def _counts(places: list[Place], own: dict) -> list[str]:
    """ "6 to look at. 1 needs a reply today. 2 not sent." Only of what is permitted.

    What stands on the page is counted, and nothing is said to be 0.
    """
    today = sum(place.heading == Urgency.TODAY for place in places)
    held, late, answers = (len(own.get(name, ())) for name in OWN[:3])
    tests = sum(len(one.mine) + len(one.others) for one in own.get("tests", ()))
    unread = sum(not one["opened"] for one in own.get("disclosed", ()))
    counted = (
        (
            unread,
            _("1 disclosed to you to read."),
            _("%(n)d disclosed to you to read."),
        ),
        (len(places), _("%(n)d to look at."), _("%(n)d to look at.")),
        (today, _("1 needs a reply today."), _("%(n)d need a reply today.")),
        (held, _("%(n)d not sent."), _("%(n)d not sent.")),
        (late, _("You wait for 1 answer."), _("You wait for %(n)d answers.")),
        (answers, _("1 answer to read."), _("%(n)d answers to read.")),
        (tests, _("1 test is late."), _("%(n)d tests are late.")),
    )
    return [(one if n == 1 else many) % {"n": n} for n, one, many in counted if n]


def _sections(who: Clinician, page: list[Place]) -> list[Section]:
    updates, rows = loaders.bodies(who, page), loaders.rows(page)
    sections: dict[str, Section] = {}
    for place in page:
        if place.update_id not in updates:
            continue
        heading = HEADINGS[place.heading]
        section = sections.setdefault(
            place.heading, Section(str(place.heading), str(heading))
        )
        update, row = updates[place.update_id], rows[place.row_id]
        section.rows.append(_row(who, update, row))
    return list(sections.values())


def _row(who: Clinician, update, row) -> dict:
    zone, at = who.reading.user.time_zone, who.reading.at
    late = due.overdue_since(row, update, at=at)
    today = zones.today(at, zone)
    call_by = update.answer_by_date or due.working_days_after(today, 1)
    return {
        "card": cards.card(update, zone=zone),
        "row": row,
        "patient": update.patient,
        "overdue": cards.weekday(late),
        "call_by": max(today, call_by),
        "is_asked": update.ask != Ask.NOTHING,
        "plan": cards.plan_words(row) if row.plan else "",
        "phone": cards.phone(update.author) if late else "",
    }


def _own(who: Clinician) -> dict:
    """What this clinician sent, and what others changed."""
    zone = who.reading.user.time_zone
    today = zones.today(who.reading.at, zone)
    answers = loaders.answered(who)
    return {
        "held": [_held(update, rows, zone) for update, rows in loaders.held(who)],
        "late": [_late(who, update, row) for update, row in loaders.late(who, today)],
        "answers": [_answer(reply, zone) for reply in answers],
        "news": _news(who, zone, shown={reply.update_id for reply in answers}),
        "tests": tests_due.late(who),
        "disclosed": _disclosed(who, zone),
    }


def _disclosed(who: Clinician, zone: str) -> list[dict]:
    """By somebody without the patient's permission: read first, and on its own page."""
    return [
        {
            "content": each.content,
            "opened": each.opened,
            "until": zones.instant_words(each.content.ends_at, zone),
        }
        for each in disclosed_to(who.reading)
    ]


def _held(update, rows, zone: str) -> dict:
    not_sent = [
        lines.not_sent(recipient_name=row.party.name, phone=cards.phone(row.party))
        for row in rows
    ]
    return {
        "card": cards.card(update, zone=zone),
        "patient": update.patient,
        "not_sent": not_sent,
    }


def _late(who: Clinician, update, row) -> dict | None:
    zone, at = who.reading.user.time_zone, who.reading.at
    return {
        "headline": headlines.headline(update, update.numbers.all()),
        "update": update,
        "patient": update.patient,
        "state": cards.row_state(row, update, at=at, zone=zone, with_receipts=True),
    }


def _answer(reply, zone: str) -> dict:
    update = reply.update
    return {
        "headline": headlines.headline(update, update.numbers.all()),
        "update": update,
        "patient": reply.patient,
        "reply": cards.reply_card(reply, zone=zone),
    }


def _news(who: Clinician, zone: str, *, shown: set[uuid.UUID]) -> list[dict]:
    """By patient, since they are marked as seen by patient. An answer that stands on
    the page already is not told twice.
    """
    by_patient: dict[uuid.UUID, dict] = {}
    for notice, event in loaders.news(who):
        if event.about in shown:
            continue
        group = by_patient.setdefault(
            event.patient_id, {"patient": event.patient, "events": []}
        )
        group["events"].append(
            {
                "notice": notice.pk,
                "title": event.title,
                "detail": event.said,
                "when": cards.moment(event.recorded_at, zone),
                "iso": event.recorded_at.isoformat(),
                "told": _told(notice.created_at, event.recorded_at, zone),
                "update": _answered_update(event),
            }
        )
    return list(by_patient.values())


def _told(told_at: datetime, occurred_at: datetime, zone: str) -> str:
    """ "Told to you on Nov 24, 2026", where the change is of another day."""
    day = zones.today(told_at, zone)
    if day == zones.today(occurred_at, zone):
        return ""
    return _("Told to you on %(day)s") % {"day": zones.day_words(day)}


def _answered_update(event) -> uuid.UUID | None:
    return event.about if event.kind == "update_answered" else None
