"""Whoever acts is told of a permission no more than their paper covers (ADR 15).

Found: an agent whose paper left topics out read each topic that the patient had shared
with anybody, and each "never": on the cards, the receipts, in the text as signed and in
both files. And who had used a code of the patient's, where they work, and why.

Two worlds differ in what is outside of the paper alone. Every page of the agent has to
be the same: bytes, status, number of queries.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db.models import Q
from django.test import Client
from fhir.resources.R4B.consent import Consent as FhirConsent

from carecoord import pdf
from carecoord.json_files import UnreadableFile
from consents import actions, told
from consents.access import guests as codes
from consents.access import imported, looked_for, sharing
from consents.access.imported import whose
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.fhir.reading import read
from consents.models import Consent
from tests.cast import permit, signature
from tests.consents import guests
from tests.consents.acting import record, relative, signs
from tests.consents.views.pages import Pages, text_of
from tests.hidden_acts.observing import Blank, asked, different, undone
from tests.patients import records

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SUD, HIV = LABELS["substance_use"], LABELS["hiv"]
GOALS = CATEGORIES["goals"]
YEAR = timedelta(days=365)
ALWAYS = "Your document does not cover everything about Amina."
WHOSE = "Dr. Ruth Novak"


def acting(cast, name="Rosa Diallo", **paper) -> Pages:
    """Amina's agent. The paper leaves out goals, and every topic but substance use."""
    party = relative(cast.amina, name)
    paper = {"categories": CATEGORIES.all & ~GOALS, "labels": SUD} | paper
    record(cast, cast.amina, party, "agent", **paper)
    return Pages(Client(), party.user, cast.amina)


@pytest.fixture
def agent(cast) -> Pages:
    return acting(cast)


def says(cast, action, party, hours: int, **terms):
    """A "never" or an answer, each some hours ago: so that lists have an order."""
    at = cast.at - timedelta(hours=hours)
    scope = {"categories": CATEGORIES["medications"], "purposes": PURPOSES.all}
    by = {} if action is actions.refuse else {"signature": signature(cast.amina)}
    return action(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=party, starts_at=at, ends_at=at + YEAR, **scope | terms
        ),
        by=cast.amina.user,
        at=at,
        **by,
    )


def within(cast, hidden: bool) -> dict[str, object]:
    """What both worlds have, and of it what is outside of the paper."""
    more = HIV if hidden else 0
    at = [cast.at - timedelta(hours=hour) for hour in range(9)]
    over = permit(cast.amina, cast.jon, at=at[3], labels=SUD | more)
    actions.revoke(consent=over, by=cast.amina.user, at=at[2])
    code = guests.make(cast.amina, at=at[1], labels=more)
    return {
        "stands": permit(
            cast.amina,
            cast.bram,
            at=at[4],
            labels=SUD | more,
            ends_event="The study of PrEP is over." if hidden else "",
        ),
        "over": over,
        "never": says(cast, actions.deny, cast.chidi, 5, labels=SUD | more),
        "whole": says(
            cast, actions.deny, cast.dana, 6, categories=1 | (GOALS if hidden else 0)
        ),
        "code": code,
    }


def outside(cast, code) -> None:
    """What only one of the worlds has."""
    says(cast, actions.deny, cast.fatou, 7, labels=HIV)
    says(cast, actions.deny, cast.jon, 7, categories=GOALS)
    says(cast, actions.deny, cast.bram, 7, labels=HIV)
    says(cast, actions.refuse, cast.jon, 8, labels=HIV)
    says(cast, actions.refuse, cast.chidi, 8, categories=GOALS)
    page = Client()
    birth_date = f"{cast.amina.birth_date:%m/%d/%Y}"
    claim = {"name": WHOSE, "organization": "Mercy Hospital", "reason": "PrEP"}
    page.post("/code/", {"code": code, "birth_date": birth_date} | claim)
    assert page.get("/code/page/").status_code == 200


def addresses(pages: Pages, things: dict) -> dict[str, str]:
    made = things["code"].guest_code
    signed = {name: each for name, each in things.items() if name != "code"}
    signed["code"] = made.consent
    found = {
        name: pages.address(name)
        for name in ("sharing", "receipts", "receipts_file", "codes", "log")
    }
    for page in ("receipt", "receipt_pdf", "receipt_file"):
        found |= {
            f"{page} {name}": pages.address(page, each.pk)
            for name, each in signed.items()
        }
    found["one code"] = pages.address("code", made.pk)
    found["stop"] = pages.address("revoke", signed["stands"].pk)
    again = f"{pages.address('grant')}?again={signed['over'].pk}"
    return found | {"again": again}


def world(cast, pages: Pages, hidden: bool, papers: bool) -> dict[str, tuple]:
    blank = Blank()
    with time_machine.travel(cast.at, tick=False), undone():
        things = within(cast, hidden)
        if hidden:
            outside(cast, things["code"].code)
        return {
            name: asked(pages.client, address, blank)[1]
            for name, address in addresses(pages, things).items()
            if papers or not name.startswith("receipt_pdf")
        }


def told_apart(cast, pages: Pages, *, papers: bool = False) -> set[str]:
    """The pages by which this reader tells the two worlds apart."""
    records.medicine(cast.amina, cast.at, "CNRYiron")
    one, other = (world(cast, pages, hidden, papers) for hidden in (False, True))
    return set(different(one, other))


@pytest.mark.security("T93", "T26")
def test_what_is_outside_of_the_paper_changes_nothing_for_who_acts(cast, agent):
    pdf.warm()
    assert told_apart(cast, agent, papers=True) == set()


def as_signed(opened, consents) -> list[Consent]:
    return list(consents)


def all_of_them(opened, acting) -> Q:
    return Q(signed_at__isnull=False)


def every_use(opened) -> Q:
    return Q(patient_id=opened.patient.pk)


RECEIPTS = {"receipt stands", "receipt over", "receipt never", "receipt whole"}
LEAKS = {
    "topics": ((sharing, "told", as_signed), RECEIPTS | {"sharing"}),
    "files": ((imported, "told", as_signed), {"receipts_file"}),
    "codes": ((codes, "told", as_signed), {"one code"}),
    "nevers": ((told, "_reached", all_of_them), {"receipts", "receipts_file"}),
    "use": ((codes, "tells_use", every_use), {"codes", "one code", "log"}),
}


@pytest.mark.security("T93", "T26")
@pytest.mark.parametrize("leak", LEAKS)
def test_each_old_leak_that_is_put_back_is_found(cast, agent, monkeypatch, leak):
    patched, pages = LEAKS[leak]
    monkeypatch.setattr(*patched)
    assert told_apart(cast, agent) >= pages


@pytest.fixture
def things(cast) -> Iterator[dict]:
    things = within(cast, hidden=True)
    outside(cast, things["code"].code)
    return things


@pytest.mark.security("T93", "T19")
def test_a_never_outside_of_the_paper_has_no_address(cast, agent, things):
    told_of = {each.pk for name, each in things.items() if name != "code"}
    told_of.add(things["code"].guest_code.consent_id)
    hidden = Consent.objects.filter(patient=cast.amina).exclude(decision="permit")
    hidden = [each.pk for each in hidden if each.pk not in told_of]
    assert len(hidden) >= 5
    for page in ("receipt", "receipt_pdf", "receipt_file", "revoke"):
        answers = {agent.get(page, pk).status_code for pk in hidden}
        assert answers == {404}, page


def test_the_patient_and_who_acts_by_a_paper_for_all_read_all_of_it(cast):
    records.medicine(cast.amina, cast.at, "CNRYiron")
    things = within(cast, hidden=True)
    outside(cast, things["code"].code)
    patient = Pages(Client(), cast.amina.user, cast.amina)
    whole = acting(cast, "Zoe Diallo", categories=CATEGORIES.all, labels=LABELS.all)
    for pages in (patient, whole):
        receipt = text_of(pages.get("receipt", things["stands"].pk))
        assert things["stands"].text.split("\n")[0] in receipt
        assert "HIV" in receipt
        assert "Never: Fatou" in text_of(pages.get("receipts"))
        assert WHOSE in text_of(pages.get("code", things["code"].guest_code.pk))
        for page in ("sharing", "receipts", "codes"):
            assert ALWAYS not in text_of(pages.get(page))
    assert "A clinician with my code" in text_of(whole.get("log"))


@pytest.mark.security("T93")
def test_the_pages_say_so_whether_something_is_left_out_or_not(cast, agent):
    held = permit(cast.amina, cast.bram, at=cast.at)
    code = guests.make(cast.amina, at=cast.at).guest_code
    for page, *which in (
        *(["sharing"], ["receipts"], ["codes"]),
        *(["receipt", held.pk], ["code", code.pk]),
    ):
        assert ALWAYS in text_of(agent.get(page, *which)), page
    receipt = text_of(agent.get("receipt", held.pk))
    assert "None that your document covers. Others are not told here" in receipt
    assert "so the text is not shown" in receipt


@pytest.mark.security("T93")
def test_the_same_is_not_shared_again_with_less_in_it(cast, agent):
    over = permit(cast.amina, cast.bram, at=cast.at - YEAR / 100, labels=SUD)
    actions.revoke(consent=over, by=cast.amina.user, at=cast.at)
    assert "?again=" not in text_of(agent.get("receipt", over.pk))
    answer = agent.get("grant", again=str(over.pk))
    assert answer["Location"] == agent.address("receipt", over.pk)
    said = text_of(agent.client.get(answer["Location"]))
    assert "you may not be told all that it says" in said


def test_what_somebody_signed_for_the_patient_they_read_as_they_signed_it(cast):
    held = record(
        cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "agent", labels=SUD
    )
    signed = signs(held, cast.bram, at=cast.at, categories=1, labels=SUD, purposes=1)
    code = guests.make(cast.amina, at=cast.at, held=held)
    guests.use(code.code, at=cast.at, birth_date=cast.amina.birth_date)
    pages = Pages(Client(), held.party.user, cast.amina)
    receipt = text_of(pages.get("receipt", signed.pk))
    assert "<dd>treatment for alcohol or drug use</dd>" in receipt
    assert "so the text is not shown" not in receipt
    assert WHOSE in text_of(pages.get("code", code.guest_code.pk))


@pytest.mark.security("T93")
def test_such_a_file_is_valid_and_opens_nothing_where_it_is_read(cast, agent, things):
    for name in ("stands", "never"):
        found = json.loads(agent.get("receipt_file", things[name].pk).content)
        FhirConsent.model_validate(copy.deepcopy(found))
        assert "data" not in found["sourceAttachment"]
        for rule in found["provision"]["provision"]:
            (left_out,) = rule["modifierExtension"]
            assert left_out["url"] == "urn:carecoord:scope-withheld"
        with pytest.raises(UnreadableFile, match="a limit that cannot be kept"):
            read(json.dumps(found), whose=whose(cast.amina))


@pytest.mark.security("T93")
def test_who_acts_stops_all_of_a_permission_also_what_they_are_not_told(cast, agent):
    held = permit(cast.amina, cast.bram, at=cast.at, labels=SUD | HIV)
    agent.get("revoke", held.pk)
    agent.send()
    held.refresh_from_db()
    assert held.revoked_at and held.labels == SUD | HIV


def test_a_look_with_a_code_of_their_own_stands_in_their_log(cast):
    party = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, party, "agent", labels=SUD)
    records.medicine(cast.amina, cast.at, "CNRYiron")
    made = guests.make(cast.amina, at=cast.at, held=held)
    outside(cast, made.code)
    pages = Pages(Client(), party.user, cast.amina)
    assert "A clinician with my code" in text_of(pages.get("log"))


def test_a_long_log_is_read_by_key_and_says_the_same(agent, cast, monkeypatch):
    records.medicine(cast.amina, cast.at, "CNRYiron")
    permit(cast.amina, cast.bram, at=cast.at)
    for days in range(1, 5):
        with time_machine.travel(cast.at + timedelta(days=days), tick=False):
            bram = Pages(Client(), cast.user("bram"), cast.amina)
            page = bram.client.get(f"/patients/{cast.amina.pk}/medicines/")
            assert page.status_code == 200
    found = text_of(agent.get("log"))
    assert found.count("Dr. Bram Visser") >= 4
    monkeypatch.setattr(looked_for, "CHUNK", 1)
    assert text_of(agent.get("log")).count("Dr. Bram Visser") == found.count(
        "Dr. Bram Visser"
    )
