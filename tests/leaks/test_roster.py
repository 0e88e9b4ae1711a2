"""Who is on the team is content: whoever reads it is written down.

Found: the chart, the list and the summary showed the care team, and only the team
page wrote a row into the log.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES
from consents.models import Disclosure
from patients.actions.team import remove
from providers.models import CareTeamParticipant
from tests.cast import newcomer, permit
from tests.consents import cases
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PAGES = ("", "list/", "list.pdf", "summary/", "summary.txt", "summary.pdf", "team/")


@pytest.mark.security("T32", "L06")
@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_the_care_team_without_a_row_in_the_log(cast, page):
    who = {"by": cast.user("amina"), "at": cast.at}
    consents.revoke(consent=cast.amina_to_jon, **who)
    roster = CATEGORIES["care_team"]
    only_roster = permit(cast.amina, cast.jon, at=cast.at, categories=roster)
    response = world.signed_in(cast, "jon").get(world.page(cast, page))
    if not page.endswith(".pdf"):
        assert "Chidi Okafor" in response.content.decode()
    row = Disclosure.objects.get()
    assert (row.recipient, row.categories) == (cast.jon, roster)
    assert row.consents == [str(only_roster.pk)]


@pytest.mark.security("T32", "L06")
@pytest.mark.parametrize("page", PAGES)
def test_without_that_permission_neither_names_nor_row(cast, page):
    response = world.signed_in(cast, "chidi").get(world.page(cast, page))
    assert "Dr. Jon Ortiz" not in response.content.decode("utf-8", "replace")
    assert not Disclosure.objects.exists()


def _names_on_step_4(cast) -> str:
    """Chidi opened a case, left the team, and comes back to it when Dana has joined."""
    case = cases.opened(cast, who="chidi")
    cases.steps(cast, case, who="chidi")
    member = CareTeamParticipant.objects.current().get(
        patient=cast.amina, party=cast.chidi
    )
    remove(participant=member, by=cast.amina.user, at=cast.at, block=True)
    newcomer(cast)
    page = reverse("consents:case_content", args=[case.pk])
    response = world.signed_in(cast, "chidi").get(page)
    assert response.status_code == 200, "what he wrote himself stays his to finish"
    return response.content.decode()


@pytest.mark.slow
@pytest.mark.security("T32", "T16")
def test_who_left_the_team_reads_in_their_case_of_nobody_who_is_on_it_now(cast):
    """Found: step 4 offered the names of the team to an author who was blocked."""
    page = _names_on_step_4(cast)
    assert "Dr. Dana Levy" not in page and "Dr. Jon Ortiz" not in page


def test_the_test_of_that_fails_where_the_authors_place_is_not_asked_for(
    cast, monkeypatch
):
    everybody = CareTeamParticipant.objects.filter(patient=cast.amina)
    monkeypatch.setattr(
        "consents.access.cases.CareTeamParticipant.objects.of_user",
        lambda user_id: everybody,
    )
    assert "Dr. Dana Levy" in _names_on_step_4(cast)
