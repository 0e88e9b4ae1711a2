"""T1 to T4 by taps: confirm the list, add to it, change a dose, stop something."""

from __future__ import annotations

from tests.browser.people import House
from tests.browser.steps import value_of


def test_the_list_is_confirmed_in_two_taps(house: House, view) -> None:
    patient = house.sign_in("patient", width=view[0], javascript=view[1])
    patient.press("Check your medicine list")
    patient.reads("Is there anything you take, or stopped, that is not here?")
    patient.press("No, it is all here")
    assert patient.taps <= 2, "the list is confirmed in 2 taps (T1)"
    patient.go("/")
    patient.does_not_read("Check your medicine list")


def test_a_medicine_is_added_and_another_stopped(house: House, view) -> None:
    patient = house.sign_in("patient2", width=view[0], javascript=view[1])
    patient.go(f"/patients/{house.park}/medicines/")
    patient.count_again()
    patient.press("Add a medicine")
    patient.write("name", "folic acid")
    patient.choose("schedule", "daily")
    patient.press("Continue")
    patient.choose("label", value_of(patient, "label", "0.4 mg"))
    patient.write("morning", "1")
    patient.press("Continue")
    patient.press("Continue")
    patient.reads("0.4 mg", "in the morning")
    patient.press("Save medicine")
    assert patient.taps <= 12, "a medicine is added with 12 taps (T2)"
    assert patient.pages <= 5, "four pages, then the list (T2)"
    patient.reads("Saved.", "0.4 mg (1 tablet) in the morning. 0.4 mg a day.")
    patient.count_again()
    patient.press("Stopped taking: sertraline")
    patient.choose("what", "for_now")
    patient.press("Continue")
    patient.reads("Get help now if")
    patient.choose("when", "today")
    patient.choose("decided_by", "prescriber")
    patient.press("Save")
    assert patient.taps <= 7, "a medicine is stopped with 7 taps (T4)"
    assert patient.pages <= 3, "two pages, then the list (T4)"
    patient.reads("Stopped (1)")


def test_a_dose_is_changed_in_eight_taps_on_two_pages(house: House, view) -> None:
    patient = house.sign_in("patient2", width=view[0], javascript=view[1])
    patient.go(f"/patients/{house.park}/medicines/")
    patient.count_again()
    patient.press("Change dose: sertraline")
    patient.write("morning", "2")
    patient.press("Continue")
    patient.reads("to 100 mg")
    patient.choose("when", "yesterday")
    patient.choose("decided_by", "prescriber")
    patient.choose("reason", "not_helping")
    patient.press("Save")
    assert patient.taps <= 8, "a dose is changed with 8 taps (T3)"
    assert patient.pages <= 3, "two pages, then the list (T3)"
    patient.reads("Saved.", "100 mg")


def test_missed_and_ran_out_are_one_tap_from_home(house: House, view) -> None:
    patient = house.sign_in("patient", width=view[0], javascript=view[1])
    for words in ("Missed: quetiapine", "Ran out: quetiapine"):
        patient.go("/")
        patient.count_again()
        patient.press(words)
        assert patient.taps == 1
        patient.reads("Saved")
        patient.press("Undo")


def test_no_other_schedule_can_be_read_as_daily(house: House) -> None:
    for who in ("patient", "psychiatrist"):
        person = house.sign_in(who, width=390, javascript=False)
        person.go(f"/patients/{house.jordan}/medicines/")
        person.reads(
            "156 mg (1 injection), every 4 weeks.",
            "10 mg (1 tablet) only when needed for panic before work, at least 6 hours "
            "apart, at most 3 tablets (30 mg) in 24 hours.",
            "Step plan: from",
            "40 mg (4 tablets) in the morning",
        )
        person.does_not_read("156 mg a day", "30 mg a day")
