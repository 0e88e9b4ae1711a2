"""What became of an own update is told for the purpose of today, not of back then.

Bram and Jon worked in one place, where it was for treatment. Bram left; what Jon plans
is told to another place, for coordination, which the patient never allowed Bram.
"""

import pytest
from django.core.management import call_command

from consents import actions as consents
from consents.codes import PURPOSES
from messaging import routing
from messaging.access import receipts
from messaging.actions import overdue, updates
from messaging.models import Notice
from tests.cast import Cast, permit
from tests.messaging import writing
from tests.messaging.test_hidden_answers import LATER, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
PLAN = "will call by"


def who_left(cast: Cast, purposes: str = "TREAT"):
    """Bram's update to his colleague Jon, before Bram left their place."""
    by = {"by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(patient=cast.amina, recipient=cast.bram, **by)
    permit(cast.amina, cast.bram, at=cast.at, purposes=PURPOSES.mask(purposes))
    day = (cast.at + writing.TWO_DAYS).date()
    said = writing.content(answer_by_date=day)
    update = writing.send(cast, "bram", "jon", said=said)
    place = ("bram@cast.example", "Harbor Clinic")
    call_command("leave_organization", *place, by="edo@cast.example")
    return update


def plan(cast: Cast, update) -> None:
    day = (cast.at + writing.TWO_DAYS).date()
    writing.take(cast, update, "jon", "call_by", plan_date=day)


def read_by_bram(cast: Cast, update) -> str:
    return writing.words(writing.signed_in(cast, "bram").get(page_of(update)))


@pytest.mark.security("T04", "T26")
def test_what_a_colleague_of_once_plans_is_not_told(cast: Cast):
    update = who_left(cast)
    plan(cast, update)
    assert PLAN not in read_by_bram(cast, update)


def test_what_is_allowed_for_coordination_is_told(cast: Cast):
    update = who_left(cast, "COC")
    plan(cast, update)
    assert PLAN in read_by_bram(cast, update)


@pytest.mark.security("T26")
def test_nor_that_it_is_late(cast: Cast):
    update = who_left(cast)
    overdue.remind_of_overdue(at=cast.at + LATER)
    told = Notice.objects.filter(kind="overdue", channel="in_app")
    assert cast.user("bram") not in [each.user for each in told]
    late = writing.row(update, cast, "jon")
    assert not routing.is_late_to(cast.user("bram").pk, late, at=cast.at + LATER)


def test_the_patient_is_asked_for_what_is_needed_today(cast: Cast):
    update = writing.send(cast, "bram", "chidi")
    waits = writing.row(update, cast, "chidi")
    call_command("join_organization", "chidi@cast.example", "Harbor Clinic")
    asked = updates.ask_consent(row=waits, by=cast.user("bram"), at=cast.at)
    assert asked.purposes == PURPOSES["TREAT"]


def test_receipts_by_the_day_of_sending_are_found(cast: Cast, monkeypatch):
    """The vulnerable twin: who worked there when it was sent works there for ever."""
    monkeypatch.setattr(receipts, "_purpose", lambda is_near: "TREAT")
    with pytest.raises(AssertionError, match=PLAN):
        test_what_a_colleague_of_once_plans_is_not_told(cast)
