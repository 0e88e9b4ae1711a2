"""The questions about one medicine, a page each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.forms import Option, PlainDateField
from consents.codes import LABELS
from patients import medicine_names
from patients.actions.medicines import Details, Keep, Outcome, Why
from patients.codes import ChangeReason, DatePrecision, DecidedBy, MedicineKind
from patients.forms.fields import (
    ApproximateDateField,
    NoteField,
    PlainCharField,
    When,
    chips,
)
from patients.models import MedicationStatement
from patients.safe_text import safe
from providers.models import CareTeamParticipant, Party

SCHEDULES = [
    ("daily", Option(_("Every day"), _("Morning, noon, evening or bedtime."))),
    ("as_needed", Option(_("Only when needed"), _("Like for sleep, panic or pain."))),
    (
        "interval",
        Option(
            _("Every few days, weeks or months"), _("Like an injection or a patch.")
        ),
    ),
    (
        "steps",
        Option(_("A step plan"), _("The amount goes up or down on set days.")),
    ),
    ("other", Option(_("Another way"), _("You can write it in your own words."))),
]
REASONS = [
    ("mood", _("Mood")),
    ("anxiety", _("Anxiety or panic")),
    ("sleep", _("Sleep")),
    ("attention", _("Attention")),
    ("voices or visions", _("Voices or visions")),
    ("pain", _("Pain")),
    ("blood pressure", _("Blood pressure")),
]
OTHER_PRESCRIBER, OWN_OTC, OWN_SUPPLEMENT, UNSURE = (
    "other",
    "otc",
    "supplement",
    "unsure",
)


class NameForm(forms.Form):
    """Page 1: what is it called, and how is it taken."""

    name = PlainCharField(
        label=_("What is the medicine called?"),
        help_text=_("The name on the label, or what you call it."),
        max_length=200,
        error_messages={
            "required": _("Enter the name on the label, or what you call it."),
            "max_length": _("Use at most 200 letters for the name."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    schedule = chips(
        SCHEDULES,
        column=True,
        label=_("When do you take it?"),
        error_messages={"required": _("Choose when you take it.")},
    )

    @staticmethod
    def tidy(name: str) -> str:
        """The name in safe form, with single spaces."""
        return " ".join(safe(name).split())

    def clean_name(self) -> str:
        return self.tidy(self.cleaned_data["name"])


class ScheduleForm(forms.Form):
    """Another schedule for a line that is on the list."""

    schedule = chips(
        SCHEDULES,
        column=True,
        label=_("When do you take it now?"),
        error_messages={"required": _("Choose when you take it.")},
    )


class WhichForm(forms.Form):
    """The guard against names that look alike: which of them is on the label?"""

    which = chips(
        [],
        label=_("Which one is on your label?"),
        help_text=_("These names look alike. Check the letters."),
        error_messages={"required": _("Choose the name that is on your label.")},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        others = medicine_names.look_alikes(name)
        names = [medicine_names.tall_man(name), *others] if others else []
        self.fields["which"].choices = [(one, _with_use(one)) for one in names]
        if not names:
            del self.fields["which"]

    @property
    def chosen(self) -> str:
        """The name as it will stand on the list."""
        which = self.cleaned_data.get("which")
        typed = medicine_names.tall_man(self.name)
        if not which or which == typed:
            return self.name
        return medicine_names.plain_name(which)


def _with_use(name: str) -> Option:
    return Option(name, medicine_names.used_for(name))


class AboutForm(forms.Form):
    """Page 3: what for, from whom, since when. All of it can be left out."""

    reason_chip = chips(
        [*REASONS],
        label=_("What is it for?"),
        required=False,
    )
    reason = PlainCharField(
        label=_("Or in your own words"), max_length=200, required=False
    )
    source = chips([], column=True, label=_("Who prescribed it?"), required=False)
    prescriber_name = PlainCharField(
        label=_("If it was someone else: their name"), max_length=200, required=False
    )
    started = ApproximateDateField(label=_("When did you start?"))

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(member.party_id): member.party for member in team}
        self.fields["source"].choices = [
            *((key, party.name) for key, party in self.parties.items()),
            (OTHER_PRESCRIBER, _("Someone else")),
            (OWN_OTC, _("I bought it without a prescription")),
            (OWN_SUPPLEMENT, _("It is a vitamin, supplement or herbal")),
            (UNSURE, _("Not sure")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("prescriber_name") and not cleaned.get("source"):
            cleaned["source"] = OTHER_PRESCRIBER
        return cleaned

    def details(self, name: str, *, brand: str = "") -> Details:
        """The answers, as the action takes them."""
        cleaned = self.cleaned_data
        source = cleaned.get("source") or ""
        started: When = cleaned["started"]
        return Details(
            name=name,
            brand=brand,
            kind=_kind(source),
            reason=safe(cleaned.get("reason") or cleaned.get("reason_chip") or ""),
            prescriber=self.parties.get(source),
            prescriber_name=_typed_name(source, cleaned),
            started_date=started.day,
            started_precision=started.precision,
        )

    @property
    def source_words(self) -> str:
        """What the person said about who prescribed it."""
        source = self.cleaned_data.get("source") or ""
        if source == OTHER_PRESCRIBER and self.cleaned_data.get("prescriber_name"):
            return self.cleaned_data["prescriber_name"]
        return str(dict(self.fields["source"].choices).get(source, ""))


def _typed_name(source: str, cleaned: dict[str, Any]) -> str:
    return cleaned.get("prescriber_name") or "" if source == OTHER_PRESCRIBER else ""


def _kind(source: str) -> str:
    own = {
        OWN_OTC: MedicineKind.OVER_THE_COUNTER,
        OWN_SUPPLEMENT: MedicineKind.SUPPLEMENT,
    }
    return own.get(source, MedicineKind.PRESCRIPTION)


class DetailsForm(AboutForm):
    """Puts the name and the rest of a line right; the dose has its own page."""

    name = NameForm.base_fields["name"]
    brand = PlainCharField(label=_("Brand name"), max_length=100, required=False)
    field_order = ("name", "brand")

    def __init__(
        self, *args: Any, item: MedicationStatement | None = None, **kwargs: Any
    ) -> None:
        if item is not None:
            kwargs.setdefault("initial", _details_of(item))
        super().__init__(*args, **kwargs)
        del self.fields["reason_chip"]
        self.fields["reason"].label = _("What is it for?")

    def to_details(self) -> Details:
        cleaned = self.cleaned_data
        return self.details(safe(cleaned["name"]), brand=safe(cleaned["brand"] or ""))


def _details_of(item: MedicationStatement) -> dict[str, Any]:
    source = str(item.prescriber_id or "")
    if not source and item.prescriber_name:
        source = OTHER_PRESCRIBER
    if item.kind in (MedicineKind.OVER_THE_COUNTER, MedicineKind.SUPPLEMENT):
        source = item.kind
    return {
        "name": item.name,
        "brand": item.brand,
        "reason": item.reason,
        "source": source,
        "prescriber_name": item.prescriber_name,
        "started": When(item.started_date, item.started_precision),
    }


class LabelForm(forms.Form):
    """Asked only when the name of the medicine tells something private by itself."""

    mark = chips(
        [("yes", _("Yes, mark it")), ("no", _("No, do not mark it"))],
        label=_("Should we mark it?"),
        error_messages={"required": _("Choose if we should mark it.")},
    )


class KeepForm(forms.Form):
    """ "Only me", or "not for this person": nothing is ticked."""

    keep = forms.MultipleChoiceField(
        label=_("Who should not see it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties: dict[str, Party] = {
            str(member.party_id): member.party for member in team
        }
        named = [
            (key, _now("Not for %(name)s") % {"name": party.name})
            for key, party in self.parties.items()
        ]
        self.fields["keep"].choices = [("me", _("Only me: nobody else")), *named]

    def chosen(self) -> Keep:
        keys = self.cleaned_data.get("keep") or []
        return Keep(
            only_me="me" in keys,
            from_parties=tuple(self.parties[key] for key in keys if key != "me"),
        )


class PrivacyForm(KeepForm):
    """The labels and the refusals of one medicine as they stand, to be changed."""

    mark = forms.MultipleChoiceField(
        label=_("Mark it as private about"),
        help_text=_("Only people you share that kind with can see it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=LABELS.choices(),
    )

    def __init__(
        self, *args: Any, item: MedicationStatement, denies: list, **kwargs: Any
    ) -> None:
        kept = [
            "me" if deny.party_id is None else str(deny.party_id) for deny in denies
        ]
        marks = LABELS.names(item.labels)
        kwargs.setdefault("initial", {"keep": kept, "mark": marks})
        super().__init__(*args, **kwargs)

    def labels(self) -> int:
        return LABELS.mask(*self.cleaned_data["mark"])


class OwnerForm(forms.Form):
    """Who keeps the list (S12)."""

    owner = chips(
        [],
        column=True,
        label=_("Who keeps it?"),
        error_messages={"required": _("Choose who keeps the list.")},
    )

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(member.party_id): member.party for member in team}
        named = [(key, party.name) for key, party in self.parties.items()]
        self.fields["owner"].choices = [("me", _("I keep it myself")), *named]

    def chosen(self) -> Party | None:
        """The party, or nobody for the patient themselves."""
        return self.parties.get(self.cleaned_data["owner"])


WHEN = [
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("other", _("Another day")),
    ("unsure", _("Not sure")),
]
WHO = [(value, label) for value, label in DecidedBy.choices]


class WhyForm(forms.Form):
    """When did it change, who decided, and why."""

    when = chips(
        WHEN,
        label=_("When did it change?"),
        error_messages={"required": _("Choose when it changed.")},
    )
    day = ApproximateDateField(
        label=_("If another day: which?"),
    )
    decided_by = chips(
        WHO,
        label=_("Who decided?"),
        error_messages={"required": _("Choose who decided.")},
    )
    reason = chips(ChangeReason.choices, label=_("Why?"), required=False)
    note = NoteField(
        label=_("In your own words, if you like"),
        rows=2,
        max_length=280,
        error_messages={"max_length": _("Use at most 280 letters here.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day: When | None = cleaned.get("day")
        if cleaned.get("when") == "other" and day and day.day is None:
            self.add_error("day", _("Enter the day, like Nov 3, 2026."))
        return cleaned

    def why(self) -> Why:
        cleaned = self.cleaned_data
        return Why(
            day=self._day(),
            decided_by=cleaned.get("decided_by") or "",
            reason=cleaned.get("reason") or "",
            note=cleaned.get("note") or "",
        )

    def _day(self) -> date | None:
        today = timezone.localdate()
        days = {"today": today, "yesterday": today - timedelta(days=1)}
        if self.cleaned_data["when"] == "other":
            return self.cleaned_data["day"].day
        return days.get(self.cleaned_data["when"])


class StopForm(forms.Form):
    """Stopped, or on hold?"""

    what = chips(
        [
            ("for_now", Option(_("Stopped for now"), _("You may take it again."))),
            (
                "for_good",
                Option(_("Stopped for good"), _("You will not take it again.")),
            ),
            ("hold", Option(_("On hold"), _("You wait with it for a while."))),
        ],
        column=True,
        label=_("Did you stop, or is it on hold?"),
        error_messages={"required": _("Choose if you stopped or put it on hold.")},
    )
    until = PlainDateField(
        label=_("On hold until, if you know"),
        required=False,
        help_text=_("Like Nov 3, 2026."),
    )


class StopWhyForm(WhyForm):
    """As WhyForm, with how the medicine did: it is kept under "tried before"."""

    effect = chips(
        [
            ("helped", _("It helped")),
            ("helped a little", _("A little")),
            ("did not help", _("It did not help")),
            ("made things worse", _("It made things worse")),
        ],
        label=_("Did it help?"),
        required=False,
    )
    dangerous = chips(
        [("yes", _("Yes")), ("no", _("No"))],
        label=_("Was it dangerous for you?"),
        help_text=_("Like trouble breathing, a seizure, or a bad rash."),
        required=False,
    )

    def __init__(self, *args: Any, held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if held:
            del self.fields["effect"], self.fields["dangerous"]
        label = _("Since when is it on hold?") if held else _("When did you stop?")
        self.fields["when"].label = label

    def outcome(self, *, for_good: bool) -> Outcome:
        return Outcome(
            effect=self.cleaned_data.get("effect") or "",
            dangerous=self.cleaned_data.get("dangerous") == "yes",
            for_good=for_good,
        )


class AgainForm(WhyForm):
    """Taking it again: when, and who decided."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("Since when do you take it again?")
        del self.fields["reason"]


class VersionForm(forms.Form):
    """The version that was on the page, for two tabs that save the same line."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


__all__ = [
    "AboutForm",
    "AgainForm",
    "DatePrecision",
    "DetailsForm",
    "KeepForm",
    "LabelForm",
    "NameForm",
    "OwnerForm",
    "PrivacyForm",
    "ScheduleForm",
    "StopForm",
    "StopWhyForm",
    "VersionForm",
    "WhichForm",
    "WhyForm",
]
