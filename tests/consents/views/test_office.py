"""The privacy officer's first page."""

import pytest
from django.urls import reverse

from consents import office
from consents.office import Line, Section
from tests.consents.views.pages import text_of

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def ines(client, cast):
    client.force_login(cast.ines)
    return client


@pytest.fixture
def one_section(monkeypatch):
    """A registry with this section alone: what another app would hand in."""
    lines = [Line(f"Case {number}", is_late=number == 0) for number in range(12)]
    section = Section(
        key="cases", order=1, heading="Cases", empty="No case.", lines=lambda _: lines
    )
    monkeypatch.setattr(office, "_sections", {})
    office.register(section)
    return section


def test_home_of_the_privacy_officer_is_the_office(ines):
    assert ines.get("/").url == reverse("consents:privacy")
    html = text_of(ines.get(reverse("consents:privacy")))
    assert 'aria-current="page">Privacy' in html


@pytest.mark.parametrize("who", ["amina", "bram", "dana", "edo", "hana"])
def test_it_does_not_exist_for_anybody_else(client, cast, who):
    client.force_login(cast.user(who))
    assert client.get(reverse("consents:privacy")).status_code == 404
    assert "/privacy/" not in text_of(client.get("/settings/", follow=True))


def test_a_section_shows_its_first_lines_and_says_what_is_late(ines, one_section):
    html = text_of(ines.get(reverse("consents:privacy")))
    assert "Case 9" in html and "Case 10" not in html
    assert html.count("Late") == 1


def test_a_section_without_lines_says_so(ines, monkeypatch):
    monkeypatch.setattr(office, "_sections", {})
    office.register(
        Section(key="none", order=1, heading="None", empty="Quiet.", lines=lambda _: [])
    )
    assert "Quiet." in text_of(ines.get(reverse("consents:privacy")))


def test_a_key_is_taken_once(one_section):
    with pytest.raises(ValueError, match="twice"):
        office.register(
            Section(key="cases", order=2, heading="x", empty="x", lines=lambda _: [])
        )


def test_a_privacy_officer_who_is_a_clinician_too_keeps_both_ways(client, cast):
    user = cast.user("bram")
    type(user).objects.filter(pk=user.pk).update(is_privacy_officer=True)
    client.force_login(user)
    html = text_of(client.get("/worklist/"))
    assert 'href="/privacy/"' in html and 'href="/worklist/"' in html
