"""Whoever may sign for a patient may stop all sharing: the patient is told, by whom."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from consents import actions, proposals
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader, decide
from consents.models import Consent
from patients.home_page import _Home
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


def test_many_stops_leave_a_line_to_what_else_is_new(cast):
    """Each of them has a notice of its own."""
    stopped = [_stop(cast, name) for name in ("A", "B", "C", "D")]
    rows = SimpleNamespace(stopped=stopped, lookers=[], outside=[], events=[])
    page = object.__new__(_Home)
    page.rows, page.at = rows, lambda name, *args: name
    assert [each.text[:1] for each in page.news()] == ["A", "B", "C"]
    rows.lookers = [("Dr. Bram Visser", cast.at)]
    assert [each.text[:1] for each in page.news()] == ["A", "B", "D"]
    assert "looked at your information" in page.news()[2].text


def _stop(cast, name: str) -> SimpleNamespace:
    who = SimpleNamespace(name=name)
    return SimpleNamespace(revoked_by=who, recipient=who, revoked_at=cast.at, pk=name)


def signs_less_instead(cast, client) -> Consent:
    """An agent for medicines alone shares "the same again", and less of it.

    Their paper names every topic: by another one nothing is shared again (ADR 15).
    """
    rosa = relative(cast.amina, "Rosa Diallo")
    kinds = CATEGORIES.mask("medications", "allergies")
    record(cast, cast.amina, rosa, "agent", categories=kinds, labels=LABELS.all)
    pages = Pages(client, rosa.user, cast.amina)
    pages.get("grant", again=str(cast.amina_to_bram.pk))
    pages.send(preset="medicines")
    pages.send(purposes=["TREAT"], window="all", ends="6")
    pages.sign(signed_name="Rosa Diallo")
    signed = Consent.objects.get(signed_by=rosa.user)
    assert signed.recipient == cast.bram
    return signed


def test_what_the_patient_signed_is_replaced_by_nobody_else(cast, client):
    """It was as good as a stop of all the rest, and nothing told of it."""
    signed = signs_less_instead(cast, client)
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_at is None and signed.supersedes is None
    item = condition(cast)
    assert decide(item, Reader(cast.bram.user_id, "TREAT", cast.at)).permitted


def test_the_test_of_that_fails_where_every_hand_replaces(cast, client, monkeypatch):
    monkeypatch.setattr(proposals, "may_replace", lambda opened, old: True)
    signs_less_instead(cast, client)
    item = condition(cast)
    assert not decide(item, Reader(cast.bram.user_id, "TREAT", cast.at)).permitted
