"""A child with a sign-in of her own, and the mother who acts for her."""

from datetime import timedelta

import pytest

from consents import actions as consents
from tests.consents.acting import child, relative


@pytest.fixture
def noor(cast, settings):
    """15, with a sign-in of her own; Bram treats her, as her mother allowed."""
    settings.DEMO = True
    day = cast.at.date() - timedelta(days=40)
    noor = child(cast, born=day.replace(year=day.year - 15, day=min(day.day, 28)))
    for party, role in ((cast.bram, "psychiatrist"), (cast.jon, "primary_care")):
        consents.join(patient=noor, party=party, role=role, by=party.user, at=cast.at)
    return noor


@pytest.fixture
def mother(cast, noor):
    return relative(noor, "Rosa Haddad")
