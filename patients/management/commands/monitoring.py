"""`manage.py monitoring NAME … --json`: the tests that medicines ask for."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from patients import interactions
from patients.monitoring import BadSchedule, Schedule, Span, book


class Command(BaseCommand):
    help = (
        "Says which tests medicines ask for, and when, by the files of this "
        "deployment. Help to remember, not a complete list."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            book()
        except BadSchedule as error:
            raise CommandError(str(error)) from error
        names = options["names"]
        rows = [row for name in names for row in rows_of(name)]
        unknown = [name for name in names if not interactions.is_recognised(name)]
        answer = as_json if options["json"] else as_text
        self.stdout.write(answer(rows, unknown))


def rows_of(name: str) -> list[dict[str, Any]]:
    """One row for each test that a name asks for, under stable keys."""
    known = book()
    return [
        {
            "medicine": name,
            "test": known.tests[key].name,
            "baseline": schedule.baseline,
            "when": when(schedule),
            "note": schedule.note,
            "source": schedule.source,
            "source_date": schedule.source_date,
            "checked": schedule.checked,
            "own_rhythm": schedule.own_rhythm,
            "owner": schedule.owner,
            "rule": schedule.id,
            "review": schedule.review,
        }
        for schedule in known.asked_by(interactions.ingredients_of(name))
        for key in schedule.tests
    ]


def when(schedule: Schedule) -> list[str]:
    """The rhythm in words."""
    said = ["before the first dose"] if schedule.baseline else []
    said += [f"{span_text(span)} after the start" for span in schedule.at]
    if schedule.after_change:
        said.append(f"{span_text(schedule.after_change)} after a change of dose")
    for step in schedule.every:
        until = f" until {span_text(step.until)} after the start" if step.until else ""
        said.append(f"every {span_text(step.each)}{until}")
    return said


def span_text(span: Span) -> str:
    return f"{span.count} {span.unit}{'' if span.count == 1 else 's'}"


def as_json(rows: list[dict[str, Any]], unknown: list[str]) -> str:
    answer = {"tests": rows, "not_recognised": unknown}
    return json.dumps(answer, indent=2, ensure_ascii=False)


def as_text(rows: list[dict[str, Any]], unknown: list[str]) -> str:
    lines = [
        f"{row['medicine']}: {row['test']}: {', '.join(row['when'])}. "
        f"{row['note']}\n  {row['source']}, {row['source_date']}"
        for row in rows
    ] or ["Nothing found."]
    return "\n".join([*lines, *(f"Not recognised: {name}" for name in unknown)])
