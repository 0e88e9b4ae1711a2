"""Updates that were passed on before the column was there are known by the history."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from messaging.models import UpdateRecipient
from tests.messaging.writing import send, take

pytestmark = pytest.mark.django_db
MIGRATION = "messaging.migrations.0014_what_was_passed_on_before"


@pytest.mark.security("T26")
def test_what_was_passed_on_before_is_marked_and_nothing_that_its_author_sent(cast):
    first = send(cast, "chidi", "bram")
    take(cast, first, "bram", "not_mine", to=cast.jon)
    second = send(cast, "chidi", "bram", corrects=first)
    plain = send(cast, "chidi", "bram", "jon")
    # As it stood before the column was there.
    UpdateRecipient.objects.update(passed_on=False)
    import_module(MIGRATION).mark(apps, None)
    marked = UpdateRecipient.objects.filter(passed_on=True)
    found = set(marked.values_list("update_id", "party_id"))
    assert found == {(first.pk, cast.jon.pk), (second.pk, cast.jon.pk)}
    assert plain.recipients.count() == 2
