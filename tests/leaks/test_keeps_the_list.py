"""Who keeps the list is told with the team, and not by a line that goes.

Found: on the list of somebody to whom the team is not shared "Amina keeps this list."
went as soon as somebody else kept it.
"""

from unittest import mock

import pytest

from consents.codes import CATEGORIES, PURPOSES
from patients.actions.team import name_list_owner
from patients.views.medicines import lists
from tests.cast import permit
from tests.messaging.writing import words
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def read(cast, who: str) -> list[str]:
    client = world.signed_in(cast, who)
    return [words(client.get(world.page(cast, one))) for one in ("medicines/", "list/")]


def changed(cast, who: str, keeper: str = "jon") -> bool:
    before = read(cast, who)
    party = getattr(cast, keeper)
    name_list_owner(patient=cast.amina, party=party, by=cast.user("amina"))
    return read(cast, who) != before


def medicines_only(cast) -> None:
    permit(
        cast.amina,
        cast.hana,
        at=cast.at,
        categories=CATEGORIES.mask("medications", "allergies"),
        purposes=PURPOSES["FAMRQT"],
    )


@pytest.mark.security("T26")
@pytest.mark.parametrize("who", ["chidi", "hana"])
def test_who_keeps_it_changes_no_list_where_the_team_is_not_shared(cast, who):
    if who == "hana":
        medicines_only(cast)
    assert not changed(cast, who)


def test_the_team_reads_who_keeps_it_and_whoever_does_reads_it_of_themselves(cast):
    medicines_only(cast)
    assert "Amina keeps this list." in read(cast, "bram")[0]
    assert changed(cast, "bram", keeper="hana")
    assert "Hana Diallo keeps this list." in read(cast, "bram")[0]
    assert "Hana Diallo keeps this list." in read(cast, "hana")[0]


def test_a_twin_that_names_whoever_keeps_it_is_caught(cast):
    with mock.patch.object(lists, "_may_know_keeper", lambda opened: True):
        assert changed(cast, "chidi")
