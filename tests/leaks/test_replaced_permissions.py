"""A replaced permission beside the new one tells nobody of a topic that is not theirs.

Amina's agent is told of a permission what the paper covers (ADR 15). Amina took HIV out
of one: to the agent both versions are the same, word for word. So something was changed
that they are not told, and of few topics left that is one.
"""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client

from consents import actions, told
from consents.codes import CATEGORIES, LABELS
from consents.models import Consent
from tests.cast import CARE, permit, signature
from tests.consents.acting import record, relative, signs
from tests.consents.views.pages import Pages, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def agent(cast, labels: int = LABELS["substance_use"]):
    party = relative(cast.amina, "Rosa Diallo")
    return record(cast, cast.amina, party, "agent", labels=labels)


def pages_of(cast, held) -> Pages:
    return Pages(Client(), held.party.user, cast.amina)


def narrowed(cast) -> tuple[Consent, Consent]:
    """Shared with HIV three hours ago, and an hour ago without."""
    at = cast.at - timedelta(hours=3)
    old = permit(cast.amina, cast.dana, at=at, labels=LABELS["hiv"])
    new = actions.narrow(
        consent=old,
        terms=actions.Terms(
            recipient=cast.dana,
            categories=old.categories,
            purposes=CARE,
            starts_at=old.starts_at,
            ends_at=old.ends_at,
        ),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=at + timedelta(hours=2),
    )
    return old, new


def known(pages: Pages, *rows: Consent) -> list[bool]:
    listed = text_of(pages.get("receipts"))
    files = text_of(pages.get("receipts_file"))
    found = []
    for row in rows:
        opens = pages.get("receipt", row.pk).status_code == 200
        listing = f"receipts/{row.pk}/" in listed
        assert opens == listing == (str(row.pk) in files or row.number in files)
        found.append(opens)
    return found


@pytest.mark.security("T93", "T26")
def test_who_acts_reads_the_version_that_counts_alone(cast):
    assert known(pages_of(cast, agent(cast)), *narrowed(cast)) == [False, True]


def test_the_patient_and_who_acts_by_a_paper_for_all_read_both(cast):
    rows = narrowed(cast)
    amina = Pages(Client(), cast.amina.user, cast.amina)
    assert known(amina, *rows) == [True, True]
    assert known(pages_of(cast, agent(cast, LABELS.all)), *rows) == [True, True]


def test_what_somebody_signed_they_go_on_reading(cast):
    held = agent(cast)
    old = signs(held, cast.dana, at=cast.at, categories=CATEGORIES["goals"], purposes=1)
    terms = actions.Terms(
        recipient=cast.dana,
        categories=CATEGORIES["allergies"],
        purposes=1,
        starts_at=cast.at,
        ends_at=cast.at + timedelta(days=30),
    )
    actions.grant(
        patient=cast.amina,
        terms=terms,
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at + timedelta(seconds=1),
        supersedes=old,
    )
    assert known(pages_of(cast, held), old) == [True]


def test_where_the_replaced_one_is_told_it_is_found(cast, monkeypatch):
    """The vulnerable twin: both versions, and no word that differs."""
    monkeypatch.setattr(told, "REPLACED", Q(pk__in=[]))
    with pytest.raises(AssertionError, match="True"):
        test_who_acts_reads_the_version_that_counts_alone(cast)
