"""What people do in either record: the acts say to which thing, and who may know."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from consents import actions as consents
from consents.actions import exceptional
from consents.codes import CATEGORIES, PURPOSES
from messaging.actions import acknowledgements, replies
from messaging.actions import drafts as update_drafts
from messaging.actions.acknowledgements import Choice
from patients.actions import (
    drafts,
    invitations,
    medicines,
    record,
    results,
    side_effects,
    substances,
    supply,
    team,
)
from patients.actions import people as own_settings
from patients.actions.medicines import Why
from patients.codes import EventKind
from tests.cast import permit, signature
from tests.consents import guests
from tests.hidden_acts.standing import Stage
from tests.messaging import writing
from tests.patients import medicines_world

# The record -------------------------------------------------------------------------


def doses_more(stage: Stage, name: str) -> None:
    item = stage.again(name)
    medicines.change_dose(
        item=item,
        version=item.version,
        dosage=medicines_world.MORE,
        why=_why(stage),
        watch=medicines.Watch(watch_for="CNRYwatch", weeks=1),
        **stage.by(),
    )


def stops(stage: Stage, name: str) -> None:
    item = stage.again(name)
    medicines.stop(
        item=item,
        version=item.version,
        outcome=medicines.Outcome(effect="none"),
        why=_why(stage),
        **stage.by(),
    )


def _why(stage: Stage) -> Why:
    return Why(day=stage.at.date(), decided_by="patient", reason="other")


def counts(stage: Stage, name: str) -> None:
    supply.count(
        medicine=stage.again(name),
        left=Decimal(3),
        counted_date=stage.at.date(),
        refills_left=0,
        refilled_by="patient",
        key=uuid.uuid4(),
        **stage.by(),
    )


def misses_doses(stage: Stage, name: str) -> None:
    supply.tell(medicine=stage.again(name), kind=EventKind.DOSES_MISSED, **stage.by())


def has_a_side_effect(stage: Stage, name: str) -> None:
    side_effects.add(
        medicine=stage.again(name),
        effect=side_effects.Effect("rash", "severe"),
        key=uuid.uuid4(),
        **stage.by(),
    )


def enters_a_test(stage: Stage, test: str) -> None:
    results.add(
        patient=stage.patient,
        result=results.Result("", test, stage.at.date(), value="9", unit="%"),
        author=None,
        key=uuid.uuid4(),
        **stage.by(),
    )


def tells_of_cannabis(stage: Stage, labels: int) -> None:
    substances.add(
        patient=stage.patient,
        use=substances.Use("cannabis", amount="1", often="daily"),
        labels=labels,
        **stage.by(),
    )


def begins_a_form(stage: Stage) -> None:
    drafts.begin(patient=stage.patient, kind="medicine_add", **stage.by())


def changes_the_number(stage: Stage) -> None:
    record.change_own_details(
        patient=stage.patient, by=stage.user("patient"), phone="(555) 010-0177"
    )


def chooses_settings(stage: Stage) -> None:
    user = stage.user("patient")
    own = own_settings.Own(time_zone=user.time_zone, discreet=True)
    own_settings.change_own(user=user, own=own)


# Sharing, and the team --------------------------------------------------------------


def goals(stage: Stage, who: str) -> consents.Terms:
    return consents.Terms(
        recipient=stage.parties[who],
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        starts_at=stage.at,
        ends_at=stage.at + timedelta(days=30),
    )


def signs_for(stage: Stage, who: str, category: str) -> None:
    permit(
        stage.patient,
        stage.parties[who],
        at=stage.at,
        categories=CATEGORIES[category],
    )


def signs_a_never(stage: Stage, who: str, **scope: int) -> None:
    consents.deny(
        patient=stage.patient,
        terms=replace(goals(stage, who), **scope),
        signature=signature(stage.patient),
        **stage.by(),
    )


def refuses(stage: Stage, who: str, request) -> None:
    consents.refuse(
        patient=stage.patient, terms=goals(stage, who), request=request, **stage.by()
    )


def asks_for_more(stage: Stage, who: str, category: str = "documents") -> Any:
    return consents.ask(
        patient=stage.patient,
        recipient=stage.parties[who],
        asked_by=stage.parties[who],
        categories=CATEGORIES[category],
        purposes=PURPOSES["TREAT"],
        at=stage.at,
    )


def reports(stage: Stage, who: str) -> None:
    about = stage.parties[who]
    consents.report(
        patient=stage.patient,
        said=consents.Said(kind="look", reason="should_not", about=about),
        key=uuid.uuid4(),
        **stage.by(),
    )


def makes_a_code_that_is_used(stage: Stage) -> None:
    made = guests.make(stage.patient, at=stage.at)
    birth_date = stage.patient.birth_date
    visit = guests.use(made.code, at=stage.at, birth_date=birth_date)
    consents.write_note(visit=visit, text="CNRYnote of a guest", at=stage.at)


def invites(stage: Stage, role: str, name: str, **address: str) -> invitations.Sent:
    return invitations.invite(
        role=role,
        invitee=invitations.Invitee(name=name, **address),
        categories=CATEGORIES["goals"],
        key=uuid.uuid4(),
        patient=stage.patient,
        **stage.by(),
    )


def gives_a_duty(stage: Stage, who: str, *chosen: str) -> None:
    team.give_duties(
        participant=stage.member(who),
        chosen=chosen,
        other="CNRYduty",
        by=stage.user("patient"),
    )


def lets_keep_the_list(stage: Stage, who: str) -> None:
    team.name_list_owner(
        patient=stage.patient, party=stage.parties[who], by=stage.user("patient")
    )


# Updates, and what the law asks of clinicians ---------------------------------------


def row(stage: Stage, update: str, who: str) -> Any:
    return stage.things[update].recipients.get(party=stage.parties[who])


def plans_a_call(stage: Stage, update: str, who: str, *, days: int = 2) -> None:
    acknowledgements.acknowledge(
        row=row(stage, update, who),
        choice=Choice("call_by", plan_date=stage.at.date() + timedelta(days=days)),
        **stage.by(who),
    )


def answers(stage: Stage, update: str, who: str, text: str, **given: Any) -> None:
    writing.answer(
        stage.cast, stage.things[update], who, at=stage.at, text=text, **given
    )


def closes(stage: Stage, update: str, who: str) -> None:
    replies.close(
        update=stage.things[update], party=stage.parties[who], **stage.by(who)
    )


def types_an_update(stage: Stage, who: str) -> None:
    typed = {"what_changed": ["CNRYtyped"]}
    update_drafts.save(patient=stage.patient, typed=typed, **stage.by(who))


def documents_a_case(stage: Stage, who: str, item: str) -> Any:
    """The four steps of an exceptional disclosure about one item; the case."""
    case = exceptional.record_call(
        patient_id=stage.patient.pk,
        author=stage.parties[who],
        called_at=stage.at,
        called_whom="County crisis line",
        **stage.by(who),
    )
    by = {"case": case, **stage.by(who)}
    exceptional.sign_harm(to_patient="Low.", to_others="High, tonight.", **by)
    exceptional.sign_consultation(
        with_whom="supervisor", name="Dr. Kim", said="Agreed.", **by
    )
    exceptional.sign_reasons(ground="serious_threat", reasons="At risk.", **by)
    told = (exceptional.Told(name="Officer Reyes", why="Protects."),)
    items = (stage.again(item),)
    exceptional.sign_content(
        content=exceptional.Content("He said whom.", told, items), **by
    )
    return case
