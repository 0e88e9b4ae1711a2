"""The questions about a result. What looks like a slip is asked about, never changed.

No range stands here: what is usual is typed from the report, for that report.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.forms import PlainDateField, offer
from patients.actions.results import Result
from patients.dosage import AmountError, number_text, parse_amount
from patients.forms.fields import NoteField, PlainCharField, chips
from patients.forms.side_effects import KeyedForm
from patients.monitoring import Test
from patients.safe_text import safe
from providers.models import CareTeamParticipant, Party

OTHER = "other"
USUAL = "usual"
PAIR = re.compile(r"(\d{2,3}) ?/ ?(\d{2,3})")
SIGNED = re.compile(r"(<|>|below|above|less than|more than) ?(.+)", re.I)
# In words: a sign before a number is read as one of its figures (ISMP).
SIGNS = {"<": _("below"), "less than": _("below"), ">": _("above")}
SIGNS |= {"below": _("below"), "above": _("above"), "more than": _("above")}
FIGURE = re.compile(r"\d")
OLDEST = timedelta(days=366 * 60)
TOO_LONG = _("Use at most %(limit_value)d letters here.")


def _text(label: Any, longest: int, **kwargs: Any) -> PlainCharField:
    return PlainCharField(
        label=label,
        max_length=longest,
        required=False,
        error_messages={"max_length": TOO_LONG},
        **kwargs,
    )


class ResultForm(KeyedForm):
    """The number with its unit, the day, who ordered it, and where it was done."""

    name = _text(_("Which test was it?"), 100)
    value = _text(
        _("What is the result?"),
        30,
        help_text=_("As on the report, without the unit. Like 0.8, 120 or below 0.1."),
        widget=forms.TextInput(attrs={"class": "w-short", "autocomplete": "off"}),
    )
    unit = chips([], label=_("In which unit?"), required=False)
    other_unit = _text(_("Another unit"), 30)
    words = NoteField(
        label=_("What does the report say?"),
        help_text=_(
            "Empty if a number says it. Without the number: what were you told?"
        ),
        max_length=240,
        rows=2,
        error_messages={"max_length": TOO_LONG},
    )
    sure = forms.BooleanField(
        label=_("It stands so on the report"),
        required=False,
        widget=forms.HiddenInput,
    )
    done_date = PlainDateField(
        label=_("When was it done?"),
        error_messages={"required": _("Enter the day of the test.")},
    )
    usual = _text(
        _("What does the report call usual?"),
        40,
        help_text=_("Like 0.6 to 1.0. You may leave it empty."),
    )
    ordered_by = _text(
        _("Who ordered it?"), 100, help_text=_("So that nobody orders it again.")
    )
    place = _text(_("Where was it done?"), 100)

    def __init__(self, *args: Any, test: Test | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.test = test
        if test is not None:
            del self.fields["name"]
        if test is not None and test.units:
            units = [(unit, unit) for unit in test.units]
            self.fields["unit"] = chips(
                [*units, (OTHER, _("Another unit"))],
                label=_("In which unit?"),
                required=False,
            )
        else:
            del self.fields["unit"]
            self.fields["other_unit"].label = _("In which unit?")
        if test is not None and test.words:
            for name in ("value", "other_unit", "usual"):
                del self.fields[name]
        if test is not None and test.pair:
            self.fields["value"].help_text = _("Like 120/80.")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError(_now("Enter the name of the test."))
        return name

    def clean_value(self) -> str:
        typed = self.cleaned_data["value"]
        if not typed:
            return ""
        if self.test is not None and self.test.pair:
            return _pair(typed)
        return _number(typed)

    def clean_done_date(self) -> Any:
        day = self.cleaned_data["done_date"]
        today = timezone.localdate()
        if day > today:
            raise ValidationError(_now("Enter a day that has been."))
        if day < today - OLDEST:
            raise ValidationError(_now("Enter a day of the last 60 years."))
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors:
            self._something_said(cleaned)
        if not self.errors and cleaned.get("value"):
            self._unit_said(cleaned)
            self._no_slip(cleaned)
        return cleaned

    def _something_said(self, cleaned: dict[str, Any]) -> None:
        has_number = self.test is not None and not self.test.words
        said = cleaned.get("words") or ""
        if cleaned.get("value"):
            return
        if has_number and FIGURE.search(said):
            # In a sentence it would have no unit, and no slip would be seen.
            self.add_error("value", _now("Enter the number here, with its unit below."))
        elif has_number and not said:
            text = _now(
                "Enter the number on the report. If you do not have it, say below "
                "what you were told."
            )
            self.add_error("value", text)
        elif not said:
            self.add_error("words", _now("Enter the result, in numbers or in words."))

    def _unit_said(self, cleaned: dict[str, Any]) -> None:
        if not self.said_unit(cleaned):
            name = (
                "unit"
                if cleaned.get("unit") != OTHER and "unit" in self.fields
                else ("other_unit")
            )
            self.add_error(name, _now("Choose the unit on the report."))

    def said_unit(self, cleaned: dict[str, Any]) -> str:
        if cleaned.get("unit") in ("", None, OTHER):
            return " ".join((cleaned.get("other_unit") or "").split())
        return cleaned["unit"]

    def _no_slip(self, cleaned: dict[str, Any]) -> None:
        """Asked once: a point in the wrong place, or the other unit."""
        sentence = slip_of(self.test, cleaned["value"], self.said_unit(cleaned))
        if not sentence:
            return
        self.fields["sure"].widget = forms.CheckboxInput()
        if not cleaned.get("sure"):
            self.add_error("value", sentence)

    def result(self) -> Result:
        """What to save. Only after is_valid()."""
        cleaned = self.cleaned_data
        value = cleaned.get("value", "")
        return Result(
            test=self.test.key if self.test else "",
            name=self.test.name if self.test else safe(cleaned["name"]),
            done_date=cleaned["done_date"],
            value=value,
            unit=self.said_unit(cleaned) if value else "",
            words=safe(cleaned.get("words") or ""),
            usual=cleaned.get("usual", ""),
            ordered_by=cleaned["ordered_by"],
            place=cleaned["place"],
        )


class TestOwnerForm(forms.Form):
    """Nothing is chosen before somebody chose: the default is one of the answers."""

    __test__ = False  # not a case of the test suite

    owner = chips(
        [],
        column=True,
        label=_("Who looks after it?"),
        error_messages={"required": _("Choose who looks after it.")},
    )

    def __init__(
        self,
        *args: Any,
        team: list[CareTeamParticipant],
        chosen: Party | None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"owner": str(chosen.pk)} if chosen else {}
        super().__init__(*args, **kwargs)
        self.parties = {str(member.party_id): member.party for member in team}
        named = [(key, party.name) for key, party in self.parties.items()]
        usual = _now("As usual: whoever prescribes, or looks after labs")
        offer(self, "owner", [*named, (USUAL, usual)])

    def chosen(self) -> Party | None:
        """The one chosen, or nobody for the usual."""
        return self.parties.get(self.cleaned_data["owner"])


def _pair(typed: str) -> str:
    match = PAIR.fullmatch(typed)
    if match is None or int(match[1]) <= int(match[2]):
        raise ValidationError(_now("Enter both numbers, like 120/80."))
    return f"{match[1]}/{match[2]}"


def _number(typed: str) -> str:
    """As ISMP writes it: 0.8, never .8 or 0.80. Raises ValidationError."""
    signed = SIGNED.fullmatch(typed)
    sign = f"{SIGNS[signed[1].lower()]} " if signed else ""
    text = signed[2] if signed else typed
    try:
        return f"{sign}{number_text(parse_amount(text))}"
    except AmountError as error:
        raise ValidationError(str(error)) from error


def slip_of(test: Test | None, value: str, unit: str) -> str:
    """A question where no person could mean it; empty otherwise, or if not known."""
    bounds = (test.slip or {}).get(unit) if test else None
    numbers = [
        Decimal(part) for part in re.findall(r"\d+(?:\.\d+)?", value.replace(",", ""))
    ]
    if bounds is None or not numbers:
        return ""
    low, high = (Decimal(str(bound)) for bound in bounds)
    if all(low <= one <= high for one in numbers):
        return ""
    said = {"value": f"{value} {unit}"}
    meant = [one for one in (numbers[0] / 10, numbers[0] * 10) if low <= one <= high]
    if len(numbers) == 1 and meant:
        said["meant"] = number_text(meant[0])
        return (
            _now(
                "You entered %(value)s. Did you mean %(meant)s? Check the report, or "
                "tick that it stands so."
            )
            % said
        )
    return (
        _now(
            "You entered %(value)s. Check the number and the unit, or tick that it "
            "stands so."
        )
        % said
    )
