"""Working days, and late in whose zone."""

from datetime import UTC, date, datetime

import pytest

from messaging import due
from messaging.models import UpdateRecipient
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
