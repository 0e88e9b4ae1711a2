"""`manage.py interactions NAME NAME … --json`: the flags of a list, for checking.

`-` in place of a name reads names from standard input, one a line.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from patients import interactions
from patients.drug_list.asked import names_given
from patients.interactions import Condition, Flag, Intolerance, Taken
from patients.medicine_knowledge.near import meant_by


class Command(BaseCommand):
    help = (
        "Checks a list of names, brand or generic, and says what goes badly together. "
        "Help for a conversation, not a complete check."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME")
        parser.add_argument(
            "--allergy", action="append", default=[], metavar="NAME", help="may repeat"
        )
        parser.add_argument(
            "--condition",
            action="append",
            default=[],
            metavar="NAME",
            help="may repeat",
        )
        parser.add_argument("--age", type=int, metavar="YEARS", help="if it is known")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [name for name in names_given(options["names"]) if name.strip()]
        if not names:
            raise CommandError("Every name was empty. Give at least one medicine.")
        found = interactions.check(
            taken_of(names),
            intolerant=[
                Intolerance(f"allergy {n}", name)
                for n, name in enumerate(options["allergy"])
            ],
            conditions=[
                Condition(f"condition {n}", name)
                for n, name in enumerate(options["condition"])
            ],
            age=options["age"],
        )
        unknown = [name for name in names if not interactions.is_recognised(name)]
        answer = as_json if options["json"] else as_text
        self.stdout.write(answer(found, unknown))


def taken_of(names: list[str]) -> list[Taken]:
    return [
        Taken(
            key=f"{number}",
            name=name,
            ingredients=interactions.ingredients_of(name),
            is_substance=interactions.is_substance(name),
            stays_outside=interactions.stays_outside(name),
        )
        for number, name in enumerate(names)
    ]


def as_json(flags: list[Flag], unknown: list[str]) -> str:
    answer = {
        "flags": [flag_fields(flag) for flag in flags],
        "not_recognised": unknown,
        "did_you_mean": {name: meant_by(name) for name in unknown},
        "note": str(interactions.CAVEAT),
    }
    return json.dumps(answer, indent=2, ensure_ascii=False)


def flag_fields(flag: Flag) -> dict[str, Any]:
    """One flag under stable keys. `b` is null for a note on one medicine."""
    return {
        "a": flag.a.name,
        "b": flag.b.name if flag.b else None,
        "severity": str(flag.severity.words),
        "rank": int(flag.severity),
        "red": flag.is_red,
        "kind": str(flag.kind),
        "low_value": flag.is_low_value,
        "sentence": flag.sentence,
        "what_to_do": str(flag.what_to_do),
        "source": flag.source,
        "source_date": flag.source_date,
        "rule": flag.rule,
        "review": "awaiting",
    }


def _unknown_words(name: str) -> str:
    near = meant_by(name)
    meant = f". Did you mean {', '.join(near)}?" if near else ""
    return f"Not recognised: {name}{meant}"


def as_text(flags: list[Flag], unknown: list[str]) -> str:
    lines = [
        f"{flag.severity.words}: {' + '.join(flag.names)}\n  {flag.sentence}\n"
        f"  {flag.what_to_do}\n  {flag.source}, {flag.source_date}"
        for flag in flags
    ] or ["Nothing found."]
    lines += [_unknown_words(name) for name in unknown]
    return "\n".join([*lines, str(interactions.CAVEAT)])
