"""Mails about signing in hold constant words and a link: no name, no machine."""

import pytest
from django.template.loader import render_to_string

from tests.cast import Cast

TEMPLATES = (
    "email_confirmation",
    "email_confirmation_signup",
    "password_reset_key",
    "account_already_exists",
    "unknown_account",
    "password_changed",
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_account_mail_names_nobody(cast: Cast, name: str) -> None:
    amina = cast.amina.user
    text = render_to_string(
        f"account/email/{name}_message.txt",
        {
            "user": amina,
            "email": amina.email,
            "username": amina.name,
            "ip": "198.51.100.7",
            "user_agent": "CanaryBrowser",
            "activate_url": "https://care.example.org/k/",
            "password_reset_url": "https://care.example.org/k/",
        },
    )
    told = ("Amina", str(amina.pk), amina.email, "198.51.100.7", "CanaryBrowser")
    assert not [word for word in told if word in text]
    assert "Hello," in text


def test_a_link_is_whole(cast: Cast) -> None:
    link = "https://care.example.org/accounts/password/reset/key/1-abc/"
    text = render_to_string(
        "account/email/password_reset_key_message.txt", {"password_reset_url": link}
    )
    assert link in text.split()
