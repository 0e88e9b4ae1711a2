"""The questions about an allergy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.actions.allergies import Reaction
from patients.codes import Criticality
from patients.forms.fields import PlainCharField, chips
from patients.models import AllergyIntolerance
from patients.safe_text import safe

EARLIEST_YEAR = 1900


class AllergyForm(forms.Form):
    """To what, what happened, when, and how bad."""

    substance = PlainCharField(
        label=_("What are you allergic to?"),
        help_text=_("A medicine, food, or something else. Like sulfa antibiotics."),
        max_length=200,
        error_messages={"required": _("Enter what you are allergic to.")},
    )
    reaction = PlainCharField(
        label=_("What happened?"),
        help_text=_("Like hives, or could not breathe."),
        max_length=300,
        required=False,
    )
    criticality = chips(
        [(value, label) for value, label in Criticality.choices],
        label=_("How bad was it?"),
        error_messages={"required": _("Choose how bad it was, or not sure.")},
    )
    year = forms.IntegerField(
        label=_("In which year, if you know?"),
        required=False,
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric"}),
        error_messages={"invalid": _("Enter the year as 4 digits, like 2019.")},
    )

    def __init__(
        self, *args: Any, item: AllergyIntolerance | None = None, **kwargs: Any
    ) -> None:
        if item is not None:
            names = ("substance", "reaction", "criticality", "year")
            kwargs["initial"] = {name: getattr(item, name) for name in names}
        super().__init__(*args, **kwargs)

    def clean_year(self) -> int | None:
        year = self.cleaned_data.get("year")
        if year is not None and not EARLIEST_YEAR <= year <= timezone.localdate().year:
            raise forms.ValidationError(_("Enter a year up to now, like 2019."))
        return year

    def answer(self) -> Reaction:
        cleaned = self.cleaned_data
        return Reaction(
            substance=safe(" ".join(cleaned["substance"].split())),
            reaction=safe(cleaned.get("reaction") or ""),
            year=cleaned.get("year"),
            criticality=cleaned["criticality"],
        )
