"""Whatever changes what may be seen locks the gate and raises its epoch, once."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from consents import actions, gate
from consents.access import Reading, open_for
from consents.codes import CATEGORIES, LABELS
from consents.models import ConsentGate
from patients.models import Condition
from tests.cast import CARE, COORDINATION, permit, signature
from tests.patients import records


def terms(cast, recipient, **changes) -> actions.Terms:
    said = {
        "recipient": recipient,
        "categories": COORDINATION,
        "purposes": CARE,
        "starts_at": cast.at,
        "ends_at": cast.at + timedelta(days=30),
    }
    return actions.Terms(**said | changes)


def signed(cast, action, **more):
    return action(
        patient=cast.amina,
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
        **more,
    )


def by_amina(cast) -> dict:
    return {"by": cast.amina.user, "at": cast.at}


def member(cast, who: str):
    return cast.amina.care_team.get(party=getattr(cast, who), ended_at=None)


CHANGES = {
    "granting": lambda cast, item: permit(cast.amina, cast.chidi, at=cast.at),
    "denying": lambda cast, item: signed(
        cast, actions.deny, terms=terms(cast, cast.bram)
    ),
    "replacing": lambda cast, item: signed(
        cast,
        actions.grant,
        terms=terms(cast, cast.bram),
        supersedes=cast.amina_to_bram,
    ),
    "narrowing": lambda cast, item: actions.narrow(
        consent=cast.amina_to_bram,
        terms=terms(cast, cast.bram, categories=CATEGORIES["goals"]),
        signature=signature(cast.amina),
        **by_amina(cast),
    ),
    "stopping": lambda cast, item: actions.revoke(
        consent=cast.amina_to_bram, **by_amina(cast)
    ),
    "joining": lambda cast, item: actions.join(
        patient=cast.amina, party=cast.dana, role="psychiatrist", **by_amina(cast)
    ),
    "leaving": lambda cast, item: actions.leave(
        participant=member(cast, "bram"), reason="left", **by_amina(cast)
    ),
    "labelling": lambda cast, item: actions.set_labels(
        item=item, labels=LABELS["hiv"], **by_amina(cast)
    ),
    "keeping back": lambda cast, item: actions.keep_back(item=item, **by_amina(cast)),
    "keeping from one": lambda cast, item: actions.keep_back(
        item=item, party=cast.jon, **by_amina(cast)
    ),
    "giving back": lambda cast, item: actions.give_back(item=item, **by_amina(cast)),
}


@pytest.fixture
def item(cast):
    return records.item(Condition, cast.amina, "conditions", cast.at, name="x")


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_raises_the_epoch_once(cast, item, change):
    before = gate.epoch_of(cast.amina.pk)
    others = gate.epoch_of(cast.gus.pk)
    CHANGES[change](cast, item)
    assert gate.epoch_of(cast.amina.pk) == before + 1
    assert gate.epoch_of(cast.gus.pk) == others


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_begins_with_the_gate(cast, item, change):
    """Before the lock it writes nothing."""
    with CaptureQueriesContext(connection) as queries:
        CHANGES[change](cast, item)
    said = [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    locked = next(i for i, sql in enumerate(said) if "consents_consentgate" in sql)
    writes = [i for i, sql in enumerate(said) if not sql.startswith("SELECT")]
    assert writes and locked < min(writes)
    if connection.vendor == "postgresql":
        assert said[locked].endswith("FOR UPDATE")


def test_refusing_is_kept_and_changes_nothing(cast):
    actions.refuse(patient=cast.amina, terms=terms(cast, cast.chidi), **by_amina(cast))
    assert permitted_to(cast, "bram")


def permitted_to(cast, who: str) -> bool:
    reading = Reading(user=cast.user(who), entrance="patients:chart")
    opened = open_for(reading, cast.amina.pk, writes=False)
    return bool(opened.scope.categories)


def test_what_is_signed_carries_the_epoch_it_made(cast):
    consent = permit(cast.amina, cast.chidi, at=cast.at)
    assert consent.epoch == gate.epoch_of(cast.amina.pk)


def test_several_gates_are_locked_in_one_order(cast):
    ids = [cast.gus.pk, cast.amina.pk, cast.gus.pk]
    with transaction.atomic():
        locked = [row.patient_id for row in gate.lock_all(ids)]
    assert locked == sorted({cast.gus.pk, cast.amina.pk})


def test_an_unknown_patient_has_no_gate(db):
    with pytest.raises(ConsentGate.DoesNotExist), transaction.atomic():
        gate.lock(uuid.uuid4())
    with transaction.atomic():
        gate.hold(uuid.uuid4())  # as silent as for one that exists
        gate.share(uuid.uuid4())


@pytest.mark.parametrize(
    ("writes", "clause"), [(False, "FOR SHARE"), (True, "FOR UPDATE")]
)
def test_reading_shares_the_gate_and_writing_holds_it(cast, writes, clause):
    reading = Reading(user=cast.user("bram"), entrance="patients:chart")
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        open_for(reading, cast.amina.pk, writes=writes)
    locks = [query["sql"] for query in queries if clause in query["sql"]]
    if connection.vendor == "postgresql":
        assert len(locks) == 1 and "consents_consentgate" in locks[0]
    else:
        # One writer at a time: the transaction itself is the lock.
        assert locks == []
        assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.parametrize(
    ("method", "writes"),
    [("GET", False), ("HEAD", False), ("OPTIONS", False), ("POST", True)],
)
def test_the_method_of_a_request_says_which(cast, rf, monkeypatch, method, writes):
    from consents.access import open_patient

    taken = []
    monkeypatch.setattr(gate, "hold", lambda pk: taken.append(True))
    monkeypatch.setattr(gate, "share", lambda pk: taken.append(False))
    request = rf.generic(method, "/")
    request.reading = Reading(user=cast.user("bram"), entrance="patients:chart")
    open_patient(request, cast.amina.pk)
    assert taken == [writes]


# On two connections -----------------------------------------------------------


class Elsewhere(threading.Thread):
    """Something done on a connection of its own, and when it was over."""

    def __init__(self, work) -> None:
        super().__init__(daemon=True)
        self.work, self.error, self.over = work, None, threading.Event()
        self.start()

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()
            self.over.set()


@pytest.fixture
def committed(transactional_db):
    from tests import cast

    return cast.build()


@pytest.mark.postgres
def test_stopping_waits_for_a_read_that_has_begun(committed):
    cast = committed

    def stop() -> None:
        actions.revoke(consent=cast.amina_to_bram, **by_amina(cast))

    with transaction.atomic():
        gate.share(cast.amina.pk)
        stopping = Elsewhere(stop)
        assert not stopping.over.wait(0.5)
    assert stopping.over.wait(10) and stopping.error is None
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_at


def share_the_row_only(patient_id) -> None:
    """The vulnerable twin of gate.share: the lock without the queue before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM consents_consentgate WHERE patient_id = %s FOR SHARE",
            [patient_id],
        )


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("share", "overtakes"), [(gate.share, False), (share_the_row_only, True)]
)
def test_no_later_read_overtakes_a_stop_that_waits(committed, share, overtakes):
    """Else people who read all the time would put a stop off for as long."""
    cast = committed

    def read() -> None:
        with transaction.atomic():
            share(cast.amina.pk)

    def stop() -> None:
        actions.revoke(consent=cast.amina_to_bram, **by_amina(cast))

    with transaction.atomic():
        gate.share(cast.amina.pk)
        stopping = Elsewhere(stop)
        assert not stopping.over.wait(0.5)
        later = Elsewhere(read)
        assert later.over.wait(0.5) is overtakes
    for thread in (stopping, later):
        assert thread.over.wait(10) and thread.error is None


@pytest.mark.postgres
def test_two_reads_do_not_wait_for_each_other(committed):
    cast = committed

    def read() -> None:
        with transaction.atomic():
            gate.share(cast.amina.pk)

    with transaction.atomic():
        gate.share(cast.amina.pk)
        assert Elsewhere(read).over.wait(10)


@pytest.mark.postgres
def test_a_read_of_one_patient_does_not_wait_for_a_change_of_another(committed):
    cast = committed

    def read() -> None:
        with transaction.atomic():
            gate.share(cast.gus.pk)

    with transaction.atomic():
        gate.lock(cast.amina.pk)
        assert Elsewhere(read).over.wait(10)
