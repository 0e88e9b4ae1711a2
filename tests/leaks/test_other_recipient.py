"""A form begun for one person and signed for another touches the first in nothing.

Found: "share the same again" for Bram, then back to page 1 and on to Chidi: signing
ended Bram's permission, and a request of his was noted as answered.
"""

from __future__ import annotations

import pytest

from consents import actions
from consents.codes import CATEGORIES, PURPOSES
from consents.models import Consent, ConsentRequest
from tests.consents.views.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

WHY = {"purposes": ["TREAT", "COC"], "window": "all", "ends": "12"}


@pytest.fixture
def amina(client, cast) -> Pages:
    return Pages(client, cast.user("amina"), cast.amina)


def sign_for_chidi_instead(amina: Pages, cast) -> Consent:
    amina.send(back="who")
    amina.send(recipient=str(cast.chidi.pk))
    amina.send(preset="coordination")
    amina.send(**WHY)
    amina.sign()
    return Consent.objects.get(recipient=cast.chidi)


def test_another_recipient_does_not_end_the_permission_it_began_with(amina, cast):
    amina.get("grant", again=str(cast.amina_to_bram.pk))
    signed = sign_for_chidi_instead(amina, cast)
    cast.amina_to_bram.refresh_from_db()
    assert (signed.supersedes, cast.amina_to_bram.revoked_at) == (None, None)


def test_another_recipient_does_not_answer_the_request_it_began_with(amina, cast):
    request = actions.ask(
        patient=cast.amina,
        recipient=cast.bram,
        asked_by=cast.bram,
        categories=CATEGORIES["documents"],
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )
    amina.get("grant", request=str(request.pk))
    sign_for_chidi_instead(amina, cast)
    assert ConsentRequest.objects.get(answered_at=None) == request


def test_the_action_refuses_to_replace_one_person_by_another(cast):
    old = cast.amina_to_bram
    terms = actions.Terms(
        recipient=cast.chidi,
        categories=old.categories,
        purposes=old.purposes,
        starts_at=old.starts_at,
        ends_at=old.ends_at,
    )
    signature = actions.Signature(name="", how="", text="", text_version="")
    with pytest.raises(actions.RuleError, match="the same person"):
        actions.grant(
            patient=cast.amina,
            terms=terms,
            signature=signature,
            by=cast.user("amina"),
            at=cast.at,
            supersedes=old,
        )
    old.refresh_from_db()
    assert old.revoked_at is None
