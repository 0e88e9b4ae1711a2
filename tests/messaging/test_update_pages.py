"""One update and the list of them: whole, or not there at all."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from consents.models import ConsentRequest, Disclosure
from messaging.actions import updates
from messaging.models import Opening, UpdateRecipient
from providers.models import Party
from tests.cast import Cast, permit
from tests.messaging.writing import (
    SUBSTANCE,
    answer,
    bytes_of,
    content,
    information,
    row,
    send,
    signed_in,
    take,
    words,
)


def address(update, name="update", **more):
    return reverse(
        f"messaging:{name}", args=[update.patient_id, update.pk, *more.values()]
    )


HIDDEN = r'<input type="hidden" name="(\w+)" value="([^"]*)"'


def listing(cast):
    return reverse("messaging:updates", args=[cast.amina.pk])


def read(cast, who, update, name="update"):
    return signed_in(cast, who).get(address(update, name))


# Who reads it ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["update", "update_text"])
@pytest.mark.parametrize("who", Cast.NAMES)
def test_it_is_whole_or_not_there(cast, who, name):
    update = send(cast, "chidi", "bram")
    may = who in {"amina", "bram", "chidi", "jon"}
    assert read(cast, who, update, name).status_code == (200 if may else 404)


@pytest.mark.parametrize("name", ["update", "update_text", "acknowledge", "reply"])
def test_what_is_hidden_is_as_absent_as_what_never_was(cast, name):
    hidden = send(cast, "chidi", "bram", said=content(labels=SUBSTANCE))
    bram = signed_in(cast, "bram")
    never = reverse(f"messaging:{name}", args=[cast.amina.pk, uuid.uuid4()])
    bram.get(never)  # the first request of a session writes it
    answers = []
    for url in (address(hidden, name), never):
        with CaptureQueriesContext(connection) as context:
            response = bram.get(url)
        answers.append((response.status_code, response.content, len(context)))
    (status, page, count), other = answers
    ids = re.compile(rb"/patients/[^\"]*|value=\"[^\"]*\"")
    assert (status, ids.sub(b"", page), count) == (
        other[0],
        ids.sub(b"", other[1]),
        other[2],
    )
    assert status == 404


def test_an_update_of_another_patient_is_not_there(cast):
    update = send(cast, "chidi", "bram")
    wrong = reverse("messaging:update", args=[cast.gus.pk, update.pk])
    assert signed_in(cast, "bram").get(wrong).status_code == 404


def test_it_is_decided_again_at_every_reading(cast):
    update = send(cast, "chidi", "bram")
    bram = signed_in(cast, "bram")
    assert bram.get(address(update)).status_code == 200
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    for name in ("update", "update_text", "acknowledge", "reply"):
        assert bram.get(address(update, name)).status_code == 404
    assert bram.post(address(update, "close")).status_code == 404


def test_reading_is_logged_for_its_purpose(cast):
    near, far = send(cast, "jon", "bram"), send(cast, "chidi", "bram")
    read(cast, "bram", near)
    read(cast, "bram", far)
    purposes = Disclosure.objects.filter(user=cast.user("bram"))
    assert [each.purpose for each in purposes.order_by("seq")] == ["TREAT", "COC"]


# What stands on it -------------------------------------------------------------------


def test_the_heading_is_the_ask_and_the_biggest_change(cast):
    html = read(cast, "bram", send(cast, "chidi", "bram")).content.decode()
    assert "<h1>Review dose or timing: sleep 4 hours, was 7</h1>" in html
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]
    assert title.startswith("Update - ")


def test_opening_is_noted_once_and_the_author_sees_by_whom(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    update = send(cast, "chidi", "bram", "jon")
    assert "Opened by" not in words(read(cast, "chidi", update))
    read(cast, "bram", update)
    read(cast, "bram", update)
    assert Opening.objects.get().opened_by == cast.user("bram")
    said = words(read(cast, "chidi", update))
    assert "Opened by Dr. Bram Visser" in said
    assert "Opened by Dr. Jon Ortiz" not in said


def test_what_is_sent_opened_promised_and_late_is_in_words(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    day = (cast.at - timedelta(days=5)).date()
    update = send(
        cast,
        "chidi",
        "bram",
        "jon",
        at=cast.at - timedelta(days=9),
        said=content(answer_by_date=day),
    )
    take(cast, update, "bram", "call_by", plan_date=(cast.at.date()))
    said = words(read(cast, "chidi", update))
    assert "will call by" in said
    assert "Dr. Jon Ortiz , primary care Status: Overdue since" in said
    assert "Call: (555) 010-0112" in said


def test_an_author_without_consent_keeps_the_text_and_no_receipts(cast):
    update = send(cast, "chidi", "bram")
    read(cast, "bram", update)
    take(cast, update, "bram", "call_by", plan_date=cast.at.date())
    answer(cast, update, "bram", text="A word to the wise.")
    said = words(read(cast, "chidi", update))
    assert "Sleep has dropped to 4 hours" in said
    assert "Dr. Bram Visser , psychiatrist Status: Sent" in said
    for kept in ("Opened", "will call", "A word to the wise", "Replied"):
        assert kept not in said


def test_the_patient_reads_every_update_and_to_whom_it_went(cast):
    update = send(cast, "bram", "jon", "chidi", said=content(labels=SUBSTANCE))
    said = words(read(cast, "amina", update))
    assert "Sleep has dropped to 4 hours" in said
    assert "Who it went to" in said
    assert "Chidi Okafor did not get this." in said
    assert "NOT SENT" in said
    assert "Call now" not in said


@pytest.mark.security("T32")
def test_a_recipient_sees_no_other_recipient_unless_the_team_is_shared(cast):
    update = send(cast, "chidi", "bram", "jon", "dana")
    assert "Dr. Jon Ortiz" in words(read(cast, "bram", update))
    assert "Dr. Dana Levy" not in words(read(cast, "bram", update))
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    shared = CATEGORIES.mask("updates", "measures")
    permit(cast.amina, cast.bram, at=cast.at, categories=shared)
    assert "Dr. Jon Ortiz" not in words(read(cast, "bram", update))


@pytest.mark.security("T26")
def test_with_and_without_what_is_held_for_others_the_page_is_the_same(cast):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    update = send(cast, "chidi", "bram")
    bram = signed_in(cast, "bram")
    bram.get(address(update))
    before = bytes_of(bram.get(address(update)))
    updates.address(update=update, party=cast.jon, by=cast.user("chidi"), at=cast.at)
    assert row(update, cast, "jon").status == "held"
    assert bytes_of(bram.get(address(update))) == before


# Not sent ----------------------------------------------------------------------------


def test_the_author_is_told_in_the_agreed_words(cast):
    update = send(cast, "bram", "chidi")
    said = words(read(cast, "bram", update))
    assert (
        "NOT SENT. Chidi Okafor has not been told. Call now: (555) 010-0111. "
        "This service only shares what the patient allowed. It does not decide what "
        "the law lets you say by phone for treatment or to prevent harm."
    ) in said


def test_asking_the_patient_says_for_what_and_then_when(cast):
    update = send(cast, "bram", "chidi", said=content(labels=SUBSTANCE))
    bram = signed_in(cast, "bram")
    said = words(bram.get(address(update)))
    asked = "Updates, Numbers, Care coordination, and each topic that it is marked with"
    assert f"It asks for: {asked}. For nothing more." in said
    held = row(update, cast, "chidi")
    bram.post(address(update, "ask_consent", row=held.pk))
    assert ConsentRequest.objects.get().held_item == update.pk
    said = words(bram.get(address(update)))
    assert "You asked the patient on" in said
    assert "Nothing is sent until the patient agrees." in said


def test_signing_sends_it_and_the_page_says_so(cast):
    update = send(cast, "bram", "chidi")
    permit(cast.amina, cast.chidi, at=cast.at)
    updates.release_covered(patient_id=cast.amina.pk, at=cast.at)
    said = words(read(cast, "bram", update))
    assert "NOT SENT" not in said
    assert "Chidi Okafor , therapist Status: Sent" in said
    assert read(cast, "chidi", update).status_code == 200


@pytest.mark.parametrize("who", ["jon", "chidi", "dana"])
def test_nobody_but_the_author_asks(cast, who):
    update = send(cast, "bram", "chidi")
    held = row(update, cast, "chidi")
    response = signed_in(cast, who).post(address(update, "ask_consent", row=held.pk))
    assert response.status_code == 404
    assert not ConsentRequest.objects.exists()


def test_an_answer_that_cannot_reach_the_author_does_not_look_sent(cast):
    update = send(cast, "chidi", "bram")
    bram = signed_in(cast, "bram")
    take(cast, update, "bram", "call_by", plan_date=cast.at.date())
    assert "NOT SENT. Chidi Okafor has not been told." in words(
        bram.get(address(update))
    )
    answer(cast, update, "bram", decision="150 mg")
    assert "NOT SENT. Chidi Okafor has not been told." in words(
        bram.get(address(update))
    )
    permit(cast.amina, cast.chidi, at=cast.at)
    assert "NOT SENT" not in words(bram.get(address(update)))


def test_a_plan_that_reaches_the_author_looks_sent(cast):
    """By the purpose for which it was sent, and only for who signs in."""
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "call_by", plan_date=cast.at.date())
    bram, not_sent = signed_in(cast, "bram"), "NOT SENT. Chidi Okafor"
    permit(cast.amina, cast.chidi, at=cast.at, purposes=PURPOSES["TREAT"])
    assert not_sent in words(bram.get(address(update)))
    permit(cast.amina, cast.chidi, at=cast.at, purposes=PURPOSES["COC"])
    assert "NOT SENT" not in words(bram.get(address(update)))
    Party.objects.filter(pk=cast.chidi.pk).update(user=None)
    assert not_sent in words(bram.get(address(update)))
    answer(cast, update, "bram", decision="150 mg")
    assert not_sent in words(bram.get(address(update)))


# Corrections -------------------------------------------------------------------------


def test_both_versions_point_to_each_other(cast):
    first = send(cast, "chidi", "bram")
    second = send(cast, "chidi", "bram", corrects=first)
    assert "Corrected on" in words(read(cast, "bram", first))
    assert "This corrects the version of" in words(read(cast, "bram", second))
    assert "Correct this update" not in words(read(cast, "chidi", first))
    assert "Correct this update" in words(read(cast, "chidi", second))


def test_a_version_that_is_not_shared_leaves_no_mark_on_the_other(cast):
    first = send(cast, "chidi", "bram")
    send(cast, "chidi", "bram", corrects=first, said=content(labels=SUBSTANCE))
    assert "Corrected on" not in words(read(cast, "bram", first))


# The list ------------------------------------------------------------


def test_five_newest_and_five_more(cast):
    sent = [
        send(cast, "chidi", "bram", at=cast.at - timedelta(hours=n)) for n in range(12)
    ]
    bram, url, seen = signed_in(cast, "bram"), listing(cast), []
    pages = 0
    while url:
        html = bram.get(url).content.decode()
        seen += re.findall(r'<h2><a href="[^"]*/updates/([^/]*)/"', html)
        more = re.search(r'href="(\?before=[^"]*)"', html)
        url = listing(cast) + more[1] if more else ""
        pages += 1
    assert seen == [str(each.pk) for each in sent]
    assert pages == 3


@pytest.mark.parametrize("before", ["nonsense", "b9e8459c-ff67-4803-9354-c857c8063241"])
def test_a_strange_place_to_begin_is_the_beginning(cast, before):
    send(cast, "chidi", "bram")
    response = signed_in(cast, "bram").get(listing(cast), {"before": before})
    assert "Review dose or timing" in words(response)


@pytest.mark.security("T26")
def test_with_and_without_what_is_hidden_the_list_is_the_same(cast):
    for n in range(4):
        send(cast, "chidi", "bram", at=cast.at - timedelta(hours=2 * n + 1))
    bram = signed_in(cast, "bram")
    before = bytes_of(bram.get(listing(cast)))
    for n in range(25):
        at = cast.at - timedelta(minutes=20 * n)
        send(cast, "chidi", "bram", at=at, said=content(labels=SUBSTANCE))
    assert bytes_of(bram.get(listing(cast))) == before


def test_without_consent_the_page_says_so_and_shows_own_texts(cast):
    own, other = send(cast, "chidi", "bram"), send(cast, "bram", "jon")
    response = signed_in(cast, "chidi").get(listing(cast))
    assert "Nothing is shared with you now." in words(response)
    html = response.content.decode()
    assert str(own.pk) in html and str(other.pk) not in html


@pytest.mark.parametrize("who", ["dana", "edo", "fatou", "hana", "gus", "ines"])
def test_strangers_and_family_find_no_list(cast, who):
    assert signed_in(cast, who).get(listing(cast)).status_code == 404


def test_the_list_costs_the_same_for_1_and_5(cast):
    bram = signed_in(cast, "bram")
    send(cast, "chidi", "bram")
    send(cast, "jon", "bram")

    def queries():
        with CaptureQueriesContext(connection) as context:
            bram.get(listing(cast))
        return len(context)

    queries()
    few = queries()
    for _each in range(3):
        send(cast, "chidi", "bram")
    assert queries() == few


# Plain text ------------------------------------------------------------


@pytest.mark.capability("X2")
def test_plain_text_for_the_chart(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    said = content(
        what_changed="quetiapine 5.0mg <b>hs</b> since Nov 3.", appetite="less"
    )
    update = send(cast, "chidi", "bram", said=said)
    answer(cast, update, "bram", decision="150 mg", watch_for="sleep", watch_weeks=2)
    response = read(cast, "chidi", update, "update_text")
    text = response.content.decode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Amina Diallo, born Feb 14, 1991" in text
    assert "What I ask\nReview dose or timing" in text
    assert "Suicidal thoughts\nAsked: none" in text
    assert "Sleep, hours a night: 4 (down from 7)" in text
    assert "Watch for (2 weeks): sleep" in text
    assert "5.0mg" not in text
    assert "\r" not in text and "\n\n\n" not in text


def test_copying_is_logged_as_an_export_and_the_file_names_nobody(cast):
    update = send(cast, "chidi", "bram")
    response = read(cast, "bram", update, "update_text")
    assert Disclosure.objects.get(user=cast.user("bram")).channel == "export"
    assert re.fullmatch(
        r'inline; filename="update-\d{4}-\d\d-\d\d\.txt"',
        response["Content-Disposition"],
    )
    assert response["X-Content-Type-Options"] == "nosniff"


def test_plain_text_holds_only_what_the_reader_may_see(cast):
    update = send(cast, "chidi", "bram")
    answer(cast, update, "bram", text="A word to the wise.")
    assert (
        "A word to the wise"
        not in read(cast, "chidi", update, "update_text").content.decode()
    )


def test_nothing_is_written_by_reading_but_log_and_opening(cast):
    update = send(cast, "chidi", "bram", said=information())
    before = list(UpdateRecipient.objects.values())
    for name in ("update", "update_text", "acknowledge", "reply"):
        read(cast, "bram", update, name)
    assert list(UpdateRecipient.objects.values()) == before
