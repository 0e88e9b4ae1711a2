"""A late injection of a child without a sign-in is told to who keeps the record."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carecoord import zones
from consents import actions as consents
from consents.codes import CATEGORIES
from consents.models import Disclosure
from messaging.access import late_doses
from messaging.actions.late_doses import tell_of_late_doses
from messaging.models import Notice
from patients.actions import medicines
from patients.dosage import Dosage
from tests.consents.acting import record, relative, small_child
from tests.messaging.delivering import letters
from tests.messaging.writing import signed_in, words

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
DAY = timedelta(days=1)
SAID = "paliperidone was due on"


@pytest.fixture
def mia(cast):
    """6, without a sign-in; Rosa keeps everything."""
    cast.mia = small_child(cast, 6)
    cast.rosa = relative(cast.mia, "Rosa Haddad")
    record(cast, cast.mia, cast.rosa, "parent")
    return cast.mia


def keeper(cast, name: str, **paper):
    party = relative(cast.mia, f"{name} Haddad")
    setattr(cast, name.lower(), party)
    return record(cast, cast.mia, party, "parent", **paper)


def injection(cast, **fields):
    today = zones.today(cast.at, cast.mia.time_zone)
    given = {
        "every_count": 4,
        "every_unit": "week",
        "last_given_date": today - 29 * DAY,
    }
    dosage = {"strength": Decimal(156), "unit": "mg", "form": "injection"} | given
    return medicines.add(
        patient=cast.mia,
        details=medicines.Details(name="paliperidone", brand="Invega Sustenna"),
        dosage=Dosage(schedule="interval", count=Decimal(1), **dosage | fields),
        by=cast.rosa.user,
        at=cast.at,
    ).item


def told(cast) -> list[str]:
    tell_of_late_doses(at=cast.at)
    rows = Notice.objects.filter(kind="late_dose", channel="in_app")
    return sorted(each.user.name for each in rows)


def page(cast, who: str) -> str:
    return words(signed_in(cast, who).get("/notices/"))


def test_who_keeps_the_record_is_told_once_and_reads_what(cast, mia):
    injection(cast)
    assert told(cast) == told(cast) == ["Rosa Haddad"]
    assert SAID in page(cast, "rosa")
    row = Disclosure.objects.filter(user=cast.rosa.user, patient=mia).last()
    assert (row.relation, row.purpose) == ("representative", "PWATRNY")
    assert row.recipient == cast.rosa


def test_a_day_that_the_clinic_named_counts_as_well(cast, mia):
    today = zones.today(cast.at, mia.time_zone)
    injection(cast, next_due_date=today - DAY)
    assert told(cast) == ["Rosa Haddad"]


@pytest.mark.security("T16")
def test_whose_paper_leaves_medicines_out_is_not_told(cast, mia):
    keeper(cast, "Amal", categories=CATEGORIES["care_team"])
    keeper(cast, "Lina", may_sign=False)
    injection(cast)
    assert told(cast) == ["Rosa Haddad"]
    assert SAID not in page(cast, "amal")


@pytest.mark.security("T16")
def test_it_is_gone_with_the_paper(cast, mia):
    paper = keeper(cast, "Amal")
    injection(cast)
    assert told(cast) == ["Amal Haddad", "Rosa Haddad"]
    consents.end_representative(representative=paper, by=cast.ines, at=cast.at)
    assert SAID not in page(cast, "amal")
    mail = Notice.objects.get(user=cast.amal.user, channel="email")
    assert not late_doses.late_dose_stands(mail, cast.at)


def test_where_no_rule_is_asked_it_is_found(cast, mia, monkeypatch):
    """The vulnerable twin: whoever keeps the record is told of every line."""
    monkeypatch.setattr(late_doses.decisions, "with_basis", lambda rows, reader: rows)
    with pytest.raises(AssertionError, match="Amal"):
        test_whose_paper_leaves_medicines_out_is_not_told(cast, mia)


def test_what_nobody_has_to_be_told_of_is_not_read(cast, mia):
    today = zones.today(cast.at, mia.time_zone)
    for due in (today - 40 * DAY, today + 5 * DAY):
        injection(cast, next_due_date=due)
    assert not late_doses.maybe_late(cast.at, told_for=30 * DAY).exists()
