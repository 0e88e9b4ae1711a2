"""What happened to a medicine: when, who decided, why, and how it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.forms import Option, PlainDateField
from patients.actions.medicines import Outcome, Why
from patients.codes import ChangeReason, DecidedBy
from patients.forms.fields import (
    ApproximateDateField,
    NoteField,
    PlainCharField,
    WeeksField,
    When,
    chips,
)

WHEN = [
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("other", _("Another day")),
    ("unsure", _("Not sure")),
]
WHO = [(value, label) for value, label in DecidedBy.choices]


class WhyForm(forms.Form):
    """When did it change, who decided, and why."""

    when = chips(
        WHEN,
        label=_("When did it change?"),
        error_messages={"required": _("Choose when it changed.")},
    )
    day = ApproximateDateField(
        label=_("If another day: which?"),
    )
    decided_by = chips(
        WHO,
        label=_("Who decided?"),
        error_messages={"required": _("Choose who decided.")},
    )
    reason = chips(ChangeReason.choices, label=_("Why?"), required=False)
    note = NoteField(
        label=_("In your own words, if you like"),
        rows=2,
        max_length=280,
        error_messages={"max_length": _("Use at most 280 letters here.")},
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        day: When | None = cleaned.get("day")
        if cleaned.get("when") in {"today", "yesterday", "unsure"}:
            # What stands in the box for another day is then not asked for.
            self.errors.pop("day", None)
        elif cleaned.get("when") and day and day.day is None:
            self.add_error("day", _("Enter the day, like Nov 3, 2026."))
        return cleaned

    def why(self) -> Why:
        cleaned = self.cleaned_data
        return Why(
            day=self._day(),
            decided_by=cleaned.get("decided_by") or "",
            reason=cleaned.get("reason") or "",
            note=cleaned.get("note") or "",
        )

    def _day(self) -> date | None:
        today = timezone.localdate()
        days = {"today": today, "yesterday": today - timedelta(days=1)}
        if self.cleaned_data["when"] == "other":
            return self.cleaned_data["day"].day
        return days.get(self.cleaned_data["when"])


class StopForm(forms.Form):
    """Stopped, or on hold?"""

    what = chips(
        [
            ("for_now", Option(_("Stopped for now"), _("You may take it again."))),
            (
                "for_good",
                Option(_("Stopped for good"), _("You will not take it again.")),
            ),
            ("hold", Option(_("On hold"), _("You wait with it for a while."))),
        ],
        column=True,
        label=_("Did you stop, or is it on hold?"),
        error_messages={"required": _("Choose if you stopped or put it on hold.")},
    )
    until = PlainDateField(
        label=_("On hold until, if you know"),
        required=False,
        help_text=_("Like Nov 3, 2026."),
    )


class StopWhyForm(WhyForm):
    """As WhyForm, with how the medicine did: it is kept under "tried before"."""

    effect = chips(
        [
            ("helped", _("It helped")),
            ("helped a little", _("A little")),
            ("did not help", _("It did not help")),
            ("made things worse", _("It made things worse")),
        ],
        label=_("Did it help?"),
        required=False,
    )
    dangerous = chips(
        [("yes", _("Yes")), ("no", _("No"))],
        label=_("Was it dangerous for you?"),
        help_text=_("Like trouble breathing, a seizure, or a bad rash."),
        required=False,
    )

    dose_reached = PlainCharField(
        label=_("The highest dose"),
        help_text=_("We keep this under “tried before”. Change what is not right."),
        max_length=100,
        required=False,
    )
    weeks = WeeksField(
        label=_("For how many weeks did you take it?"),
        said=_("Enter a number of weeks, like 8."),
        least=0,
        most=2600,
    )
    mattered = forms.MultipleChoiceField(
        label=_("Which side effects mattered?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    TRIED = ("effect", "dangerous", "dose_reached", "weeks", "mattered")

    def __init__(
        self,
        *args: Any,
        held: bool = False,
        proposed: Outcome | None = None,
        effects: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        """`proposed` is what stands under "tried before" unless it is changed here."""
        kwargs["initial"] = _initial(proposed or Outcome(), effects)
        super().__init__(*args, **kwargs)
        for name in self.TRIED if held else ():
            del self.fields[name]
        mattered = self.fields.get("mattered")
        if isinstance(mattered, forms.MultipleChoiceField):
            mattered.choices = list(effects)
        if not effects:
            self.fields.pop("mattered", None)
        label = _("Since when is it on hold?") if held else _("When did you stop?")
        self.fields["when"].label = label

    def outcome(self, *, for_good: bool) -> Outcome:
        return Outcome(
            effect=self.cleaned_data.get("effect") or "",
            dangerous=self.cleaned_data.get("dangerous") == "yes",
            for_good=for_good,
            dose_reached=self.cleaned_data.get("dose_reached") or "",
            weeks=self._weeks,
            mattered=self._mattered,
        )

    @property
    def _weeks(self) -> int | None:
        """Only what was changed here: what was proposed counts until the day named."""
        said = self.cleaned_data.get("weeks")
        return None if said == self.initial.get("weeks") else said

    @property
    def _mattered(self) -> tuple[str, ...] | None:
        if "mattered" not in self.fields:
            return None
        return tuple(self.cleaned_data.get("mattered") or ())


def _initial(
    proposed: Outcome, effects: Sequence[tuple[str, str]]
) -> dict[str, object]:
    every = tuple(pk for pk, _words in effects)
    return {
        "effect": proposed.effect,
        "dose_reached": proposed.dose_reached,
        "weeks": proposed.weeks,
        "mattered": every if proposed.mattered is None else proposed.mattered,
    }


class AgainForm(WhyForm):
    """Taking it again: when, and who decided."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("Since when do you take it again?")
        del self.fields["reason"]


class VersionForm(forms.Form):
    """The version that was on the page, for two tabs that save the same line."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
