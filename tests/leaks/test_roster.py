"""Who is on the team is content: whoever reads it is written down.

Found: the chart, the list and the summary showed the care team, and only the team
page wrote a row into the log.
"""

from __future__ import annotations

import pytest

from consents import actions as consents
from consents.codes import CATEGORIES
from consents.models import Disclosure
from tests.cast import permit
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
