"""Forms of the care team page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import ChipColumn, chip_choices, offer
from patients import duties
from patients.actions.team import PaperPerson
from patients.forms.fields import PlainCharField
from patients.invitation_words import INVITED_ROLES
from providers.models import CareTeamParticipant
from providers.roles import ROLES

PATIENT_KEEPS = "patient"


class Duties(forms.Form):
    """What somebody looks after: five rows, and free words (S35)."""

    duties = forms.MultipleChoiceField(
        label=_("What do they look after?"),
        help_text=_("Each of these has one owner. The newest answer counts."),
        choices=list(duties.DUTIES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    other_duties = PlainCharField(
        label=_("What else?"),
        help_text=_("Like: therapy every week, thyroid."),
        max_length=300,
        required=False,
    )


class Numbers(forms.Form):
    """Numbers of somebody who is on paper only."""

    phone = PlainCharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "w-medium"}),
    )
    after_hours_phone = PlainCharField(
        label=_("After hours"),
        help_text=_("Whom to call at night and on weekends."),
        max_length=200,
        required=False,
    )


class PaperPersonForm(Duties, Numbers):
    """Somebody who helps and does not sign in here."""

    field_order = [  # noqa: RUF012
        "name",
        "role",
        "phone",
        "after_hours_phone",
        "duties",
        "other_duties",
    ]
    name = PlainCharField(
        label=_("Their name"),
        max_length=200,
        error_messages={"required": _("Enter the name of the person.")},
    )
    role = forms.ChoiceField(
        label=_("What are they to you?"),
        choices=chip_choices(
            (code, ROLES[code].name, ROLES[code].description) for code in INVITED_ROLES
        ),
        widget=ChipColumn,
        error_messages={"required": _("Choose what they are to you.")},
    )

    @property
    def person(self) -> PaperPerson:
        clean = dict(self.cleaned_data)
        return PaperPerson(**clean | {"duties": tuple(clean["duties"])})


class ListOwnerForm(forms.Form):
    """Who keeps the medicine list (S12)."""

    owner = forms.ChoiceField(
        label=_("Who keeps your medicine list?"),
        help_text=_("Who checks that it is right. Their name is printed on it."),
        widget=ChipColumn,
        error_messages={"required": _("Choose who keeps the list.")},
    )

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.team = {str(one.pk): one for one in team}
        people = [
            (key, one.party.name, one.role_in_words) for key, one in self.team.items()
        ]
        offer(
            self,
            "owner",
            chip_choices([(PATIENT_KEEPS, _("I keep it myself"), ""), *people]),
        )

    @property
    def party(self):
        """The party chosen; None for the patient."""
        chosen = self.team.get(self.cleaned_data["owner"])
        return chosen.party if chosen else None
