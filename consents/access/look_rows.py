"""Which rows of the log one page of "who looked" holds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from consents.models import Disclosure


@dataclass(frozen=True)
class Rows:
    """Newest first."""

    rows: list[Disclosure]
    # Where the next page begins, when there is one.
    next_before: uuid.UUID | None
    # More of the rows apart lie in between than are here.
    left_out: bool = False


def of_page(rows: QuerySet[Disclosure], *, apart: uuid.UUID | None, size: int) -> Rows:
    """The newest `size` rows, and of the user `apart` at most as many in between.

    Who reads their own record every day would push out of sight who else did.
    """
    others = rows.exclude(user_id=apart) if apart else rows
    found = list(others.order_by("-seq")[: size + 1])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    before = last.pk if last else None
    if not apart:
        return Rows(shown, before)
    own = rows.filter(user_id=apart)
    mine = list(
        (own.filter(seq__gt=last.seq) if last else own).order_by("-seq")[: size + 1]
    )
    together = sorted([*shown, *mine[:size]], key=lambda row: -row.seq)
    return Rows(together, before, len(mine) > size)
