"""One clock: the database's."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """The instant on the database's clock, aware, UTC.

    SQLite runs inside this process, so its clock is the process's own.
    """
    if connection.vendor == "postgresql":
        return postgresql_now()
    return timezone.now()


def postgresql_now() -> datetime:
    """When PostgreSQL got the statement that asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
