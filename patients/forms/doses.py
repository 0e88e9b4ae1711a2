"""How much, and when: one form for each kind of schedule, one Dosage out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import PlainDateField
from patients.codes import Schedule
from patients.dosage import TIMES, DayDose, Dosage, DoseStep, day_names
from patients.forms.dose_label import DAY_GROUPS, NO_STRENGTH, SHAPES, UNITS, DoseForm
from patients.forms.fields import AmountField, PlainCharField, ZeroAmountField, chips

__all__ = ["DOSE_FORMS", "NO_STRENGTH", "SHAPES", "UNITS", "DoseForm"]

STEP_ROWS = 4
MOST_STEP_ROWS = 12
TIME_LABELS = (_("Morning"), _("Noon"), _("Evening"), _("Bedtime"))


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

    def _has_told(self, name: str) -> bool:
        # An amount that cannot be read is one at a time of day all the same.
        unread = name == "morning" and any(key in self.errors for key in TIMES)
        return unread or super()._has_told(name)


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


class WeekForm(DoseForm):
    """Days that are alike, twice, and all other days."""

    schedule = Schedule.WEEK

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in DAY_GROUPS:
            self.fields[f"week{number}_days"] = forms.MultipleChoiceField(
                label=_("Which days?"),
                choices=[(str(day), name) for day, name in enumerate(day_names())],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self._add_times(f"week{number}")
        self._add_times("rest")

    def _add_times(self, group: str) -> None:
        for name, label in zip(TIMES, TIME_LABELS, strict=True):
            self.fields[f"{group}_{name}"] = ZeroAmountField(label=label)

    def day_groups(self) -> list[tuple[int, forms.BoundField, list[forms.BoundField]]]:
        """For the template: each group of days with its four boxes."""
        return [(n, self[f"week{n}_days"], self._times(f"week{n}")) for n in DAY_GROUPS]

    def rest_times(self) -> list[forms.BoundField]:
        return self._times("rest")

    def _times(self, group: str) -> list[forms.BoundField]:
        return [self[f"{group}_{name}"] for name in TIMES]

    def of_schedule(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        doses = []
        for number in DAY_GROUPS:
            days = tuple(int(day) for day in cleaned.get(f"week{number}_days") or ())
            counts = self._counts(cleaned, f"week{number}")
            if days:
                doses.append(DayDose(days=days, **counts))
            elif any(counts.values()):
                sentence = _("Choose the days for these amounts.")
                self.add_error(f"week{number}_days", sentence)
        rest = self._counts(cleaned, "rest")
        if any(rest.values()):
            doses.append(DayDose(**rest))
        return {"days": tuple(doses)}

    @staticmethod
    def _counts(cleaned: dict[str, Any], group: str) -> dict[str, Any]:
        return {name: cleaned.get(f"{group}_{name}") for name in TIMES}

    def _place(self, name: str) -> str | None:
        return "week1_days" if name == "days" else super()._place(name)

    def _has_told(self, name: str) -> bool:
        told = any(key.startswith("week") for key in self.errors)
        return (name == "days" and told) or super()._has_told(name)


DOSE_FORMS: dict[str, type[DoseForm]] = {
    Schedule.DAILY: DailyForm,
    Schedule.AS_NEEDED: AsNeededForm,
    Schedule.INTERVAL: IntervalForm,
    Schedule.STEPS: StepsForm,
    Schedule.WEEK: WeekForm,
    Schedule.OTHER: OtherForm,
}
