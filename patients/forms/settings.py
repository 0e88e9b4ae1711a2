"""Forms of the settings page."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord import context_processors, zones
from carecoord.forms import ChipColumn, NameField, Words, offer
from carecoord.models import MailWhen
from patients.actions.people import ContactCard, Own
from patients.forms.welcome import ContactCardForm

HOURS = ("mail_from", "mail_until")
DAY = range(24)
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


def hour_choices() -> list[tuple[int | str, Words]]:
    """The hours of the day, as they are said."""
    hours = [(hour, zones.clock_words(datetime.min.replace(hour=hour))) for hour in DAY]
    return [("", _("Choose")), *hours]


class HourField(forms.TypedChoiceField):
    def __init__(self, *, label: Words) -> None:
        super().__init__(
            label=label,
            required=False,
            choices=hour_choices,
            coerce=int,
            empty_value=None,
            error_messages={"invalid_choice": _("Choose from the list.")},
        )


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
    mail_when = forms.ChoiceField(
        label=_("When may we e-mail you?"),
        help_text=_(
            "For a phone or a home that you share. News waits here for you at once, "
            "whatever you choose, also when somebody opens your emergency page. "
            "A link that you ask for comes at any time."
        ),
        choices=MailWhen,
        widget=ChipColumn,
        error_messages={
            "required": _("Choose when we may e-mail you."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    mail_from = HourField(label=_("From"))
    mail_until = HourField(label=_("Until"))
    quick_exit = forms.BooleanField(
        label=_("Quick exit: show the button to leave"),
        required=False,
    )

    def __init__(self, *args: Any, can_do_without: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_do_without:
            kinds = [one for one in MailWhen.choices if one[0] != MailWhen.LEAST]
            offer(self, "mail_when", kinds)
        self.fields["quick_exit"].help_text = _(
            "A button at the top of every page signs you out and opens %(page)s. "
            "Pressing Shift three times does the same. "
            "It does not erase the history of your browser: others can see there that "
            "you were here. Whoever sees the button may ask about it."
        ) % {"page": context_processors.place().elsewhere.name}

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("mail_when") != MailWhen.HOURS:
            cleaned["mail_from"] = cleaned["mail_until"] = None
            return cleaned
        for name in HOURS:
            if name in cleaned and cleaned[name] is None:
                self.add_error(name, _("Choose an hour."))
        if None is not cleaned.get("mail_from") == cleaned.get("mail_until"):
            self.add_error("mail_until", _("Choose another hour than the first."))
        return cleaned

    @property
    def own(self) -> Own:
        chosen = dict(self.cleaned_data)
        chosen.pop("name", None)
        return Own(**chosen)


class NamedForm(OwnForm):
    """For clinicians and family, whose name is not part of a record."""

    field_order = ["name", *OwnForm.base_fields]  # noqa: RUF012
    name = NameField(
        label=_("Your full name"),
        help_text=_("Patients and their teams see this name."),
        error_messages={"required": _("Enter your full name.")},
    )


class CardForm(ContactCardForm):
    """The contact card, as patients and colleagues read it."""

    @property
    def card(self) -> ContactCard:
        return ContactCard(**self.cleaned_data)
