"""T95: the pages of an emergency access, for reader, patient and officer."""

import re
from datetime import timedelta

import pytest
import time_machine

from carecoord.pdf import RenderError
from consents import actions
from consents.codes import Basis, Channel
from consents.models import Disclosure, EmergencyAccess, EmergencyReview
from patients.models import (
    Condition,
)
from tests.consents.test_emergency import core_of, item, state
from tests.paper import pages_text

pytestmark = pytest.mark.capability("S58")


# The pages ---------------------------------------------------------------------------


@pytest.fixture
def core(cast):
    return core_of(cast)


@pytest.fixture
def bram(client, cast, demo):
    client.force_login(cast.user("bram"))
    return client


def address(cast, rest="emergency/"):
    return f"/patients/{cast.amina.pk}/{rest}"


@pytest.mark.slow
def test_stating_it_leads_to_the_page_in_its_order(bram, cast, core):
    said = {"kind": "overdose", "reason": "Found with empty boxes."}
    page = bram.post(address(cast), said, follow=True).content.decode()
    assert "Emergency page" in page
    places = [page.index(word) for word in ("penicillin", "buprenorphine", "asthma")]
    assert places == sorted(places)
    assert "CNRYhiv" not in page and "Mercy" not in page
    row = Disclosure.objects.filter(basis=Basis.EMERGENCY).latest("seq")
    assert row.entrance == "patients:emergency_page"


def test_a_double_click_opens_it_and_asks_for_no_new_words(bram, cast, core):
    """Nobody is asked for other words while somebody may be dying."""
    said = {"kind": "overdose", "reason": "Found with empty boxes."}
    for _click in range(2):
        answer = bram.post(address(cast), said)
        assert answer.headers["Location"] == address(cast, "emergency/page/")
    assert EmergencyAccess.objects.count() == 1
    with time_machine.travel(cast.at + timedelta(minutes=11), tick=False):
        late = bram.post(address(cast), said).content.decode()
    assert "Say in new words why four more hours are needed." in late


def test_it_prints_in_the_same_order_and_every_print_is_logged(bram, cast, core):
    state(cast)
    answer = bram.get(address(cast, "emergency/page.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    name = answer["Content-Disposition"]
    assert re.fullmatch(r'inline; filename="summary-[\d-]{10}\.pdf"', name)
    text = " ".join(pages_text(answer.content))
    places = [text.index(word) for word in ("penicillin", "buprenorphine", "asthma")]
    assert places == sorted(places) and cast.amina.name in text
    assert "CNRYhiv" not in text and "Mercy" not in text
    row = Disclosure.objects.filter(basis=Basis.EMERGENCY).latest("seq")
    assert (row.entrance, row.channel) == ("patients:emergency_pdf", Channel.PDF)
    assert row.outcome == "shown"


def test_a_print_that_fails_is_said_so_in_the_log(bram, cast, core, monkeypatch):
    def broken(*args, **kwargs):
        raise RenderError("no paper")

    state(cast)
    monkeypatch.setattr("carecoord.pdf.lay_out", broken)
    answer = bram.get(address(cast, "emergency/page.pdf"))
    assert answer.headers["Location"] == address(cast, "emergency/page/")
    assert Disclosure.objects.latest("seq").outcome == "not_delivered"


def test_without_an_emergency_nothing_is_printed(bram, cast, core):
    answer = bram.get(address(cast, "emergency/page.pdf"))
    assert answer.headers["Location"] == address(cast)
    assert not Disclosure.objects.filter(basis=Basis.EMERGENCY).exists()


def test_without_an_emergency_the_page_asks_for_one(bram, cast):
    answer = bram.get(address(cast, "emergency/page/"))
    assert answer.headers["Location"] == address(cast)
    assert "penicillin" not in bram.get(address(cast)).content.decode()


def test_after_a_no_the_page_says_that_alone(bram, cast):
    """Nothing offers hours, and "for all" reads as "for you"."""
    state(cast)
    actions.choose_emergency(
        patient=cast.amina, allowed=False, by=cast.user("amina"), at=cast.at
    )
    page = bram.get(address(cast)).content.decode()
    assert "<h1>The emergency page is not open to you here</h1>" in page
    assert "Four more hours" not in page and "Do this after" not in page


@pytest.mark.security("T95")
def test_a_reason_and_a_kind_are_needed(bram, cast):
    page = bram.post(address(cast), {"kind": "", "reason": " "}).content.decode()
    assert "Choose what kind of emergency it is." in page
    assert not EmergencyAccess.objects.exists()


def over(cast):
    """Stated by Bram, and closed by himself."""
    access = state(cast)
    ends(cast)
    return access


def ends(cast):
    member = cast.amina.care_team.get(party=cast.bram)
    actions.end_emergencies(member=member, by=cast.user("bram"), at=cast.at)


def test_the_patient_reads_who_why_and_what_was_found(client, cast, core):
    access = over(cast)
    actions.review_emergency(
        emergency=access,
        outcome="in_order",
        words="I spoke with the clinic.",
        by=cast.ines,
        at=cast.at,
    )
    client.force_login(cast.user("amina"))
    page = client.get(address(cast, "sharing/emergency/")).content.decode()
    for words in (
        cast.bram.name,
        access.reason,
        "In order",
        "I spoke with the clinic.",
        "Nothing was looked at.",
    ):
        assert words in page
    client.post(address(cast, "sharing/emergency/"), {"allowed": "no"})
    assert cast.amina.emergency_choices.get().allowed is False
    page = client.get(address(cast, "sharing/emergency/")).content.decode()
    assert ": nobody may open it." in page


def test_the_officer_sees_kinds_and_never_the_record(client, cast, core, demo):
    access = over(cast)
    client.force_login(cast.ines)
    page = client.get(f"/privacy/emergencies/{access.pk}/").content.decode()
    assert access.reason in page and "buprenorphine" not in page
    client.post(
        f"/privacy/emergencies/{access.pk}/",
        {"outcome": "in_order", "words": "Checked with the ward."},
    )
    assert EmergencyAccess.objects.get().review.outcome == "in_order"


@pytest.mark.security("T95")
def test_while_it_is_open_nobody_finds_it_in_order(client, cast, core, demo):
    """What is looked at after such a finding would never be checked."""
    access = state(cast)
    client.force_login(cast.ines)
    place = f"/privacy/emergencies/{access.pk}/"
    page = client.get(place).content.decode()
    assert "It is still open, and more may be looked at." in page
    assert 'value="in_order"' not in page and 'value="not_needed"' in page
    said = {"outcome": "in_order", "words": "Checked with the ward."}
    refused = client.post(place, said).content.decode()
    assert "“In order” can be said once it is over." in refused
    assert not EmergencyReview.objects.exists()
    ends(cast)
    later = client.get(place).content.decode()
    assert "It is still open" not in later and 'value="in_order"' in later
    client.post(place, said)
    assert EmergencyReview.objects.get().outcome == "in_order"


def test_what_is_kept_back_changes_no_byte_of_the_page_but_its_own_row(bram, cast):
    """Hidden world: "only me" on a condition reads as if there were none."""
    state(cast)
    hidden = item(cast, Condition, "conditions", name="CNRYkept")
    actions.keep_back(item=hidden, by=cast.user("amina"), at=cast.at)
    with_it = page_of(bram, cast)
    assert "Emergency page" in with_it
    Condition.objects.filter(pk=hidden.pk).update(categories=0)
    assert with_it == page_of(bram, cast)
    assert "CNRYkept" not in with_it


def page_of(client, cast) -> str:
    import re

    page = client.get(address(cast, "emergency/page/")).content.decode()
    page = re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", page)
    return re.sub(r'nonce="[^"]+|data-shown="[^"]+|Read: [^<]+', "", page)
