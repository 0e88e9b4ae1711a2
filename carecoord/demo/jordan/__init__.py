"""Jordan Rivera's half-year: bipolar 2, panic, a higher dose and what followed."""

from carecoord.demo.jordan import (
    exceptions,
    from_elsewhere,
    guest,
    half_year,
    looks,
    programme,
    record,
    sharing,
    talking,
    team,
    tests_done,
    the_list,
    whats_left,
)
from carecoord.demo.story import Stage
from patients.models import Patient


def play(stage: Stage) -> Patient:
    """The record and the half-year; then all that the log keeps, oldest first."""
    jordan = team.arrive(stage)
    sharing.share(stage, jordan)
    the_list.write_the_list(stage, jordan)
    record.write_the_rest(stage, jordan)
    tests_done.write_the_results(stage, jordan)
    half_year.live(stage, jordan)
    whats_left.count(stage, jordan)
    talking.say_how_much(stage, jordan)
    talking.sister_notices(stage, jordan)
    exceptions.threat(stage, jordan)
    looks.look_before(stage, jordan)
    exceptions.emergency(stage, jordan)
    looks.look_after(stage, jordan)
    guest.visit_the_emergency_room(stage, jordan)
    programme.pass_on(stage, jordan)
    from_elsewhere.bring_in(stage, jordan)
    return jordan
