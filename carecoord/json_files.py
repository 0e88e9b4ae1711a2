"""The gate for a JSON file from outside: size, depth, numbers, text.

One parser reads a file, once, and refuses what two parsers could read differently
(duplicate keys, NaN, numbers without end). Sources: RFC 8259; OWASP ASVS 5.0 V1.5.3;
the nested-JSON crashes of FHIR servers (CVE-2026-62295).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, DecimalException
from typing import Any, NoReturn

MAX_BYTES = 10_000_000
MAX_DEPTH = 64
MAX_VALUES = 1_000_000  # braces, brackets and commas: bounds memory, not meaning
MAX_NUMBER_DIGITS = 40
MAX_EXPONENT = 30
MAX_NAME = 500
MAX_TEXT = 4_000

# Control characters, direction overrides and zero-width signs: none belongs in the
# name of a medicine, and each has been used to make one text look like another.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")

# What to ask for, in words that the other system's staff know.
_WANTED = "one that another health system saved (FHIR, ending in .json)"
_PACKED = (
    "This file is packed together with others. Open it, then choose the file inside "
    "that ends in .json."
)
_OTHER_FILES = (
    (b"%PDF", f"This is a PDF, to be read by people. The file must be {_WANTED}."),
    (b"PK\x03\x04", _PACKED),
    (b"\x1f\x8b", _PACKED),
    (b"<", f"This file is a page, or of another kind. It must be {_WANTED}."),
)
_TOO_MUCH = "There is too much in this file to be read here. Ask for a smaller one."
_LETTERS = "The letters in this file cannot be read. Ask for it again, saved anew."
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class UnreadableFile(Exception):
    """The file cannot be read at all; the message is one plain sentence or two."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def parse(raw: bytes | str) -> Any:
    """The JSON value in `raw`, with exact decimals.

    Raises UnreadableFile for what is too large (10 MB), too deep (64 levels), not
    JSON, not UTF-8, or open to two readings.
    """
    text = _decoded(raw)
    if sum(text.count(sign) for sign in "{[,") > MAX_VALUES:
        raise UnreadableFile(_TOO_MUCH)
    value = _loaded(text)
    _check_depth(value)
    return value


def clean_text(value: Any, *, limit: int = MAX_TEXT) -> str:
    """Text that is safe to keep: no control, direction or broken characters.

    Every string that leaves this package passes here. Numbers become text; anything
    else becomes the empty string. Line ends and runs of spaces become one space.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    text = value if isinstance(value, str) else str(value)
    # Nothing after this point needs more: a bomb of spaces is cut before the regexes.
    text = _UNSAFE.sub("", text[: limit * 4])
    return _SPACES.sub(" ", text).strip()[:limit].strip()


def _decoded(raw: bytes | str) -> str:
    if isinstance(raw, str):
        _check_size(len(raw))
        text = raw.removeprefix("\ufeff")
    else:
        _check_size(len(raw))
        text = _from_bytes(raw)
    if not text.strip():
        raise UnreadableFile("This file is empty.")
    if text.lstrip()[:1] == "<":
        raise UnreadableFile(_OTHER_FILES[-1][1])
    return text


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise UnreadableFile("This file is larger than 10 MB. Ask for a smaller one.")


def _from_bytes(raw: bytes) -> str:
    for mark, sentence in _OTHER_FILES:
        if raw.startswith(mark):
            raise UnreadableFile(sentence)
    if raw.startswith(_WIDE_MARKS) or b"\x00" in raw[:4]:
        raise UnreadableFile(_LETTERS)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(_LETTERS) from None


def _loaded(text: str) -> Any:
    try:
        return json.loads(
            text,
            strict=False,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise UnreadableFile(
            f"This file cannot be read, or it is damaged. It must be {_WANTED}."
        ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableFile(
            "This file says the same thing twice in one place, so it is not clear "
            "which one counts. Ask for it again."
        )
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_NUMBER_DIGITS:
        raise _strange_number()
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > MAX_NUMBER_DIGITS:
        raise _strange_number()
    try:
        number = Decimal(digits)
    except DecimalException:
        raise _strange_number() from None
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise _strange_number()
    return number


def _refuse_constant(_name: str) -> NoReturn:
    raise _strange_number()


def _strange_number() -> UnreadableFile:
    return UnreadableFile("This file has a number in it that cannot be right.")


def _too_deep() -> UnreadableFile:
    return UnreadableFile("This file is built so that it cannot be read safely.")


def _check_depth(value: Any) -> None:
    """Level by level, so that no depth can exhaust the stack."""
    level = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) is dict or type(child) is list
        ]
