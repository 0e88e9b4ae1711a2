"""Whom Amina lets see what, and who is on her team."""

from __future__ import annotations

from consents import actions as consents
from consents.codes import CATEGORIES
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
from tests.consents import guests
from tests.hidden_acts import doing
from tests.hidden_acts.standing import HIV
from tests.hidden_acts.table import ROSTER, act

# An officer who records a death is told how many permissions and codes it closes.
COUNTED = "who acts knows each permission; a death counts them"


@act()
def refuses_what_chidi_asked_for(stage):
    doing.refuses(
        stage, "chidi", ConsentRequest.objects.get(pk=stage.things["request_id"])
    )


@act(known="chidi lena ines", why=f"he may read it; {COUNTED}")
def signs_goals_for_chidi(stage):
    doing.signs_for(stage, "chidi", "goals")


@act(known="kim lena ines", why=f"what she read is gone; {COUNTED}")
def stops_what_kim_reads(stage):
    paper = Consent.objects.get(pk=stage.things["kim_paper"].pk)
    consents.revoke(consent=paper, **stage.by())


@act()
def signs_a_never_for_fatou(stage):
    doing.signs_a_never(stage, "fatou")


@act()
def signs_a_never_for_chidi(stage):
    doing.signs_a_never(stage, "chidi")


@act()
def signs_a_never_about_a_topic(stage):
    """Inside of Lena's paper by the kind, outside of it by the topic."""
    scope = {"categories": CATEGORIES["medications"], "labels": HIV}
    doing.signs_a_never(stage, "fatou", **scope)


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
    doing.invites(stage, "therapist", "CNRYinvited", address="x@cast.example")


@act(known=f"hana {ROSTER}", why="she is off the team")
def blocks_hana(stage):
    team.remove(participant=stage.member("hana"), block=True, **stage.by())


@act(known=ROSTER, why="a duty stands by the name")
def gives_jon_a_duty(stage):
    doing.gives_a_duty(stage, "jon")


@act(known="bram jon kim lena guest", why="who keeps the list stands on it")
def names_who_keeps_the_list(stage):
    doing.lets_keep_the_list(stage, "jon")


@act(known="lena ines", why=COUNTED)
def makes_a_code(stage):
    guests.make(stage.patient, at=stage.at)


@act(known="lena ines", why=COUNTED)
def somebody_uses_a_code(stage):
    doing.makes_a_code_that_is_used(stage)


@act()
def somebody_uses_the_code_again(stage):
    birth_date = stage.patient.birth_date
    guests.use(stage.things["code"], at=stage.at, birth_date=birth_date)


@act(known="lena ines", why=COUNTED)
def ends_a_code(stage):
    code = GuestCode.objects.get(pk=stage.things["code_id"])
    consents.revoke(consent=code.consent, **stage.by())


@act()
def chooses_who_opens_in_an_emergency(stage):
    consents.choose_emergency(patient=stage.patient, allowed=True, **stage.by())


@act(known="ines", why="she has the report")
def reports_bram(stage):
    doing.reports(stage, "bram")


@act()
def chooses_their_own_settings(stage):
    doing.chooses_settings(stage)
