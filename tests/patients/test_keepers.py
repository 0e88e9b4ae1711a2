"""Who keeps the record of a child without a sign-in, said to whoever reads it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from patients.actions import children
from patients.models import Patient
from tests import cast as people
from tests.consents.views.pages import sign_in, text_of
from tests.messaging.writing import signed_in

THE_PARENT = "the parent or guardian of Theo"


@pytest.fixture
def rosa(cast, settings) -> User:
    settings.DEMO = True
    user = people.user("Rosa Reyes")
    limits = settings.JURISDICTION.limits
    consents.acknowledge_limits(limits=limits, by=user, at=cast.at)
    return user


@pytest.fixture
def theo(cast, rosa) -> Patient:
    """Seven years old: his mother alone signs in, and shares with Bram."""
    born = cast.at.date() - timedelta(days=7 * 365 + 100)
    theo = children.begin_for_child(
        child=children.Child("Theo Reyes", born, "WA"), by=rosa, at=cast.at
    )
    who = {"patient": theo, "by": rosa, "at": cast.at}
    consents.join(party=cast.bram, role="psychiatrist", **who)
    consents.grant(
        terms=consents.Terms(
            recipient=cast.bram,
            categories=CATEGORIES.mask("medications", "allergies", "conditions"),
            labels=0,
            purposes=PURPOSES["TREAT"],
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=90),
        ),
        signature=consents.Signature(
            name=rosa.name,
            how="password",
            text="I agree.",
            text_version="test",
            representative=theo.representatives.get(),
        ),
        **who,
    )
    return theo


@pytest.mark.slow
@pytest.mark.capability("X1")
def test_what_a_parent_keeps_is_said_to_be_kept_by_the_parent(cast, rosa, theo):
    """Nobody reads that a child of seven keeps or checks it."""
    bram, mother = signed_in(cast, "bram"), Client()
    sign_in(mother, rosa)
    summary = reverse("patients:summary", args=[theo.pk])
    said = text_of(bram.get(summary))
    assert f"Not checked by {THE_PARENT} yet" in said
    assert f"Ask {THE_PARENT} for a newer copy after" in said
    assert f"Reported by {THE_PARENT} unless a name stands beside it." in said
    assert "Print a newer copy after" in text_of(mother.get(summary))
    for name in ("medicines", "master_list"):
        place = reverse(f"patients:{name}", args=[theo.pk])
        said = text_of(bram.get(place))
        assert "The parent or guardian of Theo keeps this list." in said
        assert "You keep this list." in text_of(mother.get(place))


@pytest.mark.slow
def test_family_reads_the_name_as_it_is_said_and_charts_as_they_are_compared(
    cast, rosa, theo
):
    bram, mother = signed_in(cast, "bram"), Client()
    sign_in(mother, rosa)
    chart = reverse("patients:chart", args=[theo.pk])
    assert "REYES, Theo" in text_of(bram.get(chart))
    said = text_of(mother.get(chart))
    assert '<p class="who">Theo Reyes</p>' in said and "REYES" not in said


def test_with_a_sign_in_of_their_own_it_is_the_patients_again(cast, theo):
    Patient.objects.filter(pk=theo.pk).update(user=people.user("Theo Reyes"))
    bram = signed_in(cast, "bram")
    said = text_of(bram.get(reverse("patients:summary", args=[theo.pk])))
    assert "Not checked by the patient yet" in said and "Ask Theo for" in said
    said = text_of(bram.get(reverse("patients:medicines", args=[theo.pk])))
    assert "Theo keeps this list." in said
