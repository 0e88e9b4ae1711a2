"""A form's key that is the id of somebody else's row is as good as a new one.

Found: "a diagnosis was found", sent with the id of another patient's diagnosis as the
key of the form, was a 500, and a 302 with any other id.
"""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from patients.actions import events
from patients.models import Condition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.mark.security("T29", "L03")
def test_the_id_of_another_patients_diagnosis_answers_like_an_unknown_one(cast):
    found = events.Happening(kind="condition_found", what="Asthma")
    told = events.record(
        patient=cast.gus,
        happening=found,
        form_key=uuid.uuid4(),
        by=cast.user("gus"),
        at=cast.at,
    )
    client = Client()
    client.force_login(cast.user("amina"))
    address = reverse("messaging:tell_kind", args=[cast.amina.pk, "diagnosis"])
    for key in (uuid.uuid4(), told.about):
        said = {"form_key": str(key), "what": "Gout", "mentions": "none"}
        assert client.post(address, said).status_code == 302
    assert Condition.objects.filter(patient=cast.amina, name="Gout").count() == 2
    assert Condition.objects.get(pk=told.about).name == "Asthma"
