"""Imports run one way, and each library has one home."""

import pytest

from tests.sweeps import code
from tests.sweeps.code import APPS, Module, module, modules

# Where everything comes together: these may import any app.
ROOTS = (
    "carecoord.adapters",  # what sign-in asks of the whole: who needs two factors
    "carecoord.urls",
    "carecoord.views",
    "carecoord.middleware",
    "carecoord.management",
    "carecoord.bench",
    "carecoord.demo",
)
ONLY_IN = {
    "weasyprint": ("carecoord.pdf",),
    "guardian": ("providers.models", "providers.actions", "providers.querysets"),
    "smtplib": ("carecoord.mail", "messaging.outbox", "messaging.actions.post"),
}


def faults(module: Module) -> list[str]:
    return [*wrong_way(module), *misplaced(module)]


def wrong_way(module: Module) -> list[str]:
    return [
        code.at(module, node, f"imports {name}")
        for node, name in code.imports(module.tree)
        if not _may_import(module.name, name)
    ]


def _may_import(importer: str, name: str) -> bool:
    package = name.partition(".")[0]
    if _is_root(importer):
        return True
    if package == "carecoord":
        return not _is_root(name)
    if package not in APPS:
        return True
    app = importer.partition(".")[0]
    return app in APPS and APPS.index(package) <= APPS.index(app)


def _is_root(name: str) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in ROOTS)


def misplaced(module: Module) -> list[str]:
    return [
        code.at(module, node, f"imports {name}, which belongs to {', '.join(homes)}")
        for node, name in code.imports(module.tree)
        for library, homes in ONLY_IN.items()
        if name.partition(".")[0] == library and module.name not in homes
    ]


def test_imports_run_one_way_and_libraries_stay_where_they_belong():
    assert [fault for each in modules() for fault in faults(each)] == []


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("providers.models", "from consents import gate"),
        ("consents.access", "from patients.models import Patient"),
        ("patients.views.chart", "import messaging.models"),
        ("carecoord.pdf", "from providers import roles"),
        ("messaging.access", "def f():\n    from carecoord.views import home"),
        ("patients.documents", "import weasyprint"),
        ("consents.decisions", "from guardian.shortcuts import get_perms"),
    ],
)
def test_a_wrong_import_is_found(importer, line):
    assert faults(module(importer, line))


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("messaging.access", "from patients.models import Patient"),
        ("patients.access", "from carecoord.clock import database_now"),
        ("carecoord.middleware", "from messaging.openings import note_openings"),
        (
            "consents.access",
            "if TYPE_CHECKING:\n    from patients.models import Patient",
        ),
    ],
)
def test_a_right_import_is_left_alone(importer, line):
    assert faults(module(importer, line)) == []
