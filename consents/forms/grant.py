"""The four pages: who, what, why and how long, check and sign."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord import zones
from carecoord.fields import plain_text
from carecoord.forms import (
    TOO_LONG,
    ChipColumn,
    PlainDateField,
    WholeField,
    chip_choices,
    offer,
    offered,
)
from consents import presets, signing, windows
from consents.access.recipients import Recipient
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.drafts import Draft
from providers.codes import PartyKind


class WhoForm(forms.Form):
    """Page 1. One person or one organization."""

    recipient = forms.ChoiceField(
        label=_("Who do you want to share with?"),
        widget=ChipColumn,
        error_messages={
            "required": _("Choose who to share with."),
            "invalid_choice": _("Choose somebody from the list."),
        },
    )

    def __init__(self, *args: Any, people: list[Recipient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "recipient",
            chip_choices(
                (str(each.party.pk), f"{each.party.name}, {each.role}", each.hint)
                for each in people
            ),
        )


LABEL_WORDS = {
    "substance_use": (
        _("Substance use treatment"),
        _("Federal law gives these records extra protection."),
    ),
    "sexual_reproductive": (_("Sexual and reproductive health"), ""),
    "hiv": (_("HIV"), ""),
    "violence": (_("Violence or abuse lived through"), ""),
    "private": (_("What was marked as private"), ""),
}


def _preset_rows():
    for preset in presets.PRESETS:
        contents = ", ".join(CATEGORIES.words(CATEGORIES.mask(*preset.categories)))
        hint = preset.description + (f" It has: {contents}." if contents else "")
        yield preset.key, preset.name, hint


def kind_rows():
    for code in CATEGORIES:
        if code.name not in presets.ASKED_SEPARATELY_CATEGORIES:
            yield code.name, code.word, code.covers


def apart_rows():
    for name in presets.ASKED_SEPARATELY_CATEGORIES:
        code = CATEGORIES.by_name[name]
        yield name, code.word, code.covers
    for name in presets.ASKED_SEPARATELY_LABELS:
        words, hint = LABEL_WORDS[name]
        yield name, words, hint


class WhatForm(forms.Form):
    """Page 2. A list by name, or kinds one by one; sensitive topics each by name."""

    preset = forms.ChoiceField(
        label=_("What do you want to share?"),
        widget=ChipColumn,
        choices=lambda: chip_choices(_preset_rows()),
        error_messages={
            "required": _("Choose what to share."),
            "invalid_choice": _("Choose one of the lists."),
        },
    )
    kinds = forms.MultipleChoiceField(
        label=_("If you chose “Let me choose”: tick each kind"),
        help_text=_("Medicines are always shared together with allergies."),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: chip_choices(kind_rows()),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    apart = forms.MultipleChoiceField(
        label=_("These are never part of a list. Tick what you want to share too"),
        help_text=_("If you tick nothing here, none of it is shared."),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: chip_choices(apart_rows()),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        preset, kinds = cleaned.get("preset"), cleaned.get("kinds")
        if preset == presets.OWN_CHOICE.key:
            if not kinds and "substances" not in cleaned.get("apart", ()):
                self.add_error("kinds", _("Tick at least one kind of information."))
        # Ticks that stood there already are no answer: a list was chosen instead.
        elif preset and kinds and set(kinds) != set(self.initial.get("kinds", ())):
            self.add_error(
                "kinds",
                _(
                    "You chose a list and ticked kinds too. "
                    "Choose “Let me choose”, or untick."
                ),
            )
        return cleaned

    def answers(self) -> dict[str, Any]:
        """The masks of what was chosen: explicit, so nothing is added by silence."""
        chosen = presets.preset(self.cleaned_data["preset"])
        names = chosen.categories or self.cleaned_data["kinds"]
        apart = self.cleaned_data["apart"]
        extra = [name for name in presets.ASKED_SEPARATELY_CATEGORIES if name in apart]
        labels = [name for name in presets.ASKED_SEPARATELY_LABELS if name in apart]
        return {
            "preset": chosen.key,
            "categories": CATEGORIES.mask(*presets.with_partners([*names, *extra])),
            "labels": LABELS.mask(*labels),
        }

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """What the patient (or the request they answer) chose before."""
        if not draft.categories:
            return {}
        names = set(CATEGORIES.names(draft.categories))
        apart = names & set(presets.ASKED_SEPARATELY_CATEGORIES)
        listed = [
            each for each in presets.PRESETS if set(each.categories) == names - apart
        ]
        preset = listed[0] if listed else presets.OWN_CHOICE
        return {
            "preset": preset.key,
            "kinds": [] if listed else sorted(names - apart),
            "apart": [*sorted(apart), *LABELS.names(draft.labels)],
        }


PURPOSE_WORDS = {
    "TREAT": (
        _("Treatment"),
        _("They open the chart here and hear when it changes, to give or plan care."),
    ),
    "COC": (
        _("Care coordination"),
        _("They get updates from clinicians elsewhere. It opens no chart."),
    ),
    "FAMRQT": (_("Family support"), _("They help you from day to day.")),
}
PURPOSES_FOR = {
    PartyKind.RELATED_PERSON: ("FAMRQT",),
    PartyKind.PRACTITIONER: ("TREAT", "COC"),
    PartyKind.ORGANIZATION: ("TREAT", "COC"),
}


NOBODY_LEFT = _(
    "Only who you share with was named here, and nobody shares with themselves. "
    "Tick who may share. To allow anyone on the care team, begin a new permission."
)


class WhyForm(forms.Form):
    """Page 3. Why, how far back (if it matters), and until when. Never "forever"."""

    purposes = forms.MultipleChoiceField(
        label=_("Why do you share it?"),
        help_text=_("Tick each reason that is true."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one reason."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    disclosers = forms.MultipleChoiceField(
        label=_("Who may share what they wrote with them?"),
        help_text=_(
            "Tick names to allow only these. If you tick nobody, it is anyone on the "
            "care team. What you wrote yourself is shared either way."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    window = forms.ChoiceField(
        label=_("How far back, for updates, numbers and papers?"),
        help_text=_("What is added until the end date is shared too."),
        widget=ChipColumn,
        choices=[
            ("from_today", _("Only from today on")),
            ("last_12_months", _("The last 12 months, and from today on")),
            ("all", _("All of it, old and new")),
        ],
        error_messages={"required": _("Choose how far back to share.")},
    )
    ends = forms.ChoiceField(
        label=_("Until when?"),
        help_text=_("You can stop at any time before."),
        widget=ChipColumn,
        error_messages={"required": _("Choose when sharing ends.")},
    )
    ends_date = PlainDateField(
        label=_("The date, if you chose another date or an event"),
        required=False,
        help_text=_("Like Nov 3, 2026. For an event, the latest day that it may last."),
    )
    ends_event = WholeField(
        label=_("What happens, if you chose an event"),
        help_text=_("Like: I move to another clinic."),
        required=False,
        max_length=200,
        validators=[plain_text],
        error_messages={"max_length": _("Write at most 200 characters.")},
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        asks_window: bool,
        team: list[Recipient],
        at: datetime,
        zone: str,
        since: str = "",
        named: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.zone, self.today = at, zone, zones.today(at, zone)
        self.lost_names = bool(named) and not {*named} & {str(x.party.pk) for x in team}
        offer(
            self,
            "purposes",
            chip_choices(
                (code, *PURPOSE_WORDS[code]) for code in PURPOSES_FOR[PartyKind(kind)]
            ),
        )
        offer(self, "ends", chip_choices(self._ends()))
        names = [(str(x.party.pk), f"{x.party.name}, {x.role}") for x in team]
        offer(self, "disclosers", names)
        if not team:
            del self.fields["disclosers"]
        if since:
            self._offer_since(date.fromisoformat(since))
        if not asks_window:
            del self.fields["window"]

    def _offer_since(self, day: date) -> None:
        """The day that a file from elsewhere names, beside the usual answers."""
        words = _("From %s on, as in the file") % zones.day_words(day)
        usual = offered(WhyForm, "window")
        offer(self, "window", [(windows.SINCE, words), *usual])

    def _ends(self):
        for key, months in windows.MONTHS.items():
            until = zones.day_words(zones.months_after(self.today, months))
            yield key, _("%d months") % months, _("Until %s.") % until
        yield "date", _("Another date"), _("Write it below.")
        yield "event", _("When something happens"), _("With a latest date, below.")

    def _clean_fields(self) -> None:
        # "Today" is today where the patient lives.
        with timezone.override(self.zone):
            super()._clean_fields()  # type: ignore[misc]  # Django's own

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        ends = cleaned.get("ends")
        if ends in ("date", "event") and "ends_date" not in self.errors:
            self._check_date(cleaned.get("ends_date"))
        if ends == "event" and not cleaned.get("ends_event"):
            self.add_error("ends_event", _("Write what happens when sharing ends."))
        # Only these, before, and none of them is there: it does not become anyone.
        if self.lost_names and not cleaned.get("disclosers"):
            self.add_error(None, NOBODY_LEFT)
        return cleaned

    def _check_date(self, day: date | None) -> None:
        latest = windows.latest_day(self.at, self.zone)
        if day is None:
            self.add_error("ends_date", _("Enter a date, like Nov 3, 2026."))
        elif day <= self.today:
            self.add_error("ends_date", _("Enter a date after today."))
        elif day > latest:
            said = _("Enter a date up to %s. You can share again then.")
            self.add_error("ends_date", said % zones.day_words(latest))

    def answers(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        ends, event = cleaned["ends"], cleaned["ends"] == "event"
        return {
            "purposes": PURPOSES.mask(*cleaned["purposes"]),
            "window": cleaned.get("window", ""),
            "ends": ends,
            "ends_date": cleaned["ends_date"].isoformat()
            if event or ends == "date"
            else "",
            "ends_event": cleaned["ends_event"] if event else "",
            "disclosers": ",".join(cleaned.get("disclosers", ())),
        }

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        day = date.fromisoformat(draft.ends_date) if draft.ends_date else None
        return {
            "purposes": PURPOSES.names(draft.purposes),
            "window": draft.window,
            "ends": draft.ends,
            "ends_date": day,
            "ends_event": draft.ends_event,
            "disclosers": draft.named,
        }


class WindowForm(forms.Form):
    """One question, when a change adds the first kind that has dates."""

    window = forms.ChoiceField(
        label=_("How far back, for updates, numbers and papers?"),
        help_text=_("What is added until the end date is shared too."),
        widget=ChipColumn,
        choices=offered(WhyForm, "window"),
        error_messages={"required": _("Choose how far back to share.")},
    )


class SignForm(forms.Form):
    """Page 4. The typed name is the signature; one tick, and nothing else."""

    signed_name = forms.CharField(
        label=_("Your full name"),
        max_length=200,
        error_messages=TOO_LONG | {"required": _("Type your full name to sign.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        validators=[plain_text],
    )
    agree = forms.BooleanField(
        label=_("I agree to share this"),
        error_messages={"required": _("Tick the box if you agree to share this.")},
    )

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("You signed in a while ago. This shows that it is still you."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password to sign.")},
    )

    def __init__(
        self, *args: Any, account_name: str, fresh: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.account_name = account_name
        if fresh:
            del self.fields["password"]

    def clean_password(self) -> str:
        # Checked on the way here, outside of every transaction (views.proving): the
        # field is still asked for, so what was typed was not the password.
        raise ValidationError(_("This is not your password. Try again."))

    def clean_signed_name(self) -> str:
        typed = " ".join(self.cleaned_data["signed_name"].split())
        if not signing.same_name(typed, self.account_name):
            raise ValidationError(
                _("Type your name as on your account: %s") % self.account_name
            )
        return typed
