"""Every table as it stands: how many rows, and a hash over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

# What reading writes, and why it may.
READING = frozenset(
    {
        "consents.disclosure",  # who looked
        "consents.disclosurehead",  # the end of its chain
        "consents.accessrefusal",  # what was asked for and not given
        "messaging.opening",  # "Opened by …" is told to the author
        "sessions.session",
    }
)


@contextmanager
def unchanged() -> Iterator[None]:
    """Fails if anything but the log of reading was written inside."""
    before = stand(but=READING)
    yield
    assert changed(before, stand(but=READING)) == []


def stand(*, but: frozenset[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """Rows and hash of every table, without the models named in `but`."""
    return {
        model._meta.label_lower: rows_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in but
    }


def rows_of(model: type[models.Model]) -> tuple[int, str]:
    """Read as the database has them, so that encrypted columns count as they are."""
    names = ", ".join(
        connection.ops.quote_name(field.column) for field in model._meta.concrete_fields
    )
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table}")
        rows = sorted(repr(row) for row in cursor.fetchall())
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


def changed(before: dict, after: dict) -> list[str]:
    return [name for name in before if before[name] != after[name]]
