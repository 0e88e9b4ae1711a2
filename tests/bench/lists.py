"""permitted() for one page of updates, against the same rows by primary key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connection
from django.db.models import QuerySet

from carecoord.clock import database_now
from carecoord.demo.bulk import CASELOADS
from consents import decisions
from consents.decisions import Reader
from messaging.models import Update
from patients.models import Patient
from providers.models import CareTeamParticipant, Party
from tests.bench import plans, timing

PAGE = 50
PURPOSE = "COC"


@dataclass(frozen=True)
class Page:
    """One page of one reader. Times are medians in milliseconds."""

    name: str
    rows: int
    candidates: int
    by_key: float
    permitted: float
    # The statement that decides alone, as text, without Django around it.
    by_key_in_database: float
    permitted_in_database: float
    building: float
    plan: list[str]

    @property
    def ratio(self) -> float:
        return self.permitted / self.by_key


def reader_of(party: Party) -> Reader:
    return Reader(user_id=party.user_id, purpose=PURPOSE, at=database_now())


def caseload(name: str) -> Party:
    return Party.objects.get(name=f"Synthetic caseload-{name}")


def patients_of(party: Party) -> QuerySet:
    return CareTeamParticipant.objects.current().filter(party=party)


def measure(rounds: int) -> list[dict]:
    """One patient's page, then pages over all patients of growing caseloads."""
    party = caseload("all")
    # The first patient of the world, who allows everyone on the team the usual.
    first = Patient.objects.get(name="Synthetic patient 0")
    one = Update.objects.filter(patient_id=first.pk)
    pages = [_page("one patient", one, reader_of(party), rounds)]
    for name in CASELOADS:
        party = caseload(name)
        says = f"all patients of a clinician with {patients_of(party).count():,}"
        pages.append(_page(says, Update.objects.all(), reader_of(party), rounds))
    return [asdict(page) for page in pages]


def ids_first(updates: QuerySet, reader: Reader) -> QuerySet:
    """The product's shape: ids of the newest, decided (messaging.access.newest)."""
    found = decisions.permitted(updates.filter(entered_in_error_at=None), reader)
    return found.order_by("-occurred_at", "-pk").values_list("pk", flat=True)[:PAGE]


def _page(name: str, updates: QuerySet, reader: Reader, rounds: int) -> Page:
    pks = list(ids_first(updates, reader))

    def by_key() -> list:
        return list(Update.objects.filter(pk__in=pks))

    def permitted() -> list:
        found = list(ids_first(updates, reader))
        return list(Update.objects.filter(pk__in=found))

    assert {each.pk for each in by_key()} == {each.pk for each in permitted()}
    known = Update.objects.filter(pk__in=pks).values_list("pk", flat=True)
    times = timing.in_turns(
        {
            "by_key": by_key,
            "permitted": permitted,
            "by_key_in_database": _in_database(known),
            "permitted_in_database": _in_database(ids_first(updates, reader)),
            "building": lambda: ids_first(updates, reader).query.sql_with_params(),
        },
        rounds=rounds,
    )
    return Page(
        name=name,
        rows=len(pks),
        candidates=updates.filter(
            patient__in=patients_of_reader(reader).values("patient_id")
        ).count(),
        plan=plans.of(ids_first(updates, reader)),
        **times,
    )


def patients_of_reader(reader: Reader) -> QuerySet:
    return CareTeamParticipant.objects.of_user(reader.user_id)


def _in_database(queryset: QuerySet) -> Callable[[], object]:
    sql, params = queryset.query.sql_with_params()

    def run() -> list:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return run
