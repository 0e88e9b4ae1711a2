"""`manage.py parse_medicine NAME… [--json]`: the parts of a medicine's name.

`-` in place of a name reads names from standard input, one a line.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from patients.drug_list import known_rxcui
from patients.drug_list.asked import names_given
from patients.interactions import is_recognised
from patients.medicine_knowledge import ParsedMedicine, Part, find, parse
from patients.medicine_knowledge.directions import without_when
from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.near import gathered, misspelled_in_starter


class Command(BaseCommand):
    help = (
        "Prints what a medicine's name says: ingredients, strengths, units, form, "
        "brand and, where it is known, the RxCUI."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME")
        parser.add_argument("--json", action="store_true", help="as a JSON array")

    def handle(self, *args: Any, **options: Any) -> None:
        described = [describe(name) for name in names_given(options["names"])]
        if options["json"]:
            self.stdout.write(json.dumps(described, ensure_ascii=False, indent=2))
            return
        for one in described:
            self.stdout.write(_sentence(one))


def describe(name: str) -> dict[str, Any]:
    """The parts of a name as plain data. Numbers keep every digit of the name."""
    parsed = parse(name)
    parts = parsed.ingredients
    code = _code(name)
    return {
        "name": parsed.text,
        "understood": parsed.understood,
        "ingredients": [_part(part) for part in parts],
        # Of each ingredient; of a mixture as a whole where the name says no more.
        "strengths": [_number(amount) for amount, _unit in _amounts(parsed)],
        "units": [unit or None for _amount, unit in _amounts(parsed)],
        "form": parsed.form or None,
        "brand": parsed.brand or None,
        # That of the whole name from the imported list, else that of the ingredient.
        "rxcui": code or parsed.rxcui,
        "rxcui_is_of": "name" if code else "ingredient" if parsed.rxcui else None,
        "quantity": parsed.quantity or None,
        "duration": parsed.duration or None,
        "qualifiers": list(parsed.qualifiers),
        "contents": [_content(item) for item in parsed.contents],
        "did_you_mean": _near(parsed),
    }


def _amounts(parsed: ParsedMedicine) -> list[tuple[Decimal | None, str]]:
    if parsed.together:
        return list(parsed.together)
    return [(part.strength, part.unit) for part in parsed.ingredients]


def _near(parsed: ParsedMedicine) -> list[str]:
    """Names that a misspelled one may stand for.

    None where the name is known, as a medicine or as a substance: cocaine is no slip
    for codeine.
    """
    if parsed.understood or not parsed.parts or is_recognised(parsed.text):
        return []
    typed = parsed.parts[0].name
    for asked in dict.fromkeys((key(typed), key(without_when(typed)))):
        if found := gathered(misspelled_in_starter(asked)):
            return [one.name for one in found]
    return []


def _code(name: str) -> str | None:
    """The code of the whole name; None in a database that was never set up."""
    try:
        return known_rxcui(name)
    except DatabaseError:
        return None


def _part(part: Part) -> dict[str, Any]:
    known = find(part.name)
    return {
        "name": part.name,
        "strength": _number(part.strength),
        "unit": part.unit or None,
        "words": part.strength_words or None,
        "rxcui": known.rxcui if known else None,
    }


def _content(item: Any) -> dict[str, Any]:
    medicine: ParsedMedicine = item.medicine
    return {
        "count": item.many,
        "size": item.size or None,
        "ingredients": [_part(part) for part in medicine.parts],
        "form": medicine.form or None,
        "brand": medicine.brand or None,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _sentence(described: dict[str, Any]) -> str:
    parts = " and ".join(
        " ".join(filter(None, (one["name"], one["words"])))
        for one in described["ingredients"]
    )
    rest = [described["form"], described["brand"] and f"[{described['brand']}]"]
    code = f"RxCUI {described['rxcui']}" if described["rxcui"] else "no RxCUI known"
    return ", ".join(filter(None, (parts, *rest, code)))
