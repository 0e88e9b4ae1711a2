"""When a medicine runs out; and one tap that reaches the team once."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents import actions as consents
from consents.codes import CATEGORIES
from messaging.models import Notice
from patients import supply_page
from patients.actions import record
from patients.actions import supply as actions
from patients.codes import EventKind
from patients.dosage import DayDose, Dosage, DoseStep
from patients.models import DailyLife, SupplyCount, TimelineEvent
from patients.supply import runs_out
from tests.cast import permit
from tests.folded import standing_open
from tests.messaging.delivering import TEN_MINUTES, letters, sweep
from tests.patients import medicines_world as world
from tests.patients.views.test_master_list import file_text

__all__ = ["letters"]
DAY = date(2026, 10, 30)
LEFTS = st.integers(0, 400).map(Decimal)
COUNTS = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(4)])


def out(dosage: Dosage, left: str, counted: date = DAY) -> date | None:
    found = runs_out(dosage, left=Decimal(left), counted=counted)
    return found.day if found else None


@given(COUNTS, LEFTS, st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_every_day_alike_is_a_division(each, left, counted):
    """Across every change of clocks and end of a month: days, not hours."""
    dosage = replace(world.DAILY, bedtime=each)
    days = timedelta(days=int(left // each))
    expected = counted + days if days <= timedelta(days=730) else None
    assert out(dosage, str(left), counted) == expected


DOSES = [
    world.DAILY,
    world.TAPER,
    world.MONTHLY,
    world.AS_NEEDED,
    Dosage(
        schedule="week",
        strength=Decimal(50),
        unit="mg",
        form="tablet",
        days=(DayDose((0, 2), morning=Decimal(2)), DayDose((), morning=Decimal(1))),
    ),
]


@given(st.sampled_from(DOSES), LEFTS, LEFTS)
def test_more_left_never_runs_out_sooner(dosage, one, other):
    low, high = sorted([one, other])
    first, later = out(dosage, str(low)), out(dosage, str(high))
    assert (first or date.max) <= (later or date.max)
    assert first is None or first >= DAY


def test_a_taper_that_ends_before_lasts():
    # 3 a day from Nov 1, 1 a day from Nov 15, none from Dec 1: 42 and 16.
    assert out(world.TAPER, "58", date(2026, 11, 1)) is None
    assert out(world.TAPER, "57", date(2026, 11, 1)) == date(2026, 11, 30)
    assert out(world.TAPER, "41", date(2026, 11, 1)) == date(2026, 11, 14)


def test_days_that_differ():
    weekly = DOSES[-1]
    # Friday, Oct 30: 1, 1, 1, then 2 on Monday.
    assert out(weekly, "3") == date(2026, 11, 2)
    assert out(weekly, "4") == date(2026, 11, 2)
    assert out(weekly, "5") == date(2026, 11, 3)


def test_an_injection_runs_out_on_the_day_there_is_none_for():
    # Every 4 weeks, last on Nov 3: Dec 1, Dec 29.
    assert out(world.MONTHLY, "0", date(2026, 11, 10)) == date(2026, 12, 1)
    assert out(world.MONTHLY, "1", date(2026, 11, 10)) == date(2026, 12, 29)
    monthly = replace(
        world.MONTHLY,
        every_count=1,
        every_unit="month",
        next_due_date=date(2027, 1, 31),
    )
    assert out(monthly, "1", date(2027, 1, 1)) == date(2027, 2, 28)
    assert out(monthly, "2", date(2027, 1, 1)) == date(2027, 3, 31)


def test_a_patch_of_some_days_counts_days_and_that_of_the_day_of_the_count():
    every_third = replace(
        world.MONTHLY,
        form="patch",
        every_count=3,
        every_unit="day",
        next_due_date=date(2026, 11, 10),
    )
    assert out(every_third, "0", date(2026, 11, 10)) == date(2026, 11, 10)
    assert out(every_third, "1", date(2026, 11, 10)) == date(2026, 11, 13)
    assert out(every_third, "5", date(2026, 11, 10)) == date(2026, 11, 25)


def test_what_lasts_for_years_is_said_to_run_out_on_no_day():
    assert out(world.AS_NEEDED, "1460") == DAY + timedelta(days=730)
    assert out(world.AS_NEEDED, "1462") is None


def test_as_needed_is_about_and_another_schedule_is_not_guessed():
    found = runs_out(world.AS_NEEDED, left=Decimal(10), counted=DAY)
    assert (found.day, found.about) == (DAY + timedelta(days=5), True)
    no_most = replace(world.AS_NEEDED, max_in_24_hours=None)
    assert out(no_most, "10") is None
    assert out(Dosage(schedule="other", other="as told"), "10") is None


def test_a_step_that_begins_later_is_covered():
    plan = Dosage(
        schedule="steps",
        strength=Decimal(10),
        unit="mg",
        form="tablet",
        steps=(DoseStep(date(2026, 11, 2), morning=Decimal(1)),),
    )
    assert out(plan, "2", DAY) == date(2026, 11, 4)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Corner Pharmacy, (555) 010-0123", "5550100123"),
        ("CVS +1 555 010 0123, open until 9", "+15550100123"),
        ("Corner Pharmacy, 12 Main Street", ""),
        ("", ""),
    ],
)
def test_the_number_of_the_pharmacy(text, phone):
    assert supply_page.phone_in(text) == phone


# The pages --------------------------------------------------------------------------


@pytest.fixture
def line(db, demo, letters, cast):
    item = world.add(cast, "quetiapine")
    TimelineEvent.objects.update(next_attempt_at=None)
    return item


def tap(cast, line, told: str = "missed", who: str = "amina"):
    place = world.page(cast, f"medicines/{line.pk}/told/{told}/")
    return world.signed_in(cast, who).post(place)


def html(cast, place: str = "medicines/", who: str = "amina") -> str:
    answer = world.signed_in(cast, who).get(world.page(cast, place))
    return " ".join(answer.content.decode().split())


def told() -> set[str]:
    rows = Notice.objects.filter(kind="event", channel="in_app", cancelled_at=None)
    return {row.user.email.partition("@")[0] for row in rows}


@pytest.mark.capability("S6")
@pytest.mark.parametrize("what", ["missed", "ran-out"])
def test_one_tap_twice_is_one_event_that_reaches_the_team(cast, line, letters, what):
    answer = tap(cast, line, what)
    assert answer.status_code == 302
    assert tap(cast, line, what)["Location"] == answer["Location"]
    event = TimelineEvent.objects.get(kind__in=actions.TOLD)
    client = world.signed_in(cast, "amina")
    assert client.post(answer["Location"], {"why": "ran_out"}).status_code == 302
    event.refresh_from_db()
    assert event.detail == "Ran out or cost"
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == {"bram", "jon"}
    assert all("quetiapine" not in one.body + one.subject for one in letters)


def test_undo_tells_nobody_and_the_next_tap_is_a_new_one(cast, line):
    place = tap(cast, line)["Location"]
    world.signed_in(cast, "amina").post(place, {"undo": "1"})
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == set()
    assert world.signed_in(cast, "amina").get(place).status_code == 404
    assert tap(cast, line)["Location"] != place


def test_whoever_may_not_see_the_medicine_is_not_told(cast, line):
    consents.keep_back(item=line, party=cast.bram, by=cast.user("amina"), at=cast.at)
    tap(cast, line, "ran-out")
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == {"jon"}
    assert "Ran out" not in html(cast, "", "bram")


def test_the_twin_without_the_lineage_would_tell(cast, line, monkeypatch):
    consents.keep_back(item=line, party=cast.bram, by=cast.user("amina"), at=cast.at)
    real = actions.timeline.record_event
    monkeypatch.setattr(
        actions.timeline,
        "record_event",
        lambda **said: real(**(said | {"lineage": None})),
    )
    tap(cast, line, "ran-out")
    sweep(cast.at + 2 * TEN_MINUTES)
    assert told() == {"bram", "jon"}


@pytest.mark.parametrize("who", ["bram", "chidi", "hana"])
def test_only_the_patient_taps(cast, line, who):
    assert tap(cast, line, who=who).status_code == 404
    assert tap(cast, line, "else").status_code == 404


def count(cast, line, **said):
    place = world.page(cast, f"medicines/{line.pk}/supply/")
    given = {"form_key": str(uuid.uuid4()), "left": "12", "counted_date": "today"}
    return world.signed_in(cast, "amina").post(place, given | said)


def test_what_runs_out_within_seven_days_stands_on_home_with_the_pharmacy(cast, line):
    key = str(uuid.uuid4())
    said = {"refills_left": "1", "refilled_by": "Dr. Visser", "form_key": key}
    assert count(cast, line, **said).status_code == 302
    assert count(cast, line, **said).status_code == 302
    assert SupplyCount.objects.count() == 1
    for place in ("", "medicines/"):
        page = html(cast, place)
        # Said once on a page: at the dose of today, or where it is counted.
        assert page.count(f"{line.pk}/told/ran-out/") == 1
        assert "Lasts to the end of" in standing_open(page)
        assert "12 tablets left on" in page
        assert "Lasts to the end of" in page
        assert "Refills left: 1. Refilled by Dr. Visser" in page
    # Who refills is told with the medicine; how much is at home is the patient's.
    for place in ("medicines/", "list/"):
        assert "Refills left: 1. Refilled by Dr. Visser" in html(cast, place, "bram")
        assert "tablets left" not in html(cast, place, "bram")
    assert count(cast, line, left="100").status_code == 302
    assert 'class="card bar-warn" id="supply"' not in html(cast, "")


def test_what_ran_out_is_not_counted_as_left(cast, line):
    """No page says 100 tablets beside "Ran out", until they are counted again."""
    count(cast, line, left="100", refills_left="1", refilled_by="Dr. Visser")
    place = tap(cast, line, "ran-out")["Location"]
    saved = world.signed_in(cast, "amina").get(place).content.decode()
    assert "Ask for more today" in saved
    for page in (html(cast, ""), html(cast), html(cast, "list/")):
        assert "100 tablets left" not in page
        assert "Ran out on" in page
        assert "Refills left: 1. Refilled by Dr. Visser" in page
    assert "Ran out on" not in html(cast, "list/", "bram")
    event = TimelineEvent.objects.get(kind=EventKind.RAN_OUT)
    item = SupplyCount.objects.get()
    count(cast, line, left="30")
    SupplyCount.objects.exclude(pk=item.pk).update(
        recorded_at=event.recorded_at + timedelta(minutes=1)
    )
    assert "30 tablets left" in html(cast)
    assert "Ran out on" not in html(cast)


def test_undo_of_ran_out_brings_the_count_back(cast, line):
    count(cast, line, left="100")
    place = tap(cast, line, "ran-out")["Location"]
    world.signed_in(cast, "amina").post(place, {"undo": "1"})
    assert "100 tablets left" in html(cast)


def test_a_missed_dose_asks_for_no_more(cast, line):
    saved = world.signed_in(cast, "amina").get(tap(cast, line)["Location"])
    assert "Ask for more today" not in saved.content.decode()


@pytest.mark.parametrize(
    ("dosage", "offered"),
    [(world.DAILY, True), (world.AS_NEEDED, False), (world.MONTHLY, False)],
)
def test_only_a_dose_of_today_can_be_missed(demo, cast, dosage, offered):
    """S6: nothing as needed, and no injection before its day."""
    if dosage.schedule == "interval":
        dosage = replace(dosage, next_due_date=cast.at.date() + timedelta(days=9))
    one = world.add(cast, "quetiapine", dosage=dosage)
    page = html(cast)
    assert (f"medicines/{one.pk}/told/missed/" in page) is offered
    assert f"medicines/{one.pk}/told/ran-out/" in page


def test_the_last_day_that_is_covered_is_named():
    """One that is counted whole covers the day before the first without."""
    out = supply_page.RunsOut(DAY)
    said = supply_page.out_words(out, DAY - timedelta(days=30))
    assert said == "Lasts to the end of Oct 29, 2026"
    assert supply_page.out_words(out, DAY).startswith("By the count it ran out on")


# What differs by chance between two pages of one minute.
UNLIKE = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|data-shown="[^"]*"')
MEDICINES = CATEGORIES.mask("medications", "allergies")
PHARMACY = "Corner Pharmacy, (555) 010-0123"
WHOLE = 'Corner Pharmacy, <span class="nowrap keep">(555) 010-0123</span>'


@pytest.mark.capability("S12")
def test_the_printed_list_says_which_pharmacy_and_who_refills(cast, line):
    count(cast, line, refills_left="1", refilled_by="Dr. Visser")
    record.add(
        patient=cast.amina,
        model=DailyLife,
        key=uuid.uuid4(),
        categories=CATEGORIES["contacts"],
        labels=0,
        keep=record.Keep(),
        by=cast.user("amina"),
        at=cast.at,
        columns={"pharmacy": PHARMACY},
    )
    own = html(cast, "list/")
    assert f"Pharmacy: {WHOLE}" in own
    assert "Refills left: 1. Refilled by Dr. Visser. 12 tablets left on" in own
    paper = file_text(
        world.signed_in(cast, "amina").get(world.page(cast, "list.pdf")).content
    )
    assert f"Pharmacy: {PHARMACY}" in paper
    assert "Refilled by Dr. Visser" in paper
    assert f"Pharmacy: {WHOLE}" in html(cast, "list/", "bram")
    # Medicines and not the contacts: said by scope alone.
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, categories=MEDICINES)
    theirs = html(cast, "list/", "bram")
    assert "Pharmacy: not part of what is shared here. Ask." in theirs
    assert "Corner" not in theirs


def test_a_hidden_medicine_leaves_no_trace_of_its_refills(cast, line):
    count(cast, line, refilled_by="CNRYrefills")
    assert "CNRYrefills" in html(cast, "list/", "bram")
    consents.keep_back(item=line, party=cast.bram, by=cast.user("amina"), at=cast.at)
    with_it = html(cast, "list/", "bram")
    assert "CNRY" not in with_it
    SupplyCount.objects.all().delete()
    without = html(cast, "list/", "bram")
    assert UNLIKE.sub("", without) == UNLIKE.sub("", with_it)


def test_what_is_not_due_today_can_run_out_in_one_tap_too(cast, line):
    needed = world.add(cast, "hydroxyzine", world.AS_NEEDED)
    page = html(cast, "")
    today = page.partition('id="today"')[2].partition('id="supply"')[0]
    assert "only when needed" in today
    assert f"{needed.pk}/told/ran-out/" in today
    assert f"{needed.pk}/told/missed/" not in today
    # One tap, without JavaScript: the button alone is the form.
    assert tap(cast, needed, "ran-out").status_code == 302


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"left": ""}, "Enter how many are left, or 0."),
        ({"left": "1,5"}, "can be read in two ways"),
        ({"left": "9000"}, "Check the number."),
        ({"counted_date": "Nov 3, 2099"}, "Enter a day that has been."),
        ({"refills_left": "many"}, "Enter a number, like 0 or 3."),
    ],
)
def test_a_slip_gets_a_sentence_and_keeps_what_was_typed(cast, line, said, words):
    answer = count(cast, line, refilled_by="Dr. Visser", **said)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert 'value="Dr. Visser"' in answer.content.decode()


def test_none_left_is_an_answer(cast, line):
    assert count(cast, line, left="0").status_code == 302
    assert "Ran out on" in html(cast)


def test_another_kind_is_not_told_this_way(cast, line):
    with pytest.raises(ValueError, match="stressor"):
        actions.tell(
            medicine=line, kind=EventKind.STRESSOR, by=line.patient.user, at=cast.at
        )
