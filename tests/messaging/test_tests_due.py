"""The late tests on a worklist: the log names what they tell of, and nothing else."""

import uuid
from datetime import date

import pytest

from consents.models import Disclosure
from patients.actions import results
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
ADDRESS = "/worklist/"


@pytest.fixture
def lithium(cast):
    member = cast.amina.care_team.get(party=cast.jon)
    member.owns = "Labs and weight"
    member.save()
    return world.add(
        cast, "lithium", started_date=date(2026, 1, 5), started_precision="day"
    )


def work(cast, who: str) -> str:
    return world.signed_in(cast, who).get(ADDRESS).content.decode()


def told_of(cast, who: str) -> set[str]:
    """What the patient reads that this person looked at."""
    rows = Disclosure.objects.filter(user=cast.user(who))
    return {item[1] for row in rows for item in row.items}


def test_the_log_names_the_medicine_that_asks_and_no_other(cast, lithium):
    world.add(cast, "cetirizine")
    assert "Lithium level" in work(cast, "jon")
    assert told_of(cast, "jon") == {str(lithium.pk)}


def test_what_was_done_of_a_late_test_is_named_with_it(cast, lithium):
    result = results.add(
        patient=cast.amina,
        result=results.Result(
            "lithium_level", "Lithium level", date(2026, 1, 20), value="0.8"
        ),
        key=uuid.uuid4(),
        author=None,
        by=cast.amina.user,
        at=cast.at,
    )
    assert "0.8" in work(cast, "jon")
    assert told_of(cast, "jon") == {str(lithium.pk), str(result.pk)}


def test_a_worklist_that_draws_no_test_is_no_look_at_the_medicines(cast, lithium):
    prescribed = world.add(cast, "cetirizine")
    prescribed.prescriber = cast.bram
    prescribed.save()
    assert "Lithium level" not in work(cast, "bram")
    assert told_of(cast, "bram") == set()
