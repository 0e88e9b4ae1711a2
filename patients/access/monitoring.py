"""What the medicines of one reader ask for, with the results of that reader.

Computed from rows that this reader was permitted: a medicine or a result that is kept
back takes no part, so that no test, day, count or owner can tell of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from carecoord import zones
from consents.access import OpenPatient
from patients import interactions
from patients import medicine_words as words
from patients.access.medicines import statements
from patients.codes import DatePrecision, MedicineStatus
from patients.models import MedicationStatement, Observation, TestResult
from patients.monitoring import Due, Schedule, Test, Used, book, due_of

# What asks for tests: taken now, or about to be.
ASKING = (MedicineStatus.ACTIVE, MedicineStatus.INTENDED)
MOST = 200


@dataclass(frozen=True)
class Asked:
    """A medicine that asks for a test, by which rule, and by when."""

    medicine: str
    schedule: Schedule
    due: Due
    prescriber_id: uuid.UUID | None = None
    medicine_id: uuid.UUID | None = None


@dataclass
class TestRow:
    """One test, who asks for it, and what was done of it, newest first."""

    __test__ = False  # not a case of the test suite

    test: Test
    asked: list[Asked] = field(default_factory=list)
    results: list[TestResult] = field(default_factory=list)
    numbers: list[Observation] = field(default_factory=list)

    @property
    def due(self) -> Due:
        """The earliest: whoever asks first is done last."""
        return min((one.due for one in self.asked), key=lambda due: due.rank)


@dataclass(frozen=True)
class Monitoring:
    """For one reader: what is asked for, and every result, newest first."""

    asked: list[TestRow] = field(default_factory=list)
    results: list[TestResult] = field(default_factory=list)

    @property
    def late(self) -> list[TestRow]:
        return [row for row in self.asked if row.due.is_late]


def load_monitoring(
    opened: OpenPatient, medicines: Sequence[MedicationStatement] | None = None
) -> Monitoring:
    """Three queries, whatever there is; nothing without both kinds of sharing."""
    if not may_see(opened):
        return Monitoring([], load_results(opened))
    if medicines is None:
        medicines = opened.items(statements().order_by("name", "pk"))
    results = load_results(opened)
    numbers = opened.items(numbers_that_count(), limit=MOST)
    today = zones.today(opened.at, opened.patient.time_zone)
    # Whoever reads any of the record reads the birth date: it tells of nothing hidden.
    age = opened.patient.age_on(today)
    asked = asked_for(medicines, results=results, numbers=numbers, today=today, age=age)
    return Monitoring(asked, results)


def may_see(opened: OpenPatient) -> bool:
    """By scope alone: whoever sees only one of the two would be told half."""
    both = opened.scope.has("medications") and opened.scope.has("measures")
    return opened.is_patient or both


def load_results(opened: OpenPatient) -> list[TestResult]:
    """Newest first."""
    rows = TestResult.objects.select_related("author", "recorded_by")
    return opened.items(rows.order_by("-done_date", "-recorded_at", "-pk"), limit=MOST)


def load_result(opened: OpenPatient, pk: uuid.UUID) -> TestResult:
    """One result that this person entered, or the patient's own; else the 404."""
    item = opened.item(TestResult.objects.select_related("patient", "author"), pk)
    mine = item.author_id is None and opened.decides("measures")
    opened.require(mine or (item.author_id or 0) == opened.party_id)
    return item


def numbers_that_count() -> QuerySet:
    """Weights and pressures of the record, newest first."""
    counted = {name for test in book().tests.values() for name in test.numbers}
    return Observation.objects.filter(measure__in=counted).order_by(
        "-occurred_at", "-pk"
    )


def asked_for(
    medicines: Iterable[MedicationStatement],
    *,
    results: Sequence[TestResult],
    numbers: Sequence[Observation],
    today: date,
    age: int | None,
) -> list[TestRow]:
    """Every test that these medicines ask for, what is late first.

    `age`: in full years; what is asked of other ages is left out. None: not known.
    """
    known, rows = book(), dict[str, TestRow]()
    for item in medicines:
        if item.status not in ASKING:
            continue
        used = used_of(item, today)
        has = interactions.ingredients_of(f"{item.name} {item.brand}")
        for schedule in known.asked_by(has, age=age):
            for key in schedule.tests:
                row = rows.get(key) or _row(known.tests[key], results, numbers)
                rows[key] = row
                due = due_of(schedule, used, last=last_done(row), today=today)
                name = words.name_of(item)
                row.asked.append(
                    Asked(name, schedule, due, item.prescriber_id, item.pk)
                )
    return sorted(rows.values(), key=lambda row: (row.due.rank, row.test.name))


def _row(
    test: Test, results: Sequence[TestResult], numbers: Sequence[Observation]
) -> TestRow:
    return TestRow(
        test,
        results=[one for one in results if one.test == test.key],
        numbers=[one for one in numbers if one.measure in test.numbers],
    )


def last_done(row: TestRow) -> date | None:
    days = [one.done_date for one in row.results]
    days += [zones.today(one.occurred_at, one.patient.time_zone) for one in row.numbers]
    return max(days, default=None)


def used_of(item: MedicationStatement, today: date) -> Used:
    """Since when it is taken: before the first dose, from today on."""
    if item.status == MedicineStatus.INTENDED:
        return Used(started=max(item.started_date or today, today))
    known = item.started_precision != DatePrecision.UNKNOWN
    started = item.started_date if known else None
    changed = item.last_change_date
    later = changed if changed and (started is None or changed > started) else None
    return Used(started=started, changed=later)
