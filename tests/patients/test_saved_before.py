"""A form of several pages, gone back to after it was saved: nothing is lost silently.

Found: a medicine that was saved, gone back to and saved again as "only me" was said to
be saved, and stayed open to the team.
"""

from __future__ import annotations

import pytest

from consents.models import ItemDeny
from patients.models import MedicationStatement
from tests.messaging.writing import words
from tests.patients import medicines_world as world
from tests.patients.views.test_medicine_pages import (
    DOSE,
    WHY,
    change_page,
    new_dose,
    send,
    walk,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
USED = "You saved this form already."


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def test_a_medicine_saved_again_as_only_me_is_not_said_to_be_saved(cast, amina):
    check = walk(amina, cast, name="zinc")
    same = [words(amina.get(send(amina, check))) for _click in range(2)]
    assert all("Saved. zinc" in page and USED not in page for page in same)
    for place, other in (
        (check, {"keep": "me"}),
        (check.replace("/check/", "/dose/"), DOSE),
    ):
        page = words(amina.post(place, other, follow=True))
        assert USED in page and "Saved. zinc" not in page
    assert MedicationStatement.objects.count() == 1
    assert not ItemDeny.objects.exists()


def test_another_dose_saved_again_with_other_words_is_not_said_to_be_saved(cast, amina):
    line = world.add(cast, "quetiapine")
    why = send(amina, change_page(cast, line), **new_dose())
    for _click in range(2):
        page = words(amina.get(send(amina, why, **WHY)))
        assert "Saved. " in page and USED not in page
    page = words(amina.post(why, WHY | {"note": "for the trip"}, follow=True))
    assert USED in page and "Saved. " not in page
    line.refresh_from_db()
    assert line.last_change_note == "3 am"
