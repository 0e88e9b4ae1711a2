"""The patient's home: what to do, who sees what, what is new."""

import re
import uuid
from datetime import UTC, timedelta

import pytest
from django.urls import reverse

from carecoord import zones
from consents import actions as consents
from consents.codes import CATEGORIES
from patients import home_page, models
from patients.actions import record
from patients.actions.medicines import Keep
from tests import cast as people
from tests.consents import guests
from tests.patients.records import fill, item, medicine
from tests.patients.views.test_chart import address, page, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_a_new_patient_starts_with_a_list_of_tasks(client, cast):
    html = page(client, cast, "amina", address(cast.amina))
    assert "Hello Amina" in html
    assert "To start, in any order" in html
    fill(cast.amina, cast.at)
    html = page(client, cast, "amina", address(cast.amina))
    assert "To start" not in html
    assert "To do now (2)" in html
    assert "Ask about" in html


ASKED = "In an emergency: may your care team open one page?"


def test_the_emergency_page_is_asked_about_until_it_is_answered(client, cast):
    assert ASKED not in page(client, cast, "gus", address(cast.gus)), "shares nothing"
    fill(cast.amina, cast.at)
    assert ASKED in page(client, cast, "amina", address(cast.amina))
    consents.choose_emergency(
        patient=cast.amina, allowed=False, by=cast.amina.user, at=cast.at
    )
    assert ASKED not in page(client, cast, "amina", address(cast.amina))


def test_the_home_leads_to_each_key_task_in_one_tap(client, cast):
    fill(cast.amina, cast.at)
    html = page(client, cast, "amina", address(cast.amina))
    for rest in ("medicines/", "summary.pdf", "sharing/", "sharing/log/", "record/"):
        assert f'href="{address(cast.amina, rest)}"' in html
    assert 'href="/crisis/"' in html


def test_an_opened_emergency_page_is_the_first_thing_to_look_at(client, cast):
    """Not only where notices are read; for a week, each person once."""
    for _again in range(2):
        consents.state_emergency(
            member=cast.amina.care_team.get(party=cast.bram),
            statement=people.statement(),
            by=cast.user("bram"),
            at=cast.at,
        )
    html = page(client, cast, "amina", address(cast.amina))
    first = html.partition("To do now")[2].partition("</li>")[0]
    assert "Dr. Bram Visser opened the emergency page" in first
    assert html.count("opened the emergency page") == 1
    assert 'href="/notices/"' in html
    # "Who can see" says it of somebody with whom nothing is shared, too.
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    html = page(client, cast, "amina", address(cast.amina))
    card = html.partition("Who can see your information")[2].partition("</section>")[0]
    bram = card.partition("Bram Visser")[2].partition("</li>")[0]
    assert "Emergency page open now" in bram and "Not shared" not in bram
    one = reverse("consents:person", args=[cast.amina.pk, cast.bram.pk])
    said = page(client, cast, "amina", one)
    assert "Dr. Bram Visser stated an emergency." in said
    assert "Not shared" not in said.partition("<main")[2].partition("</h2>")[0]
    consents.end_emergencies(
        member=cast.amina.care_team.get(party=cast.bram),
        by=cast.user("bram"),
        at=cast.at + timedelta(seconds=1),
    )
    assert "Emergency page open now" not in page(
        client, cast, "amina", address(cast.amina)
    )


def test_the_home_says_who_can_see_what(client, cast):
    html = page(client, cast, "amina", address(cast.amina))
    card = html.partition("Who can see your information")[2].partition("</section>")[0]
    assert re.search(r"Dr. Bram Visser</strong>.*?Sharing until", card, re.DOTALL)
    assert re.search(r"Chidi Okafor</strong>.*?Not shared", card, re.DOTALL)
    assert "Fatou" not in card


def checked(cast, *, days):
    """Amina said that her list is right, this many of her days ago.

    Days of the calendar, not of 24 hours: the clocks change between, and late in the
    evening that is another day.
    """
    at = zones.local(cast.at, cast.amina.time_zone) - timedelta(days=days)
    item(models.ListConfirmation, cast.amina, "medications", at.astimezone(UTC))


def test_an_old_check_of_the_list_is_to_do(client, cast):
    medicine(cast.amina, cast.at - timedelta(days=100), "quetiapine")
    checked(cast, days=91)
    html = page(client, cast, "amina", address(cast.amina))
    assert "Check your medicine list" in html
    assert "Last checked 91 days ago" in html


@pytest.mark.parametrize(("days", "due"), [(29, False), (31, True)])
def test_a_changed_list_is_to_be_checked_after_thirty_days(client, cast, days, due):
    line = medicine(cast.amina, cast.at - timedelta(days=100), "quetiapine")
    checked(cast, days=days)
    line.last_change_date = cast.at.date() - timedelta(days=5)
    line.save()
    html = page(client, cast, "amina", address(cast.amina))
    assert ("Check your medicine list" in html) is due


@pytest.mark.parametrize(("longer", "said"), [("goals", True), ("medications", False)])
def test_what_ends_before_the_rest_is_to_do(client, cast, longer, said):
    """A narrower permission that goes on longer does not speak for the wide one."""
    both = CATEGORIES.mask("medications", "allergies")
    wide = {"categories": both, "ends_at": cast.at + timedelta(days=9)}
    people.permit(cast.amina, cast.hana, at=cast.at, **wide)
    more = {"goals": CATEGORIES["goals"], "medications": both}[longer]
    people.permit(cast.amina, cast.hana, at=cast.at, categories=more)
    html = page(client, cast, "amina", address(cast.amina))
    assert ("Some of what you share with Hana Diallo ends soon" in html) is said
    for name, *args in (("sharing",), ("person", cast.hana.pk)):
        where = reverse(f"consents:{name}", args=[cast.amina.pk, *args])
        html = page(client, cast, "amina", where)
        assert ("Some of it only until" in html) is said
        assert "Ends in 9 days" not in html


def test_a_permission_that_ends_soon_and_a_request_are_to_do(client, cast):
    people.permit(
        cast.amina, cast.hana, at=cast.at, ends_at=cast.at + timedelta(days=9)
    )
    consents.ask(
        patient=cast.amina,
        recipient=cast.chidi,
        asked_by=cast.chidi,
        categories=CATEGORIES["medications"],
        purposes=people.CARE,
        at=cast.at,
    )
    html = page(client, cast, "amina", address(cast.amina))
    assert "Sharing with Hana Diallo ends soon" in html
    assert "Chidi Okafor asks you to share" in html


def test_what_does_not_fit_on_the_list_of_what_to_do_is_counted(
    client, cast, monkeypatch
):
    """The list was cut and its heading counted what was left of it."""
    monkeypatch.setattr(home_page, "TO_DO_SHOWN", 1)
    for party in (cast.hana, cast.chidi):
        ends = cast.at + timedelta(days=9)
        people.permit(cast.amina, party, at=cast.at, ends_at=ends)
    html = page(client, cast, "amina", address(cast.amina))
    counted = re.search(r"To do now \((\d+)\)", html)
    assert counted and int(counted[1]) > 1
    assert f"1 of {counted[1]} shown" in html


def test_what_ended_by_its_date_is_said_for_a_while_and_can_be_shared_again(
    client, cast
):
    ended = people.permit(
        cast.amina, cast.hana, at=cast.at, ends_at=cast.at - timedelta(days=3)
    )
    html = page(client, cast, "amina", address(cast.amina))
    assert "Sharing with Hana Diallo ended" in html
    assert f"/sharing/grant/?again={ended.pk}" in html
    people.permit(cast.amina, cast.hana, at=cast.at)
    html = page(client, cast, "amina", address(cast.amina))
    assert "Sharing with Hana Diallo ended" not in html


def test_what_ended_long_ago_or_by_hand_is_no_reminder(client, cast):
    long_ago = cast.at - timedelta(days=20)
    people.permit(cast.amina, cast.hana, at=cast.at, ends_at=long_ago)
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    html = page(client, cast, "amina", address(cast.amina))
    assert "Hana Diallo ended" not in html and "Bram Visser ended" not in html


def test_who_looked_since_the_last_visit_is_news(client, cast):
    html = page(client, cast, "amina", address(cast.amina))
    # Nothing was before the first visit: no day is named.
    assert "Nothing new." in html and '<h2 id="new">New</h2>' in html
    fill(cast.amina, cast.at)
    read(client, cast, "bram", address(cast.amina))
    html = page(client, cast, "amina", address(cast.amina))
    assert "Dr. Bram Visser looked at your information" in html


def test_a_kept_back_item_stays_the_patients_own(client, cast):
    kept = record.add(
        patient=cast.amina,
        model=models.Symptom,
        key=uuid.uuid4(),
        categories=CATEGORIES["measures"],
        labels=0,
        keep=Keep(only_me=True),
        columns={"what": "SECRET voices"},
        by=cast.amina.user,
        at=cast.at,
    )
    assert kept.version == 1
    assert "SECRET" not in page(client, cast, "bram", address(cast.amina))
    assert "SECRET" in page(client, cast, "amina", address(cast.amina, "record/"))


def test_a_code_that_works_is_not_nobody(client, cast):
    """Home said "Only you" while somebody could read a page with a code."""
    gus = page(client, cast, "gus", address(cast.gus))
    assert "Whoever has your code" not in gus
    guests.make(cast.gus, at=cast.at)
    gus = page(client, cast, "gus", address(cast.gus))
    assert "Whoever has your code (1 works now)" in gus and "Only you." not in gus


def test_a_note_from_outside_is_news_and_leads_to_the_note(client, cast):
    code = guests.make(cast.gus, at=cast.at)
    visit = guests.use(code.code, at=cast.at, birth_date=cast.gus.birth_date)
    consents.write_note(visit=visit, text="Given an injection.", at=cast.at)
    html = page(client, cast, "gus", address(cast.gus))
    new = html.partition('id="new"')[2].partition("</section>")[0]
    assert "Somebody with your code wrote you a note" in new
    assert reverse("consents:code", args=[cast.gus.pk, visit.code_id]) in new
    assert "injection" not in new
