"""X1: for whom somebody acted at an instant, and what a paper that is over hinders."""

from datetime import timedelta

import pytest

from consents import actions, representing
from consents.access.patient import open_for
from consents.access.reading import Reading
from consents.decisions import decide
from consents.models import Representative
from providers import actions as providers
from tests.consents.acting import child, record, relative
from tests.consents.test_decisions import condition
from tests.consents.test_representatives import reads

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@pytest.fixture
def rosa(cast):
    return relative(cast.amina, "Rosa Diallo")


def said(cast, party, at):
    return representing.in_words(cast.amina, at, party.user)


def died(cast, at):
    return actions.record_death(
        patient=cast.amina, died_at=at, by=cast.ines, at=at, document="x"
    )


def test_words_about_the_past_end_with_the_paper(cast, rosa):
    record(cast, cast.amina, rosa, "guardian", ends_at=cast.at + 9 * DAY)
    for days in (0, 8):
        words = said(cast, rosa, cast.at + days * DAY)
        assert words == "Rosa Diallo, for Amina, as court-appointed guardian", days
    assert said(cast, rosa, cast.at + 9 * DAY) == "Rosa Diallo"


def test_nobody_acted_before_the_officer_had_recorded_it(cast, rosa):
    """A court's order may be older: until it was recorded here, she was a visitor."""
    record(cast, cast.amina, rosa, "guardian", starts_at=cast.at - 30 * DAY)
    assert said(cast, rosa, cast.at - DAY) == "Rosa Diallo"


def test_they_end_with_the_18th_birthday(cast):
    noor = child(cast, born=(cast.at - 17 * YEAR).date())
    mother = relative(noor, "Rosa Haddad")
    record(cast, noor, mother, "parent")
    words = representing.in_words(noor, cast.at, mother.user)
    assert words.startswith("Rosa Haddad, for Noor, as ")
    grown = representing.in_words(noor, noor.majority_at, mother.user)
    assert grown == "Rosa Haddad"


def test_they_end_with_a_death_and_begin_again_for_the_estate(cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    died(cast, cast.at + DAY)
    assert said(cast, rosa, cast.at).endswith("as health-care agent")
    assert said(cast, rosa, cast.at + 2 * DAY) == "Rosa Diallo"
    record(cast, cast.amina, rosa, "estate", at=cast.at + 3 * DAY)
    assert "estate" in said(cast, rosa, cast.at + 4 * DAY)
    assert said(cast, rosa, cast.at).endswith("as health-care agent")


# A paper that is over ----------------------------------------------------------------


def test_a_paper_that_ran_out_is_renewed(cast, rosa):
    first = record(cast, cast.amina, rosa, "guardian", ends_at=cast.at + DAY)
    with pytest.raises(actions.RuleError, match="already"):
        record(cast, cast.amina, rosa, "guardian")
    later = cast.at + 2 * DAY
    record(cast, cast.amina, rosa, "guardian", at=later)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (later, cast.ines)
    assert said(cast, rosa, cast.at).endswith("as court-appointed guardian"), (
        "the past stays true"
    )


def test_a_parent_becomes_the_guardian_of_a_grown_child(cast):
    noor = child(cast, born=(cast.at - 17 * YEAR).date())
    mother = relative(noor, "Rosa Haddad")
    record(cast, noor, mother, "parent")
    item = condition(cast, patient=noor)
    later = noor.majority_at + DAY
    record(cast, noor, mother, "guardian", at=later)
    assert representing.in_force(later).get(patient=noor).kind == "guardian"
    assert representing.of_user(mother.user_id, later).count() == 1
    assert decide(item, reads(mother, later)).permitted


def test_one_person_acts_by_one_paper_however_often_they_are_known(cast, rosa):
    record(cast, cast.amina, rosa, "guardian")
    again = providers.add_related_person(
        patient=cast.amina, name="Rosa", relationship="PRN", user=rosa.user
    ).party
    with pytest.raises(actions.RuleError, match="already"):
        record(cast, cast.amina, again, "guardian")


def test_were_there_two_papers_the_newest_counts(cast, rosa):
    """However the database orders them."""
    again = providers.add_related_person(
        patient=cast.amina, name="Rosa", relationship="PRN", user=rosa.user
    ).party
    held = record(cast, cast.amina, rosa, "guardian", may_sign=False)
    fields = {
        each.attname: getattr(held, each.attname)
        for each in Representative._meta.concrete_fields
        if each.name != "id"
    }
    for days, signs in ((2, True), (1, False)):
        party = again if signs else relative(cast.amina, "R", user=rosa.user)
        moment = cast.at + timedelta(milliseconds=days)
        Representative.objects.create(
            **fields | {"party_id": party.pk, "may_sign": signs, "recorded_at": moment}
        )
    reading = Reading(user=rosa.user, entrance="consents:sharing")
    opened = open_for(reading, cast.amina.pk, writes=False)
    assert opened.representative.may_sign
