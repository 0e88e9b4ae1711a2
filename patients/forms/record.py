"""The forms of the record: one for each kind of item, all of them short.

Field names are the columns of the model. Texts are as long as the summary can carry.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord import zones
from carecoord.forms import NameField, PlainDateField, offer
from patients.codes import MEASURE_BOUNDS, ConditionStatus, Measure
from patients.dosage import number_text
from patients.forms.fields import (
    EARLIEST_YEAR,
    AmountField,
    ApproximateDateField,
    NoteField,
    PlainCharField,
    WeeksField,
    When,
    chips,
)
from patients.forms.welcome import AdultOnly, BirthDateField
from patients.models import Patient
from patients.models.record import HospitalStay, Observation

LINE, PHRASE = 240, 100
TOO_LONG = _("Use at most %(limit_value)d letters here.")


def line(label: Any, *, longest: int = 200, **kwargs: Any) -> PlainCharField:
    """One line of text. `required` carries the sentence to say when it is empty."""
    missing = kwargs.pop("missing", "")
    return PlainCharField(
        label=label,
        max_length=longest,
        required=bool(missing),
        error_messages={"required": missing, "max_length": TOO_LONG},
        **kwargs,
    )


def note(label: Any, **kwargs: Any) -> NoteField:
    """A few lines, no longer than what the summary prints in full."""
    missing = kwargs.pop("missing", "")
    return NoteField(
        label=label,
        max_length=LINE,
        rows=2,
        required=bool(missing),
        error_messages={"required": missing, "max_length": TOO_LONG},
        **kwargs,
    )


class YearField(forms.IntegerField):
    """A year as four figures. Raises ValidationError for the future."""

    def __init__(self, **kwargs: Any) -> None:
        words = _("Enter a year with four figures, like 2019.")
        super().__init__(
            required=False,
            min_value=EARLIEST_YEAR,
            error_messages=dict.fromkeys(("invalid", "min_value"), words),
            widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric"}),
            **kwargs,
        )

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value and value > timezone.localdate().year:
            raise ValidationError(_now("Enter a year that is not in the future."))


class ItemForm(forms.Form):
    """What all of them share: the version that was on screen, and a key of the form."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def columns(self, *, at: datetime, zone: str) -> dict[str, Any]:
        """The answers as columns of the model."""
        hidden = {"version", "key"}
        return {
            name: "" if value is None and self._is_text(name) else value
            for name, value in self.cleaned_data.items()
            if name not in hidden
        }

    def _is_text(self, name: str) -> bool:
        return isinstance(self.fields[name], forms.CharField) and not isinstance(
            self.fields[name], AmountField
        )

    @classmethod
    def initial_of(cls, item: Any) -> dict[str, Any]:
        """What the form is filled with when an item is changed."""
        return {name: getattr(item, name, None) for name in cls.base_fields} | {
            "version": item.version
        }


class SymptomForm(ItemForm):
    what = line(
        _("What is happening?"),
        help_text=_("Like waking at 3 am, or panic on the bus."),
        missing=_("Write what is happening."),
    )
    since = line(_("Since when?"), longest=PHRASE, help_text=_("Like October 25."))
    better = note(_("What makes it better?"))
    worse = note(_("What makes it worse?"))


class TreatmentForm(ItemForm):
    what = line(
        _("What did you try?"),
        help_text=_("Like a therapy, a group, light therapy. Not medicines."),
        missing=_("Write what you tried."),
    )
    when = line(_("When?"), longest=60, help_text=_("Like 2021, or spring 2024."))
    effect = note(_("What came of it?"))


class TrialForm(ItemForm):
    name = line(
        _("What was the medicine called?"),
        missing=_("Enter the name of the medicine."),
    )
    dose_reached = line(
        _("What was the highest dose?"),
        longest=PHRASE,
        help_text=_("Like 100 mg a day."),
    )
    weeks = WeeksField(
        label=_("For how many weeks?"),
        said=_("Enter a number of weeks, like 8."),
        least=0,
        most=2600,
    )
    year = YearField(label=_("In which year did you stop?"))
    effect = note(_("Did it help?"))
    why_stopped = note(_("Why did you stop?"))
    dangerous = forms.BooleanField(
        label=_("It ended in a dangerous reaction"),
        help_text=_("This line then always stays on the printed page."),
        required=False,
    )


class ConditionForm(ItemForm):
    name = line(
        _("What is the diagnosis or condition?"),
        missing=_("Write the diagnosis or condition."),
    )
    since_year = YearField(label=_("Since which year?"))
    status = chips(
        ConditionStatus.choices,
        label=_("How is it now?"),
        error_messages={"required": _("Choose how it is now.")},
    )


class GoalForm(ItemForm):
    what = line(_("What is the goal?"), missing=_("Write what the goal is."))
    measure = forms.ChoiceField(
        label=_("Which number shows it?"),
        required=False,
        choices=[("", _("None of these")), *Measure.choices],
    )
    baseline = line(_("Where are you now?"), longest=60, help_text=_("Like 4 hours."))
    target = line(_("Where do you want to be?"), longest=60)
    target_date = PlainDateField(label=_("By when?"), required=False)


class StayForm(ItemForm):
    where = line(
        _("Which hospital or emergency room?"),
        missing=_("Enter the name of the hospital."),
    )
    when = ApproximateDateField(
        label=_("When?"),
        help_text=_("Like Nov 3, 2026, or June 2026, or 2019. The year is enough."),
    )
    how_long = line(_("How long?"), longest=60, help_text=_("Like 6 days."))
    why = note(_("Why?"))

    def clean_when(self) -> When:
        when: When = self.cleaned_data["when"]
        if when.day is None:
            raise ValidationError(_now("Enter when it was. The year is enough."))
        return when

    def columns(self, *, at: datetime, zone: str) -> dict[str, Any]:
        when: When = self.cleaned_data["when"]
        words = self.fields["when"].prepare_value(when)
        # Consent can cover items from a day on: the day of the stay is what counts.
        happened = min(zones.start_of(when.day, zone), at) if when.day else at
        plain = super().columns(at=at, zone=zone)
        return plain | {"when": words, "occurred_at": happened}

    @classmethod
    def initial_of(cls, item: HospitalStay) -> dict[str, Any]:
        return super().initial_of(item) | {"when": item.when}


class ContactForm(ItemForm):
    name = line(_("Name"), missing=_("Enter the name."))
    relationship = line(
        _("Who is it to you?"), longest=60, help_text=_("Like sister, friend.")
    )
    phone = line(
        _("Phone"),
        longest=40,
        missing=_("Enter the phone number."),
        widget=forms.TextInput(attrs={"type": "tel", "class": "w-medium"}),
    )


class DailyLifeForm(ItemForm):
    work_schedule = line(
        _("When do you work?"), help_text=_("Like nights, or not now.")
    )
    sleep_pattern = line(_("When do you usually sleep?"))
    visit_preference = line(
        _("How do you like visits?"), help_text=_("In person, by video, or by phone.")
    )
    preferred_hospital = line(_("Which hospital do you prefer?"))
    pharmacy = line(_("Which pharmacy do you use?"), help_text=_("Name and phone."))
    insurance = line(_("Which insurance do you have?"))


class DecisionForm(ItemForm):
    what = line(
        _("What do you want decided?"),
        longest=LINE,
        help_text=_("One question, as you would ask it."),
        missing=_("Write what you want decided."),
    )


class ObservationForm(ItemForm):
    measure = chips(
        Measure.choices,
        column=True,
        label=_("Which number?"),
        error_messages={"required": _("Choose which number it is.")},
    )
    value = AmountField(
        label=_("How much?"),
        required=True,
        error_messages={"required": _("Enter the number.")},
    )
    day = PlainDateField(
        label=_("On which day?"),
        required=False,
        help_text=_("Leave it empty for today. Like Nov 3, 2026, or yesterday."),
    )
    note = note(_("Anything to add?"))

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if day and day > timezone.localdate():
            raise ValidationError(_now("Enter a day that is not in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        measure, value = cleaned.get("measure"), cleaned.get("value")
        if not measure or value is None:
            return cleaned
        low, high = MEASURE_BOUNDS[Measure(measure)]
        if not low <= value <= high:
            words = _now("Enter a number from %(low)d to %(high)d.")
            self.add_error("value", words % {"low": low, "high": high})
        return cleaned

    def columns(self, *, at: datetime, zone: str) -> dict[str, Any]:
        plain = super().columns(at=at, zone=zone)
        day = plain.pop("day")
        if day and day != zones.today(at, zone):
            plain["occurred_at"] = zones.start_of(day, zone).replace(hour=12)
        return plain

    @classmethod
    def initial_of(cls, item: Observation) -> dict[str, Any]:
        day = zones.today(item.occurred_at, item.patient.time_zone)
        value = number_text(item.value)
        return super().initial_of(item) | {"day": day, "value": value}


ZONES = [
    ("America/New_York", _("Eastern")),
    ("America/Chicago", _("Central")),
    ("America/Denver", _("Mountain")),
    ("America/Phoenix", _("Mountain, Arizona")),
    ("America/Los_Angeles", _("Pacific")),
    ("America/Anchorage", _("Alaska")),
    ("Pacific/Honolulu", _("Hawaii")),
    ("America/Puerto_Rico", _("Puerto Rico")),
]


class DetailsForm(AdultOnly, forms.Form):
    """The patient's own name, birth date, contact, language and zone."""

    COLUMNS = (
        *("name", "goes_by", "pronouns", "birth_date", "phone", "language"),
        "time_zone",
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = NameField(
        label=_("Your full name"),
        help_text=_("As on your papers. Your team sees this name."),
        error_messages={"required": _("Enter your full name."), "max_length": TOO_LONG},
    )
    goes_by = line(_("What should people call you?"), longest=100)
    pronouns = line(_("Your pronouns"), longest=40, help_text=_("Like she/her."))
    birth_date = BirthDateField()
    phone = line(
        _("Your phone"),
        longest=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = line(
        _("The language you prefer"), longest=40, missing=_("Enter a language.")
    )
    time_zone = forms.ChoiceField(label=_("Your time zone"))

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        current = {name: getattr(patient, name) for name in self.COLUMNS}
        kwargs.setdefault("initial", current | {"seen": mark_of(patient)})
        super().__init__(*args, **kwargs)
        self.patient = patient
        known = dict(ZONES)
        extra = [] if patient.time_zone in known else [(patient.time_zone,) * 2]
        offer(self, "time_zone", [*ZONES, *extra])

    def clean_birth_date(self) -> date:
        """Anything for whoever is a child now: their record began by a parent."""
        majority = self.patient.majority_at
        if majority and timezone.now() < majority:
            return self.cleaned_data["birth_date"]
        return super().clean_birth_date()

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.COLUMNS}

    def words_of(self, name: str, value: Any) -> str:
        """A value as people read it: the name of a zone, a day."""
        field = self.fields[name]
        shown = dict(getattr(field, "choices", ())).get(value, value)
        return str(field.widget.format_value(shown) or "")


def mark_of(patient: Patient) -> str:
    """A mark of the details as they stand: another tab may have changed them."""
    said = "\n".join(str(getattr(patient, name)) for name in DetailsForm.COLUMNS)
    return hashlib.sha256(said.encode()).hexdigest()
