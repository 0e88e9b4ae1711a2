"""The product's own code, parsed: what the sweeps over it share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("carecoord", "providers", "consents", "patients", "messaging")
APPS = PACKAGES[1:]


@dataclass(frozen=True)
class Module:
    """One Python file of the product. `name` is dotted: "patients.views.chart"."""

    name: str
    tree: ast.Module
    lines: int = 0

    @property
    def app(self) -> str:
        return self.name.partition(".")[0]

    def is_part_of(self, *parts: str) -> bool:
        """Whether it is, or lies in, a module of one of these names: "views"."""
        return bool(set(self.name.split(".")[1:]) & set(parts))


def module(name: str, source: str) -> Module:
    """A module from its text: for the seeded faults that prove a sweep."""
    return Module(name, ast.parse(source), source.count("\n") + 1)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product but the migrations, which are generated."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(module(name, path.read_text()))
    return tuple(found)


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.*"))


def at(module: Module, node: ast.AST, sentence: str) -> str:
    """ "patients.views.chart:12 reads .objects": a fault, where it can be found."""
    return f"{module.name}:{getattr(node, 'lineno', 0)} {sentence}"


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Each imported dotted name, also inside functions; not those for types only."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and _is_type_checking(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def _is_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Each call with the last name of what is called: `a.b.c()` is "c"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, last_name(node.func)


def last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def first_name(node: ast.expr) -> str:
    """Where a chain begins: `a.b.c()` is "a"."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
