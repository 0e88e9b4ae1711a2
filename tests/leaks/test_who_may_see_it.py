"""A choice about who may see something leaves no trace for whom it does not concern.

Found: a result that the patient kept from one clinician became "only me" by the entry
of another, in that one's name, and went from their page; and the history of a medicine
had one more line after a label had come and gone.
"""

from __future__ import annotations

import uuid

import pytest

from consents import actions as consents
from consents.actions import RuleError
from consents.codes import LABELS
from consents.models import ItemDeny
from messaging.actions import acknowledgements
from messaging.actions.acknowledgements import Choice
from patients.actions import labels, record, results
from patients.actions.medicine_terms import Keep
from patients.actions.results import Result
from tests.messaging.writing import row, send, take, words
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def kept_from_jon(cast):
    """A level of lithium, while no lithium stands on the list."""
    item = results.add(
        patient=cast.amina,
        result=Result(
            test="",
            name="Lithium level",
            done_date=cast.at.date(),
            value="0.8",
            unit="mmol/L",
        ),
        key=uuid.uuid4(),
        author=None,
        by=cast.user("amina"),
        at=cast.at,
    )
    consents.keep_back(item=item, by=cast.user("amina"), at=cast.at, party=cast.jon)
    return item


def sees(cast, who: str) -> bool:
    page = world.signed_in(cast, who).get(world.page(cast, "tests/"))
    return "0.8" in words(page)


@pytest.mark.security("T26")
def test_an_entry_changes_nothing_of_what_is_kept_from_somebody_else(
    cast, kept_from_jon
):
    world.prescribe(cast)
    assert (sees(cast, "bram"), sees(cast, "jon")) == (True, False)
    by = set(ItemDeny.objects.values_list("created_by", flat=True))
    assert by == {cast.amina.user_id}


@pytest.mark.security("T26")
def test_once_the_medicine_is_kept_from_anybody_the_result_is_the_patients_alone(
    cast, kept_from_jon
):
    entry = world.prescribe(cast)
    record.set_privacy(
        item=entry,
        labels=0,
        keep=Keep(from_parties=(cast.dana,)),
        denies=(),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert (sees(cast, "bram"), sees(cast, "amina")) == (False, True)
    assert ItemDeny.objects.get(party=None).created_by == cast.amina.user


@pytest.mark.security("T27")
def test_a_label_that_came_and_went_is_no_line_of_a_history(cast):
    line = world.add(cast, "quetiapine")
    jon = world.signed_in(cast, "jon")
    place = world.page(cast, f"medicines/{line.pk}/history/")
    before = words(jon.get(place))
    for mask in (LABELS["hiv"], 0):
        line.refresh_from_db()
        labels.set_labels(item=line, labels=mask, by=cast.user("amina"), at=cast.at)
    assert line.history.count() == 3
    assert words(jon.get(place)) == before


@pytest.mark.security("T32")
def test_whoever_may_not_know_the_others_is_not_told_what_one_did_with_it(cast):
    """Found: "Dr. Ortiz does not have this any more", said without the team shared."""
    for knows, told in ((None, "someone else"), (set(), "Dr. Jon Ortiz does not have")):
        update = send(cast, "chidi", "bram", "jon")
        take(cast, update, "jon", "not_mine", to=cast.bram)
        with pytest.raises(RuleError, match=told):
            acknowledgements.acknowledge(
                row=row(update, cast, "bram"),
                choice=Choice("not_mine", to=cast.jon),
                known=knows if knows is None else {row(update, cast, "jon").pk},
                by=cast.user("bram"),
                at=cast.at,
            )
