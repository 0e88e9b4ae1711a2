"""Public help pages, drawn from the tables that the rule reads."""

import pytest

from consents.codes import CATEGORIES, LABELS
from providers.roles import ROLES
from tests.consents.views.pages import text_of


@pytest.mark.parametrize("address", ["/help/", "/help/who-sees-what/"])
def test_help_needs_no_sign_in(client, db, address):
    assert client.get(address).status_code == 200


def test_who_sees_what_names_every_role_kind_and_topic(client, db):
    html = text_of(client.get("/help/who-sees-what/"))
    for role in ROLES.values():
        assert role.name in html and role.description in html
    for code in [*CATEGORIES, *LABELS]:
        assert code.word in html
    assert 'href="/limits/"' in html and "The exceptions, like an emergency:" in html
    assert "An administrator sees no patient’s record." in html
