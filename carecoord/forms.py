"""How every form of the service is drawn, and the few fields that all of them share.

`{{ form.name.as_field_group }}` draws label, hint, problem and control; the markup is
templates/_components/field.html.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.fields import clear_name, plain_text

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# A label as it is written in a form: often not translated before it is drawn.
Words: TypeAlias = "str | StrPromise"
DATE_FORMATS = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%b %d %Y",
    "%B %d %Y",
    "%d %b %Y",
    "%d %B %Y",
)
DAYS_BACK = {"today": 0, "yesterday": 1}
# Beyond these no day is meant, and what is counted from one would leave the calendar.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
# What a field with a longest text says, unless it has a sentence of its own.
TOO_LONG = {
    "max_length": _("Use %(limit_value)d characters or fewer. You used %(show_value)d.")
}


class FieldRenderer(TemplatesSetting):
    """The project's templates, with our own field and form markup."""

    field_template_name = "_components/field.html"
    form_template_name = "_components/fields.html"
    # Browsers keep what is typed here, by the name of the field, and offer it to
    # whoever types next, on other sites too: a diagnosis in a box called "name" (T99).
    KEPT = (None, "text", "tel", "number", "email", "date", "time", "search", "url")

    def render(
        self, template_name: str, context: Any, request: HttpRequest | None = None
    ) -> Any:
        """Django's; nothing that is typed is kept, unless the field says what it is."""
        widget = context.get("widget", {})
        if widget.get("type") in self.KEPT and "attrs" in widget:
            widget["attrs"].setdefault("autocomplete", "off")
        return super().render(template_name, context, request)


class Option(str):
    """A choice with a hint under it: `Option("Until a date", "You choose which")`."""

    hint: str

    def __new__(cls, label: object, hint: object = "") -> "Option":
        option = super().__new__(cls, label)
        option.hint = str(hint)
        return option


class UnitInput(forms.TextInput):
    """A number as text, with its unit beside it. No spinner, no wheel accidents."""

    def __init__(self, unit: str, attrs: dict[str, Any] | None = None) -> None:
        self.unit = unit
        decimal = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(decimal | (attrs or {}))


class ChipColumn(forms.RadioSelect):
    """Radios one under the other, for long answers. Plain RadioSelect wraps."""

    column = True

    def get_context(self, name: str, value: object, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["column"] = True
        return context


class PlainDateField(forms.DateField):
    """A day, typed: "Nov 3, 2026", "11/3/2026", "today" or "yesterday".

    No calendar is needed (SCREENS A1.16). Numbers are read month first. "Today" is
    today in the zone that is active for this request. A year that nobody lives in is a
    slip, and days could not be counted from it. Raises ValidationError with a sentence
    that says how to write a date.
    """

    default_error_messages = {
        "required": _("Enter a date, like Nov 3, 2026."),
        "invalid": _("Enter a real date, like Nov 3, 2026, or write today."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", _("Like Nov 3, 2026. You can write today or yesterday.")
        )
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%b %-d, %Y", attrs={"class": "w-medium", "autocomplete": "off"}
            ),
        )
        super().__init__(input_formats=DATE_FORMATS, **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, str):
            value = " ".join(value.replace(",", " ").replace(".", " ").split())
            if value.lower() in DAYS_BACK:
                back = dt.timedelta(days=DAYS_BACK[value.lower()])
                return timezone.localdate() - back
        day = super().to_python(value)
        if day and not EARLIEST <= day <= LATEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class WholeField(forms.CharField):
    """Text that no browser cuts short unsaid: half of a reason must not be signed, nor
    half of a name kept. So the form says by how much it is too long.
    """

    def __init__(self, **kwargs: Any) -> None:
        said = TOO_LONG | kwargs.pop("error_messages", {})
        super().__init__(error_messages=said, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class WordsField(WholeField):
    """A few sentences of plain text.

    `missing` says what to write; without it nothing has to be written.
    """

    def __init__(
        self,
        *,
        label: Words,
        missing: Words = "",
        hint: Words = "",
        most: int = 500,
        rows: int = 3,
    ) -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=bool(missing),
            max_length=most,
            validators=[plain_text],
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": missing},
        )


def refuse_as_too_large(form: forms.Form, field: str, most_bytes: int) -> None:
    """The one thing to say of a file that was not even taken in."""
    form.errors[field] = form.error_class([too_large(most_bytes)])


def too_large(most_bytes: int) -> str:
    said = _("This file is larger than %(megabytes)d MB. Ask for a smaller one.")
    return said % {"megabytes": most_bytes // 1_000_000}


class UploadField(forms.FileField):
    """One file of at most so many bytes; every refusal is a sentence."""

    def __init__(self, *, most_bytes: int, **kwargs: Any) -> None:
        self.most_bytes = most_bytes
        said = {
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
            "max_length": _("The name of this file is too long. Give it a short one."),
        }
        super().__init__(
            label=_("Choose the file"), max_length=200, error_messages=said, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file.size > self.most_bytes:
            raise ValidationError(too_large(self.most_bytes))
        return file


def chip_choices(
    rows: Iterable[tuple[str, object, object]],
) -> list[tuple[str, Option]]:
    """Choices with hints from (value, label, hint) rows."""
    return [(value, Option(label, hint)) for value, label, hint in rows]


def offer(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Sets what this form offers in one field, once that is known."""
    _choosing(form.fields[name]).choices = list(choices)


def offered(form: forms.BaseForm | type[forms.Form], name: str) -> list[Any]:
    """What a form, or every form of this class, offers in one field."""
    fields = form.fields if isinstance(form, forms.BaseForm) else form.base_fields
    choices: Any = _choosing(fields[name]).choices
    return list(choices)


def _choosing(field: forms.Field) -> forms.ChoiceField:
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{field!r} offers nothing to choose from.")
    return field


class NameField(WholeField):
    """A person's name on one line, in signs that others see (clear_name)."""

    default_validators = [clear_name]  # noqa: RUF012  as Django declares it

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class SignupForm(forms.Form):
    """What we ask beside e-mail address and password: the name, once."""

    name = NameField(
        label=_("Your full name"),
        help_text=_("As on your papers. Your team sees this name."),
        error_messages={"required": _("Enter your full name.")},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not any(letter.isalpha() for letter in name):
            raise ValidationError(_("Enter your full name, in letters."))
        return name

    def signup(self, request: object, user: Any) -> None:
        """allauth calls this with the new, saved user."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


def say_used(form: forms.BaseForm, address: str) -> None:
    """That the form was saved before with other answers; what was typed stays in it.

    `address`: where the saved one stands, for whoever may see it there.
    """
    said = _now(
        "You saved this form already. What you changed since then is not saved. Open "
        "what you saved, and change it there."
    )
    link = format_html('{} <a href="{}">{}</a>', said, address, _now("See it"))
    form.add_error(None, ValidationError(link, code="used"))


def was_used(form: forms.BaseForm) -> bool:
    """Whether `say_used` said so."""
    return form.is_bound and form.has_error(NON_FIELD_ERRORS, code="used")
