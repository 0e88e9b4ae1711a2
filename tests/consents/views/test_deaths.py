"""A page of a death that was corrected already corrects no other one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions, representing
from consents.models import Death
from tests.consents.acting import record, relative
from tests.consents.views.pages import sign_in, text_of

pytestmark = [pytest.mark.capability("X1"), pytest.mark.usefixtures("demo")]


@pytest.fixture
def ines(cast) -> Client:
    client = Client()
    sign_in(client, cast.ines)
    return client


def dies(cast, document: str, days_ago: int = 0) -> Death:
    return actions.record_death(
        patient=cast.amina,
        died_at=cast.at - timedelta(days=days_ago),
        document=document,
        by=cast.ines,
        at=cast.at,
    )


def corrected(cast, death: Death) -> None:
    about = {"why": "Another Amina.", "by": cast.ines, "at": cast.at}
    actions.correct_death(death=death, **about)
    cast.amina.refresh_from_db()


def test_an_old_page_corrects_no_death_that_was_recorded_since(cast, ines):
    first = dies(cast, "Certificate of another Amina")
    fix = reverse("consents:acting_death_correct", args=[cast.amina.pk])
    page = text_of(ines.get(fix))
    assert "Certificate of another Amina" in page and str(first.pk) in page
    corrected(cast, first)
    second = dies(cast, "Certificate of this Amina", 1)
    said = {"why": "It was somebody else.", "death": first.pk}
    for old in (said, {"why": said["why"]}, said | {"death": "x"}):
        answer = ines.post(fix, old)
        asked = text_of(answer)
        assert answer.status_code == 409 and "Nothing is corrected yet." in asked
    assert "Certificate of this Amina" in asked and said["why"] in asked
    assert str(second.pk) in asked and str(first.pk) not in asked
    cast.amina.refresh_from_db()
    assert cast.amina.died_at and Death.objects.get(corrected_at=None) == second
    ines.post(fix, said | {"death": second.pk})
    assert not Death.objects.filter(corrected_at=None).exists()


def test_a_death_is_corrected_once_and_the_next_one_stands(cast):
    first = dies(cast, "Certificate of another Amina")
    corrected(cast, first)
    dies(cast, "Certificate of this Amina")
    with pytest.raises(actions.RuleError, match="not recorded any more"):
        corrected(cast, first)
    assert Death.objects.filter(corrected_at=None).count() == 1


def test_what_was_sent_twice_is_said_once(cast, ines):
    death = dies(cast, "Certificate of another Amina")
    fix = reverse("consents:acting_death_correct", args=[cast.amina.pk])
    said = {"why": "It was somebody else.", "death": death.pk}
    for _click in range(2):
        answer = ines.post(fix, said)
        assert answer.status_code == 302
    assert Death.objects.get().corrected_by == cast.ines


@pytest.mark.security("T93")
def test_who_stood_for_the_estate_by_mistake_stands_for_none_later(cast):
    """An end by state: no later death brings back a paper about another Amina."""
    first = dies(cast, "Certificate of another Amina")
    cast.amina.refresh_from_db()
    held = record(cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "estate")
    acts = representing.of_user(held.party.user_id, cast.at)
    assert acts.exists()
    corrected(cast, first)
    assert not acts.exists()
    dies(cast, "Certificate of this Amina")
    assert not acts.all().exists()
