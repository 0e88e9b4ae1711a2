"""The clock of the tests stands, and goes on where something real is waited for."""

import time

import pytest
import time_machine
from django.utils import timezone

from carecoord.clock import database_now
from tests import clock


@pytest.mark.django_db
def test_nothing_passes_but_a_microsecond_at_each_reading():
    began, seconds = timezone.now(), time.time()
    time.sleep(0.02)
    readings = [database_now(), timezone.now(), database_now()]
    assert [at - began for at in readings] == [clock.STEP * n for n in (1, 2, 3)]
    assert time.time() - seconds < 0.001
    assert began.second < 30, "a minute is not over within a run"


@pytest.mark.django_db
def test_it_goes_on_for_what_has_a_clock_of_its_own():
    stood = database_now()
    with clock.going_on():
        began = database_now()
        time.sleep(0.02)
        assert (database_now() - began).total_seconds() > 0.01
        wall = time_machine.escape_hatch.time.time()
        assert abs(began.timestamp() - wall) < 60
    assert (database_now() - stood).total_seconds() < 0.001
