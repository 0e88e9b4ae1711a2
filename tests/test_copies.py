"""The copied cast is the built one: the same rows, and objects of its own."""

import pytest
from django.db import connection, transaction

from tests import cast as people
from tests.copies import Copies

pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
        return found


@pytest.fixture
def copies() -> Copies[people.Cast]:
    return Copies.of(people.build)


def test_a_copy_has_all_rows_and_the_next_test_its_own(copies):
    nobody = counted()
    with transaction.atomic():
        people.build()
        built = counted()
        transaction.set_rollback(True)
    assert counted() == nobody
    told = []
    for _ in range(2):
        with transaction.atomic():
            cast = copies.one()
            assert counted() == built
            told.append((cast.amina.name, cast.bram.name))
            cast.amina.name = "Somebody else"
            transaction.set_rollback(True)
    assert told == [("Amina Diallo", "Dr. Bram Visser")] * 2


def test_where_somebody_is_already_the_cast_is_built(copies):
    people.user("Somebody Else")
    cast = copies.one()
    assert cast.amina.user.pk and cast.at
