"""T20: whatever people do in whatever order, every door says what the reference says.

The machine stands in acts.py. Quick: a few seconds; `make test-deep`: as long as a
night's run wants.
"""

import os
from unittest import mock

import pytest
from django.db.models import OuterRef, Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from consents import decisions, ready
from consents.models import ItemExemption
from tests.consents import building
from tests.consents.acts import Sharing

DEEP_EXAMPLES = int(os.environ.get("CARECOORD_MACHINES", "400"))
CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much]


@pytest.fixture
def machine(db, monkeypatch) -> type[Sharing]:
    """The machine, its people in the database, and nothing made before kept."""
    monkeypatch.setattr(ready, "_kept", {})
    Sharing.stage = building.stage(patients=1)
    Sharing.tally.clear()
    return Sharing


def run(machine: type[Sharing], *, examples: int, steps: int, **said) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            report_multiple_bugs=False,
            database=None,
            suppress_health_check=CHECKS,
            **said,
        ),
    )


@pytest.mark.slow
@pytest.mark.security("T20", "L09")
def test_what_people_do_in_any_order_agrees_with_the_reference(machine):
    run(machine, examples=5, steps=14, derandomize=True, phases=[Phase.generate])
    assert machine.tally["permits"] > 20, machine.tally


@pytest.mark.security("T20")
@pytest.mark.deep
def test_a_long_run_of_what_people_do_agrees(machine):
    run(machine, examples=DEEP_EXAMPLES, steps=50)
    assert machine.tally["emergencies"] > 0, machine.tally


# The vulnerable twins: each end, in turn, does not count ------------------------------


def what_has_ended_counts(self):
    return self.exclude(decision="refusal")


def past_the_end(at):
    return Q(starts_at__lte=at, ends_at__gte=at)


def kept_back_is_shown(reader):
    return decisions.NOTHING


def one_left_in_is_all_left_in(reader):
    return ItemExemption.objects.filter(deny=OuterRef("pk"), lifted_at=None)


FAULTS = {
    "a stop": ("consents.querysets.ConsentQuerySet.signed", what_has_ended_counts),
    "an end": ("consents.querysets.in_force_q", past_the_end),
    "only me": ("consents.decisions._item_denied", kept_back_is_shown),
    "only me, and …": ("consents.decisions._exemptions", one_left_in_is_all_left_in),
}


@pytest.mark.security("T20")
@pytest.mark.slow
@pytest.mark.parametrize("what", FAULTS)
def test_an_end_that_does_not_count_is_found(machine, what):
    target, fault = FAULTS[what]
    with mock.patch(target, fault), pytest.raises(AssertionError):
        run(
            machine,
            examples=60,
            steps=20,
            derandomize=True,
            phases=[Phase.generate],
        )
