"""Guards of who acts for a patient that stand behind another one: each by itself.

A page asks for the same before it comes to them, so no page would notice that one is
gone.
"""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions, representing
from consents.actions import RuleError
from consents.models import Incapacity, Representative
from patients.actions import children, invitations
from patients.actions.invitations import InvitationError, Invitee
from tests import cast as people
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import sign_in

pytestmark = pytest.mark.security("L10")


@pytest.fixture
def rosa(cast):
    return relative(cast.amina, "Rosa Diallo")


def test_only_the_clinician_who_says_so_states_that_somebody_cannot_decide(cast):
    given = {"patient": cast.amina, "party": cast.bram, "reason": "x", "at": cast.at}
    with pytest.raises(RuleError):
        actions.state_incapacity(**given, by=cast.user("jon"))
    assert not Incapacity.objects.exists()


def test_nobody_acts_twice_or_for_somebody_elses_relative(cast, rosa):
    record(cast, cast.amina, rosa, "agent")
    with pytest.raises(RuleError, match="already"):
        record(cast, cast.amina, rosa, "guardian")
    with pytest.raises(RuleError, match="close to the patient"):
        record(cast, cast.gus, rosa, "guardian")


def test_an_officer_records_no_paper_for_themselves(cast):
    ines = relative(cast.gus, "Ines Ruiz", user=cast.ines)
    with pytest.raises(RuleError, match="nother"):
        record(cast, cast.amina, ines, "guardian")
    assert not Representative.objects.exists()


def test_a_parents_own_word_begins_no_record_that_stands(cast):
    mia = small_child(cast, 6)
    mother = relative(mia, "Rosa Haddad")
    later = cast.at + timedelta(minutes=1)
    given = {"patient": mia, "party": mother, "by": mother.user}
    with pytest.raises(RuleError):
        actions.begin_as_parent(**given, at=later)
    actions.begin_as_parent(**given, at=cast.at)


def test_who_has_stopped_acting_does_not_stop_again(cast, rosa):
    held = record(cast, cast.amina, rosa, "agent")
    stop = {"by": rosa.user, "at": cast.at}
    actions.stop_acting(representative=held, **stop)
    held.refresh_from_db()
    with pytest.raises(RuleError):
        actions.stop_acting(representative=held, **stop)


def test_a_paper_to_look_opens_no_codes(cast, rosa, settings):
    settings.DEMO = True
    record(cast, cast.amina, rosa, "guardian", may_sign=False)
    client = Client()
    sign_in(client, rosa.user)
    page = reverse("consents:codes", args=[cast.amina.pk])
    assert client.get(page).status_code == 404


def invited(cast, name: str, *, role: str) -> invitations.Sent:
    return invitations.invite(
        role=role,
        invitee=Invitee(name),
        categories=0,
        by=cast.amina.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )


def test_an_estate_acts_for_nobody_who_lives(cast, rosa):
    """After a death that was recorded by mistake, too."""
    record(cast, cast.amina, rosa, "guardian")
    assert representing.of_user(rosa.user_id, cast.at).exists()
    Representative.objects.update(kind="estate", begins_how="death")
    assert not representing.of_user(rosa.user_id, cast.at).exists()


def test_a_code_by_voice_is_of_use_to_whoever_accepted_alone(cast):
    sent = invited(cast, "Dana", role="psychiatrist")
    invitations.accept(invitation=sent.invitation, by=cast.user("dana"), at=cast.at)
    given = {"invitation": sent.invitation, "code": sent.voice_code, "at": cast.at}
    with pytest.raises(InvitationError):
        invitations.enter_voice_code(**given, by=cast.user("edo"))
    assert invitations.enter_voice_code(**given, by=cast.user("dana"))


def test_of_two_links_to_a_childs_sign_in_one_is_taken(cast):
    mia = small_child(cast, 14)
    mother = relative(mia, "Rosa Haddad")
    record(cast, mia, mother, "parent")
    offers = [
        children.offer_sign_in(
            patient=mia, address=f"{name}@mail.example", by=mother.user, at=cast.at
        )
        for name in ("one", "other")
    ]
    given = {"birth_date": mia.birth_date, "at": cast.at}
    hers, another = people.user("Mia Haddad"), people.user("Lou Lee")
    assert children.take_sign_in(offer=offers[0], by=hers, **given)
    with pytest.raises(children.ChildError):
        children.take_sign_in(offer=offers[1], by=another, **given)
    mia.refresh_from_db()
    assert mia.user == hers


def test_whoever_has_a_record_takes_no_childs(cast):
    mia = small_child(cast, 14)
    mother = relative(mia, "Rosa Haddad")
    record(cast, mia, mother, "parent")
    given = {"address": "mia@mail.example", "by": mother.user, "at": cast.at}
    offer = children.offer_sign_in(patient=mia, **given)
    with pytest.raises(children.ChildError, match="record of your own"):
        children.take_sign_in(
            offer=offer, birth_date=mia.birth_date, by=cast.gus.user, at=cast.at
        )


def test_a_guardian_mails_no_link_to_a_childs_sign_in(cast, settings):
    settings.DEMO = True
    mia = small_child(cast, 14)
    statuses = []
    for name, kind in (("Rosa Haddad", "parent"), ("Lina Haddad", "guardian")):
        party = relative(mia, name)
        record(cast, mia, party, kind)
        client = Client()
        sign_in(client, party.user)
        page = reverse("patients:child_sign_in", args=[mia.pk])
        statuses.append(client.get(page).status_code)
    assert statuses == [200, 404]


def test_a_relative_joins_with_no_address_of_the_patients_own(cast):
    sent = invited(cast, "Lou", role="caregiver")
    lou = people.user("Lou Lee")
    name, _at, host = cast.amina.user.email.partition("@")
    type(lou).objects.filter(pk=lou.pk).update(email=f"{name}+lou@{host}")
    lou.refresh_from_db()
    with pytest.raises(InvitationError, match="address of your own"):
        invitations.accept(invitation=sent.invitation, by=lou, at=cast.at)
