"""What a permission leaves out by its author or its day changes nothing either.

Beside what is kept back or labelled (test_hidden_world.py): Jon may hear of Bram's
words alone, or of what is of the last twenty days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from consents import actions as consents
from consents.codes import CATEGORIES
from consents.disclosable import registry
from consents.windows import WINDOWED
from messaging.models import Reply, Update
from tests.cast import Cast, permit
from tests.hidden_world import hiding, mattering
from tests.hidden_world.test_hidden_world import (
    EMERGENCY,
    EMERGENCY_PDF,
    WORLDS,
    different,
    still,
    two_tellings,
)

__all__ = ["still"]
pytestmark = [pytest.mark.deep, pytest.mark.django_db]
LONG_AGO = timedelta(days=40)


def of_chidi(cast: Cast, _who: str) -> None:
    """An item of each kind, and what would matter to what is shown, by Chidi."""

    def hide(model, number: int, **fields: Any):
        return hiding.make(cast, model, number=number, author=cast.chidi, **fields)

    for model in registry():
        hide(model, 0)
    mattering.hide_what_matters(cast, hide)


def of_long_ago(cast: Cast, _who: str) -> None:
    """An item of each kind that has a day, and an answer of today to such an update."""
    then = cast.at - LONG_AGO
    for model in registry():
        kinds = CATEGORIES[hiding.CATEGORY_OF[model._meta.model_name]]
        if model.DATED and kinds & WINDOWED:
            hiding.make(cast, model, number=0, occurred_at=then)
    update = Update.objects.get(patient=cast.amina, occurred_at=then)
    answer = {"update": update, "author": cast.bram, "lineage": update.lineage}
    hiding.make(cast, Reply, number=1, **answer)


LEFT_OUT: dict[str, tuple[Callable[[Cast], dict], Callable]] = {
    "whose": (lambda cast: {"disclosers": (cast.bram,)}, of_chidi),
    "when": (lambda cast: {"items_from": cast.at - LONG_AGO / 2}, of_long_ago),
}


@pytest.mark.parametrize("which", WORLDS)
@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_a_permission_leaves_out_changes_nothing(which, what):
    built = WORLDS[which]()
    cast, (terms, hide) = built.cast, LEFT_OUT[what]
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.jon, at=cast.at, **terms(cast))
    without, hidden = two_tellings(built, "jon", hide)
    for told in (without, hidden):
        told.pop(EMERGENCY, None)
        told.pop(EMERGENCY_PDF, None)
    assert different(without, hidden) == {}
    for told in hidden.values():
        assert hiding.CANARY not in told.text + told.seen.body.decode(errors="replace")
