"""T90: whom a child keeps out gets nothing by a parent, who learns nothing of it.

Noor, fifteen, signed "never Dana" and blocked her. Her mother invites Dana, says who it
is and signs for her (docs/adr/0016).
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from consents.decisions import Reader, decide
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.actions import invitations, team
from providers.models import CareTeamParticipant
from tests.cast import COORDINATION, never, permit
from tests.consents.acting import child, record, relative, signs
from tests.consents.test_decisions import condition
from tests.consents.views.pages import bare
from tests.patients.test_acting_team import sends

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("demo"),
    pytest.mark.security("T90", "T93"),
]
YEAR = timedelta(days=365)
CHANCE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\"[^\"]*\"|csrf-token\" content=\"\w+\""
)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def keeps_out(cast, noor) -> None:
    by = {"by": noor.user, "at": cast.at}
    member = consents.join(patient=noor, party=cast.dana, role="psychiatrist", **by)
    permit(noor, cast.dana, at=cast.at)
    team.remove(participant=member, block=True, **by)
    never(noor, cast.dana, at=cast.at)


def comes_again(cast, noor, rosa, held) -> dict[str, tuple]:
    """Invited, confirmed and signed for by her mother: what each page says to her."""
    at, dana = cast.at, cast.user("dana")
    sent = sends(noor, rosa.user, at)
    invitations.accept(invitation=sent, by=dana, at=at)
    mother = Client()
    mother.force_login(rosa.user)
    confirm = reverse("patients:invitation_confirm", args=[noor.pk, sent.pk])
    said = {"confirm": read(mother, confirm)}
    invitations.confirm(invitation=sent, by=rosa.user, at=at)
    scope = {"categories": COORDINATION, "purposes": PURPOSES.mask("TREAT", "COC")}
    signs(held, cast.dana, at=at, **scope)
    team_page = reverse("patients:team", args=[noor.pk])
    sharing = reverse("consents:sharing", args=[noor.pk])
    return said | {"team": read(mother, team_page), "sharing": read(mother, sharing)}


def read(client, address) -> tuple[int, list[str]]:
    page = client.get(address)
    return page.status_code, CHANCE.sub("", bare(page)).splitlines()


def family(cast):
    noor = child(cast, born=(cast.at - 15 * YEAR - timedelta(days=40)).date())
    rosa = relative(noor, "Rosa Haddad")
    return noor, rosa, record(cast, noor, rosa, "parent")


def _dana_reads(cast, *, kept_out: bool = True) -> bool:
    noor, rosa, held = family(cast)
    item = condition(cast, patient=noor, categories=CATEGORIES["conditions"])
    if kept_out:
        keeps_out(cast, noor)
    comes_again(cast, noor, rosa, held)
    dana = Client()
    dana.force_login(cast.user("dana"))
    chart = dana.get(reverse("patients:chart", args=[noor.pk])).content.decode()
    permitted = decide(item, Reader(cast.user("dana").pk, "TREAT", cast.at)).permitted
    assert permitted == (item.name in chart)
    return permitted


def test_whom_a_child_keeps_out_reads_nothing_by_a_parents_invitation(cast):
    assert not _dana_reads(cast)


def test_anybody_else_does(cast):
    assert _dana_reads(cast, kept_out=False)


def test_the_child_is_told_that_they_are_back(cast):
    noor, rosa, held = family(cast)
    keeps_out(cast, noor)
    comes_again(cast, noor, rosa, held)
    Sweep(now=lambda: cast.at).run()
    told = Notice.objects.filter(user=noor.user, channel="in_app")
    assert {"joined", "decided_for"} <= set(told.values_list("kind", flat=True))
    member = CareTeamParticipant.objects.current().get(patient=noor, party=cast.dana)
    noors = Client()
    noors.force_login(noor.user)
    remove = reverse("patients:team_remove", args=[noor.pk, member.pk])
    assert noors.post(remove, {"how": "block"}).status_code == 302
    assert not CareTeamParticipant.objects.current().filter(pk=member.pk).exists()


def test_the_parent_reads_what_they_would_read_of_anybody(cast):
    """The same family twice, but for what the child did alone."""

    def pages(kept_out: bool) -> dict:
        with transaction.atomic():
            noor, rosa, held = family(cast)
            if kept_out:
                keeps_out(cast, noor)
            found = comes_again(cast, noor, rosa, held)
            transaction.set_rollback(True)
        return found

    assert pages(True) == pages(False)
