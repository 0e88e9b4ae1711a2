"""T90: whoever is out of a patient's life writes nothing more on the patient's pages.

Found: somebody close whom the patient had blocked gave themselves a message as name, in
Settings, and asked for a page of hers. The list of what was asked for in vain, the team
and the receipts brought it to her.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from carecoord.models import User
from consents import actions as consents
from consents import reports, representing
from consents.codes import CATEGORIES, PURPOSES, ReportKind, ReportReason
from consents.models import PrivacyReport
from patients.actions import invitations, people, team
from providers.models import CareTeamParticipant, Party
from tests.cast import permit
from tests.consents.acting import record, relative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
MESSAGE = "I wait at your door"
OWN = {"time_zone": "America/New_York", "mail_when": "any"}


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def renamed(user, name: str = MESSAGE) -> None:
    answers = OWN | {"name": name}
    assert browser_of(user).post("/settings/", answers).status_code == 302
    user.refresh_from_db()
    assert user.name == name


def out(cast, who: str, *, block: bool = True) -> None:
    member = CareTeamParticipant.objects.current().get(
        patient=cast.amina, party=getattr(cast, who)
    )
    team.remove(participant=member, by=cast.user("amina"), at=cast.at, block=block)


def pages_of_amina(cast) -> dict[str, str]:
    amina = browser_of(cast.user("amina"))
    base = reverse("patients:chart", args=[cast.amina.pk])
    names = ("", "team/", "sharing/", "sharing/receipts/", "sharing/log/")
    return {name: amina.get(base + name).content.decode() for name in names}


def told_after_a_message(cast, *, block: bool) -> list[str]:
    """On which of her pages Amina reads it, once Hana is out and asks for a page."""
    family = {"categories": CATEGORIES["goals"], "purposes": PURPOSES["FAMRQT"]}
    permit(cast.amina, cast.hana, at=cast.at, **family)
    out(cast, "hana", block=block)
    renamed(cast.user("hana"))
    place = reverse("patients:chart", args=[cast.amina.pk])
    assert browser_of(cast.user("hana")).get(place).status_code == 404
    pages = pages_of_amina(cast)
    assert "A page not shared with" in pages["sharing/log/"]
    return [name for name, html in pages.items() if MESSAGE in html]


@pytest.mark.security("T90")
@pytest.mark.parametrize("block", [True, False])
def test_who_is_out_is_named_as_the_patient_knew_them(cast, block):
    assert told_after_a_message(cast, block=block) == []


def _everywhere(user, name):
    user.name = name
    Party.objects.filter(user=user).update(name=name)


def test_the_test_of_that_fails_where_each_name_is_changed(cast, monkeypatch):
    monkeypatch.setattr(people, "_rename", _everywhere)
    assert "sharing/log/" in told_after_a_message(cast, block=True)


@pytest.mark.security("T90")
def test_who_acted_is_named_as_the_patient_knew_them(cast):
    """Words of who did something, after the agent was sent away."""
    agent = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, agent, "agent")
    said = representing.in_words(cast.amina, cast.at, agent.user)
    assert said.startswith("Rosa Diallo, for Amina")
    ends = {"by": cast.user("amina"), "at": cast.at + timedelta(minutes=1)}
    consents.stop_acting(representative=held, **ends)
    renamed(agent.user)
    assert representing.in_words(cast.amina, cast.at, agent.user) == said


def test_who_is_on_the_team_has_the_new_name_and_who_comes_back_too(cast):
    renamed(cast.user("hana"), "Hana Okafor")
    cast.hana.refresh_from_db()
    assert cast.hana.name == "Hana Okafor"
    out(cast, "hana", block=False)
    renamed(cast.user("hana"), "Hana Mensah")
    cast.hana.refresh_from_db()
    assert cast.hana.name == "Hana Okafor"
    invited = {"role": "caregiver", "categories": 0, "by": cast.user("amina")}
    sent = invitations.invite(
        invitee=invitations.Invitee("Hana"),
        at=cast.at,
        key=cast.hana.pk,
        patient=cast.amina,
        **invited,
    ).invitation
    invitations.accept(invitation=sent, by=cast.user("hana"), at=cast.at)
    invitations.confirm(invitation=sent, by=cast.user("amina"), at=cast.at)
    cast.hana.refresh_from_db()
    assert cast.hana.name == "Hana Mensah"


# The privacy officer ----------------------------------------------------------------


def report_in_words(cast) -> PrivacyReport:
    said = consents.Said(
        kind=ReportKind.CONDUCT,
        reason=ReportReason.BEHAVIOUR,
        words="She laughed.",
        about_words="Ms. Ruiz of the office",
    )
    by = {"by": cast.user("amina"), "at": cast.at, "key": uuid.uuid4()}
    return consents.report(patient=cast.amina, said=said, **by)


def reads(cast, found: PrivacyReport) -> int:
    """How the officer's page of a report answers, after they tried another name."""
    ines = browser_of(cast.user("ines"))
    ines.post("/settings/", OWN | {"name": "Ada Smith"})
    place = reverse("consents:privacy_report", args=[found.pk])
    return browser_of(User.objects.get(pk=cast.ines.pk)).get(place).status_code


@pytest.mark.security("T31")
def test_no_officer_reads_a_report_about_them_under_another_name(cast):
    found = report_in_words(cast)
    assert reports.is_named(cast.user("ines"), found.about_words)
    assert reads(cast, found) == 404
    with pytest.raises(ValueError, match="name of an officer"):
        people.change_own(
            user=cast.user("ines"), own=people.Own(OWN["time_zone"]), name="Ada"
        )


def test_the_test_of_that_fails_where_an_officer_changes_it(cast):
    found = report_in_words(cast)
    User.objects.filter(pk=cast.ines.pk).update(name="Ada Smith")
    assert reads(cast, found) == 200
