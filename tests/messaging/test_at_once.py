"""Two at the same time: one sends, one releases, one has it; nothing is lost."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from consents import gate
from messaging.actions import acknowledgements, updates
from messaging.actions.acknowledgements import AlreadyTakenError, Choice
from messaging.models import Reply, Update, UpdateRecipient
from patients.models import TimelineEvent
from tests import cast as people
from tests.cast import permit
from tests.messaging.writing import content, row, send

AT_ONCE = 4
PLANS = ("call_by", "decide_at", "decided", "call_by")


def race(act) -> list:
    """Runs `act(n)` in four threads that start together; each in a transaction."""
    start = Barrier(AT_ONCE)

    def run(number: int):
        start.wait()
        try:
            with transaction.atomic():
                return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def check_sending() -> None:
    cast = people.build()
    key = uuid.uuid4()
    sent = race(lambda _n: send(cast, "chidi", "bram", form_key=key).pk)
    assert len(set(sent)) == 1
    assert Update.objects.count() == UpdateRecipient.objects.count() == 1
    assert TimelineEvent.objects.count() == 1


def check_releasing() -> None:
    cast = people.build()
    for _each in range(3):
        send(cast, "bram", "chidi")
    permit(cast.amina, cast.chidi, at=cast.at)
    released = race(
        lambda _n: updates.release_covered(patient_id=cast.amina.pk, at=cast.at)
    )
    assert sorted(released) == [0, 0, 0, 3]
    assert TimelineEvent.objects.filter(kind="update_sent").count() == 3


def check_taking() -> None:
    cast = people.build()
    update = send(cast, "chidi", "bram", said=content())

    def take(number: int) -> str:
        day = date(2026, 12, 1 + number)
        choice = Choice(
            PLANS[number], plan_date=day, text="150 mg", form_key=uuid.uuid4()
        )
        try:
            gate.hold(cast.amina.pk)
            acknowledgements.acknowledge(
                row=row(update, cast, "bram"),
                choice=choice,
                by=cast.user("bram"),
                at=cast.at,
            )
        except AlreadyTakenError as error:
            return f"told of {error.rows[0].plan}"
        return "taken"

    results = Counter(race(take))
    stands = row(update, cast, "bram")
    assert results["taken"] == 1
    assert results[f"told of {stands.plan}"] == AT_ONCE - 1
    assert Reply.objects.count() == (stands.plan == "decided")


CHECKS = [check_sending, check_releasing, check_taking]


@pytest.mark.security("T71")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_four_at_once_are_as_one_after_another(check):
    check()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_four_at_once_on_postgresql(check):
    check()
