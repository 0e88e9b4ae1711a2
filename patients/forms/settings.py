"""Forms of the settings page."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord import context_processors
from carecoord.forms import Words
from patients.actions.people import ContactCard
from patients.forms.fields import PlainCharField
from patients.forms.welcome import ContactCardForm

COMMON_ZONES = (
    ("America/New_York", _("Eastern: New York")),
    ("America/Chicago", _("Central: Chicago")),
    ("America/Denver", _("Mountain: Denver")),
    ("America/Phoenix", _("Mountain without summer time: Phoenix")),
    ("America/Los_Angeles", _("Pacific: Los Angeles")),
    ("America/Anchorage", _("Alaska: Anchorage")),
    ("Pacific/Honolulu", _("Hawaii: Honolulu")),
    ("America/Puerto_Rico", _("Atlantic: Puerto Rico")),
)


def zone_choices() -> list[tuple[Words, Any]]:
    """The zones of the United States by name, then every other place of the world."""
    common = [name for name, _words in COMMON_ZONES]
    others = [
        (name, name.replace("_", " "))
        for name in sorted(zoneinfo.available_timezones())
        if "/" in name
        and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
        and name not in common
    ]
    return [
        (_("United States"), list(COMMON_ZONES)),
        (_("Other places"), others),
    ]


class OwnForm(forms.Form):
    """Zone, messages and the way out: everybody's."""

    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=zone_choices,
        error_messages={
            "required": _("Choose your time zone."),
            "invalid_choice": _("Choose a time zone from the list."),
        },
    )
    discreet = forms.BooleanField(
        label=_("Discreet messages: no first name in e-mails"),
        help_text=_("E-mails never say anything about health or who wrote."),
        required=False,
    )
    quick_exit = forms.BooleanField(
        label=_("Quick exit: show the button to leave"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quick_exit"].help_text = _(
            "A button at the top of every page signs you out and opens %(page)s. "
            "Pressing Shift three times does the same. "
            "It does not erase the history of your browser: others can see there that "
            "you were here. Whoever sees the button may ask about it."
        ) % {"page": context_processors.place().elsewhere.name}


class NamedForm(OwnForm):
    """For clinicians and family, whose name is not part of a record."""

    field_order = ["name", "time_zone", "discreet", "quick_exit"]  # noqa: RUF012
    name = PlainCharField(
        label=_("Your full name"),
        help_text=_("Patients and their teams see this name."),
        max_length=200,
        error_messages={"required": _("Enter your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class CardForm(ContactCardForm):
    """The contact card, as patients and colleagues read it."""

    @property
    def card(self) -> ContactCard:
        return ContactCard(**self.cleaned_data)
