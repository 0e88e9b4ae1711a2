"""What is too long is said in a sentence, and no box cuts it short unsaid."""

from collections.abc import Iterator

import pytest
from django import forms
from django.urls import get_resolver

from carecoord.forms import WordsField
from patients.forms.fields import NoteField, PlainCharField

LONG = "I called the ward, and they said. " * 300
OURS = ("carecoord", "consents", "patients", "messaging")


class Page(forms.Form):
    """The two kinds of box, and a line."""

    words = WordsField(label="Why?", most=1000)
    note = NoteField(label="How?", max_length=500)
    line = PlainCharField(label="Who?", max_length=100)


def test_what_is_too_long_says_by_how_much_and_stays_whole():
    page = Page({"words": LONG, "note": LONG, "line": LONG})
    assert not page.is_valid()
    used = len(LONG.strip())
    for name, most in (("words", 1000), ("note", 500), ("line", 100)):
        said = f"Use {most} characters or fewer. You used {used}."
        assert page.errors[name] == [said]
        assert LONG.strip() in page[name].value()


def test_a_box_has_no_length_at_which_a_browser_stops():
    page = Page()
    assert "maxlength" not in str(page["words"]) + str(page["note"]) + str(page["line"])


def declared(kind: type) -> Iterator[type]:
    for form in kind.__subclasses__():
        yield form
        yield from declared(form)


@pytest.mark.parametrize("package", OURS)
def test_no_field_leaves_the_sentence_to_the_framework(package):
    assert get_resolver().url_patterns
    left = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in declared(forms.Form)
        if form.__module__.split(".")[0] == package
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and _is_silent(form, field)
    ]
    assert left == []


def _is_silent(form: type, field: forms.CharField) -> bool:
    by_allauth = any(each.__module__.startswith("allauth") for each in form.__mro__)
    own_check = "run_validators" in type(field).__dict__
    hidden = isinstance(field.widget, forms.HiddenInput)
    is_long = field.max_length is not None and not (by_allauth or own_check or hidden)
    return is_long and "max_length" not in field.error_messages
