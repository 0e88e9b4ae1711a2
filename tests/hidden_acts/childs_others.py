"""Whom Noor lets see what, and what those do whom she alone took on."""

from __future__ import annotations

from consents import actions as consents
from patients.actions import (
    entries,
)
from patients.models import Condition
from tests.cast import statement
from tests.consents import guests
from tests.hidden_acts import doing
from tests.hidden_acts.childs_acts import SHE_READS, act, own, takes_bram_on
from tests.hidden_acts.standing import prescribes
from tests.messaging import writing
from tests.patients import records


@act()
def signs_for_chidi(stage):
    doing.signs_for(stage, "chidi", "documents")


@act()
def stops_sharing_with_chidi(stage):
    consents.stop_sharing(
        patient=stage.patient, recipient=stage.parties["chidi"], **stage.by()
    )


@act(known="chidi", why="he reads what he may read no more")
def signs_a_never_for_chidi(stage):
    doing.signs_a_never(stage, "chidi")


@act("chidi", known="", why="")
def chidi_asks_for_more(stage):
    doing.asks_for_more(stage, "chidi")


@act(known="", why="")
def refuses_what_chidi_asked_for(stage):
    doing.refuses(stage, "chidi", stage.again("asked"))


@act(known="", why="")
def makes_a_code(stage):
    guests.make(stage.patient, at=stage.at)


@act()
def somebody_uses_her_code(stage):
    doing.makes_a_code_that_is_used(stage)


@act(known="", why="")
def keeps_her_own_back(stage):
    consents.keep_back(item=stage.again("own"), **stage.by())


@act(known="", why="")
def lets_the_team_talk_less_to_chidi(stage):
    consents.choose_talking(
        patient=stage.patient,
        level="read_first",
        party=stage.parties["chidi"],
        **stage.by(),
    )


@act(known="", why="")
def reports_her_mother(stage):
    doing.reports(stage, "rosa")


# What her own people do -------------------------------------------------------------


@act("chidi")
def chidi_writes_to_jon(stage):
    writing.send(stage.cast, "chidi", "jon", at=stage.at, patient="noor")


@act("jon", known=SHE_READS, why="the numbers are Jon's, whom they know")
def jon_writes_to_chidi(stage):
    writing.send(stage.cast, "jon", "chidi", at=stage.at, patient="noor")


@act("jon")
def jon_plans_for_chidi(stage):
    doing.plans_a_call(stage, "from_chidi", "jon")


@act("jon")
def jon_answers_chidi(stage):
    doing.answers(stage, "from_chidi", "jon", "CNRYanswer")


@act("jon")
def jon_closes_chidis(stage):
    doing.closes(stage, "from_chidi", "jon")


@act("chidi")
def chidi_prescribes(stage):
    prescribes(stage, "chidi", "guanfacine")


@act()
def takes_over_chidis_entry(stage):
    entry = stage.again("chidis_entry")
    entries.adopt(entry=entry, line=None, **stage.by())


@act("chidi")
def chidi_finds_a_diagnosis(stage):
    records.item(
        Condition,
        stage.patient,
        "conditions",
        stage.at,
        author=stage.parties["chidi"],
        name="CNRYfound",
    )


@act("chidi", known="", why="")
def chidi_types_an_update(stage):
    doing.types_an_update(stage, "chidi")


@act("bram", known="ines", why="the officer reviews it")
def bram_states_an_emergency(stage):
    if not stage.patient.care_team.filter(party=stage.parties["bram"]).exists():
        takes_bram_on(stage)
    consents.state_emergency(
        member=stage.member("bram"), statement=statement(), **stage.by("bram")
    )


@act("chidi", known="ines", why="the officer reads that there is a case")
def chidi_documents_a_case(stage):
    doing.documents_a_case(stage, "chidi", "iron")


@act(known=SHE_READS, why="it is on the list that they read")
def adds_what_everybody_reads(stage):
    own(stage, "vitamin D")


@act(known=SHE_READS, why="they reach her by it")
def changes_her_number(stage):
    doing.changes_the_number(stage)
