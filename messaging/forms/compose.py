"""The composer: one page, numbers first, nothing chosen beforehand (SCREENS B10)."""

from __future__ import annotations

import json
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carecoord.forms import ChipColumn, Option, PlainDateField, offer
from messaging import due, words
from messaging.access.compared import LastValue
from messaging.actions.updates import Content, Number
from messaging.codes import (
    PRESENT,
    Appetite,
    Ask,
    SuicidalThoughts,
    Urgency,
)
from messaging.forms.sensitive import SafeText, SensitiveTopics
from patients.codes import MEASURE_BOUNDS, Measure, MissedWhy

# The rows on the page, and the scores that unfold under them.
NUMBERS = (
    Measure.SLEEP,
    Measure.PANIC,
    Measure.MISSED_DOSES,
    Measure.DAYS_WORKED,
    Measure.SELF_RATED,
)
SCORES = (Measure.PHQ9, Measure.GAD7)
MEASURES = (*NUMBERS, *SCORES)
WHOLE = frozenset(MEASURES) - {Measure.SLEEP, Measure.SELF_RATED}
DETAIL_LIMIT = 120
# As on the page: the summary of problems follows it.
ORDER = (
    *("to", "urgency", "since_date", *MEASURES, "missed_why", "appetite"),
    *("suicidal_thoughts", "what_changed", "ask", "ask_detail", "answer_by"),
    *("if_then", "mentions", "origin"),
)


class NumberField(forms.DecimalField):
    """A number that a person could mean; blank is "not asked"."""

    def __init__(self, measure: str) -> None:
        smallest, largest = MEASURE_BOUNDS[Measure(measure)]
        wrong = gettext_lazy("%(what)s: enter a number from %(least)d to %(most)d.") % {
            "what": Measure(measure).label,
            "least": smallest,
            "most": largest,
        }
        super().__init__(
            label=Measure(measure).label,
            required=False,
            min_value=smallest,
            max_value=largest,
            decimal_places=0 if measure in WHOLE else 1,
            max_digits=4,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "numeric" if measure in WHOLE else "decimal",
                    "autocomplete": "off",
                    "class": "w-short",
                }
            ),
            error_messages=dict.fromkeys(
                (
                    *("invalid", "min_value", "max_value", "max_digits"),
                    *("max_decimal_places", "max_whole_digits"),
                ),
                wrong,
            ),
        )

    def run_validators(self, value: Decimal | None) -> None:
        """One number that breaks two bounds is one problem, said once."""
        try:
            super().run_validators(value)
        except ValidationError as error:
            raise ValidationError(error.messages[0]) from error


class Composer(SensitiveTopics):
    """Everything an update says. `recipients` are (party id, label, hint)."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("Who is it for?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose who it is for."),
            "invalid_choice": gettext_lazy("Choose someone from the list."),
        },
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon?"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how soon.")},
    )
    since_date = PlainDateField(
        label=gettext_lazy("Since when?"),
        required=False,
        error_messages={
            "invalid": gettext_lazy("Since when: enter a date, like Nov 3, 2026.")
        },
    )
    missed_why = forms.ChoiceField(
        label=gettext_lazy("Why were doses missed?"),
        help_text=gettext_lazy("Answer this if you entered missed doses."),
        choices=MissedWhy.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    appetite = forms.ChoiceField(
        label=gettext_lazy("Appetite"),
        choices=Appetite.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    suicidal_thoughts = forms.ChoiceField(
        label=gettext_lazy("Suicidal thoughts"),
        choices=SuicidalThoughts.choices,
        widget=ChipColumn,
        error_messages={
            "required": gettext_lazy(
                "Say if you asked about suicidal thoughts. Not asked is an answer."
            )
        },
    )
    what_changed = SafeText(
        label=gettext_lazy("What changed"),
        help_text=gettext_lazy(
            "At most 280 characters. How often, how bad, how long, since when."
        ),
        limit=words.WHAT_CHANGED_LIMIT,
        lines=4,
    )
    ask = forms.ChoiceField(
        label=gettext_lazy("What I ask"),
        choices=Ask.choices,
        widget=ChipColumn,
        error_messages={"required": gettext_lazy("Choose what you ask.")},
    )
    ask_detail = SafeText(
        label=gettext_lazy("More about what you ask"),
        help_text=gettext_lazy(
            "Needed for Advise on something. At most 120 characters."
        ),
        limit=DETAIL_LIMIT,
    )
    answer_by = PlainDateField(label=gettext_lazy("By when"), required=False)
    if_then = SafeText(
        label=gettext_lazy("If this happens, then"),
        help_text=gettext_lazy(
            "You may leave it empty. Like: If sleep stays under 4 hours, then call me."
        ),
        limit=words.WHAT_CHANGED_LIMIT,
        lines=2,
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Open this page again, then send."),
            "invalid": gettext_lazy("Open this page again, then send."),
        },
    )
    corrects = forms.UUIDField(required=False, widget=forms.HiddenInput)
    nudged = forms.BooleanField(required=False, widget=forms.HiddenInput)
    called = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        recipients: list[tuple[str, str, str]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for measure in MEASURES:
            self.fields[measure] = NumberField(measure)
        self.order_fields(ORDER)
        offer(
            self,
            "to",
            [(value, Option(label, hint)) for value, label, hint in recipients],
        )
        self.fields["answer_by"].help_text = _(
            "Leave it empty and it is %(today)s for Today, or %(later)s for Within 2 "
            "working days."
        ) % {
            "today": _day(due.proposed_date(Urgency.TODAY, today=today)),
            "later": _day(due.proposed_date(Urgency.TWO_DAYS, today=today)),
        }

    def clean_since_date(self) -> date | None:
        since = self.cleaned_data["since_date"]
        if since and since > self.today:
            raise forms.ValidationError(_("Since when: enter a day that has been."))
        return since

    def clean_answer_by(self) -> date | None:
        by = self.cleaned_data["answer_by"]
        if by and by < self.today:
            raise forms.ValidationError(_("By when: enter today or a later day."))
        return by

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        self._check_missed(cleaned)
        self._check_thoughts(cleaned)
        self._check_ask(cleaned)
        return cleaned

    def _check_missed(self, cleaned: dict[str, Any]) -> None:
        missed = cleaned.get(Measure.MISSED_DOSES)
        if missed and not cleaned.get("missed_why"):
            self.add_error("missed_why", _("Say why doses were missed."))

    def _check_thoughts(self, cleaned: dict[str, Any]) -> None:
        answer, urgency = cleaned.get("suicidal_thoughts"), cleaned.get("urgency")
        if answer not in PRESENT:
            return
        if urgency and urgency not in words.urgencies_for(answer):
            self.add_error("urgency", _too_slow(answer))
        if cleaned.get("ask") == Ask.NOTHING:
            self.add_error(
                "ask",
                _("With thoughts of suicide, ask for something. Call me will do."),
            )

    def _check_ask(self, cleaned: dict[str, Any]) -> None:
        ask = cleaned.get("ask")
        asks = ask and ask != Ask.NOTHING
        if asks and cleaned.get("urgency") == Urgency.INFORMATION:
            self._add("urgency", _("You ask for something. Choose how soon."))
        if ask in words.ASKS_WITH_SUBJECT and not cleaned.get("ask_detail"):
            self._add("ask_detail", _("Say what you need advice on."))

    def _add(self, name: str, sentence: str) -> None:
        """One problem at a time for a field."""
        if name not in self.errors:
            self.add_error(name, sentence)

    def content(self, last: dict[str, LastValue]) -> Content:
        """What is sent; `last` are the values to compare with. Only when valid."""
        said = self.cleaned_data
        return Content(
            urgency=said["urgency"],
            suicidal_thoughts=said["suicidal_thoughts"],
            ask=said["ask"],
            labels=self.labels,
            part2_origin=self.part2_origin,
            what_changed=said["what_changed"],
            ask_detail=said["ask_detail"],
            if_then=said["if_then"],
            appetite=said["appetite"] or Appetite.NOT_ASKED,
            missed_why=self._missed_why(),
            since_date=said["since_date"],
            answer_by_date=self._answer_by_date(),
            numbers=tuple(
                _beside(measure, said[measure], last.get(measure))
                for measure in MEASURES
                if said[measure] is not None
            ),
        )

    def _missed_why(self) -> str:
        missed = self.cleaned_data[Measure.MISSED_DOSES]
        return self.cleaned_data["missed_why"] if missed else ""

    def _answer_by_date(self) -> date | None:
        said = self.cleaned_data
        if said["ask"] == Ask.NOTHING and said["urgency"] == Urgency.INFORMATION:
            return None
        return said["answer_by"] or due.proposed_date(said["urgency"], today=self.today)

    def rows(self, measures: tuple[str, ...], last: dict[str, LastValue]) -> list[dict]:
        """Rows of the table: the field, and the last value beside it."""
        values = {measure: found.value for measure, found in last.items()}
        return [
            {"field": self[measure], "last": values.get(measure)}
            for measure in measures
        ]


def _beside(measure: str, value: Decimal, last: LastValue | None) -> Number:
    if last is None:
        return Number(measure, value)
    return Number(measure, value, last.value, last.item_id)


def _too_slow(answer: str) -> str:
    if words.must_call_now(answer):
        return _("Plan, intent or attempt: choose Today, and call.")
    return _("Thoughts of suicide are never for information. Choose how soon.")


def _day(day: date | None) -> str:
    return date_format(day, "D, M j") if day else ""


# What was typed, from page to page --------------------------------------------------

CARRIED = (*(name for name in Composer.base_fields), *MEASURES)


def typed_of(posted: QueryDict) -> dict[str, list[str]]:
    """What was typed, from the fields or from the one field that carries them all."""
    carried = posted.get("typed")
    if carried:
        return _read(carried)
    return {name: posted.getlist(name) for name in CARRIED if name in posted}


def _read(text: str) -> dict[str, list[str]]:
    """Typed text carried through a page; anything else than that is dropped."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: [_sent(value) for value in values]
        for name, values in found.items()
        if name in CARRIED and isinstance(values, list) and values
    }


def _sent(value: object) -> str:
    """Text as a browser can send it: half a sign would break the page that shows it."""
    return str(value).encode(errors="replace").decode()


def carried(typed: dict[str, list[str]]) -> str:
    """Typed text for the one hidden field of a page without the form."""
    return json.dumps(typed)


def read_draft(text: str) -> dict[str, list[str]]:
    """The fields of a stored draft."""
    return _read(text)


def as_posted(typed: dict[str, list[str]]) -> QueryDict:
    """Typed text as a form wants it."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def as_initial(typed: dict[str, list[str]]) -> dict[str, Any]:
    """Typed text for a form that is shown again without being judged."""
    several = ("to", "mentions")
    return {
        name: values if name in several else values[0]
        for name, values in typed.items()
        if values
    }


def new_key() -> str:
    return str(uuid.uuid4())
