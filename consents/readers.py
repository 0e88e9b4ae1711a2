"""Who asks the rule: a reader, a guest, and who looks along with somebody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from consents.codes import PURPOSES


@dataclass(frozen=True)
class Reader:
    """Who asks, for which purpose of use, at which instant. No field has a default.

    Raises KeyError for a purpose that does not exist.
    """

    user_id: uuid.UUID
    purpose: str
    at: datetime

    def __post_init__(self) -> None:
        PURPOSES[self.purpose]


@dataclass(frozen=True)
class Guest:
    """Who holds a code: nobody with a sign-in, so nobody on a team or an author.

    `party_id` is the party that the code's permission names. It has no `user_id`:
    a piece of the rule that was not told about guests fails, and nothing is shown.
    """

    party_id: uuid.UUID
    purpose: str
    at: datetime

    def __post_init__(self) -> None:
        PURPOSES[self.purpose]


# Who looks with the eyes of another and may know less: see `knowing`.
_knows: ContextVar[Reader | None] = ContextVar("knows", default=None)


@contextmanager
def knowing(other: Reader | None) -> Iterator[None]:
    """While it lasts, every answer of the rule is for both: the reader and `other`.

    For whoever acts for a patient and opens the pages of somebody else: what either of
    the two may not see is not there. It only ever takes away.
    """
    token = _knows.set(other)
    try:
        yield
    finally:
        _knows.reset(token)


def knower() -> Reader | None:
    """Who has to be permitted too, now; nobody on every page of one's own."""
    return _knows.get()
