"""Two tabs lose nothing: the second save is told what the first one wrote."""

from datetime import datetime
from typing import Any

from django.db.models import F

from carecoord.models import User
from consents.disclosable import Disclosable


class EditConflict(Exception):
    """Someone saved first. `theirs` is what stands now, freshly read."""

    theirs: Any  # of the class of what was to be saved

    def __init__(self, theirs: Disclosable) -> None:
        super().__init__("Someone changed this first.")
        self.theirs = theirs


def save_next(
    item: Disclosable, *, version: int, by: User, at: datetime, **changes: object
) -> None:
    """Saves `changes` as the next version, with its history row.

    `version` is the one that the person had in front of them. The conditional UPDATE
    takes the row, so that of two saves at once exactly one is first. Raises
    EditConflict for the other. Inside atomic() only.
    """
    model = type(item)
    same = model._base_manager.filter(pk=item.pk, version=version)
    if item.version != version or not same.update(version=F("version") + 1):
        raise EditConflict(model._base_manager.get(pk=item.pk))
    for name, value in changes.items():
        setattr(item, name, value)
    item.version = version + 1
    item._history_user, item._history_date = by, at
    item.save()
