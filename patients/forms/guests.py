"""What somebody with a code fills in: the code, a birth date, who they are."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.actions import Claim
from patients.forms.fields import NoteField, PlainCharField
from patients.forms.welcome import BirthDateField

LONGEST_NOTE = 500


class GuestForm(forms.Form):
    """One page. What is wrong with the code or the date is never said apart."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    code = PlainCharField(
        label=_("The code"),
        help_text=_("12 letters and numbers. Small letters and spaces do not matter."),
        max_length=40,
        error_messages={"required": _("Type the code that the patient gave you.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "w-medium",
            }
        ),
    )
    birth_date = BirthDateField(
        label=_("The patient's birth date"),
        error_messages={"required": _("Enter the patient's birth date.")},
    )
    name = PlainCharField(
        label=_("Your full name"),
        max_length=120,
        error_messages={"required": _("Enter your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organization = PlainCharField(
        label=_("Where you work"),
        help_text=_("Like: Mercy Hospital, emergency room."),
        max_length=120,
        error_messages={"required": _("Enter where you work.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    reason = PlainCharField(
        label=_("Why you need it"),
        help_text=_("One line. The patient reads it."),
        max_length=200,
        error_messages={"required": _("Write in one line why you need it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        # Somebody else's birth date: the browser has none to offer.
        self.fields["birth_date"].widget.attrs["autocomplete"] = "off"

    @property
    def claim(self) -> Claim:
        said = self.cleaned_data
        return Claim(said["name"], said["organization"], said["reason"])


class GuestNoteForm(forms.Form):
    """One short note back to the patient."""

    text = NoteField(
        label=_("A note to the patient"),
        help_text=_("Up to 500 letters. The patient decides who else reads it."),
        required=True,
        max_length=LONGEST_NOTE,
        error_messages={
            "required": _("Write the note first."),
            "max_length": _("Write 500 letters or fewer."),
        },
    )
