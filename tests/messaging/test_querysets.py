"""Reads of many: what a correction replaces, asked row by row and never by a join."""

import pytest

from messaging.models import Update, UpdateRecipient
from messaging.querysets import uncorrected
from tests.messaging.writing import send


@pytest.fixture
def versions(cast) -> tuple[Update, Update]:
    first = send(cast, "chidi", "bram")
    return first, send(cast, "chidi", "bram", corrects=first)


def test_only_the_newest_version_is_uncorrected(versions):
    _first, second = versions
    assert set(Update.objects.filter(uncorrected())) == {second}
    assert set(Update.objects.filter(corrected_by=None)) == {second}


def test_it_is_asked_of_the_rows_of_recipients_too(versions):
    first, second = versions
    rows = UpdateRecipient.objects.filter(uncorrected("update"))
    assert {row.update for row in rows} == {second}
    assert UpdateRecipient.objects.filter(update=first).exists()


def test_no_table_is_joined_to_ask_it():
    """SQLite reads it whole for each row then, when nearly nothing is corrected."""
    assert " JOIN " not in str(Update.objects.filter(uncorrected()).query)
    assert " JOIN " in str(Update.objects.filter(corrected_by=None).query)
