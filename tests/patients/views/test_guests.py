"""Somebody with a code, in a browser without an account."""

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions, log
from consents.access import guests
from consents.access.guests import VISIT_LASTS, is_still_open
from consents.codes import CATEGORIES, LABELS, GuestPage
from consents.models import Disclosure, GuestVisit
from messaging.actions import causes
from messaging.models import Notice
from patients.models import Condition
from tests.consents.guests import CORE, make
from tests.consents.views.pages import Pages, hidden, text_of
from tests.paper import pages_text
from tests.patients import records

ENTER, PAGE, STILL = "/code/", "/code/page/", "/code/still/"


@pytest.fixture
def world(cast):
    records.fill(cast.amina, cast.at, psychiatrist=cast.bram)
    return cast


def answers(cast, code, **changed):
    return {
        "code": code,
        "birth_date": "Feb 14, 1991",
        "name": "Dr. Ruth Novak",
        "organization": "Mercy Hospital",
        "reason": "Seen in the emergency room",
    } | changed


def let_in(client, cast, code):
    return client.post(ENTER, answers(cast, code))


def condition(cast, name, **fields):
    return records.item(
        Condition, cast.amina, "conditions", cast.at, name=name, **fields
    )


@pytest.mark.capability("S43")
def test_the_page_opens_with_code_and_birth_date(client, world):
    condition(world, "CNRYseen")
    made = make(world.amina, at=world.at)
    entered = let_in(client, world, made.code)
    assert entered.url.partition("?")[0] == PAGE
    cookie = entered.cookies["opening"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    assert cookie["path"] == ENTER and int(cookie["max-age"]) == 900
    page = client.get(PAGE)
    html = text_of(page)
    assert "CNRYseen" in html and "Dr. Ruth Novak, Mercy Hospital, not checked" in html
    # "Allergies shared with ..., not checked (2)" would say that of the allergies.
    assert "Medicines shared with whoever has the code (" in html
    assert "not checked (" not in html
    assert page["Cache-Control"] == "no-store"
    assert "Amina" not in html.partition("</title>")[0]


def test_no_address_holds_anything_of_the_patient_or_the_code(client, world):
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    html = text_of(client.get(PAGE))
    for secret in (str(world.amina.pk), str(made.guest_code.pk), made.code):
        assert secret not in html


def test_what_is_not_covered_is_not_there_and_leaves_no_trace(client, world):
    """Hidden world: the page is the same with and without what is kept back."""
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)

    def page():
        import re

        html = text_of(client.get(PAGE))
        return re.sub(
            r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}|csrf\w+\" value=\"\w+|"
            r"\d+:\d\d [ap]m",
            "",
            html,
        )

    before = page()
    condition(world, "CNRYhiv", labels=LABELS["hiv"])
    assert page() == before
    assert "CNRY" not in before


@pytest.mark.capability("S43")
def test_the_paper_says_for_whom_and_has_the_same_rows(client, world):
    condition(world, "CNRYseen")
    condition(world, "CNRYhiv", labels=LABELS["hiv"])
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    response = client.get("/code/page.pdf")
    words = " ".join(pages_text(response.content))
    assert "CNRYseen" in words and "CNRYhiv" not in words
    assert "Novak" in words and "not checked" in words
    assert "Amina" not in response["Content-Disposition"]


def test_the_emergency_page_has_the_core_and_no_more(client, world):
    made = make(world.amina, at=world.at, page=GuestPage.EMERGENCY, categories=CORE)
    let_in(client, world, made.code)
    html = text_of(client.get(PAGE))
    assert "what an emergency room needs" in html
    tried = html.partition("Tried before")[2].partition("<h2")[0]
    assert "Not part of what is shared here." in tried and "None on" not in tried
    shown = {
        mark[0]
        for row in Disclosure.objects.filter(visit__isnull=False)
        for mark in row.items
    }
    assert "patients.medicationstatement" in shown
    assert not shown & {"messaging.update", "patients.goal", "patients.medicinetrial"}


WRONG = {
    "code": {"code": "AAAA-BBBB-CCCC"},
    "birth date": {"birth_date": "Feb 15, 1991"},
}


@pytest.mark.parametrize("what", WRONG)
def test_every_refusal_is_the_same_page(client, world, what):
    made = make(world.amina, at=world.at)
    wrong = client.post(ENTER, answers(world, made.code) | WRONG[what])
    consent = made.guest_code.consent
    actions.revoke(consent=consent, by=world.amina.user, at=world.at)
    ended = let_in(client, world, made.code)
    assert wrong.status_code == ended.status_code == 200
    assert "opening" not in wrong.cookies and "opening" not in ended.cookies

    def said(page):
        return text_of(page).partition("<form")[0].partition("<main")[2]

    assert said(wrong) == said(ended) and "did not open" in said(wrong)
    assert "<title>Error: " in wrong.content.decode()


def test_without_an_opening_there_is_one_closed_page(client, world):
    made = make(world.amina, at=world.at)
    never = client.get(PAGE)
    let_in(client, world, made.code)
    consent = made.guest_code.consent
    actions.revoke(consent=consent, by=world.amina.user, at=world.at)
    stopped = client.get(PAGE)
    forged = Client()
    forged.cookies["opening"] = str(GuestVisit.objects.get().pk)
    for page in (never, stopped, forged.get(PAGE), forged.get("/code/page.pdf")):
        assert page.status_code == 404 and "This is closed" in text_of(page)


def test_leaving_closes_it_on_this_computer(client, world):
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    left = client.post("/code/leave/")
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(PAGE).status_code == 404


def stop_sharing(world, made, shown):
    consent = made.guest_code.consent
    actions.revoke(consent=consent, by=world.amina.user, at=world.at)


def keep_an_item_back(world, made, shown):
    actions.keep_back(item=shown, by=world.amina.user, at=world.at)


def label_an_item(world, made, shown):
    label = {"labels": LABELS["hiv"], "by": world.amina.user, "at": world.at}
    actions.set_labels(item=shown, **label)


ENDS = [stop_sharing, keep_an_item_back, label_an_item]


@pytest.mark.security("T23")
@pytest.mark.parametrize("end", ENDS)
def test_an_open_tab_learns_that_it_is_over(client, world, end):
    shown = condition(world, "CNRYseen")
    made = make(world.amina, at=world.at)
    assert client.get(STILL).status_code == 286
    let_in(client, world, made.code)
    page = client.get(PAGE).content.decode()
    assert f'data-still-url="{STILL}" data-shown="' in page
    assert "js/still.js" in page and "CNRYseen" in page
    logged = Disclosure.objects.count()
    assert client.get(STILL).status_code == 204
    end(world, made, shown)
    answer = client.get(STILL)
    assert (answer.status_code, answer.content) == (286, b"")
    assert client.get(PAGE).status_code == 404
    assert Disclosure.objects.count() == logged


@pytest.mark.security("T23")
def test_an_open_tab_learns_nothing_of_what_it_does_not_show(client, world):
    hidden = condition(world, "CNRYhiv", labels=LABELS["hiv"])
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    client.get(PAGE)
    visit = GuestVisit.objects.get()
    actions.keep_back(item=hidden, by=world.amina.user, at=world.at)
    assert client.get(STILL).status_code == 204
    assert not is_still_open(visit.pk, at=visit.at + VISIT_LASTS)


@pytest.mark.security("T23")
def test_a_tab_that_asks_only_for_the_permission_keeps_the_text(
    client, world, monkeypatch
):
    """The vulnerable twin: what was shown is not decided again."""
    monkeypatch.setattr(guests, "decided_again", lambda row, reader: True)
    shown = condition(world, "CNRYseen")
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    client.get(PAGE)
    keep_an_item_back(world, made, shown)
    assert client.get(STILL).status_code == 204


def test_a_person_who_is_signed_in_reads_no_more_with_a_code(client, world, settings):
    """The code decides, never the account beside it; nobody's log says otherwise."""
    settings.DEMO = True
    made = make(world.amina, at=world.at, categories=CATEGORIES["medications"])
    client.force_login(world.user("bram"))
    let_in(client, world, made.code)
    condition(world, "CNRYbram")
    assert "CNRYbram" not in text_of(client.get(PAGE))
    assert set(
        Disclosure.objects.filter(visit__isnull=False).values_list("user", flat=True)
    ) == {None}


@pytest.mark.capability("S43")
def test_each_opening_is_logged_and_the_patient_sees_who_they_said_to_be(
    client, world, settings
):
    settings.DEMO = True
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    client.get(PAGE)
    client.get("/code/page.pdf")
    assert Disclosure.objects.filter(visit__isnull=False).count() == 2
    assert list(log.verify()) == []
    amina = Pages(Client(), world.user("amina"), world.amina)
    html = text_of(amina.get("log"))
    assert "Said to be Dr. Ruth Novak" in html
    assert "Mercy Hospital. Reason: Seen in the emergency room. Not checked" in html
    assert "your permission of" in html and "Downloaded" in html
    home = text_of(amina.client.get(reverse("patients:chart", args=[world.amina.pk])))
    said = "Somebody with your code, said to be Dr. Ruth Novak, looked at your"
    assert said in home


@pytest.mark.capability("S43")
def test_the_patient_is_told_each_time_and_reads_the_note(client, world, settings):
    settings.DEMO = True
    made = make(world.amina, at=world.at)
    let_in(client, world, made.code)
    written = hidden(client.get("/code/note/").content.decode())
    sent = client.post("/code/note/", written | {"text": "Iron was started. <b>x</b>"})
    assert sent.url.partition("?")[0] == PAGE
    assert "one note" not in text_of(client.get(PAGE)).lower()
    assert "sent a note already" in text_of(client.get("/code/note/"))
    let_in(client, world, made.code)
    at = GuestVisit.objects.latest("at").at
    assert causes.tell_of_guests(at=at) == 3
    assert causes.tell_of_guests(at=at) == 0
    told = Notice.objects.filter(user=world.user("amina"), channel="in_app")
    assert sorted(told.values_list("kind", flat=True)) == [
        "code_used",
        "code_used",
        "guest_note",
    ]
    amina = Pages(Client(), world.user("amina"), world.amina)
    notices = text_of(amina.client.get(reverse("messaging:notices")))
    assert "Somebody used your code. They said to be Dr. Ruth Novak" in notices
    its_page = reverse("consents:code", args=[world.amina.pk, made.guest_code.pk])
    assert f'href="{its_page}"' in notices, "each leads to what it tells of"
    assert f'href="{reverse("consents:codes", args=[world.amina.pk])}"' not in notices
    html = text_of(amina.get("code", made.guest_code.pk))
    assert "Iron was started. <b>x</b>" in html  # unescaped by text_of
    raw = amina.page.content.decode()
    assert "<b>x</b>" not in raw and "not checked" in raw


def test_the_sign_in_page_leads_whoever_has_a_code(client):
    page = client.get(reverse("account_login")).content.decode()
    assert f'href="{reverse("patients:guest")}"' in page
