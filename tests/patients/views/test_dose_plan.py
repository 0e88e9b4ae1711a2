"""The calendar page and its file, for those the medicine is shared with."""

from __future__ import annotations

import re

import page
import pytest

from consents.models import Disclosure
from tests.patients import medicines_world as world
from tests.patients.views.test_master_list import file_text
from tests.patients.views.test_medicines import text_of
from tests.safe_html import assert_safe_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def taper(cast):
    return world.add(cast, "prednisone", world.TAPER)


def place(cast, item, name: str) -> str:
    return world.page(cast, f"medicines/{item.pk}/{name}")


@pytest.mark.parametrize("who", ["amina", "bram"])
def test_the_plan_is_a_calendar_on_screen_and_on_paper(cast, taper, who):
    client = world.signed_in(cast, who)
    response = client.get(place(cast, taper, "plan/"))
    screen = text_of(response)
    response_pdf = client.get(place(cast, taper, "plan.pdf"))
    paper = file_text(response_pdf.content)
    for text in (screen, paper):
        assert "Days shown: Nov 1, 2026 to Dec 1, 2026." in text
        assert "November 2026" in text and "December 2026" in text
        assert text.count("Morning: 30 mg (3 tablets)") == 14
        assert text.count("Morning: 10 mg (1 tablet)") == 16
        assert_safe_text(text)
    name = response_pdf["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="dose-plan-[\d-]{10}\.pdf"', name)
    title = re.search(r"<title>(.*?)</title>", response.content.decode())[1]
    assert "prednis" not in title


def test_the_file_is_tagged_and_passes_pdf_ua_1(cast, taper):
    client = world.signed_in(cast, "amina")
    content = client.get(place(cast, taper, "plan.pdf")).content
    profile = page.ValidationProfile.PDF_UA_1
    report = page.validate_pdf_bytes(content, profile=profile)
    assert report.is_compliant, [failure.message for failure in report.failures]


def test_a_clinician_reads_tall_man_letters_and_the_reading_is_written_down(
    cast, taper
):
    client = world.signed_in(cast, "bram")
    before = Disclosure.objects.count()
    assert "predniSONE" in file_text(client.get(place(cast, taper, "plan.pdf")).content)
    last = Disclosure.objects.order_by("-seq")[0]
    assert Disclosure.objects.count() == before + 1 and last.channel == "pdf"


@pytest.mark.parametrize("who", ["chidi", "dana", "hana"])
def test_without_a_permission_there_is_no_plan(cast, taper, who):
    client = world.signed_in(cast, who)
    for name in ("plan/", "plan.pdf"):
        assert client.get(place(cast, taper, name)).status_code == 404


def test_as_needed_has_no_calendar_and_no_link_to_one(cast):
    item = world.add(cast, "hydroxyzine", world.AS_NEEDED)
    amina = world.signed_in(cast, "amina")
    assert amina.get(place(cast, item, "plan/")).status_code == 404
    assert "/plan/" not in amina.get(world.page(cast)).content.decode()


def test_the_list_leads_to_the_calendar_of_a_plan(cast, taper):
    amina = world.signed_in(cast, "amina")
    assert place(cast, taper, "plan/") in amina.get(world.page(cast)).content.decode()
