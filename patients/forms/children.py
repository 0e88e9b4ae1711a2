"""A child's record: begun by a parent; its sign-in; and the state of any patient."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.forms import TOO_LONG, NameField, offer
from patients.actions.children import Child
from patients.forms.welcome import BirthDateField, years_between


def state_field(label: Any, *, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        required=False,
        error_messages={"invalid_choice": _("Choose a state from the list.")},
    )


def offer_states(form: forms.BaseForm) -> None:
    none = ("", _("Not one of these, or not said"))
    offer(form, "state", [none, *settings.JURISDICTION.state_choices])


class ChildForm(forms.Form):
    """Name, birth date, state; and that it is a parent who says so."""

    name = NameField(
        label=_("Your child’s full name"),
        help_text=_("As on their papers."),
        error_messages={"required": _("Enter your child’s full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = BirthDateField(
        label=_("Your child’s birth date"),
        error_messages={"required": _("Enter the birth date, like Feb 14, 2012.")},
    )
    state = state_field(
        _("The state your child lives in"),
        hint=_("It decides from which age some things are your child’s own."),
    )
    parent = forms.BooleanField(
        label=_("I am a parent or the legal guardian, and I may decide about care."),
        error_messages={"required": _("Only a parent or legal guardian can begin it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_states(self)
        self.fields["birth_date"].widget.attrs["autocomplete"] = "off"

    def clean_birth_date(self) -> date:
        born = self.cleaned_data["birth_date"]
        age = settings.JURISDICTION.age_of_majority
        if years_between(born, timezone.localdate()) >= age:
            raise ValidationError(
                _("This is for children. An adult starts their own record.")
            )
        return born

    @property
    def child(self) -> Child:
        cleaned = self.cleaned_data
        return Child(
            name=cleaned["name"],
            birth_date=cleaned["birth_date"],
            state=cleaned["state"],
        )


class OfferForm(forms.Form):
    """Where the link goes: an address that only the child reads."""

    email = forms.EmailField(
        label=_("Your child’s own e-mail address"),
        help_text=_("One that only your child reads. The link works once, for 3 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=TOO_LONG
        | {
            "required": _("Enter your child’s e-mail address."),
            "invalid": _("Enter an e-mail address, like name@example.org."),
        },
    )


class GiveForm(OfferForm):
    """The same for somebody of age; and that the officer knows who it is."""

    seen = forms.BooleanField(
        label=_("I have seen who they are, and they gave me this address."),
        error_messages={"required": _("See first who they are.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = _("The patient’s own e-mail address")
        email.error_messages["required"] = _("Enter the patient’s e-mail address.")
        email.help_text = _("One that only they read. The link works once, for 3 days.")


class TakeForm(forms.Form):
    birth_date = BirthDateField()


class StateForm(forms.Form):
    """Which state; said again with what it changes before it is kept."""

    state = state_field(_("The state you live in"))
    sure = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_states(self)
