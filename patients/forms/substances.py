"""The questions about alcohol, cannabis and nicotine. Nobody is judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.actions.substances import Use
from patients.codes import Substance
from patients.forms.fields import PlainCharField, chips
from patients.models import SubstanceUse
from patients.safe_text import safe


class SubstanceForm(forms.Form):
    """What, how much, how often: as the person says it."""

    substance = chips(
        list(Substance.choices),
        label=_("What do you use?"),
        error_messages={"required": _("Choose what you use.")},
    )
    name = PlainCharField(
        label=_("Its name, if it is something else"), max_length=100, required=False
    )
    amount = PlainCharField(
        label=_("How much?"),
        help_text=_("Like 2 glasses of wine, or half a pack."),
        max_length=100,
        required=False,
    )
    often = PlainCharField(
        label=_("How often?"),
        help_text=_("Like every day, on weekends, or not for 2 years."),
        max_length=100,
        required=False,
    )

    def __init__(
        self, *args: Any, item: SubstanceUse | None = None, **kwargs: Any
    ) -> None:
        if item is not None:
            names = ("substance", "name", "amount", "often")
            kwargs["initial"] = {name: getattr(item, name) for name in names}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("substance") == Substance.OTHER and not cleaned.get("name"):
            self.add_error("name", _("Enter its name, or what you call it."))
        return cleaned

    def answer(self) -> Use:
        cleaned = self.cleaned_data
        texts = {
            key: safe(cleaned.get(key) or "") for key in ("name", "amount", "often")
        }
        return Use(substance=cleaned["substance"], **texts)
