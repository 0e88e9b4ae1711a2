"""Faults in "only me, and …": whom it leaves in, until when, and on what (ADR 11).

Seeded into the rule one by one; the comparison with the reference finds each.
"""

from unittest import mock

import pytest
from django.db.models import Exists, OuterRef, Q

from consents import decisions, ready
from consents.models import ItemDeny, ItemExemption
from tests.consents import building
from tests.consents.test_rule_against_reference import found_at


@pytest.fixture
def stage(db, monkeypatch):
    """The people of every world; and no text that was made before."""
    monkeypatch.setattr(ready, "_kept", {})
    return building.stage()


def nobody_is_left_in(original):
    """ "Only me, and …" read as "only me"."""
    return lambda reader: original(reader).none()


def left_in_is_for_everyone(original):
    """One exemption on an item, and its "only me" holds for nobody."""
    return lambda reader: ItemExemption.objects.filter(
        deny=OuterRef("pk"), lifted_at=None
    )


def ended_exemptions_count(original):
    return lambda reader: ItemExemption.objects.filter(
        decisions.is_for(reader, field="party"), deny=OuterRef("pk")
    )


def left_in_of_another_item(original):
    """Whoever is left in somewhere is left in everywhere."""
    return lambda reader: ItemExemption.objects.filter(
        decisions.is_for(reader, field="party"), lifted_at=None
    )


def left_in_beats_a_name(original):
    """Whoever "only me" leaves in is out of a deny by name too."""
    return lambda reader: Q(
        Exists(
            ItemDeny.objects.filter(
                Q(party=None) | decisions.is_for(reader, field="party"),
                ~Q(Exists(on_the_same_item(reader))),
                lineage=OuterRef("lineage"),
                lifted_at=None,
            )
        )
    )


def on_the_same_item(reader):
    return ItemExemption.objects.filter(
        decisions.is_for(reader, field="party"),
        deny__lineage=OuterRef("lineage"),
        deny__lifted_at=None,
        lifted_at=None,
    )


LEFT_IN = {
    "nobody is left in": (
        "consents.decisions._exemptions",
        nobody_is_left_in(decisions._exemptions),
    ),
    "one left in is all left in": (
        "consents.decisions._exemptions",
        left_in_is_for_everyone(None),
    ),
    "an exemption that ended": (
        "consents.decisions._exemptions",
        ended_exemptions_count(None),
    ),
    "left in everywhere": (
        "consents.decisions._exemptions",
        left_in_of_another_item(None),
    ),
    "left in beats a deny by name": (
        "consents.decisions._item_denied",
        left_in_beats_a_name(None),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", LEFT_IN)
def test_a_misread_exemption_dies_within_a_thousand_cases(stage, what):
    target, fault = LEFT_IN[what]
    with mock.patch(target, fault):
        assert found_at(stage, seed=7) is not None
