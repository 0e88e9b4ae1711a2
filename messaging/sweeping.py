"""The sweep: delivers what is due, by itself.

It needs the database and, for the last stage, a mail server. The broker only wakes it:
`manage.py sweep --forever` does the same without one. Any number of sweeps may run at
once. Why the rows are the queue: docs/adr/0007-the-timeline-event-is-the-outbox.md.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.db import close_old_connections

from carecoord import mail as transport
from carecoord.clock import database_now
from messaging import gathering, waiting
from messaging.actions import (
    causes,
    change_notices,
    coming_of_age,
    late_doses,
    notices,
    overdue,
    post,
)
from messaging.outbox import Answer

logger = logging.getLogger(__name__)

Now = Callable[[], datetime]
# All stages together stay below the soft limit of the task (30 s), with room for one
# slow mail. Each has its own time, so that a backlog in one does not starve the others.
STAGE_SECONDS = 2.5
EVERY_SECONDS = 2


class Sweep:
    """One pass over everything that is due. `now` is the clock, the database's."""

    STAGES = (
        "held_updates",
        "events",
        "causes",
        "first_looks",
        "chores",
        "gathering",
        "mail",
    )
    CAUSES = (
        causes.tell_of_requests,
        causes.tell_of_joining,
        causes.tell_of_acting,
        causes.tell_of_deciding,
        causes.tell_of_guests,
        causes.tell_of_waiting,
        causes.tell_of_emergencies,
        causes.tell_of_findings,
        causes.tell_of_answers,
        causes.tell_of_cases,
    )
    CHORES = (
        causes.remind_of_endings,
        overdue.remind_of_overdue,
        causes.remind_of_cases,
        causes.tell_of_new_staff,
        causes.tell_of_closed_codes,
        change_notices.ask_how_it_went,
        change_notices.tell_of_conflicts,
        late_doses.tell_of_late_doses,
        coming_of_age.remind_of_majority,
    )

    def __init__(self, *, now: Now = database_now) -> None:
        self.now = now
        self.ends = 0.0
        self.done: dict[str, int] = {}

    def run(self) -> dict[str, int]:
        """How much each stage did. A stage that fails does not stop the others."""
        for name in self.STAGES:
            self.ends = time.monotonic() + STAGE_SECONDS
            try:
                self.done[name] = getattr(self, name)()
            except Exception as error:
                self._failed(name, error)
        return self.done

    @property
    def has_time(self) -> bool:
        return time.monotonic() < self.ends

    @staticmethod
    def _failed(what: str, error: Exception) -> None:
        # The kind of the error only: its text may quote a row.
        logger.error("sweep: %s failed: %s", what, type(error).__name__)

    def _each(self, what: str, rows: list, work: Callable) -> int:
        """`work` for each row, as long as there is time; one failure is one row's."""
        count = 0
        for row in rows:
            if not self.has_time:
                break
            count += self._one(what, row, work)
        return count

    def _one(self, what: str, row: Any, work: Callable) -> int:
        try:
            return int(work(row) or 0)
        except Exception as error:
            self._failed(what, error)
            return 0

    def held_updates(self) -> int:
        return self._each(
            "a held update",
            waiting.held_to_decide_again(self.now()),
            lambda pk: causes.release(patient_id=pk, at=self.now()),
        )

    def events(self) -> int:
        return self._each(
            "an event", waiting.patients_with_events(self.now()), self._fan_out
        )

    def _fan_out(self, patient_id: uuid.UUID) -> int:
        try:
            return notices.fan_out(patient_id=patient_id, at=self.now())
        except Exception:
            notices.put_off(patient_id=patient_id, at=self.now())
            raise

    def causes(self) -> int:
        return self._every("a cause", self.CAUSES, at=self.now())

    def first_looks(self) -> int:
        return self._each(
            "a log",
            list(waiting.logs_to_follow(self.now())),
            lambda head: causes.follow_log(head=head, at=self.now()),
        )

    def chores(self) -> int:
        at = self.now()
        if not causes.take_chore(name="reminders", at=at):
            return 0
        return self._every("a chore", self.CHORES, at=at)

    def _every(self, what: str, kinds: Iterable[Callable], *, at: datetime) -> int:
        """All of them, however long it takes: one that fails keeps none back."""
        return sum(self._one(what, kind, lambda tell: tell(at=at)) for kind in kinds)

    def gathering(self) -> int:
        return self._each(
            "a person's mail",
            gathering.users_to_mail(self.now()),
            lambda pk: post.gather(user_id=pk, at=self.now()) is not None,
        )

    def mail(self) -> int:
        """Hands over what is due, one after the other over one connection."""
        if not waiting.mails(self.now()).exists():
            return 0
        post.wait_for_hours(at=self.now())
        sent = 0
        try:
            with _open() as connection:
                while self.has_time and (mail := post.claim(at=self.now())):
                    if mail.cancelled_at or mail.gave_up_at:
                        continue
                    connection.open()
                    answer = post.hand_over(mail, connection=connection, at=self.now())
                    sent += answer is None
                    if answer is Answer.SERVER_DOWN:
                        raise ConnectionAbortedError
                    if answer is not None:
                        connection.close()
        except OSError as error:
            self._failed("the mail server", error)
            post.put_off_all(at=self.now())
        return sent


@contextmanager
def _open() -> Iterator[BaseEmailBackend]:
    """The connection, open before anything is claimed. Raises OSError."""
    connection = transport.connection()
    connection.open()
    try:
        yield connection
    finally:
        connection.close()


def forever(*, stop: Callable[[], bool] = lambda: False) -> None:
    """Sweeps every two seconds until told to stop: a worker without a broker."""
    while not stop():
        started = time.monotonic()
        # A connection that the database has dropped is not used a second time.
        close_old_connections()
        Sweep().run()
        time.sleep(max(0.0, EVERY_SECONDS - (time.monotonic() - started)))
