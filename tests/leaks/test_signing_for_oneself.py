"""Whoever acts for a patient signs nothing to themselves, and reads of nobody new.

Found: an agent who is a clinician of the team too signed a permission for that other
self, and read by it after the paper had ended. And a mother read whom her daughter
alone had taken on, because that person asked for somebody whom she knew.
"""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consents import actions, decisions, scopes
from consents.access import known
from consents.actions import RuleError
from consents.codes import CATEGORIES, PURPOSES
from consents.decisions import Reader
from consents.models import Consent
from messaging.actions import updates
from patients.actions import invitations
from patients.models import MedicationStatement
from tests.cast import permit
from tests.consents.acting import child, record, relative, signs
from tests.consents.views.pages import Pages, sign_in, text_of
from tests.messaging.writing import row, send
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
YEAR = timedelta(days=365)
SOME = {"categories": CATEGORIES["medications"], "purposes": PURPOSES["TREAT"]}


def join(cast, patient, who: str, role: str, *, by):
    party = getattr(cast, who)
    return actions.join(patient=patient, party=party, role=role, by=by, at=cast.at)


@pytest.fixture
def agent(cast):
    """Dana, psychiatrist of the team without permission, and Amina's agent."""
    join(cast, cast.amina, "dana", "psychiatrist", by=cast.amina.user)
    party = relative(cast.amina, "Dana Levy", user=cast.user("dana"))
    return record(cast, cast.amina, party, "agent")


@pytest.mark.security("T93", "T16")
def test_nobody_signs_for_the_clinician_that_they_are_themselves(cast, agent):
    scope = {"categories": CATEGORIES["updates"], "labels": 0, "at": cast.at}
    with pytest.raises(RuleError, match="with yourself"):
        actions.check_scope(agent, recipient=cast.dana, **scope)
    actions.check_scope(agent, recipient=cast.jon, **scope)


@pytest.mark.security("T93", "T16")
def test_their_own_form_is_not_signed(cast, agent):
    pages = Pages(Client(), agent.party.user, cast.amina)
    pages.to_check(cast.jon)
    pages.sign(signed_name=agent.party.user.name)
    assert Consent.objects.filter(
        recipient=cast.jon, signed_by=agent.party.user
    ).exists()
    pages.to_check(cast.dana)
    pages.sign(signed_name=agent.party.user.name)
    assert not Consent.objects.filter(recipient=cast.dana).exists()


@pytest.mark.security("T93", "T16")
def test_nor_are_they_offered_themselves(cast, agent):
    client = Client()
    sign_in(client, agent.party.user)
    page = text_of(client.get(reverse("consents:grant", args=[cast.amina.pk])))
    assert "Jon Ortiz" in page
    assert "Dana Levy" not in page.partition("Jon Ortiz")[2]


def _reads(cast, who: str) -> bool:
    reader = Reader(cast.user(who).pk, "TREAT", cast.at)
    found = MedicationStatement.objects.filter(patient=cast.amina)
    return decisions.permitted(found, reader).exists()


@pytest.fixture
def working_there(cast):
    """Bram, Amina's agent, who signs for the clinic in which he and Jon work."""
    for consent in (cast.amina_to_bram, cast.amina_to_jon):
        actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    records.medicine(cast.amina, cast.at, "CNRYmedicine")
    party = relative(cast.amina, "Bram Visser", user=cast.user("bram"))
    held = record(cast, cast.amina, party, "agent", stated_by=cast.jon)
    signs(held, cast.harbor.party, at=cast.at, **SOME)


@pytest.mark.security("T93", "T16")
def test_a_clinic_opens_to_its_staff_but_for_who_signed_for_it(cast, working_there):
    assert _reads(cast, "jon")
    assert not _reads(cast, "bram")
    reader = Reader(cast.user("bram").pk, "TREAT", cast.at)
    assert not scopes.scope(cast.amina.pk, reader).categories


@pytest.mark.security("T93", "T16")
def test_the_test_of_the_clinic_fails_where_any_signature_counts(
    cast, working_there, monkeypatch
):
    monkeypatch.setattr(decisions, "by_another", lambda reader: Q())
    monkeypatch.setattr("consents.ready._kept", {})
    assert _reads(cast, "bram")


def _she_reads_who_asked(cast) -> bool:
    """A mother who signed for Jon; Chidi, whom the child took on, asks for Jon."""
    noor = child(cast, born=(cast.at - 15 * YEAR).date())
    cast.noor = noor
    rosa = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    join(cast, noor, "jon", "primary_care", by=rosa.party.user)
    signs(rosa, cast.jon, at=cast.at, **SOME)
    join(cast, noor, "chidi", "therapist", by=noor.user)
    permit(noor, cast.chidi, at=cast.at)
    update = send(cast, "chidi", "jon", patient="noor")
    held = row(update, cast, "jon")
    assert held.status == "held"
    updates.ask_consent(row=held, by=cast.user("chidi"), at=cast.at)
    client = Client()
    sign_in(client, rosa.party.user)
    page = text_of(client.get(reverse("consents:sharing", args=[noor.pk])))
    assert "Jon Ortiz" in page
    return "Chidi" in page


@pytest.mark.security("T93", "T90")
def test_a_parent_reads_of_no_request_by_somebody_whom_the_child_took_on(cast):
    assert not _she_reads_who_asked(cast)


@pytest.mark.security("T93", "T90")
def test_the_test_of_the_request_fails_where_nothing_is_left_out(cast, monkeypatch):
    monkeypatch.setattr(
        known,
        "known_permissions",
        lambda opened: Q(patient_id=opened.patient.pk),
    )
    assert _she_reads_who_asked(cast)


@pytest.mark.security("T93")
def test_who_states_that_a_patient_cannot_decide_acts_on_it_for_nobody(cast):
    """Found: one clinician stated it, and acted on it; or was the officer as well."""
    join(cast, cast.amina, "dana", "psychiatrist", by=cast.amina.user)
    dana = relative(cast.amina, "Dana Levy", user=cast.user("dana"))
    with pytest.raises(RuleError, match="Another clinician"):
        record(cast, cast.amina, dana, "agent", stated_by=cast.dana)
    rosa, bram = relative(cast.amina, "Rosa Haddad"), _officer(cast, "bram")
    with pytest.raises(RuleError, match="Another privacy officer"):
        record(cast, cast.amina, rosa, "agent", stated_by=cast.bram, by=bram)
    record(cast, cast.amina, rosa, "agent", stated_by=cast.dana, by=bram)


def _officer(cast, who: str):
    user = cast.user(who)
    user.is_privacy_officer = True
    user.save()
    return user


def _says_yes_to_themselves(cast) -> int:
    """An agent who took the invitation as a clinician that Amina had sent before."""
    held = record(cast, cast.amina, relative(cast.amina, "Rosa Haddad"), "agent")
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Dr. Rosa Haddad"),
        categories=CATEGORIES["medications"],
        by=cast.amina.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )
    invitations.accept_as_clinician(
        invitation=sent.invitation,
        details={"profession": "psychiatrist"},
        by=held.party.user,
        at=cast.at,
    )
    client = Client()
    sign_in(client, held.party.user)
    address = reverse(
        "patients:invitation_confirm", args=[cast.amina.pk, sent.invitation.pk]
    )
    assert client.get(reverse("patients:team", args=[cast.amina.pk])).status_code == 200
    return client.get(address).status_code


@pytest.mark.security("T93", "T16")
def test_who_acts_does_not_say_yes_to_themselves_as_a_clinician(cast):
    assert _says_yes_to_themselves(cast) == 404
