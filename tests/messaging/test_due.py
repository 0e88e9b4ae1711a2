"""Working days, late in whose zone, and who may know that an answer is late."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from carecoord import zones
from consents import actions as consents
from consents.codes import PURPOSES
from messaging import due, routing
from messaging.actions import overdue
from messaging.models import Notice, UpdateRecipient
from patients.models import TimelineEvent
from tests.cast import permit
from tests.messaging.writing import content, row, send, take

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 16), 2, date(2026, 11, 18)),
        (date(2026, 11, 19), 2, date(2026, 11, 23)),
        (FRIDAY, 1, date(2026, 11, 23)),
        (FRIDAY, 2, date(2026, 11, 24)),
        (SATURDAY, 2, date(2026, 11, 24)),
        (date(2026, 11, 22), 1, date(2026, 11, 23)),
        (SATURDAY, 0, SATURDAY),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)
def test_working_days_leave_out_the_weekend(day, count, expected):
    assert due.working_days_after(day, count) == expected


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [
        ("today", FRIDAY),
        ("two_days", date(2026, 11, 24)),
        ("next_visit", None),
        ("information", None),
    ],
)
def test_how_soon_proposes_a_day_where_it_names_one(urgency, expected):
    assert due.proposed_date(urgency, today=FRIDAY) == expected


def late(update, cast, at):
    asked = UpdateRecipient.objects.select_related("acknowledged_by").get(
        update=update, party=cast.bram
    )
    return due.overdue_since(asked, update, at=at)


@pytest.mark.parametrize(
    ("zone", "last", "first_late"),
    [
        # Midnight in New York is 05:00 UTC in winter, in Honolulu 10:00 UTC.
        ("America/New_York", (21, 4, 59), (21, 5, 0)),
        ("Pacific/Honolulu", (21, 9, 59), (21, 10, 0)),
        ("Asia/Tokyo", (20, 14, 59), (20, 15, 0)),
    ],
)
def test_a_day_is_over_at_the_authors_midnight(cast, zone, last, first_late):
    author = cast.user("chidi")
    author.time_zone = zone
    author.save()
    update = send(cast, "chidi", "bram", said=content(answer_by_date=FRIDAY))
    update.recorded_by.time_zone = zone
    assert late(update, cast, datetime(2026, 11, *last, tzinfo=UTC)) is None
    assert late(update, cast, datetime(2026, 11, *first_late, tzinfo=UTC)) == FRIDAY


def test_a_promised_day_passes_in_the_zone_of_who_promised(cast):
    update = send(cast, "chidi", "bram", said=content(answer_by_date=FRIDAY))
    take(cast, update, "bram", "call_by", plan_date=SATURDAY)
    sunday_morning = datetime(2026, 11, 22, 4, 59, tzinfo=UTC)
    assert late(update, cast, sunday_morning) is None
    assert late(update, cast, datetime(2026, 11, 22, 5, 0, tzinfo=UTC)) == SATURDAY


def test_what_is_answered_or_held_is_never_late(cast):
    far = datetime(2031, 1, 1, tzinfo=UTC)
    decided = send(cast, "chidi", "bram", said=content(answer_by_date=FRIDAY))
    take(cast, decided, "bram", "decided", text="No change.")
    assert late(decided, cast, far) is None
    held = send(cast, "bram", "chidi", said=content(answer_by_date=FRIDAY))
    assert due.overdue_since(row(held, cast, "chidi"), held, at=far) is None


def test_no_day_is_never_late(cast):
    update = send(cast, "chidi", "bram", said=content(urgency="next_visit"))
    assert late(update, cast, datetime(2031, 1, 1, tzinfo=UTC)) is None


# Who may know ----------------------------------------------------------------------

DAY = timedelta(days=1)


@pytest.fixture
def asked(cast):
    """Chidi, who may read it too, asked Bram for an answer today; two days ago."""
    permit(cast.amina, cast.chidi, at=cast.at)
    today = zones.today(cast.at, cast.chidi.user.time_zone)
    update = send(cast, "chidi", "bram", said=content(answer_by_date=today))
    assert overdue.remind_of_overdue(at=cast.at + 2 * DAY) == 1
    return update


def decided(cast, update):
    take(cast, update, "bram", "decided", text="No change.")


def promised(cast, update):
    take(cast, update, "bram", "call_by", plan_date=cast.at.date() + 9 * DAY)


def broken(cast, update):
    take(cast, update, "bram", "call_by", plan_date=cast.at.date())


def stopped(cast, update):
    stop = {"patient": cast.amina, "by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(recipient=cast.chidi, **stop)


def for_treatment_only(cast, update):
    stopped(cast, update)
    permit(cast.amina, cast.chidi, at=cast.at, purposes=PURPOSES["TREAT"])


def left(cast, update):
    member = cast.amina.care_team.get(party=cast.bram)
    consents.leave(participant=member, by=cast.amina.user, at=cast.at, reason="left")


def of_medicines_only(cast, update):
    consents.choose_talking(
        patient=cast.amina,
        level="medicines",
        party=cast.bram,
        by=cast.amina.user,
        at=cast.at,
    )


def kept_back(cast, update):
    consents.keep_back(item=update, by=cast.amina.user, at=cast.at)


def taken_back(cast, update):
    TimelineEvent.objects.filter(about=update.pk).update(
        cancelled_at=cast.at, cancelled_by=cast.user("chidi")
    )


def sent_in_error(cast, update):
    TimelineEvent.objects.filter(about=update.pk).update(
        entered_in_error_at=cast.at, entered_in_error_by=cast.user("chidi")
    )


def gone(cast, update):
    Notice.objects.update(about=uuid.uuid4())


KNOW = {
    decided: set(),
    promised: set(),
    broken: {"bram", "chidi"},
    stopped: {"bram"},
    for_treatment_only: {"bram"},
    left: {"chidi"},
    of_medicines_only: {"chidi"},
    kept_back: set(),
    taken_back: set(),
    sent_in_error: set(),
    gone: set(),
}


def told(cast, at) -> set[str]:
    """Whose notice stands."""
    rows = Notice.objects.filter(kind="overdue", channel="in_app")
    mine = {who: rows.filter(user=cast.user(who)) for who in ("bram", "chidi")}
    return {
        who
        for who, found in mine.items()
        if any(routing.still_stands(each, at=at) for each in found)
    }


@pytest.mark.security("T18")
@pytest.mark.parametrize("happens", KNOW, ids=lambda one: one.__name__)
def test_a_late_answer_is_said_while_it_is_late_to_whoever_may_know(
    cast, asked, happens
):
    """Decided again where a notice is read, and anew on the next day."""
    at = cast.at + 2 * DAY
    assert told(cast, at) == {"bram", "chidi"}
    happens(cast, asked)
    assert told(cast, at) == KNOW[happens]
    if happens is not gone:
        Notice.objects.all().delete()
        overdue.remind_of_overdue(at=at + DAY)
        assert told(cast, at + DAY) == KNOW[happens]


@pytest.mark.security("T18")
def test_the_test_of_that_fails_where_whoever_was_told_once_is_told_again(
    cast, asked, monkeypatch
):
    """The vulnerable twin: who may know is decided once, when it was sent."""
    monkeypatch.setattr(routing, "may_know_late", lambda *args, **at: True)
    stopped(cast, asked)
    assert told(cast, cast.at + 2 * DAY) == {"bram", "chidi"}
