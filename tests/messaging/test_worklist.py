"""The worklist shows what is permitted, all of it, and nothing that tells of more."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES
from consents.decisions import Reader, decide
from consents.models import Disclosure
from messaging import access
from messaging.actions.notices import tell
from messaging.models import Notice, Opening, Update, UpdateRecipient
from messaging.views import worklist as view
from patients.actions import timeline
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
from tests.safe_html import visible_text

ADDRESS = "/worklist/"


def look(cast, who):
    return signed_in(cast, who).get(ADDRESS)


def today(cast, days=0):
    return cast.today + timedelta(days=days)


# Who ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["amina", "gus", "hana", "edo", "ines"])
def test_only_clinicians_have_one(cast, who):
    send(cast, "chidi", "bram")
    assert look(cast, who).status_code == 404


def test_empty_says_when_it_looked(cast):
    said = words(look(cast, "bram"))
    assert re.search(r"Nothing waiting\. Last checked \d+:\d\d [ap]m\.", said)


@pytest.mark.slow
@pytest.mark.security("T10", "L17")
@pytest.mark.parametrize("who", Cast.NAMES)
def test_it_lists_exactly_what_the_rule_permits(cast, who):
    """T10: lists are decisions, for each of the cast."""
    permit(cast.amina, cast.chidi, at=cast.at, categories=CATEGORIES["updates"])
    everyone = ("bram", "chidi", "jon", "dana", "fatou")
    for author in ("bram", "chidi", "jon"):
        to = [each for each in everyone if each != author]
        send(cast, author, *to)
        send(cast, author, *to, said=content(labels=SUBSTANCE))
        send(cast, author, *to, said=information(numbers=()))
    hidden = send(cast, "chidi", "bram", "jon")
    consents.keep_back(item=hidden, by=cast.amina.user, at=cast.at, party=cast.bram)
    response = look(cast, who)
    user = cast.user(who)
    expected = {
        each.update_id
        for each in UpdateRecipient.objects.filter(status="sent")
        if each.party.user_id == user.pk
        and decide(
            each.update,
            Reader(
                user_id=user.pk,
                purpose=access.purpose_between(user.pk, each.update.author_id),
                at=cast.at,
            ),
        ).permitted
    }
    listed = set()
    if response.status_code == 200:
        rows = [row for each in response.context["sections"] for row in each.rows]
        listed = {row["card"].update.pk for row in rows}
    assert listed == expected
    if who == "bram":
        assert expected and hidden.pk not in expected


# What stands where -----------------------------------------------------------------


def test_sections_stand_in_order_and_information_is_folded(cast):
    for urgency in ("next_visit", "two_days", "today"):
        send(cast, "chidi", "bram", said=content(urgency=urgency))
    send(cast, "chidi", "bram", said=information())
    response = look(cast, "bram")
    said = words(response)
    order = ["Reply today", "Within 2 working days", "Before next visit"]
    places = [said.index(heading) for heading in [*order, "For information: 1 update"]]
    assert places == sorted(places)
    assert "4 to look at. 1 needs a reply today." in said
    folds = response.content.decode().split("<details>")[1:]
    summaries = [fold.split("</summary>")[0] for fold in folds]
    assert sum("For information" in summary for summary in summaries) == 1


def test_a_row_shows_the_whole_update(cast):
    said = content(
        if_then="If sleep stays under 4 hours, then call me.",
        appetite="less",
        missed_why="side_effect",
        suicidal_thoughts="thoughts",
        answer_by_date=today(cast, 2),
    )
    send(cast, "chidi", "bram", said=said)
    page = words(look(cast, "bram"))
    for part in (
        "Amina Diallo: Review dose or timing: thoughts of suicide, no plan or intent",
        "From Chidi Okafor, therapist",
        "Sleep has dropped to 4 hours since Nov 3.",
        "Thoughts, no plan or intent",
        "Sleep, hours a night: 4 down from 7",
        "If sleep stays under 4 hours, then call me.",
        "Appetite: Less than usual",
        "Missed because: Side effect",
        "Reply by",
    ):
        assert part in page


def test_late_is_said_in_words_and_comes_first(cast):
    send(cast, "chidi", "bram", said=content(answer_by_date=today(cast, 5)))
    late = send(
        cast,
        "chidi",
        "bram",
        at=cast.at - timedelta(days=9),
        said=content(answer_by_date=today(cast, -3), what_changed="Late one."),
    )
    response = look(cast, "bram")
    assert "Overdue since" in words(response)
    assert response.context["sections"][0].rows[0]["card"].update == late


def test_what_was_promised_stays_until_it_is_done(cast):
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "call_by", plan_date=today(cast, 1))
    assert "You said you will" in words(look(cast, "bram"))
    answer(cast, update, "bram", text="Called.")
    assert "Nothing waiting." in words(look(cast, "bram"))


def test_a_corrected_version_gives_way_to_the_new_one(cast):
    first = send(cast, "chidi", "bram")
    send(cast, "chidi", "bram", corrects=first, said=content(what_changed="5 hours."))
    said = words(look(cast, "bram"))
    assert "5 hours." in said
    assert "Sleep has dropped to 4 hours" not in said


# Two clicks -----------------------------------------------------------------------


def test_taking_it_on_takes_two_clicks_and_no_chart(cast):
    """T9: unfold, press. The day is proposed, and anything else is a link away."""
    update = send(cast, "chidi", "bram", said=content(answer_by_date=today(cast, 2)))
    bram = signed_in(cast, "bram")
    html = bram.get(ADDRESS).content.decode()
    form = re.search(r'<form[^>]*action="([^"]*/acknowledge/)".*?</form>', html, re.S)
    fields = dict(re.findall(r'name="(plan\w*)" value="([^"]*)"', form[0]))
    assert bram.post(form[1], fields).url == ADDRESS
    taken = row(update, cast, "bram")
    assert (taken.plan, taken.plan_date) == ("call_by", today(cast, 2))
    assert not Disclosure.objects.filter(entrance="patients:chart").exists()


def test_information_is_marked_as_seen_with_one(cast):
    update = send(cast, "chidi", "bram", said=information())
    bram = signed_in(cast, "bram")
    html = bram.get(ADDRESS).content.decode()
    form = re.search(r'<form[^>]*action="([^"]*/acknowledge/)".*?</form>', html, re.S)
    bram.post(form[1], {"plan": "seen"})
    assert row(update, cast, "bram").plan == "seen"
    assert "Nothing waiting." in words(bram.get(ADDRESS))


def test_all_of_one_patient_is_marked_at_once_and_of_nobody_else(cast):
    permit(cast.gus, cast.bram, at=cast.at)
    consents.join(
        patient=cast.gus,
        party=cast.chidi,
        role="therapist",
        by=cast.gus.user,
        at=cast.at,
    )
    mine = [send(cast, "chidi", "bram", said=information()) for _each in range(2)]
    other = send(cast, "chidi", "bram", patient="gus", said=information())
    asked = send(cast, "chidi", "bram")
    bram = signed_in(cast, "bram")
    html = bram.get(ADDRESS).content.decode()
    assert "Mark all of Amina Diallo as seen" in html
    assert "Mark all of Gus Moreau as seen" not in html
    seen = reverse("messaging:seen", args=[cast.amina.pk])
    every = [str(each.pk) for each in (*mine, other, asked)]
    bram.post(seen, {"update": [*every, "nonsense", str(uuid.uuid4())]})
    assert [row(each, cast, "bram").plan for each in mine] == ["seen", "seen"]
    assert row(other, cast, "bram").plan == row(asked, cast, "bram").plan == ""


# One's own -------------------------------------------------------------------------


def test_what_was_not_sent_stands_on_top(cast):
    send(cast, "bram", "chidi")
    send(cast, "chidi", "bram")
    said = words(look(cast, "bram"))
    assert "NOT SENT. Chidi Okafor has not been told. Call now: (555) 010-0111." in said
    assert said.index("NOT SENT") < said.index("Within 2 working days")
    assert "1 to look at. 1 not sent." in said
    assert "NOT SENT" not in words(look(cast, "chidi"))


def test_after_leaving_the_team_nothing_of_it_is_left(cast):
    send(cast, "chidi", "dana")
    participant = cast.amina.care_team.get(party=cast.chidi)
    consents.leave(
        participant=participant, by=cast.amina.user, at=cast.at, reason="left"
    )
    assert "Nothing waiting." in words(look(cast, "chidi"))


def test_the_author_waits_in_words_where_consent_covers_the_author(cast):
    send(
        cast,
        "chidi",
        "bram",
        at=cast.at - timedelta(days=9),
        said=content(answer_by_date=today(cast, -3)),
    )
    assert "Overdue" not in words(look(cast, "chidi"))
    permit(cast.amina, cast.chidi, at=cast.at)
    said = words(look(cast, "chidi"))
    assert "You wait for an answer" in said
    assert "Overdue since" in said
    assert "Call: (555) 010-0110" in said


def test_answers_stand_until_the_author_closes_them(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    update = send(cast, "chidi", "bram")
    answer(
        cast,
        update,
        "bram",
        decision="150 mg",
        watch_for="sleepiness",
        watch_weeks=2,
    )
    chidi = signed_in(cast, "chidi")
    said = words(chidi.get(ADDRESS))
    assert "Answers to what you sent" in said
    assert "1 answer to read." in said and "0 to look at" not in said
    assert "Watch for (2 weeks): sleepiness" in said
    close = reverse("messaging:close", args=[cast.amina.pk, update.pk])
    assert chidi.post(close, {"back": "worklist"}).url == ADDRESS
    assert "Nothing waiting." in words(chidi.get(ADDRESS))


# For information -------------------------------------------------------------------


def changed(cast, *, at=None, told_at=None, **said):
    defaults = {
        "kind": "medicine_changed",
        "title": "quetiapine: 100 mg to 150 mg",
        "categories": CATEGORIES["medications"],
    }
    event = timeline.record_event(
        patient=cast.amina, by=cast.amina.user, at=at or cast.at, **defaults | said
    )
    for who in ("bram", "jon"):
        tell(
            kind="event",
            user_id=cast.user(who).pk,
            patient_id=cast.amina.pk,
            event=event.pk,
            at=told_at or at or cast.at,
        )
    return event


def test_changes_of_the_last_7_days_stand_until_marked_as_seen(cast):
    changed(cast)
    changed(cast, at=cast.at - timedelta(days=8), title="An old change")
    bram = signed_in(cast, "bram")
    html = bram.get(ADDRESS).content.decode()
    assert "QUEtiapine: 100\N{NO-BREAK SPACE}mg to 150" in visible_text(html)
    assert "An old change" not in html
    notice = re.findall(r'name="notice" value="([^"]*)"', html)
    bram.post(reverse("messaging:seen", args=[cast.amina.pk]), {"notice": notice})
    assert "quetiapine" not in words(bram.get(ADDRESS))
    assert "quetiapine" in words(look(cast, "jon"))


def test_an_older_change_that_was_told_this_week_says_both_days(cast):
    changed(cast)
    assert "Told to you on" not in words(look(cast, "bram"))
    changed(cast, at=cast.at - timedelta(days=80), told_at=cast.at, title="In summer")
    said = words(look(cast, "bram"))
    assert said.index("What you were told in the last 7 days") < said.index("In summer")
    assert said.count("Told to you on") == 1


def test_a_notice_of_someone_else_cannot_be_marked(cast):
    changed(cast)
    jons = Notice.objects.get(user=cast.user("jon"), channel="in_app")
    bram = signed_in(cast, "bram")
    bram.post(reverse("messaging:seen", args=[cast.amina.pk]), {"notice": [jons.pk]})
    jons.refresh_from_db()
    assert jons.seen_at is None


def test_a_notice_is_decided_again_when_it_is_read(cast):
    event = changed(cast)
    consents.keep_back(item=event, by=cast.amina.user, at=cast.at)
    assert "quetiapine" not in words(look(cast, "bram"))


# Nothing tells of more ---------------------------------------------------------------


@pytest.mark.security("T26")
def test_with_and_without_what_is_hidden_the_page_is_the_same(cast):
    """T26: 50 updates that Bram may not see leave no trace: no count, no gap."""
    send(cast, "chidi", "bram")
    bram = signed_in(cast, "bram")
    before = bytes_of(bram.get(ADDRESS))
    for _each in range(25):
        send(cast, "chidi", "bram", said=content(labels=SUBSTANCE))
        kept = send(cast, "chidi", "bram")
        consents.keep_back(item=kept, by=cast.amina.user, at=cast.at)
    hidden = changed(cast)
    consents.keep_back(item=hidden, by=cast.amina.user, at=cast.at)
    assert bytes_of(bram.get(ADDRESS)) == before


def test_stopping_empties_it_in_the_same_second(cast):
    send(cast, "chidi", "bram")
    changed(cast)
    bram = signed_in(cast, "bram")
    assert "Amina" in words(bram.get(ADDRESS))
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    assert "Nothing waiting." in words(bram.get(ADDRESS))


def test_one_row_of_the_log_for_each_patient(cast):
    permit(cast.gus, cast.bram, at=cast.at)
    consents.join(
        patient=cast.gus,
        party=cast.chidi,
        role="therapist",
        by=cast.gus.user,
        at=cast.at,
    )
    shown = [send(cast, "chidi", "bram") for _each in range(3)]
    send(cast, "chidi", "bram", patient="gus")
    look(cast, "bram")
    rows = Disclosure.objects.filter(user=cast.user("bram"))
    assert {each.patient_id for each in rows} == {cast.amina.pk, cast.gus.pk}
    assert rows.count() == 2
    aminas = rows.get(patient=cast.amina)
    assert {item[1] for item in aminas.items} == {str(each.pk) for each in shown}
    assert aminas.purpose == "COC"
    assert aminas.consents == [str(cast.amina_to_bram.pk)]


def test_a_list_is_no_reading_of_the_one_update(cast):
    send(cast, "chidi", "bram")
    look(cast, "bram")
    assert not Opening.objects.exists()


# Size ---------------------------------------------------------------------------------


def queries(client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert client.get(ADDRESS).status_code == 200
    return len(context)


@pytest.mark.slow
@pytest.mark.security("T58")
def test_1_row_and_40_rows_cost_the_same_number_of_queries(cast):
    permit(cast.amina, cast.chidi, at=cast.at)

    def one_more():
        send(cast, "chidi", "bram")
        send(cast, "jon", "bram", said=information())
        send(cast, "bram", "dana")
        changed(cast)
        mine = send(
            cast,
            "bram",
            "jon",
            at=cast.at - timedelta(days=9),
            said=content(answer_by_date=today(cast, -3)),
        )
        answer(cast, send(cast, "bram", "jon"), "jon", decision="Yes.")
        return mine

    one_more()
    bram = signed_in(cast, "bram")
    queries(bram)
    few = queries(bram)
    for _each in range(19):
        one_more()
    assert queries(bram) == few


def test_forty_rows_a_page_and_the_rest_behind_a_link(cast, monkeypatch):
    monkeypatch.setattr(view, "PAGE", 2)
    sent = {
        str(send(cast, "chidi", "bram", at=cast.at - timedelta(hours=n)).pk)
        for n in range(5)
    }
    bram, address, seen = signed_in(cast, "bram"), ADDRESS, []
    while address:
        html = bram.get(address).content.decode()
        seen += re.findall(r"<h3><a href=\"[^\"]*/updates/([^/]*)/\"", html)
        more = re.search(r'href="(\?after=[^"]*)"', html)
        address = ADDRESS + more[1] if more else ""
    assert len(seen) == 5
    assert set(seen) == sent
    assert Update.objects.count() == 5
