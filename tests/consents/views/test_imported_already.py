"""A permission from a file that is given here already says so before it is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consents import actions
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.fhir import writing
from tests.cast import permit, signature
from tests.consents.views.test_imported import upload

pytestmark = pytest.mark.usefixtures("demo")
ALREADY = "You share all of this with Chidi Okafor already, until"
KINDS = CATEGORIES.mask("conditions", "measures")


def the_file(cast, consent) -> dict:
    return writing.consent(consent, cast.amina, cast.at, unnamed=())


def shared(cast, **terms):
    given = {
        "categories": KINDS,
        "labels": LABELS["hiv"],
        "purposes": PURPOSES["TREAT"],
    }
    return permit(cast.amina, cast.chidi, at=cast.at, **given | terms)


def test_what_one_gave_oneself_is_said_to_stand(amina, cast):
    consent = shared(cast)
    page = upload(amina, the_file(cast, consent))
    assert ALREADY in page and amina.address("receipt", consent.pk) in page


def test_so_is_more_than_the_file_asks_for(amina, cast):
    shared(cast, labels=LABELS["hiv"] | LABELS["violence"])
    small = shared(cast, items_from=cast.at - timedelta(days=100))
    file = the_file(cast, small)
    actions.revoke(consent=small, by=cast.amina.user, at=cast.at)
    assert ALREADY in upload(amina, file)


@pytest.mark.parametrize(
    "less",
    [
        {"categories": CATEGORIES["conditions"]},
        {"labels": 0},
        {"purposes": PURPOSES["COC"]},
        {"items_from": True},
        {"disclosers": True},
    ],
    ids=lambda less: next(iter(less)),
)
def test_less_than_the_file_says_is_not_all_of_it(amina, cast, less):
    whole = shared(cast)
    file = the_file(cast, whole)
    actions.revoke(consent=whole, by=cast.amina.user, at=cast.at)
    days = {"items_from": cast.at - timedelta(days=9), "disclosers": (cast.bram,)}
    shared(cast, **{name: days.get(name, value) for name, value in less.items()})
    page = upload(amina, file)
    assert "The file says: share with Chidi Okafor" in page and ALREADY not in page


@pytest.mark.parametrize("stands", [True, False])
def test_a_never_that_stands_is_said_too(amina, cast, stands):
    terms = actions.Terms(
        recipient=cast.bram,
        categories=CATEGORIES.all,
        labels=LABELS["violence"],
        purposes=PURPOSES.all,
        starts_at=cast.at,
        ends_at=cast.at + timedelta(days=900),
    )
    said = {"by": cast.amina.user, "at": cast.at}
    deny = actions.deny(
        patient=cast.amina, terms=terms, signature=signature(cast.amina), **said
    )
    file = the_file(cast, deny)
    if not stands:
        actions.revoke(consent=deny, **said)
    page = upload(amina, file)
    assert ("never share it with Dr. Bram Visser." in page) == stands
