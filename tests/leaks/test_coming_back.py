"""Who joins a place that is kept out, or was taken off the team, reads nothing more."""

import pytest
from django.core.management import call_command

from carecoord.models import OutgoingMail
from consents import actions as consents
from consents.actions import exceptional
from consents.actions.terms import RuleError
from patients.actions import people, team
from patients.models import Condition
from providers.models import CareTeamParticipant
from tests.cast import never, permit
from tests.consents import cases
from tests.consents.tabs import GONE, STILL, asked, tab
from tests.consents.views.pages import reply
from tests.patients import records
from tests.patients.test_invitations import (
    ACCEPT,
    DETAILS,
    by_voice,
    invite,
    link_in,
    voice_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.mark.security("T16", "T23")
def test_whoever_joins_a_place_that_is_kept_out_loses_the_open_tab(cast):
    records.item(Condition, cast.amina, "conditions", cast.at, name="CNRYseen")
    by = {"by": cast.amina.user, "at": cast.at}
    consents.join(patient=cast.amina, party=cast.dana, role="psychiatrist", **by)
    permit(cast.amina, cast.dana, at=cast.at)
    never(cast.amina, cast.harbor.party, at=cast.at)
    dana, shown = tab(cast, "dana")
    assert asked(dana, shown) == STILL
    call_command("join_organization", "dana@cast.example", "Harbor Clinic")
    assert asked(dana, shown) == GONE
    assert b"CNRYseen" not in dana.get(f"/patients/{cast.amina.pk}/").content


def test_without_the_gate_that_tab_stays_open(cast, monkeypatch):
    """The vulnerable twin: somebody joins, and no gate is told."""
    monkeypatch.setattr(people.gate, "bump", lambda patient_id: 1)
    with pytest.raises(AssertionError, match="204 == 286"):
        test_whoever_joins_a_place_that_is_kept_out_loses_the_open_tab(cast)


@pytest.mark.security("T90")
def test_a_second_invitation_brings_nobody_back_who_was_blocked(client, cast):
    first, wait, lee = by_voice(client, cast)
    known = set(OutgoingMail.objects.values_list("pk", flat=True))
    again = voice_code(invite(client, cast))
    client.force_login(lee)
    client.get(link_in(OutgoingMail.objects.exclude(pk__in=known).get()))
    second = reply(client, ACCEPT, DETAILS)["Location"]
    assert client.post(second, {"code": again}).status_code == 302
    member = CareTeamParticipant.objects.get(party__user=lee)
    team.remove(participant=member, by=cast.amina.user, at=cast.at, block=True)
    client.post(wait, {"code": first})
    assert not CareTeamParticipant.objects.current().filter(party__user=lee).exists()


def test_one_that_stands_would_bring_them_back(client, cast, monkeypatch):
    """The vulnerable twin: whoever is taken off keeps what they had accepted."""
    monkeypatch.setattr(team, "_take_back_invitations", lambda *args, **by: None)
    with pytest.raises(AssertionError, match="exists"):
        test_a_second_invitation_brings_nobody_back_who_was_blocked(client, cast)


@pytest.mark.security("T72")
def test_an_officer_who_was_told_does_not_keep_it_from_the_patient(cast):
    told = cases.documented(cast)
    jon = cast.user("jon")
    jon.is_privacy_officer = True
    jon.save()
    answer = {"wait": told.case.tellingwait_set.get(), "answer": "agreed"}
    with pytest.raises(RuleError, match="never their own"):
        exceptional.review_wait(**answer, words="", by=jon, at=cast.at)
    exceptional.review_wait(**answer, words="", by=cast.ines, at=cast.at)
