"""What is kept from somebody on paper holds for whoever joins by that name.

Found: "not for Dr. Novak" and "never Dr. Novak" were said while she was on paper. With
her invitation she became another row, and with the next permission she read all of it.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from carecoord.clock import database_now
from carecoord.models import User
from consents import actions as consents
from consents import documents
from consents.access import OpenPatient
from consents.actions import by_name
from consents.actions import team as joining
from consents.codes import LABELS
from consents.decisions import Reader, permitted
from consents.models import Consent, ItemDeny
from consents.names import is_alike
from patients.actions import invitations, team
from patients.forms.invitations import NOBODY
from patients.models import MedicationStatement
from providers import actions as providers
from providers.models import Party
from tests import cast as people
from tests.cast import never, permit
from tests.consents.acting import child, record, relative
from tests.consents.tabs import GONE, STILL, asked, tab
from tests.consents.views.pages import text_of
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def on_paper(cast, name: str = "Dr. Novak", role: str = "psychiatrist") -> Party:
    person = team.PaperPerson(name=name, role=role)
    by = {"by": cast.user("amina"), "at": cast.at}
    return team.add_on_paper(patient=cast.amina, person=person, **by).party


def account(name: str = "Ruth Novak") -> User:
    user = people.user(name)
    providers.add_practitioner(name=name, profession="psychiatrist", user=user)
    return user


def joins(cast, user: User, *, by_voice: bool = False, invited_as: str = ""):
    """Invited, and confirmed by Amina or by the code that she gave by voice."""
    amina = {"by": cast.user("amina"), "at": cast.at}
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee(invited_as or user.name),
        categories=0,
        key=user.pk,
        patient=cast.amina,
        **amina,
    )
    invitations.accept(invitation=sent.invitation, by=user, at=cast.at)
    if by_voice:
        code = {"code": sent.voice_code, "by": user, "at": cast.at}
        return invitations.enter_voice_code(invitation=sent.invitation, **code).party
    return invitations.confirm(invitation=sent.invitation, **amina).party


def reads(cast, party: Party, purpose: str = "TREAT") -> set[str]:
    reader = Reader(party.user_id, purpose, database_now())
    found = permitted(MedicationStatement.objects.filter(patient=cast.amina), reader)
    return {item.name for item in found}


def receipt_of(consent: Consent, at) -> dict[str, str]:
    said = {"role": "", "at": at, "names_team": True, "organizations": []}
    return dict(documents.receipt(consent, patient=consent.patient, **said).rows)


def read_after_joining(cast, *, by_voice: bool = False) -> set[str]:
    """What Dr. Novak reads of two medicines, one of which was not for her."""
    paper = on_paper(cast)
    world.add(cast, "lithium")
    kept = world.add(cast, "quetiapine")
    by = {"by": cast.user("amina"), "at": cast.at}
    consents.keep_back(item=kept, party=paper, **by)
    novak = joins(cast, account(), by_voice=by_voice)
    permit(cast.amina, novak, at=cast.at)
    return reads(cast, novak)


@pytest.mark.security("T17")
@pytest.mark.parametrize("by_voice", [False, True])
def test_not_for_this_person_holds_once_they_join(cast, by_voice):
    found = read_after_joining(cast, by_voice=by_voice)
    assert len(found) == 1 and not any("quetiapine" in name.lower() for name in found)


def test_the_test_of_that_fails_where_only_the_row_is_asked(cast, monkeypatch):
    for place in (joining, consents):
        monkeypatch.setattr(place, "hold_against", lambda **about: None)
    assert len(read_after_joining(cast)) == 2


@pytest.mark.security("T17")
def test_a_never_holds_once_they_join_and_can_be_lifted(cast):
    paper = on_paper(cast)
    world.add(cast, "lithium")
    signed = never(cast.amina, paper, at=cast.at)
    novak = joins(cast, account())
    permit(cast.amina, novak, at=cast.at)
    assert reads(cast, novak) == set()
    held = Consent.objects.get(recipient=novak, decision="deny")
    assert (held.text, held.signed_by) == (signed.text, cast.user("amina"))
    assert signed.number in held.signed_how
    consents.revoke(consent=held, by=cast.user("amina"), at=cast.at)
    assert len(reads(cast, novak)) == 1


def test_its_receipt_says_when_and_how_that_was_signed(cast):
    """Found: it was signed on the day they joined, "signed in with signed as …"."""
    earlier = cast.at - timedelta(days=40)
    signed = never(cast.amina, on_paper(cast), at=earlier)
    novak = joins(cast, account())
    held = Consent.objects.get(recipient=novak, decision="deny")
    assert (held.signed_at, held.starts_at) == (earlier, cast.at)
    rows, first = receipt_of(held, cast.at), receipt_of(signed, cast.at)
    assert rows["Answered on"] == first["Answered on"]
    more = f"; signed as {signed.number}, on paper then"
    assert rows["How it was signed"] == first["How it was signed"] + more


def test_what_was_signed_for_somebody_on_paper_opens_nothing_by_a_name(cast):
    paper = on_paper(cast)
    world.add(cast, "lithium")
    permit(cast.amina, paper, at=cast.at)
    assert reads(cast, joins(cast, account())) == set()


def test_somebody_else_is_kept_from_nothing(cast):
    paper = on_paper(cast, "Dr. Levin")
    kept = world.add(cast, "quetiapine")
    consents.keep_back(item=kept, party=paper, by=cast.user("amina"), at=cast.at)
    never(cast.amina, paper, at=cast.at)
    novak = joins(cast, account())
    permit(cast.amina, novak, at=cast.at)
    assert len(reads(cast, novak)) == 1
    assert not ItemDeny.objects.filter(party=novak).exists()


def test_who_comes_back_has_it_once(cast):
    paper = on_paper(cast)
    kept = world.add(cast, "quetiapine")
    by = {"by": cast.user("amina"), "at": cast.at}
    consents.keep_back(item=kept, party=paper, **by)
    never(cast.amina, paper, at=cast.at)
    novak = joins(cast, account())
    team.remove(participant=cast.amina.care_team.get(party=novak), **by)
    consents.join(patient=cast.amina, party=novak, role="psychiatrist", **by)
    assert ItemDeny.objects.filter(party=novak, lifted_at=None).count() == 1
    assert Consent.objects.filter(recipient=novak, decision="deny").count() == 1


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Dr. Novak", "Ruth Novak", True),
        ("Ruth Novak, MD", "ruth NOVAK", True),
        ("Ruth", "Ruth Novak", True),
        ("Dr. R. Novak", "Ruth Novak", True),
        ("Novak-Lee", "Ruth Novak Lee", True),
        ("Hana Diallo", "Fatima Diallo", False),
        ("Dr.", "Ruth Novak", False),
        ("Dr. Levin", "Ruth Novak", False),
        ("Dr. Ruth Levin", "Dr. Ruth Novak", False),
        ("李", "李 明", True),
        ("Dr. Novák", "Ruth Novak", True),
        ("Díaz-Vega", "Ana Diaz Vega", True),
        ("Dr. Łukasz Biały", "Lukasz Bialy, DO", True),
        ("Dr. O’Brien", "Sean OBrien", True),
        ("Novak, LCSW", "Ruth Novak", True),
        ("Novak, Ph.D.", "Ruth Novak", True),
        ("Novak, DO", "Ruth Novak", True),
        ("Dr. Do", "Kim Do", True),
        ("Dr. Do", "Ruth Novak, DO", False),
        ("Kim Do", "Kim Lee", False),
        ("", "Ruth Novak", False),
        ("1", "1", False),
    ],
)
def test_which_names_are_taken_for_one(one, other, alike):
    assert is_alike(one, other) == alike == is_alike(other, one)


# The patient is told, before they let somebody in ----------------------------------

TOLD = "You keep something from Dr. Novak, who is on paper."


def accepted(cast, user: User):
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee(user.name),
        categories=0,
        key=user.pk,
        patient=cast.amina,
        by=cast.user("amina"),
        at=cast.at,
    )
    invitations.accept(invitation=sent.invitation, by=user, at=cast.at)
    return reverse(
        "patients:invitation_confirm", args=[cast.amina.pk, sent.invitation.pk]
    )


@pytest.mark.parametrize(("name", "told"), [("Ruth Novak", True), ("Ada Kern", False)])
def test_who_confirms_is_told_that_it_holds(client, cast, name, told):
    never(cast.amina, on_paper(cast), at=cast.at)
    client.force_login(cast.user("amina"))
    said = client.get(accepted(cast, account(name))).content.decode()
    assert (TOLD in said) == told


# The name on the invitation, and the patient's own word ----------------------------


@pytest.mark.security("T17")
@pytest.mark.parametrize("by_voice", [False, True])
def test_the_name_on_the_invitation_counts_as_well(cast, by_voice):
    never(cast.amina, on_paper(cast, "My new doctor"), at=cast.at)
    world.add(cast, "lithium")
    novak = joins(cast, account(), by_voice=by_voice, invited_as="my new doctor")
    permit(cast.amina, novak, at=cast.at)
    assert reads(cast, novak) == set()


def answer(client, cast, said: str) -> Party:
    user = account()
    page = accepted(cast, user)
    client.force_login(cast.user("amina"))
    client.post(page, {"answer": "yes", "on_paper": said})
    novak = user.parties.get()
    permit(cast.amina, novak, at=cast.at)
    return novak


@pytest.mark.security("T17")
@pytest.mark.parametrize(("says_so", "seen"), [(True, 0), (False, 1)])
def test_the_patient_says_who_on_paper_it_is(client, cast, says_so, seen):
    paper = on_paper(cast, "The one with the red door")
    never(cast.amina, paper, at=cast.at)
    world.add(cast, "lithium")
    novak = answer(client, cast, str(paper.pk) if says_so else NOBODY)
    assert len(reads(cast, novak)) == seen


def test_it_is_asked_without_an_answer_beforehand_and_only_if_somebody_is_on_paper(
    client, cast
):
    client.force_login(cast.user("amina"))
    page = accepted(cast, account())
    assert "on paper already" not in client.get(page).content.decode()
    on_paper(cast)
    assert "checked" not in (said := client.get(page).content.decode())
    assert "on paper already" in said
    again = client.post(page, {"answer": "yes"})
    assert "Choose one" in again.content.decode()
    assert not cast.amina.care_team.filter(party__name="Ruth Novak").exists()


def test_somebody_who_is_not_on_paper_here_cannot_be_named(client, cast):
    stranger = providers.add_practitioner(name="X", profession="psychiatrist").party
    on_paper(cast)
    client.force_login(cast.user("amina"))
    page = accepted(cast, account())
    answer = client.post(page, {"answer": "yes", "on_paper": str(stranger.pk)})
    assert answer.status_code == 200
    assert not cast.amina.care_team.filter(party__name="Ruth Novak").exists()


# A child's "never" is no word to a parent --------------------------------------------

# What differs from one page to the next by itself.
ADDRESS = re.compile(r'[0-9a-f-]{32,36}|who=[0-9a-f]{16}|value="\w{64}"')


def read_by_a_parent(cast, *, kept: bool) -> list[str]:
    """What a parent reads of whom they let in, and a child may keep out by the name."""
    kid = child(cast, born=(cast.at - timedelta(days=16 * 366)).date())
    rosa = record(cast, kid, relative(kid, "Rosa Haddad"), "parent").party.user
    by = {"patient": kid, "by": rosa, "at": cast.at}
    dr = team.PaperPerson(name="Dr. Novak", role="psychiatrist")
    paper = team.add_on_paper(person=dr, **by).party
    if kept:
        never(kid, paper, at=cast.at)
    ruth = account()
    named = {"role": "psychiatrist", "categories": 0, "key": ruth.pk}
    invitee = invitations.Invitee("Ruth Novak")
    sent = invitations.invite(invitee=invitee, **named, **by).invitation
    invitations.accept(invitation=sent, by=ruth, at=cast.at)
    client = Client()
    client.force_login(rosa)
    page = reverse("patients:invitation_confirm", args=[kid.pk, sent.pk])
    found = [client.get(page), client.post(page, {"answer": "yes"})]
    for name in ("patients:team", "consents:sharing", "consents:log"):
        found.append(client.get(reverse(name, args=[kid.pk])))
    return [ADDRESS.sub("", text_of(each)) for each in found]


def both_ways(cast) -> list[list[str]]:
    found = []
    for kept in (False, True):
        with transaction.atomic():
            found.append(read_by_a_parent(cast, kept=kept))
            transaction.set_rollback(True)
    return found


@pytest.mark.security("T17", "T93")
def test_a_parent_reads_nothing_of_a_childs_never_that_holds_by_a_name(cast):
    open_to_all, kept = both_ways(cast)
    assert kept == open_to_all


def test_the_test_of_that_fails_where_a_parent_is_told_like_the_patient(
    cast, monkeypatch
):
    monkeypatch.setattr(OpenPatient, "is_patient", True)
    open_to_all, kept = both_ways(cast)
    assert kept != open_to_all


# An open tab, and a name that a parent chose ----------------------------------------


def kept_meanwhile(cast) -> int:
    """Bram's open list, once Amina said that he is whom she has on paper."""
    kept = world.add(cast, "lithium")
    paper = on_paper(cast, "Dr. Redoor")
    amina = {"by": cast.user("amina"), "at": cast.at}
    consents.keep_back(item=kept, party=paper, **amina)
    bram, shown = tab(cast, "bram", "medicines/")
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Bram"),
        categories=0,
        key=paper.pk,
        patient=cast.amina,
        **amina,
    )
    invitations.accept(invitation=sent.invitation, by=cast.user("bram"), at=cast.at)
    invitations.confirm(invitation=sent.invitation, on_paper=paper.pk, **amina)
    return asked(bram, shown)


@pytest.mark.security("T23")
def test_an_open_tab_loses_what_holds_against_a_member_now(cast):
    assert kept_meanwhile(cast) == GONE


def test_a_tab_is_not_asked_where_the_gate_is_only_locked(cast, monkeypatch):
    monkeypatch.setattr(by_name.gate, "bump", by_name.gate.lock)
    assert kept_meanwhile(cast) == STILL


@pytest.mark.security("T93")
@pytest.mark.parametrize("by_parent", [True, False])
def test_a_name_that_a_parent_chose_holds_a_never_of_the_child_against_nobody(
    cast, settings, by_parent
):
    noor = child(cast, born=(cast.at - timedelta(days=16 * 365)).date())
    rosa = relative(noor, "Rosa Haddad")
    record(cast, noor, rosa, "parent", labels=LABELS.all)
    paper = team.add_on_paper(
        patient=noor,
        person=team.PaperPerson(name="Dr. Novak", role="psychiatrist"),
        by=noor.user,
        at=cast.at,
    ).party
    never(noor, paper, at=cast.at)
    by = rosa.user if by_parent else noor.user
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Dr. Novak"),
        categories=0,
        key=paper.pk,
        patient=noor,
        by=by,
        at=cast.at,
    )
    invitations.accept(invitation=sent.invitation, by=cast.user("bram"), at=cast.at)
    invitations.confirm(invitation=sent.invitation, by=by, at=cast.at)
    held = Consent.objects.filter(patient=noor, recipient=cast.bram, decision="deny")
    assert held.exists() != by_parent


def test_what_was_lifted_for_them_does_not_come_back_with_the_name(cast):
    kept, paper = world.add(cast, "quetiapine"), on_paper(cast)
    amina = {"by": cast.user("amina"), "at": cast.at}
    consents.keep_back(item=kept, party=paper, **amina)
    never(cast.amina, paper, at=cast.at)
    novak = joins(cast, account())
    consents.give_back(item=kept, party=novak, **amina)
    mine = {"patient": cast.amina, "party": novak, "at": cast.at}
    consents.revoke(
        consent=Consent.objects.get(recipient=novak, decision="deny"), **amina
    )
    by_name.hold_against(**mine)
    held = ItemDeny.objects.filter(party=novak, lifted_at=None)
    nevers = Consent.objects.signed().denies().filter(recipient=novak)
    assert not held.exists() and not nevers.exists()
    by_name.hold_against(**mine, on_paper=paper.pk)
    assert held.exists() and nevers.exists()
