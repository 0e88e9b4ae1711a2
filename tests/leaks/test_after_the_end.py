"""T17, T22, T90: after it ends, the world is that of somebody it never began for.

Two clinicians of the same kind on Amina's team: one had her permission and lost it, the
other never had one. Every page of the site, on every channel, answers both alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from carecoord.models import OutgoingMail
from consents import actions
from consents.codes import CATEGORIES, PURPOSES
from messaging.sweeping import Sweep
from patients.actions import team
from providers import actions as providers
from providers.codes import EndReason
from providers.models import Party
from tests import cast as people
from tests.cast import permit
from tests.messaging import writing
from tests.messaging.delivering import TEN_MINUTES, change, sweep
from tests.sweeps import requests, world
from tests.sweeps.addresses import all_addresses
from tests.sweeps.urls import DEVELOPMENT, LINES, NOT_CLINICAL
from tests.sweeps.world import World

SAVED = {
    "If-None-Match": "*",
    "If-Modified-Since": "Wed, 25 Nov 2020 10:00:00 GMT",
    "If-Range": '"x"',
    "Range": "bytes=0-10",
}
# The clock, and the mark of who reads: a tab asks with it whether they are still here.
CLOCK = re.compile(rb'\d{1,2}:\d\d(:\d\d)?|data-here-url="[^"]*"')
# Its bytes hold a number drawn for each sheet; its text is read elsewhere.
LEFT_OUT = DEVELOPMENT | NOT_CLINICAL | {"patients:master_list_pdf"}
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
# A signed "never" holds in an emergency too, and whoever states one is told so.
TOLD_OF_A_DENY = ["consents:emergency"]


@pytest.fixture
def built(db, settings) -> Iterator[World]:
    settings.DEMO = True
    return world.build()


def clinician(built: World, name: str) -> Party:
    """A psychiatrist of Far Hospital, on Amina's team."""
    cast = built.cast
    user = people.user(name)
    person = providers.add_practitioner(
        name=name, profession="psychiatrist", user=user, phone="(555) 010-0170"
    )
    far = cast.dana.practitioner.roles.get().organization
    providers.join_organization(
        practitioner=person, organization=far, by=user, at=cast.at - timedelta(days=9)
    )
    return person.party


def join(built: World, party: Party) -> None:
    cast = built.cast
    actions.join(
        patient=cast.amina,
        party=party,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at - timedelta(days=9),
    )


def browser(party: Party) -> Client:
    client = Client(headers={"X-Poll": "1"})
    client.force_login(party.user)
    client.get("/healthz")
    return client


def told(
    built: World, party: Party, method: str = "get", **headers: str
) -> dict[str, tuple]:
    """Status, headers and page of every address of Amina's, and of one's own lists."""
    client = browser(party)
    ask = getattr(client, method)
    found = {}
    for address in all_addresses():
        line = LINES.get(address.name)
        if line is None or address.name in LEFT_OUT:
            continue
        if any(line.ids.get(part, part) not in built.ids for part in address.parts):
            continue
        if "patient_id" not in address.parts and address.parts:
            continue
        response = ask(requests.path(built, address, line), headers=headers)
        said = repr(sorted(requests.headers_of(response).items())).encode()
        body = requests.TOKENS.sub(b"", writing.bytes_of(response))
        found[address.name] = (
            response.status_code,
            bare(said, party),
            bare(body, party),
        )
    return found


def bare(said: bytes, party: Party) -> bytes:
    for own in (party.name, party.user.email, str(party.pk), str(party.user_id)):
        said = said.replace(own.encode(), b"(me)")
    return CLOCK.sub(b"", said)


def differing(one: dict, other: dict) -> list[str]:
    return [name for name in one if one[name] != other[name]]


# How it can end. Each gets the one who had a permission, and does the same to the other
# where the end is not about the permission.


def stopped(built: World, party: Party, other: Party) -> None:
    cast = built.cast
    permit(cast.amina, party, at=cast.at)
    look(built, party)
    actions.stop_sharing(
        patient=cast.amina, recipient=party, by=cast.amina.user, at=cast.at
    )


def expired(built: World, party: Party, other: Party) -> None:
    """It was used until its end, which passes by itself."""
    at = built.cast.at
    permit(built.cast.amina, party, at=at, ends_at=at + HOUR)
    look(built, party)


def denied(built: World, party: Party, other: Party) -> None:
    cast = built.cast
    permit(cast.amina, party, at=cast.at)
    look(built, party)
    actions.deny(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=party,
            categories=CATEGORIES.all,
            purposes=PURPOSES.all,
            starts_at=cast.at - timedelta(days=1),
            ends_at=cast.at + timedelta(days=99),
        ),
        signature=people.signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )


def left(built: World, party: Party, other: Party) -> None:
    cast = built.cast
    permit(cast.amina, party, at=cast.at)
    look(built, party)
    for each in (party, other):
        actions.leave(
            participant=cast.amina.care_team.get(party=each),
            by=cast.amina.user,
            at=cast.at,
            reason=EndReason.LEFT,
        )


def look(built: World, party: Party) -> None:
    """The permission was used: chart, medicines, notices, mails."""
    client = browser(party)
    for page in ("", "medicines/", "updates/", "summary/"):
        path = f"/patients/{built.cast.amina.pk}/{page}"
        assert client.get(path).status_code == 200
    Sweep().run()


@pytest.mark.security("T17", "T22")
@pytest.mark.capability("S54")
@pytest.mark.slow
@pytest.mark.parametrize("ended", [stopped, expired, denied, left])
def test_every_page_is_that_of_a_member_who_never_had_a_permission(
    built: World, ended: Callable
):
    had, never = clinician(built, "Dr. One Wood"), clinician(built, "Dr. Two Hill")
    for each in (had, never):
        join(built, each)
    ended(built, had, never)
    expected = TOLD_OF_A_DENY if ended is denied else []
    with time_machine.travel(built.cast.at + HOUR, tick=False):
        Sweep().run()
        theirs = told(built, never)
        assert differing(told(built, had), theirs) == expected
        # What a browser saved before brings back no part of it (T22).
        assert differing(told(built, had, **SAVED), theirs) == expected
        heads = [told(built, each, "head", **SAVED) for each in (had, never)]
        assert differing(*heads) == expected
    for found in (theirs, heads[1]):
        assert {one[0] for one in found.values()} <= {200, 302, 404, 405, 286}


@pytest.mark.slow
@pytest.mark.security("T17")
def test_a_permission_in_force_would_be_seen(built: World):
    """The comparison bites."""
    has, never = clinician(built, "Dr. One Wood"), clinician(built, "Dr. Two Hill")
    for each in (has, never):
        join(built, each)
    permit(built.cast.amina, has, at=built.cast.at)
    found = differing(told(built, has), told(built, never))
    assert {"patients:chart", "patients:medicines", "messaging:updates"} <= set(found)


def test_the_permission_that_expires_was_in_force_until_then(built: World):
    had, never = clinician(built, "Dr. One Wood"), clinician(built, "Dr. Two Hill")
    join(built, had)
    expired(built, had, never)
    page = f"/patients/{built.cast.amina.pk}/summary/"
    for after, status in ((HOUR - MOMENT, 200), (HOUR, 404)):
        with time_machine.travel(built.cast.at + after, tick=False):
            assert browser(had).get(page).status_code == status


@pytest.mark.slow
@pytest.mark.security("T90")
def test_a_blocked_person_is_somebody_who_was_never_linked(built: World):
    """T90. The one wrote, read and was told; the other never heard of Amina."""
    cast = built.cast
    blocked, stranger = (
        clinician(built, "Dr. One Wood"),
        clinician(built, "Dr. Two Hill"),
    )
    join(built, blocked)
    permit(cast.amina, blocked, at=cast.at)
    look(built, blocked)
    team.remove(
        participant=cast.amina.care_team.get(party=blocked),
        by=cast.amina.user,
        at=cast.at,
        block=True,
    )
    letters = OutgoingMail.objects.filter(user=blocked.user)
    before = letters.count()
    change(cast.amina, at=cast.at)
    sweep(cast.at + 2 * TEN_MINUTES)
    assert letters.count() == before
    assert OutgoingMail.objects.filter(user=cast.bram.user).exists()
    assert differing(told(built, blocked), told(built, stranger)) == []


@pytest.mark.slow
@pytest.mark.security("T90", "T89")
def test_a_blocked_relative_is_one_of_somebody_else(built: World):
    """A sister who read what Amina shared; and a sister of Gus, who never did."""
    cast = built.cast
    permit(cast.amina, cast.hana, at=cast.at, purposes=PURPOSES["FAMRQT"])
    page = f"/patients/{cast.amina.pk}/"
    assert b"What Amina lets you see" in browser(cast.hana).get(page).content
    stranger = providers.add_related_person(
        patient=cast.gus,
        name="Nora Diallo",
        relationship="SIB",
        user=people.user("Nora Diallo"),
    ).party
    actions.acknowledge_limits(
        limits=settings.JURISDICTION.limits, by=stranger.user, at=cast.at
    )
    team.remove(
        participant=cast.amina.care_team.get(party=cast.hana),
        by=cast.amina.user,
        at=cast.at,
        block=True,
    )
    Sweep().run()
    theirs = told(built, stranger)
    assert theirs["patients:chart"][0] == 404
    assert differing(told(built, cast.hana), theirs) == []
