"""T88: records of a Part 2 programme are open in a case as far as its ground reaches.

Found: picked under a court's order, and step 3 corrected to a ground that does not
reach them, they stayed open, and the packet printed them under the new ground.
"""

from datetime import timedelta

import pytest
from django.db.models import OuterRef, Q
from django.test import Client

from consents import exceptions
from consents.actions import exceptional
from consents.models import CaseItem
from patients.models import Condition
from tests.consents import cases
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records

pytestmark = pytest.mark.usefixtures("demo")


def condition(cast, name: str, **fields):
    return records.item(
        Condition, cast.amina, "conditions", cast.at, name=name, **fields
    )


def what_chidi_reads(cast, *grounds: str) -> str:
    """After step 3 was written with each of these, the last of them after step 4."""
    before = cast.at - timedelta(minutes=1)  # two steps of one moment have no order
    case = cases.opened(cast, at=before)
    cases.steps(cast, case, ground=grounds[0], at=before)
    programme = condition(cast, "CNRYprogramme", part2_origin=True)
    other = condition(cast, "CNRYother")
    row = cases.content(cast, case, programme, other, inside=("chidi",))
    for ground in grounds[1:]:
        exceptional.sign_reasons(
            case=case, ground=ground, reasons="As it is.", by=cast.bram.user, at=cast.at
        )
    client = Client()
    sign_in(client, cast.user("chidi"))
    return text_of(client.get(f"/disclosed/{row.pk}/"))


@pytest.mark.security("T88")
def test_a_ground_that_reaches_less_closes_them_and_nothing_else(cast):
    page = what_chidi_reads(cast, "court_order_part2", "serious_threat")
    assert "CNRYprogramme" not in page and "CNRYother" in page


def test_a_ground_that_reaches_them_opens_them(cast):
    page = what_chidi_reads(cast, "court_order_part2", "medical_emergency")
    assert "CNRYprogramme" in page and "CNRYother" in page


def without_a_ground(reader):
    """The rule as it was: what was picked once stays open."""
    return CaseItem.objects.filter(
        Q(content__recipients__party__user_id=reader.user_id),
        item=OuterRef("id"),
        version=OuterRef("version"),
        content__case__patient_id=OuterRef("patient_id"),
        content__case__closed_at=None,
        content__withdrawn_at=None,
        content__signed_at__lte=reader.at,
        content__ends_at__gt=reader.at,
    )


def test_the_test_of_it_fails_where_the_ground_is_not_asked(cast, monkeypatch):
    monkeypatch.setattr(exceptions, "named", without_a_ground)
    monkeypatch.setattr("consents.ready._kept", {})
    page = what_chidi_reads(cast, "court_order_part2", "serious_threat")
    assert "CNRYprogramme" in page
