"""T15: nothing is seen after sharing was stopped, on both engines."""

import gc
import multiprocessing
import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from consents import gate, log
from consents.access import Reading
from consents.models import Disclosure
from tests import cast as people
from tests.cast import permit
from tests.consents import racing
from tests.consents.racing import Read, Trial
from tests.patients import records


def trials(quick: int, deep: int) -> pytest.MarkDecorator:
    """So many in every run, and more behind `make test-deep`.

    A trial catches the reader of two statements 6 times in 10 (in another process 4
    times on PostgreSQL, 15 times in 100 on SQLite), so that ten or twenty that find
    nothing say much, and the twins below are certain to be caught.
    """
    more = pytest.param(deep, marks=pytest.mark.deep)
    return pytest.mark.parametrize("number", [quick, more])


TRIALS_OF_THE_TWIN = 200
READERS = 2


@pytest.fixture
def cast(transactional_db):
    built = people.build()
    racing.add(built)
    return built


# PostgreSQL: threads with connections of their own --------------------------------


def in_thread(errors: list, work, *arguments) -> threading.Thread:
    def run() -> None:
        try:
            work(*arguments)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def run_trial(cast, reader) -> Trial:
    """One stop of sharing while others read, each on a connection of its own."""
    trial, over, errors = Trial(), threading.Event(), []
    consent = racing.share_again(cast)
    threads = [
        in_thread(errors, racing.read_while, cast, reader, trial.reads, over.is_set)
        for _ in range(READERS)
    ]
    racing.stop_and_add(cast, consent, trial)
    over.set()
    for thread in threads:
        thread.join(30)
    assert errors == []
    return trial


def leaks(cast, reader, number: int) -> int:
    done = [run_trial(cast, reader) for _ in range(number)]
    # The harness measured something: most trials saw the item while it was shared.
    assert sum(any(read.items for read in each.reads) for each in done) > number / 4
    return sum(each.leaks for each in done)


@pytest.mark.security("T15")
@pytest.mark.postgres
@pytest.mark.capability("S45")
@trials(12, 400)
def test_nothing_is_seen_after_the_stop_through_the_door(cast, number):
    assert leaks(cast, racing.as_pages_do, number) == 0
    assert list(log.verify()) == []


@pytest.mark.security("T15")
@pytest.mark.postgres
@trials(12, 400)
def test_nothing_is_seen_after_the_stop_in_one_statement(cast, number):
    assert leaks(cast, racing.as_one_statement, number) == 0


@pytest.mark.security("T15")
@pytest.mark.postgres
def test_a_reader_without_the_gate_is_caught(cast):
    """The vulnerable twin: the harness bites."""
    for _ in range(TRIALS_OF_THE_TWIN):
        if run_trial(cast, racing.decided_then_read).leaks:
            return
    raise AssertionError("The harness does not notice a reader without the gate.")


@pytest.mark.security("T15")
@pytest.mark.postgres
@trials(4, 60)
def test_nothing_is_seen_after_the_stop_on_the_page(cast, settings, number):
    """The whole way: middleware, view, template, log."""
    settings.DEMO = True
    client = Client()
    client.force_login(cast.user("chidi"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    def page(cast) -> set:
        browser = Client(headers={"X-Poll": "1"})
        browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
        shown = browser.get(f"/patients/{cast.amina.pk}/").content.decode()
        return {mark for mark in marks if mark in shown}

    marks: list[str] = []
    for turn in range(number):
        mark = f"CNRYrace{turn:04}x"
        marks.append(mark)
        trial, over, errors = Trial(), threading.Event(), []
        consent = racing.share_again(cast)
        args = (racing.read_while, cast, page, trial.reads, over.is_set)
        thread = in_thread(errors, *args)
        time.sleep(0.02)
        racing.stop_and_add(cast, consent, trial)
        trial.added = mark
        records.item(racing.Condition, cast.amina, "conditions", cast.at, name=mark)
        over.set()
        thread.join(60)
        assert errors == []
        assert trial.leaks == 0, turn


# Two logs, two writers --------------------------------------------------------------


@pytest.mark.postgres
@trials(10, 40)
def test_two_readers_of_two_patients_never_wait_for_each_other(cast, number):
    """Bram's and Jon's pages name the same two logs, met in opposite order."""
    for patient in (cast.amina, cast.gus):
        records.item(racing.Condition, patient, "conditions", cast.at, name="x")
    for party in (cast.bram, cast.jon):
        permit(cast.gus, party, at=cast.at)
    from consents import actions

    actions.join(
        patient=cast.gus,
        party=cast.jon,
        role="primary_care",
        by=cast.gus.user,
        at=cast.at,
    )
    errors: list = []
    both = [cast.amina, cast.gus]
    threads = [
        in_thread(errors, read_both, cast.user(who), order, number)
        for who, order in (("bram", both), ("jon", both[::-1]))
    ]
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert Disclosure.objects.count() == 4 * number
    assert list(log.verify()) == []


def read_both(user, patients, times: int) -> None:
    from consents.access import open_for

    for _ in range(times):
        reading = Reading(user=user, entrance="patients:chart")
        with transaction.atomic():
            for patient in patients:
                opened = open_for(reading, patient.pk, writes=False)
                opened.items(racing.Condition.objects.all())
            reading.write_disclosures()


@pytest.mark.postgres
def test_two_who_hold_several_gates_never_wait_for_each_other(cast):
    def hold(ids) -> None:
        for _ in range(60):
            with transaction.atomic():
                gate.lock_all(ids)

    errors: list = []
    ids = [cast.amina.pk, cast.gus.pk]
    threads = [in_thread(errors, hold, order) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.join(60)
    assert errors == []


# SQLite: two processes ------------------------------------------------------------


class ReaderProcess:
    """The former grantee, in a process of their own, through many trials."""

    def __init__(self, cast, reader) -> None:
        context = multiprocessing.get_context("fork")
        self.over = context.Event()
        self.pipe, theirs = context.Pipe()
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # its sockets are not to be shared
        gc.freeze()  # what is not touched is not copied
        self.process = context.Process(
            target=self._read, args=(cast, reader, theirs), daemon=True
        )
        self.process.start()
        gc.unfreeze()

    def _read(self, cast, reader, pipe) -> None:
        while pipe.recv() == "begin":
            reads: list[Read] = []
            racing.read_while(cast, reader, reads, self.over.is_set)
            pipe.send(reads)

    def __enter__(self) -> "ReaderProcess":
        return self

    def __exit__(self, *details: object) -> None:
        self.pipe.send("end")
        self.process.join(30)

    def trial(self, cast) -> Trial:
        trial = Trial()
        consent = racing.share_again(cast)
        self.over.clear()
        self.pipe.send("begin")
        time.sleep(0.02)
        racing.stop_and_add(cast, consent, trial)
        self.over.set()
        assert self.pipe.poll(60), "The reading process gave no answer."
        trial.reads = self.pipe.recv()
        return trial


@pytest.mark.security("T15")
@trials(8, 40)
def test_from_another_process_nothing_is_seen_after_the_stop(cast, number):
    with ReaderProcess(cast, racing.as_pages_do) as process:
        done = [process.trial(cast) for _ in range(number)]
    assert sum(any(read.items for read in each.reads) for each in done) > len(done) / 4
    assert sum(each.leaks for each in done) == 0


@pytest.mark.security("T15")
def test_from_another_process_a_reader_of_two_moments_is_caught(cast):
    with ReaderProcess(cast, racing.decided_then_read_apart) as process:
        for _ in range(TRIALS_OF_THE_TWIN):
            if process.trial(cast).leaks:
                return
    raise AssertionError("The harness does not notice a reader of two moments.")
