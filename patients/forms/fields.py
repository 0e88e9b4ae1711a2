"""Fields that read what people write: an amount, an approximate date, a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.fields import plain_text
from carecoord.forms import PlainDateField, WholeField
from patients.codes import DatePrecision
from patients.dosage import AmountError, number_text, parse_amount

MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
UNKNOWN = {"", "not sure", "unsure", "unknown", "do not know", "don't know"}
EARLIEST_YEAR = 1900


class PlainCharField(WholeField):
    """One or more lines without hidden characters, spaces tidied at the ends."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(plain_text)


class NoteField(PlainCharField):
    """A few lines. Raises ValidationError past `max_length`, saying how long it is."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)


class AmountField(forms.CharField):
    """An amount as people write it: 0.5, half, 1 1/2, 1,000. Never guessed.

    Cleans to a Decimal or None. The sentence of AmountError is shown as it is.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"class": "w-short", "autocomplete": "off"}),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return number_text(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except AmountError as error:
            raise ValidationError(str(error), code="amount") from error


class ZeroAmountField(AmountField):
    """An amount where "0" means nothing is taken at that time."""

    def to_python(self, value: Any) -> Any:
        if str(value or "").strip() == "0":
            return None
        return super().to_python(value)


REFUSALS = ("invalid", "min_value", "max_value")


class WeeksField(forms.IntegerField):
    """A whole number of weeks, which may be left out.

    `said` is the one refusal, or the refusals by their code.
    """

    def __init__(self, *, said: Any, least: int = 1, most: int = 104, **kwargs: Any):
        one = not isinstance(said, dict)
        messages: dict[str, Any] = dict.fromkeys(REFUSALS, said) if one else said
        number = {"class": "w-short", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            required=False,
            min_value=least,
            max_value=most,
            widget=forms.TextInput(attrs=number),
            error_messages=messages,
            **kwargs,
        )


class When(NamedTuple):
    """A day as exactly as the person knows it."""

    day: date | None
    precision: str


class ApproximateDateField(forms.CharField):
    """ "Today", "Nov 3, 2026", "June 2026", "2019", or "not sure".

    Cleans to a When. Empty and "not sure" are answers, not mistakes.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "help_text",
            _("Like Nov 3, 2026, or June 2026, or 2019. You can write not sure."),
        )
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
        )
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return when_text(value) if isinstance(value, When) else value

    def to_python(self, value: Any) -> Any:
        text = " ".join(str(value or "").replace(",", " ").split()).lower()
        if text in UNKNOWN:
            return When(None, DatePrecision.UNKNOWN)
        return _not_ahead(_month_or_year(text) or _whole_day(text))

    def run_validators(self, value: Any) -> None:
        """The text was read already; there is nothing left to check."""


def when_text(value: When) -> str:
    """As it is put back into the box."""
    if value.day is None:
        return ""
    if value.precision == DatePrecision.YEAR:
        return str(value.day.year)
    if value.precision == DatePrecision.MONTH:
        return f"{value.day:%B %Y}"
    return f"{value.day:%b} {value.day.day}, {value.day.year}"


def _month_or_year(text: str) -> When | None:
    if re.fullmatch(r"\d{4}", text):
        return When(_real(int(text), 1), DatePrecision.YEAR)
    match = re.fullmatch(r"([a-z]{3,9})\.? (\d{4})", text)
    if match and match[1][:3] in MONTHS:
        month = MONTHS.index(match[1][:3]) + 1
        return When(_real(int(match[2]), month), DatePrecision.MONTH)
    match = re.fullmatch(r"(\d{1,2})/(\d{4})", text)
    if match:
        return When(_real(int(match[2]), int(match[1])), DatePrecision.MONTH)
    return None


def _real(year: int, month: int) -> date:
    if year < EARLIEST_YEAR or not 1 <= month <= 12:
        raise ValidationError(_unclear(), code="date")
    return date(year, month, 1)


def _whole_day(text: str) -> When:
    try:
        day = PlainDateField(required=True).clean(text)
    except ValidationError as error:
        raise ValidationError(_unclear(), code="date") from error
    return When(day, DatePrecision.DAY)


def _not_ahead(when: When) -> When:
    if when.day and when.day > timezone.localdate() + timedelta(days=366):
        raise ValidationError(_("This day is too far ahead."), code="ahead")
    return when


def _unclear() -> str:
    return str(_("Enter a date like Nov 3, 2026, or June 2026, or write not sure."))


def chips(
    choices: Sequence[tuple[str, object]], *, column: bool = False, **kwargs: Any
) -> forms.ChoiceField:
    """One of a few answers, as chips; nothing is preselected."""
    from carecoord.forms import ChipColumn

    widget = ChipColumn if column else forms.RadioSelect
    return forms.ChoiceField(choices=choices, widget=widget, **kwargs)
