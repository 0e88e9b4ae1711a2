"""What a form signs or reports has an id of its own, and other answers are said.

Found: the key of a form was the id of what it signs, so that somebody else's id as a
key made no code and was said to be done; and a "never", an answer and a report that
were sent before said nothing of what was changed since.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from carecoord import form_keys
from consents import actions
from consents.actions import signed_forms
from consents.codes import CATEGORIES, LABELS, ReportKind
from consents.models import Consent, PrivacyReport
from providers.codes import PartyKind
from providers.models import Party
from tests.cast import permit, signature
from tests.consents.views.pages import Pages, hidden, text_of
from tests.consents.views.test_imported import away, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

USED = "You saved this form already."
SIGNED = "You signed this form before."
YEAR = timedelta(days=365)


@pytest.fixture
def amina(client, cast):
    return Pages(client, cast.user("amina"), cast.amina)


# Somebody else's id as a key ------------------------------------------------------


def made_with(cast, key: uuid.UUID) -> list[object]:
    """What Gus signs and reports by forms with this key."""
    by = {"by": cast.gus.user, "at": cast.at, "key": key}
    made = actions.make_code(
        patient=cast.gus,
        terms=actions.Terms(
            recipient=Party(kind=PartyKind.GUEST, name="A clinician with my code"),
            categories=CATEGORIES["goals"],
            purposes=1,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=1),
        ),
        opens=actions.CodeTerms("summary", 1),
        signature=signature(cast.gus),
        **by,
    )
    said = actions.Said(kind=ReportKind.LOOK, reason="should_not", about=cast.bram)
    return [made, actions.report(patient=cast.gus, said=said, **by)]


def are_new(cast) -> bool:
    """Whether somebody else's id, as a key, makes what any other key makes."""
    hers = permit(cast.amina, cast.chidi, at=cast.at)
    code, row = made_with(cast, hers.pk)
    # A report of Amina with the same key.
    said = actions.Said(kind=ReportKind.LOOK, reason="should_not", about=cast.bram)
    by = {"by": cast.amina.user, "at": cast.at}
    other = actions.report(patient=cast.amina, said=said, key=hers.pk, **by)
    return bool(code) and code.guest_code.consent != hers and other != row


@pytest.mark.security("T29", "L03")
def test_somebody_elses_id_as_a_key_is_a_key_like_any_other(cast):
    assert are_new(cast)


@pytest.mark.security("T29", "L03")
def test_the_test_of_that_fails_where_the_key_is_the_id(cast, monkeypatch):
    """The vulnerable twin: a key that is the id, asked of everybody's."""
    monkeypatch.setattr(form_keys, "item_id", lambda key, **_of: key)
    monkeypatch.setattr(
        signed_forms,
        "signed_before",
        lambda key, **_of: (key, Consent.objects.filter(pk=key).first()),
    )
    monkeypatch.setattr(
        actions.guests, "signed_before", signed_forms.signed_before, raising=True
    )
    assert not are_new(cast)


# The same form twice, and with other answers ------------------------------------------


def test_a_never_signed_again_with_other_answers_says_so_and_keeps_them(amina, cast):
    part = {"extent": "topics", "topics": ["violence"]}
    signed = {"signed_name": "Amina Diallo", "agree": "on"}
    form = amina.get("never", cast.bram.pk)
    for _click in range(2):
        amina.page = form
        assert amina.send(**part, **signed).status_code == 302
    amina.page = form
    page = amina.send(**signed | part | {"topics": ["violence", "hiv"]})
    assert page.status_code == 409 and USED in text_of(page)
    assert ">See it</a>" in text_of(page) and text_of(page).count("checked") >= 3
    row = Consent.objects.get(patient=cast.amina, decision="deny")
    assert row.labels == LABELS["violence"]
    # It is a form of its own, opened again.
    amina.get("never", cast.bram.pk)
    assert amina.send(**signed, extent="topics", topics=["hiv"]).status_code == 302


def test_a_never_from_a_file_is_signed_once_and_says_so(amina, cast):
    """Two tabs of one draft have a key each: it is answered once all the same."""
    old = actions.deny(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=cast.bram,
            categories=CATEGORIES.all,
            labels=LABELS["violence"],
            purposes=1,
            starts_at=cast.at,
            ends_at=cast.at + 9 * YEAR,
        ),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )
    upload(amina, away(cast, old))
    draft = cast.amina.imported_consents.get()
    tabs = [amina.get("never", cast.bram.pk, imported=draft.pk) for _tab in range(2)]
    answers = {"extent": "topics", "signed_name": "Amina Diallo", "agree": "on"}
    found = []
    for tab, topic in zip(tabs, ("violence", "hiv"), strict=True):
        amina.page = tab
        found.append(amina.send(**answers, topics=[topic]).status_code)
    assert found == [302, 409]
    assert Consent.objects.get(pk=draft.pk).labels == LABELS["violence"]


def test_an_answer_no_is_no_signature_and_a_signature_no_answer(amina, cast):
    check = amina.to_check(cast.chidi)
    for answer, told in (("refuse", False), ("refuse", False), ("sign", True)):
        amina.page = check
        sent = amina.sign(answer=answer)
        assert (SIGNED in text_of(amina.client.get(sent["Location"]))) is told
    assert Consent.objects.get(recipient=cast.chidi).decision == "refusal"


@pytest.mark.parametrize("where", ["looks_wrong", "report_conduct"])
def test_a_report_sent_again_with_other_answers_says_so_and_keeps_them(
    amina, cast, where
):
    about = [cast.bram.pk] if where == "looks_wrong" else []
    address = amina.address(where, *about)
    html = text_of(amina.client.get(address))
    reason = re.search(r'name="reason" value="(\w+)"', html).group(1)
    answers = hidden(html) | {"reason": reason, "who": str(cast.bram.pk)}
    sent = [amina.client.post(address, answers) for _click in range(2)]
    assert [each.status_code for each in sent] == [302, 302]
    row = PrivacyReport.objects.get()
    again = amina.client.post(address, answers | {"words": "CNRYtwice"})
    assert again.status_code == 409 and USED in text_of(again)
    assert "CNRYtwice" in text_of(again)
    assert reverse("consents:report", args=[cast.amina.pk, row.pk]) in text_of(again)
    assert PrivacyReport.objects.get().words == ""
