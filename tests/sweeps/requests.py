"""Asking an address as a member of the cast, and comparing two answers."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.sweeps.addresses import Address
from tests.sweeps.urls import Line
from tests.sweeps.world import World

# What differs between two answers to the same question.
TOKENS = re.compile(
    rb'(csrfmiddlewaretoken"|name="csrf-token")[^>]*|nonce-[\w+/=]+|[\w-]{32,}(?=")'
)


@dataclass(frozen=True)
class Seen:
    """Everything that an answer tells: and how much work it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    statements: list[str]


def path(world: World, address: Address, line: Line, **instead: Any) -> str:
    """The address of something of Amina's, but for what stands in `instead`."""
    values = {**world.ids, **{k: world.ids[v] for k, v in line.ids.items()}, **instead}
    return address.of(values)


def random_path(world: World, address: Address, line: Line) -> str:
    """The same address of a patient who does not exist."""
    return path(world, address, line, patient_id=uuid.uuid4())


def ask(client: Client, path: str, method: str = "get") -> Seen:
    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(path)
    return Seen(
        response.status_code,
        headers_of(response),
        without_itself(TOKENS.sub(b"", response.content), path),
        [without_values(query["sql"]) for query in queries],
    )


def without_itself(body: bytes, path: str) -> bytes:
    """A page that leads back to itself says no more than the address that was asked."""
    for spelled in (path, quote(path, safe=""), quote_plus(path)):
        body = body.replace(spelled.encode(), b"(itself)")
    return body


def headers_of(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "Set-Cookie"}


def without_values(sql: str) -> str:
    """A statement without what it asks about: ids, instants, names of savepoints."""
    sql = re.sub(r"'(?:[^']|'')*'(?:::\w+)?", "?", sql)
    sql = re.sub(r'"s\d+_x\d+"', "savepoint", sql)
    return re.sub(r"\b[0-9a-f]{32}\b|\b\d+(\.\d+)?\b", "?", sql)
