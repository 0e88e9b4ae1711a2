"""How a view uses the database: the marks that carecoord.middleware reads."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest

View = TypeVar("View", bound=Callable)

CLINICAL, OWN, NONE = "clinical", "own", "none"
# Sign-in pages hash passwords, and no hash is made inside a transaction.
PREFIXES_WITHOUT = ("account_", "mfa_")


def no_transaction(view: View) -> View:
    """For pages that must work when the database is busy (crisis, healthz)."""
    view.transaction = NONE  # type: ignore[attr-defined]
    return view


def own_transaction(view: View) -> View:
    """For slow work (PDF, export, upload): decide and log shortly, then render."""
    view.transaction = OWN  # type: ignore[attr-defined]
    return view


def transaction_of(view: Callable, url_name: str | None) -> str:
    if (url_name or "").startswith(PREFIXES_WITHOUT):
        return NONE
    return getattr(view, "transaction", CLINICAL)


def deciding(request: HttpRequest) -> AbstractContextManager:
    """The short transaction of an own_transaction view: decide, load, log.

    Whoever opens the page on behalf of another puts a transaction of their own in
    its place (consents.views.looking).
    """
    return getattr(request, "deciding", transaction.atomic)()
