"""How templates print a dose and a name. Nothing here trusts what people typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consents.codes import Relation
from patients import medicine_names
from patients.dosage import Dosage
from patients.safe_text import safe
from patients.supply_page import PHONE

register = template.Library()
FOLDED_AT_LEAST = 2


@register.filter
def dose_line(dosage: Dosage, on: date | None = None) -> str:
    """The whole sentence. With a day, a step plan says which step is the one now."""
    return dosage.line_on(on)


@register.filter
def dose_each_time(dosage: Dosage) -> str:
    """How much at one time: `25 mg (1 tablet)`."""
    return dosage.each_time_text


@register.filter
def dose_a_day(dosage: Dosage) -> str:
    """How much a day, or at most in 24 hours; empty if not taken every day."""
    return dosage.a_day_text


@register.filter
def dose_when(dosage: Dosage) -> str:
    """When it is taken: `at bedtime`, `every 4 weeks`."""
    return dosage.when_text


@register.filter
def dose_now(dosage: Dosage, on: date) -> str:
    """Where a step plan stands on a day; empty for every other schedule."""
    return dosage.now_text_on(on)


@register.filter
def medicine_text(text: str | None) -> str:
    """What someone typed about a medicine, in the form that may be printed."""
    return safe(text or "")


@dataclass(frozen=True)
class Split:
    """The entries that stand open, and those that a small screen folds."""

    first: Sequence[object]
    rest: Sequence[object]


@register.filter
def fold_after(rows: Sequence[object] | None, count: int) -> Split:
    """Folds from two entries on: one is not worth a tap.

    What is dangerous, severe, late or not sent, or got worse stays open, wherever it
    stands.
    """
    rows = list(rows or ())
    open_rows = [
        row for place, row in enumerate(rows) if place < count or _stays_open(row)
    ]
    if len(rows) - len(open_rows) < FOLDED_AT_LEAST:
        return Split(rows, ())
    shown = {id(row) for row in open_rows}
    return Split(open_rows, [row for row in rows if id(row) not in shown])


def _stays_open(row: object) -> bool:
    if isinstance(row, dict):
        return bool(row.get("is_severe") or row.get("is_worse"))
    return bool(getattr(row, "dangerous", False) or getattr(row, "pressing", ""))


@register.filter
def phones(text: str) -> SafeString:
    """The text with each phone number whole on one line."""
    parts = PHONE.split(text or "")
    return format_html_join("", "{}", ((_phone_part(part),) for part in parts))


def _phone_part(part: str) -> str:
    if not PHONE.fullmatch(part):
        return part
    return format_html('<span class="nowrap keep">{}</span>', part)


@register.filter
def tall_man(name: str) -> SafeString:
    """The name with tall man letters to see, and the plain spelling to hear."""
    parts = medicine_names.name_parts(safe(name or ""))
    return format_html_join("", "{}", ((_name_part(part),) for part in parts))


def _name_part(part: medicine_names.NamePart) -> str:
    if not part.is_tall:
        return part.seen
    return format_html(
        '<span aria-hidden="true">{}</span><span class="vh">{}</span>',
        part.seen,
        part.heard,
    )


@register.filter
def plain_name(name: str) -> str:
    """The name as on the patient's own list, without tall man letters."""
    return medicine_names.plain_name(safe(name or ""))


class LettersNode(template.Node):
    """A piece of a page in the letters of whoever opened it."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: template.Context) -> SafeString:
        markup = self.nodelist.render(context)
        opened = context.get("opened")
        if opened is None or opened.relation == Relation.CLINICIAN:
            return markup
        return plain_letters(markup)


@register.tag
def letters(parser: template.base.Parser, token: template.base.Token) -> LettersNode:
    """`{% letters %}…{% endletters %}`: tall man letters are for clinicians alone.

    The patient, family and whoever acts for the patient read the plain names.
    """
    nodes = parser.parse(("endletters",))
    parser.delete_first_token()
    return LettersNode(nodes)


# What the filter tall_man draws of one name.
TALL_NAME = re.compile(
    r'<span aria-hidden="true">\w+</span><span class="vh">(\w+)</span>'
)


def plain_letters(markup: SafeString) -> SafeString:
    """A finished piece of a page without tall man letters: each name once.

    It changes the case of letters in words that are names, and nothing else.
    """
    once = TALL_NAME.sub(r"\1", markup)
    return type(markup)(medicine_names.without_tall_letters(once))
