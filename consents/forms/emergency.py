"""Stating an emergency, answering about it when well, reviewing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.fields import plain_text
from carecoord.forms import ChipColumn
from consents.codes import EmergencyKind, EmergencyOutcome


class StatementForm(forms.Form):
    """Two answers and no more: what kind, and what is happening."""

    kind = forms.ChoiceField(
        label=_("What kind of emergency is it?"),
        choices=EmergencyKind,
        widget=ChipColumn,
        error_messages={"required": _("Choose what kind of emergency it is.")},
    )
    reason = forms.CharField(
        label=_("What is happening, and why can you not ask the patient?"),
        help_text=_("The patient and the privacy officer read this."),
        max_length=1000,
        validators=[plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say what is happening, in a few words."),
            "max_length": _("Write at most 1,000 characters."),
        },
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
        error_messages={"required": _("Choose what you found.")},
    )
    words = forms.CharField(
        label=_("What you tell the patient"),
        help_text=_("Plain words: what you checked, and what follows."),
        max_length=1000,
        validators=[plain_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what the patient should know.")},
    )

    def values(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("outcome", "words")}


class LiftForm(forms.Form):
    """Why somebody may open the emergency page again. The patient reads it."""

    why = forms.CharField(
        label=_("Why may this person open it again?"),
        help_text=_("The patient reads this."),
        max_length=1000,
        validators=[plain_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write why this person may open it again."),
            "max_length": _("Write at most 1,000 characters."),
        },
    )
