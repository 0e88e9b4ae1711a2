"""T06, T44, L12: what an address says after its question mark opens and orders nothing.

A key that no page knows is ignored; a key that a page does know finds rows of the
patient in the address only.
"""

from __future__ import annotations

import ast
import dataclasses
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from tests.sweeps import requests
from tests.sweeps.code import modules
from tests.sweeps.smuggling import PERSONS, ROWS, masked_body
from tests.sweeps.test_urls import ADDRESSES, LISTED
from tests.sweeps.urls import LINES
from tests.sweeps.world import World

INJECTED = "1' OR '1'='1'; DROP TABLE patients_patient; --"
# Names with which other systems sorted, filtered and joined (CVE-2026-24908).
ORDERS = {
    **dict.fromkeys(
        (
            *("sort", "_sort", "order", "order_by", "ordering", "o", "dir", "q"),
            *("search", "filter", "filter[name]", "fields", "page", "limit"),
            *("offset", "_connector", "_negated"),
        ),
        INJECTED,
    ),
    "patient__name__startswith": "A",
    "author__user__password__startswith": "a",
    "recorded_by__email__contains": "@",
    "entered_in_error_at__isnull": "False",
}
# What a page takes from its address: ids of rows, and words.
ROWS_OF = {
    "again": "consent_id",
    "asked": "update_id",
    "after": "update_id",
    "before": "item_id",
    "corrects": "update_id",
    "imported": "imported_consent",
    "invitation": "invitation_id",
    "request": "request_id",
    "saved": "medicine_id",
    "to": "representative_id",
    "user": "patient_id",
    "who": "representative_id",
}
WORDS = {"day", "paper", "show", "shown", "theme"}


def taken() -> Iterator[str]:
    """Every key that our code reads from an address."""
    for module in modules():
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="get") as called, args=[key, *_]):
                    if ast.unparse(called) == "request.GET.get":
                        yield ast.literal_eval(key)
                case ast.Subscript(value=ast.Attribute(attr="GET"), slice=key):
                    yield ast.literal_eval(key)
                case ast.Compare(
                    left=ast.Constant(value=key),
                    comparators=[ast.Attribute(attr="GET")],
                ):
                    yield key


def unpacked(tree: ast.AST) -> list[str]:
    """Calls that hand on whatever was asked: `filter(**request.GET)`."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg is None and "request." in ast.unparse(keyword.value)
    ]


@pytest.mark.security("T44", "L12")
def test_every_key_that_a_page_takes_is_asked_about_here():
    assert set(taken()) == set(ROWS_OF) | WORDS


@pytest.mark.security("T44", "L12")
def test_no_code_hands_a_query_on_as_it_came():
    assert [found for each in modules() for found in unpacked(each.tree)] == []


@pytest.mark.security("T44", "L12")
def test_a_query_that_is_handed_on_is_found():
    assert unpacked(ast.parse("rows.filter(**request.GET.dict())"))


def asked(client: Client, path: str, query: dict[str, str]) -> requests.Seen:
    """The page, with `query` in address and headers; what reading wrote is undone."""
    headers = {f"X-{name}": text for name, text in query.items() if name in PERSONS}
    asking = SimpleNamespace(
        get=lambda path: client.get(path, query_params=query, headers=headers)
    )
    with transaction.atomic():
        seen = requests.ask(asking, path)
        transaction.set_rollback(True)
    return dataclasses.replace(seen, body=masked_body(seen.body, frozenset()))


def pages(world: World) -> Iterator[tuple[str, Client, str]]:
    """Each page once, as the first who gets it."""
    for name in LISTED:
        line = LINES[name]
        if line.readers and not line.is_paper:
            path = requests.path(world, ADDRESSES[name], line)
            yield name, world.client(line.readers[0]), path


def differ(one: requests.Seen, other: requests.Seen) -> list[str]:
    return [
        part
        for part in ("status", "body", "statements")
        if getattr(one, part) != getattr(other, part)
    ]


@pytest.mark.slow
@pytest.mark.security("T03", "T06", "T44", "L01", "L12")
def test_no_page_knows_a_made_up_key_nor_a_row_of_another_patient(
    world: World, monkeypatch
):
    monkeypatch.setattr("patients.documents.sheet.new_document_id", lambda: "ABCD")
    # What passes between two requests is no difference: ages in seconds stand still.
    monkeypatch.setattr("carecoord.views.oldest_waiting_seconds", lambda: 7)
    monkeypatch.setattr("carecoord.views._anchor_age", lambda: 7)
    gus = str(world.gus_ids["patient_id"])
    theirs = {key: str(world.gus_ids[row]) for key, row in ROWS_OF.items()}
    nobodys = {key: str(uuid.uuid4()) for key in ROWS_OF}
    made_up = ORDERS | dict.fromkeys([*PERSONS, *ROWS], gus)
    found = {}
    for name, client, path in pages(world):
        if "/patients/" not in path:
            # One's own lists; and the privacy officer's, who may ask about anybody.
            hostile = {key: made_up[key] for key in made_up if key not in ROWS_OF}
            plain = {}
        else:
            hostile, plain = made_up | theirs, nobodys
        if said := differ(asked(client, path, hostile), asked(client, path, plain)):
            found[name] = said
    assert found == {}


@pytest.mark.security("T44", "L12")
def test_nonsense_under_a_known_key_is_no_error(world: World):
    nonsense = dict.fromkeys([*ROWS_OF, *WORDS], INJECTED)
    for name in TAKING:
        path = requests.path(world, ADDRESSES[name], LINES[name])
        client = world.client(LINES[name].readers[0])
        assert asked(client, path, nonsense).status in (200, 302, 404), name


# The pages that take something from their address.
TAKING = (
    *("consents:log", "consents:grant", "consents:revoke", "consents:report_conduct"),
    *("consents:looks_wrong", "consents:privacy_refused", "patients:summary"),
    *("patients:record_list", "patients:item_privacy", "patients:medicines"),
    *("messaging:worklist", "messaging:updates", "messaging:update_new"),
)


@pytest.mark.security("L12")
def test_a_page_that_sorts_by_whatever_was_asked_is_found(world: World, settings):
    """The vulnerable twin (CVE-2026-24908)."""
    settings.ROOT_URLCONF = "tests.sweeps.telling"
    client = world.client("amina")
    one = asked(client, "/sorted/", {"order_by": "name"})
    assert differ(one, asked(client, "/sorted/", {"order_by": "-name"}))
