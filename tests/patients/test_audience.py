"""Who on the team something may be shown to, or kept from."""

from carecoord.clock import database_now
from consents.access import Reading, open_for
from patients.access.audience import everybody_but
from providers import actions as providers
from tests.cast import permit


def test_a_place_with_a_clinician_on_paper_is_still_one_of_the_others(cast):
    """Kept for one place, an item stays closed to every other place."""
    on_paper = providers.add_practitioner(name="Dr. Ines Roth", profession="therapist")
    providers.join_organization(
        practitioner=on_paper,
        organization=cast.harbor,
        by=cast.user("bram"),
        at=database_now(),
    )
    permit(cast.amina, cast.harbor.party, at=cast.at)
    reading = Reading(user=cast.user("amina"), entrance="patients:medicines")
    opened = open_for(reading, cast.amina.pk, writes=False)
    assert cast.harbor.party in everybody_but(opened, cast.oak.party)
    assert cast.harbor.party not in everybody_but(opened, on_paper.party)
