"""T79: whoever found a code does not find the birth date by trying each."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from consents.actions import guests as limits
from consents.models import GuestTry
from tests.consents.guests import make, use

pytestmark = [pytest.mark.django_db, pytest.mark.capability("S43")]
QUARTER = timedelta(minutes=15)
BORN = date(1989, 1, 1)


@pytest.fixture
def made(cast):
    return make(cast.amina, at=cast.at, visits=50, lasts=timedelta(days=29))


def tries(cast, made, *, days: int):
    """One birth date after the other, as slowly as the hour lets, from anywhere."""
    for number in range(days):
        born = BORN - timedelta(days=number)
        at, source = cast.at + number * QUARTER, f"198.51.{number % 250}.1"
        yield at, use(made.code, at=at, birth_date=born, source=source)


def _is_found(cast, made) -> bool:
    """Somebody knows the year of birth, more or less: some weeks apart."""
    cast.amina.birth_date = BORN - timedelta(days=25)
    cast.amina.save(update_fields=["birth_date"])
    return any(visit for _at, visit in tries(cast, made, days=30))


def test_who_finds_a_code_does_not_try_each_birth_date(cast, made):
    assert not _is_found(cast, made)


def test_the_test_of_that_fails_where_only_an_hour_is_counted(cast, made, monkeypatch):
    monkeypatch.setattr(limits, "MOST_TRIES_WHILE_IT_STANDS", 10**6)
    assert _is_found(cast, made)


def test_it_is_closed_for_good_and_so_is_no_other_code(cast, made):
    last = [at for at, _visit in tries(cast, made, days=21)][-1]
    other = make(cast.amina, at=cast.at)
    for days in (0, 1, 20):
        at = last + timedelta(days=days)
        assert use(made.code, at=at, birth_date=cast.amina.birth_date) is None
    day_after = cast.at + timedelta(days=2)
    born = cast.amina.birth_date
    assert use(other.code, at=day_after, birth_date=born, source="192.0.2.1")


def test_a_few_slips_a_day_apart_close_nothing(cast, made):
    wrong = limits.MOST_TRIES_WHILE_IT_STANDS - 1
    for day in range(wrong):
        use(made.code, at=cast.at + timedelta(days=day), birth_date=BORN)
    at = cast.at + timedelta(days=wrong)
    assert use(made.code, at=at, birth_date=cast.amina.birth_date)


def test_the_tries_of_a_code_go_when_it_ends(cast, made):
    use(made.code, at=cast.at, birth_date=BORN)
    for day, kept in ((3, 1), (30, 0)):
        use("AAAA-BBBB-CCCC", at=cast.at + timedelta(days=day), birth_date=BORN)
        assert GuestTry.objects.exclude(at__gt=cast.at).count() == kept


def test_the_patient_reads_that_it_is_closed(cast, made, client, demo):
    client.force_login(cast.user("amina"))
    page = reverse("consents:code", args=[cast.amina.pk, made.guest_code.pk])
    assert "many times" not in client.get(page).content.decode()
    list(tries(cast, made, days=21))
    html = client.get(page).content.decode()
    assert "Closed by wrong tries" in html
    assert "It opens nothing any more" in html
