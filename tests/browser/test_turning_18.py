"""T93: the evening before an 18th birthday, its first seconds, and the morning after.

The server runs in this process, and so does the clock of its database: the hands are
put to the day, and go on from there, for everyone at their browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from patients.models import Patient
from tests.browser.people import PASSWORD, PHONE, House, Person
from tests.browser.steps import sign

TEN_SECONDS = 10_000
EVENING = timedelta(minutes=20)


@pytest.fixture
def iris(house: House) -> Patient:
    return Patient.objects.get(name="Iris Vale")


@pytest.fixture
def hands(iris: Patient) -> Iterator[None]:
    """From the evening before on."""
    with time_machine.travel(turns(iris) - EVENING, tick=True):
        yield


def turns(patient: Patient) -> datetime:
    assert patient.majority_at
    return patient.majority_at


def answers(father: Person, chart: str) -> list[int]:
    pages = ("", "sharing/", "summary.pdf")
    return [father.page.request.get(f"{chart}{page}").status for page in pages]


def reads_and_acts(father: Person, chart: str) -> None:
    father.go("/notices/")
    father.reads("you no longer act for them here, and see nothing more")
    father.go(f"{chart}sharing/")
    father.reads("Share with someone", "Stop sharing with Sam Okafor")
    assert answers(father, chart) == [200, 200, 200]
    father.go(chart)
    father.reads("sertraline", "You act for Iris Vale as parent")


def is_a_stranger(father: Person, chart: str) -> None:
    """The tab that was open all evening first; then whatever is asked for."""
    father.page.wait_for_function(
        "() => !document.body.innerText.includes('sertraline')", timeout=TEN_SECONDS
    )
    assert answers(father, chart) == [404, 404, 404]
    father.go("/")
    father.reads("There is nobody here now")
    father.go("/notices/")
    father.reads("No new notices")


def lets_in_anew(child: Person) -> None:
    """By one permission, from the first page of an adult."""
    child.press("Share something with Owen Vale")
    child.choose("preset", "medicines")
    child.press("Continue")
    child.choose("purposes")
    child.choose("ends", "6")
    child.press("Continue")
    child.reads("Owen Vale comes onto it too, as family")
    child.does_not_read("Owen Vale sees nothing")
    # Signed in last evening: once more who it is.
    child.write("password", PASSWORD)
    sign(child, "Iris Vale")
    child.reads("Signed. They can see it from now on.")


@pytest.mark.security("T93", "T23")
@pytest.mark.capability("X1")
def test_what_a_birthday_ends_for_a_parent_and_asks_of_an_adult(
    house: House, iris: Patient, hands: None
) -> None:
    chart = f"/patients/{iris.pk}/"
    child = house.sign_in("almost18", width=PHONE)
    child.reads("you alone decide who sees what")
    father = house.sign_in("parent2", width=PHONE)
    reads_and_acts(father, chart)

    with time_machine.travel(turns(iris), tick=True):
        is_a_stranger(father, chart)
        child.reload()
        child.press("Keep, change or stop the 2 things your parents signed for you")
        child.reads("You are an adult. You alone decide", "Signed for you by Owen Vale")
        child.press("Stop it")
        child.press("Stop")
        child.go(f"{chart}sharing/yours-now/")
        assert child.text.count("Signed for you by Owen Vale") == 1
        child.count_again()
        lets_in_anew(child)
        assert child.pages <= 5
        father.go(chart)
        father.reads("sertraline")
        father.does_not_read("You act for Iris Vale")
        child.go(f"{chart}sharing/log/")
        child.reads("Owen Vale", "acting for you", "Asked for, not shown")
