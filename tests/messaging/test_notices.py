"""The notices page: what each says is looked up, and decided, as it is read."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consents import actions as consents
from consents.models import Disclosure
from messaging.access import notices
from messaging.access.notices import count_in_words, unseen_for
from messaging.models import Notice
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, change, letters, sweep
from tests.messaging.test_outbox_causes import look
from tests.messaging.test_routing import send
from tests.messaging.writing import answer
from tests.messaging.writing import send as write
from tests.safe_html import visible_text

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters", "demo")]
PAGE = "/notices/"


def read(client, cast, who):
    client.force_login(cast.user(who))
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def told(cast):
    """Bram and Jon were told of a change."""
    event = change(cast.amina, at=cast.at - TEN_MINUTES)
    sweep(cast.at)
    return event


def test_a_notice_says_what_changed_for_whom_behind_the_sign_in(client, cast, told):
    assert client.get(PAGE).status_code == 302
    page = read(client, cast, "bram")
    assert "QUEtiapine 150\N{NO-BREAK SPACE}mg" in visible_text(page)
    assert "Amina Diallo" in page
    assert "1 new notice" in page
    assert f"/patients/{cast.amina.pk}/" in page


def test_reading_a_notice_is_logged_with_the_consent_relied_on(client, cast, told):
    read(client, cast, "bram")
    row = Disclosure.objects.filter(user=cast.bram.user).get()
    assert row.channel == "notice"
    assert row.items == [["patients.timelineevent", str(told.pk), 1]]
    assert row.consents == [str(cast.amina_to_bram.pk)]
    assert row.recipient == cast.bram


def without_noise(page):
    """The page without the form token, which differs each time."""
    return [line for line in page.splitlines() if "csrf" not in line]


@pytest.mark.parametrize("how", ["revoke", "only me", "leave"])
def test_after_the_end_the_page_is_that_of_someone_who_was_never_told(
    client, cast, told, how
):
    amina = cast.amina.user
    if how == "revoke":
        consents.revoke(consent=cast.amina_to_bram, by=amina, at=cast.at)
    elif how == "only me":
        consents.keep_back(item=told, by=amina, at=cast.at)
    else:
        member = cast.amina.care_team.get(party=cast.bram)
        consents.leave(participant=member, by=amina, at=cast.at, reason="left")
    after = read(client, cast, "bram")
    assert "quetiapine" not in after
    assert unseen_for(cast.bram.user, cast.at).count == 0
    Notice.objects.filter(user=cast.bram.user).delete()
    assert without_noise(after) == without_noise(read(client, cast, "bram"))


def test_a_change_that_was_taken_back_is_not_shown_any_more(client, cast, told):
    told.entered_in_error_at, told.entered_in_error_by = cast.at, cast.amina.user
    told.save()
    assert "quetiapine" not in read(client, cast, "bram")


def test_marked_as_seen_is_what_the_page_showed_and_only_ones_own(client, cast, told):
    client.force_login(cast.bram.user)
    mine = Notice.objects.get(user=cast.bram.user, channel="in_app")
    jons = Notice.objects.get(user=cast.jon.user, channel="in_app")
    response = client.post(
        "/notices/seen/", {"notice": [str(mine.pk), str(jons.pk), "nonsense"]}
    )
    assert response.status_code == 302
    mine.refresh_from_db()
    jons.refresh_from_db()
    assert mine.seen_at is not None
    assert jons.seen_at is None
    page = read(client, cast, "bram")
    assert "QUEtiapine 150" in visible_text(page), "what was seen stays listed"
    assert "No new notices" in page


def test_an_update_leads_to_the_update(client, cast):
    update = send(cast, to=[cast.bram])
    sweep(cast.at)
    page = read(client, cast, "bram")
    assert "Update from Chidi Okafor" in page
    assert f"/patients/{cast.amina.pk}/updates/{update.pk}/" in page
    patients = read(client, cast, "amina")
    assert "Update from Chidi Okafor" in patients


def test_the_patient_reads_who_looked_and_who_asks_and_what_ends(client, cast):
    look(cast, "jon")
    consents.ask(
        patient=cast.amina,
        recipient=cast.bram,
        asked_by=cast.chidi,
        categories=16,
        purposes=2,
        at=cast.at,
    )
    for each in (cast.amina_to_bram, cast.amina_to_jon):
        consents.revoke(consent=each, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.dana, at=cast.at, ends_at=cast.at + timedelta(days=3))
    sweep(cast.at + timedelta(days=2))
    page = read(client, cast, "amina")
    assert "Dr. Jon Ortiz looked at your information for the first time" in page
    assert "Chidi Okafor asks you to share something with Dr. Bram Visser" in page
    assert "Sharing with Dr. Dana Levy ends after" in page


def test_a_late_answer_is_listed_for_both(client, cast):
    permit(cast.amina, cast.chidi, at=cast.at - timedelta(days=10))
    day = (cast.at - timedelta(days=3)).date()
    send(cast, to=[cast.bram], answer_by_date=day)
    sweep(cast.at)
    for who in ("bram", "chidi"):
        assert "Past its date" in read(client, cast, who)


def test_the_page_costs_the_same_for_one_notice_and_for_twenty(client, cast, told):
    client.force_login(cast.bram.user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for number in range(19):
        change(cast.amina, at=cast.at - TEN_MINUTES, title=f"change {number}")
    sweep(cast.at)
    with CaptureQueriesContext(connection) as twenty:
        page = client.get(PAGE).content.decode()
    assert page.count("change 1") > 9
    assert len(twenty) == len(one)


def _shortened(client, cast, monkeypatch) -> bool:
    """Bram was told of six changes, and may read three of them: a page holds three."""
    monkeypatch.setattr(notices, "MOST", 3)
    titles = ("one", "two", "three", "four", "five", "six")
    events = []
    for ago, title in enumerate(reversed(titles)):
        at = cast.at - TEN_MINUTES * (6 - ago)
        events.append(change(cast.amina, at=at, title=title))
        sweep(at + TEN_MINUTES)
    for event in events[-3:]:
        consents.keep_back(item=event, by=cast.amina.user, at=cast.at)
    page = visible_text(read(client, cast, "bram"))
    assert not any(title in page for title in titles[:3])
    rows = Disclosure.objects.filter(user=cast.bram.user)
    logged = sum(len(row.items) for row in rows)
    assert logged == sum(title in page for title in titles), "logged as shown"
    return not all(title in page for title in titles[3:])


@pytest.mark.security("T26")
def test_hidden_notices_do_not_shorten_the_list(client, cast, monkeypatch):
    """Found: the newest were taken first and decided then, so a gap told of them."""
    assert not _shortened(client, cast, monkeypatch)


def test_the_test_of_that_fails_where_the_cut_comes_first(client, cast, monkeypatch):
    monkeypatch.setattr(notices, "READ", 3)
    assert _shortened(client, cast, monkeypatch)


@pytest.mark.security("T26")
def test_what_is_cut_away_is_logged_for_nobody(client, cast, monkeypatch):
    monkeypatch.setattr(notices, "MOST", 1)
    for minutes, title in ((40, "older"), (20, "newer")):
        change(cast.amina, at=cast.at - timedelta(minutes=minutes), title=title)
        sweep(cast.at - timedelta(minutes=minutes - 10))
    page = visible_text(read(client, cast, "bram"))
    assert "newer" in page and "older" not in page
    assert len(Disclosure.objects.get(user=cast.bram.user).items) == 1
    assert unseen_for(cast.bram.user, cast.at).count == 1


def test_the_count_is_said_in_words():
    assert count_in_words(0) == "No new notices"
    assert count_in_words(1) == "1 new notice"
    assert count_in_words(7) == "7 new notices"
    assert count_in_words(50) == "50 new notices or more"


def test_the_way_to_the_notices_counts_and_discloses_nothing(cast, told):
    unseen = unseen_for(cast.bram.user, cast.at)
    assert (unseen.count, unseen.words) == (1, "1 new notice")
    assert unseen.url == reverse("messaging:notices")
    assert not Disclosure.objects.exists()


def test_who_can_not_be_reached_by_mail_is_told_so(client, cast):
    cast.bram.user.address_refused_at = cast.at
    cast.bram.user.save()
    page = read(client, cast, "bram")
    assert "Our mail to you came back" in page
    assert reverse("account_email") in page


def test_someone_with_nothing_reads_what_the_page_is_for(client, cast):
    assert "it is listed here" in read(client, cast, "dana")


def test_the_same_twice_in_a_minute_is_one_line_and_is_seen_as_one(client, cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    update = write(cast, "chidi", "bram")
    client.force_login(cast.user("amina"))
    client.get(PAGE)
    for minutes in (0, 1, 12):
        at = cast.at + timedelta(minutes=minutes)
        answer(cast, update, "bram", at=at, decision=f"100 mg, {minutes}.")
        sweep(at + timedelta(seconds=1))
    page = read(client, cast, "amina")
    # The first two of one minute are one; after more than ten minutes it is news.
    assert page.count("Answer from Dr. Bram Visser") == 2
    new = set(re.findall(r'name="notice" value="([^"]+)"', page))
    client.post(reverse("messaging:notices_seen"), {"notice": sorted(new)})
    assert "No new notices" in read(client, cast, "amina")
