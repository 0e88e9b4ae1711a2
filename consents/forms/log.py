"""Which days of the log to show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from carecoord.forms import PlainDateField
from consents.access.window import Window


class WindowForm(forms.Form):
    """Two days, each of which may be left out. Sent as part of the address."""

    first = PlainDateField(label=_("First day"), required=False)
    last = PlainDateField(label=_("Last day"), required=False, help_text="")

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            raise ValidationError(_("The last day is before the first day."))
        return cleaned

    def window(self) -> Window:
        """The days as typed; all of them where something was wrong."""
        if not self.is_valid():
            return Window()
        return Window(self.cleaned_data["first"], self.cleaned_data["last"])

    def query(self) -> dict[str, str]:
        """The same days for the address of the next page."""
        days = vars(self.window())
        return {name: day.isoformat() for name, day in days.items() if day}
