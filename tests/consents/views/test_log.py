"""Who looked."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carecoord import zones
from carecoord.models import SignIn
from consents import actions as consents
from consents import log
from consents.access import Reading, open_for, seen_before, sharing, who_looked
from consents.codes import CATEGORIES, PURPOSES
from consents.models import AccessRefusal, Consent, Disclosure
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.models import Condition
from tests.consents.acting import record, relative
from tests.consents.test_decisions import condition
from tests.consents.test_log import entry
from tests.consents.views.pages import text_of

pytestmark = pytest.mark.usefixtures("demo")


def look(cast, who: str, *, channel: str | None = None) -> list[Disclosure]:
    """Reads Amina's diagnoses as this person, with the disclosure."""
    entrance = "consents:sharing" if who == "amina" else "consents:ask"
    reading = Reading(user=cast.user(who), entrance=entrance)
    opened = open_for(reading, cast.amina.pk, writes=False)
    rows = opened.items(Condition.objects.all())
    if channel:
        reading._shown.clear()
        opened.show(rows, channel=channel)
    return reading.write_disclosures()


def test_nobody_looked_yet(amina, cast):
    html = text_of(amina.get("log"))
    assert "No one has looked yet." in html
    assert "This list cannot be changed or deleted by anyone." in html
    assert (
        "2 people can see parts of your record. Nobody looked in the last 30 days."
        in html
    )


def test_a_day_that_is_none_shows_all_of_them(amina, cast):
    for day in ("9999-12-31", "0001-01-01"):
        for query in ({"first": day}, {"last": day}):
            page = amina.get("log", **query)
            assert page.status_code == 200 and "No one has looked" in text_of(page)


@pytest.mark.capability("S54")
def test_a_look_says_who_when_what_why_and_by_which_permission(amina, cast):
    condition(cast)
    look(cast, "bram")
    html = text_of(amina.get("log"))
    assert "Dr. Bram Visser, psychiatrist" in html
    assert "Looked at: Diagnoses." in html
    assert "Why: treatment." in html
    assert f'/receipts/{cast.amina_to_bram.pk}/"' in html
    assert "First time" in html and "This looks wrong" in html
    assert "1 looked in the last 30 days." in html


def test_one_day_of_one_person_is_one_entry(amina, cast):
    condition(cast)
    for _ in range(5):
        look(cast, "bram")
    look(cast, "jon")
    looks = amina.get("log").context["page"].looks
    assert [each.name for each in looks] == ["Dr. Jon Ortiz", "Dr. Bram Visser"]


@pytest.mark.capability("S54")
def test_what_an_emergency_opened_does_not_stand_under_a_permission(amina, cast):
    condition(cast)
    look(cast, "bram")
    seen = replace(entry(cast, cast.amina, 1), basis="emergency", purpose="ETREAT")
    log.write([replace(seen, categories=CATEGORIES["medications"])])
    html = text_of(amina.get("log"))
    emergency, permission = html.split("<h2>Dr. Bram Visser")[1:]
    assert "Looked at: Medicines." in emergency
    assert "They stated an emergency." in emergency
    assert "Allowed by:" not in emergency
    assert "Looked at: Diagnoses." in permission and "Allowed by:" in permission
    assert "emergency" not in permission


def read_again(cast, **changes):
    """Bram reads what he wrote himself, and nothing else."""
    own = replace(entry(cast, cast.amina, 1), basis="own_text")
    log.write([replace(own, categories=CATEGORIES["updates"], **changes)])


@pytest.mark.capability("S54")
def test_own_words_read_again_are_no_look_at_the_record(amina, cast):
    """Told truly, and counted nowhere as a look: nor as a first, nor as the last."""
    read_again(cast)
    html = text_of(amina.get("log"))
    assert "Read again what they wrote themselves: Updates." in html
    assert "Looked at" not in html and "First time" not in html
    assert "Nobody looked in the last 30 days." in html
    opened = open_for(
        Reading(user=cast.user("amina"), entrance="consents:log"),
        cast.amina.pk,
        writes=False,
    )
    assert sharing.person(opened, cast.bram.pk).last_looked is None
    assert seen_before.already_seen(opened, cast.bram).first is None
    home = text_of(amina.client.get(reverse("patients:chart", args=[cast.amina.pk])))
    assert "looked at your information" not in home
    Sweep(now=lambda: cast.at + timedelta(minutes=15)).run()
    assert not Notice.objects.filter(kind="first_access").exists()
    # The first look comes after it, and is one.
    condition(cast)
    look(cast, "bram")
    html = text_of(amina.get("log"))
    assert "Looked at: Diagnoses, Updates." in html and "First time" in html
    Sweep(now=lambda: cast.at + timedelta(minutes=30)).run()
    told = Notice.objects.filter(kind="first_access")
    assert told.values("about").distinct().count() == 1


@pytest.mark.capability("S54")
def test_own_words_on_the_emergency_page_stand_with_the_emergency(amina, cast):
    """Never under the permission of that day, as a second reason to look."""
    condition(cast)
    look(cast, "bram")
    seen = replace(entry(cast, cast.amina, 1), basis="emergency", purpose="ETREAT")
    log.write([replace(seen, categories=CATEGORIES["medications"])])
    read_again(cast, purpose="ETREAT")
    looks = amina.get("log").context["page"].looks
    assert [(each.emergency, each.why) for each in looks] == [
        (True, "emergency treatment"),
        (False, "treatment"),
    ]
    assert looks[0].kinds == "Medicines, Updates" and not looks[0].consents


def test_downloads_are_flagged_and_can_be_shown_alone(amina, cast):
    condition(cast)
    look(cast, "jon")
    look(cast, "bram", channel="pdf")
    assert "Downloaded" in text_of(amina.get("log"))
    html = text_of(amina.get("log", show="downloads"))
    assert "Dr. Bram Visser" in html and "Dr. Jon Ortiz, primary care" not in html


def test_the_same_way_of_taking_it_along_is_said_once(amina, cast):
    condition(cast)
    for _ in range(3):
        look(cast, "bram", channel="pdf")
    look(cast, "bram", channel="export")
    html = text_of(amina.get("log"))
    assert "Also copied as text, downloaded 3 times." in html


def test_a_file_that_was_not_handed_over_is_not_called_downloaded(amina, cast):
    condition(cast)
    rows = look(cast, "bram", channel="pdf")
    Reading(user=cast.user("bram"), entrance="consents:ask").not_delivered(rows)
    entry = amina.get("log").context["page"].looks[0]
    assert entry.downloads == [] and entry.failed == 1


def test_my_own_looks_are_apart(amina, cast):
    condition(cast)
    look(cast, "amina")
    look(cast, "bram")
    looks = amina.get("log", show="mine").context["page"].looks
    assert [each.name for each in looks] == ["You"]
    assert "Nobody looked" not in text_of(amina.page)


def test_one_person_can_be_shown_alone(amina, cast):
    condition(cast)
    look(cast, "bram")
    look(cast, "jon")
    html = text_of(amina.get("log", who=str(cast.bram.pk)))
    assert "When Dr. Bram Visser looked" in html
    assert "Dr. Jon Ortiz" not in html


def test_somebody_who_acts_can_be_asked_for_before_they_ever_looked(amina, cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    assert amina.get("log", who=str(rosa.pk)).status_code == 404
    record(cast, cast.amina, rosa, "guardian")
    html = text_of(amina.get("log", who=str(rosa.pk)))
    assert "When Rosa Diallo looked" in html and "No one has looked yet." in html
    # Who acts sees something as well.
    assert "3 people can see parts of your record." in html


def test_who_acts_looks_by_a_paper_and_not_by_nothing(amina, cast):
    condition(cast)
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian")
    reading = Reading(user=rosa.user, entrance="patients:chart")
    opened = open_for(reading, cast.amina.pk, writes=False)
    opened.items(Condition.objects.all())
    reading.write_disclosures()
    html = text_of(amina.get("log"))
    assert "Why: acting for you. Allowed by:" in html and "a paper or the law" in html


def test_refused_attempts_name_only_people_the_patient_knows(amina, cast, client):
    for who in ("fatou", "dana", "chidi", "gus"):
        AccessRefusal.objects.create(
            patient_id=cast.amina.pk, user=cast.user(who), at=cast.at, entrance="x"
        )
    html = text_of(amina.get("log"))
    assert (
        "A page not shared with Chidi Okafor was requested. Nothing was shown." in html
    )
    assert "A page not shared with Fatou Sow was requested." in html
    assert "Someone who is not on your care team asked for a page." in html
    assert "Levy" not in html and "Moreau" not in html


@pytest.mark.security("T23")
def test_a_tab_left_open_that_saves_its_own_draft_asks_for_nothing(amina, cast):
    """Told only of somebody who never was on the team, and whose tab it is not."""
    chidi = cast.user("chidi")
    member = cast.amina.care_team.get(party=cast.chidi)
    consents.leave(participant=member, by=cast.user("amina"), at=cast.at, reason="left")
    to = reverse("messaging:update_draft", args=[cast.amina.pk])
    client = Client()
    for user in (chidi, cast.user("gus")):
        client.force_login(user)
        assert client.post(to, {"what_changed": "typed before"}).status_code == 404
    assert AccessRefusal.objects.filter(entrance="messaging:update_draft").count() == 2
    html = text_of(amina.get("log"))
    assert "A page not shared with Chidi Okafor was requested." not in html
    assert "Someone who is not on your care team asked for a page." in html
    client.force_login(chidi)
    client.get(reverse("patients:chart", args=[cast.amina.pk]))
    asked = "A page not shared with Chidi Okafor was requested. Nothing was shown."
    assert asked in text_of(amina.get("log"))


def test_many_requests_of_one_person_hide_nobody_elses(amina, cast):
    def asked(who, minutes):
        return AccessRefusal(
            patient_id=cast.amina.pk,
            user=cast.user(who),
            at=cast.at - timedelta(minutes=minutes),
            entrance="x",
        )

    rows = [asked("chidi", 90), *(asked("gus", ago) for ago in range(60, 0, -1))]
    AccessRefusal.objects.bulk_create(rows)
    html = text_of(amina.get("log"))
    assert "A page not shared with Chidi Okafor was requested." in html
    assert 1 <= html.count("not on your care team asked for a page") <= 2


def test_long_lists_go_on_by_key_with_the_same_number_of_queries(amina, cast):
    condition(cast)

    def queries(**query) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert amina.get("log", **query).status_code == 200
        return len(caught)

    look(cast, "bram")
    queries()  # the first page of a session also writes the session
    few = queries()
    for _ in range(70):
        look(cast, "bram")
    assert queries() == few
    page = amina.page.context["page"]
    last = Disclosure.objects.get(seq=12)
    assert page.next_before == last.pk
    rest = amina.get("log", before=str(last.pk)).context["page"]
    assert rest.next_before is None
    assert len(rest.looks) == 1 and rest.looks[0].first_time


@pytest.mark.security("T30")
def test_no_address_has_a_number_of_the_chain(amina, cast, monkeypatch):
    """Sixty rows a page, and 61 numbers between two pages: one would be withheld."""
    monkeypatch.setattr(who_looked, "PAGE", 2)
    condition(cast)
    for _ in range(5):
        look(cast, "bram")
    page = amina.get("log")
    assert "before=" in page.context["next_url"]
    assert not re.search(r"before=\d+(&|$)", page.context["next_url"])
    assert (
        amina.get("log", before="4").context["page"].looks == page.context["page"].looks
    )


# Days, mails, sign-ins --------------------------------------------------------------


def write_at(cast, *days_ago: int, who: str = "bram") -> None:
    """Looks of so many days ago, oldest first."""
    for days in days_ago:
        row = entry(cast, cast.amina, 0)
        row.user_id = cast.user(who).pk
        row.recipient_id = None if who == "amina" else getattr(cast, who).pk
        row.at = cast.at - timedelta(days=days)
        log.write([row])


@pytest.mark.security("L21")
def test_old_days_are_chosen_by_date(amina, cast):
    write_at(cast, 800, 500, 3)
    old = zones.today(cast.at - timedelta(days=500), cast.amina.time_zone)
    looks = amina.get("log", first=str(old), last=str(old)).context["page"].looks
    assert [each.day for each in looks] == [old]
    looks = amina.get("log", last=str(old)).context["page"].looks
    assert len(looks) == 2
    html = text_of(amina.get("log", first="Jan 1, 2001", last="Jan 2, 2001"))
    assert "Nobody looked on these days." in html


def test_days_the_wrong_way_round_are_said(amina, cast):
    html = text_of(amina.get("log", first="2026-02-01", last="2026-01-01"))
    assert "The last day is before the first day." in html
    html = text_of(amina.get("log", first="never"))
    assert "Enter a real date" in html


def test_each_year_has_a_link_that_keeps_the_filter(amina, cast):
    write_at(cast, 800, 3)
    years = amina.get("log", show="downloads").context["years"]
    assert len(years) >= 3
    assert all("show=downloads&first=" in each["href"] for each in years)
    page = amina.client.get(years[-1]["href"])
    assert page.context["years"][-1]["current"]


def test_the_next_page_keeps_the_days(amina, cast, monkeypatch):
    monkeypatch.setattr(who_looked, "PAGE", 1)
    write_at(cast, 5, 4, 3)
    first = str(zones.today(cast.at - timedelta(days=6), cast.amina.time_zone))
    address = amina.get("log", first=first).context["next_url"]
    assert f"first={first}" in address
    looks = amina.client.get(address).context["page"].looks
    assert len(looks) == 1


def test_mails_about_the_record_are_listed_without_what_they_said(amina, cast):
    consents.ask(
        patient=cast.amina,
        recipient=cast.chidi,
        asked_by=cast.chidi,
        categories=CATEGORIES["updates"],
        purposes=PURPOSES["COC"],
        at=cast.at,
    )
    assert "No e-mail was sent" in text_of(amina.get("log", show="mails"))
    Sweep(now=lambda: cast.at).run()
    html = text_of(amina.get("log", show="mails"))
    assert "A notice without content was e-mailed to Amina Diallo" in html
    assert amina.page.context["page"].next_before is None


def test_own_sign_ins_are_listed_and_nobody_elses(amina, cast, monkeypatch):
    monkeypatch.setattr(who_looked, "PAGE", 2)
    for number in range(3):
        at = cast.at - timedelta(hours=number)
        SignIn.objects.create(user=cast.user("amina"), at=at, how="password")
    SignIn.objects.create(user=cast.user("bram"), at=cast.at)
    page = amina.get("log", show="sign_ins")
    assert text_of(page).count("You signed in") == 2
    rest = amina.client.get(page.context["next_url"])
    assert text_of(rest).count("You signed in") == 1


def test_a_refused_request_tells_the_patient_neither_page_nor_time(amina, cast):
    at = cast.at.replace(hour=9, minute=41)
    AccessRefusal.objects.create(
        patient_id=cast.amina.pk,
        user=cast.user("chidi"),
        at=at,
        entrance="patients:substances",
    )
    html = text_of(amina.get("log"))
    assert "A page not shared with Chidi Okafor was requested." in html
    assert "substances" not in html and ":41" not in html


@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"},
        {"who": "x"},
        {"show": "x"},
        {"before": "9" * 40},
        {"before": "٣"},
    ],
)
def test_nonsense_in_the_address_is_ignored(amina, cast, query):
    assert amina.get("log", **query).status_code == 200


def test_somebody_unknown_in_the_address_is_not_found(amina, cast):
    assert amina.get("log", who=str(cast.dana.pk)).status_code == 404


def test_looks_wrong_offers_to_stop_and_says_whom_to_tell(amina, cast):
    html = text_of(amina.get("looks_wrong", cast.bram.pk))
    assert "Stop sharing with Dr. Bram Visser" in html
    assert "Tell the privacy officer" in html


def test_who_looked_is_two_taps_from_home(amina, cast):
    assert amina.address("log") in text_of(amina.get("sharing"))


def test_reading_the_log_is_not_itself_a_look(amina, cast):
    amina.get("log")
    assert not Disclosure.objects.exists()
    assert list(log.verify()) == []


def test_a_page_that_is_not_the_whole_list_says_so_for_its_print(
    amina, cast, monkeypatch
):
    said = "This page and its print hold one part of the list"
    condition(cast)
    look(cast, "bram")
    look(cast, "jon")
    assert said not in text_of(amina.get("log"))
    monkeypatch.setattr(who_looked, "PAGE", 1)
    assert said in text_of(amina.get("log"))


def test_who_shares_with_nobody_reads_no_number(amina, cast):
    for each in Consent.objects.filter(patient=cast.amina):
        consents.revoke(consent=each, by=cast.user("amina"), at=cast.at)
    html = text_of(amina.get("log"))
    assert "Nothing is shared with anybody on your care team now." in html
