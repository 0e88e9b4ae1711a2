"""Migrations lead to the tables that the tests run on, and none is missing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def migrated_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a database on the engine of this run, made by migrations."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "carecoord.settings"}
    environment["CARECOORD_DATA_DIR"] = str(tmp_path)
    if connection.vendor == "postgresql":
        name = f"migrated_{os.getpid()}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = _same_server(name)
    manage("migrate", "--noinput", "--verbosity", "0", environment=environment)
    yield environment
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _same_server(name: str) -> str:
    parts = connection.settings_dict
    address = f"{parts['HOST']}:{parts['PORT']}"
    return f"postgresql://{parts['USER']}:{parts['PASSWORD']}@{address}/{name}"


def manage(*arguments: str, environment: dict[str, str]) -> str:
    argv = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


LIST_SCHEMA = """
from django.db import connection as c
with c.cursor() as cursor:
    for table in sorted(c.introspection.table_names(cursor)):
        for column in c.introspection.get_table_description(cursor, table):
            print(table, column.name, column.null_ok)
        for name, it in sorted(c.introspection.get_constraints(cursor, table).items()):
            if it["unique"] or it["check"] or it["foreign_key"]:
                print(table, sorted(it["columns"] or []), it["foreign_key"])
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_migrating_from_nothing_gives_the_tables_the_models_describe(
    migrated_database: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    migrated = manage(
        "shell", "-v", "0", "-c", LIST_SCHEMA, environment=migrated_database
    )
    exec(LIST_SCHEMA)
    described = capsys.readouterr().out
    assert _lines(migrated) == _lines(described)


def _lines(schema: str) -> list[str]:
    """Sorted, without the table that only migrations use."""
    lines = schema.splitlines()
    return sorted(line for line in lines if not line.startswith("django_migrations "))


@pytest.mark.django_db
def test_no_model_change_lacks_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_there_is_one_database() -> None:
    # Two would need a router, and a schema comparison for each.
    assert list(connections) == ["default"]
