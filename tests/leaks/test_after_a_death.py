"""A death closes sharing: an invitation is one of its doors.

Found: a link that was sent before the death was accepted after it, and whoever had
accepted joined the team by the code that they were given, or by the estate's yes.
"""

import uuid

import pytest

from carecoord.models import User
from consents import actions as consents
from consents.models import Invitation
from patients.actions import invitations
from patients.actions.invitations import InvitationError
from providers.models import CareTeamParticipant
from tests.consents.acting import record, relative

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def invited(cast) -> invitations.Sent:
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Dr. Dana"),
        categories=0,
        by=cast.amina.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )
    assert sent
    return sent


def dies(cast) -> None:
    consents.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )


def accepts(cast, sent: invitations.Sent) -> Invitation:
    invitations.accept(invitation=sent.invitation, by=dana(cast), at=cast.at)
    return sent.invitation


def dana(cast) -> User:
    return cast.dana.user


def joined(cast) -> bool:
    team = CareTeamParticipant.objects.filter(patient=cast.amina, party=cast.dana)
    return team.exists()


@pytest.mark.capability("X1")
def test_a_link_is_closed_by_a_death_and_opens_again_if_it_was_a_mistake(cast, client):
    sent = invited(cast)
    path = "/" + sent.link.split("/", 3)[3]
    client.force_login(dana(cast))
    dies(cast)
    client.get(path)
    assert client.get("/invitation/").status_code == 404
    assert client.get("/invitation/accept/").status_code == 404
    with pytest.raises(InvitationError, match="has ended"):
        accepts(cast, sent)
    death = cast.amina.deaths.get()
    consents.correct_death(death=death, why="Another.", by=cast.ines, at=cast.at)
    client.get(path)
    assert client.get("/invitation/").status_code == 200
    assert accepts(cast, sent).accepted_by == dana(cast)


@pytest.mark.capability("X1")
@pytest.mark.parametrize("how", ["code", "estate"])
def test_whoever_accepted_before_a_death_does_not_join_after_it(cast, client, how):
    sent = invited(cast)
    accepted = accepts(cast, sent)
    dies(cast)
    estate = relative(cast.amina, "Tariq Diallo")
    record(cast, cast.amina, estate, "estate")
    with pytest.raises(InvitationError):
        if how == "code":
            invitations.enter_voice_code(
                invitation=accepted, code=sent.voice_code, by=dana(cast), at=cast.at
            )
        else:
            invitations.confirm(invitation=accepted, by=estate.user, at=cast.at)
    client.force_login(estate.user)
    team = f"/patients/{cast.amina.pk}/team/"
    page = client.post(f"{team}invitations/{accepted.pk}/", {"answer": "yes"})
    assert page.status_code == 404
    assert not joined(cast)


@pytest.mark.capability("X1")
def test_nobody_is_invited_after_a_death(cast, client):
    dies(cast)
    with pytest.raises(InvitationError, match="A death is recorded"):
        cast.amina.refresh_from_db()
        invited(cast)
