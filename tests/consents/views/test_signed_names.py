"""A patient signs with the name of the record, which is the name that the text says.

Found: who changed their name in their details had to sign with the one from before.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from carecoord.models import User
from consents.views import grant
from patients.forms.record import DetailsForm, mark_of
from providers import actions as providers
from tests.consents.views.pages import newest

pytestmark = pytest.mark.usefixtures("demo")
NAME = "Aminata Sow"


def takes_a_name(amina, cast) -> None:
    place = reverse("patients:details", args=[cast.amina.pk])
    stands = {name: getattr(cast.amina, name) for name in DetailsForm.COLUMNS}
    typed = stands | {"name": NAME, "seen": mark_of(cast.amina)}
    assert amina.client.post(place, typed).status_code == 302
    cast.amina.refresh_from_db()
    assert cast.amina.name == NAME


def test_a_new_name_signs_and_the_one_before_does_not(amina, cast):
    takes_a_name(amina, cast)
    amina.to_check(cast.chidi)
    page = amina.send(signed_name="Amina Diallo", agree="on")
    assert f"Type your name as on your account: {NAME}" in page.content.decode()
    assert amina.send(signed_name=NAME, agree="on").status_code == 302
    signed = newest(cast)
    assert signed.signed_name == NAME and NAME in signed.text
    assert User.objects.get(pk=cast.amina.user_id).name == NAME


def test_the_test_of_that_fails_where_the_account_is_asked(amina, cast, monkeypatch):
    monkeypatch.setattr(grant, "account_name", lambda request, opened: "Amina Diallo")
    takes_a_name(amina, cast)
    amina.to_check(cast.chidi)
    page = amina.send(signed_name=NAME, agree="on")
    assert "Type your name as on your account" in page.content.decode()


def test_a_clinician_keeps_the_name_of_the_licence(amina, cast):
    """Of a patient who treats others too, colleagues know the account by a name."""
    providers.add_practitioner(
        name="Amina Diallo", profession="therapist", user=cast.amina.user
    )
    takes_a_name(amina, cast)
    assert User.objects.get(pk=cast.amina.user_id).name == "Amina Diallo"
    amina.to_check(cast.chidi)
    assert amina.send(signed_name=NAME, agree="on").status_code == 302
