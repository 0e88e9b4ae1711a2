""" "This looks wrong", S71: tracked to an answer; whom it is about learns nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from carecoord import zones
from carecoord.models import OutgoingMail
from consents import entrances, log
from consents.models import AccessRefusal, PrivacyReport, ReadingAlarm
from messaging.words import telling_words
from tests.consents.acting import record, relative
from tests.consents.test_log import entry
from tests.consents.views.pages import Pages, text_of

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def ines(cast):
    from django.test import Client

    client = Client()
    client.force_login(cast.ines)
    return client


def send(pages: Pages, cast, **answers) -> PrivacyReport:
    pages.get("looks_wrong", cast.bram.pk)
    response = pages.send(**{"reason": "should_not"} | answers)
    assert response.status_code == 302, text_of(response)
    return PrivacyReport.objects.get()


def test_it_offers_three_answers_and_to_stop_and_says_by_when(amina, cast):
    html = text_of(amina.get("looks_wrong", cast.bram.pk))
    assert "Stop sharing with Dr. Bram Visser" in html
    assert "within 30 days" in html and "is not told" in html
    for answer in ("I don’t know this person", "should not see this", "Something else"):
        assert answer in html
    assert "checked" not in re.sub(r"\s", " ", html.split("<form method")[1])


def test_a_report_is_sent_tracked_and_answered(amina, ines, cast):
    row = send(amina, cast, words="CNRYwords seen at work", reach="CNRYphone")
    assert (row.about, row.state) == (cast.bram, "sent")
    page = amina.client.get(amina.address("report", row.pk))
    assert "You get an answer here by" in text_of(page)
    assert "Stop sharing with Dr. Bram Visser" in text_of(page)

    address = reverse("consents:privacy_report", args=[row.pk])
    first = text_of(ines.get(reverse("consents:privacy")))
    assert address in first and "CNRY" not in first
    html = text_of(ines.get(address))
    assert "CNRYwords seen at work" in html and "CNRYphone" in html
    ines.post(address, {"take": "1"})
    assert "Being looked into" in text_of(amina.client.get(amina.address("reports")))

    ines.post(address, {"outcome": "stopped", "answer": "CNRYanswer for you"})
    answered = text_of(amina.client.get(amina.address("report", row.pk)))
    assert "CNRYanswer for you" in answered and "It was wrong" in answered
    assert "No report waits for an answer." in text_of(
        ines.get(reverse("consents:privacy"))
    )


def test_an_answer_is_given_once(amina, ines, cast):
    address = reverse("consents:privacy_report", args=[send(amina, cast).pk])
    ines.post(address, {"outcome": "in_order", "answer": "First."})
    ines.post(address, {"outcome": "stopped", "answer": "Second."})
    assert PrivacyReport.objects.get().answer == "First."


def test_what_is_missing_is_said(amina, ines, cast):
    amina.get("looks_wrong", cast.bram.pk)
    assert "Choose what is wrong." in text_of(amina.send())
    address = reverse("consents:privacy_report", args=[send(amina, cast).pk])
    html = text_of(ines.post(address, {"outcome": "in_order"}))
    assert "Write your answer." in html
    html = text_of(ines.post(address, {"answer": "Read."}))
    assert "Choose what you found." in html


def test_a_double_click_reports_once(amina, cast):
    amina.get("looks_wrong", cast.bram.pk)
    page = amina.page
    for _ in range(2):
        amina.page = page
        amina.send(reason="unknown", to=amina.address("looks_wrong", cast.bram.pk))
    assert PrivacyReport.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_the_words_are_encrypted_and_the_mail_says_nothing(amina, cast):
    from django.db import connection

    send(amina, cast, words="CNRYwords")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM consents_privacyreport")
        assert "CNRYwords" not in cursor.fetchone()[0]
    mail = OutgoingMail.objects.get()
    assert mail.address == cast.ines.email
    assert telling_words(mail.subject + mail.body) == ()
    for name in ("Amina", "Bram", "Visser", "CNRY", "privacy"):
        assert name not in mail.subject + mail.body


def test_the_person_it_is_about_learns_nothing(amina, client, cast):
    """Every page that Bram opens is the same, byte for byte, before and after."""
    bram = Pages(client, cast.user("bram"), cast.amina)
    pages = ["/worklist/", "/notices/", reverse("patients:chart", args=[cast.amina.pk])]
    before = [without_tokens(bram.client.get(page)) for page in pages]
    row = send(Pages(client, cast.user("amina"), cast.amina), cast)
    client.force_login(cast.user("bram"))
    assert [without_tokens(client.get(page)) for page in pages] == before
    for name in ("report", "reports", "report_conduct"):
        args = [row.pk] if name == "report" else []
        assert client.get(bram.address(name, *args)).status_code == 404


def without_tokens(response) -> str:
    chance = r'name="csrfmiddlewaretoken" value="\w+"|data-shown="[^"]*"'
    return re.sub(chance, "", text_of(response))


@pytest.mark.capability("S54")
def test_the_officer_reads_looks_by_day_in_plain_words_and_answers_at_once(
    amina, ines, cast
):
    """Places from the table of entrances, the detail folded, the answer in reach."""
    for number, changes in enumerate(
        (
            {"at": cast.at - timedelta(days=3)},
            {},
            {},
            {"entrance": "patients:summary_pdf", "channel": "pdf"},
            {"entrance": "gone:page"},
        )
    ):
        log.write([replace(entry(cast, cast.amina, number), **changes)])
    day = zones.today(cast.at, cast.amina.time_zone)
    amina.page = amina.client.get(
        amina.address("looks_wrong", cast.bram.pk), {"day": day.isoformat()}
    )
    amina.send(
        reason="should_not",
        to=f"{amina.address('looks_wrong', cast.bram.pk)}?day={day.isoformat()}",
    )
    row = PrivacyReport.objects.get()
    html = text_of(ines.get(reverse("consents:privacy_report", args=[row.pk])))
    folded = html.split("<details>")[1].split("</details>")[0]
    assert folded.count("Rests on: ") == 2, "one row a day"
    assert "The chart, on screen: " in html
    assert "The one-page summary, downloaded: " in html
    assert "A page that is gone, on screen: " in html
    assert "summary pdf" not in html and "<details open" not in html
    times = [
        zones.time_words(cast.at + timedelta(minutes=n), cast.amina.time_zone)
        for n in (2, 1)
    ]
    assert f"The chart, on screen: {', '.join(times)}" in html
    reported = html.split("On the day of the report")[1].split("</section>")[0]
    assert zones.day_words(day) in reported and "4 looks" in reported
    assert "Rests on: the patient’s permission. Why: treatment." in reported


def test_every_place_has_plain_words_of_its_own():
    """A door without words cannot be declared, nor words without a door."""
    for name in entrances.declared():
        said = entrances.place_in_words(name)
        assert said[:1].isupper() and "_" not in said and ":" not in said, name
        assert said != "A page that is gone", name
    line = {"app:door": entrances.Entrance({})}
    assert entrances.in_words(line, [("A door", "door")], app="app")["app:door"].words
    for places in ([], [("A door", "door window")]):
        with pytest.raises(ValueError, match="Not one to one"):
            entrances.in_words(line, places, app="app")


# S71 -----------------------------------------------------------------------------


@pytest.mark.capability("S71")
def test_a_clinician_is_reported_past_the_clinician(amina, ines, cast):
    record(cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "guardian")
    html = text_of(amina.get("report_conduct"))
    assert "Rosa Diallo" in html, "the page of who acts leads here"
    assert "This does not go through the clinician." in html
    assert "Office for Civil Rights" in html and "licensing board" in html
    # Also somebody who has left the team.
    assert "Fatou Sow" in html and "Hana Diallo" not in html
    amina.send(who=str(cast.fatou.pk), reason="behaviour", words="CNRYwords")
    row = PrivacyReport.objects.get()
    assert (row.about, row.kind) == (cast.fatou, "conduct")
    address = reverse("consents:privacy_report", args=[row.pk])
    assert "CNRYwords" in text_of(ines.get(address))


@pytest.mark.capability("S71")
def test_family_reports_by_name_and_only_they_can_read_it(client, cast, ines):
    hana = Pages(client, cast.user("hana"), cast.amina)
    chart = text_of(client.get(reverse("patients:chart", args=[cast.amina.pk])))
    assert hana.address("report_conduct") in chart
    html = text_of(hana.get("report_conduct"))
    assert "Visser" not in html  # the roster may not be hers to see
    assert "Write who it is about." in text_of(hana.send(reason="other"))
    hana.get("report_conduct")
    hana.send(about_words="Dr. Bram", reason="told_others")
    row = PrivacyReport.objects.get()
    assert row.about is None and row.about_words == "Dr. Bram"
    assert hana.client.get(hana.address("report", row.pk)).status_code == 200
    client.force_login(cast.user("amina"))
    assert client.get(hana.address("report", row.pk)).status_code == 404
    assert "Dr. Bram" in text_of(
        ines.get(reverse("consents:privacy_report", args=[row.pk]))
    )


def test_someone_else_needs_a_name(amina, cast):
    amina.get("report_conduct")
    html = text_of(amina.send(who="else", reason="care"))
    assert "Write who it is about." in html


@pytest.mark.capability("S71")
def test_nobody_answers_a_report_about_themselves(amina, client, cast):
    """Nor learns of it: a clinician who is a privacy officer too gets no mail."""
    user = cast.user("bram")
    type(user).objects.filter(pk=user.pk).update(is_privacy_officer=True)
    row = send(amina, cast)
    assert OutgoingMail.objects.get().address == cast.ines.email
    client.force_login(user)
    assert client.get(reverse("consents:privacy_reports")).status_code == 200
    address = reverse("consents:privacy_report", args=[row.pk])
    assert client.get(address).status_code == 404
    assert str(row.pk) not in text_of(client.get(reverse("consents:privacy")))


def test_a_late_report_says_so(amina, ines, cast):
    row = send(amina, cast)
    past = timezone.localdate() - timezone.timedelta(days=2)  # in every zone
    PrivacyReport.objects.filter(pk=row.pk).update(due_date=past)
    assert "Late" in text_of(ines.get(reverse("consents:privacy")))


# Refused requests and unusual reading --------------------------------------------


def test_the_officer_sees_who_asked_in_vain_and_for_how_many(client, ines, cast):
    client.force_login(cast.user("dana"))
    nobody = "00000000-0000-4000-8000-000000000000"
    for patient in (cast.amina.pk, cast.gus.pk, nobody):
        client.get(reverse("patients:chart", args=[patient]))
    assert AccessRefusal.objects.count() == 3
    first = text_of(ines.get(reverse("consents:privacy")))
    assert "Dr. Dana Levy asked for 3 records in vain" in first
    html = text_of(ines.get(reverse("consents:privacy_refused")))
    assert "Record of Amina Diallo." in html and "There is no such record." in html
    address = reverse("consents:privacy_refused")
    only = text_of(ines.get(address, {"user": str(cast.dana.user_id)}))
    assert "dana@cast.example" in only
    assert ines.get(address, {"user": "x", "before": "x"}).status_code == 200


def test_an_alarm_is_reviewed_once_and_told_once(ines, cast):
    from consents import actions

    for _ in range(3):
        actions.raise_alarm(user=cast.user("bram"), charts=60, at=cast.at)
    alarm = ReadingAlarm.objects.get()
    assert OutgoingMail.objects.count() == 1
    address = reverse("consents:privacy_alarm", args=[alarm.pk])
    assert address in text_of(ines.get(reverse("consents:privacy")))
    assert "Write what you found out." in text_of(ines.post(address, {}))
    ines.post(address, {"words": "CNRYfound"})
    ines.post(address, {"words": "later"})
    assert "CNRYfound" in text_of(ines.get(address))
    assert "Nobody opened unusually" in text_of(ines.get(reverse("consents:privacy")))
