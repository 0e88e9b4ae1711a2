"""How much, and when: one form for each kind of schedule, one Dosage out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carecoord.forms import PlainDateField
from patients.codes import Schedule
from patients.dosage import FORMS, TIMES, Dosage, DoseStep, normalise_form
from patients.drug_list import Chosen
from patients.forms import usual
from patients.forms.fields import AmountField, PlainCharField, ZeroAmountField, chips

NO_STRENGTH = "none"
UNITS = ("mg", "mcg", "g", "units", "mL", "mEq", "%")
SHAPES = [
    "tablet",
    "capsule",
    "liquid",
    "injection",
    "patch",
    "film",
    "drop",
    "spray",
    "puff",
    "gummy",
    "application",
    "dose",
]
STEP_ROWS = 4
MOST_STEP_ROWS = 12
TIME_LABELS = (_("Morning"), _("Noon"), _("Evening"), _("Bedtime"))


def unit_choices(stored: str = "") -> list[tuple[str, object]]:
    units = [*UNITS, *([stored] if stored and stored not in UNITS else [])]
    return [(u, u) for u in units] + [(NO_STRENGTH, _("No strength on it"))]


def shape_choices(stored: str = "") -> list[tuple[str, object]]:
    """Tablet, capsule … and the form that the line has already."""
    named = [(shape, _shape_name(shape)) for shape in SHAPES]
    known = {*SHAPES, ""}
    return named if stored in known else [*named, (stored, stored)]


def _shape_name(shape: str) -> object:
    special = {
        "application": _("cream or gel"),
        "puff": _("inhaler, puffs"),
        "drop": _("drops"),
        "dose": pgettext_lazy("form of a medicine", "something else"),
    }
    return special.get(shape) or (FORMS[shape] % {"n": 1} if shape in FORMS else shape)


class DoseForm(forms.Form):
    """The label (strength and form). Children add what their schedule needs.

    `dosage` is there once the form is valid: every rule of patients.dosage held.
    """

    schedule = ""
    strength = AmountField(
        label=_("Strength on the label"),
        help_text=_(
            "The number only, like 25 or 0.5. Leave it empty if there is none."
        ),
    )
    unit = chips(
        unit_choices(),
        label=_("Unit"),
        error_messages={"required": _("Choose the unit on the label, like mg.")},
    )
    form = chips(
        shape_choices(),
        label=_("What is it?"),
        error_messages={"required": _("Choose what it is, like tablet or liquid.")},
    )

    def __init__(
        self,
        *args: Any,
        before: Dosage | None = None,
        named: Chosen | None = None,
        **kwargs: Any,
    ) -> None:
        if before and "initial" not in kwargs:
            kwargs["initial"] = initial_of(before)
        if named and not before:
            kwargs.setdefault("initial", usual.initial_of(named))
        super().__init__(*args, **kwargs)
        self.labels = {} if before or not named else usual.labels_of(named)
        self._offer_labels()
        stored = before or Dosage(schedule=self.schedule)
        self.fields["unit"].choices = unit_choices(stored.unit)
        self.fields["form"].choices = shape_choices(normalise_form(stored.form))

    def _offer_labels(self) -> None:
        """What is mostly on a label, to choose with one tap; or something else."""
        if not self.labels:
            return
        self.fields["label"] = chips(
            [(value, one.words) for value, one in self.labels.items()],
            label=_("What is on your label?"),
            required=False,
        )
        for name in ("unit", "form"):
            self.fields[name].required = not self.is_nothing_else_typed

    @property
    def is_nothing_else_typed(self) -> bool:
        """Whether a label was chosen, or nothing at all was said of it yet."""
        typed = (self.data.get(name) for name in ("strength", "unit", "form"))
        return bool(self.data.get("label")) or not any(typed)

    @property
    def opens_something_else(self) -> bool:
        """Whether the boxes under the labels are to stand open."""
        names = ("strength", "unit", "form")
        filled = (self.data.get(name) or self.initial.get(name) for name in names)
        return any(filled) or any(name in self.errors for name in names)

    def _clean_label(self, cleaned: dict[str, Any]) -> None:
        """The chosen label fills strength, unit and form. Two answers are none."""
        chosen = self.labels.get(cleaned.get("label") or "")
        if chosen is None:
            if self.labels and self.is_nothing_else_typed and not self.errors:
                self.add_error("label", _("Choose what is on your label."))
            return
        typed = cleaned.get("strength")
        if typed is not None and typed != chosen.strength:
            sentence = _("You chose %(label)s. Empty this box, or choose that again.")
            self.add_error("strength", sentence % {"label": chosen.words})
        cleaned |= {
            "strength": chosen.strength,
            "unit": chosen.unit,
            "form": chosen.form,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_label(cleaned)
        self.dosage = self._dosage(cleaned)
        for name, sentence in self.dosage.problems():
            if not self._has_told(name):
                self.add_error(self._place(name), sentence)
        return cleaned

    def _has_told(self, name: str) -> bool:
        # Without a label nothing about the strength can be right yet.
        about_label = name in {"strength", "unit", "form"} and "label" in self.errors
        return about_label or name in self.errors

    def _place(self, name: str) -> str | None:
        return name if name in self.fields else None

    def _dosage(self, cleaned: dict[str, Any]) -> Dosage:
        unit = cleaned.get("unit") or ""
        return Dosage(
            schedule=self.schedule,
            strength=cleaned.get("strength"),
            unit="" if unit == NO_STRENGTH else unit,
            form=cleaned.get("form") or "",
            **self.of_schedule(cleaned),
        )

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


def count_field(**kwargs: Any) -> AmountField:
    kwargs.setdefault("label", _("How many each time?"))
    kwargs.setdefault("help_text", _("Like 1, 2, half, or 1 1/2. For a liquid, in mL."))
    return AmountField(**kwargs)


class DailyForm(DoseForm):
    schedule = Schedule.DAILY
    morning = ZeroAmountField(label=TIME_LABELS[0])
    noon = ZeroAmountField(label=TIME_LABELS[1])
    evening = ZeroAmountField(label=TIME_LABELS[2])
    bedtime = ZeroAmountField(label=TIME_LABELS[3])

    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in TIMES]

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {name: cleaned.get(name) for name in TIMES}


class AsNeededForm(DoseForm):
    schedule = Schedule.AS_NEEDED
    count = count_field()
    as_needed_for = PlainCharField(
        label=_("What do you take it for?"),
        help_text=_("Like sleep, panic or pain."),
        max_length=200,
        required=False,
    )
    min_gap_hours = AmountField(
        label=_("Shortest time between two doses, in hours"),
        help_text=_("It is on the label. Like 6."),
    )
    max_in_24_hours = AmountField(
        label=_("Most in 24 hours"),
        help_text=_("How many tablets, capsules or puffs. Like 4."),
    )
    recent_use = PlainCharField(
        label=_("About how often lately?"),
        help_text=_("Like twice a week. You can leave this empty."),
        max_length=100,
        required=False,
    )

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        names = ("count", "min_gap_hours", "max_in_24_hours")
        texts = ("as_needed_for", "recent_use")
        amounts = {name: cleaned.get(name) for name in names}
        return amounts | {name: cleaned.get(name) or "" for name in texts}


class IntervalForm(DoseForm):
    schedule = Schedule.INTERVAL
    count = count_field(help_text=_("Like 1 for one injection or one patch."))
    every_count = forms.IntegerField(
        label=_("Every how many days, weeks or months?"),
        help_text=_("A whole number, like 4 for every 4 weeks."),
        required=False,
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric"}),
        error_messages={"invalid": _("Enter how often, as a whole number, like 4.")},
    )
    every_unit = chips(
        [("day", _("days")), ("week", _("weeks")), ("month", _("months"))],
        label=_("Days, weeks or months?"),
        error_messages={"required": _("Choose days, weeks or months.")},
    )
    last_given_date = PlainDateField(label=_("When was the last one?"), required=False)
    next_due_date = PlainDateField(
        label=_("When is the next one due?"),
        help_text=_("If you know the date. Else we count it from the last one."),
        required=False,
    )

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {
            "count": cleaned.get("count"),
            "every_count": cleaned.get("every_count"),
            "every_unit": cleaned.get("every_unit") or "",
            "last_given_date": cleaned.get("last_given_date"),
            "next_due_date": cleaned.get("next_due_date"),
        }


class OtherForm(DoseForm):
    schedule = Schedule.OTHER
    other = PlainCharField(
        label=_("How do you take it?"),
        help_text=_("In your own words. Like 1 tablet Monday, Wednesday and Friday."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    count = count_field(
        help_text=_("Like 1 or half. Leave it empty if it changes."),
    )

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {"count": cleaned.get("count"), "other": cleaned.get("other") or ""}


class StepsForm(DoseForm):
    """Rows of a first day and the amounts from that day on. More rows on request."""

    schedule = Schedule.STEPS

    def __init__(self, *args: Any, before: Dosage | None = None, **kwargs: Any) -> None:
        super().__init__(*args, before=before, **kwargs)
        self.rows = self._row_count(before)
        for number in range(1, self.rows + 1):
            self._add_row(number)

    def _row_count(self, before: Dosage | None) -> int:
        typed = [
            int(name.removeprefix("step").partition("_")[0])
            for name in self.data
            if name.startswith("step") and name.endswith("_from")
        ]
        wanted = max([STEP_ROWS, *typed, len(before.steps) if before else 0])
        if self.data.get("more_steps"):
            wanted += STEP_ROWS
        return min(wanted, MOST_STEP_ROWS)

    def _add_row(self, number: int) -> None:
        self.fields[f"step{number}_from"] = PlainDateField(
            label=_("First day"),
            help_text="",
            required=False,
        )
        for name, label in zip(TIMES, TIME_LABELS, strict=True):
            self.fields[f"step{number}_{name}"] = ZeroAmountField(label=label)

    def step_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """For the template: the number of a step, and its five fields."""
        names = ("from", *TIMES)
        return [
            (number, [self[f"step{number}_{name}"] for name in names])
            for number in range(1, self.rows + 1)
        ]

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        steps = []
        for number in range(1, self.rows + 1):
            counts = {name: cleaned.get(f"step{number}_{name}") for name in TIMES}
            first_day: date | None = cleaned.get(f"step{number}_from")
            if first_day:
                steps.append(DoseStep(starts_date=first_day, **counts))
            elif any(counts.values()):
                self._no_first_day(number)
        return {"steps": tuple(steps)}

    def _no_first_day(self, number: int) -> None:
        if f"step{number}_from" not in self.errors:
            sentence = _("Enter the first day of this step, like Nov 3, 2026.")
            self.add_error(f"step{number}_from", sentence)

    def _has_told(self, name: str) -> bool:
        steps_told = name == "steps" and any(
            key.startswith("step") for key in self.errors
        )
        return steps_told or super()._has_told(name)

    def _place(self, name: str) -> str | None:
        return "step1_from" if name == "steps" else super()._place(name)


DOSE_FORMS: dict[str, type[DoseForm]] = {
    Schedule.DAILY: DailyForm,
    Schedule.AS_NEEDED: AsNeededForm,
    Schedule.INTERVAL: IntervalForm,
    Schedule.STEPS: StepsForm,
    Schedule.OTHER: OtherForm,
}


def initial_of(dosage: Dosage) -> dict[str, Any]:
    """A stored dose as the boxes of its form."""
    initial = {
        name: getattr(dosage, name)
        for name in Dosage.__dataclass_fields__
        if name not in {"schedule", "steps"}
    }
    initial["form"] = normalise_form(dosage.form)
    initial["unit"] = dosage.unit or NO_STRENGTH
    for number, step in enumerate(dosage.steps, start=1):
        initial[f"step{number}_from"] = step.starts_date
        for name, count in zip(TIMES, step.counts, strict=True):
            initial[f"step{number}_{name}"] = count
    return initial
