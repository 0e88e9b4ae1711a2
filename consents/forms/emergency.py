"""Stating an emergency, answering about it when well, reviewing it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import ChipColumn, WordsField
from consents.codes import EmergencyKind, EmergencyOutcome


class StatementForm(forms.Form):
    """Two answers and no more: what kind, and what is happening."""

    kind = forms.ChoiceField(
        label=_("What kind of emergency is it?"),
        choices=EmergencyKind,
        widget=ChipColumn,
        error_messages={"required": _("Choose what kind of emergency it is.")},
    )
    reason = WordsField(
        label=_("What is happening, and why can you not ask the patient?"),
        hint=_("The patient and the privacy officer read this."),
        missing=_("Say what is happening, in a few words."),
        most=1000,
    )


class ChoiceForm(forms.Form):
    """The patient's answer when well. Nothing is preselected the first time."""

    allowed = forms.ChoiceField(
        label=_("May your care team open the emergency page without asking you?"),
        choices=[
            ("yes", _("Yes, in an emergency")),
            ("no", _("No, nobody may open it")),
        ],
        widget=ChipColumn,
        error_messages={"required": _("Choose yes or no.")},
    )

    def is_allowed(self) -> bool:
        return self.cleaned_data["allowed"] == "yes"


class ReviewForm(forms.Form):
    """The privacy officer's finding. The patient reads both answers."""

    outcome = forms.ChoiceField(
        label=_("What did you find?"),
        help_text=_("“Not allowed” also closes the page for this person."),
        choices=EmergencyOutcome,
        widget=ChipColumn,
        error_messages={
            "required": _("Choose what you found."),
            "invalid_choice": _("“In order” can be said once it is over."),
        },
    )
    words = WordsField(
        label=_("What you tell the patient"),
        hint=_("Plain words: what you checked, and what follows."),
        missing=_("Write what the patient should know."),
        most=1000,
        rows=4,
    )

    def __init__(self, data=None, *, goes_on: bool) -> None:
        """While it goes on, "In order" is no answer: nobody knows what will be read."""
        super().__init__(data)
        if goes_on:
            outcome = cast(forms.ChoiceField, self.fields["outcome"])
            in_order = EmergencyOutcome.IN_ORDER
            outcome.choices = [
                choice for choice in EmergencyOutcome.choices if choice[0] != in_order
            ]

    def values(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("outcome", "words")}


class LiftForm(forms.Form):
    """Why somebody may open the emergency page again. The patient reads it."""

    why = WordsField(
        label=_("Why may this person open it again?"),
        hint=_("The patient reads this."),
        missing=_("Write why this person may open it again."),
        most=1000,
        rows=4,
    )
