"""What a file changes on a line of the list: what was shown, and only what is taken."""

from dataclasses import replace
from decimal import Decimal

import pytest

from patients.actions import imports, medicines
from patients.actions.imports import ImportRefused
from patients.codes import MedicineStatus
from tests.patients import medicines_world as world
from tests.patients.imported import accept, daily, kept, mark_of, on_list, only

pytestmark = [pytest.mark.django_db, pytest.mark.capability("S37")]
BUTTON = "Change my line to this dose"


def place_of(cast, item):
    return world.page(cast, f"import/{item.file_id}/{item.pk}/")


def press(cast, item, mark):
    """The button of an open page, as the browser sends it."""
    amina = world.signed_in(cast, "amina")
    sent = {"answer": "change"} | ({"line": mark} if mark else {})
    return amina.post(place_of(cast, item), sent)


def test_the_page_names_the_line_that_its_button_changes(cast):
    line = on_list(cast)
    item = only(kept(cast, daily(100)))
    mark = mark_of(line)
    page = world.signed_in(cast, "amina").get(place_of(cast, item)).content.decode()
    assert BUTTON in page
    assert f'name="line" value="{mark}"' in page
    assert press(cast, item, mark).status_code == 302
    line.refresh_from_db()
    assert line.strength == 100


def test_a_line_changed_in_another_window_stays_as_it_is(cast):
    line = on_list(cast)
    item = only(kept(cast, daily(100)))
    mark = mark_of(line)
    dose = replace(line.dosage, strength=Decimal(75))
    why = world.decided(cast)
    by = {"by": cast.user("amina"), "at": cast.at}
    medicines.change_dose(item=line, version=1, dosage=dose, why=why, **by)
    answer = press(cast, item, mark)
    assert "Your list changed since you opened this page" in answer.content.decode()
    line.refresh_from_db()
    assert (line.strength, line.version) == (75, 2)


def test_another_line_than_the_one_shown_is_never_changed(cast):
    first = on_list(cast)
    item = only(kept(cast, daily(100)))
    renamed = medicines.Details(name="lamotrigine")
    by = {"by": cast.user("amina"), "at": cast.at}
    medicines.correct_details(item=first, version=1, details=renamed, **by)
    second = on_list(cast, strength=25)
    with pytest.raises(ImportRefused):
        accept(item, cast, changes_line=f"{first.pk.hex}.2")
    accept(item, cast, changes_line=mark_of(second))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.strength, second.strength) == (50, 100)


def test_a_button_that_names_no_line_adds_none(cast):
    on_list(cast)
    item = only(kept(cast, daily(100)))
    assert press(cast, item, "").status_code == 200
    assert len(imports.standing(cast.amina).medicines) == 1


@pytest.mark.parametrize("status", ["stopped", "completed", "not-taken", "on-hold"])
def test_what_the_file_calls_stopped_changes_no_dose(cast, status):
    line = on_list(cast)
    item = only(kept(cast, daily(100, status=status)))
    page = world.signed_in(cast, "amina").get(place_of(cast, item)).content.decode()
    assert BUTTON not in page
    assert press(cast, item, mark_of(line)).status_code == 200
    line.refresh_from_db()
    assert (line.strength, line.status) == (50, MedicineStatus.ACTIVE)


def test_a_stopped_line_does_not_start_again_by_a_file(cast):
    line = on_list(cast)
    by = {"by": cast.user("amina"), "at": cast.at}
    medicines.stop(
        item=line,
        version=1,
        outcome=medicines.Outcome(),
        why=world.decided(cast),
        **by,
    )
    item = only(kept(cast, daily(100)))
    page = world.signed_in(cast, "amina").get(place_of(cast, item)).content.decode()
    assert BUTTON not in page
    press(cast, item, mark_of(line))
    line.refresh_from_db()
    assert (line.strength, line.status) == (50, MedicineStatus.STOPPED)


# What the file says was stopped -----------------------------------------------------

EARLIER = "That was an earlier time: add it to stopped"
STOP = "I stopped it too"


@pytest.mark.parametrize("status", ["stopped", "completed"])
def test_what_stands_as_taken_is_stopped_there_and_not_added_beside(cast, status):
    line = on_list(cast)
    item = only(kept(cast, daily(status=status)))
    amina = world.signed_in(cast, "amina")
    page = amina.get(place_of(cast, item)).content.decode()
    stop = world.page(cast, f"medicines/{line.pk}/stop/")
    assert f'class="btn" href="{stop}"' in page and STOP in page
    assert EARLIER in page and ">Add it to stopped<" not in page
    # Said so, it is an earlier time: the line that is taken stays as it is.
    assert amina.post(place_of(cast, item), {"answer": "add"}).status_code == 302
    line.refresh_from_db()
    assert line.status == MedicineStatus.ACTIVE
    assert len(imports.standing(cast.amina).medicines) == 2


def test_with_no_line_of_its_name_it_goes_to_stopped(cast):
    on_list(cast, name="lamotrigine")
    item = only(kept(cast, daily(status="stopped")))
    page = world.signed_in(cast, "amina").get(place_of(cast, item)).content.decode()
    assert "Add it to stopped" in page
    assert EARLIER not in page and STOP not in page


def test_stopped_on_both_sides_it_stands_there_already(cast):
    line = on_list(cast)
    why, by = world.decided(cast), {"by": cast.user("amina"), "at": cast.at}
    medicines.stop(item=line, version=1, outcome=medicines.Outcome(), why=why, **by)
    item = only(kept(cast, daily(status="stopped")))
    page = world.signed_in(cast, "amina").get(place_of(cast, item)).content.decode()
    assert "This stands in your record already." in page
    assert "Add it a second time" in page and STOP not in page
