"""What a clinician says to the list: why a flag may stand, and that it was reviewed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.forms.fields import NoteField


class SetAsideForm(forms.Form):
    reason = NoteField(
        label=_("Why may they go together?"),
        help_text=_("Like: levels are checked every month."),
        max_length=500,
        required=True,
        error_messages={
            "required": _("Enter why, so that the team and the patient can read it."),
            "max_length": _("Use at most 500 letters."),
        },
    )


class ReviewForm(forms.Form):
    """ "I reviewed this list with the patient", and how many differences there were."""

    differences = forms.IntegerField(
        label=_("How many differences did you note?"),
        help_text=_("Write an entry for each, so that the patient can answer it."),
        min_value=0,
        max_value=99,
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many, or 0."),
            "invalid": _("Enter a whole number, like 0 or 2."),
            "min_value": _("Enter 0 or more."),
            "max_value": _("Enter 99 or fewer."),
        },
    )
