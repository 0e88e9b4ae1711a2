"""Who looks after each test: by its rhythm, by choice, and on whose page it is late."""

from __future__ import annotations

from datetime import date

import pytest

from consents import actions as consents
from consents.access import Reading, open_for
from consents.codes import CATEGORIES
from patients.access.monitoring import load_monitoring
from patients.access.owners import load_owners
from patients.actions import owners
from patients.models import TestOwner
from patients.monitoring import book
from tests.cast import permit
from tests.patients import medicines_world as world
from tests.patients.views.test_tests import card, choose, lithium, own_labs, work

__all__ = ["lithium"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.mark.capability("S24")
def test_each_test_has_its_own_owner(cast):
    own_labs(cast, "jon")
    started = {"started_date": date(2026, 1, 5), "started_precision": "day"}
    world.add(cast, "lithium", prescriber=cast.bram, **started)
    # The level is the prescriber's by the rhythm, the organs whoever has the labs.
    assert "Dr. Bram Visser looks after it." in card(cast, "amina")
    assert "You look after it." in card(cast, "bram")
    assert "Dr. Jon Ortiz" in card(cast, "amina", "Kidney: creatinine")
    mine, others = work(cast, "jon").split("Other late tests of your patient")
    assert "Kidney: creatinine" in mine and "Lithium level" not in mine
    assert "Lithium level" in others and "Dr. Bram Visser looks after it." in others
    theirs = work(cast, "bram")
    assert "Lithium level" in theirs and "creatinine" not in theirs
    assert "Other late tests" not in theirs
    # Changed on the page, and back.
    assert choose(cast, "jon").status_code == 302
    assert "Dr. Jon Ortiz looks after it." in card(cast, "bram")
    assert "Tests you look after" not in work(cast, "bram")
    assert "Lithium level" in work(cast, "jon").split("Other late tests")[0]
    assert choose(cast, "usual").status_code == 302
    assert "You look after it." in card(cast, "bram")


@pytest.mark.parametrize("who", ["bram", "chidi", "hana"])
def test_only_the_patient_says_who_looks_after_a_test(cast, lithium, who):
    assert choose(cast, "jon", by=who).status_code == 404
    assert TestOwner.objects.count() == 0


def test_somebody_outside_the_team_can_not_be_chosen(cast, lithium):
    assert choose(cast, "dana").status_code == 200
    with pytest.raises(owners.NotOnTheTeam):
        owners.choose(
            patient=cast.amina,
            test=book().tests["lithium_level"],
            owner=cast.dana,
            by=cast.user("amina"),
            at=cast.at,
        )


def test_who_left_the_team_looks_after_nothing(cast, lithium):
    own_labs(cast, "jon")
    assert choose(cast, "bram").status_code == 302
    consents.leave(
        participant=cast.amina.care_team.get(party=cast.bram),
        reason="left",
        by=cast.user("amina"),
        at=cast.at,
    )
    assert "Dr. Jon Ortiz looks after it." in card(cast, "amina")


def without_the_team(cast) -> None:
    """Jon has the labs; Bram is shown medicines and tests, and not the team."""
    own_labs(cast, "jon")
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)
    few = CATEGORIES.mask("medications", "allergies", "measures")
    permit(cast.amina, cast.bram, at=cast.at, categories=few)


def test_without_the_team_only_the_own_part_is_said(cast, lithium):
    without_the_team(cast)
    said = "Who looks after it: not part of what is shared here. Ask."
    assert said in card(cast, "bram")
    assert choose(cast, "bram").status_code == 302
    assert "You look after it." in card(cast, "bram")
    assert said in card(cast, "bram", "Kidney: creatinine")


def test_the_name_is_not_even_loaded_for_who_does_not_know_the_team(cast, lithium):
    """Every page that draws an owner later rests on this, whatever its words."""
    without_the_team(cast)
    assert owner_for(cast, "amina").name == "Dr. Jon Ortiz"
    assert owner_for(cast, "bram").party is None


def owner_for(cast, who: str):
    reading = Reading(user=cast.user(who), entrance="patients:tests")
    reading.__dict__["at"] = cast.at
    opened = open_for(reading, cast.amina.pk, writes=False)
    return load_owners(opened, load_monitoring(opened).asked)["lithium_level"]
