"""The late tests that a clinician looks after, and for primary care the others too.

Over all patients at once (S24, S35): a fixed number of queries, each row
decided for its purpose, and logged where a late test tells of it.
What is kept back takes no part, so that no test can tell of it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from carecoord import zones
from consents import decisions, scopes
from consents.childs_people import childs_own
from consents.decisions import Reader
from consents.disclosable import Disclosable
from consents.scopes import Scope
from messaging.access import WITHIN
from patients import duties
from patients import monitoring_words as words
from patients.access.medicines import statements
from patients.access.monitoring import TestRow, asked_for, numbers_that_count
from patients.access.owners import Owner, owners_of
from patients.documents.text import line_text
from patients.models import MedicationStatement, Patient, TestOwner, TestResult
from providers.models import CareTeamParticipant, Party

if TYPE_CHECKING:
    from messaging.access.worklist import Clinician

# The role that looks after general health sees what others are to do as well.
PRIMARY_CARE = "primary_care"


@dataclass(frozen=True)
class LateTests:
    """One patient, and what is late of it among what this clinician may see.

    `mine` are looked after by the reader, `others` by somebody else or by nobody.
    """

    patient: Patient
    mine: list[dict[str, str]]
    others: list[dict[str, str]]


def late(who: Clinician) -> list[LateTests]:
    """By the name of the patient. Primary care sees what others look after as well."""
    members = _watched(who)
    if not members:
        return []
    patients = {pk: member.patient for pk, member in members.items()}
    medicines = _by_patient(who, statements().order_by("name", "pk"), patients)
    results = TestResult.objects.select_related("author", "patient")
    done = _by_patient(
        who, results.order_by("-done_date", "-recorded_at", "-pk"), patients
    )
    numbers = _by_patient(who, numbers_that_count().select_related("patient"), patients)
    chosen = TestOwner.objects.select_related("owner").order_by("-recorded_at", "-pk")
    owners = _by_patient(who, chosen, patients)
    teams = _teams(patients)
    found = []
    for patient in sorted(patients.values(), key=lambda one: (one.name, one.pk)):
        today = zones.today(who.reading.at, patient.time_zone)
        rows = asked_for(
            medicines[patient.pk],
            results=done[patient.pk],
            numbers=numbers[patient.pk],
            today=today,
            age=patient.age_on(today),
        )
        late_rows = [row for row in rows if row.due.is_late]
        standing = _newest(owners[patient.pk], late_rows)
        by = owners_of(
            late_rows,
            chosen={key: one.owner for key, one in standing.items()},
            members=teams[patient.pk],
        )
        member = members[patient.pk]
        drawn = _drawn(who, member, rows=late_rows, by=by)
        who.show(_rests_on(drawn, medicines[patient.pk], standing), WITHIN)
        found.append(_late(who, member, rows=drawn, by=by))
    return [each for each in found if each.mine or each.others]


def _drawn(
    who: Clinician,
    member: CareTeamParticipant,
    *,
    rows: list[TestRow],
    by: dict[str, Party | None],
) -> list[TestRow]:
    """Those that this clinician reads of: all of them in primary care."""
    return [row for row in rows if _is_primary(member) or by[row.test.key] == who.party]


def _rests_on(
    rows: list[TestRow],
    medicines: list[MedicationStatement],
    owners: dict[str, TestOwner],
) -> list[Disclosable]:
    """What these rows tell of: who asks for them, what was done, who looks after it."""
    asking = {one.medicine_id for row in rows for one in row.asked}
    return [
        *(each for each in medicines if each.pk in asking),
        *(each for row in rows for each in (*row.results, *row.numbers)),
        *(owners[row.test.key] for row in rows if row.test.key in owners),
    ]


def _newest(owners: list[TestOwner], rows: list[TestRow]) -> dict[str, TestOwner]:
    """Of these tests and no others: another test may tell of another medicine."""
    keys = {row.test.key for row in rows}
    found: dict[str, TestOwner] = {}
    for one in owners:
        if one.test in keys:
            found.setdefault(one.test, one)
    return found


def _late(
    who: Clinician,
    member: CareTeamParticipant,
    *,
    rows: list[TestRow],
    by: dict[str, Party | None],
) -> LateTests:
    knows_team = _scope(who, member.patient_id).has("care_team")
    mine: list[dict[str, str]] = []
    others: list[dict[str, str]] = []
    for row in rows:
        party = by[row.test.key]
        is_mine = bool(party and party.pk == who.party.pk)
        owner = Owner(party, is_reader=is_mine, knows_team=knows_team)
        said = _row(row) | {"owner": words.owner_words(owner)}
        (mine if is_mine else others).append(said)
    return LateTests(member.patient, mine, others)


def _is_primary(member: CareTeamParticipant) -> bool:
    return member.role == PRIMARY_CARE


def _row(row: TestRow) -> dict[str, str]:
    return {
        "name": row.test.name,
        "due": words.due_words(row.due, own=False),
        "tone": words.TONES[row.due.state],
        "done": line_text(words.result_line(row.results[0]))
        if row.results
        else words.number_line(row),
    }


def _watched(who: Clinician) -> dict[uuid.UUID, CareTeamParticipant]:
    """Where this clinician may look after a test, and both kinds of things are shared.

    By the duty, by a choice, as a prescriber, or as primary care: ids only, so that
    nothing is loaded of a patient where none of it can be theirs.
    """
    members = CareTeamParticipant.objects.of_user(who.user_id).select_related("patient")
    prescribed = MedicationStatement.objects.filter(prescriber=who.party)
    chosen = TestOwner.objects.filter(owner=who.party)
    theirs = {
        *prescribed.values_list("patient_id", flat=True),
        *chosen.values_list("patient_id", flat=True),
    }
    found = {}
    for member in members:
        has_labs = "labs" in duties.duties_in(member.owns)
        if not (has_labs or _is_primary(member) or member.patient_id in theirs):
            continue
        scope = _scope(who, member.patient_id)
        if scope.has("medications") and scope.has("measures"):
            found[member.patient_id] = member
    return found


def _scope(who: Clinician, patient_id: uuid.UUID) -> Scope:
    reader = Reader(user_id=who.user_id, purpose=WITHIN, at=who.reading.at)
    return scopes.scope(patient_id, reader)


def _teams(
    patients: dict[uuid.UUID, Patient],
) -> dict[uuid.UUID, list[CareTeamParticipant]]:
    """The teams now: to decide, not to show."""
    found: dict[uuid.UUID, list[CareTeamParticipant]] = defaultdict(list)
    rows = CareTeamParticipant.objects.current().filter(patient_id__in=patients)
    team = childs_own(rows).select_related("party").order_by("started_at", "pk")
    for member in team:
        found[member.patient_id].append(member)
    return {pk: duties.settled(members) for pk, members in found.items()}


def _by_patient(
    who: Clinician, items: QuerySet, patients: dict[uuid.UUID, Patient]
) -> dict[uuid.UUID, list[Any]]:
    """Permitted rows for treatment, as on the chart: to find what is late."""
    reader = Reader(user_id=who.user_id, purpose=WITHIN, at=who.reading.at)
    standing = items.filter(patient_id__in=patients, entered_in_error_at=None)
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in decisions.with_basis(standing, reader):
        found[row.patient_id].append(row)
    return found
