"""S65, S72: limits shown and acknowledged at the start, and again when they change."""

from dataclasses import replace

import pytest
from django.conf import settings as product
from django.urls import reverse

from consents.models import LimitsAcknowledgement
from tests.consents.views.pages import hidden, text_of

ADDRESS = "/limits/"


pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def forgotten(cast):
    """As if nobody had read anything yet."""
    LimitsAcknowledgement.objects.all().delete()
    return cast


def agree(client, **answers):
    page = client.get(ADDRESS)
    carried = hidden(page.content.decode())
    return client.post(ADDRESS, carried | {"read": "on"} | answers)


@pytest.mark.capability("S65")
def test_every_limit_can_be_read_by_anyone_at_any_time(client, db):
    html = text_of(client.get(ADDRESS))
    for limit in product.JURISDICTION.limits.items:
        assert limit.heading in html and limit.text in html and limit.rule in html
    assert product.OPERATOR.name in html
    assert "<form method" not in html


@pytest.mark.capability("S72")
@pytest.mark.parametrize("who", ["amina", "hana"])
def test_the_first_page_after_signing_in_is_the_text_until_it_was_read(
    client, forgotten, who
):
    client.force_login(forgotten.user(who))
    assert client.get("/")["Location"] == ADDRESS
    assert "Tick the box" in text_of(client.post(ADDRESS, {"version": version()}))
    assert agree(client)["Location"] == "/"
    assert client.get("/")["Location"] != ADDRESS
    row = LimitsAcknowledgement.objects.get()
    assert (row.user, row.version) == (forgotten.user(who), version())
    assert product.JURISDICTION.limits.items[0].text in row.text
    assert "Read on" in text_of(client.get(ADDRESS))


def version() -> str:
    return product.JURISDICTION.limits.version


def test_nobody_is_kept_from_their_record_by_it(client, forgotten):
    client.force_login(forgotten.user("amina"))
    home = reverse("patients:chart", args=[forgotten.amina.pk])
    assert f'href="{home}">Not now' in text_of(client.get(ADDRESS))
    assert client.get(home).status_code == 200


@pytest.mark.parametrize("who", ["bram", "ines", "edo"])
def test_those_who_are_bound_by_it_are_not_stopped(client, forgotten, who):
    client.force_login(forgotten.user(who))
    assert client.get("/")["Location"] != ADDRESS


def test_a_new_text_is_asked_about_again_and_the_old_one_stays(client, cast, settings):
    old = settings.JURISDICTION
    client.force_login(cast.user("amina"))
    stale = hidden(client.get(ADDRESS).content.decode())
    assert "version" not in stale  # read already
    limits = replace(old.limits, version="us-limits-2027-01", intro="CNRYnew words.")
    settings.JURISDICTION = replace(old, limits=limits)
    assert client.get("/")["Location"] == ADDRESS
    late = client.post(ADDRESS, {"version": old.limits.version, "read": "on"})
    assert "The text has changed" in text_of(late)
    agree(client)
    versions = LimitsAcknowledgement.objects.filter(user=cast.user("amina"))
    assert {row.version for row in versions} == {
        old.limits.version,
        "us-limits-2027-01",
    }
    html = text_of(client.get(ADDRESS))
    assert html.count("Read on") == 2 and old.limits.intro in html


def test_two_clicks_are_one_acknowledgement(client, forgotten):
    client.force_login(forgotten.user("amina"))
    for _ in range(2):
        client.post(ADDRESS, {"version": version(), "read": "on"})
    assert LimitsAcknowledgement.objects.count() == 1
