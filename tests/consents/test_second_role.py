"""The second database role of docs/operations.md cannot touch the logs."""

import re
from pathlib import Path

import pytest
from django.db import Error, connection, transaction

from consents import log, walls
from consents.models import AccessRefusal, Disclosure
from tests.consents.test_log import entry

pytestmark = pytest.mark.postgres

ROLE = "carecoord_app"
REFUSED = "42501"  # insufficient_privilege
TABLES = [model._meta.db_table for model in (Disclosure, AccessRefusal)]
CHANGES = ("UPDATE {} SET entrance = 'y'", "DELETE FROM {}", "TRUNCATE {}")


def documented() -> list[str]:
    """The grants exactly as an operator reads them."""
    text = Path("docs/operations.md").read_text()
    return re.findall(rf"^ +((?:GRANT|REVOKE) .* {ROLE};)$", text, flags=re.MULTILINE)


def ask(sql: str) -> str:
    """How the database answers: "" or the code of its error."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except Error as error:
        return getattr(error.__cause__, "sqlstate", "") or "?"
    return ""


@pytest.fixture
def as_the_service(cast):
    """Its role, with rows in both logs and every trigger gone."""
    log.write([entry(cast, cast.amina, 0)])
    AccessRefusal.objects.create(
        patient_id=cast.amina.pk, user=cast.user("dana"), at=cast.at, entrance="x"
    )
    walls.remove()
    assert ask(f"CREATE ROLE {ROLE}") == ""
    yield cast
    ask("RESET ROLE")


def take_the_role(statements: list[str]) -> None:
    for statement in statements:
        assert ask(statement) == ""
    assert ask(f"SET ROLE {ROLE}") == ""


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_role_cannot_change_the_logs_even_without_the_triggers(
    as_the_service, table, change
):
    statements = documented()
    assert [each.split()[0] for each in statements] == ["GRANT", "GRANT", "REVOKE"]
    take_the_role(statements)
    assert ask(change.format(table)) == REFUSED
    assert ask(f"SELECT count(*) FROM {table}") == ""
    assert ask(f"ALTER TABLE {table} DISABLE TRIGGER ALL") == REFUSED


def test_the_role_still_writes_both_logs(as_the_service):
    take_the_role(documented())
    cast = as_the_service
    log.write([entry(cast, cast.amina, 1)])
    AccessRefusal.objects.create(
        patient_id=cast.amina.pk, user=cast.user("dana"), at=cast.at, entrance="x"
    )
    assert Disclosure.objects.count() == AccessRefusal.objects.count() == 2


@pytest.mark.parametrize("change", CHANGES[:2])
def test_without_the_revoke_the_same_statement_changes_the_log(as_the_service, change):
    """The twin: the grants alone do not protect anything."""
    take_the_role(documented()[:2])
    assert ask(change.format(TABLES[0])) == ""
