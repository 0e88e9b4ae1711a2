"""T93: what becomes a child's own leaves what a parent signed, in the same second."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Q
from django.test import Client

from consents import actions, representing
from consents.access.allowing import allowing
from consents.access.patient import open_for
from consents.access.reading import Reading
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, decide
from patients.actions import patients as patient_actions
from patients.models import Patient
from tests.cast import permit
from tests.consents.acting import child, record, relative
from tests.consents.test_decisions import condition
from tests.consents.views.pages import text_of

TICK = timedelta(microseconds=1)
YEAR = timedelta(days=365)
pytestmark = pytest.mark.security("T93")


@pytest.fixture
def family(cast):
    """Noor, ten, in Washington, where HIV is her own from 14; Rosa signs for Bram."""
    noor = child(cast, born=(cast.at - 10 * YEAR).date(), state="WA")
    rosa = relative(noor, "Rosa Haddad")
    held = record(cast, noor, rosa, "parent")
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=rosa.user, at=cast.at
    )
    consent = sign(cast, noor, held)
    return noor, held, consent


def sign(cast, noor, held):
    return actions.grant(
        patient=noor,
        terms=actions.Terms(
            recipient=cast.bram,
            categories=CATEGORIES["conditions"],
            labels=LABELS["hiv"],
            purposes=PURPOSES.all & ~PURPOSES["THREAT"],
            starts_at=cast.at,
            ends_at=cast.at + 5 * YEAR,
        ),
        signature=actions.Signature(
            "Rosa", "password", "x", "test", held.get_kind_display(), held
        ),
        by=held.party.user,
        at=cast.at,
    )


def reads(cast, item, at=None) -> bool:
    reader = Reader(cast.user("bram").pk, "TREAT", at or cast.at)
    return decide(item, reader).permitted


def born(noor, cast, years: int):
    patient_actions.change_details(
        patient=noor, by=cast.ines, birth_date=(cast.at - years * YEAR).date()
    )


def _bram_reads_after_a_correction(cast, family) -> bool:
    noor = family[0]
    labelled = condition(cast, patient=noor, labels=LABELS["hiv"])
    assert reads(cast, labelled)
    born(noor, cast, 15)
    return reads(cast, labelled)


def test_a_birth_date_found_to_be_earlier_takes_the_label_from_it(cast, family):
    plain = condition(cast, patient=family[0])
    assert not _bram_reads_after_a_correction(cast, family)
    assert reads(cast, plain), "the rest of it stands"


def test_the_test_of_that_fails_where_only_the_18th_birthday_is_asked_for(
    cast, family, monkeypatch
):
    """The twin: the parent's signature counted for what is the child's own."""
    monkeypatch.setattr(representing, "childs_own", lambda *args: Q(pk__in=[]))
    monkeypatch.setattr("consents.ready._kept", {})
    assert _bram_reads_after_a_correction(cast, family)


def test_another_state_is_counted_at_once_and_back_again(cast, family):
    noor = family[0]
    labelled = condition(cast, patient=noor, labels=LABELS["hiv"])
    born(noor, cast, 13)
    assert reads(cast, labelled), "14 in Washington"
    patient_actions.change_details(patient=noor, by=cast.ines, state="TX")
    assert not reads(cast, labelled), "12 where a state has no rows"


def test_the_birthday_ends_it_to_the_microsecond(cast, family):
    noor = family[0]
    labelled = condition(cast, patient=noor, labels=LABELS["hiv"])
    assert noor.own_hiv_at > cast.at
    assert reads(cast, labelled, noor.own_hiv_at - TICK)
    assert not reads(cast, labelled, noor.own_hiv_at)


def test_what_the_child_or_an_agent_signs_is_not_concerned(cast, family):
    noor = family[0]
    labelled = condition(cast, patient=noor, labels=LABELS["hiv"])
    born(noor, cast, 15)
    mask = {"categories": CATEGORIES["conditions"], "labels": LABELS["hiv"]}
    permit(noor, cast.bram, at=cast.at, **mask)
    assert reads(cast, labelled)


def test_pages_name_no_label_that_counts_no_more(cast, family, settings):
    settings.DEMO = True
    noor, _held, consent = family
    client = Client()
    client.force_login(noor.user)
    page = f"/patients/{noor.pk}/sharing/"
    reading = Reading(user=noor.user, entrance="consents:statement")

    def labels() -> int:
        opened = open_for(reading, noor.pk, writes=False)
        return allowing(opened, consent.pk).labels

    assert labels() == LABELS["hiv"]
    before = text_of(client.get(page))
    born(noor, cast, 15)
    assert labels() == 0
    after = text_of(client.get(page))
    assert before.count("HIV") > after.count("HIV")


@pytest.mark.parametrize("day", [date(2012, 2, 29), date(2012, 3, 1), date(2013, 7, 4)])
@pytest.mark.parametrize("state", ["WA", ""])
def test_the_stored_instant_is_the_age_in_words(day, state):
    """One table of ages: the rule by instants, the pages by day."""
    fields = representing.own_fields(day, state)
    patient = Patient(birth_date=day, state=state)
    for label in LABELS.by_name:
        edge = fields[representing.own_field(label)]
        assert not representing.is_own_confidence(patient, label, edge - TICK)
        assert representing.is_own_confidence(patient, label, edge)
    assert set(representing.own_fields(None, state).values()) == {None}


def test_an_edited_table_counts_after_the_next_migrate(cast, family):
    noor = family[0]
    wrong = datetime(2000, 1, 1, tzinfo=UTC)
    Patient.objects.filter(pk=noor.pk).update(own_hiv_at=wrong)
    assert Patient.objects.recount_ages() == 1
    assert Patient.objects.recount_ages() == 0
    assert Patient.objects.get(pk=noor.pk).own_hiv_at == noor.own_hiv_at
