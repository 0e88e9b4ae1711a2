"""T36: the sentence after a save waits in the session, in the clear: it names nobody.

The page it stands on names the item and the person, from what its reader may see.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.sweeps import code
from tests.sweeps.code import modules

LEVELS = {"success", "info", "warning", "error"}
# module -> what it puts in, which tells of no patient.
FILLED = {
    "patients.views.imports": "a count",
    "messaging.views.answers": "the line that says whom to call: a colleague",
}


def filled(tree: ast.AST) -> Iterator[ast.Call]:
    """The one-time messages into which a function puts something."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        built = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and puts_in(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if is_message(node) and (puts_in(node.args[1]) or uses(node, built)):
                yield node


def is_message(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr in LEVELS) == ("messages", True)
    )


def puts_in(text: ast.AST) -> bool:
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod | ast.Add))
        or (isinstance(part, ast.Attribute) and part.attr == "format")
        for part in ast.walk(text)
    )


def uses(node: ast.Call, built: set[str]) -> bool:
    text = node.args[1]
    return isinstance(text, ast.Name) and text.id in built


@pytest.mark.security("T36")
def test_no_message_is_filled_with_a_name():
    found = [
        code.at(module, node, "fills a message")
        for module in modules()
        if module.name not in FILLED
        for node in filled(module.tree)
    ]
    assert found == []


@pytest.mark.security("T36")
def test_a_message_with_a_name_is_found():
    for text in ('_("%s sees it.") % name', 'f"{name} sees it."', "said"):
        source = (
            f'def view():\n    said = _("%s.") % name\n    messages.success(r, {text})'
        )
        assert list(filled(ast.parse(source))), text


def test_each_exception_is_one():
    names = {module.name for module in modules() if list(filled(module.tree))}
    assert set(FILLED) <= names
