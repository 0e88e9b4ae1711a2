"""Reads go through one door, and nothing says yes behind the rule's back (T24)."""

import ast
import re

import pytest

from tests.sweeps import code
from tests.sweeps.code import Module, module, modules, templates

# Modules that show something to a person load through access.py only.
INTERFACES = ("views", "tasks", "documents", "urls", "forms", "templatetags")
DOORS = {"objects", "_default_manager", "_base_manager", "history"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}
# Names that must not occur at all, and why.
NEVER = {
    "ObjectPermissionChecker": "it remembers what was revoked",
    "delay_on_commit": "web code never opens a connection to the broker",
    "mark_safe": "text is escaped by the template",
    "RawSQL": "queries are plain ORM",
    "from_string": "no template is made from data",
}
# What is remembered for the life of a process: module.function -> why it may be.
REMEMBERED = {
    "carecoord.fields._fernet": "keys from the settings",
    "carecoord.context_processors.place": "who runs the service, from the settings",
    "carecoord.pdf._press": "fonts and style sheets of the product",
    "carecoord.zones.named": "the name of a time zone, not a decision",
    "consents.decisions.role_masks": "the table of roles, which is code",
    "patients.interactions.knowledge.knowledge": "the rule files of the product",
    "patients.interactions.naming._phrases": "names in the product's own files",
    "patients.interactions.naming._ruled": "names in the rule files",
    "patients.monitoring.rules._read": "the files of the deployment, by their folder",
    "patients.urgent_signs.signs": "the file of signs of the product",
}
# Statements put together in code, from names in code: module -> why it may.
STATEMENTS = {
    "consents.walls": "names of our own tables and columns",
}


def faults(module: Module) -> list[str]:
    return [
        *doors(module),
        *never(module),
        *superusers(module),
        *remembered(module),
        *statements(module),
    ]


def doors(module: Module) -> list[str]:
    if not module.is_part_of(*INTERFACES):
        return []
    found = [
        code.at(module, node, f"reads .{node.attr}")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in DOORS
    ]
    found += [
        code.at(module, node, f"calls {name} on a model")
        for node, name in code.calls(module.tree)
        if name in SHORTCUTS
    ]
    return found


def never(module: Module) -> list[str]:
    found = []
    for node in ast.walk(module.tree):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if isinstance(node, ast.alias):
            name = node.name
        if name in NEVER:
            found.append(code.at(module, node, f"has {name}: {NEVER[name]}"))
    found += [
        code.at(module, node, "makes a template from data")
        for node, name in code.calls(module.tree)
        if name == "Template" and not _is_constant(node)
    ]
    found += [
        code.at(module, node, "calls text safe")
        for node, name in code.calls(module.tree)
        if name == "SafeString"
    ]
    return found


def superusers(module: Module) -> list[str]:
    """No branch on being a superuser in any clinical path."""
    if module.app == "carecoord" and module.name != "carecoord.middleware":
        return []
    return [
        code.at(module, node, "asks for is_superuser")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "is_superuser"
    ]


def remembered(module: Module) -> list[str]:
    return [
        code.at(module, function, f"{function.name} remembers its answers")
        for function in code.functions(module.tree)
        if any(_remembers(each) for each in function.decorator_list)
        and f"{module.name}.{function.name}" not in REMEMBERED
        and not _is_table(module)
    ]


def _remembers(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return code.last_name(called) in {"lru_cache", "cache"}


def _is_table(module: Module) -> bool:
    """Modules that know no patient: what they remember comes with the product."""
    return not any(
        name.partition(".")[0] in {"django", "consents", "providers"}
        or name.startswith(("patients.models", "patients.access", "messaging."))
        for _, name in code.imports(module.tree)
    )


def statements(module: Module) -> list[str]:
    """SQL is a constant; values travel beside it."""
    if module.name in STATEMENTS:
        return []
    return [
        code.at(module, node, "puts a statement together")
        for node, name in code.calls(module.tree)
        if name in {"execute", "executemany", "raw", "extra"} and not _is_constant(node)
    ]


def _is_constant(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


@pytest.mark.security("T24")
def test_the_code_reads_through_the_door():
    assert [fault for each in modules() for fault in faults(each)] == []


@pytest.mark.parametrize("name", REMEMBERED)
def test_every_exception_is_still_needed(name):
    path, _, function = name.rpartition(".")
    assert any(
        each.name == path
        and any(
            found.name == function and any(map(_remembers, found.decorator_list))
            for found in code.functions(each.tree)
        )
        for each in modules()
    ), f"{name} remembers nothing any more: take its line out."


@pytest.mark.security("T24")
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("patients.views.chart", "rows = Condition.objects.all()"),
        ("patients.views.chart", "row = get_object_or_404(Patient, pk=1)"),
        ("messaging.tasks", "Update._default_manager.get(pk=1)"),
        ("patients.documents.summary", "versions = item.history.all()"),
        ("consents.access", "ObjectPermissionChecker(user).has_perm('x', y)"),
        ("patients.access", "from guardian.core import ObjectPermissionChecker"),
        ("messaging.views.updates", "sweep.delay_on_commit(1)"),
        ("patients.templatetags.x", "mark_safe(text)"),
        ("patients.templatetags.x", "SafeString(text)"),
        ("messaging.words", "Template(update.text).render(context)"),
        ("consents.decisions", "if user.is_superuser: pass"),
        ("consents.x", "from django.db import x\n@lru_cache\ndef decide(a): pass"),
        ("consents.x", "import django\n@functools.cache\ndef may(a): pass"),
        ("patients.access", "cursor.execute(f'SELECT {name}')"),
        ("patients.access", "cursor.execute('SELECT ' + name)"),
        ("patients.access", "Patient.objects.raw('SELECT %s' % name)"),
    ],
)
def test_a_seeded_fault_is_found(name, line):
    assert faults(module(name, line))


UNSAFE = re.compile(
    r"\|\s*(safe|safeseq)\b|autoescape\s+off|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']"
    r"|<script(?![^>]*\ssrc=)|javascript:"
    r"|(src|srcset|action|poster|data)\s*=\s*[\"']?(https?:)?//"
)
# Text that leaves no browser: nothing in it is markup.
PLAIN = {".txt", ".svg", ".xml"}


def unsafe(text: str) -> list[str]:
    return [
        f"line {number}: {match.group().strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        for match in UNSAFE.finditer(line)
    ]


@pytest.mark.security("T41", "L13")
def test_templates_escape_everything_and_hold_no_inline_code():
    found = {
        str(path.relative_to(code.ROOT)): unsafe(path.read_text())
        for path in templates()
        if path.suffix not in PLAIN
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.security("T41", "L13")
@pytest.mark.parametrize(
    "line",
    [
        "{{ name|safe }}",
        "{% autoescape off %}",
        '<p style="color: red">',
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<img src="https://example.org/x.png">',
    ],
)
def test_an_unsafe_template_is_found(line):
    assert unsafe(line)
