"""Whom Amina lets see what, and who is on her team."""

from __future__ import annotations

import uuid
from datetime import timedelta

from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from consents.models import (
    Consent,
    ConsentRequest,
    GuestCode,
    Invitation,
)
from patients.actions import (
    invitations,
    team,
)
from patients.actions import (
    people as own_settings,
)
from tests.cast import permit, signature
from tests.consents import guests
from tests.hidden_acts.table import ROSTER, act


def _goals(stage, who: str):
    return consents.Terms(
        recipient=stage.parties[who],
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        starts_at=stage.at,
        ends_at=stage.at + timedelta(days=30),
    )


def _asked(stage) -> ConsentRequest:
    return ConsentRequest.objects.get(pk=stage.things["request_id"])


@act()
def refuses_what_chidi_asked_for(stage):
    consents.refuse(
        patient=stage.patient,
        terms=_goals(stage, "chidi"),
        request=_asked(stage),
        **stage.by(),
    )


@act(known="chidi", why="he is told what he may read")
def signs_goals_for_chidi(stage):
    permit(
        stage.patient,
        stage.parties["chidi"],
        at=stage.at,
        categories=CATEGORIES["goals"],
    )


@act(known="kim", why="what she read is gone")
def stops_what_kim_reads(stage):
    paper = Consent.objects.get(pk=stage.things["kim_paper"].pk)
    consents.revoke(consent=paper, **stage.by())


@act()
def signs_a_never_for_fatou(stage):
    consents.deny(
        patient=stage.patient,
        terms=_goals(stage, "fatou"),
        signature=signature(stage.patient),
        **stage.by(),
    )


@act()
def signs_a_never_for_chidi(stage):
    consents.deny(
        patient=stage.patient,
        terms=_goals(stage, "chidi"),
        signature=signature(stage.patient),
        **stage.by(),
    )


@act(known="dana", why="the page of the invitation that she accepted is over")
def does_not_know_dana(stage):
    invitation = Invitation.objects.get(pk=stage.things["invitation_id"])
    invitations.cancel(invitation=invitation, **stage.by())


@act(known=f"dana chidi {ROSTER}", why="she is on the team; he may write to her")
def takes_dana_onto_the_team(stage):
    invitation = Invitation.objects.get(pk=stage.things["invitation_id"])
    invitations.confirm(invitation=invitation, **stage.by())


@act()
def invites_somebody(stage):
    invitations.invite(
        role="therapist",
        invitee=invitations.Invitee(name="CNRYinvited", address="x@cast.example"),
        categories=CATEGORIES["goals"],
        key=uuid.uuid4(),
        patient=stage.patient,
        **stage.by(),
    )


@act(known=f"hana {ROSTER}", why="she is off the team")
def blocks_hana(stage):
    team.remove(participant=stage.member("hana"), block=True, **stage.by())


@act(known=ROSTER, why="a duty stands by the name")
def gives_jon_a_duty(stage):
    team.give_duties(
        participant=stage.member("jon"),
        chosen=(),
        other="CNRYduty",
        by=stage.user("patient"),
    )


@act(known="bram jon kim lena guest", why="who keeps the list stands on it")
def names_who_keeps_the_list(stage):
    team.name_list_owner(
        patient=stage.patient, party=stage.parties["jon"], by=stage.user("patient")
    )


@act()
def makes_a_code(stage):
    guests.make(stage.patient, at=stage.at)


@act()
def somebody_uses_a_code(stage):
    made = guests.make(stage.patient, at=stage.at)
    visit = guests.use(made.code, at=stage.at, birth_date=stage.patient.birth_date)
    consents.write_note(visit=visit, text="CNRYnote of a guest", at=stage.at)


@act()
def ends_a_code(stage):
    code = GuestCode.objects.get(pk=stage.things["code_id"])
    consents.revoke(consent=code.consent, **stage.by())


@act()
def chooses_who_opens_in_an_emergency(stage):
    consents.choose_emergency(patient=stage.patient, allowed=True, **stage.by())


@act(known="ines", why="she has the report")
def reports_bram(stage):
    consents.report(
        patient=stage.patient,
        said=consents.Said(
            kind="look", reason="should_not", about=stage.parties["bram"]
        ),
        key=uuid.uuid4(),
        **stage.by(),
    )


@act()
def chooses_their_own_settings(stage):
    own_settings.change_own(
        user=stage.user("patient"),
        own=own_settings.Own(time_zone=stage.user("patient").time_zone, discreet=True),
    )
