"""What a prescriber cannot be warned of, at its edges."""

from __future__ import annotations

import pytest

from consents import actions
from patients.access.private_flags import unwarned_entry
from providers.codes import EndReason
from tests.cast import permit
from tests.patients import flags_world
from tests.patients import medicines_world as world

pytestmark = pytest.mark.django_db


def test_an_author_who_only_lost_their_own_entry_needs_no_warning_of_it(cast):
    """Blocked once and back, under a permission that leaves out what they wrote.

    Bram sees ibuprofen and not his own entry of lithium: he knows both sides.
    """
    world.add(cast, "ibuprofen")
    entry = world.prescribe(cast, name="lithium")
    amina = {"by": cast.amina.user, "at": cast.at}
    member = cast.amina.care_team.get(party=cast.bram)
    actions.leave(participant=member, reason=EndReason.BLOCKED, **amina)
    actions.revoke(consent=cast.amina_to_bram, **amina)
    actions.join(patient=cast.amina, party=cast.bram, role=member.role, **amina)
    permit(cast.amina, cast.bram, at=cast.at, disclosers=(cast.chidi,))
    (one,) = [one for one in flags_world.unwarned(cast) if one.party == cast.bram]
    assert (one.missing_name, one.missing.pk) == ("lithium", entry.pk)
    assert not unwarned_entry(flags_world.opened(cast, "amina"), entry.pk)
