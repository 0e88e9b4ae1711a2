"""What a change may bring, proposed and editable; and how it has been since."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from carecoord.forms import PlainDateField
from patients.actions.changes import Answer
from patients.actions.medicine_terms import Watch
from patients.codes import Helped
from patients.forms.entries import WEEKS
from patients.forms.fields import NoteField, WeeksField, chips
from patients.models import CheckIn
from patients.safe_text import safe


def _note(label: Any, longest: int, **kwargs: Any) -> NoteField:
    too_long = _("Use at most %(limit)s letters here.") % {"limit": longest}
    return NoteField(
        label=label,
        rows=2,
        max_length=longest,
        error_messages={"max_length": too_long},
        **kwargs,
    )


class WatchForm(forms.Form):
    """What to expect by when, what to watch for how long, and therapy."""

    expected = _note(_("What should get better?"), 300)
    expected_weeks = WeeksField(label=_("After how many weeks?"), said=WEEKS)
    watch_for = _note(_("What to watch for"), 300)
    watch_weeks = WeeksField(label=_("For how many weeks?"), said=WEEKS)
    therapy = _note(
        _("What may it do to your therapy?"),
        300,
        help_text=_("Like: I am sleepy in morning sessions."),
    )

    def __init__(
        self,
        *args: Any,
        proposed: Watch | None = None,
        ends: bool = False,
        **kwargs: Any,
    ) -> None:
        """`ends`: of a medicine that is not taken any more nothing is expected."""
        self.proposed = proposed
        watch = proposed or Watch()
        kwargs["initial"] = {
            "expected": watch.expected,
            "expected_weeks": watch.expected_weeks,
            "watch_for": watch.watch_for,
            "watch_weeks": watch.weeks,
        }
        super().__init__(*args, **kwargs)
        if ends:
            del self.fields["expected"], self.fields["expected_weeks"]

    def watch(self) -> Watch:
        said = self.cleaned_data
        return Watch(
            expected=safe(said.get("expected") or ""),
            expected_weeks=said.get("expected_weeks"),
            watch_for=safe(said.get("watch_for") or ""),
            weeks=said.get("watch_weeks"),
            therapy=safe(said.get("therapy") or ""),
        )


class CheckInForm(forms.Form):
    """ "Helped or hurt?" and, for whoever wants to say more, more."""

    helped = chips(
        Helped.choices,
        column=True,
        label=_("Did it help?"),
        error_messages={"required": _("Choose how it has been.")},
    )
    since_date = PlainDateField(
        label=_("Since when, if you know?"),
        required=False,
        help_text=_("Like Nov 3, 2026."),
    )
    mattered = forms.MultipleChoiceField(
        label=_("Which side effects mattered?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = _note(_("In your own words, if you like"), 280)
    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, initial=0
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        effects: Sequence[tuple[str, str]] = (),
        item: CheckIn | None = None,
        **kwargs: Any,
    ) -> None:
        self.today = today
        if item is not None:
            names = ("helped", "since_date", "mattered", "note", "version")
            kwargs["initial"] = {name: getattr(item, name) for name in names}
        super().__init__(*args, **kwargs)
        mattered = self.fields["mattered"]
        if isinstance(mattered, forms.MultipleChoiceField):
            mattered.choices = list(effects)
        if not effects:
            del self.fields["mattered"]

    def clean_since_date(self) -> date | None:
        day: date | None = self.cleaned_data["since_date"]
        if day and day > self.today:
            raise ValidationError(_("Enter a day that has been."))
        return day

    def answer(self) -> Answer:
        said = self.cleaned_data
        return Answer(
            helped=said["helped"],
            since_date=said.get("since_date"),
            mattered=tuple(map(uuid.UUID, said.get("mattered") or ())),
            note=safe(said.get("note") or ""),
        )
