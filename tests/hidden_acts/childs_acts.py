"""What Noor, fifteen, does alone, and what those do whom she alone took on."""

from __future__ import annotations

import uuid

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS
from patients.actions import (
    drafts,
    invitations,
    medicines,
    owners,
    results,
    side_effects,
    substances,
    supply,
    team,
)
from patients.actions import people as own_settings
from patients.actions.medicines import Keep, Why
from patients.codes import EventKind
from patients.monitoring import book
from tests.hidden_acts import table
from tests.hidden_acts.table import CHILDS
from tests.patients import medicines_world

CARE = "jon chidi"
FAMILY = "rosa sami lina guest"
SHE_READS = f"{CARE} {FAMILY}"


def act(by: str = "patient", known: str = CARE, why: str = "they treat her"):
    return table.act(by, known, why, into=CHILDS)


def own(stage, name: str, **given):
    return medicines.add(
        patient=stage.patient,
        details=medicines.Details(name=name, **given),
        dosage=medicines_world.DAILY,
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
    team.give_duties(
        participant=stage.member("chidi"),
        chosen=("goals",),
        other="CNRYduty",
        by=stage.user("patient"),
    )


@act()
def lets_chidi_keep_the_list(stage):
    team.name_list_owner(
        patient=stage.patient, party=stage.parties["chidi"], by=stage.user("patient")
    )


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
    invitations.invite(
        role="therapist",
        invitee=invitations.Invitee(name="CNRYinvited", address="x@cast.example"),
        categories=CATEGORIES["goals"],
        key=uuid.uuid4(),
        patient=stage.patient,
        **stage.by(),
    )


@act(known=f"dana {CARE}", why="she is on the team")
def takes_dana_on_by_an_invitation(stage):
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee(name="Dr. Dana Levy"),
        categories=CATEGORIES["goals"],
        key=uuid.uuid4(),
        patient=stage.patient,
        **stage.by(),
    )
    invitations.accept(invitation=sent.invitation, **stage.by("dana"))
    invitations.confirm(invitation=sent.invitation, **stage.by())


# Her record -------------------------------------------------------------------------


@act()
def adds_what_chidi_prescribed(stage):
    own(stage, "atomoxetine", prescriber=stage.parties["chidi"])


@act(known="", why="")
def adds_what_is_herown(stage):
    medicines.add(
        patient=stage.patient,
        details=medicines.Details(name="dolutegravir"),
        dosage=medicines_world.DAILY,
        labels=LABELS["hiv"],
        **stage.by(),
    )


@act(known="", why="")
def adds_one_for_nobody(stage):
    medicines.add(
        patient=stage.patient,
        details=medicines.Details(name="melatonin"),
        dosage=medicines_world.DAILY,
        keep=Keep(only_me=True),
        **stage.by(),
    )


@act(known="", why="")
def tells_of_substances(stage):
    substances.add(
        patient=stage.patient,
        use=substances.Use("cannabis", amount="1", often="daily"),
        labels=LABELS["substance_use"],
        **stage.by(),
    )


@act()
def changes_the_dose_of_chidis(stage):
    item = stage.again("chidis")
    medicines.change_dose(
        item=item,
        version=item.version,
        dosage=medicines_world.MORE,
        why=Why(day=stage.at.date(), decided_by="patient", reason="other"),
        watch=medicines.Watch(watch_for="CNRYwatch", weeks=1),
        **stage.by(),
    )


@act()
def stops_chidis(stage):
    item = stage.again("chidis")
    medicines.stop(
        item=item,
        version=item.version,
        outcome=medicines.Outcome(effect="none"),
        why=Why(day=stage.at.date(), decided_by="patient", reason="other"),
        **stage.by(),
    )


@act()
def counts_chidis(stage):
    supply.count(
        medicine=stage.again("chidis"),
        left=medicines_world.Decimal(3),
        counted_date=stage.at.date(),
        refills_left=0,
        refilled_by="patient",
        key=uuid.uuid4(),
        **stage.by(),
    )


@act()
def misses_doses_of_chidis(stage):
    supply.tell(
        medicine=stage.again("chidis"), kind=EventKind.DOSES_MISSED, **stage.by()
    )


@act()
def has_a_side_effect_of_chidis(stage):
    side_effects.add(
        medicine=stage.again("chidis"),
        effect=side_effects.Effect("rash", "severe"),
        key=uuid.uuid4(),
        **stage.by(),
    )


@act()
def enters_a_test_of_chidis(stage):
    results.add(
        patient=stage.patient,
        result=results.Result(
            "", "methylphenidate level", stage.at.date(), value="9", unit="%"
        ),
        author=None,
        key=uuid.uuid4(),
        **stage.by(),
    )


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
    drafts.begin(patient=stage.patient, kind="medicine_add", **stage.by())


@act(known="", why="")
def chooses_her_own_settings(stage):
    user = stage.user("patient")
    own = own_settings.Own(time_zone=user.time_zone, discreet=True)
    own_settings.change_own(user=user, own=own)
