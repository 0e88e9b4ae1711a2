"""What a parent signs for others tells the parent nothing that is not theirs to know.

Found: a parent made a code for "a clinician", typed it in, and read on its page whom
the child alone had taken onto the team, and what that person wrote and prescribed. The
same stood on the pages of an aunt for whom the parent signed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client

from consents import actions, childs_people, decisions, parents_reach
from consents.access import guests
from consents.access.guests import open_visit
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Guest, Reader
from consents.models import Disclosure
from patients.access import team
from patients.actions.team import name_list_owner
from patients.models import Condition, MedicationStatement
from tests.cast import permit
from tests.consents.acting import child, record, relative, signs
from tests.consents.guests import make, signature_of, use
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
YEAR = timedelta(days=365)
HIS = ("CNRYmethylphenidate", "CNRYpanic", "Chidi Okafor")
ALL = CATEGORIES.all


@pytest.fixture
def noor(cast):
    """15, with a sign-in; she took Chidi on alone, and her mother took Jon."""
    noor = child(cast, born=(cast.at - 15 * YEAR).date())
    join(cast, noor, "chidi", "therapist", by=noor.user)
    records.medicine(noor, cast.at, "CNRYmethylphenidate", prescriber=cast.chidi)
    records.medicine(noor, cast.at, "CNRYiron")
    records.item(
        Condition, noor, "conditions", cast.at, author=cast.chidi, name="CNRYpanic"
    )
    name_list_owner(patient=noor, party=cast.chidi, by=noor.user)
    return noor


@pytest.fixture
def rosa(cast, noor):
    """Her mother, by a paper for everything."""
    held = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    join(cast, noor, "jon", "primary_care", by=held.party.user)
    return held


def join(cast, noor, who, role, *, by):
    party = getattr(cast, who)
    return actions.join(patient=noor, party=party, role=role, by=by, at=cast.at)


def typed_in(cast, noor, code: str) -> str:
    """The page of a code, as whoever types it in reads it."""
    answer = enter(Client(), noor, code)
    assert answer.status_code == 200 and "CNRYiron" in text_of(answer)
    return text_of(answer)


def enter(client: Client, noor, code: str):
    return client.post(
        "/code/",
        {
            "code": code,
            "birth_date": f"{noor.birth_date:%m/%d/%Y}",
            "name": "Dr. Ruth Novak",
            "organization": "Mercy Hospital",
            "reason": "Seen in the emergency room",
        },
        follow=True,
    )


def _she_reads_of_him_with_a_code(cast, noor, rosa) -> list[str]:
    made = make(noor, at=cast.at, categories=ALL, labels=LABELS.all, held=rosa)
    page = typed_in(cast, noor, made.code)
    assert "Dr. Jon Ortiz" in page, "the team that she may know of"
    return [each for each in HIS if each in page]


@pytest.mark.slow
@pytest.mark.security("T93", "T90", "L08")
def test_a_code_of_a_parents_opens_what_the_parent_may_know(cast, noor, rosa):
    assert _she_reads_of_him_with_a_code(cast, noor, rosa) == []


def test_the_page_of_it_is_that_of_a_child_who_took_on_nobody(cast, rosa, noor):
    """Not even a count: of two medicines one is there, and it is "shared (1)"."""
    made = make(noor, at=cast.at, categories=ALL, held=rosa)
    assert "shared with whoever has the code (1)" in typed_in(cast, noor, made.code)


@pytest.mark.slow
def test_the_test_of_the_code_fails_where_a_signature_is_a_signature(
    cast, noor, rosa, monkeypatch
):
    """The twin: whoever signed, a permission covered all that its words say."""
    monkeypatch.setattr(parents_reach, "binds", lambda reader: False)
    monkeypatch.setattr("consents.ready._kept", {})
    assert _she_reads_of_him_with_a_code(cast, noor, rosa) == list(HIS)


def test_a_code_that_the_child_made_opens_all_of_it(cast, noor, rosa):
    made = make(noor, at=cast.at, categories=ALL)
    page = typed_in(cast, noor, made.code)
    assert [each for each in HIS if each in page] == list(HIS)


def _her_opening_ends_when_the_child_acts(cast, noor, rosa) -> bool:
    made = make(noor, at=cast.at, categories=ALL, held=rosa)
    visit = use(made.code, at=cast.at, birth_date=noor.birth_date)
    join(cast, noor, "bram", "psychiatrist", by=noor.user)
    return open_visit(visit.pk, entrance="patients:guest_page") is None


@pytest.mark.security("T93", "T90")
def test_an_opening_of_hers_does_not_tell_when_the_child_acts(cast, noor, rosa):
    """Found: who asked for the page again and again saw it end at each step."""
    assert not _her_opening_ends_when_the_child_acts(cast, noor, rosa)


def test_the_test_of_that_fails_where_every_opening_ends_with_the_gate(
    cast, noor, rosa, monkeypatch
):
    monkeypatch.setattr(guests, "_is_over", lambda visit, epoch: epoch != visit.epoch)
    assert _her_opening_ends_when_the_child_acts(cast, noor, rosa)


def test_what_the_child_keeps_back_meanwhile_is_gone_from_it(cast, noor, rosa):
    made = make(noor, at=cast.at, categories=ALL, held=rosa)
    client = Client()
    enter(client, noor, made.code)
    iron = MedicationStatement.objects.get(patient=noor, name="CNRYiron")
    actions.keep_back(item=iron, by=noor.user, at=cast.at)
    page = client.get("/code/page/")
    assert page.status_code == 200 and "CNRYiron" not in text_of(page)


# Family -----------------------------------------------------------------------------


@pytest.fixture
def aunt(cast, noor, rosa):
    """Lina, whom Rosa took onto the team, and for whom she signed."""
    lina = relative(noor, "Lina Haddad")
    actions.join(
        patient=noor, party=lina, role="caregiver", by=rosa.party.user, at=cast.at
    )
    sign_all(cast, rosa, lina)
    return lina


def sign_all(cast, held, party):
    return signs(
        held,
        party,
        at=cast.at,
        categories=ALL,
        labels=LABELS.all,
        purposes=PURPOSES["FAMRQT"],
    )


def pages(noor, user) -> str:
    client = Client()
    sign_in(client, user)
    found = ("", "medicines/", "list/", "team/", "tests/", "summary/", "summary.txt")
    return " ".join(text_of(client.get(f"/patients/{noor.pk}/{one}")) for one in found)


@pytest.mark.slow
@pytest.mark.security("T93", "T90", "L08")
def test_nor_do_the_pages_of_family_for_whom_a_parent_signed(cast, noor, aunt):
    seen = pages(noor, aunt.user)
    assert "CNRYiron" in seen and "Dr. Jon Ortiz" in seen
    assert [each for each in HIS if each in seen] == []
    # Nor is a duty that one of them may have said to be nobody's.
    assert "No one that you see here: ask" in seen and "No one yet" not in seen


def test_the_test_of_family_fails_where_the_roster_is_asked_for_the_scope_alone(
    cast, noor, aunt, monkeypatch
):
    """The twin of the other half: the team stood there whole."""
    monkeypatch.setattr(team, "_by_parents_alone", lambda opened: False)
    assert "Chidi Okafor" in pages(noor, aunt.user)


def test_what_the_child_signs_for_them_too_is_theirs_and_rests_on_it(cast, noor, aunt):
    own = permit(
        noor,
        aunt,
        at=cast.at,
        categories=CATEGORIES["conditions"],
        purposes=PURPOSES["FAMRQT"],
    )
    seen = pages(noor, aunt.user)
    assert "CNRYpanic" in seen and "CNRYmethylphenidate" not in seen
    item = Condition.objects.get(patient=noor)
    decision = decisions.decide(item, Reader(aunt.user_id, "FAMRQT", cast.at))
    assert decision.consent_id == own.pk
    rows = Disclosure.objects.filter(recipient=aunt)
    assert any(str(own.pk) in row.consents for row in rows)


def test_for_whom_the_parent_signed_is_known_and_so_is_what_they_wrote(
    cast, noor, rosa, aunt
):
    """The parent knows of Chidi then, by a permission of hers."""
    grant = {"signature": signature_of(rosa), "by": rosa.party.user, "at": cast.at}
    terms = actions.Terms(
        recipient=cast.chidi,
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        starts_at=cast.at,
        ends_at=cast.at + YEAR,
    )
    actions.grant(patient=noor, terms=terms, **grant)
    seen = pages(noor, aunt.user)
    assert [each for each in HIS if each in seen] == list(HIS)


@pytest.mark.security("T93", "T90")
def test_what_one_parent_knows_opens_nothing_by_the_signature_of_the_other(
    cast, noor, rosa, aunt
):
    """Found: whom Rosa knew, her stopped signature opened under the father's."""
    who = {"patient": noor, "by": rosa.party.user, "at": cast.at}
    actions.stop_sharing(recipient=aunt, **who)
    sign_all(cast, rosa, cast.chidi)
    father = record(cast, noor, relative(noor, "Sami Haddad"), "parent")
    sign_all(cast, father, aunt)
    reader = Reader(aunt.user_id, "FAMRQT", cast.at)
    lines = decisions.permitted(MedicationStatement.objects.all(), reader)
    assert [line.name for line in lines] == ["CNRYiron"]
    assert not decisions.permitted(Condition.objects.all(), reader).exists()


def _opens_what_neither_gave(cast, noor, rosa, aunt) -> list[str]:
    """Rosa knows Chidi and shares goals with the aunt; the father shares all the rest.

    He knows nothing of Chidi, and she did not share what Chidi wrote.
    """
    who = {"patient": noor, "by": rosa.party.user, "at": cast.at}
    actions.stop_sharing(recipient=aunt, **who)
    sign_all(cast, rosa, cast.chidi)
    family = {"at": cast.at, "purposes": PURPOSES["FAMRQT"]}
    signs(rosa, aunt, categories=CATEGORIES["goals"], **family)
    father = record(cast, noor, relative(noor, "Sami Haddad"), "parent")
    sign_all(cast, father, aunt)
    reader = Reader(aunt.user_id, "FAMRQT", cast.at)
    rows = [MedicationStatement.objects.all(), Condition.objects.all()]
    return sorted(
        row.name for each in rows for row in decisions.with_basis(each, reader)
    )


@pytest.mark.security("T93", "T90")
def test_two_parents_permits_open_together_what_each_opens_alone(
    cast, noor, rosa, aunt
):
    """Found: both stood, and what one knew widened what the other had signed."""
    assert _opens_what_neither_gave(cast, noor, rosa, aunt) == ["CNRYiron"]
    # What Rosa knows and signs for is open, and rests on what she signed.
    hers = signs(
        rosa,
        aunt,
        at=cast.at,
        categories=CATEGORIES["conditions"],
        purposes=PURPOSES["FAMRQT"],
    )
    item = Condition.objects.get(patient=noor)
    decision = decisions.decide(item, Reader(aunt.user_id, "FAMRQT", cast.at))
    assert decision.permitted and decision.consent_id == hers.pk


def test_the_test_of_both_fails_where_their_knowledge_is_one(
    cast, noor, rosa, aunt, monkeypatch
):
    """The twin: any parent's signature for Chidi counts for every parent's permit."""
    anybody = Q(representative__kind="parent")
    monkeypatch.setattr(
        parents_reach,
        "not_for_its_signer",
        lambda model: childs_people._not_for(model, lambda up: anybody, up=2),
    )
    monkeypatch.setattr("consents.ready._kept", {})
    opened = _opens_what_neither_gave(cast, noor, rosa, aunt)
    assert opened == ["CNRYiron", "CNRYmethylphenidate", "CNRYpanic"]


def test_a_clinician_for_whom_a_parent_signed_treats_and_reads_it(cast, noor, rosa):
    """A decision: whoever treats is known to the child, and has to know."""
    signs(rosa, cast.jon, at=cast.at, categories=ALL, purposes=PURPOSES["TREAT"])
    reader = Reader(cast.jon.user_id, "TREAT", cast.at)
    assert decisions.permitted(Condition.objects.all(), reader).exists()


def test_one_query_decides_it_for_somebody_with_a_code(
    cast, noor, rosa, django_assert_num_queries
):
    made = make(noor, at=cast.at, categories=ALL, held=rosa)
    party = made.guest_code.consent.recipient_id
    reader = Guest(party_id=party, purpose="TREAT", at=cast.at)
    list(decisions.permitted(Condition.objects.all(), reader))
    with django_assert_num_queries(1):
        assert not list(decisions.permitted(Condition.objects.all(), reader))
