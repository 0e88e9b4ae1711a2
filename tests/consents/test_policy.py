"""T01: every cell of role × act × relation, asked of the real pages. None undefined."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from carecoord.models import User
from consents import actions, entrances, policy
from consents.codes import CATEGORIES, PURPOSES
from consents.policy import ACTS, WITH_ROLE, Act, Standing
from providers import actions as provider_actions
from providers.roles import ROLES, Role
from tests import cast as people
from tests.consents import acting

EVERYTHING = CATEGORIES.all
# Those who stand in a relation without a role on this care team.
WITHOUT_ROLE = {
    Standing.PATIENT: "amina",
    Standing.OTHER_PATIENT: "gus",
    Standing.STRANGER: "dana",
    Standing.OFFICER: "ines",
    Standing.ADMINISTRATOR: "edo",
}
CELLS = [
    *((act, each, role) for act in ACTS for each in WITH_ROLE for role in ROLES),
    *((act, each, "") for act in ACTS for each in WITHOUT_ROLE),
    *((act, Standing.COLLEAGUE, "") for act in ACTS),
    *((act, Standing.REPRESENTATIVE, "") for act in ACTS),
]
# Of somebody whom the patient and whoever acts know.
ABOUT_SOMEBODY = {"consents:look"}
# A page, or the first of several; an address that is not there is a no.
YES, NO = {200, 302}, {404}


class World:
    """Amina, and somebody in every role and every relation to her."""

    def __init__(self) -> None:
        self.cast = people.build()
        self.users: dict[tuple[Standing, str], User] = {
            (standing, ""): self.cast.user(who)
            for standing, who in WITHOUT_ROLE.items()
        }
        self.users[Standing.COLLEAGUE, ""] = self.clinician("colleague", "therapist")
        agent = acting.relative(self.cast.amina, "Rana Diallo")
        acting.record(self.cast, self.cast.amina, agent, "agent")
        self.users[Standing.REPRESENTATIVE, ""] = agent.user
        for standing in WITH_ROLE:
            for role in ROLES.values():
                self.users[standing, role.code] = self.member(standing, role)
        # Signed in while the world is built: each test rolls back to it.
        self.clients = {user: self.browser(user) for user in self.users.values()}

    @staticmethod
    def browser(user: User) -> Client:
        client = Client(headers={"X-Poll": "1"})
        client.force_login(user)
        return client

    def clinician(self, name: str, profession: str) -> User:
        user = User.objects.create_user(f"{name}@policy.example", "x", name=name)
        made = provider_actions.add_practitioner(
            name=name, profession=profession, user=user
        )
        provider_actions.join_organization(
            practitioner=made, organization=self.cast.oak, by=user, at=self.cast.at
        )
        return user

    def member(self, standing: Standing, role: Role) -> User:
        name = f"{standing.name}-{role.code}".lower().replace("_", "-")
        if role.related:
            user = User.objects.create_user(f"{name}@policy.example", "x", name=name)
            party = provider_actions.add_related_person(
                patient=self.cast.amina, name=name, relationship="SIB", user=user
            ).party
        else:
            user = self.clinician(name, "therapist")
            party = user.parties.get()
        self.stand(standing, role, party)
        return user

    def stand(self, standing: Standing, role: Role, party) -> None:
        cast, by = self.cast, {"by": self.cast.user("amina"), "at": self.cast.at}
        member = actions.join(patient=cast.amina, party=party, role=role.code, **by)
        if standing != Standing.NOT_SHARED:
            purposes = PURPOSES["FAMRQT"] if role.related else people.CARE
            people.permit(
                cast.amina,
                party,
                at=cast.at,
                categories=EVERYTHING,
                purposes=purposes,
            )
        if standing in (Standing.LEFT, Standing.BLOCKED):
            reason = "left" if standing == Standing.LEFT else "blocked"
            actions.leave(participant=member, reason=reason, **by)

    def status(self, act: Act, user: User) -> int:
        more = [self.cast.bram.pk] if act.entrance in ABOUT_SOMEBODY else []
        address = reverse(act.entrance, args=[self.cast.amina.pk, *more])
        return self.clients[user].get(address).status_code


@contextmanager
def standing_world() -> Iterator[World]:
    with transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        opened = standing_world()
        world = opened.__enter__()
    yield world
    with django_db_blocker.unblock():
        opened.__exit__(None, None, None)


@pytest.fixture
def world(_built: World, db: None, demo: None) -> World:
    return _built


@pytest.mark.slow
@pytest.mark.security("T01")
@pytest.mark.parametrize(
    ("act", "standing", "role"),
    CELLS,
    ids=lambda part: getattr(part, "entrance", "") or getattr(part, "name", part),
)
def test_the_page_does_what_the_policy_says(world, act, standing, role):
    says = policy.allows(act, standing, ROLES.get(role))
    status = world.status(act, world.users[standing, role])
    assert status in (YES if says else NO), (act.entrance, standing, role, status)


@pytest.mark.security("T01")
def test_the_table_is_as_large_as_it_must_be():
    assert len(ACTS) >= 30 and len(ROLES) >= 7 and len(Standing) >= 8
    assert len({act.entrance for act in ACTS}) == len(ACTS)


@pytest.mark.security("T01")
def test_no_cell_is_undefined():
    for act, standing, role in CELLS:
        assert isinstance(policy.allows(act, standing, ROLES.get(role)), bool)
    assert {standing for _act, standing, _role in CELLS} == set(Standing)


def test_an_act_without_a_line_is_no_quiet_yes():
    with pytest.raises(KeyError):
        policy.allows(Act("patients:dummy", "x"), Standing.PATIENT)


@pytest.mark.security("T01")
def test_the_help_page_says_what_the_policy_says(client, db):
    page = client.get(reverse("help_roles")).content.decode()
    for role in ROLES.values():
        for act in policy.acts_of(role):
            assert str(act.words) in page


@pytest.mark.security("T01", "L10")
def test_a_role_that_loses_its_line_is_caught(world, monkeypatch):
    """The vulnerable twin: an address that asks nothing of the role any more."""
    act = next(act for act in ACTS if act.entrance == "messaging:update_new")
    line = entrances.Entrance(entrances.CLINICIAN_ONLY)
    monkeypatch.setitem(entrances._table, act.entrance, line)
    says = policy.allows(act, Standing.SHARED, ROLES["supervisor"])
    user = world.users[Standing.SHARED, "supervisor"]
    assert says and world.status(act, user) == 404
