import pytest

from tests.consents.views.pages import Pages


@pytest.fixture
def amina(client, cast):
    """The patient herself, signed in, at her pages of sharing."""
    return Pages(client, cast.user("amina"), cast.amina)
