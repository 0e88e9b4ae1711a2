"""No action takes the key that a browser posts as the id of anything."""

import ast

import pytest

from tests.sweeps import code
from tests.sweeps.code import Module, module, modules

NAMES = {"key", "form_key"}
# Where the key is a column of its own, which nobody is shown and nothing is found by
# but the writer's own form: function -> why.
A_COLUMN = {
    "messaging.actions.updates": "Update.form_key",
    "messaging.actions.replies": "Reply.form_key",
}
APPS = ("consents", "patients", "messaging")
# What hands the key to item_id, and is looked at itself.
MAKES = {"item_id", "signed_before", "_sign_once"}


def faults(module: Module) -> list[str]:
    is_action = module.is_part_of("actions") and module.app in APPS
    if not is_action or module.name in A_COLUMN:
        return []
    return [
        code.at(module, node, f"{node.name} takes a key past form_keys.item_id")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and _takes(node) and not _makes(node)
    ]


def _takes(node: ast.FunctionDef) -> bool:
    given = [*node.args.args, *node.args.kwonlyargs]
    return any(each.arg in NAMES for each in given)


def _makes(node: ast.FunctionDef) -> bool:
    """Whether the key is used only as what an id is made of: once, or not given."""
    used = [
        each
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and each.id in NAMES
    ]
    made = [
        each
        for call, name in code.calls(node)
        if name in MAKES and call.args
        for each in ast.walk(call.args[0])
        if isinstance(each, ast.Name) and each.id in NAMES
    ]
    return used == made


def test_a_posted_key_is_no_id():
    found = [fault for each in modules() for fault in faults(each)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "body",
    [
        "Row(id=key)",
        "Row.objects.filter(pk=key).first()",
        "made = form_keys.item_id(key); Row(id=key)",
        "made = form_keys.item_id(made_of(pk, key), key)",
        "made = signed_before(key); Row(id=key or made)",
    ],
)
def test_an_action_that_takes_it_is_found(body):
    source = f"def add(*, key):\n    {body}\n"
    assert faults(module("patients.actions.seeded", source))
