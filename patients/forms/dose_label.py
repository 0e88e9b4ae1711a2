"""What stands on the label: strength, unit, form. The base of every dose form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carecoord.forms import offer
from patients.dosage import (
    FORMS,
    TIMES,
    DayDose,
    Dosage,
    normalise_form,
)
from patients.drug_list import Chosen
from patients.forms import usual
from patients.forms.fields import AmountField, chips

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
DAY_GROUPS = (1, 2)


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
        offer(self, "unit", unit_choices(stored.unit))
        offer(self, "form", shape_choices(normalise_form(stored.form)))

    def _offer_labels(self) -> None:
        """What is mostly on a label, to choose with one tap; or something else."""
        if not self.labels:
            return
        self.fields["label"] = chips(
            [(value, one.words) for value, one in self.labels.items()],
            label=_("What is on the label?"),
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
                self.add_error("label", _("Choose what is on the label."))
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
        super().clean()
        cleaned = self.cleaned_data
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


def initial_of(dosage: Dosage) -> dict[str, Any]:
    """A stored dose as the boxes of its form."""
    initial = {
        name: getattr(dosage, name)
        for name in Dosage.__dataclass_fields__
        if name not in {"schedule", "steps", "days"}
    }
    initial["form"] = normalise_form(dosage.form)
    initial["unit"] = dosage.unit or NO_STRENGTH
    for number, step in enumerate(dosage.steps, start=1):
        initial[f"step{number}_from"] = step.starts_date
        for name, count in zip(TIMES, step.counts, strict=True):
            initial[f"step{number}_{name}"] = count
    named = [dose for dose in dosage.days if dose.days]
    rest = [dose for dose in dosage.days if not dose.days]
    for number, dose in zip(DAY_GROUPS, named, strict=False):
        initial[f"week{number}_days"] = [str(day) for day in dose.days]
        initial |= _boxes(f"week{number}", dose)
    return initial | (_boxes("rest", rest[0]) if rest else {})


def _boxes(group: str, dose: DayDose) -> dict[str, Any]:
    pairs = zip(TIMES, dose.counts, strict=True)
    return {f"{group}_{name}": count for name, count in pairs}
