"""The worlds that the walk begins with, and who reads in them.

Amina's record is full, and beside those of the cast stand the readers whom attackers
chose: somebody whose emergency is over, somebody blocked, an agent who only looks,
family with a permission, and somebody with a code. In Noor's family two parents act.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS, PURPOSES
from messaging.actions import drafts as update_drafts
from patients.actions import entries, medicines, team
from patients.actions.medicines import Details, Keep
from patients.models import Condition, Patient
from providers import actions as providers
from providers.models import Party
from tests import cast as people
from tests.cast import COORDINATION, Cast, permit, statement
from tests.consents import acting, guests
from tests.hidden_acts.observing import Eyes
from tests.messaging import writing
from tests.patients import medicines_world, records
from tests.sweeps import world as sweeps

HIV, SUD = LABELS["hiv"], LABELS["substance_use"]
FAMILY = PURPOSES["FAMRQT"]
MINUTE = timedelta(minutes=1)


@dataclass
class Stage:
    """One patient, what stands in the record by name, and who is who."""

    cast: Cast
    patient: Patient
    parties: dict[str, Party]
    things: dict[str, Any]
    eyes: dict[str, Eyes] = field(default_factory=dict)
    at: Any = None

    def user(self, who: str):
        if who == "patient":
            return self.patient.user
        if who in self.parties:
            return self.parties[who].user
        return self.cast.user(who)

    def member(self, who: str):
        return self.patient.care_team.get(party=self.parties[who], ended_at=None)

    def by(self, who: str = "patient") -> dict[str, Any]:
        return {"by": self.user(who), "at": self.at}

    def again(self, name: str):
        """A row of the record as it stands now."""
        row = self.things[name]
        return type(row).objects.get(pk=row.pk)


def clinician(name: str, profession: str, organization, at) -> Party:
    user = people.user(name)
    practitioner = providers.add_practitioner(
        name=name, profession=profession, user=user
    )
    providers.join_organization(
        practitioner=practitioner, organization=organization, by=user, at=at
    )
    return practitioner.party


def prescribes(stage: Stage, who: str, name: str) -> Any:
    """An entry beside the patient's own line."""
    return entries.prescribe(
        patient=stage.patient,
        author=stage.parties[who],
        plan=entries.Plan(name=name, dosage=medicines_world.DAILY),
        beside=None,
        **stage.by(who),
    ).item


def adult() -> Stage:
    built = sweeps.build()
    cast, amina = built.cast, built.cast.amina
    at, by = cast.at, {"by": amina.user, "at": cast.at - timedelta(days=2)}
    olu = clinician("Dr. Olu Ade", "psychiatrist", cast.oak, at)
    pat = clinician("Pat Quist", "therapist", cast.oak, at)
    kim = acting.relative(amina, "Kim Diallo")
    lena = acting.relative(amina, "Lena Diallo")
    parties = {who: getattr(cast, who) for who in cast.NAMES if who in PARTIES}
    parties |= {"olu": olu, "pat": pat, "kim": kim, "lena": lena}
    for party, role in ((olu, "psychiatrist"), (pat, "therapist"), (kim, "caregiver")):
        consents.join(patient=amina, party=party, role=role, **by)
    for user in (kim.user, lena.user):
        consents.acknowledge_limits(limits=settings.JURISDICTION.limits, by=user, at=at)
    things = dict(built.ids)
    stage = Stage(cast, amina, parties, things, at=at)
    _records(stage)
    _papers(stage)
    _updates(stage)
    team.remove(participant=stage.member("pat"), block=True, by=amina.user, at=at)
    code = things["code"] = guests.make(amina, at=at).code
    _eyes(stage, code)
    return stage


PARTIES = ("bram", "chidi", "dana", "fatou", "hana", "jon")
PLACES = (
    *("team/", "medicines/", "list/", "updates/", "updates/new/", "tests/"),
    *("summary/", "summary.txt", "sharing/", "sharing/log/", "sharing/codes/"),
    *("emergency/", "allergies/", "updates/family/", "updates/outside/"),
)


def _eyes(stage: Stage, code: str) -> None:
    def enter(client: Client) -> None:
        client.post(
            "/code/",
            {
                "code": code,
                "birth_date": f"{stage.patient.birth_date:%m/%d/%Y}",
                "name": "Dr. Ruth Novak",
                "organization": "Mercy Hospital",
                "reason": "Seen in the emergency room",
            },
        )

    more = (
        *PLACES,
        *(f"updates/{stage.things[n].pk}/" for n in UPDATES if n in stage.things),
    )
    for who in (*stage.parties, *STRANGERS):
        user = stage.user(who)
        update_drafts.note_safety_notice(by=user, at=stage.at)
        stage.eyes[who] = Eyes(who, user, stage.patient.pk, more)
    stage.eyes["ines"].more = (*more, "/privacy/", "/privacy/acting/")
    stage.eyes["guest"] = Eyes(
        "guest", None, stage.patient.pk, ("/code/page/",), enter=enter
    )


STRANGERS = ("gus", "edo", "ines")
UPDATES = ("from_chidi", "from_bram", "from_jon", "from_pat")


def _records(stage: Stage) -> None:
    cast, amina = stage.cast, stage.patient
    things, by = stage.things, stage.by()
    things["secret"] = medicines_world.add(cast, "naltrexone", labels=HIV)
    things["only_me"] = medicines_world.add_hidden(cast, "disulfiram")
    things["plain"] = medicines_world.add(cast, "quetiapine")
    things["not_hana"] = medicines_world.add(
        cast, "ibuprofen", keep=Keep(from_parties=(cast.hana,))
    )
    things["secret_allergy"] = medicines_world.add_allergy(cast, "latex")
    consents.set_labels(item=things["secret_allergy"], labels=HIV, **by)
    things["secret_condition"] = records.item(
        Condition, amina, "conditions", cast.at, name="CNRYcondition", labels=HIV
    )
    things["entry_bram"] = prescribes(stage, "bram", "trazodone")
    things["secret_entry"] = prescribes(stage, "bram", "methadone")
    consents.set_labels(item=things["secret_entry"], labels=HIV, **by)


def _papers(stage: Stage) -> None:
    cast, amina = stage.cast, stage.patient
    at = cast.at
    things = stage.things
    things["kim_paper"] = permit(
        amina,
        stage.parties["kim"],
        at=at,
        categories=CATEGORIES.mask("medications", "allergies", "conditions"),
        purposes=FAMILY,
    )
    things["lena_paper"] = acting.record(
        cast,
        amina,
        stage.parties["lena"],
        "agent",
        categories=CATEGORIES.mask("medications", "allergies", "conditions"),
        labels=0,
        may_sign=False,
    )
    things["olu_stated"] = consents.state_emergency(
        member=stage.member("olu"),
        statement=statement(),
        by=stage.user("olu"),
        at=at - timedelta(hours=5),
    )


def _updates(stage: Stage) -> None:
    cast, at = stage.cast, stage.cast.at
    cast.olu, cast.pat = stage.parties["olu"], stage.parties["pat"]
    stage.things["from_chidi"] = writing.send(cast, "chidi", "bram", "jon", at=at)
    stage.things["from_bram"] = writing.send(cast, "bram", "jon", "chidi", at=at)
    stage.things["from_jon"] = writing.send(cast, "jon", "bram", at=at)
    stage.things["from_pat"] = writing.send(cast, "pat", "bram", at=at)


# Noor's family ----------------------------------------------------------------------

EVERYTHING = {"categories": CATEGORIES.all, "labels": LABELS.all}


def family() -> Stage:
    """Noor, fifteen: her mother signs, her father looks, her aunt reads by her mother.

    Her mother took Jon onto the team, she alone Chidi.
    """
    cast = people.build()
    at = cast.at
    noor = acting.child(cast, born=(at - timedelta(days=365 * 15 + 40)).date())
    cast.noor = noor
    parties = {who: getattr(cast, who) for who in ("bram", "chidi", "dana", "jon")}
    for who, name in (("rosa", "Rosa"), ("sami", "Sami"), ("lina", "Lina")):
        parties[who] = acting.relative(noor, f"{name} Haddad")
    stage = Stage(cast, noor, parties, {}, at=at)
    for user in (noor.user, *(parties[who].user for who in ("rosa", "sami", "lina"))):
        consents.acknowledge_limits(limits=settings.JURISDICTION.limits, by=user, at=at)
    stage.things["mother"] = acting.record(cast, noor, parties["rosa"], "parent")
    acting.record(cast, noor, parties["sami"], "parent", may_sign=False)
    _team_of(stage)
    _record_of(stage)
    code = guests.make(noor, at=at, held=stage.things["mother"]).code
    _eyes(stage, code)
    return stage


def _team_of(stage: Stage) -> None:
    noor, held = stage.patient, stage.things["mother"]
    for who, role, by in (
        ("chidi", "therapist", "patient"),
        ("jon", "primary_care", "rosa"),
        ("lina", "caregiver", "rosa"),
    ):
        party = stage.parties[who]
        consents.join(patient=noor, party=party, role=role, **stage.by(by))
    permit(noor, stage.parties["chidi"], at=stage.at)
    scope = {"categories": COORDINATION, "at": stage.at}
    acting.signs(held, stage.parties["jon"], purposes=people.CARE, **scope)
    acting.signs(held, stage.parties["lina"], purposes=FAMILY, **scope)


def _record_of(stage: Stage) -> None:
    cast, noor, things = stage.cast, stage.patient, stage.things
    chidi = stage.parties["chidi"]
    things["iron"] = records.medicine(noor, stage.at, "CNRYiron")
    things["chidis"] = medicines.add(
        patient=noor,
        details=Details(name="methylphenidate", prescriber=chidi),
        dosage=medicines_world.DAILY,
        **stage.by(),
    ).item
    things["own"] = medicines.add(
        patient=noor,
        details=Details(name="CNRYown"),
        dosage=medicines_world.DAILY,
        labels=HIV,
        **stage.by(),
    ).item
    things["chidis_entry"] = prescribes(stage, "chidi", "clonidine")
    things["from_chidi"] = writing.send(cast, "chidi", "jon", patient="noor")
    things["asked"] = consents.ask(
        patient=noor,
        recipient=chidi,
        asked_by=chidi,
        categories=CATEGORIES["history"],
        purposes=PURPOSES["TREAT"],
        at=stage.at - timedelta(days=31),  # so that he can ask again
    )
