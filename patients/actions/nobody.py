"""The work of beginning an account, and nothing of it: whoever measures learns nothing.

That somebody has an account here is the secret already (SECURITY T29).
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from carecoord.models import User


@transaction.atomic
def begin_nobody(*, user: User, complete: Callable[[User], object]) -> None:
    """Write `user` and whatever `complete` adds to them, and take all of it back."""
    user.save()
    complete(user)
    transaction.set_rollback(True)
