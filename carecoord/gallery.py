"""Every component in every state on one page, in debug mode only: /gallery/."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carecoord.forms import ChipColumn, PlainDateField, UnitInput, chip_choices

PALETTE = (
    "paper surface sunken ink ink2 line edge act act-tint share share-tint info "
    "info-tint ok ok-tint warn warn-tint urgent urgent-tint emergency halo"
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label="What is the medicine called?",
        help_text="The name on the label, or what you call it.",
        error_messages={"required": "Enter the name on the label."},
    )
    strength = forms.DecimalField(
        label="Strength on the label",
        widget=UnitInput("mg"),
        error_messages={"invalid": "Enter the amount as a number, like 0.5 or 25."},
    )
    how_soon = forms.ChoiceField(
        label="How soon do you need a reply?",
        choices=[
            ("info", "For information"),
            ("visit", "Before next visit"),
            ("days", "Within 2 working days"),
            ("today", "Today: I will also call"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how soon you need a reply."},
    )
    times = forms.MultipleChoiceField(
        label="When do you take it?",
        choices=[
            ("morning", "Morning"),
            ("noon", "Noon"),
            ("evening", "Evening"),
            ("bedtime", "Bedtime"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one time of day."},
    )
    preset = forms.ChoiceField(
        label="What may Dr. Lee see?",
        choices=chip_choices(
            [
                ("list", "Medicines and allergies only", "Your list as it stands."),
                ("team", "For your care team", "Medicines, updates, sleep, goals."),
            ]
        ),
        widget=ChipColumn,
        error_messages={"required": "Choose what Dr. Lee may see."},
    )
    started_date = PlainDateField(label="When did you start?")
    reason = forms.CharField(
        label="What changed?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what changed."},
    )
    unit = forms.ChoiceField(
        label="Unit",
        choices=[("mg", "mg"), ("mcg", "mcg"), ("mL", "mL")],
        error_messages={"required": "Choose a unit."},
    )
    agree = forms.BooleanField(
        label="I agree to share this",
        error_messages={"required": "Tick the box if you agree."},
    )


def sample_rows() -> list[dict[str, Any]]:
    return [
        {"label": "Medicine", "value": "quetiapine", "href": "#rows"},
        {
            "label": "Each time",
            "value": "150 mg at bedtime (150 mg a day)",
            "href": "#rows",
            "hidden": "dose of quetiapine",
            "dose": True,
        },
        {"label": "What it is for", "value": "", "href": "#rows"},
        {"label": "Allergies", "href": "#rows", "missing": "Add allergy information"},
    ]


def sample_events() -> list[dict[str, Any]]:
    return [
        {
            "title": "quetiapine: 100 mg to 150 mg",
            "when": "November 3, 2026",
            "iso": "2026-11-03",
            "who": "decided by Dr. Lee",
            "text": "Why: waking at 3 am.",
        },
        {
            "title": "Sharing with Dr. Ortiz began",
            "when": "September 1, 2026",
            "iso": "2026-09-01",
            "who": "Jordan",
            "kind": "sharing",
            "href": "#events",
            "link": "Read what Dr. Ortiz can see",
        },
        {
            "title": "Hospital visit",
            "when": "June 2026",
            "who": "entered by Jordan",
        },
    ]


def sample_context() -> dict[str, Any]:
    """All that the gallery draws. The people are the sample ones of the screens."""
    return {
        "blank_form": SampleForm(),
        "wrong_form": SampleForm({"strength": "much"}, auto_id="wrong_%s"),
        "filled_form": SampleForm(
            {"how_soon": "visit", "times": ["bedtime"], "agree": "on"},
            auto_id="filled_%s",
        ),
        "rows": sample_rows(),
        "events": sample_events(),
        "palette": PALETTE.split(),
        "tones": ["plain", "act", "share", "info", "ok", "warn", "urgent"],
        "until": dt.date(2027, 3, 1),
        "born": dt.date(1991, 2, 14),
        "links": [
            {"text": "Change dose", "href": "#links"},
            {"text": "Stopped taking", "href": "#links"},
            {"text": "History", "href": "#links"},
        ],
        "will": ["7 medicines", "2 allergies", "5 updates from Sam"],
        "will_not": ["Substance use treatment records", "What Ana writes"],
        "columns": ["Measure", "Nov 5", "Nov 12", "Nov 19"],
        "numbers": [
            {"label": "Sleep, hours a night", "cells": ["7", "6", "4"]},
            {"label": "Panic attacks a week", "cells": ["1", "2", "3"]},
        ],
        "stop_items": ["a seizure or chest pain", "new or worse voices or visions"],
        "call": [{"text": "Call 988", "href": "tel:988", "icon": "phone"}],
        "empty_actions": [
            {"text": "Add a medicine", "href": "#empty"},
            {"text": "I take none", "href": "#empty", "kind": "secondary"},
        ],
        "tasks": [
            {"text": "Your name and contact", "href": "#tasks", "done": True},
            {"text": "Medicines", "href": "#tasks", "note": "Or say you take none."},
        ],
        "saved": ["Saved. lamotrigine 200 mg at bedtime is on your list."],
        "sample_nav": [
            {"text": "Home", "url": "#nav", "current": True},
            {"text": "Medicines", "url": "#nav"},
            {"text": "Updates", "url": "#nav", "count": 2},
            {"text": "Sharing", "url": "#nav"},
            {"text": "More", "url": "#nav"},
        ],
    }


@require_GET
@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery; `?theme=dark` or `light` fixes the theme. 404 outside debug."""
    if not settings.DEBUG:
        raise Http404
    theme = request.GET.get("theme", "")
    context = sample_context() | {"theme": theme if theme in ("dark", "light") else ""}
    return render(request, "gallery.html", context)
