"""Somebody who acts for a patient invites, says who it is, and ends a membership."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from carecoord.models import User
from consents import actions as consents
from consents import representing
from consents.codes import CATEGORIES
from consents.models import Consent, Invitation
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.actions import invitations, team
from patients.actions.invitations import InvitationError, Invitee
from patients.models import Patient
from providers.codes import EndReason
from providers.models import CareTeamParticipant
from tests.cast import permit
from tests.consents.acting import record, relative, small_child
from tests.consents.test_decisions import condition
from tests.consents.views.pages import bare, reply, sign_in, text_of
from tests.patients.test_acting import WITHOUT_TEAM, begins, read

DETAILS = {"profession": "psychiatrist", "licence_state": "NY", "licence_number": "77"}
ANSWERS = {"name": "Dr. Lee", "role": "psychiatrist", "address": "", "share": "later"}


@pytest.fixture
def mia(cast, settings) -> Patient:
    """6, without a sign-in."""
    settings.DEMO = True
    return small_child(cast, 6)


@pytest.fixture
def parent(mia):
    return relative(mia, "Rosa Haddad")


def at_page(client, name, patient, /, *args, **answers):
    address = reverse(f"patients:{name}", args=[patient.pk, *args])
    return client.post(address, answers) if answers else client.get(address)


def invite(client, patient, **answers):
    answers = ANSWERS | {"form_key": str(uuid.uuid4())} | answers
    return at_page(client, "invite", patient, **answers)


def accepts(page) -> tuple[Client, User]:
    """Dr. Lee opens the link that the page shows once, and accepts."""
    lee = User.objects.create_user("lee@example.org", name="Dr. Pat Lee")
    browser = Client()
    browser.force_login(lee)
    browser.get(page.context["sent"].link)
    reply(browser, "/invitation/accept/", DETAILS)
    return browser, lee


@pytest.mark.slow
@pytest.mark.capability("X1")
def test_a_parent_invites_confirms_and_ends_for_a_young_child(cast, mia, parent):
    client = begins(cast, mia, parent)
    chart = text_of(at_page(client, "chart", mia))
    assert reverse("patients:team", args=[mia.pk]) in chart
    page = invite(client, mia)
    opening = Client()
    opening.get(page.context["sent"].link)
    behind = text_of(opening.get("/invitation/"))
    assert "Rosa acts for the patient." in behind and "Haddad" not in behind
    accepts(page)
    assert "Dr. Pat Lee accepted" in text_of(at_page(client, "team", mia))
    sent = Invitation.objects.get()
    assert "Is this the right person?" in text_of(
        at_page(client, "invitation_confirm", mia, sent.pk)
    )
    answer = at_page(client, "invitation_confirm", mia, sent.pk, answer="yes")
    grant = client.get(answer["Location"])
    assert grant.status_code == 200 and "Dr. Pat Lee" in text_of(grant)
    member = CareTeamParticipant.objects.get(patient=mia)
    assert member.started_by == parent.user and sent.sent_by == parent.user
    assert not Consent.objects.filter(patient=mia).exists(), "nothing opens by itself"
    said = text_of(at_page(client, "team_remove", mia, member.pk))
    assert "from the care team of Mia?" in said
    at_page(client, "team_remove", mia, member.pk, how="remove")
    team = text_of(at_page(client, "team", mia))
    ended = "Ended by Rosa Haddad, for Mia, as parent or guardian of a child."
    assert ended in team


@pytest.mark.capability("X1")
def test_the_patient_reads_who_invited_for_them(client, cast, settings):
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    invite(begins(cast, cast.amina, rosa, "guardian"), cast.amina)
    sign_in(client, cast.amina.user)
    said = "Invited by Rosa Diallo, for Amina, as court-appointed guardian."
    assert said in text_of(at_page(client, "team", cast.amina))


CLOSED = {
    "the paper leaves the team out": {"categories": WITHOUT_TEAM},
    "the paper lets them look only": {"may_sign": False},
}


@pytest.mark.parametrize("why", CLOSED)
def test_the_team_is_not_theirs_to_keep_where(cast, mia, parent, why):
    client = begins(cast, mia, parent, **CLOSED[why])
    member = consents.join(
        patient=mia, party=cast.bram, role="psychiatrist", by=cast.ines, at=cast.at
    )
    sent = sends(mia, cast.ines, cast.at)
    for name, args in (
        ("invite", []),
        ("team_add", []),
        ("team_change", [member.pk]),
        ("team_remove", [member.pk]),
        ("invitation_confirm", [sent.pk]),
    ):
        assert at_page(client, name, mia, *args).status_code == 404, name
        assert at_page(client, name, mia, *args, x="1").status_code == 404, name
    assert "Invite someone" not in text_of(at_page(client, "team", mia))
    assert at_page(client, "invitation_cancel", mia, sent.pk, x="1").status_code == 404


def sends(patient, by, at) -> Invitation:
    return invitations.invite(
        role="therapist",
        invitee=Invitee("CNRYhidden"),
        categories=0,
        by=by,
        at=at,
        key=uuid.uuid4(),
        patient=patient,
    ).invitation


def test_no_plan_is_wider_than_the_paper(cast, mia, parent):
    some = CATEGORIES["care_team"] | CATEGORIES["goals"]
    client = begins(cast, mia, parent, categories=some)
    page = invite(client, mia, share="coordination")
    assert "does not cover all of this" in text_of(page)
    assert not Invitation.objects.exists()


@pytest.mark.capability("X1")
def test_link_and_code_end_in_the_same_second_as_the_authority(cast, mia, parent):
    client = begins(cast, mia, parent)
    first, second = invite(client, mia), invite(client, mia)
    assert Client().get(first.context["sent"].link, follow=True).status_code == 200
    _browser, lee = accepts(second)
    code = second.context["sent"].voice_code
    sent = second.context["sent"].invitation
    sent.refresh_from_db()
    later = cast.at + timedelta(seconds=1)
    consents.end_representative(
        representative=mia.representatives.get(), by=cast.ines, at=later
    )
    assert Client().get(first.context["sent"].link, follow=True).status_code == 404
    with pytest.raises(InvitationError, match="This code has ended"):
        invitations.enter_voice_code(invitation=sent, code=code, by=lee, at=later)
    with pytest.raises(InvitationError, match="used, or it has ended"):
        invitations.accept(
            invitation=first.context["sent"].invitation, by=cast.user("dana"), at=later
        )
    assert not CareTeamParticipant.objects.filter(patient=mia).exists()
    for name in ("team", "invite", "team_add"):
        assert at_page(client, name, mia).status_code == 404, name


# A child who signs in --------------------------------------------------------------


@pytest.mark.capability("X1")
def test_whom_a_child_invites_and_takes_off_changes_no_byte(cast, noor, mother):
    client = begins(cast, noor, mother)
    for name in ("chidi", "fatou"):
        party = getattr(cast, name)
        consents.join(
            patient=noor, party=party, role="therapist", by=mother.user, at=cast.at
        )
    taken_off = CareTeamParticipant.objects.get(patient=noor, party=cast.fatou)
    before = read(client, "patients:team", noor)
    own = sends(noor, noor.user, cast.at)
    permit(noor, cast.bram, at=cast.at)
    consents.join(
        patient=noor, party=cast.dana, role="therapist", by=noor.user, at=cast.at
    )
    assert read(client, "patients:team", noor) == before
    for name in ("invitation_confirm", "invitation_cancel"):
        absent = at_page(client, name, noor, uuid.uuid4(), answer="yes")
        assert at_page(client, name, noor, own.pk, answer="yes").status_code == 404
        assert absent.status_code == 404
    team.remove(participant=taken_off, by=noor.user, at=cast.at, block=True)
    after = text_of(at_page(client, "team", noor))
    assert "Fatou" in before and "Fatou" not in after


@pytest.mark.slow
def test_the_twin_that_knows_the_whole_team_would_tell(cast, noor, mother, monkeypatch):
    client = begins(cast, noor, mother)
    consents.join(
        patient=noor, party=cast.dana, role="therapist", by=noor.user, at=cast.at
    )
    for page in ("team", "chart"):
        assert "Dana" not in text_of(at_page(client, page, noor))
    monkeypatch.setattr(representing, "known_members", lambda opened: Q())
    assert "Dana" in text_of(at_page(client, "team", noor))


# Signed with the time: it differs from one opening to the next.
DRAFT = re.compile(r'name="draft" value="[^"]*"')
NAMES_THE_TEAM = {
    "sharing": "consents:sharing",
    "share": "consents:grant",
    "how much they talk": "consents:talking",
    "team": "patients:team",
    "chart": "patients:chart",
    "tests": "patients:tests",
}


@pytest.mark.slow
@pytest.mark.parametrize("label", ["prescribes", "is close"])
def test_whom_a_child_took_on_is_named_on_no_page_of_a_parent(
    cast, noor, mother, label, monkeypatch
):
    """Also where the page is about sharing, and where nothing was signed yet."""
    client = begins(cast, noor, mother)

    def pages():
        return {
            name: DRAFT.sub("", bare(client.get(reverse(page, args=[noor.pk]))))
            for name, page in NAMES_THE_TEAM.items()
        }

    before = pages()
    if label == "prescribes":
        party, role = cast.dana, "psychiatrist"
    else:
        party, role = relative(noor, "Danae Cole"), "caregiver"
    consents.join(patient=noor, party=party, role=role, by=noor.user, at=cast.at)
    assert pages() == before
    monkeypatch.setattr(representing, "known_members", lambda opened: Q())
    told = pages()
    assert {name for name in told if "Dana" in told[name]} >= {"sharing", "share"}


def by_voice(cast, noor):
    """Dana has the link from Noor, and the code that Noor gave her by voice."""
    sent = invitations.invite(
        role="psychiatrist",
        invitee=Invitee("Dana"),
        categories=0,
        by=noor.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=noor,
    )
    dana, at = cast.user("dana"), cast.at
    invitations.accept(invitation=sent.invitation, by=dana, at=at)
    return invitations.enter_voice_code(
        invitation=sent.invitation, code=sent.voice_code, by=dana, at=at
    )


@pytest.mark.slow
@pytest.mark.security("T93", "T90")
def test_a_code_that_a_child_gave_by_voice_changes_no_byte(cast, noor, mother):
    """Whoever types it joins with their own hand; nor does it tell that they left."""
    client = begins(cast, noor, mother)

    def pages():
        named = NAMES_THE_TEAM.values()
        return [read(client, page, noor) for page in named]

    before = pages()
    member = by_voice(cast, noor)
    assert member.started_by == cast.user("dana")
    condition(cast, patient=noor, name="fugue", author=cast.dana)
    assert pages() == before
    left = {"at": cast.at, "reason": EndReason.LEFT}
    consents.leave(participant=member, by=member.started_by, **left)
    assert pages() == before


def test_a_parent_knows_whom_they_gave_a_code_themselves(cast, noor, mother):
    client = begins(cast, noor, mother)
    sent = sends(noor, mother.user, cast.at)
    dana = cast.user("dana")
    invitations.accept(invitation=sent, by=dana, at=cast.at)
    invitations.confirm(invitation=sent, by=dana, at=cast.at)
    assert "Dana" in text_of(at_page(client, "team", noor))


def test_a_parent_ends_no_membership_of_a_child_who_signs_in(cast, noor, mother):
    client = begins(cast, noor, mother)
    permit(noor, cast.bram, at=cast.at)
    member = CareTeamParticipant.objects.get(patient=noor, party=cast.bram)
    assert "Remove" not in text_of(at_page(client, "team", noor))
    for name in ("team_remove", "team_change"):
        answer = at_page(client, name, noor, member.pk, how="remove")
        assert answer.status_code == 404
    member.refresh_from_db()
    assert member.ended_at is None
    assert Consent.objects.get(patient=noor).revoked_at is None


def test_a_second_parents_record_is_ended_and_the_first_still_invites(
    cast, mia, parent
):
    other = relative(mia, "Omar Haddad")
    record(cast, mia, other, "parent")
    client = begins(cast, mia, parent)
    second = Client()
    sign_in(second, other.user)
    invite(second, mia)
    assert "Invited by Omar Haddad, for Mia" in text_of(at_page(client, "team", mia))


# Who hears of it -------------------------------------------------------------------


def hears(user) -> str:
    client = Client()
    client.force_login(user)
    return text_of(client.get(reverse("messaging:notices")))


def test_a_parent_of_a_young_child_hears_that_somebody_accepted(cast, mia, parent):
    """Nobody else signs in for the child: without it the invitation waited unseen."""
    client = begins(cast, mia, parent)
    accepts(invite(client, mia))
    second = relative(mia, "Lina Haddad")
    record(cast, mia, second, "parent", may_sign=False)
    Sweep(now=lambda: cast.at + timedelta(minutes=1)).run()
    said = "Dr. Pat Lee accepted your invitation."
    assert said in hears(parent.user)
    sent = Invitation.objects.get()
    told = Notice.objects.filter(event=sent.pk)
    assert set(told.values_list("user_id", flat=True)) == {parent.user.pk}
    assert said not in hears(second.user), "the paper lets her look only"
    later = cast.at + timedelta(seconds=1)
    consents.end_representative(
        representative=mia.representatives.get(party=parent), by=cast.ines, at=later
    )
    assert said not in hears(parent.user), "decided again when it is read"


def test_a_parent_hears_nothing_of_a_child_who_signs_in(cast, parent, mia):
    client = begins(cast, mia, parent)
    page = invite(client, mia)
    mia.user = User.objects.create_user("mia@example.org", name="Mia Haddad")
    mia.save(update_fields=["user"])
    accepts(page)
    Sweep(now=lambda: cast.at + timedelta(minutes=1)).run()
    assert "Dr. Pat Lee accepted" not in hears(parent.user)
    assert "Dr. Pat Lee accepted" in hears(mia.user)
