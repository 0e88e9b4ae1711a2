"""View as, for whoever signs for a patient: of the real pages, what both may know."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from consents import actions, decisions, representing
from consents.access import Reading
from consents.codes import CATEGORIES, LABELS, PURPOSES, Relation
from consents.decisions import Reader
from consents.disclosable import model_of
from consents.models import AccessRefusal, Consent, Disclosure, Representative
from messaging.models import Opening
from patients.actions.team import name_list_owner
from patients.models import MedicationStatement
from tests.cast import Cast, permit, signature
from tests.consents.acting import child, record, relative
from tests.consents.test_decisions import condition
from tests.consents.views import test_looking as looking
from tests.consents.views.pages import Pages, hidden, text_of
from tests.messaging import writing
from tests.patients import records
from tests.sweeps import requests, tables

# What whoever acts opens for the patient as well; no page of updates is.
PAGES = ("", "medicines/", "team/")
SAID = "This shows what you may know yourself."
PAPERS = {
    "for everything": {"categories": CATEGORIES.all, "labels": LABELS.all},
    "for some": {
        "categories": CATEGORIES.all
        & ~CATEGORIES.mask("conditions", "care_team", "updates"),
        "labels": 0,
    },
}


def only_theirs(cast: Cast, party) -> None:
    """ "Only me and …", "not for …": the first is theirs and not the guardian's."""
    looking.kept_back(cast, party)
    rows = MedicationStatement.objects.filter(patient=cast.amina).order_by("-pk")
    actions.keep_back(item=rows[0], but={party}, by=cast.amina.user, at=cast.at)


CASES = [
    ("bram", only_theirs),
    ("jon", looking.denied),
    ("chidi", looking.as_it_is),
    ("hana", looking.medicines_only),
]
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def still(settings, monkeypatch):
    """No lot is drawn between two printings."""
    settings.DEMO = True
    monkeypatch.setattr("patients.documents.sheet.new_document_id", lambda: "ABCD")


@pytest.fixture
def told(cast: Cast) -> Cast:
    """A record with something in every section, and an update to Jon."""
    records.fill(cast.amina, cast.at, psychiatrist=cast.bram)
    cast.update = writing.send(cast, "bram", "jon")
    return cast


def acts(cast: Cast, patient, kind: str = "guardian", **paper) -> Client:
    """Rosa's browser, whose session was begun, so that a look writes nothing of it."""
    rosa = relative(patient, "Rosa Diallo")
    record(cast, patient, rosa, kind, **paper)
    return looking.signed_in(rosa.user)


def at(patient, party, page: str = "") -> str:
    return reverse("consents:look", args=[patient.pk, party.pk]) + page


def new_items(ask) -> tuple[object, set[tuple[str, str]]]:
    """(answer, what it logged); nothing of that stays."""
    with transaction.atomic():
        before = set(Disclosure.objects.values_list("pk", flat=True))
        answer = ask()
        rows = Disclosure.objects.exclude(pk__in=before)
        found = {(label, pk) for row in rows for label, pk, _version in row.items}
        transaction.set_rollback(True)
    return answer, found


def may_know(cast: Cast, patient, user, items: set) -> set[tuple[str, str]]:
    """Those of the items that whoever acts may see: by the rule, or by the paper."""
    reader = Reader(user_id=user.pk, purpose=representing.PURPOSE, at=cast.at)
    paper = representing.acting_for(patient.pk, user.pk, cast.at)
    found = set()
    for label, pk in items:
        if label == looking.ROSTER:
            if paper.categories & CATEGORIES["care_team"]:
                found.add((label, pk))
            continue
        rows = model_of(label).objects.filter(pk=pk)
        if decisions.permitted(rows, reader).exists():
            found.add((label, pk))
    return found


def knows(paper: str, who: str) -> bool:
    """A paper that leaves out the care team names nobody without a permission."""
    return paper != "for some" or who != "chidi"


# What it shows ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.capability("S54")
@pytest.mark.parametrize("paper", PAPERS)
def test_it_shows_what_both_may_see_and_nothing_else(told: Cast, paper: str):
    """For every reader and state, each page: theirs, less what the guardian may not."""
    client = acts(told, told.amina, **PAPERS[paper])
    rosa = Representative.objects.get(patient=told.amina).party.user
    less = 0
    for who, state in CASES:
        party = getattr(told, who)
        reader = looking.signed_in(party.user)
        with transaction.atomic():
            state(told, party)
            if not knows(paper, who):
                assert client.get(at(told.amina, party)).status_code == 404
            for page in PAGES if knows(paper, who) else ():
                theirs = f"/patients/{told.amina.pk}/{page}"
                _own, gets = new_items(lambda: reader.get(theirs))  # noqa: B023
                seen, shown = new_items(lambda: client.get(at(told.amina, party, page)))  # noqa: B023
                assert seen.status_code == 200, (who, state, page)
                assert SAID in text_of(seen), (who, state, page)
                both = may_know(told, told.amina, rosa, gets)
                assert shown == both, (who, state, page)
                less += len(gets) - len(both)
            transaction.set_rollback(True)
    assert less > 0, "somewhere they get what is not hers"


# What it does not tell ----------------------------------------------------------------


@pytest.fixture
def noor(cast: Cast):
    """15, with a sign-in; her mother took Jon onto the team, and shares with him."""
    noor = child(cast, born=(cast.at - 15 * YEAR).date())
    records.fill(noor, cast.at)
    return noor


@pytest.fixture
def mother(cast: Cast, noor) -> Client:
    client = acts(cast, noor, "parent")
    held = Representative.objects.get(patient=noor)
    join(cast, noor, "jon", "primary_care", by=held.party.user)
    actions.grant(
        patient=noor,
        terms=terms(cast, cast.jon, CATEGORIES.all & ~CATEGORIES["conditions"]),
        signature=actions.Signature("Rosa", "password", "x", "t", "parent", held),
        by=held.party.user,
        at=cast.at,
    )
    return client


def join(cast, noor, who, role, *, by):
    party = getattr(cast, who)
    return actions.join(patient=noor, party=party, role=role, by=by, at=cast.at)


def terms(cast, recipient, categories: int, labels: int = 0) -> actions.Terms:
    return actions.Terms(
        recipient=recipient,
        categories=categories,
        labels=labels,
        purposes=PURPOSES.mask("TREAT", "COC"),
        starts_at=cast.at,
        ends_at=cast.at + YEAR,
    )


def her_own(cast: Cast, noor) -> None:
    """Whom Noor took on, what she signed, what is hers by law, what she keeps."""
    join(cast, noor, "chidi", "therapist", by=noor.user)
    name_list_owner(patient=noor, party=cast.chidi, by=noor.user)
    permit(noor, cast.jon, at=cast.at, categories=CATEGORIES.all, labels=LABELS.all)
    permit(noor, cast.chidi, at=cast.at, categories=CATEGORIES.all)
    permit(noor, cast.harbor.party, at=cast.at, categories=CATEGORIES.all)
    label = LABELS["sexual_reproductive"]
    condition(cast, patient=noor, name="chlamydia", labels=label)
    # Without a label, and so by the paper hers to read, but for who wrote it.
    cast.noor = noor
    writing.send(cast, "chidi", "jon", patient="noor")
    actions.deny(
        patient=noor,
        terms=terms(cast, cast.jon, CATEGORIES.all, label),
        signature=signature(noor),
        by=noor.user,
        at=cast.at,
    )
    records.medicine(noor, cast.at, "levonorgestrel", labels=label)
    medicine = records.medicine(noor, cast.at, "melatonin")
    actions.keep_back(item=medicine, but={cast.jon}, by=noor.user, at=cast.at)
    kept = condition(cast, patient=noor, name="self-harm")
    actions.keep_back(item=kept, by=noor.user, at=cast.at)
    actions.ask(
        patient=noor,
        recipient=cast.jon,
        asked_by=cast.jon,
        categories=CATEGORIES.all,
        labels=LABELS.all,
        purposes=PURPOSES["TREAT"],
        at=cast.at,
        reason="x",
    )


def previews(client: Client, noor, cast, pages) -> list:
    """Each preview: bytes and number of statements; nothing of the asking stays."""
    found = []
    for page in pages:
        with transaction.atomic():
            seen = requests.ask(client, at(noor, cast.jon, page))
            transaction.set_rollback(True)
        assert seen.status == 200, page
        found.append((page, seen.body, len(seen.statements)))
    return found


def _she_learns(cast, noor, mother, monkeypatch, pages=("",)) -> list[str]:
    """The pages that differ once Noor has done what is hers alone to do."""
    monkeypatch.setattr(Reading, "at", cast.at)
    previews(mother, noor, cast, pages)  # what is built once is built
    before = previews(mother, noor, cast, pages)
    her_own(cast, noor)
    after = previews(mother, noor, cast, pages)
    assert b"quetiapine" in after[0][1]
    return [one[0] for one, other in zip(before, after, strict=True) if one != other]


@pytest.mark.slow
@pytest.mark.security("T93", "T90", "L08")
def test_what_a_child_does_alone_changes_no_byte(cast, noor, mother, monkeypatch):
    pages = ("", "medicines/", "team/")
    assert _she_learns(cast, noor, mother, monkeypatch, pages) == []


TWINS = {
    "the rule is asked for the recipient alone": (
        "consents.access.eyes._knower",
        lambda opened: None,
    ),
    "what she may not know of stands": (
        "consents.access.eyes._leave_out",
        lambda opened: nullcontext(),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", TWINS)
def test_the_test_of_that_fails_where(cast, noor, mother, monkeypatch, fault):
    """The twins: without either half, her mother reads of it."""
    monkeypatch.setattr(*TWINS[fault])
    assert _she_learns(cast, noor, mother, monkeypatch)


# Before signing, and whose look it is -------------------------------------------------


@pytest.mark.slow
def test_before_signing_it_shows_what_both_would_see(told: Cast):
    """It signs nothing, is her own look in the log, and is said always."""
    acts(told, told.amina, **PAPERS["for some"])
    rosa = Representative.objects.get(patient=told.amina).party
    permit(told.amina, told.chidi, at=told.at, categories=CATEGORIES["goals"])
    pages = Pages(Client(), rosa.user, told.amina)
    kinds = {"preset": "own", "kinds": ["medications", "allergies"]}
    check = pages.to_check(told.chidi, what=kinds)
    address = at(told.amina, told.chidi, "medicines/")
    assert at(told.amina, told.chidi) in text_of(check)
    draft = {"draft": hidden(check.content.decode())["draft"]}
    before = Consent.objects.count()
    with tables.unchanged():
        seen = pages.client.post(address, draft)
    text = text_of(seen)
    assert f"{SAID} Chidi Okafor may also see things that are not open to you." in text
    assert "would get if you sign. Nothing is shared yet." in text
    assert "quetiapine" in text
    assert Consent.objects.count() == before
    rows = Disclosure.objects.filter(patient=told.amina)
    assert {(row.user, row.relation, row.recipient, row.basis) for row in rows} == {
        (rosa.user, Relation.REPRESENTATIVE, rosa, "representative")
    }
    assert not AccessRefusal.objects.exists() and not Opening.objects.exists()
    nothing = text_of(pages.client.get(address))
    assert SAID in nothing and "quetiapine" not in nothing


@pytest.mark.slow
def test_the_paper_says_that_it_is_what_she_may_know(told: Cast):
    client = acts(told, told.amina)
    answer = client.get(at(told.amina, told.bram, "summary.pdf"))
    words = looking.words_of(answer)
    assert "Preview of what you may know. They may see more. Not for others." in words
    assert looking.MARK not in words


@pytest.mark.security("T90")
def test_who_may_not_sign_or_may_not_know_looks_at_nothing(told: Cast):
    reads = acts(told, told.amina, may_sign=False)
    assert reads.get(at(told.amina, told.bram)).status_code == 404
    sister = relative(told.amina, "Lina Diallo")
    record(told, told.amina, sister, "guardian")
    client = looking.signed_in(sister.user)
    for who, page in ((told.dana, ""), (told.bram, "updates/"), (told.bram, "more/")):
        assert client.get(at(told.amina, who, page)).status_code == 404, (who, page)
    assert client.get(at(told.gus, told.bram)).status_code == 404
