"""The value before reaches a reader only where the item it stands in is shared."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES
from consents.models import Disclosure
from messaging.access import compared
from messaging.access.updates import UPDATES
from messaging.actions.updates import Number
from messaging.models import UpdateNumber
from patients.models import Observation
from tests.cast import permit
from tests.messaging.writing import content, send, signed_in, typed, words

# A page on which the update stands, and how it says what the number was.
PAGES = {
    "messaging:update": "down from 7",
    "messaging:update_text": "down from 7",
    "messaging:updates": "sleep 4 hours, was 7",
    "messaging:worklist": "sleep 4 hours, was 7",
    "patients:chart": "sleep 4 hours, was 7",
}


@pytest.fixture
def source(cast) -> Observation:
    """Amina slept 7 hours, two days ago."""
    return Observation.objects.create(
        patient=cast.amina,
        categories=CATEGORIES["measures"],
        measure="sleep_hours",
        value=Decimal(7),
        occurred_at=cast.at - timedelta(days=2),
        recorded_at=cast.at,
        recorded_by=cast.amina.user,
        lineage=uuid.uuid4(),
    )


def told(cast, item_id):
    """Chidi tells Bram and Jon: 4 hours, was 7."""
    number = Number("sleep_hours", Decimal(4), Decimal(7), item_id)
    return send(cast, "chidi", "bram", "jon", said=content(numbers=(number,)))


def page(cast, who, name, update) -> str:
    args = {
        "messaging:update": [cast.amina.pk, update.pk],
        "messaging:update_text": [cast.amina.pk, update.pk],
        "messaging:worklist": [],
    }.get(name, [cast.amina.pk])
    return words(signed_in(cast, who).get(reverse(name, args=args)))


def keep_from(cast, source, party) -> None:
    consents.keep_back(item=source, by=cast.amina.user, at=cast.at, party=party)


@pytest.mark.parametrize("name", PAGES)
def test_who_may_see_the_value_before_reads_it(cast, source, name):
    update = told(cast, source.pk)
    assert PAGES[name] in page(cast, "bram", name, update)


@pytest.mark.parametrize("name", PAGES)
def test_from_whom_it_is_kept_reads_the_number_alone(cast, source, name):
    keep_from(cast, source, cast.bram)
    update = told(cast, source.pk)
    said = page(cast, "bram", name, update)
    assert "4" in said
    assert "was 7" not in said
    assert "down from" not in said


@pytest.mark.parametrize("name", PAGES)
def test_for_whom_it_is_kept_from_another_nothing_changes(cast, source, name):
    update = told(cast, source.pk)
    keep_from(cast, source, cast.bram)
    assert PAGES[name] in page(cast, "jon", name, update)


def test_the_patient_and_the_author_read_the_whole_version(cast, source):
    update = told(cast, source.pk)
    keep_from(cast, source, None)
    for who in ("amina", "chidi"):
        assert "down from 7" in page(cast, who, "messaging:update", update)


def test_a_value_kept_back_later_is_gone_from_what_was_sent(cast, source):
    update = told(cast, source.pk)
    assert "down from 7" in page(cast, "bram", "messaging:update", update)
    keep_from(cast, source, cast.bram)
    assert "down from" not in page(cast, "bram", "messaging:update", update)


def test_reading_the_value_before_is_a_disclosure_of_its_source(cast, source):
    update = told(cast, source.pk)
    page(cast, "bram", "messaging:update", update)
    items = [item[:2] for row in Disclosure.objects.all() for item in row.items]
    assert ["patients.observation", str(source.pk)] in items


def test_what_has_no_source_is_the_authors_own_word(cast):
    update = told(cast, None)
    assert "down from 7" in page(cast, "bram", "messaging:update", update)


def test_a_page_that_did_not_ask_says_nothing_of_it(cast, source):
    told(cast, source.pk)
    assert UpdateNumber.objects.get().was is None


def test_a_twin_that_asks_nobody_is_caught(cast, source, monkeypatch):
    monkeypatch.setattr(compared, "_shared", lambda wanted, decided: set(wanted))
    keep_from(cast, source, cast.bram)
    update = told(cast, source.pk)
    assert "down from 7" in page(cast, "bram", "messaging:update", update)


def test_somebody_with_a_code_is_no_author_whose_sign_in_is_gone(cast, source):
    update = UPDATES.get(pk=told(cast, source.pk).pk)
    update.author.user_id = None
    compared.compare([update], user_id=None, decided=lambda _items: [])
    assert {number.was for number in update.numbers.all()} == {None}


def test_a_correction_is_not_compared_with_what_was_wrong(cast, source):
    """Found: "sleep 5 hours, was 4", and the 4 was the mistake that it puts right."""
    permit(cast.amina, cast.chidi, at=cast.at)
    wrong = told(cast, source.pk)
    said = typed(cast, corrects=str(wrong.pk), sleep_hours="5", action="send")
    place = reverse("messaging:update_new", args=[cast.amina.pk])
    signed_in(cast, "chidi").post(place, said)
    number = UpdateNumber.objects.get(update__corrects=wrong)
    assert (number.value, number.previous) == (5, 7)
    assert number.compared_with == source.pk
