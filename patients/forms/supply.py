"""How much is left, and who refills it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.forms import PlainDateField
from patients.codes import MissedWhy
from patients.forms.fields import AmountField, PlainCharField, chips
from patients.forms.side_effects import KeyedForm

MOST = Decimal(5000)


class LeftField(AmountField):
    """An amount where 0 is an answer: nothing is left."""

    def to_python(self, value: Any) -> Any:
        if str(value or "").strip() == "0":
            return Decimal(0)
        return super().to_python(value)


class SupplyForm(KeyedForm):
    left = LeftField(
        label=_("How many are left?"),
        help_text=_(
            "Tablets, capsules or injections. For a liquid, the mL. 0 for none. "
            "Your team does not see this number."
        ),
        required=True,
        error_messages={"required": _("Enter how many are left, or 0.")},
    )
    counted_date = PlainDateField(label=_("When did you count?"), initial="today")
    refills_left = forms.IntegerField(
        label=_("How many refills are left on the prescription?"),
        help_text=_("It is on the label. You may leave it empty."),
        required=False,
        min_value=0,
        max_value=99,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Enter a number, like 0 or 3.")
        ),
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric"}),
    )
    refilled_by = PlainCharField(
        label=_("Who refills it?"),
        help_text=_(
            "Like Dr. Lee, or the pharmacy by itself. "
            "Who sees this medicine sees this too."
        ),
        max_length=100,
        required=False,
    )

    def clean_left(self) -> Decimal:
        left = self.cleaned_data["left"]
        if left > MOST:
            raise ValidationError(_now("That is a lot. Check the number."))
        return left

    def clean_counted_date(self) -> Any:
        day = self.cleaned_data["counted_date"]
        if day > timezone.localdate():
            raise ValidationError(_now("Enter a day that has been."))
        return day


class WhyForm(forms.Form):
    """Nobody has to say why."""

    why = chips(
        MissedWhy.choices,
        column=True,
        label=_("Do you want to say why?"),
        error_messages={"required": _("Choose a reason, or go back.")},
    )
