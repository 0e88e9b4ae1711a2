""" "This looks wrong" for whoever stands in "who looked", on the team or not (S54)."""

import pytest
from django.test import Client

from consents import actions, withheld
from consents.actions import exceptional
from consents.models import PrivacyReport
from patients.actions import team
from patients.models import Condition
from tests.consents import acting, cases
from tests.consents.test_emergency import item, state
from tests.consents.views.pages import NOBODY, Pages, sign_in, text_of

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.capability("S54")]


def blocked(cast, who) -> None:
    member = cast.amina.care_team.get(party=getattr(cast, who), ended_at=None)
    team.remove(participant=member, by=cast.amina.user, at=cast.at, block=True)


def in_an_emergency(cast):
    """Chidi, with whom nothing was ever signed, read the core, and was blocked."""
    item(cast, Condition, "conditions", name="asthma")
    state(cast, "chidi")
    reads(cast.user("chidi"), f"/patients/{cast.amina.pk}/emergency/page/")
    blocked(cast, "chidi")
    return cast.chidi


def by_a_paper(cast):
    """Rosa acts for Amina by a court's paper, and is on no team."""
    rosa = acting.relative(cast.amina, "Rosa Diallo")
    acting.record(cast, cast.amina, rosa, "guardian")
    item(cast, Condition, "conditions", name="asthma")
    reads(rosa.user, f"/patients/{cast.amina.pk}/")
    return rosa


def by_an_exception(cast):
    """Chidi was named in a case, Amina was told of it, and blocked Chidi."""
    named = cases.documented(cast, inside=("chidi",))
    reads(cast.user("chidi"), f"/disclosed/{named.content.pk}/")
    exceptional.tell_patient_of_case(
        case=named.case,
        told_at=cast.at,
        words="What I told, and whom.",
        support="",
        by=cast.user("bram"),
        at=cast.at,
    )
    blocked(cast, "chidi")
    return cast.chidi


def reads(user, address: str) -> None:
    client = Client()
    sign_in(client, user)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("looked", [in_an_emergency, by_a_paper, by_an_exception])
def test_each_look_that_is_told_can_be_reported(cast, amina: Pages, looked):
    party = looked(cast)
    address = amina.address("looks_wrong", party.pk)
    assert address in text_of(amina.get("log")), "the list offers it"
    page = text_of(amina.get("looks_wrong", party.pk))
    assert f"No permission of yours names {party.name} now." in page
    amina.send(reason="should_not")
    assert PrivacyReport.objects.get().about == party
    for link in ("person", "representatives"):
        offered = amina.address(link, *([party.pk] if link == "person" else []))
        if offered in page:
            assert amina.client.get(offered).status_code == 200, "no way leads nowhere"
    assert amina.get("log", who=party.pk).status_code == 200


def a_look_that_waits(cast, amina: Pages) -> int:
    """The status for Chidi, who reads under a case that Amina is not told of yet."""
    named = cases.documented(cast, inside=("chidi",))
    blocked(cast, "chidi")
    reads(cast.user("chidi"), f"/disclosed/{named.content.pk}/")
    return amina.get("looks_wrong", cast.chidi.pk).status_code


@pytest.mark.security("T05")
def test_a_look_that_waits_is_no_look(cast, amina: Pages):
    assert a_look_that_waits(cast, amina) == 404
    assert amina.get("looks_wrong", NOBODY).status_code == 404
    assert amina.get("log", who=cast.chidi.pk).status_code == 404


def test_the_test_of_it_fails_where_what_waits_is_asked_for_too(
    cast, amina: Pages, monkeypatch
):
    monkeypatch.setattr(withheld, "told", lambda rows, **_of_whom: rows)
    assert a_look_that_waits(cast, amina) == 200


def test_who_acts_or_treats_reports_nobody_there(cast):
    """Only the patient reads who looked in full."""
    party = in_an_emergency(cast)
    actions.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    for user in (cast.user("dana"), cast.user("hana"), by_a_paper(cast).user):
        pages = Pages(Client(), user, cast.amina)
        assert pages.get("looks_wrong", party.pk).status_code == 404


@pytest.mark.capability("S71")
def test_who_acts_for_a_small_child_reports_a_clinician(cast):
    """Nobody else can: the child has no sign-in. The officer reads it, nobody else."""
    mia = acting.small_child(cast, 6)
    rosa = acting.relative(mia, "Rosa Haddad")
    acting.record(cast, mia, rosa, "parent")
    pages = Pages(Client(), rosa.user, mia)
    for name in ("sharing", "emergency_opened"):
        assert pages.address("report_conduct") in text_of(pages.get(name))
    form = text_of(pages.get("report_conduct"))
    assert "Write who it is about." in text_of(pages.send(reason="behaviour")), form
    sent = pages.send(about_words="The therapist, Mr. Lee", reason="behaviour")
    row = PrivacyReport.objects.get()
    assert sent.headers["Location"] == pages.address("report", row.pk)
    assert "The therapist, Mr. Lee" in text_of(pages.get("report", row.pk))
    assert row.reported_by == rosa.user
    pages.client.force_login(cast.ines)
    office = pages.client.get(f"/privacy/reports/{row.pk}/")
    assert "The therapist, Mr. Lee" in text_of(office)
    other = acting.relative(mia, "Omar Haddad")
    acting.record(cast, mia, other, "guardian")
    theirs = Pages(Client(), other.user, mia)
    assert "Mr. Lee" not in text_of(theirs.get("reports"))
    assert theirs.get("report", row.pk).status_code == 404
