"""Whoever may sign for a patient may stop all sharing: the patient is told, by whom."""

import pytest
from django.urls import reverse

from consents import actions
from consents.codes import CATEGORIES
from consents.decisions import Reader, decide
from tests.consents.acting import record, relative
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SAID = "Rosa Diallo stopped sharing with Dr. Bram Visser, for you"


@pytest.mark.capability("X1")
def test_an_agent_for_medicines_alone_stops_all_of_it_and_the_patient_reads_so(
    cast, client
):
    """A decision: stopping protects, so no paper is too narrow for it."""
    rosa = relative(cast.amina, "Rosa Diallo")
    narrow = {"categories": CATEGORIES["medications"], "labels": 0}
    held = record(cast, cast.amina, rosa, "agent", **narrow)
    assert held.may_sign
    item = condition(cast)
    actions.revoke(consent=cast.amina_to_bram, by=rosa.user, at=cast.at)
    assert not decide(item, Reader(cast.bram.user_id, "TREAT", cast.at)).permitted
    home = reverse("patients:chart", args=[cast.amina.pk])
    amina = Pages(client, cast.user("amina"), cast.amina).client
    page = amina.get(home)
    assert SAID in text_of(page)
    receipt = reverse("consents:receipt", args=[cast.amina.pk, cast.amina_to_bram.pk])
    assert receipt in page.content.decode()
    assert "Rosa Diallo for Amina" in text_of(amina.get(receipt))
    actions.revoke(consent=cast.amina_to_jon, by=cast.user("amina"), at=cast.at)
    assert "stopped sharing with Dr. Jon Ortiz" not in text_of(amina.get(home))
