"""What many tests begin with, built once and copied after that.

It is built through the real actions before the first test that asks for it, where no
test has changed anything yet. A test then gets the same rows by INSERT, and objects of
its own. Where a test has somebody already, or has emptied the whole database before, it
is built for that test.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")
# Of each table its rows in their order, spelled as in an INSERT.
Rows = dict[str, dict[str, None]]
# What the rows lean on: numbered anew when a test has emptied the whole database.
GROUND = """
SELECT (SELECT max(id) FROM django_content_type), (SELECT max(id) FROM auth_permission),
       (SELECT count(*) FROM carecoord_user)
"""


@dataclass
class Copies(Generic[T]):
    """`build`'s objects and rows, for one test after the other."""

    build: Callable[[], T]
    ground: list[tuple]
    inserts: list[str]
    objects: bytes

    @classmethod
    def of(cls, build: Callable[[], T]) -> Copies[T]:
        """Builds, takes down what came of it, and undoes it."""
        with transaction.atomic():
            ground, before = _asked(GROUND), _rows()
            objects = pickle.dumps(build())
            after = _rows()
            lost = {table for table in before if before[table].keys() - after[table]}
            assert not lost, f"rows that were there before are changed: {lost}"
            inserts = [
                _insert(table, new)
                for table in after
                if (new := [row for row in after[table] if row not in before[table]])
            ]
            transaction.set_rollback(True)
        return cls(build, ground, inserts, objects)

    def one(self) -> T:
        if not self.inserts or _asked(GROUND) != self.ground:
            return self.build()
        # What a row leans on may come after it: that is looked at where this ends.
        with transaction.atomic(), connection.cursor() as cursor:
            for insert in self.inserts:
                cursor.execute(insert)
        return pickle.loads(self.objects)


def _rows() -> Rows:
    tables = connection.introspection.table_names()
    return {
        table: dict.fromkeys(row for (row,) in _asked(_spelled(table)))
        for table in tables
    }


def _spelled(table: str) -> str:
    if connection.vendor == "postgresql":
        return f'SELECT "{table}"::text FROM "{table}"'
    columns = [name for _, name, *_ in _asked(f'PRAGMA table_info("{table}")')]
    quoted = " || ',' || ".join(f'quote("{name}")' for name in columns)
    return f'SELECT {quoted} FROM "{table}"'


def _insert(table: str, rows: list[str]) -> str:
    if connection.vendor == "postgresql":
        texts = ", ".join("'" + row.replace("'", "''") + "'" for row in rows)
        return f'INSERT INTO "{table}" SELECT (unnest(ARRAY[{texts}]::"{table}"[])).*'
    return f'INSERT INTO "{table}" VALUES ' + ", ".join(f"({row})" for row in rows)


def _asked(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
