"""T23: an open tab loses what its reader lost, and nobody else's tab is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from carecoord import middleware
from consents import actions
from consents.access import still
from consents.access.still import is_still_shown
from consents.codes import CATEGORIES
from consents.models import ConsentGate
from patients.models import Condition, Goal, MedicationStatement
from providers.codes import EndReason
from tests.cast import Cast, never, permit
from tests.consents import cases
from tests.consents.acting import record, relative
from tests.consents.tabs import asked, carried, tab
from tests.consents.test_minors import family, signed_by_parent  # noqa: F401
from tests.messaging import writing
from tests.patients import records


@pytest.fixture
def told(cast: Cast, settings) -> Cast:
    settings.DEMO = True
    records.fill(cast.amina, cast.at, psychiatrist=cast.bram)
    cast.update = writing.send(cast, "bram", "jon")
    return cast


def stop(cast: Cast, who: str) -> None:
    actions.stop_sharing(
        patient=cast.amina,
        recipient=getattr(cast, who),
        by=cast.amina.user,
        at=cast.at,
    )


def deny(cast: Cast, who: str, kind: str = "conditions") -> None:
    kinds = CATEGORIES[kind]
    never(cast.amina, getattr(cast, who), at=cast.at, categories=kinds)


def leave(cast: Cast, who: str) -> None:
    member = cast.amina.care_team.get(party=getattr(cast, who))
    actions.leave(
        participant=member,
        by=cast.amina.user,
        at=cast.at,
        reason=EndReason.ENDED_BY_PATIENT,
    )


def keep_back(cast: Cast, who: str) -> None:
    item = MedicationStatement.objects.filter(patient=cast.amina).first()
    actions.keep_back(
        item=item, by=cast.amina.user, at=cast.at, party=getattr(cast, who)
    )


@pytest.mark.slow
@pytest.mark.security("T23")
@pytest.mark.parametrize("change", [stop, deny, leave, keep_back])
def test_who_loses_something_on_the_page_is_told_at_the_next_asking(told, change):
    bram, his = tab(told, "bram")
    jon, hers = tab(told, "jon")
    assert (asked(bram, his), asked(jon, hers)) == (204, 204)
    change(told, "bram")
    assert asked(bram, his) == 286
    # Nobody else's tab is touched: what they type or print stays.
    assert asked(jon, hers) == 204


@pytest.mark.security("T23")
def test_a_late_tab_of_what_is_gone_is_answered_and_fails_on_nothing(told: Cast):
    bram, shown = tab(told, "bram")
    ConsentGate.objects.filter(patient=told.amina).delete()
    assert asked(bram, shown) in (204, 286)


@pytest.mark.security("T23")
def test_an_update_on_the_screen_goes_too(told: Cast):
    jon, shown = tab(told, "jon", f"updates/{told.update.pk}/")
    stop(told, "jon")
    assert asked(jon, shown) == 286


def test_who_is_on_the_team_goes_from_the_screen_too(told: Cast):
    """The roster is no item: it is shared whole, or not."""
    client, shown = tab(told, "bram", "team/")
    assert asked(client, shown) == 204
    deny(told, "bram", "care_team")
    assert asked(client, shown) == 286


def test_what_is_added_or_kept_from_the_page_of_no_reader_changes_nothing(told: Cast):
    bram, shown = tab(told, "bram")
    hidden = records.item(
        Condition, told.amina, "substances", told.at, name="never shared"
    )
    actions.keep_back(item=hidden, by=told.amina.user, at=told.at)
    records.item(Goal, told.amina, "goals", told.at, what="new")
    permit(told.amina, told.chidi, at=told.at)
    assert asked(bram, shown) == 204


def test_the_end_of_a_permission_needs_no_event(told: Cast):
    _bram, shown = tab(told, "bram")
    ends = told.amina_to_bram.ends_at
    user = told.user("bram")
    assert is_still_shown(user, shown, ends - timedelta(microseconds=1))
    assert not is_still_shown(user, shown, ends)


@pytest.mark.slow
def test_who_acts_for_the_patient_keeps_the_page_until_that_ends(told: Cast):
    rosa = relative(told.amina, "Rosa Diallo")
    held = record(told, told.amina, rosa, "agent")
    client = Client()
    client.force_login(rosa.user)
    html = client.get(f"/patients/{told.amina.pk}/").content.decode()
    shown = carried(html)
    assert asked(client, shown) == 204
    actions.end_representative(representative=held, by=told.ines, at=told.at)
    assert asked(client, shown) == 286


@pytest.mark.security("T23")
def test_pages_without_a_row_go_too_when_somebody_acts_no_longer(told: Cast, family):  # noqa: F811
    """Who shares what, the codes, the receipts: nothing of the record, and yet hers."""
    noor, rosa = family
    client = Client()
    client.force_login(rosa.user)
    for page in ("sharing/", "sharing/codes/", "sharing/receipts/", "sharing/log/"):
        html = client.get(f"/patients/{noor.pk}/{page}").content.decode()
        shown = carried(html)
        assert asked(client, shown) == 204, page
        turns = noor.majority_at
        assert is_still_shown(rosa.user, shown, turns - timedelta(microseconds=1))
        assert not is_still_shown(rosa.user, shown, turns)
        assert not is_still_shown(told.user("bram"), shown, told.at)


@pytest.mark.security("T23")
def test_a_page_of_two_patients_goes_when_either_is_over(told: Cast, family):  # noqa: F811
    noor, rosa = family
    hers = relative(told.amina, "Rosa Haddad", user=rosa.user)
    held = record(told, told.amina, hers, "agent")
    hers_too = noor.representatives.get()
    shown = still.acts_for([hers_too.pk, held.pk])
    assert is_still_shown(rosa.user, shown, told.at)
    actions.end_representative(representative=held, by=told.ines, at=told.at)
    assert not is_still_shown(rosa.user, shown, told.at)
    assert is_still_shown(rosa.user, still.acts_for([hers_too.pk]), told.at)


def test_without_the_mark_such_a_page_stood_for_ever(family, monkeypatch):  # noqa: F811
    """The twin: the page asks for nothing, so it would never have gone."""
    monkeypatch.setattr(middleware, "acts_for", lambda patients: "")
    noor, rosa = family
    client = Client()
    client.force_login(rosa.user)
    html = client.get(f"/patients/{noor.pk}/sharing/").content.decode()
    assert 'data-shown=""' in html


def test_what_a_parent_signed_ends_on_an_open_tab_too(told: Cast, family):  # noqa: F811
    noor, _rosa = family
    actions.join(
        patient=noor, party=told.bram, role="psychiatrist", by=noor.user, at=told.at
    )
    signed_by_parent(told, noor, told.bram)
    records.item(Condition, noor, "conditions", told.at, name="CNRYsigned")
    client = Client()
    client.force_login(told.user("bram"))
    html = client.get(f"/patients/{noor.pk}/").content.decode()
    assert "CNRYsigned" in html
    shown = carried(html)
    user, over = told.user("bram"), noor.carried_until
    assert is_still_shown(user, shown, over - timedelta(microseconds=1))
    assert not is_still_shown(user, shown, over)


def _named_off_the_team(told: Cast, over) -> tuple[int, int]:
    """Dana, on no team, before and after it is over for her."""
    item = records.item(Condition, told.amina, "conditions", told.at, name="CNRYpicked")
    case = cases.opened(told)
    cases.steps(told, case)
    content = cases.content(told, case, item, inside=("dana",))
    dana = Client()
    dana.force_login(told.user("dana"))
    html = dana.get(f"/disclosed/{content.pk}/").content.decode()
    assert "CNRYpicked" in html
    shown = carried(html)
    before = asked(dana, shown)
    over(told, content)
    return before, asked(dana, shown)


def _withdrawn(told: Cast, content) -> None:
    type(content).objects.filter(pk=content.pk).update(
        withdrawn_at=told.at, withdrawn_by=told.user("bram")
    )


def _closed(told: Cast, content) -> None:
    type(content.case).objects.filter(pk=content.case_id).update(
        closed_at=told.at, closed_by=told.user("bram")
    )


@pytest.mark.parametrize("over", [_withdrawn, _closed])
def test_whom_a_case_names_keeps_the_page_on_no_team_until_it_is_over(told, over):
    assert _named_off_the_team(told, over) == (204, 286)


def test_the_test_of_whom_a_case_names_fails_where_only_the_team_is_known(
    told, monkeypatch
):
    """The twin: the page loaded itself again every four seconds."""
    monkeypatch.setattr(still, "OF_CASES", ())
    assert _named_off_the_team(told, _closed) == (286, 286)


def test_who_left_the_team_keeps_no_page_of_a_patient_by_way_of_a_case(told: Cast):
    bram, shown = tab(told, "bram")
    cases.opened(told)
    leave(told, "bram")
    assert asked(bram, shown) == 286


def test_the_patients_own_page_never_asks(told: Cast):
    _amina, shown = tab(told, "amina")
    assert shown == ""


@pytest.mark.parametrize("shown", ["", "x", "0" * 32, "0" * 33])
def test_numbers_of_nobody_and_of_others_are_one_answer(told: Cast, shown: str):
    _jon, hers = tab(told, "jon")
    bram, _his = tab(told, "bram")
    assert asked(bram, shown) == asked(bram, hers) == 286


def test_asking_extends_no_session_and_writes_nothing(told: Cast):
    from tests.sweeps import tables

    bram, shown = tab(told, "bram")
    before = bram.session["seen_at"]
    with tables.unchanged():
        asked(bram, shown)
    assert bram.session["seen_at"] == before
    assert Client().get(f"/still/?shown={shown}").status_code == 302
