""" "Opened by" is said only of a page that was handed over.

Found: a HEAD request, as link checkers send it, noted an update as opened, and its
author was told so.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Opening
from tests.messaging.writing import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_a_head_request_opens_nothing(cast):
    update = send(cast, "bram", "jon")
    client = Client()
    client.force_login(cast.user("jon"))
    address = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    assert client.head(address).status_code == 200
    assert not Opening.objects.exists()
    client.get(address)
    assert Opening.objects.get().opened_by == cast.user("jon")
