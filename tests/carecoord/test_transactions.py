"""The marks by which a view says how it uses the database."""

import pytest
from django.urls import get_resolver

from carecoord import transactions
from carecoord.transactions import no_transaction, own_transaction, transaction_of
from tests.sweeps.addresses import all_addresses
from tests.sweeps.urls import ACCOUNT, LINES


def view(request):
    return None


def test_a_page_is_clinical_unless_it_says_otherwise():
    assert transaction_of(view, "patients:chart") == transactions.CLINICAL
    assert transaction_of(view, None) == transactions.CLINICAL


@pytest.mark.parametrize(
    ("mark", "mode"),
    [(no_transaction, transactions.NONE), (own_transaction, transactions.OWN)],
)
def test_a_mark_is_what_the_page_gets(mark, mode):
    assert transaction_of(mark(lambda request: None), "x") == mode


@pytest.mark.parametrize("name", ["account_login", "mfa_index"])
def test_no_password_is_hashed_inside_a_transaction(name):
    assert transaction_of(view, name) == transactions.NONE


def modes() -> dict[str, str]:
    resolver = get_resolver()
    found = {}
    for address in all_addresses():
        if not address.name.startswith(ACCOUNT):
            callback = _callback(resolver, address.name)
            found[address.name] = transaction_of(callback, address.name)
    return found


def _callback(resolver, name: str):
    space, _, last = name.rpartition(":")
    for pattern in resolver.url_patterns:
        inner = getattr(pattern, "url_patterns", None)
        if inner is not None and getattr(pattern, "namespace", None) == (space or None):
            if found := _callback(pattern, last):
                return found
        elif inner is None and pattern.name == last and not space:
            return pattern.callback
    return None


def test_what_must_work_when_the_database_is_busy_opens_none():
    for name in ("crisis", "healthz", "readyz", "signed_out"):
        assert modes()[name] == transactions.NONE, name


def test_no_document_is_printed_inside_a_transaction():
    """A render of some seconds would stop every writer on SQLite."""
    paper = {name for name, line in LINES.items() if line.is_paper}
    assert paper
    assert {name: modes()[name] for name in paper} == dict.fromkeys(
        paper, transactions.OWN
    )
