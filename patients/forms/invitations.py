"""Forms of inviting: whom, as what, and what is planned to be shared."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import TOO_LONG, ChipColumn, chip_choices, offer
from consents.codes import CATEGORIES
from consents.presets import PRESETS, preset
from patients.actions.invitations import Invitee
from patients.forms.fields import NoteField, PlainCharField
from patients.invitation_words import INVITED_ROLES
from providers.codes import Relationship
from providers.models import Party
from providers.roles import ROLES

LATER = "later"
NOBODY = "nobody"
LONGEST_MESSAGE = 280


def share_choices(later: object, hint: object) -> list:
    """The presets with their full contents, and "later". None is selected."""
    rows = [
        (
            one.key,
            one.name,
            ", ".join(CATEGORIES.words(CATEGORIES.mask(*one.categories))),
        )
        for one in PRESETS
        if not one.is_own_choice
    ]
    return chip_choices([*rows, (LATER, later, hint)])


class Inviting(forms.Form):
    """What both directions ask. `form_key` makes a second click the same invitation."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    name = PlainCharField(
        label=_("Their name"),
        help_text=_("Only you see this."),
        max_length=200,
        error_messages={"required": _("Enter the name of the person.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("Leave it empty to show or hand over the invitation yourself."),
        required=False,
        max_length=254,
        error_messages=TOO_LONG
        | {"invalid": _("Enter an e-mail address, like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    message = NoteField(
        label=_("A few words to them (you can leave this out)"),
        help_text=_("Not private. Write nothing about health here."),
        rows=2,
        max_length=LONGEST_MESSAGE,
        error_messages={"max_length": _("Write 280 letters or fewer.")},
    )
    share = forms.ChoiceField(
        widget=ChipColumn,
        error_messages={"required": _("Choose one. Nothing is shared until you sign.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    @property
    def invitee(self) -> Invitee:
        clean = self.cleaned_data
        return Invitee(clean["name"], clean["address"], clean["message"])

    @property
    def categories(self) -> int:
        """The mask of the chosen preset; 0 for "later"."""
        key = self.cleaned_data["share"]
        return 0 if key == LATER else CATEGORIES.mask(*preset(key).categories)


class InviteForm(Inviting):
    """A patient invites a clinician, or someone close."""

    field_order = ["name", "role", "address", "message", "share"]  # noqa: RUF012
    role = forms.ChoiceField(
        label=_("What are they to you?"),
        choices=chip_choices(
            (code, ROLES[code].name, ROLES[code].description) for code in INVITED_ROLES
        ),
        widget=ChipColumn,
        error_messages={"required": _("Choose what they are to you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        share = self.fields["share"]
        share.label = _("What do you plan to share with them?")
        share.help_text = _(
            "They can read this plan. Nothing is shared until you sign it."
        )
        offer(self, "share", share_choices(_("I decide later"), ""))


class InvitePatientForm(Inviting):
    """A clinician invites a patient to start a record and to share with them."""

    field_order = ["name", "address", "message", "share"]  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        share = self.fields["share"]
        share.label = _("What do you ask them to share with you?")
        share.help_text = _("They can change it. Nothing is shared until they sign it.")
        offer(self, "share", share_choices(_("They decide alone"), ""))
        share.error_messages["required"] = _("Choose what you ask for.")


class ConfirmForm(forms.Form):
    """Asked when somebody has accepted: who they are to the patient, and on paper.

    Each only where there is something to ask.
    """

    relationship = forms.ChoiceField(
        label=_("Who are they to you?"),
        choices=[(one.value, one.label.capitalize()) for one in Relationship],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who they are to you.")},
    )
    on_paper = forms.ChoiceField(
        label=_("Do you have them on paper already?"),
        help_text=_("What you keep from that person is kept from them too."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, or “No”.")},
    )

    def __init__(
        self, *args: Any, related: bool, on_paper: list[Party], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        said = [(str(party.pk), party.name) for party in on_paper]
        offer(self, "on_paper", [*said, (NOBODY, _("No"))])
        for name, is_asked in (("relationship", related), ("on_paper", bool(said))):
            if not is_asked:
                del self.fields[name]

    @property
    def same_as(self) -> uuid.UUID | None:
        """Whom of those on paper it is."""
        said = self.cleaned_data.get("on_paper", NOBODY)
        return uuid.UUID(said) if said != NOBODY else None


class VoiceCodeForm(forms.Form):
    """The 6 digits that the patient gave by voice."""

    code = forms.RegexField(
        regex=r"^\d{6}$",
        label=_("The 6-digit code"),
        help_text=_("The patient has it, from when they invited you."),
        error_messages={
            "required": _("Enter the 6 digits."),
            "invalid": _("Enter the 6 digits, without letters."),
        },
        widget=forms.TextInput(
            attrs={
                "class": "w-short",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
            }
        ),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None:
            data = data.copy()
            data["code"] = "".join(data.get("code", "").replace("-", " ").split())
        super().__init__(data, **kwargs)
