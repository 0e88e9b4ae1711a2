"""A condition of the rule as ready text, built once and filled in for each reader.

Django takes ten times as long to build the statement as a database to answer it. What
is kept is text, never an answer: who reads, and when, are parameters of each query,
and the tables are asked each time.

What Python decides from a reader's values would be frozen in the text. So it is built
for two strangers who differ in every value, and kept only if the two texts are the
same and their parameters differ in nothing but those values. Anything else is built
anew each time, as if this module were not there. (Only one thing would go unseen: a
piece that compares a reader's value with one it knows. No piece may do that.)
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError, FullResultSet
from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Field, Model, Q, UUIDField
from django.db.models.expressions import Expression
from django.db.models.sql import Query

from consents.disclosable import shape

# (model, reader) -> a condition or another expression on the model.
Build = Callable[[type[Model], Any], Any]

# How the values of a reader stand in a statement, and those of two strangers.
VALUES: dict[type, tuple[Field, Callable[[int], object]]] = {
    uuid.UUID: (UUIDField(), lambda n: uuid.UUID(int=7_000_000 + n)),
    datetime: (
        DateTimeField(),
        lambda number: datetime(1900 + number, 2, 3, tzinfo=UTC),
    ),
}
# The names that Django gives to the tables of subqueries: U0, V1, …
ALIAS = re.compile(r'(?<!["\w])([T-Z]|A[A-Z])(\d+)(?!["\w])')
TABLE = re.compile(r'(?:FROM|JOIN) "\w+"(?! rule_)')
OUTER = "\0"
BOOLEAN = BooleanField()


class Ready(Expression):
    """Ready text about the row of `model` in whatever query it is put into."""

    def __init__(self, text: str, params: list, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.text, self.params = text, params
        self.row: Any = F("pk")  # Django renames tables: this one is followed

    def get_source_expressions(self) -> list:
        return [self.row]

    def set_source_expressions(self, expressions: Sequence[Any]) -> None:
        (self.row,) = expressions

    # A list, whatever the stubs say: Django's lookups add their own to it.
    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any
    ) -> tuple[str, list]:
        table = compiler.quote_name_unless_alias(self.row.alias)
        return f"({self.text.replace(OUTER, table)})", list(self.params)


@dataclass(frozen=True)
class _Text:
    """The text, with the name of a reader's field wherever its value belongs."""

    text: str
    params: tuple[tuple[str, object], ...]  # (name of the field or "", constant)
    output_field: Field

    def filled_in(self, reader: object) -> Ready:
        params = [
            _prepared(getattr(reader, name)) if name else constant
            for name, constant in self.params
        ]
        return Ready(self.text, params, self.output_field)


_kept: dict[tuple, _Text | None] = {}


class Undecided(Exception):
    """The rule itself failed, so nothing is shown: a 503, never content (T14)."""


def ready(build: Build, model: type[Model], reader: object) -> Any:
    """`build(model, reader)`, from text that was made before if that is possible.

    Raises Undecided, whatever went wrong.
    """
    try:
        return _ready(build, model, reader)
    except Exception as error:
        raise Undecided from error


def _ready(build: Build, model: type[Model], reader: object) -> Any:
    key = _key(build, model, reader)
    if key not in _kept:
        _kept[key] = _text(build, model, reader)
    text = _kept[key]
    return build(model, reader) if text is None else text.filled_in(reader)


def _key(build: Build, model: type[Model], reader: Any) -> tuple:
    """All that the text may depend on: the values that are no parameters too.

    Of the model, what a piece may ask of it: with one text for all that are alike, the
    first page of a process takes a third of the time.
    """
    fixed = tuple(
        type(value) if type(value) in VALUES else value
        for value in _values(reader).values()
    )
    return build, shape(model), connection.vendor, type(reader), fixed


def _values(reader: Any) -> dict[str, object]:
    return {field.name: getattr(reader, field.name) for field in fields(reader)}


def _prepared(value: object) -> object:
    return VALUES[type(value)][0].get_db_prep_value(value, connection, prepared=False)


def _text(build: Build, model: type[Model], reader: Any) -> _Text | None:
    """None where the text depends on more than it can be given."""
    strangers = [_stranger(reader, first) for first in (1, 52)]
    try:
        with connection.execute_wrapper(_asks_nothing):
            compiled = [_compiled(build, model, each) for each in strangers]
    except (EmptyResultSet, FullResultSet, FieldError):
        return None
    (one, ones, field), (other, others, _) = compiled
    slots = [_slot(pair, strangers) for pair in zip(ones, others, strict=False)]
    params = [slot for slot in slots if slot is not None]
    if one != other or len(ones) != len(others) or len(params) != len(slots):
        return None
    text = ALIAS.sub(r"rule_\1\2", one)
    table = connection.ops.quote_name(model._meta.db_table)
    if TABLE.search(text):
        return None  # a table without a name of its own could be taken for the outer
    return _Text(text.replace(f"{table}.", f"{OUTER}."), tuple(params), field)


def _stranger(reader: Any, first: int) -> Any:
    """Somebody who differs from everybody in every value that is a parameter."""
    return replace(
        reader,
        **{
            name: VALUES[type(value)][1](first + number)
            for number, (name, value) in enumerate(_values(reader).items())
            if type(value) in VALUES
        },
    )


def _asks_nothing(execute: object, sql: str, *details: object) -> None:
    raise AssertionError(f"The rule is built without asking the database: {sql}")


def _compiled(build: Build, model: type[Model], reader: object) -> tuple:
    query = Query(model)
    query.get_initial_alias()
    built = build(model, reader)
    if isinstance(built, Q):
        node, field = query.build_where(built), None
    else:
        node = built.resolve_expression(query, allow_joins=False)
        field = node.output_field
    text, params = query.get_compiler(connection=connection).compile(node)
    return text, params, field or BOOLEAN


def _slot(pair: tuple, strangers: list) -> tuple[str, object] | None:
    """Whose value this parameter is: a field of the reader, or nobody's."""
    if pair[0] == pair[1]:
        return "", pair[0]
    for name, value in _values(strangers[0]).items():
        if type(value) in VALUES:
            both = tuple(_prepared(getattr(each, name)) for each in strangers)
            if both == tuple(pair):
                return name, None
    return None
