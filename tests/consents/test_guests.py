"""S43, S59: a code for somebody outside the team: what it opens, and when not."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from carecoord.form_keys import FormUsedError
from consents import actions, decisions, log, windows
from consents.access import Reading, open_for
from consents.access import guests as access
from consents.actions import guests as limits
from consents.codes import CATEGORIES, LABELS, GuestPage, Relation
from consents.decisions import Guest
from consents.models import Disclosure, GuestCode, GuestTry, GuestVisit
from patients.models import Condition
from providers.codes import PartyKind
from providers.models import Party
from tests.cast import permit
from tests.consents.acting import child, record, relative
from tests.consents.guests import CORE, make, use
from tests.consents.test_decisions import condition

MINUTE = timedelta(minutes=1)


@pytest.fixture
def made(cast):
    return make(cast.amina, at=cast.at)


def opened(cast, made, **how):
    return use(made.code, at=cast.at, birth_date=cast.amina.birth_date, **how)


def guest_of(made, at) -> Guest:
    party = made.guest_code.consent.recipient_id
    return Guest(party_id=party, purpose="TREAT", at=at)


# The rule ------------------------------------------------------------------------


@pytest.mark.capability("S59")
def test_a_guest_sees_what_the_permission_covers_and_nothing_else(cast):
    plain, secret = condition(cast), condition(cast, labels=LABELS["hiv"])
    goal = condition(cast, categories=CATEGORIES["goals"])
    made = make(cast.amina, at=cast.at, categories=CATEGORIES["conditions"])
    seen = decisions.permitted(Condition.objects.all(), guest_of(made, cast.at))
    assert list(seen) == [plain]
    for item in (secret, goal):
        assert not decisions.decide(item, guest_of(made, cast.at)).permitted
    assert decisions.decide(plain, guest_of(made, cast.at)).consent_id == (
        made.guest_code.consent_id
    )


def test_an_item_kept_back_is_kept_from_a_guest_too(cast, made):
    item = condition(cast)
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    assert not decisions.decide(item, guest_of(made, cast.at)).permitted


def test_a_permission_of_a_code_is_nobody_elses(cast, made):
    item = condition(cast, categories=CATEGORIES["contacts"])
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    for who in ("bram", "chidi", "dana", "hana", "edo"):
        reader = decisions.Reader(cast.user(who).pk, "TREAT", cast.at)
        assert not decisions.decide(item, reader).permitted


def test_a_guest_reads_no_other_patient(cast, made):
    item = condition(cast, patient=cast.gus)
    assert not decisions.decide(item, guest_of(made, cast.at)).permitted


def test_a_guest_is_not_whoever_has_no_sign_in(cast, made):
    """The piece "the person is the patient" must not compare nothing with nothing."""
    type(cast.gus).objects.filter(pk=cast.gus.pk).update(user=None)
    item = condition(cast, patient=cast.gus)
    assert not decisions.decide(item, guest_of(made, cast.at)).permitted


# The code ------------------------------------------------------------------------


@pytest.mark.capability("S43")
def test_code_and_birth_date_open_it(cast, made):
    visit = opened(cast, made)
    assert visit.name == "Dr. Ruth Novak"
    assert GuestTry.objects.count() == 0


def test_small_letters_and_spaces_do_not_matter(cast, made):
    typed = made.code.lower().replace("-", " ")
    assert use(typed, at=cast.at, birth_date=cast.amina.birth_date)


def test_the_code_is_kept_as_a_keyed_hash(cast, made, settings):
    letters = made.code.replace("-", "")
    assert len(letters) == 12 and len(set(limits.ALPHABET)) ** 12 > 2**58
    row = GuestCode.objects.values().get()
    assert letters not in str(row) and made.code not in str(row)
    settings.SECRET_KEY = "another key of the same length as before, for a test"
    assert limits.hash_of(made.code) != row["code_hash"]


REFUSED = {
    "wrong code": lambda cast, made: use(
        "AAAA-BBBB-CCCC", at=cast.at, birth_date=cast.amina.birth_date
    ),
    "wrong birth date": lambda cast, made: use(
        made.code, at=cast.at, birth_date=date(1991, 2, 15)
    ),
    "stopped": lambda cast, made: (
        actions.revoke(consent=made.guest_code.consent, by=cast.amina.user, at=cast.at),
        opened(cast, made),
    )[1],
    "ended": lambda cast, made: use(
        made.code,
        at=made.guest_code.consent.ends_at,
        birth_date=cast.amina.birth_date,
    ),
    "used up": lambda cast, made: [opened(cast, made) for _time in range(4)][3],
}


@pytest.mark.capability("S43")
@pytest.mark.parametrize("reason", REFUSED)
def test_it_opens_for_nobody_when(cast, made, reason):
    before = GuestVisit.objects.count()
    assert REFUSED[reason](cast, made) is None
    assert GuestVisit.objects.count() - before == (3 if reason == "used up" else 0)
    assert GuestTry.objects.count() == 1


def stop(cast, made):
    consent = made.guest_code.consent
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)


def use_it_up(cast, made):
    for _time in range(3):
        GuestVisit.objects.create(code=made.guest_code, at=cast.at, epoch=1)


@pytest.mark.security("T15", "T20")
@pytest.mark.parametrize("meanwhile", [stop, use_it_up])
def test_what_happens_between_the_look_and_the_gate_counts(
    cast, made, monkeypatch, meanwhile
):
    """The code fitted; before its gate is held, the patient stops or others come."""
    lock = limits.gate.lock

    def late(patient_id):
        monkeypatch.setattr(limits.gate, "lock", lock)
        meanwhile(cast, made)
        return lock(patient_id)

    monkeypatch.setattr(limits.gate, "lock", late)
    assert opened(cast, made) is None


@pytest.mark.security("T28")
def test_every_refusal_takes_the_same_queries(cast):
    """T79: wrong code, wrong date, ended, stopped and used up cannot be told apart."""
    standing = make(cast.amina, at=cast.at)
    stopped, used = make(cast.amina, at=cast.at), make(cast.amina, at=cast.at, visits=1)
    ended = make(cast.amina, at=cast.at, lasts=MINUTE)
    consent = stopped.guest_code.consent
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    opened(cast, used)
    at, born = cast.at + 2 * MINUTE, cast.amina.birth_date
    tries = {
        "wrong code": ("AAAA-BBBB-CCCC", born),
        "wrong date": (standing.code, date(1980, 1, 1)),
        "stopped": (stopped.code, born),
        "used up": (used.code, born),
        "ended": (ended.code, born),
    }
    statements = {}
    for number, (reason, (code, day)) in enumerate(tries.items()):
        with CaptureQueriesContext(connection) as queries:
            source = f"203.0.113.{number}"
            assert use(code, at=at, birth_date=day, source=source) is None
        statements[reason] = [
            each["sql"][:40] for each in queries if "SAVEPOINT" not in each["sql"]
        ]
    assert len({tuple(each) for each in statements.values()}) == 1, statements
    # PostgreSQL queues the tries of one source up; SQLite has one writer anyway.
    assert len(statements["used up"]) == 4 + (connection.vendor == "postgresql")


def test_too_many_tries_close_the_code_for_an_hour(cast, made):
    for number in range(limits.MOST_TRIES_A_CODE):
        wrong = date(1950, 1, 1 + number)
        use(made.code, at=cast.at, birth_date=wrong, source=f"198.51.100.{number}")
    assert opened(cast, made) is None
    later = cast.at + timedelta(hours=1, seconds=1)
    assert use(made.code, at=later, birth_date=cast.amina.birth_date)


def test_too_many_tries_close_the_door_for_their_source_only(cast, made):
    for number in range(limits.MOST_TRIES_A_SOURCE):
        use(f"AAAA-BBBB-CC{number:02}", at=cast.at, birth_date=date(1950, 1, 1))
    assert opened(cast, made) is None
    assert opened(cast, made, source="198.51.100.1")


def test_tries_are_forgotten_after_a_day_and_name_nobody(cast, made):
    use("AAAA-BBBB-CCCC", at=cast.at, birth_date=date(1950, 1, 1))
    assert "203.0.113" not in str(GuestTry.objects.values().get())
    day = cast.at + timedelta(days=1)
    for at, kept in ((day, 2), (day + timedelta(seconds=1), 2), (day + 2 * MINUTE, 3)):
        use("AAAA-BBBB-CCCC", at=at, birth_date=date(1950, 1, 1))
        assert GuestTry.objects.count() == kept


def test_an_emergency_code_carries_no_more_than_that(cast):
    with pytest.raises(actions.RuleError):
        make(
            cast.amina,
            at=cast.at,
            page=GuestPage.EMERGENCY,
            categories=CORE | CATEGORIES["updates"],
        )


def test_a_code_of_a_bearer_is_made_once_for_one_signature(cast):
    bearer = Party(kind=PartyKind.GUEST, name="A clinician with my code")
    same = {
        "patient": cast.amina,
        "terms": actions.Terms(
            recipient=bearer,
            categories=CORE,
            purposes=1,
            starts_at=cast.at,
            ends_at=cast.at + MINUTE,
        ),
        "signature": actions.Signature("x", "x", "x", "x"),
        "by": cast.amina.user,
        "at": cast.at,
        "key": uuid.uuid4(),
    }
    once = actions.CodeTerms(GuestPage.SUMMARY, 1)
    assert actions.make_code(opens=once, **same)
    assert actions.make_code(opens=once, **same) is None
    with pytest.raises(FormUsedError):
        actions.make_code(opens=actions.CodeTerms(GuestPage.SUMMARY, 2), **same)
    assert GuestCode.objects.get().most_visits == 1


# The opening ---------------------------------------------------------------------


def open_visit(visit, monkeypatch, at):
    monkeypatch.setattr("consents.access.reading.database_now", lambda: at)
    return access.open_visit(visit.pk, entrance="patients:guest_page")


def test_an_opening_ends_after_its_minutes(cast, made, monkeypatch):
    visit = opened(cast, made)
    last = visit.at + 15 * MINUTE
    assert open_visit(visit, monkeypatch, last - MINUTE)
    assert open_visit(visit, monkeypatch, last) is None


def test_an_opening_ends_when_the_code_is_stopped(cast, made, monkeypatch):
    visit = opened(cast, made)
    consent = made.guest_code.consent
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    assert open_visit(visit, monkeypatch, cast.at) is None


@pytest.mark.security("T17")
def test_an_opening_ends_when_anything_about_sharing_changes(cast, made, monkeypatch):
    """The epoch is compared; with the code again, it is decided again."""
    visit = opened(cast, made)
    permit(cast.amina, cast.chidi, at=cast.at)
    assert open_visit(visit, monkeypatch, cast.at) is None
    assert open_visit(opened(cast, made), monkeypatch, cast.at)


def test_an_entrance_without_a_line_for_guests_shows_nothing(cast, made):
    visit = opened(cast, made)
    assert access.open_visit(visit.pk, entrance="patients:chart") is None


def test_each_reading_is_in_the_chain_with_who_they_said_to_be(cast, made, monkeypatch):
    item = condition(cast)
    visit = opened(cast, made)
    patient = open_visit(visit, monkeypatch, cast.at)
    assert patient.items(Condition.objects.all()) == [item]
    (row,) = patient.reading.write_disclosures()
    assert row.user is None and row.visit == visit
    assert row.relation == Relation.GUEST and row.channel == "link"
    assert row.consents == [str(made.guest_code.consent_id)]
    assert "Novak" not in str(Disclosure.objects.filter(pk=row.pk).values().get())
    assert list(log.verify()) == []


def test_the_visit_is_part_of_the_hash(cast, made, monkeypatch):
    condition(cast)
    patient = open_visit(opened(cast, made), monkeypatch, cast.at)
    patient.items(Condition.objects.all())
    (row,) = patient.reading.write_disclosures()
    other = opened(cast, made)
    row.visit_id = other.pk
    assert log.row_hash(row) != row.hash


def test_a_disclosure_is_by_a_user_or_a_visit_and_not_by_nobody(cast, made):
    entry = log.Entry(
        patient_id=cast.amina.pk,
        at=cast.at,
        user_id=None,
        relation="guest",
        purpose="TREAT",
        channel="link",
        entrance="x",
        basis="consent",
        epoch=1,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        log.write([entry])


def test_what_was_said_at_an_opening_cannot_be_changed(cast, made):
    visit = opened(cast, made)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as to:
        to.execute("UPDATE consents_guestvisit SET name = 'x'")
    with pytest.raises(Exception, match="never changed"):
        visit.save()


def test_one_note_goes_with_an_opening(cast, made):
    visit = opened(cast, made)
    actions.write_note(visit=visit, text="Started iron.", at=cast.at)
    actions.write_note(visit=visit, text="Another.", at=cast.at)
    assert visit.note.text == "Started iron."


@pytest.mark.security("T93")
def test_a_code_that_a_parent_made_ends_on_the_18th_birthday(cast):
    """It opens nothing then, not even the name and the phone on an empty page."""
    noor = child(cast, born=date(cast.at.year - 17, 1, 1))
    held = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    birthday = noor.majority_at
    made = make(noor, at=birthday - timedelta(days=1), held=held)
    how = {"code": made.code, "birth_date": noor.birth_date}
    visit = use(at=birthday - MINUTE, **how)
    assert visit
    assert access.is_still_open(visit.pk, at=birthday - MINUTE)
    assert not access.is_still_open(visit.pk, at=birthday)
    with time_machine.travel(birthday - MINUTE, tick=False):
        assert access.open_visit(visit.pk, entrance="patients:guest_page")
    with time_machine.travel(birthday, tick=False):
        assert access.open_visit(visit.pk, entrance="patients:guest_page") is None
    assert use(at=birthday, **how) is None


def _reads_on_with_a_code(cast, how: str) -> bool:
    """Rosa made a code while she acted, and holds it still when she does not."""
    paper = {"ends_at": cast.at + timedelta(days=1)} if how == "last day" else {}
    rosa = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, rosa, "agent", **paper)
    made = make(cast.amina, at=cast.at, held=held)
    at = cast.at + timedelta(days=1)
    visit = opened(cast, made)
    assert visit and access.is_still_open(visit.pk, at=cast.at + MINUTE)
    if how == "stopped":
        at = cast.at + MINUTE
        actions.stop_acting(representative=held, by=cast.amina.user, at=at)
    with time_machine.travel(at, tick=False):
        page = access.open_visit(visit.pk, entrance="patients:guest_page")
    birth_date = cast.amina.birth_date
    again = use(made.code, at=at, birth_date=birth_date)
    reader = guest_of(made, at)
    item = condition(cast)
    return bool(page or again or decisions.decide(item, reader).permitted)


@pytest.mark.security("T16", "T93")
@pytest.mark.parametrize("how", ["stopped", "last day"])
def test_a_code_ends_with_the_paper_of_whoever_made_it(cast, how):
    """Found: whom the patient had stopped read on with a code that they had made."""
    assert not _reads_on_with_a_code(cast, how)
    made = GuestCode.objects.get()
    at = cast.at + timedelta(days=1)
    found = Reading(user=cast.amina.user, entrance="consents:codes")
    found.__dict__["at"] = at
    (code,) = access.codes(open_for(found, cast.amina.pk, writes=False))
    assert code.row == made and not code.stands


def test_the_test_of_that_fails_where_a_signature_outlives_the_paper(cast, monkeypatch):
    """The twin: for a code, too, a signature was a signature."""
    monkeypatch.setattr(windows, "counts_until", lambda consent: consent.ends_at)
    monkeypatch.setattr(
        limits, "still_signed", lambda at, labels: Q(patient__died_at=None)
    )
    monkeypatch.setattr(
        access, "still_signed", lambda at, labels: Q(patient__died_at=None)
    )
    assert _reads_on_with_a_code(cast, "stopped")


def test_a_code_of_the_patients_own_goes_on_when_somebody_stops_acting(cast, made):
    held = record(cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "agent")
    actions.stop_acting(representative=held, by=cast.amina.user, at=cast.at)
    assert opened(cast, made)
