"""The part of updates on chart, home and summary."""

from datetime import timedelta

import pytest

from consents import actions as consents
from consents.readers import Reader, knowing
from tests.folded import standing_open
from tests.messaging.writing import content, send
from tests.patients.views.test_chart import address, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_what_is_asked_stands_first_on_the_chart_of_whoever_is_asked(client, cast):
    send(cast, "chidi", "bram")
    html = page(client, cast, "bram", address(cast.amina))
    asked = html.partition('id="asked"')[2].partition("</section>")[0]
    assert "Review dose or timing" in asked
    assert "Chidi Okafor" in asked
    other = page(client, cast, "jon", address(cast.amina))
    assert "Nothing is asked of you now." in other
    assert "Review dose or timing" in other.partition('id="updates"')[2]


def test_numbers_and_the_safety_answer_of_an_update_stand_on_the_chart(client, cast):
    send(cast, "chidi", "bram", said=content(suicidal_thoughts="none"))
    html = page(client, cast, "bram", address(cast.amina))
    safety = html.partition('id="safety"')[2].partition("</section>")[0]
    assert "Suicidal thoughts:" in safety
    assert "Asked: none" in safety
    assert "Chidi Okafor" in safety
    assert "from Chidi Okafor" in html.partition('id="numbers"')[2]
    text = page(client, cast, "bram", address(cast.amina, "summary.txt"))
    assert "Suicidal thoughts: Asked: none" in text


def test_five_updates_are_shown_the_newest_first(client, cast):
    for days in range(7):
        said = content(what_changed=f"change {days}", ask="nothing", numbers=())
        at = cast.at - timedelta(days=days)
        send(cast, "chidi", "bram", said=said, at=at)
    html = page(client, cast, "bram", address(cast.amina))
    updates = html.partition('id="updates"')[2].partition("</section>")[0]
    found = [updates.find(f"Change {days}") for days in range(7)]
    assert found[:5] == sorted(found[:5])
    assert -1 not in found[:5]
    assert found[5:] == [-1, -1]


def test_without_a_permission_an_author_sees_the_own_update_and_no_more(client, cast):
    send(cast, "chidi", "bram")
    html = page(client, cast, "chidi", address(cast.amina))
    assert "Nothing is shared with you now." in html
    assert "Review dose or timing" in html.partition("What you wrote")[2]


@pytest.mark.security("T32")
def test_what_was_not_sent_never_looks_sent_and_never_folds(client, cast):
    """DESIGN 2, Held: for its author alone, however old it is."""
    send(cast, "bram", "chidi", at=cast.at - timedelta(days=9))
    for days in range(7):
        said = content(what_changed=f"change {days}", ask="nothing", numbers=())
        send(cast, "jon", "bram", said=said, at=cast.at - timedelta(days=days))
    own = standing_open(page(client, cast, "bram", address(cast.amina)))
    assert own.count("NOT SENT") == 1
    for who in ("jon", "amina"):
        assert "NOT SENT" not in page(client, cast, who, address(cast.amina))
    send(cast, "chidi", "hana")
    alone = page(client, cast, "chidi", address(cast.amina))
    assert "NOT SENT" in alone.partition("What you wrote")[2]


@pytest.mark.security("T93")
def test_whoever_looks_with_the_authors_eyes_reads_of_nothing_held(client, cast):
    """For whom it waits may be somebody of whom they may not know."""
    send(cast, "bram", "chidi")
    knower = Reader(cast.amina.user_id, "PATRQT", cast.at)
    with knowing(knower):
        html = page(client, cast, "bram", address(cast.amina))
    assert "Review dose or timing" in html and "NOT SENT" not in html


def test_what_is_late_to_answer_stands_open_and_says_since_when(client, cast):
    for days in range(6):
        said = content(answer_by_date=cast.today - timedelta(days=1 + days))
        send(cast, "chidi", "bram", said=said, at=cast.at - timedelta(days=9))
    seen = standing_open(page(client, cast, "bram", address(cast.amina)))
    assert seen.count("Overdue since") == 6
    assert "Overdue since" not in page(client, cast, "jon", address(cast.amina))


def test_an_update_kept_back_changes_no_byte_of_the_chart(client, cast):
    before = page(client, cast, "bram", address(cast.amina))
    update = send(cast, "chidi", "jon")
    consents.keep_back(item=update, by=cast.amina.user, at=cast.at)
    assert page(client, cast, "bram", address(cast.amina)) == before


def test_an_answered_update_is_asked_no_more(client, cast):
    update = send(cast, "chidi", "bram")
    update.recipients.update(status="closed", closed_at=cast.at, closed_by=cast.edo)
    html = page(client, cast, "bram", address(cast.amina))
    assert "Nothing is asked of you now." in html
