"""What a patient keeps from whoever acts for them opens by no signature of theirs.

Found: an agent from whom the patient kept a medicine made a code for "a clinician",
typed it in, and read it there; so did family for whom the agent signed. And to an agent
of whom the patient had said "never", the care team stood on four pages all the same.
And whatever an agent's paper left out, a note to the patient stood on the page of the
patient's code.
"""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consents import actions, decisions, parents_reach, scopes
from consents.access import guests
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Guest, Reader
from patients.models import MedicationStatement
from tests.cast import never, permit
from tests.consents.acting import child, record, relative, signs
from tests.consents.guests import make, use
from tests.consents.views.pages import sign_in, text_of
from tests.patients import records

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]
ALL = CATEGORIES.all
YEAR = timedelta(days=365)
BOTH = ["CNRYiron", "CNRYkept"]


@pytest.fixture
def kept(cast):
    records.medicine(cast.amina, cast.at, "CNRYiron")
    return records.medicine(cast.amina, cast.at, "CNRYkept")


@pytest.fixture
def rosa(cast, kept):
    """Amina's agent, by a paper for everything."""
    return record(cast, cast.amina, relative(cast.amina, "Rosa Haddad"), "agent")


def keeps_from(cast, rosa, categories, **terms):
    terms |= {"categories": categories, "ends_at": cast.at + 100 * YEAR}
    never(cast.amina, rosa.party, at=cast.at, **terms)


def reads(reader) -> list[str]:
    found = decisions.permitted(MedicationStatement.objects.all(), reader)
    return sorted(found.values_list("name", flat=True))


def by_code(cast, held, patient=None, labels: int = 0) -> list[str]:
    scope = {"categories": ALL, "labels": labels}
    made = make(patient or cast.amina, at=cast.at, held=held, **scope)
    party = made.guest_code.consent.recipient_id
    return reads(Guest(party_id=party, purpose="TREAT", at=cast.at))


@pytest.mark.security("T93", "T90")
def test_a_code_opens_nothing_that_is_kept_from_who_made_it(cast, rosa, kept):
    actions.keep_back(item=kept, party=rosa.party, by=cast.amina.user, at=cast.at)
    assert reads(Reader(rosa.party.user_id, "PWATRNY", cast.at)) == ["CNRYiron"]
    assert by_code(cast, rosa) == ["CNRYiron"]
    assert by_code(cast, None) == BOTH, "the patient's own code opens all of it"


@pytest.mark.security("T93", "T90")
def test_nor_by_the_code_of_a_parent_what_a_child_keeps_from_her(cast):
    noor = child(cast, born=(cast.at - 15 * YEAR).date())
    mother = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    item = records.medicine(noor, cast.at, "CNRYkept")
    records.medicine(noor, cast.at, "CNRYiron")
    assert by_code(cast, mother, noor) == BOTH
    actions.keep_back(item=item, party=mother.party, by=noor.user, at=cast.at)
    assert by_code(cast, mother, noor) == ["CNRYiron"]


def never_of_hiv(cast, rosa):
    """One topic of the medicines."""
    never(
        cast.amina,
        rosa.party,
        at=cast.at,
        categories=CATEGORIES["medications"],
        labels=LABELS["hiv"],
    )


@pytest.mark.security("T93", "T90")
def test_nor_what_a_never_keeps_from_them(cast, rosa):
    keeps_from(cast, rosa, CATEGORIES["goals"])
    assert by_code(cast, rosa) == BOTH
    never_of_hiv(cast, rosa)
    assert by_code(cast, rosa) == BOTH, "a never for one topic is one for that topic"
    keeps_from(cast, rosa, CATEGORIES["medications"])
    assert by_code(cast, rosa) == []


@pytest.mark.security("T93", "T90")
def test_nor_a_topic_of_which_the_patient_said_never(cast, rosa):
    hiv = LABELS["hiv"]
    records.medicine(cast.amina, cast.at, "CNRYhiv", labels=hiv)
    assert by_code(cast, rosa, labels=hiv) == ["CNRYhiv", *BOTH]
    never_of_hiv(cast, rosa)
    assert by_code(cast, rosa, labels=hiv) == BOTH
    assert by_code(cast, None, labels=hiv) == ["CNRYhiv", *BOTH]


@pytest.mark.security("T93", "T90")
def test_nor_what_is_kept_from_the_clinic_in_which_they_work(cast, kept):
    party = relative(cast.amina, "Dana Levy", user=cast.user("dana"))
    held = record(cast, cast.amina, party, "agent")
    far = cast.dana.practitioner.roles.get().organization.party
    actions.keep_back(item=kept, party=far, by=cast.amina.user, at=cast.at)
    assert by_code(cast, held) == ["CNRYiron"]


@pytest.mark.security("T93", "T90")
def test_nor_does_family_for_whom_they_signed_read_it(cast, rosa, kept):
    lina = relative(cast.amina, "Lina Haddad")
    who = {"patient": cast.amina, "by": cast.amina.user, "at": cast.at}
    actions.join(party=lina, role="caregiver", **who)
    signs(rosa, lina, at=cast.at, categories=ALL, purposes=PURPOSES["FAMRQT"])
    reader = Reader(lina.user_id, "FAMRQT", cast.at)
    assert reads(reader) == BOTH
    actions.keep_back(item=kept, party=rosa.party, by=cast.amina.user, at=cast.at)
    assert reads(reader) == ["CNRYiron"]
    permit(cast.amina, lina, at=cast.at, categories=ALL, purposes=PURPOSES["FAMRQT"])
    assert reads(reader) == BOTH, "the patient's own word gives it"


def test_a_clinician_for_whom_they_signed_treats_and_reads_it(cast, rosa, kept):
    """Who may not look may still have to say yes to who treats."""
    actions.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    signs(rosa, cast.dana, at=cast.at, categories=ALL, purposes=PURPOSES["TREAT"])
    actions.keep_back(item=kept, party=rosa.party, by=cast.amina.user, at=cast.at)
    assert reads(Reader(cast.dana.user_id, "TREAT", cast.at)) == BOTH


def test_the_test_of_the_code_fails_where_any_signature_gives_all(
    cast, rosa, kept, monkeypatch
):
    monkeypatch.setattr(parents_reach, "not_kept_from_signer", lambda reader: Q())
    monkeypatch.setattr("consents.ready._kept", {})
    actions.keep_back(item=kept, party=rosa.party, by=cast.amina.user, at=cast.at)
    assert by_code(cast, rosa) == BOTH


# The care team ----------------------------------------------------------------------


def _named_to(cast, user) -> list[str]:
    client = Client()
    sign_in(client, user)
    seen = " ".join(
        text_of(client.get(f"/patients/{cast.amina.pk}/{page}"))
        for page in ("", "team/", "list/", "summary/")
    )
    return [name for name in ("Bram", "Chidi") if name in seen]


@pytest.mark.slow
@pytest.mark.security("T93", "T90")
def test_the_team_is_not_named_to_whom_the_patient_never_shows_it(cast, rosa):
    assert _named_to(cast, rosa.party.user) == ["Bram", "Chidi"]
    keeps_from(cast, rosa, CATEGORIES["care_team"])
    assert _named_to(cast, rosa.party.user) == []


@pytest.mark.slow
def test_the_test_of_the_team_fails_where_the_document_says_it_all(
    cast, rosa, monkeypatch
):
    monkeypatch.setattr(scopes, "of_acting", scopes.by_document)
    keeps_from(cast, rosa, CATEGORIES["care_team"])
    assert _named_to(cast, rosa.party.user) == ["Bram", "Chidi"]


def test_what_a_never_is_for_is_not_theirs_to_decide(cast, rosa):
    never(
        cast.amina,
        rosa.party,
        at=cast.at,
        categories=CATEGORIES.mask("care_team", "goals"),
    )
    found = scopes.of_acting(rosa, cast.at)
    assert not found.has("care_team") and not found.has("goals")
    assert found.has("medications") and found.has_whole("medications")


def test_a_never_for_one_topic_leaves_the_kind_and_ends_the_whole(cast, rosa):
    never_of_hiv(cast, rosa)
    found = scopes.of_acting(rosa, cast.at)
    assert found.has("medications") and not found.has_whole("medications")


# A note back ------------------------------------------------------------------------


def _read_of_the_note(cast, held, *, code_of=None) -> bool:
    """Whether the page of a code shows its note to whoever reads there who used it."""
    made = make(cast.amina, at=cast.at, held=code_of)
    visit = use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    actions.write_note(visit=visit, text="CNRYshelter", at=cast.at)
    client = Client()
    sign_in(client, held.party.user)
    pk = made.guest_code.pk
    page = text_of(client.get(reverse("consents:code", args=[cast.amina.pk, pk])))
    assert "Mercy Hospital" in page
    return "CNRYshelter" in page


@pytest.fixture
def narrow(cast):
    """Her agent for medicines alone."""
    party = relative(cast.amina, "Sami Haddad")
    return record(
        cast, cast.amina, party, "agent", categories=CATEGORIES["medications"]
    )


@pytest.mark.security("T93", "T90")
def test_a_note_to_the_patient_is_not_for_who_acts(cast, rosa):
    """By a paper for everything: by another one it is not told who used the code."""
    assert not _read_of_the_note(cast, rosa)


def test_a_note_by_their_own_code_is_for_them(cast, narrow):
    assert _read_of_the_note(cast, narrow, code_of=narrow)


def test_the_test_of_the_note_fails_where_whoever_reads_of_a_code_reads_it(
    cast, rosa, monkeypatch
):
    monkeypatch.setattr(guests, "_tells", lambda opened, row: True)
    assert _read_of_the_note(cast, rosa)
