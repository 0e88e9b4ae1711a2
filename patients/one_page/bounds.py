"""What a sheet may be asked to carry: bounded and cleaned before anything is drawn.

A long text costs seconds and hundreds of megabytes in the renderer (SECURITY T49), so
it is refused here with a sentence, never cut.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from patients.one_page.sheet import UNDER_MEDICINES, Sheet, Summary, titles

MAX_MEDICINES = 100
MAX_LINES = 40
MAX_TEXT = 600
MAX_CHARACTERS = 40_000

Value = TypeVar("Value")


class TooLarge(ValueError):
    """The summary holds more than a sheet of paper may be asked to carry."""


def whole_sheet(summary: Summary) -> Sheet:
    """Return the sheet with everything in full, as the page on screen shows it.

    Raises TooLarge when it holds more than a sheet may be asked to carry.
    """
    one = _with_titles(_cleaned(summary))
    _check_size(one)
    return Sheet(one, rows=one.medicines)


def _with_titles(summary: Summary) -> Summary:
    named: dict[str, Any] = {}
    for name, title in titles().items():
        section = getattr(summary, name)
        named[name] = replace(
            section,
            title=section.title or title,
            empty=section.empty or _("Not recorded"),
        )
    return replace(summary, **named)


# Printable characters only; nothing that turns the direction of a dose around.
_DIRECTION = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_AMOUNT = re.compile(r"(?<=\d) (?=(?:mg|mcg|g|mL|L|units?|mEq|mmol|%)(?:\W|$))")


def _cleaned(value: Value) -> Value:
    """Return the same value with texts that paper can carry, down to the last one."""
    result: Any = value
    if isinstance(value, str):
        result = _clean_text(value)
    elif isinstance(value, tuple):
        result = tuple(_cleaned(item) for item in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _cleaned(getattr(value, f.name)) for f in fields(value)}
        result = replace(value, **changed)
    return result


def _clean_text(text: str) -> str:
    kept = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in unicodedata.normalize("NFC", text).translate(_DIRECTION)
        if unicodedata.category(letter) not in ("Cs", "Cn", "Co")
    )
    # An amount and its unit stay on one line (ISMP; MEDi-010).
    return _AMOUNT.sub("\N{NO-BREAK SPACE}", re.sub(" +", " ", kept).strip())


def _check_size(summary: Summary) -> None:
    lengths = [len(text) for text in _strings(summary)]
    if max(lengths) > MAX_TEXT or sum(lengths) > MAX_CHARACTERS:
        raise TooLarge("A text is too long for the summary.")
    if len(summary.medicines) > MAX_MEDICINES:
        raise TooLarge("There are too many medicines for the summary.")
    for name in ("allergies", "duties", *titles(), *UNDER_MEDICINES):
        part = getattr(summary, name)
        if len(getattr(part, "items", part)) > MAX_LINES:
            raise TooLarge("A list is too long for the summary.")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
