"""Telling the team what happened: one small form for each kind (S6, S10, S23)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carecoord.forms import ChipColumn, PlainDateField, Words
from messaging.forms.sensitive import SafeText, SensitiveTopics
from patients.actions.events import Happening
from patients.codes import (
    HARD_WORK,
    MEASURE_BOUNDS,
    EventKind,
    Measure,
    MissedWhy,
    Phase,
)
from patients.forms.fields import WeeksField

NAME_LIMIT = 120
DETAIL_LIMIT = 280
MOST_WEEKS = 52


@dataclass(frozen=True)
class Kind:
    """How one kind of event is asked for. `slug` stands in the address."""

    slug: str
    code: str
    title: Words
    hint: Words
    what: Words
    missing: Words


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "diagnosis",
            EventKind.CONDITION_FOUND,
            gettext_lazy("A diagnosis or condition was found"),
            gettext_lazy("Mental or physical. It goes on the list of conditions."),
            gettext_lazy("What was found?"),
            gettext_lazy("Enter what was found."),
        ),
        Kind(
            "therapy",
            EventKind.THERAPY_CHANGED,
            gettext_lazy("Therapy changes"),
            gettext_lazy("A new phase, more or fewer sessions, or an end."),
            gettext_lazy("What changes?"),
            gettext_lazy("Choose what changes."),
        ),
        Kind(
            "hospital",
            EventKind.HOSPITAL,
            gettext_lazy("A hospital or emergency visit"),
            gettext_lazy("It goes on the list of hospital stays."),
            gettext_lazy("Where was it?"),
            gettext_lazy("Enter where it was."),
        ),
        Kind(
            "missed-doses",
            EventKind.DOSES_MISSED,
            gettext_lazy("Doses were missed"),
            gettext_lazy("How many, and why. Nobody is blamed for it."),
            gettext_lazy("Why were they missed?"),
            gettext_lazy("Choose why doses were missed."),
        ),
        Kind(
            "using-more",
            EventKind.SUBSTANCE_USE,
            gettext_lazy("Drinking or using more"),
            gettext_lazy("Alcohol, cannabis, nicotine or something else."),
            gettext_lazy("What, and how much more?"),
            gettext_lazy("Enter what it is, and how much more."),
        ),
        Kind(
            "stressor",
            EventKind.STRESSOR,
            gettext_lazy("Something hard happened"),
            gettext_lazy("A loss, a move, work, money, a relationship."),
            gettext_lazy("What happened?"),
            gettext_lazy("Enter what happened, in a few words."),
        ),
    )
}


class TellForm(SensitiveTopics):
    """What happened, when, and the question about topics."""

    what = SafeText(limit=NAME_LIMIT, required=True)
    happened_date = PlainDateField(label=gettext_lazy("When?"), required=False)
    detail = SafeText(
        label=gettext_lazy("Anything else the team should know"),
        help_text=gettext_lazy("You may leave it empty. At most 280 characters."),
        limit=DETAIL_LIMIT,
        lines=3,
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("what", "count", "weeks", "happened_date", "detail")

    def __init__(self, *args: Any, kind: Kind, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        self.fields["what"].label = kind.what
        self.fields["what"].error_messages["required"] = kind.missing

    def clean_happened_date(self) -> date | None:
        day = self.cleaned_data["happened_date"]
        if day and day > self.today:
            raise ValidationError(_("Enter a day that has been."))
        return day

    @property
    def phase(self) -> str:
        """What happens in therapy, by its code; nothing for another kind."""
        return ""

    def happening(self) -> Happening:
        said = self.cleaned_data
        return Happening(
            kind=self.kind.code,
            what=self.what_in_words(),
            happened_date=said["happened_date"],
            detail=said["detail"],
            weeks=said.get("weeks"),
            count=said.get("count"),
            phase=self.phase,
            labels=self.labels,
            part2_origin=self.part2_origin,
        )

    def what_in_words(self) -> str:
        return self.cleaned_data["what"]


class ChosenForm(TellForm):
    """The same, where what happened is one of a few answers."""

    ANSWERS: tuple = ()

    def __init__(self, *args: Any, kind: Kind, today: date, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, today=today, **kwargs)
        self.fields["what"] = forms.ChoiceField(
            label=kind.what,
            choices=self.ANSWERS,
            widget=ChipColumn,
            error_messages={"required": kind.missing},
        )

    def what_in_words(self) -> str:
        return str(dict(self.ANSWERS)[self.cleaned_data["what"]])


class TherapyForm(ChosenForm):
    """Demanding work names for how many weeks it may raise distress (S23)."""

    ANSWERS = tuple(Phase.choices)

    weeks = WeeksField(
        label=gettext_lazy("For how many weeks may it raise distress?"),
        said=gettext_lazy("Weeks: enter a whole number from 1 to 52."),
        most=MOST_WEEKS,
    )

    @property
    def phase(self) -> str:
        return str(self.cleaned_data["what"])

    def clean_happened_date(self) -> date | None:
        """A phase may be announced before it begins."""
        return self.cleaned_data["happened_date"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        needs = cleaned.get("what") in HARD_WORK and "weeks" not in self.errors
        if needs and not cleaned.get("weeks"):
            self.add_error("weeks", _("Say for how many weeks it may be harder."))
        return cleaned


class MissedForm(ChosenForm):
    """How many of the last 14 days' doses, and why."""

    ANSWERS = tuple(MissedWhy.choices)

    count = forms.IntegerField(
        label=gettext_lazy("How many doses in the last 14 days?"),
        min_value=1,
        max_value=MEASURE_BOUNDS[Measure.MISSED_DOSES][1],
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "w-short", "autocomplete": "off"}
        ),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Enter how many doses, as a number from 1 to 200."),
        ),
    )


FORMS = {"therapy": TherapyForm, "missed-doses": MissedForm}


def form_for(kind: Kind, *, today: date, data: Any = None) -> TellForm:
    """The form of one kind, with a fresh key unless it was sent."""
    form = FORMS.get(kind.slug, TellForm)
    return form(data, kind=kind, today=today, initial={"form_key": uuid.uuid4()})
