"""What Noor, fifteen, does alone, and what those do whom she alone took on."""

from __future__ import annotations

from consents import actions as consents
from consents.codes import LABELS
from patients.actions import (
    invitations,
    medicines,
    owners,
    team,
)
from patients.actions.medicines import Keep
from patients.monitoring import book
from tests.hidden_acts import doing, table
from tests.hidden_acts.table import CHILDS
from tests.patients import medicines_world

CARE = "jon chidi"
FAMILY = "rosa sami lina guest"
SHE_READS = f"{CARE} {FAMILY}"


def act(by: str = "patient", known: str = CARE, why: str = "they treat her"):
    return table.act(by, known, why, into=CHILDS)


def own(stage, name: str, *, labels: int = 0, keep: Keep | None = None, **given):
    return medicines.add(
        patient=stage.patient,
        details=medicines.Details(name=name, **given),
        dosage=medicines_world.DAILY,
        labels=labels,
        keep=keep,
        **stage.by(),
    ).item


# Whom she takes on ------------------------------------------------------------------


@act()
def takes_bram_on(stage):
    party = stage.parties["bram"]
    consents.join(patient=stage.patient, party=party, role="psychiatrist", **stage.by())


@act()
def takes_chidi_off(stage):
    team.remove(participant=stage.member("chidi"), **stage.by())


@act()
def blocks_chidi(stage):
    team.remove(participant=stage.member("chidi"), block=True, **stage.by())


@act()
def gives_chidi_a_duty(stage):
    doing.gives_a_duty(stage, "chidi", "goals")


@act()
def lets_chidi_keep_the_list(stage):
    doing.lets_keep_the_list(stage, "chidi")


@act()
def lets_chidi_look_after_a_test(stage):
    owners.choose(
        patient=stage.patient,
        test=book().tests["ecg"],
        owner=stage.parties["chidi"],
        **stage.by(),
    )


@act(known="", why="")
def invites_somebody(stage):
    doing.invites(stage, "therapist", "CNRYinvited", address="x@cast.example")


@act(known=f"dana {CARE}", why="she is on the team")
def takes_dana_on_by_an_invitation(stage):
    sent = doing.invites(stage, "psychiatrist", "Dr. Dana Levy")
    invitations.accept(invitation=sent.invitation, **stage.by("dana"))
    invitations.confirm(invitation=sent.invitation, **stage.by())


# Her record -------------------------------------------------------------------------


@act()
def adds_what_chidi_prescribed(stage):
    own(stage, "atomoxetine", prescriber=stage.parties["chidi"])


@act(known="", why="")
def adds_what_is_herown(stage):
    own(stage, "dolutegravir", labels=LABELS["hiv"])


@act(known="", why="")
def adds_one_for_nobody(stage):
    own(stage, "melatonin", keep=Keep(only_me=True))


@act(known="", why="")
def tells_of_substances(stage):
    doing.tells_of_cannabis(stage, LABELS["substance_use"])


@act()
def changes_the_dose_of_chidis(stage):
    doing.doses_more(stage, "chidis")


@act()
def stops_chidis(stage):
    doing.stops(stage, "chidis")


@act()
def counts_chidis(stage):
    doing.counts(stage, "chidis")


@act()
def misses_doses_of_chidis(stage):
    doing.misses_doses(stage, "chidis")


@act()
def has_a_side_effect_of_chidis(stage):
    doing.has_a_side_effect(stage, "chidis")


@act()
def enters_a_test_of_chidis(stage):
    doing.enters_a_test(stage, "methylphenidate level")


@act()
def names_chidi_for_what_her_mother_knew(stage):
    """The line leaves her mother's list: by design, and said in the threat model."""
    item = stage.again("chidis")
    medicines.correct_details(
        item=item,
        version=item.version,
        details=medicines.Details(
            name="methylphenidate", prescriber=stage.parties["chidi"], reason="x"
        ),
        **stage.by(),
    )


@act(known="", why="")
def begins_a_form(stage):
    doing.begins_a_form(stage)


@act(known="", why="")
def chooses_her_own_settings(stage):
    doing.chooses_settings(stage)
