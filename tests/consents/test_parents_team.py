"""T90, T93: a parent learns on no page whom a child who signs in took onto the team."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consents import actions, representing
from consents.access import recipients
from consents.codes import CATEGORIES
from consents.decisions import Reader, decide
from consents.drafts import Draft
from consents.models import Consent
from consents.views import grant
from consents.views.checking import digest
from patients.actions import invitations
from patients.actions import team as team_actions
from patients.actions.team import give_duties, name_list_owner, remove
from patients.models import Condition
from providers.models import CareTeamParticipant
from tests.consents.acting import child, record, relative
from tests.consents.views.pages import Pages, bare, hidden, sign_in, text_of
from tests.patients import records

PAGES = ("sharing", "grant", "talking", "codes", "log", "representatives")
RECORD = ("team", "medicines", "tests")
YEAR = timedelta(days=365)


@pytest.fixture
def noor(cast, settings):
    settings.DEMO = True
    return child(cast, born=(cast.at - 15 * YEAR).date())


@pytest.fixture
def mother(cast, noor):
    """Rosa, with a paper for everything, and Jon, whom she took onto the team."""
    rosa = relative(noor, "Rosa Haddad")
    record(cast, noor, rosa, "parent")
    join(cast, noor, "jon", "primary_care", by=rosa.user)
    client = Client()
    sign_in(client, rosa.user)
    return client


def join(cast, noor, who, role, *, by):
    party = getattr(cast, who)
    return actions.join(patient=noor, party=party, role=role, by=by, at=cast.at)


def shown(client, noor) -> list[str]:
    """Without the draft of a form, which is a random key and a signature."""
    pages = [reverse(f"consents:{name}", args=[noor.pk]) for name in PAGES]
    pages += [reverse(f"patients:{name}", args=[noor.pk]) for name in RECORD]
    draft = r'name="draft" value="[^"]*"'
    return [re.sub(draft, "", bare(client.get(page))) for page in pages]


def _she_learns_of_chidi(cast, noor, mother) -> bool:
    before = shown(mother, noor)
    join(cast, noor, "chidi", "therapist", by=noor.user)
    name_list_owner(patient=noor, party=cast.chidi, by=noor.user)
    return shown(mother, noor) != before


@pytest.mark.slow
@pytest.mark.security("T93", "T90")
def test_no_page_changes_by_a_byte(cast, noor, mother):
    assert not _she_learns_of_chidi(cast, noor, mother)
    assert any(cast.jon.name in page for page in shown(mother, noor))


@pytest.mark.slow
def test_the_test_of_that_fails_where_the_paper_alone_is_asked(
    cast, noor, mother, monkeypatch
):
    """The twin: sharing, granting and how much the team talks named the therapist."""
    monkeypatch.setattr(representing, "known_members", lambda opened: Q())
    assert _she_learns_of_chidi(cast, noor, mother)


def _she_learns_of_a_friend(cast, noor, mother) -> bool:
    """Whom Noor took on as family, and took off the team again."""
    before = shown(mother, noor)
    friend = relative(noor, "Lou Friend")
    member = actions.join(
        patient=noor, party=friend, role="caregiver", by=noor.user, at=cast.at
    )
    remove(participant=member, by=noor.user, at=cast.at)
    return shown(mother, noor) != before


@pytest.mark.security("T93", "T90")
def test_nor_where_a_friend_of_the_childs_has_left_the_team(cast, noor, mother):
    """Found: "the patient’s parent or other" stood among those to share with."""
    assert not _she_learns_of_a_friend(cast, noor, mother)


@pytest.mark.slow
def test_the_test_of_the_friend_fails_where_only_the_team_now_is_asked(
    cast, noor, mother, monkeypatch
):
    """The twin: who left was close to the child, and nobody to hide any more."""
    ever = recipients._unknown
    monkeypatch.setattr(
        recipients, "_unknown", lambda members, known: ever(members.current(), known)
    )
    assert _she_learns_of_a_friend(cast, noor, mother)


def looks_after_labs(cast, noor, who, role) -> None:
    member = join(cast, noor, who, role, by=noor.user)
    give_duties(participant=member, chosen={"labs"}, other="", by=noor.user)


def _she_learns_who_has_the_labs(cast, noor, mother) -> bool:
    """Jon prescribes lithium; as far as she knows, he looks after its tests."""
    records.medicine(noor, cast.at, "lithium", prescriber=cast.jon)
    shown(mother, noor)  # her own look at it stands in the log from now on
    before = shown(mother, noor)
    assert any(f"{cast.jon.name} looks after it." in page for page in before)
    looks_after_labs(cast, noor, "chidi", "therapist")
    return shown(mother, noor) != before


@pytest.mark.security("T93", "T90")
def test_nor_where_the_childs_own_therapist_looks_after_the_labs(cast, noor, mother):
    """Found: "Dr. Jon Ortiz looks after it" went, and nobody stood in his place."""
    assert not _she_learns_who_has_the_labs(cast, noor, mother)


@pytest.mark.slow
def test_the_test_of_the_labs_fails_where_the_whole_team_is_asked(
    cast, noor, mother, monkeypatch
):
    whole = CareTeamParticipant.objects.current()
    monkeypatch.setattr(
        "patients.access.owners.members",
        lambda opened: whole.filter(patient_id=opened.patient.pk),
    )
    assert _she_learns_who_has_the_labs(cast, noor, mother)


@pytest.mark.security("T93", "T90")
def test_a_duty_of_the_childs_own_person_is_not_said_to_be_nobodys(cast, noor, mother):
    """That it went can be seen; that nobody has it would be untrue."""
    team = reverse("patients:team", args=[noor.pk])
    looks_after_labs(cast, noor, "chidi", "therapist")
    said = text_of(mother.get(team))
    assert "No one that you see here: ask" in said and "No one yet" not in said
    own = Client()
    sign_in(own, noor.user)
    said = text_of(own.get(team))
    assert "No one yet: ask at your next visit" in said and "Chidi Okafor" in said


def _she_sees_the_labs_go(cast, noor, mother) -> bool:
    """Jon has them by name; then Noor gives them to her own therapist."""
    jon = noor.care_team.get(party=cast.jon)
    give_duties(participant=jon, chosen={"labs", "goals"}, other="", by=noor.user)
    shown(mother, noor)
    before = shown(mother, noor)
    looks_after_labs(cast, noor, "chidi", "therapist")
    return shown(mother, noor) != before


@pytest.mark.security("T93", "T90")
def test_nor_does_a_duty_go_that_the_child_gave_to_somebody_of_their_own(
    cast, noor, mother
):
    """Found: "Labs and weight" went from Jon, so there is somebody else."""
    assert not _she_sees_the_labs_go(cast, noor, mother)


def owners(noor) -> dict[str, str]:
    """Who looks after what, as Noor reads it."""
    own = Client()
    sign_in(own, noor.user)
    page = own.get(reverse("patients:team", args=[noor.pk]))
    return {words: name for words, name in page.context["duties"] if name}


def test_to_the_child_it_is_theirs_and_can_be_given_back(cast, noor, mother):
    _she_sees_the_labs_go(cast, noor, mother)
    labs, goals = "Labs and weight", "Therapy goals"
    assert owners(noor) == {labs: cast.chidi.name, goals: cast.jon.name}
    jon = noor.care_team.get(party=cast.jon)
    # Noor's form for Jon has the goals alone; the mother's has both.
    for by, chosen in ((noor, {"goals"}), (noor.representatives.get().party, None)):
        chosen = chosen or {"labs", "goals"}
        give_duties(participant=jon, chosen=chosen, other="Calls", by=by.user)
        assert owners(noor) == {labs: cast.chidi.name, goals: cast.jon.name}
        assert "Labs and weight" in jon.owns and "Calls" in jon.owns
    give_duties(participant=jon, chosen={"labs"}, other="", by=noor.user)
    assert owners(noor) == {labs: cast.jon.name}


def test_what_the_child_takes_from_whom_she_knows_is_seen_to_go(cast, noor, mother):
    _she_sees_the_labs_go(cast, noor, mother)
    bram = join(cast, noor, "bram", "psychiatrist", by=noor.user)
    dana = join(cast, noor, "dana", "care_coordinator", by=parent_of(noor))
    give_duties(participant=dana, chosen={"goals"}, other="", by=noor.user)
    assert "Therapy goals" not in noor.care_team.get(party=cast.jon).owns
    give_duties(participant=bram, chosen={"labs"}, other="", by=noor.user)
    assert owners(noor)["Labs and weight"] == cast.bram.name
    assert noor.care_team.get(party=cast.chidi).owns == ""


def parent_of(noor):
    return noor.representatives.get().party.user


@pytest.mark.slow
def test_the_test_of_the_duty_fails_where_it_is_taken_from_everybody(
    cast, noor, mother, monkeypatch
):
    monkeypatch.setattr(
        team_actions,
        "_taken",
        lambda me, team, chosen, by: team_actions._Taken(chosen, chosen, set()),
    )
    assert _she_sees_the_labs_go(cast, noor, mother)


def test_whom_she_invites_as_well_she_knows_and_reads_nothing_of(cast, noor, mother):
    """Chidi is Noor's own already. Found: to say yes to him ended in a 404."""
    join(cast, noor, "chidi", "therapist", by=noor.user)
    own = records.item(Condition, noor, "conditions", cast.at, author=cast.chidi)
    rosa = noor.representatives.get().party.user
    sent = invitations.invite(
        role="therapist",
        invitee=invitations.Invitee("Chidi"),
        categories=CATEGORIES["goals"],
        by=rosa,
        at=cast.at,
        key=uuid.uuid4(),
        patient=noor,
    )
    assert cast.chidi.name not in "".join(shown(mother, noor))
    invitations.accept(invitation=sent.invitation, by=cast.user("chidi"), at=cast.at)
    page = reverse("patients:invitation_confirm", args=[noor.pk, sent.invitation.pk])
    answer = mother.post(page, follow=True)
    assert answer.status_code == 200 and cast.chidi.name in text_of(answer)
    assert cast.chidi.name in text_of(mother.get(f"/patients/{noor.pk}/team/"))
    reader = Reader(rosa.pk, representing.PURPOSE, cast.at)
    assert not decide(own, reader).permitted, "what he wrote stays theirs"


def _signs_meanwhile(cast, noor, mother) -> tuple[bool, str]:
    """(what her forms carry differs, what she reads when she signs) once Noor acted."""
    rosa = noor.representatives.get().party.user
    pages = Pages(mother, rosa, noor)
    carried = []
    for _page in range(2):
        check = pages.to_check(cast.jon)
        draft = Draft.opened(
            hidden(check.content.decode())["draft"],
            user_id=rosa.pk,
            patient_id=noor.pk,
        )
        carried.append((draft.epoch, draft.shown))
        join(cast, noor, "chidi", "therapist", by=noor.user)
        remove(
            participant=noor.care_team.get(party=cast.chidi, ended_at=None),
            by=noor.user,
            at=cast.at,
        )
    return carried[0] != carried[1], text_of(pages.sign(signed_name=rosa.name))


@pytest.mark.security("T93", "T90", "T26")
def test_no_form_of_hers_counts_what_the_child_does(cast, noor, mother):
    """Found: the sealed draft held the number of the gate, which anybody can read."""
    differs, said = _signs_meanwhile(cast, noor, mother)
    assert not differs and "Something changed" not in said
    assert Consent.objects.filter(patient=noor, recipient=cast.jon).count() == 1


def test_the_test_of_that_fails_where_the_form_is_the_patients(
    cast, noor, mother, monkeypatch
):
    """The twin: the number of the gate, whoever signs."""
    monkeypatch.setattr(
        grant,
        "as_shown",
        lambda opened, draft, text: draft.having(
            epoch=opened.epoch, shown=digest(text)
        ),
    )
    differs, said = _signs_meanwhile(cast, noor, mother)
    assert differs and "Something changed" in said


def test_the_ids_of_whom_she_does_not_know_lead_nowhere(cast, noor, mother):
    join(cast, noor, "chidi", "therapist", by=noor.user)
    for name in ("talking_one", "person", "revoke"):
        for party, status in ((cast.jon, 200), (cast.chidi, 404), (cast.dana, 404)):
            page = reverse(f"consents:{name}", args=[noor.pk, party.pk])
            if name == "person" and party == cast.jon:
                continue
            assert mother.get(page).status_code == status, (name, party)
    page = reverse("consents:talking_one", args=[noor.pk, cast.chidi.pk])
    assert mother.post(page, {"level": "emergency"}).status_code == 404
    assert not noor.talking_choices.exists()


def test_the_child_and_a_guardian_know_everybody(cast, noor, mother, client):
    join(cast, noor, "chidi", "therapist", by=noor.user)
    sign_in(client, noor.user)
    page = reverse("consents:talking", args=[noor.pk])
    own = text_of(client.get(page))
    assert cast.chidi.name in own and "your team talk about you?" in own
    aunt = relative(noor, "Lina Haddad")
    record(cast, noor, aunt, "guardian")
    sign_in(client, aunt.user)
    hers = text_of(client.get(page))
    assert cast.chidi.name in hers
    assert "How much may the care team talk about Noor?" in hers
    one = reverse("consents:talking_one", args=[noor.pk, cast.chidi.pk])
    hers += text_of(client.get(one))
    assert "How much may they talk with Chidi Okafor about Noor?" in hers
    for word in ("your team", "about you", "your permissions", "Your permissions"):
        assert word not in hers, word


def test_a_paper_without_the_team_names_nobody_on_how_much_it_talks(cast, settings):
    """An agent's paper that leaves out the care team: not even the page of talking."""
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    categories = CATEGORIES["medications"]
    record(cast, cast.amina, rosa, "guardian", categories=categories)
    client = Client()
    sign_in(client, rosa.user)
    page = text_of(client.get(reverse("consents:talking", args=[cast.amina.pk])))
    assert cast.chidi.name not in page, "on the team, with no permission"
    assert cast.bram.name in page, "who has one"
