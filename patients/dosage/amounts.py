"""Numbers, units and forms as they may safely be written beside a medicine.

Sources: ISMP list of error-prone abbreviations, Joint Commission "Do Not Use" list.
The decimal point and the thousands comma are the same in every language, because a
dose that changes its look with the language is a dose that is misread.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

NBSP = "\N{NO-BREAK SPACE}"
LARGEST_AMOUNT = Decimal(10_000_000)
DECIMAL_PLACES = 4
LONGEST_ENTRY = 24

GLYPHS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8"}
SPELLED = {"half": "1/2", "a half": "1/2", "a quarter": "1/4", "quarter": "1/4"}
WHOLE = re.compile(r"\d+|[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
PLAIN = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)?(?:\.\d+)?", re.ASCII)
FRACTION = re.compile(r"(?:(\d+)(?: and)? )?(\d+)/(\d+)", re.ASCII)
# "1.500" is one and a half here and fifteen hundred in Spain: nobody should guess.
POINT_OR_THOUSAND = re.compile(r"[1-9]\d{0,2}\.\d\d0", re.ASCII)

UNITS = {
    "mg": ("mgs", "milligram", "milligrams", "miligramos"),
    "mcg": ("ug", "µg", "μg", "mcgs", "microgram", "micrograms", "microgramos"),
    "g": ("gm", "gms", "gram", "grams", "gramos"),
    "units": ("unit", "u", "iu", "ui", "international units", "unidades"),
    "mL": ("cc", "ccs", "milliliter", "milliliters", "millilitre", "millilitres"),
    "mEq": ("meqs", "milliequivalent", "milliequivalents"),
    "mmol": ("millimole", "millimoles"),
    "ng": ("nanogram", "nanograms"),
    "kg": ("kilogram", "kilograms"),
    "L": ("liter", "liters", "litre", "litres"),
    "%": ("percent", "per cent", "pct"),
    "hour": ("hr", "hrs", "h", "hours"),
    "24 hours": ("24 hour", "24 hr", "24 hrs", "24h", "24hr", "24 h", "day"),
}
UNIT_BY_SPELLING = {
    spelling.lower(): unit
    for unit, spellings in UNITS.items()
    for spelling in (unit, *spellings)
}
DOSE_UNITS = tuple(u for u in UNITS if u not in {"hour", "24 hours", "kg"})

FORMS = {
    "tablet": ngettext_lazy("tablet", "tablets", "n"),
    "capsule": ngettext_lazy("capsule", "capsules", "n"),
    "injection": ngettext_lazy("injection", "injections", "n"),
    "patch": ngettext_lazy("patch", "patches", "n"),
    "film": ngettext_lazy("film", "films", "n"),
    "lozenge": ngettext_lazy("lozenge", "lozenges", "n"),
    "gum": ngettext_lazy("piece of gum", "pieces of gum", "n"),
    "gummy": ngettext_lazy("gummy", "gummies", "n"),
    "drop": ngettext_lazy("drop", "drops", "n"),
    "spray": ngettext_lazy("spray", "sprays", "n"),
    "puff": ngettext_lazy("puff", "puffs", "n"),
    "packet": ngettext_lazy("packet", "packets", "n"),
    "scoop": ngettext_lazy("scoop", "scoops", "n"),
    "suppository": ngettext_lazy("suppository", "suppositories", "n"),
    "application": ngettext_lazy("application", "applications", "n"),
    "dose": ngettext_lazy("dose", "doses", "n"),
}
FORM_BY_SPELLING = {
    "tab": "tablet",
    "tabs": "tablet",
    "pill": "tablet",
    "pills": "tablet",
    "cap": "capsule",
    "caps": "capsule",
    "shot": "injection",
    "shots": "injection",
    "cream": "application",
    "gel": "application",
    "ointment": "application",
    "inhaler": "puff",
} | {form: form for form in FORMS}
LIQUIDS = frozenset({"liquid", "solution", "oral solution", "syrup", "suspension"})


class AmountError(ValueError):
    """What was typed is not an amount; the message is a sentence for that person."""


class Amount(NamedTuple):
    """An exact quantity with its unit, which is never lost: 12.5 mg."""

    value: Decimal
    unit: str

    @property
    def text(self) -> str:
        """The quantity as it may be printed: `1,000 units`, `0.5 mg`, `0.05%`."""
        number = number_text(self.value)
        if self.unit == "%":
            return f"{number}%"
        return f"{number}{NBSP}{unit_text(self.unit, self.value)}"

    def __str__(self) -> str:
        return self.text


def number_text(value: Decimal) -> str:
    """A number without trailing zero or naked point, with commas from 1,000."""
    text = format(value, ",f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def unit_text(unit: str, value: Decimal) -> str:
    """The unit in words: `1 unit`, `2 units`; other units have no plural."""
    head, per, rest = unit.partition(" per ")
    if head == "units":
        head = pgettext("dose", "unit") if value == 1 else pgettext("dose", "units")
    return f"{head} {_('per')} {rest}" if per else head


def normalise_unit(text: str) -> str:
    """The safe spelling of a unit: µg and ug to mcg, IU and U to units, cc to mL.

    A slash becomes "per", because it has been read as a 1. What is not known comes
    back as it was typed, without the spaces around it, so that it is never lost.
    """
    cleaned = " ".join(text.split()).rstrip(".")
    head, slash, rest = cleaned.partition("/")
    if not slash:
        head, slash, rest = cleaned.partition(" per ")
    unit = UNIT_BY_SPELLING.get(head.strip().lower(), head.strip())
    return f"{unit} per {_denominator(rest)}" if slash and rest.strip() else unit


def _denominator(text: str) -> str:
    match = re.fullmatch(r"\s*(\d*\.?\d*)\s*(\D.*)", text)
    whole = UNIT_BY_SPELLING.get(text.strip().lower())
    if whole or not match:
        return whole or text.strip()
    number, word = match.groups()
    unit = UNIT_BY_SPELLING.get(word.strip().lower(), word.strip())
    if unit == "hour" and number not in {"", "1"}:
        unit = "hours"
    return f"{number} {unit}".strip()


def normalise_form(text: str) -> str:
    """The singular, lower-case form of a medicine: `Tabs` to `tablet`."""
    form = " ".join(text.lower().split())
    if form in FORM_BY_SPELLING:
        return FORM_BY_SPELLING[form]
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        stem = form.removesuffix(ending) + singular
        if form.endswith(ending) and stem in FORM_BY_SPELLING:
            return FORM_BY_SPELLING[stem]
    return form


def count_text(count: Decimal, form: str) -> str:
    """How many of a form, in words that survive a fax: `half tablet`, `2 tablets`.

    Liquids count in millilitres. A count is never returned without its form.
    """
    form = normalise_form(form) or "dose"
    if form in LIQUIDS:
        return Amount(count, "mL").text
    whole, part = divmod(count, 1)
    words = _part_words(part)
    if words is None:
        return f"{number_text(count)}{NBSP}{form_text(form, count)}"
    if not part:
        return f"{number_text(whole)}{NBSP}{form_text(form, whole)}"
    if not whole:
        return f"{words} {form_text(form, Decimal(1))}"
    mixed = _("%(whole)s and %(part)s") % {
        "whole": number_text(whole),
        "part": words if part == Decimal("0.75") else _("a %(part)s") % {"part": words},
    }
    return f"{mixed.replace(' ', NBSP, 1)} {form_text(form, Decimal(2))}"


def _part_words(part: Decimal) -> str | None:
    return {
        Decimal(0): "",
        Decimal("0.25"): pgettext("part of a tablet", "quarter"),
        Decimal("0.5"): pgettext("part of a tablet", "half"),
        Decimal("0.75"): pgettext("part of a tablet", "three quarters"),
    }.get(part)


def form_text(form: str, count: Decimal) -> str:
    """The form in the number that the count asks for."""
    known = FORMS.get(form)
    single = count <= 1
    if known is not None:
        return str(known % {"n": 1 if single else 2})
    return form if single else _plural(form)


def _plural(form: str) -> str:
    head, comma, rest = form.partition(",")
    if head.endswith(("s", "x", "ch", "sh")):
        head += "es"
    elif re.search(r"[^aeiou]y$", head):
        head = f"{head[:-1]}ies"
    else:
        head += "s"
    return head + comma + rest


def parse_amount(text: str) -> Decimal:
    """Read an amount that a person typed: `25`, `.5`, `1,000`, `1/2`, `1 ½`.

    Raises AmountError with a sentence for everything else. What could be read in two
    ways (`1,5`, `1.500`, `11/2`) is refused, never guessed.
    """
    if len(text) > LONGEST_ENTRY:
        raise AmountError(_plain_number_sentence())
    value = _read(_tidy(text))
    if value <= 0:
        raise AmountError(_("Enter an amount above 0, or leave it empty."))
    if value > LARGEST_AMOUNT:
        raise AmountError(_("That amount is too large. Check the label."))
    if -int(value.normalize().as_tuple().exponent) > DECIMAL_PLACES:
        raise AmountError(_("Use at most 4 digits after the point."))
    return value


def _tidy(text: str) -> str:
    for glyph, fraction in GLYPHS.items():
        text = text.replace(glyph, f" {fraction}")
    tidy = " ".join(text.replace("⁄", "/").lower().split())
    head, joint, tail = tidy.rpartition(" and ")
    return f"{head}{joint}{SPELLED.get(tail, tail)}"


def _read(text: str) -> Decimal:
    if POINT_OR_THOUSAND.fullmatch(text):
        raise AmountError(_unclear_number_sentence(text))
    if PLAIN.fullmatch(text) and any(letter.isdigit() for letter in text):
        return Decimal(text.replace(",", ""))
    if "," in text and re.fullmatch(r"[\d,.]+", text, re.ASCII):
        raise AmountError(_unclear_number_sentence(text))
    match = FRACTION.fullmatch(text)
    if match is None:
        raise AmountError(_plain_number_sentence())
    whole, top, bottom = (int(part or 0) for part in match.groups())
    if bottom not in (2, 4, 8):
        raise AmountError(_plain_number_sentence())
    # "11/2" is most often "1 1/2" without its space.
    if top >= bottom:
        raise AmountError(_unclear_number_sentence(text))
    return whole + Decimal(top) / bottom


def _plain_number_sentence() -> str:
    return _("Enter the amount as a number, like 0.5 or 25.")


def _unclear_number_sentence(text: str) -> str:
    return _(
        "“%(text)s” can be read in two ways. Write it like 1.5, 0.5, 15 or 1,500."
    ) % {"text": text}
