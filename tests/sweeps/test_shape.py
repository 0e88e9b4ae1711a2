"""Small files, small functions, and no drawers for odds and ends."""

import ast

import pytest

from tests.sweeps import code
from tests.sweeps.code import Module, module, modules

FILE_LINES = 400
LINES_IN = {"views": 25, "tasks": 10}
DRAWERS = {"utils", "helpers", "services", "misc", "common"}
# Too long for now: module or module.function -> whose pages it belongs to.
TEMPORARY = {
    "consents.views.change._difference_page": "sharing",
}


def faults(module: Module) -> list[str]:
    found = []
    if module.lines > FILE_LINES:
        found.append(f"{module.name} has {module.lines} lines")
    if DRAWERS & set(module.name.split(".")):
        found.append(f"{module.name} is a drawer: name it after what it holds")
    for part, most in LINES_IN.items():
        if module.is_part_of(part):
            found += _long_functions(module, most)
    return found


def _long_functions(module: Module, most: int) -> list[str]:
    return [
        f"{module.name}.{function.name} has {lines_of(function)} lines, {most} allowed"
        for function in code.functions(module.tree)
        if lines_of(function) > most
    ]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without decorators and docstring."""
    first = function.body[0]
    docstring = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        docstring = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def test_files_and_functions_are_small():
    found = [
        fault
        for each in modules()
        for fault in faults(each)
        if fault.split()[0] not in TEMPORARY
    ]
    assert found == []


def test_every_temporary_exception_is_still_needed():
    standing = {fault.split()[0] for each in modules() for fault in faults(each)}
    assert set(TEMPORARY) <= standing


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("patients.views.chart", "def chart():\n" + "    x = 1\n" * 25),
        ("messaging.tasks", "def send():\n" + "    x = 1\n" * 10),
        ("patients.rows", "x = 1\n" * 400),
        ("patients.utils", "x = 1"),
    ],
)
def test_a_seeded_fault_is_found(name, source):
    assert faults(module(name, source))
