"""T79: whoever found a code does not find the birth date by trying each."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from consents import actions
from consents.actions import guests as limits
from consents.models import GuestTry
from messaging import words
from messaging.actions import causes, post
from messaging.models import Notice
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
    assert "closed for good" not in client.get(page).content.decode()
    list(tries(cast, made, days=21))
    html = client.get(page).content.decode()
    assert "Closed by wrong tries" in html
    assert "closed for good: a wrong birth date was typed with it 20 times" in html
    assert "Whoever finds or hears a code can close it" in html
    assert f'href="{reverse("consents:code_make", args=[cast.amina.pk])}"' in html


def told(cast, at) -> list[str]:
    causes.tell_of_closed_codes(at=at)
    found = Notice.objects.filter(user=cast.user("amina"), channel="in_app")
    return list(found.values_list("kind", flat=True))


def test_the_patient_is_told_once_in_the_app_and_by_mail_without_a_word_of_it(
    cast, made, client, demo
):
    """Found: whoever waited at the other end stood before a closed door, unknown."""
    *_before, (last, _visit) = list(tries(cast, made, days=19))
    assert told(cast, last) == []
    use(made.code, at=last + QUARTER, birth_date=BORN, source="192.0.2.9")
    at = last + 2 * QUARTER
    assert told(cast, at) == ["code_closed"]
    assert told(cast, at + QUARTER) == ["code_closed"]
    client.force_login(cast.user("amina"))
    notices = client.get(reverse("messaging:notices")).content.decode()
    assert "A code was closed after wrong tries" in notices
    page = reverse("consents:code", args=[cast.amina.pk, made.guest_code.pk])
    assert f'href="{page}"' in notices
    mail = post.gather(user_id=cast.user("amina").pk, at=at)
    assert mail.subject == "A code of yours was closed"
    said = mail.subject + mail.body
    assert made.code not in said and "Amina" not in said
    assert not words.telling_words(said)


def test_one_that_is_used_up_or_was_stopped_was_not_closed_by_that(cast, client, demo):
    """Its own holder tries it once more, and again, with the right birth date."""
    month, born = {"at": cast.at, "lasts": timedelta(days=29)}, cast.amina.birth_date
    used, stopped = make(cast.amina, visits=1, **month), make(cast.amina, **month)
    assert use(used.code, at=cast.at, birth_date=born)
    for each in (used, stopped):
        list(tries(cast, each, days=21))
    by = {"by": cast.user("amina"), "at": cast.at}
    actions.revoke(consent=stopped.guest_code.consent, **by)
    assert told(cast, cast.at + timedelta(days=1)) == []
    client.force_login(cast.user("amina"))
    page = reverse("consents:code", args=[cast.amina.pk, used.guest_code.pk])
    assert "closed for good" not in client.get(page).content.decode()
