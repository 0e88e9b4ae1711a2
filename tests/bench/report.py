"""docs/benchmarks.md, from what was measured."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

HEAD = """\
# Benchmarks

Written by `{command}`; do not edit. `make bench` runs it with the usual sizes.

{machine}. {day}. A world of
{patients:,} patients and {updates:,} updates, every clinician with a mix of
permissions: with and without labels, ended, stopped, narrow, denied, items kept back:

    python manage.py demo_data --patients {patients} --updates {updates}

Times are medians in milliseconds. What is compared took turns, so the **ratios** hold
on another machine; the milliseconds do not.{busy}
"""
LISTS = """\
## permitted() for one page of updates

The newest 50 that the reader may see, ids first, bodies late, against the same rows by
primary key. *In the database* is the statement that decides, as ready text, against the
ids by primary key. *Building* is what Django takes to make that text.
"""
SINGLE = """\
## decide() for one update

{pairs} pairs of a reader and an update ({reasons}).
"""
PAGES = """\
## Whole pages

Through middleware, decision, template and disclosure log, for the clinician with the
longest worklist, outbox and proxy left out.
"""
PRINTING = """\
## The one-page summary

In a process of its own, without a database.
"""
MEDICINES = """\
## Names and warnings

Suggesting while somebody types, with a complete list of {codes:,} codes; and checking a
list of so many lines, with every rule, in a process without a database. {day}.
"""
PLANS = """\
## How the engines go about it

The plan of the statement that decides.
"""


def write(
    engines: list[dict],
    printing: dict,
    medicines: list[dict],
    *,
    options: argparse.Namespace,
) -> str:
    parts = [_head(options)]
    for engine in engines:
        made = f"{engine['engine']}: the world was made in {engine['making']:.0f} s."
        parts.append(made)
    parts += [LISTS, *_for_each(engines, _lists)]
    parts += [_single_head(engines[0]), _table(_single(engines))]
    parts += [PAGES, _table(_pages(engines))]
    parts += [PRINTING, _table(_printing(printing))]
    parts += _medicines(medicines)
    parts += [PLANS, *_for_each(engines, _plans)]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def with_medicines(page: str, medicines: list[dict]) -> str:
    """The page with its part on medicines written again."""
    title = MEDICINES.partition("\n")[0]
    before, _title, rest = page.partition(title)
    if not rest:
        before, _title, rest = page.partition(PLANS.partition("\n")[0])
        after = f"{_title}{rest}"
    else:
        after = "## " + rest.partition("\n## ")[2]
    part = "\n".join(text.rstrip("\n") + "\n" for text in _medicines(medicines))
    return f"{before}{part}\n{after}"


def _for_each(engines: list[dict], section) -> Iterator[str]:
    for engine in engines:
        yield f"{engine['engine']}:\n"
        yield section(engine)


def _table(rows: Iterable[list[str]]) -> str:
    first, *others = rows
    lines = [first, ["---", *["---:"] * (len(first) - 1)], *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ms(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


def _times(value: float, other: float) -> str:
    return f"{value / other:.1f}×"


# The sections ---------------------------------------------------------------------


def _head(options: argparse.Namespace) -> str:
    load = os.getloadavg()[0]
    busy = f" The machine was busy with other work (load {load:.0f})." * (load > 3)
    return HEAD.format(
        command=options.command,
        machine=_machine(),
        day=f"{date.today():%B %-d, %Y}",
        patients=options.patients,
        updates=options.updates,
        busy=busy,
    )


def _machine() -> str:
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [x for x in info.read_text().splitlines() if "model name" in x]
        name = named[0].partition(":")[2].strip() if named else name
    libraries = ", ".join(f"{x} {version(x)}" for x in ("django", "weasyprint"))
    python = platform.python_version()
    return f"{os.cpu_count()} × {name}, Python {python}, {libraries}"


def _lists(engine: dict) -> str:
    rows = [
        [
            "page",
            "rows",
            "updates there",
            "by key",
            "permitted",
            "ratio",
            "by key, in the database",
            "permitted, in the database",
            "ratio there",
            "building",
        ]
    ]
    for page in engine["lists"]:
        rows.append(
            [
                page["name"],
                str(page["rows"]),
                f"{page['candidates']:,}",
                _ms(page["by_key"]),
                _ms(page["permitted"]),
                _times(page["permitted"], page["by_key"]),
                _ms(page["by_key_in_database"]),
                _ms(page["permitted_in_database"]),
                _times(page["permitted_in_database"], page["by_key_in_database"]),
                _ms(page["building"]),
            ]
        )
    return _table(rows)


def _single_head(engine: dict) -> str:
    found = engine["single"]
    reasons = "; ".join(f"{says}: {count}" for says, count in found["reasons"].items())
    return SINGLE.format(pairs=found["pairs"], reasons=reasons)


def _single(engines: list[dict]) -> Iterator[list[str]]:
    yield ["", *(f"{engine['engine']}, {x}" for engine in engines for x in STATS)]
    for name, says in WAYS.items():
        yield [
            says,
            *(_ms(engine["single"][name][x]) for engine in engines for x in STATS),
        ]


STATS = ("median", "p95")
WAYS = {
    "by_key": "the row by primary key",
    "permitted": "the row through permitted()",
    "decide": "decide(): yes or no, why, and on which consent",
}


def _pages(engines: list[dict]) -> Iterator[list[str]]:
    heads = ("queries", "first", *STATS)
    yield ["page", *(f"{engine['engine']}, {x}" for engine in engines for x in heads)]
    for pages in zip(*(engine["pages"] for engine in engines), strict=True):
        cells = [
            str(page[x]) if x == "queries" else _ms(page[x])
            for page in pages
            for x in heads
        ]
        yield [pages[0]["name"], *cells]


def _printing(printing: dict) -> Iterator[list[str]]:
    yield ["", "ms"]
    for name, took in (printing["cold"] | printing["warm"]).items():
        yield [name, _ms(took)]


def _medicines(engines: list[dict]) -> list[str]:
    day = f"{date.today():%B %-d, %Y}"
    return [
        MEDICINES.format(codes=engines[0]["codes"], day=day),
        _table(_suggesting(engines)),
        _table(_checks(engines[0]["flags"])),
    ]


def _suggesting(engines: list[dict]) -> Iterator[list[str]]:
    heads = (*STATS, "slowest")
    yield ["suggesting a name, ms", *heads]
    for engine in engines:
        yield [engine["engine"], *(_ms(engine["suggesting"][x]) for x in heads)]


def _checks(flags: dict) -> Iterator[list[str]]:
    yield ["checking a list", "ms", "flags"]
    yield ["the first of a process, which reads the rules", _ms(flags["first"]), ""]
    for check in flags["checks"]:
        took, number = _ms(check["took"]), f"{check['flags']:,}"
        yield [f"{check['lines']} lines", took, number]


def _plans(engine: dict) -> str:
    return "\n".join(
        f"- {page['name']}: {'; '.join(page['plan'])}" for page in engine["lists"]
    )
