"""T27: a version is shown if the item is, and its own labels are."""

import pytest
from django.http import Http404

from consents import actions
from consents.access import Reading, open_for
from consents.codes import LABELS
from consents.models import Disclosure
from patients.access import open_history
from patients.models import Condition
from tests.patients import records


@pytest.fixture
def item(cast):
    """Three versions: "one", "two", "three"."""
    made = records.item(Condition, cast.amina, "conditions", cast.at, name="one")
    for name in ("two", "three"):
        made.name = name
        made.save()
    return made


def versions(cast, who: str, item) -> list[str]:
    reading = Reading(user=cast.user(who), entrance="patients:chart")
    opened = open_for(reading, cast.amina.pk, writes=False)
    _, found = open_history(opened, Condition, item.pk)
    reading.write_disclosures()
    return [version.name for version in found]


def label(cast, item, *names: str) -> None:
    actions.set_labels(
        item=item, labels=LABELS.mask(*names), by=cast.amina.user, at=cast.at
    )


@pytest.mark.parametrize("who", ["amina", "bram", "jon"])
def test_whoever_sees_the_item_sees_how_it_came_to_be(cast, item, who):
    assert versions(cast, who, item) == ["three", "two", "one"]


@pytest.mark.security("T27", "L26")
@pytest.mark.parametrize("who", ["chidi", "hana"])
def test_whoever_does_not_see_the_item_finds_no_history(cast, item, who):
    with pytest.raises(Http404):
        versions(cast, who, item)


@pytest.mark.security("T27", "L26")
def test_a_label_put_on_later_hides_the_versions_before_it(cast, item):
    label(cast, item, "hiv")
    with pytest.raises(Http404):
        versions(cast, "bram", item)
    assert len(versions(cast, "amina", item)) == 4


@pytest.mark.security("T27", "L26")
def test_a_label_taken_off_does_not_open_the_versions_under_it(cast, item):
    label(cast, item, "hiv")
    item.name = "said while it was labelled"
    item.save()
    label(cast, item)
    seen = versions(cast, "bram", item)
    assert "said while it was labelled" not in seen[1:]
    # The newest version is the item as it stands now.
    assert len(seen) == 4


@pytest.mark.security("T27", "L26")
def test_only_me_covers_every_version(cast, item):
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    with pytest.raises(Http404):
        versions(cast, "bram", item)


def test_a_history_that_is_read_is_logged(cast, item):
    versions(cast, "bram", item)
    row = Disclosure.objects.get()
    assert [entry[1] for entry in row.items] == [str(item.pk)]


@pytest.mark.security("T27", "L26")
def test_history_of_another_patients_item_is_absent(cast):
    other = records.item(Condition, cast.gus, "conditions", cast.at, name="x")
    with pytest.raises(Http404):
        versions(cast, "amina", other)


@pytest.mark.security("T27", "L26")
def test_stopping_closes_the_history_too(cast, item):
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    with pytest.raises(Http404):
        versions(cast, "bram", item)
