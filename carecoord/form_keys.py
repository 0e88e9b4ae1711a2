"""The key of a form: sent twice, it is saved once, and with other answers it is said.

A browser posts the key, so it is anything that somebody types. It never becomes an id:
the id of what is saved is made of the key, of who sends it and about whom, with the
secret of the service. Whoever knows the id of an item learns nothing by posting it, and
two people with one key never meet. The first half of the id is the form, the second
half its answers: so that nothing more is stored, and another answer is seen exactly,
whatever became of the item since.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac

M = TypeVar("M", bound=Model)
# Half an id, in bytes and in bits.
HALF, BITS = 8, 64


class FormUsedError(RuntimeError):
    """This form was saved before with other answers. `item` is what was saved."""

    def __init__(self, item: Any = None) -> None:
        super().__init__("This form was saved before with other answers.")
        self.item = item


def item_id(
    key: uuid.UUID, *, of: Collection[Any], by: Model | None, at: datetime, said: Any
) -> uuid.UUID:
    """The id of what this form saves. `of`: the kind, and what it is about.

    `by`: nobody where somebody has a code and no sign-in.

    `said` are all answers, also who may see it. A moment that is `at` counts as "now":
    the same form is the same a second later.
    """
    form = _half("form", [key, by, *of], at=at)
    answers = _half("answers", [key, said], at=at)
    return uuid.UUID(bytes=form + answers, version=5)


def saved_with(rows: QuerySet[M], made: uuid.UUID, name: str = "pk") -> M | None:
    """What this form saved already; nothing if it is new. Raises FormUsedError."""
    saved = any_saved_with(rows, made, name)
    if saved is not None and getattr(saved, name) != made:
        raise FormUsedError(saved)
    return saved


def any_saved_with(rows: QuerySet[M], made: uuid.UUID, name: str = "pk") -> M | None:
    """What this form saved already, whatever its answers were."""
    first = made.int >> BITS << BITS
    last = first | (1 << BITS) - 1
    span = {f"{name}__gte": uuid.UUID(int=first), f"{name}__lte": uuid.UUID(int=last)}
    return rows.filter(**span).order_by(name).first()


def _half(salt: str, said: Any, *, at: datetime) -> bytes:
    text = json.dumps(_plain(said, at), sort_keys=True)
    return salted_hmac(f"form_keys.{salt}", text, algorithm="sha256").digest()[:HALF]


def _plain(value: Any, at: datetime) -> Any:
    """The same text for the same answer, whatever holds it."""
    if value == at:
        return "now"
    if isinstance(value, Model):
        return str(value.pk)
    if is_dataclass(value):
        return _plain(vars(value), at)
    if isinstance(value, Mapping):
        return {str(name): _plain(each, at) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, at) for each in value]
    if isinstance(value, Decimal):
        return str(value.normalize())
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
