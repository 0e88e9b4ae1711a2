"""T93, X1: a court's paper for an adult is recorded while a parent acts for the child.

The parent's right ends by itself at midnight, and the paper begins in that instant:
nobody acts by two papers, and there is no second in which nobody does.
"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from carecoord.clock import database_now
from consents import actions, representing
from consents.access.still import is_still_shown
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader, decide
from consents.models import Representative
from messaging.actions.causes import tell_of_acting
from messaging.actions.coming_of_age import remind_of_majority
from patients.actions.patients import change_details
from tests.consents.acting import child, record, relative, small_child
from tests.consents.test_decisions import condition
from tests.consents.test_still import carried
from tests.consents.views.pages import sign_in, text_of
from tests.messaging.test_coming_of_age import lines

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
ORDER = "Order of the Surrogate’s Court of Jan 5, 2026"


@pytest.fixture(params=["no sign-in", "a sign-in"])
def mia(request, cast, settings):
    """Seventeen; her mother acts for her as a parent."""
    settings.DEMO = True
    if request.param == "no sign-in":
        mia = small_child(cast, 17)
    else:
        mia = child(cast, born=(cast.at - (17 * 365 + 40) * DAY).date())
    record(cast, mia, relative(mia, "Rosa Haddad"), "parent", labels=LABELS.all)
    return mia


def rosa_of(mia):
    return mia.representatives.first().party


def waits(cast, mia, party=None, **fields) -> Representative:
    """The court's paper, from the birthday on; a part of what the parent sees."""
    fields = {"kind": "guardian", "document": ORDER, "labels": 0} | fields
    fields = {"categories": CATEGORIES["goals"], "from_majority": True} | fields
    return record(cast, mia, party or rosa_of(mia), **fields)


def acts_at(mia, at) -> list[str]:
    found = representing.in_force(at).filter(patient_id=mia.pk)
    return list(found.values_list("kind", flat=True))


def moves(mia, by, days) -> None:
    change_details(patient=mia, by=by, birth_date=mia.birth_date + days * DAY)
    mia.refresh_from_db()


@pytest.mark.security("T93")
@pytest.mark.capability("X1")
def test_one_acts_until_midnight_and_by_the_paper_from_midnight_on(cast, mia):
    held = waits(cast, mia)
    turns = mia.majority_at
    assert held.starts_at == turns
    assert acts_at(mia, cast.at) == acts_at(mia, turns - INSTANT) == ["parent"]
    assert acts_at(mia, turns) == acts_at(mia, turns + 400 * DAY) == ["guardian"]
    user = held.party.user
    assert representing.acting_for(mia.pk, user.pk, turns).pk == held.pk


@pytest.mark.security("T93")
def test_what_it_covers_counts_from_its_start_only(cast, mia):
    """Neither more before by the paper, nor more after by the parent's right."""
    rosa, by = rosa_of(mia).user, {"recorded_by": rosa_of(mia).user}
    goal = condition(cast, patient=mia, categories=CATEGORIES["goals"], **by)
    kept = condition(cast, patient=mia, **by)
    aunt = relative(mia, "Lou Haddad")
    waits(cast, mia)
    waits(cast, mia, aunt)
    turns = mia.majority_at

    def sees(user, at):
        reader = Reader(user_id=user.pk, purpose=representing.PURPOSE, at=at)
        return [decide(row, reader).permitted for row in (goal, kept)]

    assert sees(rosa, turns - INSTANT) == [True, True]
    assert sees(rosa, turns) == [True, False]
    assert sees(aunt.user, turns - INSTANT) == [False, False]
    assert sees(aunt.user, turns) == [True, False]


@pytest.mark.parametrize("fields", [{"from_majority": False}, {"kind": "parent"}])
def test_nobody_acts_by_two_papers_at_once(cast, mia, fields):
    with pytest.raises(actions.RuleError):
        waits(cast, mia, **fields)
    waits(cast, mia)
    with pytest.raises(actions.RuleError, match="already"):
        waits(cast, mia)


def test_it_can_be_recorded_before_the_parent_is(cast, mia):
    grandmother = relative(mia, "Ada Haddad")
    waits(cast, mia, grandmother)
    record(cast, mia, grandmother, "parent")
    assert mia.representatives.filter(party=grandmother, ended_at=None).count() == 2


def test_a_paper_that_is_over_by_then_is_refused(cast, mia):
    with pytest.raises(actions.RuleError, match="before the day on which it begins"):
        waits(cast, mia, ends_at=mia.majority_at)


@pytest.mark.security("T93")
@pytest.mark.parametrize("days", [-10, 10, -60])
def test_a_corrected_birth_date_leaves_no_gap_and_no_overlap(cast, mia, days):
    """-60: the patient is an adult already. It begins in the second of correction."""
    held, was = waits(cast, mia), mia.majority_at
    close = was - 30 * DAY
    with time_machine.travel(close, tick=False):
        moves(mia, cast.ines, days)
    held.refresh_from_db()
    turns = max(mia.majority_at, close)
    assert mia.majority_at != was and held.starts_at == turns
    assert acts_at(mia, turns) == acts_at(mia, turns + 90 * DAY) == ["guardian"]
    if days > -60:
        assert acts_at(mia, turns - INSTANT) == ["parent"]


@pytest.mark.security("T93")
def test_without_following_a_corrected_birth_date_nobody_acted(cast, mia, monkeypatch):
    """The twin: ten days long."""
    monkeypatch.setattr(actions, "follow_majority", lambda **told: None)
    waits(cast, mia)
    moves(mia, cast.ines, -10)
    assert acts_at(mia, mia.majority_at) == []


def test_a_birth_date_that_is_corrected_later_ends_no_paper(cast, mia):
    waits(cast, mia)
    with time_machine.travel(mia.majority_at + DAY, tick=False):
        moves(mia, cast.ines, 90)
    assert acts_at(mia, mia.majority_at - DAY) == ["guardian"]


def test_a_slip_that_made_an_adult_lets_nobody_act_before_the_birthday(cast, mia):
    waits(cast, mia)
    moves(mia, cast.ines, -3650)
    assert acts_at(mia, database_now()) == ["guardian"]
    moves(mia, cast.ines, 3650)
    turns = mia.majority_at
    assert acts_at(mia, database_now()) == acts_at(mia, turns - INSTANT) == []
    assert acts_at(mia, turns) == ["guardian"]


def test_a_paper_that_is_over_before_the_corrected_day_is_ended(cast, mia):
    held = waits(cast, mia, ends_at=mia.majority_at + 5 * DAY)
    moves(mia, cast.ines, 10)
    held.refresh_from_db()
    assert held.ended_at and held.ended_by == cast.ines


def test_a_death_and_its_correction_leave_it_waiting(cast, mia):
    waits(cast, mia)
    death = actions.record_death(
        patient=mia, died_at=cast.at, document="x", by=cast.ines, at=cast.at
    )
    assert acts_at(mia, mia.majority_at) == []
    actions.correct_death(death=death, why="x", by=cast.ines, at=cast.at)
    assert acts_at(mia, mia.majority_at) == ["guardian"]


def test_who_waits_can_be_recorded_for_the_estate(cast, mia):
    waits(cast, mia)
    actions.record_death(
        patient=mia, died_at=cast.at, document="x", by=cast.ines, at=cast.at
    )
    record(cast, mia, rosa_of(mia), "estate")
    assert acts_at(mia, cast.at) == ["estate"]
    assert mia.representatives.filter(ended_at=None).count() == 1


def test_a_statement_that_is_taken_back_ends_the_agent_who_waits(cast, mia):
    actions.join(
        patient=mia, party=cast.bram, role="psychiatrist", by=cast.ines, at=cast.at
    )
    bram = cast.user("bram")
    said = actions.state_incapacity(
        patient=mia, party=cast.bram, reason="x", by=bram, at=cast.at
    )
    held = waits(cast, mia, kind="agent")
    actions.end_incapacity(incapacity=said, by=bram, at=cast.at)
    held.refresh_from_db()
    assert held.ended_at


@pytest.mark.security("T93", "T23")
def test_an_open_page_of_the_parent_goes_at_midnight(cast, mia):
    """Who shares what named all that a parent may know; the paper covers a part."""
    waits(cast, mia)
    client = Client()
    sign_in(client, rosa_of(mia).user)
    html = client.get(reverse("consents:sharing", args=[mia.pk])).content.decode()
    shown, rosa = carried(html), rosa_of(mia).user
    assert is_still_shown(rosa, shown, mia.majority_at - INSTANT)
    assert not is_still_shown(rosa, shown, mia.majority_at)


# What is said ------------------------------------------------------------------------


@pytest.fixture
def ines(cast, settings):
    settings.DEMO = True
    client = Client()
    sign_in(client, cast.ines)
    return client


@pytest.mark.capability("X1")
def test_the_officer_records_it_from_the_paper(cast, mia, ines):
    to = reverse("consents:acting_record", args=[mia.pk])
    assert "The paper begins on the 18th birthday" in text_of(ines.get(to))
    sent = {
        "email": rosa_of(mia).user.email,
        "relationship": "PRN",
        "kind": "guardian",
        "document": ORDER,
        "categories": ["goals"],
        "may_sign": "on",
        "seen": "on",
    }
    assert "acts for the patient already" in text_of(ines.post(to, sent))
    page = text_of(ines.post(to, sent | {"from_majority": "on"}, follow=True))
    assert "It begins on the 18th birthday." in page and "Not yet" in page
    held = mia.representatives.get(kind="guardian")
    assert held.starts_at == mia.majority_at
    assert "Haddad for" in text_of(ines.get(reverse("consents:acting")))
    end = reverse("consents:acting_end", args=[held.pk])
    assert ines.get(end).status_code == 200
    ines.post(end)
    assert acts_at(mia, mia.majority_at) == []


def test_of_an_adult_nothing_begins_on_a_birthday(cast, ines):
    to = reverse("consents:acting_record", args=[cast.amina.pk])
    assert "18th birthday," not in text_of(ines.get(to))


@pytest.mark.capability("X1")
def test_the_parent_reads_that_they_go_on_by_the_paper(cast, mia):
    remind_of_majority(at=mia.majority_at - DAY)
    rosa = rosa_of(mia).user
    before = mia.majority_at - DAY
    assert "see nothing more" in lines(rosa, before)[0]
    waits(cast, mia)
    assert "From then on you act by the paper" in lines(rosa, before)[0]
    assert "nothing more" not in lines(rosa, before)[0]
    client = Client()
    sign_in(client, rosa)
    page = text_of(client.get(reverse("consents:representatives", args=[mia.pk])))
    assert "Acts now" in page and "Not yet" in page


@pytest.mark.parametrize("mia", ["a sign-in"], indirect=True)
@pytest.mark.capability("X1")
def test_the_child_is_told_who_acts_then_and_not_that_nobody_does(cast, mia):
    held = waits(cast, mia)
    before, turns = mia.majority_at - DAY, mia.majority_at
    tell_of_acting(at=cast.at)
    remind_of_majority(at=before)
    said = " ".join(lines(mia.user, before))
    assert "Rosa Haddad can act for you from" in said and "by a paper" in said
    assert "you are an adult, and Rosa Haddad can act for you" in said
    assert "you alone" not in said
    assert "Rosa Haddad can act for you now, by a paper" in lines(mia.user, turns)[0]
    client = Client()
    with time_machine.travel(before, tick=False):
        sign_in(client, mia.user)
        home = text_of(client.get(reverse("patients:chart", args=[mia.pk])))
    assert "and Rosa Haddad can act for you" in home and "you alone" not in home
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    assert "you alone decide" in " ".join(lines(mia.user, before))
