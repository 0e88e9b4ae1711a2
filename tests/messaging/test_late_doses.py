"""A late injection is told to the patient, and to who prescribes it by the rule."""

from datetime import timedelta

import pytest

from carecoord import zones
from consents import actions as consents
from consents.codes import LABELS, PURPOSES, Talking
from consents.models import Disclosure
from messaging.access import late_doses
from messaging.actions.late_doses import tell_of_late_doses
from messaging.models import Notice
from tests.cast import permit
from tests.messaging.delivering import letters, sweep
from tests.messaging.writing import signed_in, words
from tests.patients import records

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
DAY = timedelta(days=1)


def injection(cast, *, days_late: int = 1, **fields):
    """Four weeks and so many days after the last one; Bram prescribes it."""
    today = zones.today(cast.at, cast.amina.time_zone)
    last = today - (28 + days_late) * DAY
    who = {"prescriber": cast.bram} | fields
    return records.injection(cast.amina, cast.at - 60 * DAY, last_given=last, **who)


def told(cast, at=None) -> list[str]:
    tell_of_late_doses(at=at or cast.at)
    rows = Notice.objects.filter(kind="late_dose", channel="in_app")
    return sorted(each.user.email.partition("@")[0] for each in rows)


def test_the_patient_and_who_prescribes_it_are_told_once(cast, letters):
    injection(cast)
    for minutes in (0, 6, 12):
        sweep(cast.at + timedelta(minutes=minutes))
    assert told(cast) == ["amina", "bram"]
    for who in ("amina", "bram"):
        page = words(signed_in(cast, who).get("/notices/"))
        assert "was due on" in page and "No later injection is on the list" in page
    assert not any("paliperidone" in letter.body.lower() for letter in letters)
    rows = Disclosure.objects.filter(user=cast.user("bram"))
    assert {each.purpose for each in rows} == {"TREAT"}


@pytest.mark.parametrize(("days_late", "who"), [(0, []), (1, 2), (29, 2), (30, [])])
def test_from_the_day_after_it_was_due_for_thirty_days(cast, days_late, who):
    injection(cast, days_late=days_late)
    assert len(told(cast)) == (who or 0)


def test_after_the_next_one_it_is_not_late_and_the_next_is_told_anew(cast):
    line = injection(cast)
    assert told(cast) == ["amina", "bram"]
    line.last_given_date = zones.today(cast.at, cast.amina.time_zone)
    line.save()
    for who in ("amina", "bram"):
        assert "was due on" not in words(signed_in(cast, who).get("/notices/"))
    assert told(cast, cast.at + 29 * DAY) == ["amina", "amina", "bram", "bram"]


def nothing_shared(cast, _line):
    consents.revoke(consent=cast.amina_to_bram, by=cast.user("amina"), at=cast.at)


def coordination_alone(cast, line):
    nothing_shared(cast, line)
    permit(cast.amina, cast.bram, at=cast.at, purposes=PURPOSES["COC"])


def only_me(cast, line):
    consents.keep_back(item=line, by=cast.user("amina"), at=cast.at)


def a_label(_cast, line):
    line.labels = LABELS["private"]
    line.save()


def no_notices(cast, _line):
    consents.choose_talking(
        patient=cast.amina,
        party=cast.bram,
        level=Talking.EMERGENCY,
        by=cast.user("amina"),
        at=cast.at,
    )


HIDES = [nothing_shared, coordination_alone, only_me, a_label, no_notices]


@pytest.mark.security("T16")
@pytest.mark.parametrize("hide", HIDES)
def test_who_may_not_see_the_line_is_not_told_of_it(cast, hide):
    hide(cast, injection(cast))
    assert told(cast) == ["amina"]


@pytest.mark.security("T16")
@pytest.mark.parametrize("hide", HIDES)
def test_what_was_told_is_gone_once_it_may_not_be_seen(cast, hide):
    line = injection(cast)
    assert told(cast) == ["amina", "bram"]
    hide(cast, line)
    assert "was due on" not in words(signed_in(cast, "bram").get("/notices/"))
    mail = Notice.objects.get(user=cast.user("bram"), channel="email")
    assert not late_doses.late_dose_stands(mail, cast.at)


@pytest.mark.security("T16")
def test_a_notice_that_asks_no_rule_is_found(cast, monkeypatch):
    monkeypatch.setattr(late_doses.decisions, "with_basis", lambda rows, reader: rows)
    only_me(cast, injection(cast))
    assert told(cast) == ["amina", "bram"]
