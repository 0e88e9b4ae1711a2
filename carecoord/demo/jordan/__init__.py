"""Jordan Rivera's half-year: bipolar 2, panic, a higher dose and what followed."""

from carecoord.demo.jordan import (
    exceptions,
    guest,
    half_year,
    looks,
    record,
    sharing,
    team,
    the_list,
)
from carecoord.demo.story import Stage
from patients.models import Patient


def play(stage: Stage) -> Patient:
    """Everything, in the order in which it happened."""
    jordan = team.arrive(stage)
    sharing.share(stage, jordan)
    the_list.write_the_list(stage, jordan)
    record.write_the_rest(stage, jordan)
    half_year.live(stage, jordan)
    looks.look(stage, jordan)
    exceptions.happen(stage, jordan)
    guest.visit_the_emergency_room(stage, jordan)
    return jordan
