"""The questions about a side effect, and what a therapist makes of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.forms import Option, PlainDateField
from patients.actions.side_effects import Effect
from patients.codes import COMMON_SIDE_EFFECTS, Bother, Course, SideEffectKind
from patients.forms.fields import NoteField, PlainCharField, chips
from patients.models import MedicationStatement, SideEffect
from patients.safe_text import safe
from patients.urgent_signs import urgent_of

NOBODY: Mapping[str, str] = {}
NAMES = ("kind", "what", "severity", "began_date", "daily_life", "therapy", "over_date")


def _kinds(
    medicine: MedicationStatement | None = None, numbers: Mapping[str, str] = NOBODY
) -> list[tuple[Any, Any]]:
    """One tap among all: the common ones first, then those that may be dangerous.

    Each of these says what it may be with this medicine and whom to call, before
    anything is saved and in the words of afterwards.
    """
    common = [(one.value, one.label) for one in COMMON_SIDE_EFFECTS]
    urgent = [
        (one.value, _warned(one, medicine, numbers))
        for one in SideEffectKind
        if one not in COMMON_SIDE_EFFECTS and one != SideEffectKind.OTHER
    ]
    other = (SideEffectKind.OTHER.value, SideEffectKind.OTHER.label)
    return [(_("Common"), [*common, other]), (_("May be dangerous"), urgent)]


def _warned(
    kind: SideEffectKind, medicine: MedicationStatement | None, numbers: Mapping
) -> Any:
    if medicine is None:
        return kind.label
    said = urgent_of(SideEffect(kind=kind, medicine=medicine), numbers=numbers)
    return Option(kind.label, f"{said.sentence} {said.what_to_do}" if said else "")


class KeyedForm(forms.Form):
    """A form whose second click is the same entry."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


def has_been(day: date | None) -> date | None:
    """Raises ValidationError for a day that is still to come."""
    if day and day > timezone.localdate():
        raise ValidationError(_("Enter a day that has been."))
    return day


class SideEffectForm(KeyedForm):
    """What, how bad, since when, and what it does to the day and to therapy."""

    kind = chips(
        _kinds(),
        label=_("What is it?"),
        error_messages={"required": _("Choose what it is.")},
    )
    what = PlainCharField(
        label=_("In your own words, if you like"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Use at most 200 letters here.")},
    )
    severity = chips(
        Bother.choices,
        column=True,
        label=_("How bad is it?"),
        error_messages={"required": _("Choose how bad it is.")},
    )
    began_date = PlainDateField(
        label=_("When did it begin, if you know?"), required=False
    )
    daily_life = NoteField(
        label=_("What does it do to your day?"),
        help_text=_("Like: I fall asleep at work around 2 pm."),
        max_length=500,
        error_messages={"max_length": _("Use at most 500 letters here.")},
    )
    therapy = NoteField(
        label=_("What does it do to your therapy?"),
        help_text=_("Like: I could not do the exercises this week."),
        max_length=500,
        error_messages={"max_length": _("Use at most 500 letters here.")},
    )
    over_date = PlainDateField(label=_("If it is over: since when?"), required=False)

    def __init__(
        self,
        *args: Any,
        medicine: MedicationStatement,
        numbers: Mapping[str, str],
        item: SideEffect | None = None,
        **kwargs: Any,
    ) -> None:
        """`numbers`: `emergency` and `crisis`, those of the place."""
        if item is not None:
            kwargs["initial"] = {name: getattr(item, name) for name in NAMES}
        super().__init__(*args, **kwargs)
        kind = cast("forms.ChoiceField", self.fields["kind"])
        kind.choices = _kinds(medicine, numbers)

    def clean_began_date(self) -> date | None:
        return has_been(self.cleaned_data["began_date"])

    def clean_over_date(self) -> date | None:
        return has_been(self.cleaned_data["over_date"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        began, over = cleaned.get("began_date"), cleaned.get("over_date")
        if began and over and over < began:
            self.add_error("over_date", _("This day is before it began."))
        if cleaned.get("kind") == SideEffectKind.OTHER and not cleaned.get("what"):
            self.add_error("what", _("Enter what it is, in a few words."))
        return cleaned

    def answer(self) -> Effect:
        cleaned = self.cleaned_data
        texts = ("what", "daily_life", "therapy")
        said = {name: safe(cleaned.get(name) or "") for name in texts}
        given: dict[str, Any] = {name: cleaned.get(name) for name in NAMES}
        return Effect(**given | said)


class MarkForm(KeyedForm):
    """Worsening or adjustment, and taking part in therapy (S21)."""

    course = chips(
        Course.choices,
        column=True,
        label=_("Is it a worsening, or an adjustment?"),
        error_messages={"required": _("Choose what it looks like.")},
    )
    therapy = NoteField(
        label=_("How does it affect taking part in therapy?"),
        help_text=_("The patient and everyone allowed can read this."),
        max_length=500,
        error_messages={"max_length": _("Use at most 500 letters here.")},
    )
