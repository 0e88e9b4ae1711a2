"""Two medicines that do not go together, shared or kept back."""

import pytest

from tests.patients import medicines_world as world


@pytest.fixture
def both(cast):
    """Lithium and ibuprofen on Amina's list, shared with Bram and Jon."""
    return world.add(cast, "lithium"), world.add(cast, "ibuprofen", kind="otc")


@pytest.fixture
def hidden(cast):
    """Lithium that Bram sees, ibuprofen that is for Amina only."""
    return world.add(cast, "lithium"), world.add_hidden(cast, "ibuprofen")
