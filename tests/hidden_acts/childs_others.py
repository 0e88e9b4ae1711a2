"""Whom Noor lets see what, and what those do whom she alone took on."""

from __future__ import annotations

import uuid
from datetime import timedelta

from consents import actions as consents
from consents.actions import exceptional
from consents.codes import CATEGORIES, PURPOSES
from consents.models import ConsentRequest
from messaging.actions import acknowledgements, replies
from messaging.actions import drafts as update_drafts
from messaging.actions.acknowledgements import Choice
from patients.actions import (
    entries,
    record,
)
from patients.models import Condition
from tests.cast import permit, signature, statement
from tests.consents import guests
from tests.hidden_acts.childs_acts import SHE_READS, act, own, takes_bram_on
from tests.messaging import writing
from tests.patients import medicines_world, records


def _terms(stage, who: str, **given):
    fields = {
        "recipient": stage.parties[who],
        "categories": CATEGORIES["goals"],
        "purposes": PURPOSES["TREAT"],
        "starts_at": stage.at,
        "ends_at": stage.at + timedelta(days=30),
    }
    return consents.Terms(**fields | given)


@act()
def signs_for_chidi(stage):
    permit(
        stage.patient,
        stage.parties["chidi"],
        at=stage.at,
        categories=CATEGORIES["documents"],
    )


@act()
def stops_sharing_with_chidi(stage):
    consents.stop_sharing(
        patient=stage.patient, recipient=stage.parties["chidi"], **stage.by()
    )


@act(known="chidi", why="he reads what he may read no more")
def signs_a_never_for_chidi(stage):
    consents.deny(
        patient=stage.patient,
        terms=_terms(stage, "chidi"),
        signature=signature(stage.patient),
        **stage.by(),
    )


@act("chidi", known="", why="")
def chidi_asks_for_more(stage):
    consents.ask(
        patient=stage.patient,
        recipient=stage.parties["chidi"],
        asked_by=stage.parties["chidi"],
        categories=CATEGORIES["documents"],
        purposes=PURPOSES["TREAT"],
        at=stage.at,
    )


@act(known="", why="")
def refuses_what_chidi_asked_for(stage):
    request = ConsentRequest.objects.get(pk=stage.things["asked"].pk)
    consents.refuse(
        patient=stage.patient,
        terms=_terms(stage, "chidi"),
        request=request,
        **stage.by(),
    )


@act(known="", why="")
def makes_a_code(stage):
    guests.make(stage.patient, at=stage.at)


@act()
def somebody_uses_her_code(stage):
    made = guests.make(stage.patient, at=stage.at)
    birth_date = stage.patient.birth_date
    visit = guests.use(made.code, at=stage.at, birth_date=birth_date)
    consents.write_note(visit=visit, text="CNRYnote of a guest", at=stage.at)


@act(known="", why="")
def keeps_her_own_back(stage):
    consents.keep_back(item=stage.again("own"), **stage.by())


@act(known="", why="")
def lets_the_team_talk_less_to_chidi(stage):
    consents.choose_talking(
        patient=stage.patient,
        level="word",
        party=stage.parties["chidi"],
        **stage.by(),
    )


@act(known="", why="")
def reports_her_mother(stage):
    consents.report(
        patient=stage.patient,
        said=consents.Said(
            kind="look", reason="should_not", about=stage.parties["rosa"]
        ),
        key=uuid.uuid4(),
        **stage.by(),
    )


# What her own people do -------------------------------------------------------------


@act("chidi")
def chidi_writes_to_jon(stage):
    writing.send(stage.cast, "chidi", "jon", at=stage.at, patient="noor")


@act("jon", known=SHE_READS, why="the numbers are Jon's, whom they know")
def jon_writes_to_chidi(stage):
    writing.send(stage.cast, "jon", "chidi", at=stage.at, patient="noor")


def _row(stage, update: str, who: str):
    return stage.things[update].recipients.get(party=stage.parties[who])


@act("jon")
def jon_plans_for_chidi(stage):
    acknowledgements.acknowledge(
        row=_row(stage, "from_chidi", "jon"),
        choice=Choice("call_by", plan_date=stage.at.date() + timedelta(days=2)),
        **stage.by("jon"),
    )


@act("jon")
def jon_answers_chidi(stage):
    writing.answer(
        stage.cast, stage.things["from_chidi"], "jon", at=stage.at, text="CNRYanswer"
    )


@act("jon")
def jon_closes_chidis(stage):
    who = stage.parties["jon"]
    replies.close(update=stage.things["from_chidi"], party=who, **stage.by("jon"))


@act("chidi")
def chidi_prescribes(stage):
    entries.prescribe(
        patient=stage.patient,
        author=stage.parties["chidi"],
        plan=entries.Plan(name="guanfacine", dosage=medicines_world.DAILY),
        beside=None,
        **stage.by("chidi"),
    )


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
    update_drafts.save(
        patient=stage.patient,
        typed={"what_changed": ["CNRYtyped"]},
        **stage.by("chidi"),
    )


@act("bram", known="ines", why="the officer reviews it")
def bram_states_an_emergency(stage):
    if not stage.patient.care_team.filter(party=stage.parties["bram"]).exists():
        takes_bram_on(stage)
    consents.state_emergency(
        member=stage.member("bram"), statement=statement(), **stage.by("bram")
    )


@act("chidi", known="ines", why="the officer reads that there is a case")
def chidi_documents_a_case(stage):
    case = exceptional.record_call(
        patient_id=stage.patient.pk,
        author=stage.parties["chidi"],
        called_at=stage.at,
        called_whom="County crisis line",
        **stage.by("chidi"),
    )
    by = {"case": case, **stage.by("chidi")}
    exceptional.sign_harm(to_patient="High.", to_others="Low.", **by)
    exceptional.sign_consultation(
        with_whom="supervisor", name="Dr. Kim", said="Agreed.", **by
    )
    exceptional.sign_reasons(ground="serious_threat", reasons="At risk.", **by)
    told = (exceptional.Told(name="Officer Reyes", why="Protects."),)
    items = (stage.again("iron"),)
    exceptional.sign_content(
        content=exceptional.Content("He said whom.", told, items), **by
    )


@act(known=SHE_READS, why="it is on the list that they read")
def adds_what_everybody_reads(stage):
    own(stage, "vitamin D")


@act(known=SHE_READS, why="they reach her by it")
def changes_her_number(stage):
    record.change_own_details(
        patient=stage.patient, by=stage.user("patient"), phone="(555) 010-0177"
    )
