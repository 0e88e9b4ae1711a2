"""Family that works at a practice of the patient's treats nobody as family.

Found: Amina's sister, on the team as family, works at the clinic with which Amina
shares. The clinic's permission was hers as well, wherever a page asks the rule for
treatment over all patients: her worklist told her how Amina sleeps.
"""

import pytest

from consents import actions, decisions, scopes
from consents.codes import CATEGORIES, PURPOSES
from consents.decisions import Reader
from patients.models import MedicationStatement
from providers import actions as providers
from providers.querysets import CareTeamQuerySet
from tests.cast import permit
from tests.messaging.writing import send, signed_in, words
from tests.patients import records

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]
ALL = CATEGORIES.all


@pytest.fixture
def sister(cast):
    """Hana, who is a psychiatrist at Harbor Clinic too: one account, two parties."""
    user = cast.user("hana")
    practitioner = providers.add_practitioner(
        name="Dr. Hana Diallo", profession="psychiatrist", user=user
    )
    providers.join_organization(
        practitioner=practitioner, organization=cast.harbor, by=user, at=cast.at
    )
    permit(cast.amina, cast.harbor.party, at=cast.at, categories=ALL)
    records.medicine(cast.amina, cast.at, "CNRYmedicine")
    cast.hana = practitioner.party
    return practitioner.party


def treats(cast, sister):
    who = {"patient": cast.amina, "by": cast.amina.user, "at": cast.at}
    return actions.join(party=sister, role="psychiatrist", **who)


def leaves(cast, member):
    actions.leave(
        participant=member, by=cast.amina.user, at=cast.at, reason="ended_by_patient"
    )


def reads(cast, purpose: str) -> bool:
    found = MedicationStatement.objects.filter(patient=cast.amina)
    return decisions.permitted(
        found, Reader(cast.user("hana").pk, purpose, cast.at)
    ).exists()


@pytest.mark.security("T16", "T90")
@pytest.mark.parametrize("purpose", ["TREAT", "COC"])
def test_the_permission_of_a_clinic_is_for_staff_that_treats(cast, sister, purpose):
    assert not reads(cast, purpose)
    reader = Reader(cast.user("hana").pk, purpose, cast.at)
    assert not scopes.scope(cast.amina.pk, reader).categories
    treats(cast, sister)
    assert reads(cast, purpose)
    assert scopes.scope(cast.amina.pk, reader).categories


def test_as_family_they_read_what_is_shared_with_family(cast, sister):
    assert not reads(cast, "FAMRQT")
    party = cast.amina.related_persons.get(party__user=cast.user("hana")).party
    permit(cast.amina, party, at=cast.at, purposes=PURPOSES["FAMRQT"])
    assert reads(cast, "FAMRQT") and not reads(cast, "TREAT")


def _still_on_the_worklist(cast, sister) -> bool:
    """Of a sister who treated, and is family alone since."""
    member = treats(cast, sister)
    send(cast, "bram", "hana")
    page = words(signed_in(cast, "hana").get("/worklist/"))
    assert "Sleep has dropped" in page or "sleep 4 hours" in page
    leaves(cast, member)
    page = words(signed_in(cast, "hana").get("/worklist/"))
    return "Amina" in page or "sleep" in page.lower()


@pytest.mark.security("T16", "T90")
def test_whoever_treated_and_is_family_now_has_nothing_on_the_worklist(cast, sister):
    assert not _still_on_the_worklist(cast, sister)


def test_the_test_of_that_fails_where_every_membership_treats(
    cast, sister, monkeypatch
):
    monkeypatch.setattr(CareTeamQuerySet, "serving", lambda self, purpose: self.all())
    monkeypatch.setattr("consents.ready._kept", {})
    assert reads(cast, "TREAT")
    assert _still_on_the_worklist(cast, sister)
