"""Why a flag may stand."""

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
