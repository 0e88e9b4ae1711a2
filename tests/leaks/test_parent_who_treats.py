"""A parent who is a clinician of their child's team is a parent still.

Found: two parents of whom one is a psychiatrist. The other invited her as one and
signed for her; and she opened the emergency page. So she read what the law of the
child's state keeps from parents, and what the person wrote whom the child alone had
taken on.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client

from consents import actions, decisions, exceptions, parents_reach, scopes
from consents.actions import RuleError
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader
from consents.models import EmergencyAccess
from patients.actions import invitations
from patients.models import Condition, MedicationStatement
from tests.cast import CARE, permit, statement
from tests.consents.acting import child, record, relative, signs
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
    pytest.mark.security("T93", "L23"),
]
YEAR = timedelta(days=365)
OWN = ("CNRYbuprenorphine", "CNRYmethylphenidate", "CNRYpanic")
ALL = {"categories": CATEGORIES.all, "labels": LABELS.all, "purposes": CARE}


@pytest.fixture
def noor(cast):
    """15, with a sign-in; Chidi, whom she took on alone, treats her."""
    noor = child(cast, born=(cast.at - 15 * YEAR).date())
    actions.join(
        patient=noor, party=cast.chidi, role="therapist", by=noor.user, at=cast.at
    )
    own = LABELS["substance_use"]
    records.medicine(noor, cast.at, "CNRYbuprenorphine", labels=own)
    records.medicine(noor, cast.at, "CNRYmethylphenidate", prescriber=cast.chidi)
    records.medicine(noor, cast.at, "CNRYiron")
    records.item(
        Condition, noor, "conditions", cast.at, author=cast.chidi, name="CNRYpanic"
    )
    return noor


@pytest.fixture
def omar(cast, noor):
    return record(cast, noor, relative(noor, "Omar Haddad"), "parent")


@pytest.fixture
def dana(cast, noor, omar):
    """Her mother, a psychiatrist, whom her father invites as one."""
    party = relative(noor, "Dana Levy", user=cast.user("dana"))
    held = record(cast, noor, party, "parent")
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Dana Levy"),
        categories=CATEGORIES.all,
        by=omar.party.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=noor,
    )
    assert sent
    by = {"invitation": sent.invitation, "at": cast.at}
    invitations.accept(by=cast.user("dana"), **by)
    invitations.confirm(by=omar.party.user, **by)
    return held


def _reads(cast, purpose: str) -> set[str]:
    reader = Reader(cast.user("dana").pk, purpose, cast.at)
    return {
        row.name
        for model in (MedicationStatement, Condition)
        for row in decisions.permitted(model._base_manager.all(), reader)
    }


def _states(cast, noor) -> EmergencyAccess:
    return actions.state_emergency(
        member=noor.care_team.get(party=cast.dana),
        statement=statement(),
        by=cast.user("dana"),
        at=cast.at,
    )


def _page(cast, noor, address: str) -> str:
    client = Client()
    sign_in(client, cast.user("dana"))
    return text_of(client.get(f"/patients/{noor.pk}/{address}"))


def test_the_other_parent_signs_nothing_to_her_as_a_clinician(cast, noor, omar, dana):
    signs(omar, cast.dana, at=cast.at, **ALL)
    assert _reads(cast, "TREAT") == set()
    assert _reads(cast, "PWATRNY") == {"CNRYiron"}
    reader = Reader(cast.user("dana").pk, "TREAT", cast.at)
    assert not scopes.scope(noor.pk, reader).categories


def test_nor_once_she_acts_no_longer(cast, noor, omar, dana):
    """She ends her own paper with her own hand, and opens the chart as a clinician."""
    signs(omar, cast.dana, at=cast.at, **ALL)
    actions.stop_acting(representative=dana, by=dana.party.user, at=cast.at)
    assert not [name for name in OWN if name in _page(cast, noor, "")]


def test_the_test_of_that_fails_where_the_other_parent_counts(
    cast, noor, omar, dana, monkeypatch
):
    monkeypatch.setattr(parents_reach, "not_to_a_parent", lambda reader: Q())
    monkeypatch.setattr("consents.ready._kept", {})
    signs(omar, cast.dana, at=cast.at, **ALL)
    assert _reads(cast, "TREAT") == {"CNRYiron", *OWN[1:]}
    actions.stop_acting(representative=dana, by=dana.party.user, at=cast.at)
    page = _page(cast, noor, "")
    assert [name for name in OWN if name in page] == [*OWN[1:]]


def test_what_the_child_signs_for_her_counts(cast, noor, dana):
    permit(noor, cast.dana, at=cast.at, **ALL)
    assert _reads(cast, "TREAT") == {"CNRYiron", *OWN}


def test_she_states_no_emergency_of_her_child(cast, noor, dana):
    assert "not open to you" in _page(cast, noor, "emergency/")
    with pytest.raises(RuleError, match="not open to you"):
        _states(cast, noor)
    assert not EmergencyAccess.objects.exists()


def test_one_that_was_stated_before_her_paper_shows_nothing_after_it(
    cast, noor, omar, dana, monkeypatch
):
    _stated_before(cast, noor, monkeypatch)
    assert _reads(cast, "ETREAT") == set()
    assert not [name for name in OWN if name in _page(cast, noor, "emergency/page/")]


def test_the_test_of_that_fails_where_a_parent_is_anybody(
    cast, noor, omar, dana, monkeypatch
):
    _stated_before(cast, noor, monkeypatch)
    monkeypatch.setattr(exceptions, "of_own_child", lambda reader: _nobody())
    monkeypatch.setattr("consents.ready._kept", {})
    assert _reads(cast, "ETREAT") == {"CNRYiron", *OWN}
    monkeypatch.setattr(exceptions, "_minors_of", lambda user_id, at: _nobody())
    page = _page(cast, noor, "emergency/page/")
    assert [name for name in OWN if name in page] == [*OWN]


def _stated_before(cast, noor, monkeypatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(exceptions, "_minors_of", lambda user_id, at: _nobody())
        _states(cast, noor)


def _nobody():
    return EmergencyAccess.objects.none()


def test_another_clinician_opens_it(cast, noor, dana):
    actions.state_emergency(
        member=noor.care_team.get(party=cast.chidi),
        statement=statement(),
        by=cast.user("chidi"),
        at=cast.at,
    )
    assert EmergencyAccess.objects.count() == 1
