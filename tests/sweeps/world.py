"""A world with something behind every address: what the sweeps walk through.

Amina's record is full; Gus has one too, so that a nested id can be another patient's.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.test import Client

from consents import actions as consents
from consents.access import Reading
from consents.access.imported import whose
from consents.access.patient import open_for
from consents.actions import exceptional as actions_of_cases
from consents.codes import CATEGORIES, PURPOSES
from consents.models import ReadingAlarm
from messaging.actions import drafts as update_drafts
from patients.access.flags import load_flags
from patients.access.private_flags import unwarned
from patients.actions import (
    drafts,
    entries,
    imports,
    invitations,
    medicines,
    results,
    side_effects,
    supply,
)
from patients.actions.medicines import Details
from patients.codes import EventKind
from patients.models import (
    AllergyIntolerance,
    Condition,
    Patient,
    SubstanceUse,
)
from patients.monitoring import book
from tests import cast as people
from tests.cast import Cast
from tests.consents import acting, cases, excepted, guests
from tests.consents.fhir import files as permissions
from tests.messaging import writing
from tests.patients import medicines_world, records
from tests.patients.fhir import files

MEMBERS = ("anonymous", *Cast.NAMES)


@dataclass
class World:
    """The cast, and what each name in an address stands for."""

    cast: Cast
    ids: dict[str, Any] = field(default_factory=dict)
    gus_ids: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def client(self, who: str, **options: object) -> Client:
        """Somebody's browser; signed in once, however often it is asked for."""
        # A background request: it does not write when the person was last seen.
        client = Client(headers={"X-Poll": "1"}, **options)
        if who == "anonymous":
            return client
        if who not in self.cookies:
            client.force_login(self.cast.user(who))
            # The first request of a session writes when it began.
            client.get("/healthz")
            self.cookies[who] = client.cookies
        client.cookies = SimpleCookie(self.cookies[who].output(header="", sep=";"))
        return client


def build() -> World:
    cast = people.build()
    world = World(cast)
    records.fill(cast.amina, cast.at, psychiatrist=cast.bram)
    records.fill(cast.gus, cast.at)
    world.ids = ids_of(cast, cast.amina, sender="bram", to=("jon", "chidi"))
    world.gus_ids = ids_of(cast, cast.gus, sender="bram", to=("bram",))
    for who in ("bram", "chidi", "jon"):
        update_drafts.note_safety_notice(by=cast.user(who), at=cast.at)
    for who in Cast.NAMES:
        world.client(who)
    return world


def ids_of(cast: Cast, patient: Patient, *, sender: str, to: tuple) -> dict[str, Any]:
    """What stands behind each name in an address, for one patient."""
    saved = add_medicine(cast, patient)
    update = send(cast, patient, sender, to)
    return {
        "patient_id": patient.pk,
        "medicine_id": saved.item.pk,
        "event_id": saved.event.pk,
        "effect_id": side_effect(cast, saved.item).pk,
        "change_id": saved.event.medicine_change.pk,
        "entry_id": entry(cast, patient).pk,
        "told": "missed",
        "told_event": supply.tell(
            medicine=saved.item,
            kind=EventKind.DOSES_MISSED,
            by=patient.user,
            at=cast.at,
        ).pk,
        "test_mark": book().tests["a1c"].mark,
        "result_id": result(cast, patient).pk,
        "allergy_id": of(AllergyIntolerance, patient).pk,
        "substance_id": of(SubstanceUse, patient).pk,
        "item_id": of(Condition, patient).pk,
        "slug": "conditions",
        "label": "allergy",
        "update_id": update.pk,
        "row_id": update.recipients.order_by("status").first().pk,
        "kind": "stressor",
        "member_id": patient.care_team.get(party=cast.bram).pk,
        "party_id": cast.bram.pk,
        "organization_id": cast.harbor.pk,
        "page": "medicines/",
        "paper": "summary",
        "role": "psychiatrist",
        "target_id": cast.bram.pk,
        "consent_id": patient.consents.filter(recipient=cast.bram).first().pk,
        "denied": deny(cast, patient).pk,
        "deny_id": keep_back(cast, patient),
        "request_id": ask(cast, patient).pk,
        "code_id": guest_code(patient, cast.at).guest_code.pk,
        "guest_note": guest_note(patient, cast.at).pk,
        "emergency_id": emergency(cast, patient).pk,
        "not_allowed": not_allowed(cast, patient),
        "report_id": report(cast, patient).pk,
        "alarm_id": alarm(cast).pk,
        **told_without_permission(cast, patient),
        "representative_id": agent(cast, patient).pk,
        **exceptional(cast, patient),
        **invited(cast, patient),
        **typed(cast, patient, saved.item),
        **imported(cast, patient),
        "imported_consent": imported_consent(cast, patient),
        **marks(patient),
    }


def side_effect(cast: Cast, medicine: Any) -> Any:
    return side_effects.add(
        medicine=medicine,
        effect=side_effects.Effect("nausea", "mild"),
        key=uuid.uuid4(),
        by=medicine.patient.user,
        at=cast.at,
    )


def result(cast: Cast, patient: Patient) -> Any:
    return results.add(
        patient=patient,
        result=results.Result("a1c", "A1C", cast.at.date(), value="5.6", unit="%"),
        key=uuid.uuid4(),
        author=None,
        by=patient.user,
        at=cast.at,
    )


def marks(patient: Patient) -> dict[str, str]:
    """A flag between two medicines, and one that Bram sees only one side of."""
    reading = Reading(user=patient.user, entrance="patients:medicines")
    opened = open_for(reading, patient.pk, writes=False)
    rows = load_flags(opened)
    pairs = [one.flag for one in rows.raised if one.flag.kind in ("interaction", "qt")]
    private = [one.raised.flag for one in unwarned(opened, rows)]
    return {
        "mark": pairs[0].mark,
        "private_mark": private[0].mark if private else pairs[0].mark,
    }


def of(model: type, patient: Patient) -> Any:
    return model.objects.filter(patient=patient).order_by("pk").first()


def add_medicine(cast: Cast, patient: Patient) -> Any:
    return medicines.add(
        patient=patient,
        details=Details(name="lithium"),
        dosage=medicines_world.DAILY,
        watch=medicines.Watch(watch_for="thirst", weeks=6),
        by=patient.user,
        at=cast.at,
    )


def entry(cast: Cast, patient: Patient) -> Any:
    return entries.prescribe(
        patient=patient,
        author=cast.bram,
        plan=entries.Plan(name="sertraline", dosage=medicines_world.DAILY),
        beside=None,
        by=cast.user("bram"),
        at=cast.at,
    ).item


def send(cast: Cast, patient: Patient, sender: str, to: tuple) -> Any:
    who = "amina" if patient == cast.amina else "gus"
    return writing.send(cast, sender, *to, patient=who)


def deny(cast: Cast, patient: Patient) -> Any:
    """A signed "never", to somebody who is on no team."""
    return people.never(patient, cast.fatou, at=cast.at, categories=CATEGORIES["goals"])


def keep_back(cast: Cast, patient: Patient) -> uuid.UUID:
    item = records.item(Condition, patient, "conditions", cast.at, name="CNRYkeptback")
    consents.keep_back(item=item, by=patient.user, at=cast.at)
    return patient.item_denies.get(lineage=item.lineage).public_id


def ask(cast: Cast, patient: Patient) -> Any:
    return people.asks(
        patient,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES["updates"],
        purposes=PURPOSES["COC"],
    )


def guest_code(patient: Patient, at: datetime) -> Any:
    return guests.make(patient, at=at)


def guest_note(patient: Patient, at: datetime) -> Any:
    code = guests.make(patient, at=at).code
    visit = guests.use(code, at=at, birth_date=patient.birth_date)
    return consents.write_note(visit=visit, text="CNRYnote", at=at)


def exceptional(cast: Cast, patient: Patient) -> dict[str, Any]:
    """Bram's case: told to Jon inside and to somebody outside, the patient waits."""
    told = cases.documented(cast, patient, inside=("jon",), outside="Officer Reyes")
    # Of the second content nothing was told, so it can be withdrawn still.
    signed = {"case": told.case, "by": cast.user("bram"), "at": cast.at}
    quiet = actions_of_cases.sign_content(
        content=actions_of_cases.Content(
            "", cases.told(cast, outside="Nobody Yet"), (told.item,)
        ),
        **signed,
    )
    return {
        "case_id": told.case.pk,
        "case_step": "harm",
        "content_unopened": quiet.pk,
        "content_id": told.content.pk,
        "case_recipient": told.content.recipients.get(party=None).pk,
        "task_id": told.task.pk,
    }


def emergency(cast: Cast, patient: Patient) -> Any:
    """Bram opened the emergency page a minute ago."""
    return consents.state_emergency(
        member=patient.care_team.get(party=cast.bram),
        statement=people.statement(),
        by=cast.user("bram"),
        at=cast.at,
    )


def not_allowed(cast: Cast, patient: Patient) -> Any:
    """What Jon stated was found not allowed: the page is closed to him.

    On a team without him, it is Bram.
    """
    member = (
        patient.care_team.filter(party=cast.jon).first()
        or patient.care_team.filter(party=cast.bram).get()
    )
    stated = consents.state_emergency(
        member=member,
        statement=people.statement(),
        by=member.party.user,
        at=cast.at,
    )
    said = {"outcome": "wrong", "words": "Not allowed."}
    consents.review_emergency(emergency=stated, by=cast.ines, at=cast.at, **said)
    return stated.pk


def report(cast: Cast, patient: Patient) -> Any:
    """To the privacy officer, about Bram."""
    return consents.report(
        patient=patient,
        said=consents.Said(kind="look", reason="should_not", about=cast.bram),
        by=patient.user,
        at=cast.at,
        key=uuid.uuid4(),
    )


def told_without_permission(cast: Cast, patient: Patient) -> dict[str, Any]:
    """A disclosure without permission, held back for an agency."""
    row = excepted.told(cast, patient)
    suspension = consents.suspend(
        row=row,
        said=consents.AgencyStatement(
            agency="Agency",
            official="Officer",
            basis="written",
            statement="x",
            ends_at=cast.at + timedelta(days=9),
        ),
        by=cast.ines,
        at=cast.at,
    )
    return {"disclosure_id": row.pk, "suspension_id": suspension.pk}


def agent(cast: Cast, patient: Patient) -> Any:
    """A health-care agent, who is nobody of the cast."""
    name = f"Rosa{patient.name.split()[0]} Diallo"
    return acting.record(cast, patient, acting.relative(patient, name), "agent")


def alarm(cast: Cast) -> Any:
    """Jon was slowed down once."""
    consents.raise_alarm(user=cast.user("jon"), charts=60, at=cast.at)
    return ReadingAlarm.objects.get(user=cast.user("jon"))


def invited(cast: Cast, patient: Patient) -> dict[str, Any]:
    """An invitation that Dana accepted and nobody confirmed."""
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee(name="Dr. Dana Levy"),
        categories=CATEGORIES["goals"],
        by=patient.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=patient,
    )
    invitations.accept(invitation=sent.invitation, by=cast.user("dana"), at=cast.at)
    return {
        "invitation_id": sent.invitation.pk,
        "token": sent.link.rstrip("/").rpartition("/")[2],
    }


def typed(cast: Cast, patient: Patient, medicine: Any) -> dict[str, Any]:
    """A half-filled form of each kind, by whoever fills in such forms."""
    kinds = {
        "medicine_add": (patient.user, None),
        "medicine_change": (patient.user, medicine),
        "medicine_stop": (patient.user, medicine),
        "medicine_entry": (cast.user("bram"), None),
    }
    return {
        kind: drafts.begin(
            patient=patient, kind=kind, by=by, at=cast.at, about=about
        ).pk
        for kind, (by, about) in kinds.items()
    }


def imported(cast: Cast, patient: Patient) -> dict[str, Any]:
    """A file that was read, with one proposal that waits."""
    file = imports.read_file(
        patient=patient,
        bundle=files.read_value(files.bundle(files.statement())),
        warnings=(),
        by=patient.user,
        at=cast.at,
    )
    return {"file_id": file.pk, "imported": file.items.get().pk}


def imported_consent(cast: Cast, patient: Patient) -> uuid.UUID:
    """A permission from another system that waits for the patient."""
    drafts_kept = consents.keep_imported(
        patient=patient,
        file=permissions.reading(
            permissions.consent(patient={"display": patient.name}), whose(patient)
        ),
        digest="0" * 64,
        by=patient.user,
        at=cast.at,
    )
    return drafts_kept[0].pk
