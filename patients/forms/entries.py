"""A prescriber's entry: grouped on two pages, as staff forms are (SCREENS A1.2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import Option, PlainDateField
from patients.actions.medicine_terms import Watch
from patients.forms.fields import NoteField, PlainCharField, WeeksField, chips
from patients.forms.names import SCHEDULES, NameForm
from patients.forms.origin import is_from_program, origin_field
from patients.models import MedicationStatement
from patients.safe_text import safe

STOP = "stop"
WEEKS = {
    "invalid": _("Enter the weeks as a whole number, like 4."),
    "min_value": _("Enter 1 week or more."),
    "max_value": _("Enter 104 weeks or fewer."),
}


class EntryNameForm(NameForm):
    """A medicine that is not on the list: its name and schedule."""

    schedule = chips(
        SCHEDULES,
        column=True,
        label=_("When is it taken?"),
        error_messages={"required": _("Choose when it is taken.")},
    )


class EntryScheduleForm(forms.Form):
    """Beside a line: the schedule, or that it should stop."""

    schedule = chips(
        [*SCHEDULES, (STOP, Option(_("Stop this medicine"), ""))],
        column=True,
        label=_("When should it be taken?"),
        error_messages={"required": _("Choose when it should be taken, or stop.")},
    )


class PlanForm(forms.Form):
    """From when, why, what to expect, what to watch for and how long."""

    reason = PlainCharField(label=_("What is it for?"), max_length=200, required=False)
    starts_date = PlainDateField(
        label=_("From which day?"),
        error_messages={"required": _("Enter the first day, like Nov 3, 2026.")},
    )
    why = NoteField(
        label=_("Why?"),
        max_length=1000,
        required=True,
        error_messages={
            "required": _("Enter why, in words the patient can read."),
            "max_length": _("Use at most 1,000 letters here."),
        },
    )
    expected = NoteField(
        label=_("What to expect, and when"),
        help_text=_("Like better sleep after 2 weeks."),
        max_length=1000,
    )
    expected_weeks = WeeksField(label=_("Expected after how many weeks?"), said=WEEKS)
    watch_for = NoteField(
        label=_("What to watch for"),
        help_text=_("Like feeling sleepy in the morning."),
        max_length=1000,
    )
    watch_weeks = WeeksField(label=_("For how many weeks?"), said=WEEKS)
    therapy = NoteField(
        label=_("What it may do to therapy"),
        help_text=_("Like sleepy in morning sessions for 2 weeks."),
        max_length=500,
    )

    def __init__(
        self,
        *args: Any,
        beside: MedicationStatement | None = None,
        proposed: Watch | None = None,
        asks_origin: bool = False,
        **kwargs: Any,
    ) -> None:
        """`proposed` comes from the medicine's class; the prescriber may change it."""
        watch = proposed or Watch()
        initial = {
            "expected": watch.expected,
            "expected_weeks": watch.expected_weeks,
            "watch_for": watch.watch_for,
            "watch_weeks": watch.weeks,
        }
        if beside is not None:
            initial["reason"] = beside.reason
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        if asks_origin:
            said = _("Federal law protects it. Not sure counts as yes.")
            self.fields["origin"] = origin_field(help_text=said, required=True)

    def words(self) -> dict[str, Any]:
        """The answers as fields of a Plan, in safe form."""
        cleaned = self.cleaned_data
        texts = ("reason", "why", "expected", "watch_for", "therapy")
        return {
            **{name: safe(cleaned.get(name) or "") for name in texts},
            "starts_date": cleaned["starts_date"],
            "expected_weeks": cleaned.get("expected_weeks"),
            "watch_weeks": cleaned.get("watch_weeks"),
            "part2_origin": is_from_program(cleaned.get("origin")),
        }
