""" "Only me, and …": one person is left in, and nobody else learns of it, ever.

Found: "only me, but Dr. Bram may see it" was kept as a list of denies for whoever was
on the team at that moment. Whoever joined later saw the item.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from consents import actions as consents
from consents import decisions, gate, ready
from consents.decisions import Guest, Reader
from consents.models import EmergencyAccess, ItemDeny, ItemExemption
from patients.models import MedicationStatement
from providers import actions as providers
from tests.cast import Cast, newcomer, permit, statement
from tests.consents import guests
from tests.leaks.test_item_privacy import MAKE, address, pages_of, with_canary
from tests.messaging import writing
from tests.patients import medicines_world as world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
]


# A permission that is signed a second time is another one.
PERMISSION = re.compile(rb"(?<=/sharing/)[0-9a-f-]{36}")


@pytest.fixture(autouse=True)
def everyday(cast) -> None:
    """Bram, Jon and Chidi may see the same."""
    for who in (cast.bram, cast.jon, cast.chidi):
        permit(cast.amina, who, at=cast.at)


def amina(cast: Cast) -> Client:
    return world.signed_in(cast, "amina")


def choose(cast: Cast, kind: str, item, *but, keep=("me",), **said):
    """What the patient ticks on the item's page, as it stands."""
    client, place = amina(cast), address(cast, kind, item)
    seen = client.get(place).context["privacy_form"].seen
    named = [str(party.pk) for party in but]
    return client.post(place, {"keep": keep, "but": named, "seen": seen, **said})


# Who they are: each comes only after the patient chose ------------------------------


def jon(cast: Cast) -> Client:
    """On the team all along, at the same place as Bram, who is left in."""
    return writing.signed_in(cast, "jon")


def dana(cast: Cast) -> Client:
    """Joins later."""
    newcomer(cast)
    return writing.signed_in(cast, "dana")


def somebody_new_at_oak(cast: Cast) -> Client:
    """New at Chidi's practice, which has a permission of its own."""
    permit(cast.amina, cast.oak.party, at=cast.at)
    providers.join_organization(
        practitioner=cast.dana.practitioner,
        organization=cast.oak,
        by=cast.user("chidi"),
        at=cast.at,
    )
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    return writing.signed_in(cast, "dana")


OTHERS = (jon, dana, somebody_new_at_oak)


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        pytest.param(kind, other, marks=() if other is dana else pytest.mark.slow)
        for kind in MAKE
        for other in OTHERS
        if (kind, other) != ("substance", jon)
    ],
)
@pytest.mark.capability("S45")
def test_not_a_byte_changes_for_anybody_who_is_not_left_in(cast, kind, other):
    without = told(cast, other)
    item = MAKE[kind](cast)
    with_it = told(cast, other)
    if kind != "substance":  # a clinician's pages may show none of them at all
        assert with_canary(with_it)
    assert choose(cast, kind, item, cast.bram).status_code == 302
    after = told(cast, other)
    assert [page for page in after if after[page] != without[page]] == []
    if kind != "substance":
        assert with_canary(pages_of(cast, writing.signed_in(cast, "bram")))


def told(cast: Cast, other: Callable[[Cast], Client]) -> dict[str, bytes]:
    """All pages of somebody who comes now; and then it never was."""
    with transaction.atomic():
        pages = pages_of(cast, other(cast))
        transaction.set_rollback(True)
    return {page: PERMISSION.sub(b"", body) for page, body in pages.items()}


def by_names(item, *, but, among) -> None:
    """The vulnerable twin: what the code did before."""
    who = {"by": item.patient.user, "at": item.recorded_at}
    for party in among:
        if party != but:
            consents.keep_back(item=item, party=party, **who)


def test_a_list_of_names_does_not_keep_out_who_comes_later(cast):
    item = MAKE["allergy"](cast)
    by_names(item, but=cast.bram, among=(cast.bram, cast.jon, cast.chidi, cast.hana))
    assert not with_canary(told(cast, jon))
    assert with_canary(told(cast, dana))


def test_an_exemption_that_is_read_as_everyones_is_found(cast, monkeypatch):
    """The vulnerable twin of the rule."""
    item = MAKE["allergy"](cast)
    choose(cast, "allergy", item, cast.bram)
    monkeypatch.setattr(ready, "_kept", {})
    monkeypatch.setattr(
        decisions, "_exemptions", lambda _reader: ItemExemption.objects.all()
    )
    assert with_canary(told(cast, dana))


def test_neither_a_code_nor_who_acts_nor_an_emergency_opens_it_to_others(cast):
    item = world.add(cast, "ibuprofen")
    consents.keep_back(item=item, but=[cast.bram], by=cast.amina.user, at=cast.at)
    code = guests.make(cast.amina, at=cast.at).guest_code
    assert not sees(item, Guest(code.consent.recipient_id, "TREAT", cast.at))
    for who in ("bram", "jon"):
        emergency(cast, who)
        assert sees(item, Reader(cast.user(who).pk, "ETREAT", cast.at)) is (
            who == "bram"
        )
    # Left in is not let in: his permission ends, and what is no emergency is closed.
    consents.stop_sharing(
        patient=cast.amina, recipient=cast.bram, by=cast.amina.user, at=cast.at
    )
    assert not sees(item, Reader(cast.user("bram").pk, "TREAT", cast.at))
    assert sees(item, Reader(cast.user("bram").pk, "ETREAT", cast.at))
    consents.keep_back(item=item, party=cast.bram, by=cast.amina.user, at=cast.at)
    assert not sees(item, Reader(cast.user("bram").pk, "ETREAT", cast.at))


def emergency(cast: Cast, who: str) -> EmergencyAccess:
    member = cast.amina.care_team.get(party=getattr(cast, who), ended_at=None)
    return consents.state_emergency(
        member=member, statement=statement(), by=cast.user(who), at=cast.at
    )


def sees(item, reader) -> bool:
    found = decisions.permitted(type(item).objects.filter(pk=item.pk), reader)
    assert found.exists() is decisions.decide(item, reader).permitted
    return found.exists()


# The patient's own page -------------------------------------------------------------


def test_the_page_says_who_is_left_in_and_takes_them_out_at_once(cast):
    item = MAKE["allergy"](cast)
    place = address(cast, "allergy", item)
    choose(cast, "allergy", item, cast.bram, cast.jon)
    page = amina(cast).get(place).content.decode()
    assert "<li>Dr. Bram Visser</li><li>Dr. Jon Ortiz</li>" in page
    sharing = amina(cast).get(world.page(cast, "sharing/")).content.decode()
    assert "Only for you, Dr. Bram Visser and Dr. Jon Ortiz" in sharing
    before = gate.epoch_of(cast.amina.pk)
    saved = choose(cast, "allergy", item, cast.jon)
    assert saved.status_code == 302 and gate.epoch_of(cast.amina.pk) > before
    assert not with_canary(pages_of(cast, writing.signed_in(cast, "bram")))
    assert with_canary(pages_of(cast, writing.signed_in(cast, "jon")))
    over = ItemExemption.objects.get(party=cast.bram)
    assert (over.lifted_by, over.lifted_at is not None) == (cast.amina.user, True)
    # A new "only me" begins with nobody.
    choose(cast, "allergy", item, keep=[])
    choose(cast, "allergy", item)
    assert not with_canary(pages_of(cast, writing.signed_in(cast, "jon")))
    assert ItemExemption.objects.filter(lifted_at=None).count() == 0


def test_whoever_no_permission_covers_is_said_to_see_nothing_yet(cast):
    item = MAKE["allergy"](cast)
    choose(cast, "allergy", item, cast.hana)
    page = amina(cast).get(address(cast, "allergy", item)).content.decode()
    assert "Only you." in page and "You let Hana Diallo in." in page


def test_whoever_left_can_still_be_taken_out(cast):
    item = MAKE["allergy"](cast)
    choose(cast, "allergy", item, cast.bram)
    member = cast.amina.care_team.get(party=cast.bram, ended_at=None)
    consents.leave(participant=member, reason="left", by=cast.amina.user, at=cast.at)
    page = amina(cast).get(address(cast, "allergy", item)).content.decode()
    assert "Not among those who can look here now" in page
    choose(cast, "allergy", item)
    assert not ItemExemption.objects.filter(lifted_at=None).exists()


@pytest.mark.parametrize(
    ("keep", "problem"),
    [
        ((), "Tick “Only me” too."),
        (("me", "bram"), "You ticked Dr. Bram Visser twice."),
    ],
)
def test_what_contradicts_itself_is_asked_again(cast, keep, problem):
    item = MAKE["allergy"](cast)
    ticked = ["me" if one == "me" else str(getattr(cast, one).pk) for one in keep]
    page = choose(cast, "allergy", item, cast.bram, keep=ticked)
    assert page.status_code == 200 and problem in page.content.decode()
    assert not ItemDeny.objects.exists()


def test_a_page_that_is_out_of_date_opens_nothing(cast):
    """Two windows: in one of them he was taken out; the other still has the tick."""
    item = MAKE["allergy"](cast)
    place, client = address(cast, "allergy", item), amina(cast)
    choose(cast, "allergy", item, cast.bram)
    old = client.get(place).context["privacy_form"].seen
    choose(cast, "allergy", item)
    for keep, but in ((["me"], [str(cast.bram.pk)]), ([], [])):
        sent = client.post(place, {"keep": keep, "but": but, "seen": old})
        assert "changed in another window" in sent.content.decode()
    assert not with_canary(pages_of(cast, writing.signed_in(cast, "bram")))
    # What only narrows is done from any page; and twice is once.
    choose(cast, "allergy", item, cast.bram, cast.jon)
    narrow = {"keep": ["me"], "but": [str(cast.jon.pk)], "seen": old}
    for _click in range(2):
        assert client.post(place, narrow).status_code == 302
    assert ItemExemption.objects.filter(lifted_at=None).count() == 1
    assert ItemDeny.objects.count() == 1


def test_a_new_version_and_what_comes_of_it_keep_whom_they_leave_in(cast):
    first = MAKE["update"](cast)
    choose(cast, "update", first, cast.bram)
    said = writing.content(what_changed="CNRYsleep is better.")
    writing.send(cast, "chidi", "bram", "jon", said=said, corrects=first)
    assert with_canary(pages_of(cast, writing.signed_in(cast, "bram")))
    assert not with_canary(told(cast, jon))


def test_a_new_medicine_begins_with_whom_it_leaves_in(cast):
    from patients.actions.medicines import Keep

    keep = Keep(only_me=True, but=(cast.bram,))
    item = world.add(cast, "ibuprofen", keep=keep)
    assert MedicationStatement.objects.get() == item
    assert sees(item, Reader(cast.user("bram").pk, "TREAT", cast.at))
    assert not sees(item, Reader(cast.user("jon").pk, "TREAT", cast.at))
