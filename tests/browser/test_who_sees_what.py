"""Everyone sees their part, and nobody learns that there is more."""

from __future__ import annotations

import pytest

from tests.browser.people import House

SECRET = ("quetiapine", "bipolar", "panic", "paliperidone", "hives")


@pytest.mark.parametrize("who", ["outsider", "supervisor", "privacy", "admin"])
def test_who_is_not_on_the_team_finds_no_such_page(house: House, who: str) -> None:
    person = house.sign_in(who, width=390, javascript=False)
    person.does_not_read("Jordan Rivera", *SECRET)
    chart = f"/patients/{house.jordan}/"
    unknown = chart.replace(house.jordan, house.jordan[::-1])
    for noun in ("", "medicines/", "summary/", "summary.pdf", "updates/", "sharing/"):
        answer = person.go(chart + noun)
        there = person.page.locator("main").inner_text()
        assert answer.status == 404
        person.go(unknown + noun)
        assert person.page.locator("main").inner_text() == there


def test_a_caregiver_sees_medicines_and_goals_and_no_more(house: House) -> None:
    person = house.sign_in("caregiver", width=390, javascript=False)
    person.reads("What Jordan lets you see")  # who helps one person lands there
    person.reads("quetiapine")
    person.open_all()
    person.reads("1 panic attack a week or fewer")
    person.does_not_read("Bipolar", "Wakes at 3 am, 5 nights", "Drinks 4 evenings")
    person.does_not_read("diphenhydrAMINE", "hidden", "withheld")
    assert person.go(f"/patients/{house.jordan}/sharing/").status == 404
    assert person.go("/worklist/").status == 404


def test_what_the_patient_keeps_back_is_on_no_page_of_others(house: House) -> None:
    chart = f"/patients/{house.jordan}/"
    for who in ("therapist", "psychiatrist", "pcp", "caregiver"):
        person = house.sign_in(who, javascript=False)
        for noun in ("", "medicines/", "list/", "summary/", "summary.txt"):
            said = person.page.request.get(chart + noun).text().lower()
            assert "diphenhydramine" not in said, f"{who} at {noun}"
        assert "diphenhydramine" not in house.sign_in(who).text.lower()
