"""An open tab with a colleague's words, when writer and reader share no place any more.

Within one place it is read for treatment, between two for coordination
(messaging/access): who may read for one of the two only loses it, or has it, with the
place (T23).
"""

import pytest
from django.core.management import call_command

from consents import actions as consents
from consents.access import still
from consents.codes import PURPOSES
from patients.actions import people
from tests.cast import Cast, permit
from tests.consents.tabs import GONE, STILL, asked, tab
from tests.messaging import writing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

BY = "edo@cast.example"


def only_for(cast: Cast, purpose: str) -> None:
    by = {"by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(patient=cast.amina, recipient=cast.jon, **by)
    permit(cast.amina, cast.jon, at=cast.at, purposes=PURPOSES[purpose])


def leave(who: str) -> None:
    call_command("leave_organization", who, "Harbor Clinic", by=BY)


def open_tab(cast: Cast):
    """Jon, who may read for treatment only, before what his colleague Bram wrote."""
    only_for(cast, "TREAT")
    update = writing.send(cast, "bram", "jon")
    jon, shown = tab(cast, "jon", f"updates/{update.pk}/")
    assert asked(jon, shown) == STILL
    return jon, shown


@pytest.mark.security("T23")
@pytest.mark.parametrize("who", ["jon", "bram"])
def test_who_leaves_the_place_takes_it_from_the_open_tab(cast: Cast, who):
    jon, shown = open_tab(cast)
    leave(f"{who}@cast.example")
    assert asked(jon, shown) == GONE


@pytest.mark.security("T23")
def test_so_does_a_writer_who_left_the_team_before(cast: Cast):
    only_for(cast, "TREAT")
    update = writing.send(cast, "bram", "jon")
    member = cast.amina.care_team.get(party=cast.bram)
    by = {"by": cast.amina.user, "at": cast.at}
    consents.leave(participant=member, reason="ended_by_patient", **by)
    # Within one place it is for treatment still.
    jon, shown = tab(cast, "jon", f"updates/{update.pk}/")
    assert asked(jon, shown) == STILL
    leave("bram@cast.example")
    assert asked(jon, shown) == GONE


@pytest.mark.security("T23")
def test_who_joins_the_place_reads_for_coordination_no_longer(cast: Cast):
    leave("bram@cast.example")
    only_for(cast, "COC")
    update = writing.send(cast, "bram", "jon")
    jon, shown = tab(cast, "jon", f"updates/{update.pk}/")
    assert asked(jon, shown) == STILL
    call_command("join_organization", "bram@cast.example", "Harbor Clinic")
    assert asked(jon, shown) == GONE


def test_who_may_read_for_both_keeps_the_chart(cast: Cast):
    """What no clinician sent to another stands in the chart, whoever wrote it."""
    jon, shown = tab(cast, "jon")
    leave("bram@cast.example")
    assert asked(jon, shown) == STILL


@pytest.mark.parametrize("who", ["jon", "bram"])
def test_asked_without_the_page_that_tab_stays_open(cast: Cast, who, monkeypatch):
    """The vulnerable twin: the rule alone knows of no place."""
    monkeypatch.setattr(still, "_opened", lambda model, reader: still.Q())
    with pytest.raises(AssertionError, match="204 == 286"):
        test_who_leaves_the_place_takes_it_from_the_open_tab(cast, who)


def test_where_only_the_team_is_told_that_tab_stays_open(cast: Cast, monkeypatch):
    """The vulnerable twin: the gates of those who wrote once do not move."""
    monkeypatch.setattr(people, "_wrote_of", lambda practitioner: set())
    with pytest.raises(AssertionError, match="204 == 286"):
        test_so_does_a_writer_who_left_the_team_before(cast)
