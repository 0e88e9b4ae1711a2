"""The pages of an account speak as the rest of the service does."""

import pytest
from django.urls import reverse

from tests.consents.views.pages import sign_in, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["account_reset_password", "account_email", "account_signup"]
)
def test_an_address_is_called_the_same_on_every_page(cast, client, name):
    if name == "account_email":
        sign_in(client, cast.user("amina"))
    html = text_of(client.get(reverse(name)))
    assert "E-mail address" in html
    assert ">Email<" not in html and "Email:" not in html


def test_a_new_password_is_asked_for_as_the_first_one_was(cast, client):
    sign_in(client, cast.user("amina"))
    html = text_of(client.get(reverse("account_change_password")))
    assert "A few words you remember are best." in html
    assert "The password you have now" in html
    assert "can’t be" not in html
    assert html.count("orgot") == 1, "one way to a new password"
