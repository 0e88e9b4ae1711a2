"""docs/capabilities.md: what the sources ask for, its screens, and the tests for it.

    python -m tests.capabilities        # writes it (make docs)

A test says which row it proves: `@pytest.mark.capability("S12")`. The rows and their
screens are in capabilities.toml; the page is generated, so that it cannot go stale.
The same command writes docs/security-tests.md (tests/security.py).
"""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = ROOT / "tests" / "capabilities.toml"
PAGE = ROOT / "docs" / "capabilities.md"
AREAS = {
    "R": "the record",
    "M": "the master list",
    "P": "paper",
    "C": "consent",
    "T": "the team's conversation",
    "G": "guidance and crisis",
}
HEAD = """\
# Capabilities

Written by `make docs` from tests/capabilities.toml and from the marks on tests; do not
edit. A row counts as proved when a test carries its number. {proved} of {all} rows have
one; "not yet" stands where none has.

Areas: {areas}.

| # | area | what is asked for | what done means here | screens | tests |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One row of the contract. `screens` are names of addresses."""

    number: str
    area: str
    capability: str
    done: str
    screens: tuple[str, ...]


@dataclass(frozen=True)
class Proof:
    """A test that carries the number of a row."""

    number: str
    path: str
    test: str

    def __str__(self) -> str:
        return f"[{self.test}](../{self.path})"


@cache
def rows() -> dict[str, Row]:
    table = tomllib.loads(ROWS.read_text())
    return {
        number: Row(number, **{**row, "screens": tuple(row["screens"])})
        for number, row in table.items()
    }


@cache
def proofs() -> tuple[Proof, ...]:
    """Every mark on every test, in the order of the files."""
    return marks("capability")


def marks(kind: str) -> tuple[Proof, ...]:
    """Every mark of one kind on every test, in the order of the files."""
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
    }
    return tuple(
        proof
        for path, source in sources.items()
        if f".{kind}(" in source
        for proof in marks_in(kind, path, _tree(source))
    )


@cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def proofs_in(path: str, source: str) -> Iterator[Proof]:
    """The marks of one file; one that stands on the module proves it whole."""
    return marks_in("capability", path, ast.parse(source))


def marks_in(kind: str, path: str, tree: ast.Module) -> Iterator[Proof]:
    """The marks of one kind in one file. A mark may name several rows."""
    for node in tree.body:
        whose = getattr(node, "name", "") or Path(path).stem
        for call in ast.walk(node):
            if _is_mark(call, kind):
                for row in call.args:
                    yield Proof(row.value, path, whose)


def _is_mark(node: ast.AST, kind: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == kind
    )


def unknown() -> list[str]:
    """Marks that name no row, as sentences."""
    return [
        f"{proof.path}: {proof.test} names {proof.number}, which is no row."
        for proof in proofs()
        if proof.number not in rows()
    ]


def page(routes: dict[str, str]) -> str:
    """The whole text. `routes`: what each named address looks like."""
    proved = {proof.number for proof in proofs()}
    head = HEAD.format(
        proved=len(proved & set(rows())),
        all=len(rows()),
        areas=", ".join(f"{key} {name}" for key, name in AREAS.items()),
    )
    return head + "".join(_line(row, routes) for row in rows().values())


def _line(row: Row, routes: dict[str, str]) -> str:
    tests = [str(proof) for proof in proofs() if proof.number == row.number]
    screens = [f"`/{routes[name]}`" for name in row.screens]
    cells = (
        row.number,
        row.area,
        row.capability,
        row.done,
        "<br>".join(screens) or "none",
        "<br>".join(dict.fromkeys(tests)) or "not yet",
    )
    return f"| {' | '.join(cells)} |\n"


def routes() -> dict[str, str]:
    """Every named address, without the types of what stands in it."""
    from tests.sweeps.addresses import all_addresses

    return {
        each.name: each.route.replace("uuid:", "").replace("slug:", "")
        for each in all_addresses()
    }


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from tests import security

    PAGE.write_text(page(routes()))
    security.PAGE.write_text(security.page())


if __name__ == "__main__":
    main()
