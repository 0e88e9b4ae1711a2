"""`?before=` takes only what the reader was shown.

Found: the list of updates began after the instant of any update whose id was given,
so an id that somebody kept told when an update was written that they may not read.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from tests.consents.views.pages import bare
from tests.messaging.writing import information, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def page_before(cast, pk: uuid.UUID) -> str:
    client = Client()
    client.force_login(cast.user("jon"))
    address = reverse("messaging:updates", args=[cast.amina.pk])
    # The page names its own address: the id asked for stands on it in any case.
    return bare(client.get(address, {"before": str(pk)}), pk)


@pytest.mark.security("T26")
def test_the_id_of_a_hidden_update_tells_nothing_of_its_time(cast):
    times = [cast.at - timedelta(hours=hours) for hours in (3, 2, 1)]
    sent = [send(cast, "bram", "jon", at=at, said=information()) for at in times]
    older, hidden, newer = sent
    unknown = page_before(cast, uuid.uuid4())
    assert str(newer.pk) in unknown
    shown = page_before(cast, hidden.pk)
    assert str(older.pk) in shown
    assert str(newer.pk) not in shown
    consents.keep_back(item=hidden, by=cast.user("amina"), at=cast.at)
    assert page_before(cast, hidden.pk) == page_before(cast, uuid.uuid4())


@pytest.mark.security("L17")
def test_the_id_of_another_patients_update_is_as_good_as_none(cast):
    send(cast, "bram", "jon", said=information())
    strange = send(cast, "bram", "bram", patient="gus", said=information())
    assert page_before(cast, strange.pk) == page_before(cast, uuid.uuid4())
