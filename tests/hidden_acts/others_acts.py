"""What Amina's team, her family and the privacy officer do."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.access import Reading
from consents.access.patient import open_for
from consents.actions import exceptional
from consents.models import (
    EmergencyBlock,
    PrivacyReport,
)
from messaging.actions import acknowledgements
from messaging.actions.acknowledgements import Choice
from patients.access.flags import load_flags
from patients.actions import (
    family_notes,
    flags,
    owners,
)
from patients.monitoring import book
from tests.cast import statement
from tests.consents import acting
from tests.hidden_acts import doing
from tests.hidden_acts.standing import HIV, prescribes
from tests.hidden_acts.table import ALL_READ, act
from tests.messaging import writing


@act("bram", known="jon", why="both were asked, and both read the update")
def bram_answers_chidi(stage):
    doing.answers(stage, "from_chidi", "bram", "CNRYanswer")


@act("bram", known="jon", why="both were asked, and both read the update")
def bram_plans_for_chidi(stage):
    doing.plans_a_call(stage, "from_chidi", "bram")


@act("bram", known="jon olu", why="he reads the update; she has it now")
def bram_passes_chidis_on(stage):
    acknowledgements.acknowledge(
        row=doing.row(stage, "from_chidi", "bram"),
        choice=Choice("not_mine", to=stage.parties["olu"]),
        **stage.by("bram"),
    )


@act("bram", known="jon", why="both were asked, and both read the update")
def bram_closes_chidis(stage):
    doing.closes(stage, "from_chidi", "bram")


@act("bram")
def bram_plans_for_pat(stage):
    doing.plans_a_call(stage, "from_pat", "bram", days=1)


@act("bram")
def bram_answers_with_a_label(stage):
    """Under what Jon may not read, on Jon's own update."""
    doing.answers(stage, "from_jon", "bram", "CNRYlabelled", labels=HIV)


@act("bram")
def bram_decides_with_a_label(stage):
    acknowledgements.acknowledge(
        row=doing.row(stage, "from_jon", "bram"),
        choice=Choice("decided", text="CNRYdecided", labels=HIV),
        **stage.by("bram"),
    )


@act("bram")
def bram_sends_what_is_held(stage):
    writing.send(
        stage.cast,
        "bram",
        "jon",
        "chidi",
        at=stage.at,
        said=writing.content(labels=HIV, what_changed="CNRYheld"),
    )


@act("bram", known="guest", why="the version before goes along (ADR 14)")
def bram_corrects_with_a_label(stage):
    writing.send(
        stage.cast,
        "bram",
        "jon",
        "chidi",
        at=stage.at,
        corrects=stage.things["from_bram"],
        said=writing.content(labels=HIV, what_changed="CNRYcorrected"),
    )


@act("bram")
def bram_types_an_update(stage):
    doing.types_an_update(stage, "bram")


@act("bram", known=ALL_READ, why="it stands beside their list")
def bram_prescribes(stage):
    prescribes(stage, "bram", "buspirone")


@act("bram")
def bram_asks_for_more(stage):
    doing.asks_for_more(stage, "bram")


@act("jon", known="ines", why="the officer reviews it")
def jon_states_an_emergency(stage):
    block = EmergencyBlock.objects.filter(patient=stage.patient, lifted_at=None).first()
    if block:
        consents.lift_block(block=block, why="Try.", **stage.by("ines"))
    consents.state_emergency(
        member=stage.member("jon"), statement=statement(), **stage.by("jon")
    )


@act("bram", known="ines", why="the officer reads that there is a case")
def bram_documents_a_case(stage):
    case = doing.documents_a_case(stage, "bram", "plain")
    stage.things["new_case"] = case
    by = {"case": case, **stage.by("bram")}
    exceptional.wait_to_tell(
        reason="Her sister is at risk.", until=stage.at + timedelta(days=2), **by
    )
    exceptional.add_aftercare(
        what="See her", who="Bram", due_date=stage.at.date() + timedelta(days=1), **by
    )


@act("bram")
def bram_sets_a_flag_aside(stage):
    reading = Reading(user=stage.user("bram"), entrance="patients:chart")
    opened = open_for(reading, stage.patient.pk, writes=False)
    one = load_flags(opened).raised[0]
    flags.set_aside(
        flag=one.flag,
        about=one.about,
        reason="CNRYaside",
        author=stage.parties["bram"],
        **stage.by("bram"),
    )


@act("hana")
def hana_tells_what_she_noticed(stage):
    family_notes.tell(
        patient=stage.patient,
        noticed=family_notes.Noticed("CNRYnoticed", stage.at.date()),
        form_key=uuid.uuid4(),
        author=stage.parties["hana"],
        **stage.by("hana"),
    )


@act("ines")
def ines_answers_a_report(stage):
    report = PrivacyReport.objects.get(pk=stage.things["report_id"])
    consents.answer_report(
        report=report, outcome="in_order", words="CNRYreport", **stage.by("ines")
    )


@act("ines", known="bram", why="his own page of it ends; the patient reads of it")
def ines_reviews_an_emergency(stage):
    stated = stage.patient.emergencies.get(pk=stage.things["emergency_id"])
    consents.review_emergency(
        emergency=stated, outcome="not_needed", words="CNRYreview", **stage.by("ines")
    )


@act("ines")
def ines_reviews_what_olu_stated(stage):
    consents.review_emergency(
        emergency=stage.things["olu_stated"],
        outcome="in_order",
        words="CNRYreview",
        **stage.by("ines"),
    )


@act("ines")
def ines_reads_what_there_is_to_check(stage):
    """It stands in the patient's log, and in nobody else's list of who looked."""
    client = Client()
    client.force_login(stage.user("ines"))
    for name, pk in (
        ("emergency_review", stage.things["emergency_id"]),
        ("privacy_report", stage.things["report_id"]),
        ("acting_patient", stage.patient.pk),
    ):
        page = client.get(reverse(f"consents:{name}", args=[pk]))
        assert page.status_code == 200, name


@act("ines", known="lena", why="she acts beside them")
def ines_records_an_agent(stage):
    party = acting.relative(stage.patient, "Zoe Diallo")
    acting.record(stage.cast, stage.patient, party, "agent", at=stage.at)


@act("lena", known="ines", why="the officer reads who acts")
def lena_stops_acting(stage):
    consents.stop_acting(representative=stage.things["lena_paper"], **stage.by("lena"))


@act("bram", known="ines", why="the officer records a document on it")
def bram_states_incapacity(stage):
    consents.state_incapacity(
        patient=stage.patient,
        party=stage.parties["bram"],
        reason="CNRYincapacity",
        **stage.by("bram"),
    )


@act(known="bram jon kim lena guest", why="it stands by the test")
def says_who_looks_after_a_test(stage):
    owners.choose(
        patient=stage.patient,
        test=book().tests["lithium_level"],
        owner=stage.parties["jon"],
        **stage.by(),
    )
