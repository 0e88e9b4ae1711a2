"""Guards of sharing that stand behind another one: each by itself.

A page asks for the same before it comes to them, so no page would notice that one is
gone.
"""

import uuid
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from consents import actions, representing
from consents.access import Reading, eyes, open_for, requests
from consents.actions import RuleError
from consents.codes import CATEGORIES, PURPOSES
from consents.models import Incapacity, Representative
from patients.access.private_items import load_private_item
from patients.actions import children, invitations
from patients.actions.invitations import InvitationError, Invitee
from patients.models import AllergyIntolerance
from providers.models import Party
from tests import cast as people
from tests.consents import guests
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records
from tests.patients.test_acting import add

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


def test_a_paper_to_look_stops_nothing_and_silences_nobody(cast, rosa, settings):
    """Found: whoever may only look could end every permission of the patient's."""
    settings.DEMO = True
    record(cast, cast.amina, rosa, "guardian", may_sign=False)
    client = Client()
    sign_in(client, rosa.user)
    consent = cast.amina_to_bram
    place = [cast.amina.pk, consent.pk]
    assert client.post(reverse("consents:revoke", args=place)).status_code == 404
    consent.refresh_from_db()
    assert consent.revoked_at is None
    talking = reverse("consents:talking", args=[cast.amina.pk])
    assert client.post(talking, {"level": "emergency"}).status_code == 404
    assert not cast.amina.talking_choices.exists()
    for name, args in (("sharing", place[:1]), ("receipt", place)):
        page = text_of(client.get(reverse(f"consents:{name}", args=args)))
        assert "/revoke/" not in page and talking not in page, name


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


def test_who_may_look_only_by_the_paper_of_today_has_invited_nobody(cast, rosa):
    """What was sent by right, under a paper that is replaced by a smaller one."""
    held = record(cast, cast.amina, rosa, "guardian")
    sent = invitations.invite(
        role="therapist",
        invitee=Invitee("Dr. Lee"),
        categories=0,
        by=rosa.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )
    accept = {"invitation": sent.invitation, "by": cast.user("dana"), "at": cast.at}
    actions.end_representative(representative=held, by=cast.ines, at=cast.at)
    record(cast, cast.amina, rosa, "guardian", may_sign=False)
    with pytest.raises(InvitationError, match="it has ended"):
        invitations.accept(**accept)
    record(cast, cast.gus, relative(cast.gus, "Al", user=rosa.user), "guardian")
    with pytest.raises(InvitationError, match="it has ended"):
        invitations.accept(**accept)


# One step behind the entrance -------------------------------------------------------


def opened(cast, user, patient=None, entrance="consents:sharing"):
    reading = Reading(user=user, entrance=entrance)
    reading.at = cast.at
    return open_for(reading, (patient or cast.amina).pk, writes=False)


def asks(cast, party):
    return actions.ask(
        patient=cast.amina,
        recipient=party,
        asked_by=party,
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )


@pytest.mark.security("T31")
def test_nobody_who_acts_answers_what_they_asked_for_themselves(cast, rosa):
    record(cast, cast.amina, rosa, "guardian")
    join = {"patient": cast.amina, "by": cast.amina.user, "at": cast.at}
    actions.join(party=rosa, role="caregiver", **join)
    own, jons = asks(cast, rosa), asks(cast, cast.jon)
    for user, theirs in ((rosa.user, [jons]), (cast.amina.user, [own, jons])):
        assert set(requests.open_requests(opened(cast, user))) == set(theirs)
    with pytest.raises(Http404):
        requests.open_request(opened(cast, rosa.user), own.pk)


def test_who_wrote_is_read_by_the_patient_and_by_whoever_wrote(cast, rosa):
    lina = relative(cast.amina, "Lina Diallo")
    for party in (rosa, lina):
        record(cast, cast.amina, party, "guardian")
    line = add(cast.amina, "quetiapine", rosa.user, cast.at)
    said = "Rosa Diallo, for Amina, as court-appointed guardian"
    for user, reads in ((cast.amina.user, said), (rosa.user, said), (lina.user, "")):
        assert representing.written_by(opened(cast, user), line) == reads
    line.author = cast.bram
    assert representing.written_by(opened(cast, cast.amina.user), line) == ""


@pytest.mark.security("T90")
def test_whose_eyes_are_nobodys_with_a_code_and_of_no_role_that_is_none(cast):
    guests.make(cast.amina, at=cast.at)
    guest, harbor = Party.objects.get(kind="guest"), cast.harbor.party
    amina = opened(cast, cast.amina.user)
    assert eyes.whose(amina, harbor.pk, "therapist").name == "New person (therapist)"
    for party, role in (
        (guest, ""),
        (guest, "therapist"),
        (cast.bram, "therapist"),
        (harbor, "caregiver"),
        (harbor, "supervisor"),
        (harbor, "nonsense"),
    ):
        with pytest.raises(Http404):
            eyes.whose(amina, party.pk, role)


@pytest.mark.security("T05")
def test_who_can_see_an_item_is_loaded_for_its_patient_alone(cast, rosa):
    record(cast, cast.amina, rosa, "guardian")
    given = {"substance": "penicillin"}
    item = records.item(AllergyIntolerance, cast.amina, "allergies", cast.at, **given)
    amina = opened(cast, cast.amina.user, entrance="patients:allergies")
    assert load_private_item(amina, "allergy", item.pk)[1] == item
    for user in (cast.user("bram"), rosa.user):
        theirs = opened(cast, user, entrance="patients:allergies")
        with pytest.raises(Http404):
            load_private_item(theirs, "allergy", item.pk)
    with pytest.raises(Http404):
        load_private_item(amina, "nonsense", item.pk)
