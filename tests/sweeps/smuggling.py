"""What somebody adds to a request who would like it to be about something else.

Names of a person and of a row, and every column of every clinical table, each with a
value of another patient's: beside the form's own fields, in the address, in headers
and in cookies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consents.disclosable import registry
from consents.models import Consent
from patients.models import Patient
from tests.sweeps.filling import Form
from tests.sweeps.requests import TOKENS
from tests.sweeps.world import World

PERSONS = (
    *("patient", "patient_id", "pid", "hidden_patient_code", "user", "user_id"),
    *("username", "as", "on_behalf_of", "acting_for", "by", "author", "actor"),
    *("role", "is_staff", "is_superuser"),
)
ROWS = ("id", "pk", "uuid", "public_id", "object_id", "instance", "lineage")
UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# What differs each time: instants, encrypted text, hashes, codes drawn by lot.
BY_CHANCE = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+\d\d:?\d\d)?"
    r"|gAAAA[\w=-]+|\b[0-9a-f]{64}\b|[\w-]{43}"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b"
    r"|\b[A-Z2-9]{4}(?:-[A-Z2-9]{4})+\b|\b\d{3} \d{3}\b"
)
# The way back to the address itself, and the signed form that is carried along.
LEADS_BACK = re.compile(r'next=[^"]*|name="draft" value="[^"]*"')


@dataclass(frozen=True)
class Answer:
    """What came back, and what was written on the way."""

    status: int
    location: str
    body: bytes
    written: tuple[str, ...]


def extras(world: World, form: Form) -> dict[str, str]:
    """Everything that the form does not ask for."""
    other = world.gus_ids
    values = {name: str(other["patient_id"]) for name in PERSONS}
    values |= {name: str(other["item_id"]) for name in ROWS}
    values["user"] = values["user_id"] = str(world.cast.gus.user_id)
    for model in (*registry(), Consent, Patient):
        for field in model._meta.concrete_fields:
            values.setdefault(field.name, posted(field, world))
            values.setdefault(field.attname, posted(field, world))
    return {name: text for name, text in values.items() if name not in form.fields}


def posted(field: models.Field, world: World) -> str:
    """A value that the column would take."""
    if field.is_relation:
        name = field.related_model._meta.label_lower
        people = {"carecoord.user": world.cast.gus.user_id}
        return str(people.get(name, world.gus_ids["patient_id"]))
    if field.choices:
        return str(field.choices[-1][0])
    kinds: list[tuple[type, str]] = [
        (models.BooleanField, "on"),
        (models.UUIDField, str(world.gus_ids["item_id"])),
        (models.DateTimeField, "2001-02-03T04:05:06Z"),
        (models.DateField, "2001-02-03"),
        (models.IntegerField, "7"),
        (models.DecimalField, "7"),
    ]
    return next((text for kind, text in kinds if isinstance(field, kind)), "CNRYposted")


def ids(world: World) -> frozenset[str]:
    """Every row there is, so that a new one can be told from another patient's."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if isinstance(model._meta.pk, models.UUIDField):
            found |= {pk.hex for pk in model._base_manager.values_list("pk", flat=True)}
    return frozenset(found)


def send(client: Client, form: Form, known: frozenset[str], more: Any = None) -> Answer:
    """Sends the form, with `more` wherever a request can carry it; and undoes it."""
    more = more or {}
    headers = {f"X-{name.replace('_', '-')}": text for name, text in more.items()}
    with transaction.atomic():
        kept = client.cookies.output(header="", sep=";")
        for name in PERSONS if more else ():
            client.cookies[name] = more.get(name, "")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(
                form.action, more | form.fields, query_params=more, headers=headers
            )
        client.cookies.clear()
        client.cookies.load(kept)
        transaction.set_rollback(True)
    return Answer(
        answer.status_code,
        masked(answer.get("Location", ""), known),
        masked_body(answer.content, known),
        tuple(masked(one, known) for one in writes(queries)),
    )


def writes(queries: CaptureQueriesContext) -> list[str]:
    said = [query["sql"] for query in queries]
    return [
        sql
        for sql in said
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "session" not in sql[:40]
    ]


def masked(text: str, known: frozenset[str]) -> str:
    """New ids look alike; those that were there before stay to be seen."""

    def which(found: re.Match) -> str:
        number = found.group().replace("-", "")
        return number if number in known else "(new)"

    return BY_CHANCE.sub("(chance)", UUID.sub(which, text))


def masked_body(body: bytes, known: frozenset[str]) -> bytes:
    """A page that leads back to the address it was asked by says no more than that."""
    text = TOKENS.sub(b"", body).decode(errors="replace")
    return masked(LEADS_BACK.sub("", text), known).encode()
