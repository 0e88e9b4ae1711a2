"""What is read in an order has one: rows of one instant do not change their places."""

import ast

import pytest

from tests.sweeps import code
from tests.sweeps.code import Module, module, modules

# Ends an order: no two rows of what is ordered share it.
ONE_EACH = {"pk", "history_id", "seq", "mail_id"}
# module -> last names that are one each there, and why.
THERE = {
    "consents.log.proof": {"patient_id": "one head for each patient"},
    "consents.log.anchor": {"patient_id": "one head for each patient"},
    "consents.part2": {"number": "the parts of one text are numbered"},
    "consents.access.oversight": {"user_id": "counted for each user"},
    "patients.access.home": {"visit__name": "grouped by the names before it"},
    "patients.drug_list.lookups": {
        "key": "one name in the list",
        "named_id": "counted for each name",
        "rxcui": "one product",
    },
}


def faults(module: Module) -> list[str]:
    known = ONE_EACH | set(THERE.get(module.name, {}))
    return [
        code.at(module, node, f"orders by {last.value}, which rows may share")
        for node, name in code.calls(module.tree)
        if name == "order_by" and node.args
        for last in node.args[-1:]
        if isinstance(last, ast.Constant) and last.value.lstrip("-") not in known
    ]


def test_every_order_ends_with_what_no_two_rows_share():
    assert [fault for each in modules() for fault in faults(each)] == []


@pytest.mark.parametrize(("name", "last"), [(m, n) for m in THERE for n in THERE[m]])
def test_every_exception_is_still_needed(name, last):
    found = next(each for each in modules() if each.name == name)
    assert any(f'"{last}")' in line for line in _orders(found))


def _orders(found: Module) -> list[str]:
    return [
        ast.unparse(node).replace("'", '"')
        for node, name in code.calls(found.tree)
        if name == "order_by"
    ]


@pytest.mark.parametrize(
    "line", ["rows.order_by('-at')", "list(rows.order_by('name', 'at')[:5])"]
)
def test_a_seeded_fault_is_found(line):
    assert faults(module("consents.x", line))
    assert not faults(module("consents.x", line.replace("at')", "at', 'pk')")))
