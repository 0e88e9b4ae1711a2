"""A change against therapy is told to both sides, and to nobody who may not see both.

Not by a notice, a mail, a page, a count or the work of somebody else's request.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import actions as consents
from consents import decisions
from consents.codes import CATEGORIES
from messaging.models import Notice
from patients.actions import events, medicines
from patients.models import MedicineChange, TherapyPhase
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, letters, sweep, to_whom
from tests.patients import medicines_world as world

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
WATCH = medicines.Watch(watch_for="sleepiness", weeks=4)
HEADING = "Medicine and therapy at the same time"
WORK = CATEGORIES["goals"]


def start(cast, name: str = "quetiapine", **given):
    """Amina begins something sedating today."""
    return medicines.add(
        patient=cast.amina,
        details=medicines.Details(
            name, started_date=cast.at.date(), started_precision="day"
        ),
        dosage=world.DAILY,
        watch=WATCH,
        by=cast.user("amina"),
        at=cast.at,
        **given,
    )


def begin_work(cast, **given):
    """Chidi begins exposure work today, for 6 weeks."""
    said = {"phase": "exposure", "weeks": 6} | given
    return events.record(
        patient=cast.amina,
        happening=events.Happening(
            kind="therapy_changed",
            what="Exposure work begins",
            happened_date=cast.at.date(),
            **said,
        ),
        form_key=uuid.uuid4(),
        author=cast.chidi,
        by=cast.user("chidi"),
        at=cast.at,
    )


def told() -> set[str]:
    rows = Notice.objects.filter(kind="conflict", channel="in_app", cancelled_at=None)
    return {row.user.email.partition("@")[0] for row in rows}


def deliver(cast, minutes: int = 11) -> None:
    sweep(cast.at + timedelta(minutes=minutes))


def html(cast, who: str, place: str) -> str:
    """The page without what differs each time it is asked for."""
    response = world.signed_in(cast, who).get(place)
    assert response.status_code == 200
    said = re.sub(r'(csrf\w+|nonce)" value="[^"]+"', "", response.content.decode())
    return " ".join(said.split())


@pytest.mark.slow
@pytest.mark.capability("S36")
@pytest.mark.parametrize("order", ["medicine first", "therapy first", "entry"])
def test_both_sides_are_told_in_either_order(cast, letters, order):
    """The change and the work, whichever came first; and a prescriber's own entry."""
    permit(cast.amina, cast.chidi, at=cast.at)
    if order == "medicine first":
        start(cast)
        deliver(cast)
        assert told() == set()
        begin_work(cast)
    elif order == "therapy first":
        begin_work(cast)
        deliver(cast)
        assert told() == set()
        start(cast)
    else:
        begin_work(cast)
        beside = world.add(cast, "quetiapine", at=cast.at - timedelta(days=1))
        world.prescribe(cast, beside=beside, watch_for="sleepiness", watch_weeks=4)
    for minutes in (17, 23, 29):
        deliver(cast, minutes)
    assert told() == {"amina", "bram", "chidi", "jon"}
    assert Notice.objects.filter(kind="conflict").count() == 8
    chart = world.page(cast, "")
    for who in ("bram", "chidi"):
        for place in ("/notices/", chart):
            said = html(cast, who, place)
            assert "In therapy: exposure work from" in said
            assert "It can make a person sleepy or slowed down." in said
        assert HEADING in html(cast, who, chart)
    own = html(cast, "amina", chart)
    assert HEADING in own and "can see both." in own
    assert {"bram", "chidi"} <= set(to_whom(letters))
    outside = " ".join(letter.subject + letter.body for letter in letters)
    assert "therapy" not in outside and "quetiapine" not in outside


@pytest.mark.capability("S36")
def test_trauma_work_against_a_medicine_newly_started_is_told(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    start(cast, "lithium")
    begin_work(cast, phase="demanding")
    for minutes in (11, 17):
        deliver(cast, minutes)
    assert told() == {"amina", "bram", "chidi", "jon"}
    assert "trauma or other demanding work" in html(cast, "bram", world.page(cast, ""))


def test_a_therapist_without_the_medicines_learns_nothing_and_the_patient_knows(cast):
    """Chidi may see goals only: no notice; Amina reads who can't see both."""
    permit(cast.amina, cast.chidi, at=cast.at, categories=WORK)
    begin_work(cast)
    deliver(cast)
    before = html(cast, "chidi", "/notices/"), html(cast, "chidi", world.page(cast, ""))
    start(cast)
    for minutes in (17, 23):
        deliver(cast, minutes)
    assert told() == {"amina", "bram", "jon"}
    assert before[0] == html(cast, "chidi", "/notices/")
    chart = html(cast, "chidi", world.page(cast, ""))
    assert before[1] == chart and HEADING not in chart
    own = html(cast, "amina", world.page(cast, ""))
    assert "Chidi Okafor can&#x27;t see both, by your choice." in own


def test_a_prescriber_without_the_therapy_learns_nothing(cast):
    """Jon's permission is without goals, Bram's has them."""
    consents.revoke(
        consent=cast.amina_to_jon, by=cast.user("amina"), at=cast.at, why=""
    )
    permit(cast.amina, cast.jon, at=cast.at, categories=CATEGORIES["medications"])
    start(cast)
    begin_work(cast)
    for minutes in (11, 17):
        deliver(cast, minutes)
    assert "jon" not in told() and "bram" in told()
    page = html(cast, "jon", world.page(cast, ""))
    assert "exposure" not in page.lower() and HEADING not in page


@pytest.mark.parametrize("kept", ["medicine", "therapy"])
def test_what_is_kept_back_later_takes_the_notice_with_it(cast, kept):
    permit(cast.amina, cast.chidi, at=cast.at)
    saved = start(cast)
    begin_work(cast)
    for minutes in (11, 17):
        deliver(cast, minutes)
    assert "exposure work" in html(cast, "bram", "/notices/")
    item = saved.item if kept == "medicine" else TherapyPhase.objects.get()
    consents.keep_back(item=item, by=cast.user("amina"), at=cast.at, party=cast.bram)
    said = html(cast, "bram", "/notices/") + html(cast, "bram", world.page(cast, ""))
    assert "exposure work" not in said


def test_only_me_is_told_to_nobody_and_writes_as_many_statements(cast):
    """The request of whoever writes second does no work that could be measured."""
    permit(cast.amina, cast.chidi, at=cast.at)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            begin_work(cast)
        return len(queries)

    without = statements()
    start(cast, keep=medicines.Keep(only_me=True))
    assert statements() == without
    for minutes in (11, 17):
        deliver(cast, minutes)
    assert told() == {"amina"}


def test_a_check_that_forgets_one_side_is_found(cast):
    """The vulnerable twin: permitted() that lets every change through."""
    permit(cast.amina, cast.chidi, at=cast.at, categories=WORK)
    start(cast)
    begin_work(cast)
    real = decisions.with_basis

    def forgets(rows, reader):
        if rows.model is MedicineChange:
            return rows
        return real(rows, reader)

    with mock.patch.object(decisions, "with_basis", forgets):
        for minutes in (11, 17):
            deliver(cast, minutes)
    assert "chidi" in told()


def test_undone_within_ten_minutes_nobody_is_told(cast):
    from patients.actions import undo

    permit(cast.amina, cast.chidi, at=cast.at)
    begin_work(cast)
    saved = start(cast)
    undo.undo(item=saved.item, event=saved.event, by=cast.user("amina"), at=cast.at)
    for minutes in (11, 17):
        deliver(cast, minutes)
    assert told() == set()
    assert timedelta(minutes=11) > TEN_MINUTES


def test_a_phase_of_therapy_has_a_page_of_who_sees_it_and_hides_its_event_too(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    start(cast)
    begin_work(cast)
    chart = world.page(cast, "")
    assert "exposure work" in html(cast, "bram", chart)
    record = html(cast, "amina", world.page(cast, "record/"))
    row = TherapyPhase.objects.get()
    place = world.page(cast, f"items/therapy/{row.pk}/privacy/")
    assert "What happens in therapy" in record and place in record
    assert "Dr. Bram Visser" in html(cast, "amina", place)
    kept = {"keep": [str(cast.bram.pk)]}
    assert world.signed_in(cast, "amina").post(place, kept).status_code == 302
    theirs = html(cast, "bram", chart)
    assert HEADING not in theirs and "xposure work" not in theirs
    assert HEADING in html(cast, "jon", chart)
    # Whoever wrote it keeps the own words.
    assert "xposure work" in html(cast, "chidi", chart)
    assert world.signed_in(cast, "bram").get(place).status_code == 404
