"""Writes go through actions: keyword-only, atomic, attributed."""

import ast
from collections.abc import Iterator

import pytest

from tests.sweeps import code
from tests.sweeps.code import Module, module, modules

# These show and ask; what they change, they change by calling one action.
NEVER_WRITE = ("views", "forms", "tasks", "access", "documents", "urls")
WRITES = {
    "save",
    "create",
    "acreate",
    "delete",
    "adelete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# Called like a write and none: what the chain begins with -> what it is.
NOT_ROWS = {
    "messages": "Django's one-time messages",
    "session": "the session",
    "drafts": "actions on drafts",
    "given": "the answers of a form, which call one action",
}
# What writes without being an action: module -> why.
ELSEWHERE = {
    "consents.access.reading": "a refusal: evidence of a read that failed",
    "carecoord.forms": "allauth hands over the new user to be completed",
}
# Steps that several actions share, inside their transactions: function -> why.
STEPS = {
    "patients.actions.conflict.save_next": "the save of every action with a version",
    "messaging.actions.replies.write": "the row of an answer",
    "messaging.actions.updates.address": "one more recipient of an update",
}
MOST_POSITIONS = 2
# What opens a transaction, or a savepoint that is rolled back whatever happens.
BLOCKS = {"atomic", "taken_back"}


def faults(module: Module) -> list[str]:
    return [*writes(module), *loose_actions(module)]


def writes(module: Module) -> list[str]:
    if not module.is_part_of(*NEVER_WRITE) or module.name in ELSEWHERE:
        return []
    return [
        code.at(module, node, f"calls .{name}()")
        for node, name in code.calls(module.tree)
        if isinstance(node.func, ast.Attribute)
        and (name in WRITES or (name == "update" and _is_queryset_update(node)))
        and code.first_name(node.func) not in NOT_ROWS
    ]


def _is_queryset_update(call: ast.Call) -> bool:
    """`.filter(…).update(field=…)`; a dict's update takes a dict."""
    return bool(call.keywords) and not call.args


def is_actions(module: Module) -> bool:
    return module.app != "carecoord" and module.is_part_of("actions")


def loose_actions(module: Module) -> list[str]:
    if not is_actions(module):
        return []
    return [
        code.at(module, function, f"{function.name} {fault}")
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if f"{module.name}.{function.name}" not in STEPS
        for fault in _faults_of_action(function)
    ]


def _faults_of_action(function: ast.FunctionDef) -> Iterator[str]:
    positions = len(function.args.args) + len(function.args.posonlyargs)
    writes = _writes_itself(function) or _is_atomic(function)
    if positions > (0 if writes else MOST_POSITIONS):
        yield f"takes {positions} by position"
    if _writes_itself(function) and not _is_atomic(function):
        yield "is not atomic"


def _is_atomic(function: ast.FunctionDef) -> bool:
    decorators = {code.last_name(_called(each)) for each in function.decorator_list}
    blocks = {
        code.last_name(_called(item.context_expr))
        for node in ast.walk(function)
        if isinstance(node, ast.With)
        for item in node.items
    }
    return bool(BLOCKS & (decorators | blocks))


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _writes_itself(function: ast.FunctionDef) -> bool:
    return any(
        name in WRITES or (name == "update" and _is_queryset_update(node))
        for node, name in code.calls(function)
    )


@pytest.mark.parametrize("name", STEPS)
def test_every_shared_step_is_still_there(name):
    path, _, function = name.rpartition(".")
    assert any(
        found.name == function
        for each in modules()
        if each.name == path
        for found in code.functions(each.tree)
    )


@pytest.mark.security("T75")
def test_only_actions_write_and_each_is_atomic_and_keyword_only():
    assert [fault for each in modules() for fault in faults(each)] == []


@pytest.mark.security("T75")
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("patients.views.chart", "item.save()"),
        ("patients.forms.doses", "Condition.objects.create(name='x')"),
        ("messaging.tasks", "Update.objects.filter(pk=1).update(status='x')"),
        ("consents.access.sharing", "consent.delete()"),
        ("patients.actions.x", "def stop(item, reason, by): pass"),
        ("patients.actions.x", "@atomic\ndef stop(item): item.save()"),
        ("patients.actions.x", "def stop(*, item, by):\n    item.save()"),
    ],
)
def test_a_seeded_write_is_found(name, source):
    assert faults(module(name, source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("patients.views.chart", "context.update({'a': 1})"),
        (
            "patients.actions.x",
            "@transaction.atomic\ndef stop(*, item, by):\n    item.save()",
        ),
    ],
)
def test_what_is_no_write_is_left_alone(name, source):
    assert faults(module(name, source)) == []
