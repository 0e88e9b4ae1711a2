"""Each loader by itself: where one alone forgets the rule, its page tells.

The rule is one, and those who ask it are many. A comparison of two worlds proves a
loader only if something hidden would come out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client

from consents import decisions, ready
from consents.access import Reading
from tests.consents.test_rule_against_reference import FAULTS
from tests.hidden_world import mattering
from tests.hidden_world.test_hidden_world import full_world, paths, still
from tests.sweeps import requests

__all__ = ["still"]
# (module, function) and a page on which it is seen. What was added lately.
LOADERS = {
    ("patients.access.owners", "load_chosen"): "patients:tests",
    ("patients.access.monitoring", "load_monitoring"): "patients:tests",
    ("patients.access.monitoring", "load_results"): "patients:tests",
    ("patients.access.supply", "load_counts"): "patients:master_list",
    ("patients.access.supply", "load_missed"): "patients:chart",
    ("patients.access.side_effects", "load_side_effects"): "patients:chart",
    ("patients.access.changes", "load_change_rows"): "patients:chart",
    ("patients.access.changes", "_answers"): "patients:chart",
    ("patients.access.changes", "_watched"): "patients:chart",
    ("patients.access.flags", "_answered"): "patients:chart",
    ("patients.access.flags", "_conditions"): "patients:medicines",
    ("patients.access.allergies", "load_allergies"): "patients:chart",
    ("patients.access.medicines", "open_entries"): "patients:chart",
    ("patients.access.chart", "load_numbers"): "patients:chart",
    ("messaging.access.tests_due", "_by_patient"): "messaging:worklist",
}


def asked_by(module: str, function: str) -> bool:
    """Whether this function is among those that wait for the answer of the rule."""
    frame = sys._getframe(2)
    while frame:
        code = frame.f_code
        if code.co_name == function and frame.f_globals.get("__name__") == module:
            return True
        frame = frame.f_back
    return False


def forgetting(where: tuple[str, str], piece: str) -> Callable[..., Any]:
    """The rule as it is; for this loader alone, without this piece."""
    permitted = decisions.permitted
    fault = FAULTS[piece](getattr(decisions, piece))

    def asked(items, reader):
        if not asked_by(*where):
            return permitted(items, reader)
        with (
            mock.patch.object(decisions, piece, fault),
            mock.patch.object(ready, "_kept", {}),
        ):
            return permitted(items, reader)

    return asked


def page(client: Client, path: str) -> tuple[int, bytes]:
    with transaction.atomic():
        seen = requests.ask(client, path)
        transaction.set_rollback(True)
    return seen.status, seen.body


@pytest.mark.slow
@pytest.mark.security("T08", "T26", "L08", "L27")
@pytest.mark.django_db
def test_a_loader_that_forgets_the_rule_is_found(still):
    built = full_world()
    with mock.patch.object(Reading, "at", built.cast.at):
        mattering.hide_all(built.cast, "bram")
        found, client = paths(built, "bram"), built.client("bram")
        whole = {name: page(client, found[name]) for name in set(LOADERS.values())}
        silent = [
            (where, piece)
            for where, name in LOADERS.items()
            for piece in ("_item_denied", "_covers")
            if told(client, found[name], where, piece) == whole[name]
        ]
    assert silent == []


def told(client: Client, path: str, where: tuple[str, str], piece: str) -> tuple:
    with mock.patch.object(decisions, "permitted", forgetting(where, piece)):
        return page(client, path)
