""" "Leave this page now": for whoever switched it on, and always a way out."""

import re
import time

import pytest
from django.conf import settings as product
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from carecoord import jurisdiction
from tests.carecoord.test_headers import directives
from tests.carecoord.test_jurisdiction import US

pytestmark = [pytest.mark.django_db, pytest.mark.security("T91")]

ELSEWHERE = jurisdiction.load("us").elsewhere
HERE = {"Origin": "http://testserver"}
WORDS = "Leave this page now"


@pytest.fixture
def amina(cast):
    """Signed in, and the button is on."""
    user = cast.amina.user
    user.quick_exit = True
    user.save()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def is_gone(response) -> bool:
    return (response.status_code, response.get("Location")) == (303, ELSEWHERE.address)


def test_nobody_has_the_button_who_did_not_ask_for_it(client, cast):
    client.force_login(cast.amina.user)
    response = client.get("/settings/")
    assert WORDS not in response.content.decode()
    assert "leave.js" not in response.content.decode()
    assert directives(response)["form-action"] == "'self'"


def test_it_is_switched_on_and_off_in_the_settings(client, cast, settings):
    settings.DEMO = True
    for who in ("amina", "bram", "hana"):
        user = cast.user(who)
        client.force_login(user)
        answers = {"name": user.name, "time_zone": user.time_zone, "mail_when": "any"}
        said = client.get("/settings/").content.decode()
        assert "It does not erase the history of your browser" in said
        assert "Whoever sees the button may ask about it." in said
        assert f"opens {ELSEWHERE.name}." in said
        client.post("/settings/", answers | {"quick_exit": "on"})
        assert WORDS in client.get("/settings/").content.decode()
        client.post("/settings/", answers)
        assert WORDS not in client.get("/settings/").content.decode()


def test_it_stands_first_on_every_page_and_opens_one_address_more(amina, cast):
    chart = f"/patients/{cast.amina.pk}/"
    addresses = [chart, f"{chart}sharing/", "/settings/", "/crisis/", "/help/", "/no/"]
    for address in addresses:
        response = amina.get(address)
        page = response.content.decode()
        stops = re.findall(r"<(?:a|button|input(?! type=.hidden))\b[^>]*>", page)
        assert 'class="skip"' in stops[0], address
        assert 'class="leave-now"' in stops[1], address
        assert "js/leave.js" in page, address
        policy = directives(response)
        assert policy.pop("form-action") == f"'self' {ELSEWHERE.origin}", address
        assert ELSEWHERE.origin not in repr(policy), address


def test_leaving_ends_the_session_by_the_door_of_signing_out(amina):
    session = amina.cookies[product.SESSION_COOKIE_NAME].value
    page = amina.get("/settings/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    response = amina.post("/leave/", {"csrfmiddlewaretoken": token})
    assert is_gone(response)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in response["Cache-Control"]
    assert not Session.objects.filter(session_key=session).exists()
    assert amina.get("/settings/")["Location"].startswith("/accounts/login/")


def test_a_link_or_another_site_signs_nobody_out(amina):
    assert amina.get("/leave/").status_code == 405
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert amina.post("/leave/", headers=headers).status_code == 403
    assert amina.get("/settings/").status_code == 200


def test_an_old_token_keeps_nobody_here(amina):
    assert is_gone(amina.post("/leave/", {"csrfmiddlewaretoken": "old"}, headers=HERE))
    assert amina.get("/settings/").status_code == 302


def test_an_old_token_counts_nowhere_else(amina):
    assert amina.post("/settings/", headers=HERE).status_code == 403
    assert amina.post("/accounts/logout/", headers=HERE).status_code == 403


def test_whoever_is_signed_out_already_leaves_too(amina, client):
    assert is_gone(client.post("/leave/"))
    session = amina.session
    session["seen_at"] = int(time.time()) - product.SESSION_IDLE_SECONDS - 60
    session.save()
    response = amina.post("/leave/", headers=HERE)
    assert is_gone(response)
    assert response["Clear-Site-Data"]


def test_a_clinician_without_a_second_factor_leaves_too(client, cast, settings):
    settings.DEMO = False
    client.force_login(cast.user("bram"))
    assert client.get("/settings/").status_code == 302
    assert is_gone(client.post("/leave/"))


@pytest.mark.parametrize(
    "address",
    [
        "http://weather.example/",
        "https://weather.example",
        "https://weather.example/; script-src *",
        "https://*.example/",
        "https://weather.example/?from=us",
        "javascript:alert(1)",
    ],
)
def test_only_a_plain_address_is_taken(address):
    table = US | {"elsewhere": {"address": address, "name": "a page"}}
    with pytest.raises(ImproperlyConfigured, match="elsewhere: address"):
        jurisdiction.from_table(table)
