"""A record holds more medicines than anybody takes, and not endlessly many."""

import pytest
from django.urls import reverse

from patients.actions import medicines, room
from patients.actions.room import ListFull
from patients.models import (
    Draft,
    MedicationRequest,
    MedicationStatement,
    TimelineEvent,
)
from tests.consents.acting import record, relative
from tests.patients import imported
from tests.patients import medicines_world as world
from tests.patients.views.test_medicine_pages import DOSE, send
from tests.safe_html import visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FULL = "There is room for 2 medicines on the list"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Room for two, three with what was stopped, and one entry that waits."""
    monkeypatch.setattr(room, "MOST_CURRENT", 2)
    monkeypatch.setattr(room, "MOST_LINES", 3)
    monkeypatch.setattr(room, "MOST_WAITING", 1)


@pytest.fixture
def lines(cast) -> list[MedicationStatement]:
    return [world.add(cast, name) for name in ("lithium", "sertraline")]


def text_of(page) -> str:
    return " ".join(visible_text(page.content.decode()).split())


def stop(cast, line: MedicationStatement) -> None:
    line.refresh_from_db()
    medicines.stop(
        item=line,
        version=line.version,
        why=medicines.Why(day=cast.at.date()),
        outcome=medicines.Outcome(),
        by=cast.user("amina"),
        at=cast.at,
    )


def count() -> int:
    return MedicationStatement.objects.standing().count()


def test_a_full_list_says_so_and_keeps_what_was_typed(cast, lines):
    """Found: five hundred lines were taken, and a printer was busy for 40 s."""
    amina = world.signed_in(cast, "amina")
    first = world.page(cast, "medicines/add/")
    dose = send(amina, first, name="zinc", schedule="daily")
    check = send(amina, send(amina, dose, **DOSE), reason_chip="mood")
    for page in (amina.get(check), amina.post(check)):
        assert page.status_code == 409 and FULL in text_of(page)
        assert "nothing you typed is lost" in text_of(page)
        assert f'href="{check}"' in page.content.decode()
    assert count() == 2 and Draft.objects.get().saved_at is None
    stop(cast, lines[0])
    assert "zinc" in text_of(amina.get(check))
    assert amina.post(check).status_code == 302
    assert count() == 3


def test_what_was_stopped_counts_too_and_later(cast, lines):
    stop(cast, lines[0])
    world.add(cast, "melatonin")
    stop(cast, lines[1])
    with pytest.raises(ListFull, match="3 medicines, with those that were stopped"):
        world.add(cast, "zinc")


def test_what_was_stopped_comes_back_where_there_is_room(cast, lines):
    stop(cast, lines[0])
    world.add(cast, "melatonin")
    amina = world.signed_in(cast, "amina")
    again = world.page(cast, f"medicines/{lines[0].pk}/restart/")
    said = {"version": "2", "when": "today", "decided_by": "prescriber"}
    page = amina.post(again, said | {"note": "As before"})
    assert FULL in text_of(page) and "As before" in page.content.decode()
    stop(cast, lines[1])
    assert amina.post(again, said).status_code == 302


def test_undoing_a_stop_takes_no_room_that_is_taken(cast, lines):
    """Found: stop, add another, undo: one more each time, past every limit."""
    stop(cast, lines[0])
    stopped = TimelineEvent.objects.get(about=lines[0].pk, kind="medicine_stopped")
    new = world.add(cast, "melatonin")
    amina = world.signed_in(cast, "amina")
    undo = reverse("patients:medicine_undo", args=[cast.amina.pk, stopped.pk])
    page = amina.post(undo)
    assert page.status_code == 409 and FULL in text_of(page)
    lines[0].refresh_from_db()
    assert lines[0].status == "stopped"
    stop(cast, new)
    assert amina.post(undo).status_code == 302
    lines[0].refresh_from_db()
    assert lines[0].status == "active"


def test_an_import_adds_what_there_is_room_for_and_says_the_rest(cast, lines):
    file = imported.kept(cast, imported.daily(status="active"))
    amina = world.signed_in(cast, "amina")
    one = imported.only(file)
    address = reverse("patients:import_item", args=[cast.amina.pk, file.pk, one.pk])
    page = amina.post(address, {"answer": "add", "status": "active"})
    assert FULL in text_of(page)
    all_new = reverse("patients:import_all", args=[cast.amina.pk, file.pk])
    assert FULL in text_of(amina.post(all_new, follow=True))
    one.refresh_from_db()
    assert count() == 2 and one.state == "waiting"


def test_an_entry_waits_where_the_list_is_full(cast, lines):
    entry = world.prescribe(cast, name="melatonin")
    address = reverse("patients:entry_answer", args=[cast.amina.pk, entry.pk])
    page = world.signed_in(cast, "amina").post(address, {"answer": "theirs"})
    assert page.status_code == 409 and FULL in text_of(page)
    entry.refresh_from_db()
    assert entry.adopted_at is None and count() == 2


def test_a_prescriber_writes_no_endless_entries_either(cast):
    world.prescribe(cast, name="melatonin")
    with pytest.raises(ListFull, match="1 of your entries wait"):
        world.prescribe(cast, name="lithium")
    assert MedicationRequest.objects.count() == 1


def test_whoever_acts_learns_nothing_of_the_number_of_hidden_lines(cast, lines):
    """Of the lines of the patient's own hand some may not be theirs to know."""
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian")
    add = {"dosage": world.DAILY, "by": rosa.user, "at": cast.at}
    for name in ("melatonin",):
        details = medicines.Details(name=name)
        medicines.add(patient=cast.amina, details=details, **add)
    assert count() == 3


def test_real_lists_are_far_from_it(monkeypatch):
    monkeypatch.undo()
    assert room.MOST_CURRENT >= 100 and room.MOST_LINES >= 500
