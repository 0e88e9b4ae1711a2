"""A flag that a prescriber sets aside with a reason, and what puts it back up."""

from __future__ import annotations

import pytest

from consents.models import AccessRefusal
from patients.actions import medicines
from patients.actions.medicines import Why
from patients.models import FlagAnswer
from tests.folded import standing_open
from tests.patients import flags_world
from tests.patients import medicines_world as world
from tests.patients.flags_world import html, warning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_a_prescriber_sets_a_flag_aside_with_a_reason_and_all_can_read_it(cast, both):
    mark = flags_world.raised(cast, "bram", "lithium", "ibuprofen").flag.mark
    client = world.signed_in(cast, "bram")
    page = world.page(cast, warning(mark))
    assert "ibuprofen can make" in client.get(page).content.decode()
    assert client.post(page, {"reason": " "}).status_code == 200
    assert not FlagAnswer.objects.exists()
    assert client.post(page, {"reason": "Level is checked weekly."}).status_code == 302
    for who in ("amina", "bram", "jon"):
        seen = html(cast, who)
        assert "To talk about (0)" in seen and "Looked at (1)" in seen
        assert "Dr. Bram Visser looked at this on" in seen
        assert "Level is checked weekly." in seen


def test_what_is_red_folds_for_whoever_set_it_aside_and_for_nobody_else(cast):
    for name in ("phenelzine", "sertraline"):
        world.add(cast, name)
    set_aside(cast, "bram", "Washed out in June.", "phenelzine", "sertraline")
    for who, place, is_open in (
        ("bram", "", False),
        ("jon", "", True),
        ("amina", "medicines/", True),
    ):
        page = html(cast, who, place)
        assert "Washed out in June." in page
        assert ("Washed out in June." in standing_open(page)) == is_open, who


def test_the_reason_is_attributed_encrypted_and_has_its_versions(cast, both):
    set_aside(cast, "bram", "Level is checked weekly.")
    answer = FlagAnswer.objects.get()
    assert (answer.author, answer.recorded_by) == (cast.bram, cast.user("bram"))
    assert answer.history.count() == 1
    raw = FlagAnswer.objects.extra(select={"raw": "reason"}).values("raw").get()
    assert "Level" not in str(raw)


def set_aside(cast, who: str, reason: str, *names: str) -> str:
    names = names or ("lithium", "ibuprofen")
    mark = flags_world.raised(cast, who, *names).flag.mark
    page = world.page(cast, warning(mark))
    answer = world.signed_in(cast, who).post(page, {"reason": reason})
    assert answer.status_code == 302
    return mark


def test_the_flag_comes_back_when_a_dose_changed(cast, both):
    set_aside(cast, "bram", "Level is checked.")
    lithium, _ibuprofen = both
    medicines.change_dose(
        item=lithium,
        version=lithium.version,
        dosage=world.MORE,
        why=Why(),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert "To talk about (1)" in html(cast, "bram")
    assert "Level is checked." not in html(cast, "bram")


def test_a_correction_of_the_reason_alone_does_not_bring_it_back(cast, both):
    set_aside(cast, "bram", "Level is checked.")
    lithium, _ibuprofen = both
    medicines.correct_details(
        item=lithium,
        version=lithium.version,
        details=medicines.Details(name="lithium", reason="mood"),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert "Looked at (1)" in html(cast, "bram")


def test_another_prescriber_puts_it_back_up(cast, both):
    mark = set_aside(cast, "bram", "Level is checked.")
    again = world.page(cast, warning(mark, "again/"))
    assert world.signed_in(cast, "jon").post(again).status_code == 302
    assert "To talk about (1)" in html(cast, "bram")
    answer = FlagAnswer.objects.get()
    assert answer.ended_by == cast.user("jon") and answer.history.count() == 2


def test_the_same_reason_sent_twice_is_one(cast, both):
    set_aside(cast, "bram", "Once.")
    set_aside(cast, "bram", "Twice.")
    assert [row.reason for row in FlagAnswer.objects.all()] == ["Once."]


def test_a_warning_of_an_older_state_is_absent_and_no_refusal(cast, both):
    client = world.signed_in(cast, "bram")
    answer = client.post(world.page(cast, warning("0" * 32)), {"reason": "x"})
    assert answer.status_code == 404 and not FlagAnswer.objects.exists()
    assert not AccessRefusal.objects.exists()


@pytest.mark.parametrize("who", ["amina", "chidi", "hana", "dana", "edo"])
def test_nobody_but_a_prescriber_sets_a_flag_aside(cast, both, who):
    mark = flags_world.raised(cast, "amina", "lithium", "ibuprofen").flag.mark
    client = world.signed_in(cast, who)
    for place in (warning(mark), warning(mark, "again/")):
        answer = client.post(world.page(cast, place), {"reason": "x"})
        assert answer.status_code == 404
    assert not FlagAnswer.objects.exists()
