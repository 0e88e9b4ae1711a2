"""How long somebody acts for a patient, and acted: a second before, at and after.

The rule, the words about the past and the pages each say it in their own way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.http import Http404

from consents import acted, actions, decisions, representing
from consents.access import grown_up, representatives
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader
from consents.models import Consent
from tests.consents.acting import child, record, relative
from tests.consents.guests import signature_of
from tests.consents.test_actions import terms
from tests.consents.test_decisions import condition
from tests.consents.test_how_long import around, opened

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
UNTIL, FROM = [True, False, False], [False, True, True]


@pytest.fixture
def rosa(cast):
    return relative(cast.amina, "Rosa Diallo")


@pytest.fixture
def noor(cast):
    """17, with a sign-in and a mother."""
    noor = child(cast, born=(cast.at - 17 * 366 * DAY).date())
    noor.mother = relative(noor, "Rosa Haddad")
    noor.held = record(cast, noor, noor.mother, "parent")
    return noor


def by_the_rule(patient, user, item, at) -> bool:
    asked = Reader(user.pk, representing.PURPOSE, at)
    return decisions.decide(item, asked).permitted


def in_words(patient, user, item, at) -> bool:
    return ", for " in representing.in_words(patient, at, user)


def on_the_page(patient, user, item, at) -> bool:
    amina = opened(patient.user, patient, at)
    return bool(representatives.acting_now(amina))


FORMS = (by_the_rule, in_words, on_the_page)


@pytest.mark.security("T31")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_paper_counts_from_its_first_second_until_its_last(cast, rosa, form):
    start, end = cast.at + DAY, cast.at + 9 * DAY
    record(cast, cast.amina, rosa, "guardian", starts_at=start, ends_at=end)
    item = condition(cast)
    bars = {start: FROM, end: UNTIL}
    if form is on_the_page:
        bars.pop(start)  # nobody records there what is to begin later
    for bar, counts in bars.items():
        given = [(cast.amina, rosa.user, item, at) for at in around(bar)]
        assert [form(*each) for each in given] == counts


@pytest.mark.security("T93")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_parent_acts_until_the_first_second_of_the_birthday(cast, noor, form):
    item = condition(cast, patient=noor)
    given = [(noor, noor.mother.user, item, at) for at in around(noor.majority_at)]
    assert [form(*each) for each in given] == UNTIL


def test_words_about_the_past_begin_with_the_record_and_end_in_its_second(cast, rosa):
    start = cast.at - 9 * DAY
    held = record(cast, cast.amina, rosa, "guardian", starts_at=start)
    end = cast.at + DAY
    actions.end_representative(representative=held, by=cast.ines, at=end)

    def says(bar: datetime) -> list[bool]:
        return [in_words(cast.amina, rosa.user, None, at) for at in around(bar)]

    assert says(cast.at) == FROM and says(end) == UNTIL


def test_words_about_the_past_end_with_a_death(cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    died = cast.at + DAY
    who = {"patient": cast.amina, "by": cast.ines, "at": cast.at + 2 * DAY}
    actions.record_death(died_at=died, document="x", **who)
    given = [(cast.amina, rosa.user, None, at) for at in around(died)]
    assert [in_words(*each) for each in given] == UNTIL


# What is told of an end -------------------------------------------------------------


def test_an_end_is_told_from_its_second_on(cast, rosa):
    end = cast.at + DAY
    record(cast, cast.amina, rosa, "guardian", ends_at=end)
    assert [acted.stopped_acting(at).exists() for at in around(end)] == FROM


def test_who_never_began_to_act_has_not_stopped(cast, rosa):
    start = cast.at + DAY
    found = []
    for at in around(start):
        held = record(cast, cast.amina, rosa, "guardian", starts_at=start)
        actions.end_representative(representative=held, by=cast.ines, at=at)
        found.append(acted.stopped_acting(at).filter(pk=held.pk).exists())
    assert found == [False, False, True]


def test_what_a_birthday_ended_is_told_by_itself(cast, noor):
    who = {"by": cast.ines, "at": cast.at + DAY}
    actions.end_representative(representative=noor.held, **who)
    bar = noor.majority_at
    assert [acted.stopped_acting(at).exists() for at in around(bar)] == UNTIL


# What a parent signed ---------------------------------------------------------------


def signs(cast, patient, held, **fields) -> Consent:
    """Whoever acts shares with Bram, who joins."""
    who = {"patient": patient, "by": held.party.user, "at": cast.at}
    actions.join(party=cast.bram, role="psychiatrist", **who)
    wanted = {"recipient": cast.bram, "categories": CATEGORIES["conditions"]} | fields
    return actions.grant(
        terms=terms(cast, **wanted), signature=signature_of(held), **who
    )


def reads(cast, item, at) -> bool:
    asked = Reader(cast.user("bram").pk, "TREAT", at)
    return decisions.decide(item, asked).permitted


@pytest.mark.security("T93")
def test_what_a_parent_signed_goes_on_for_thirty_days(cast, noor):
    item, over = condition(cast, patient=noor), noor.majority_at + 30 * DAY
    signs(cast, noor, noor.held, ends_at=over + 99 * DAY)
    assert noor.carried_until == over
    assert [reads(cast, item, at) for at in around(over)] == UNTIL
    asked = [grown_up.waits_for(noor.pk, at) for at in around(noor.majority_at)]
    assert asked == FROM
    assert [grown_up.waits_for(noor.pk, at) for at in around(over)] == UNTIL


@pytest.mark.security("T93")
def test_nobody_reads_that_they_are_an_adult_a_second_too_early(cast, noor):
    opens = []
    for at in around(noor.majority_at):
        try:
            grown_up.signed_by_parents(opened(noor.user, noor, at))
            opens.append(True)
        except Http404:
            opens.append(False)
    assert opens == FROM


@pytest.mark.security("T93")
def test_a_label_that_a_parent_signed_for_counts_until_it_is_the_childs_own(cast):
    """HIV at 14, in Washington: in the rule, and in the words of the pages."""
    born = (cast.at - 13 * 365 * DAY).date()
    noor = child(cast, born=born, state="WA")
    held = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    label, bar = LABELS["hiv"], noor.own_hiv_at
    item = condition(cast, patient=noor, labels=label)
    consent = signs(cast, noor, held, labels=label, ends_at=bar + 99 * DAY)
    assert bar.date() == born.replace(year=born.year + 14) - DAY, "where it is first"
    assert [reads(cast, item, at) for at in around(bar)] == UNTIL
    said = [representing.labels_that_count(consent, noor, at) for at in around(bar)]
    assert [bool(labels) for labels in said] == UNTIL
