"""T95: emergency access. Who gets it, what it opens, when it ends, who is told."""

from datetime import timedelta

import pytest

from consents import actions, decisions, scopes
from consents.access import Reading, emergency, open_for
from consents.actions import RuleError
from consents.answers import Reason
from consents.codes import LABELS, Basis
from consents.decisions import Reader
from consents.models import EmergencyAccess
from messaging.actions import causes
from messaging.models import Notice
from patients.models import (
    AllergyIntolerance,
    Condition,
    EmergencyContact,
    HospitalStay,
    MedicationStatement,
)
from tests import cast as people
from tests.patients import records

pytestmark = pytest.mark.capability("S58")
TICK = timedelta(microseconds=1)


def member(cast, who):
    return cast.amina.care_team.get(party=getattr(cast, who))


def state(cast, who="bram", *, at=None, **more):
    return actions.state_emergency(
        member=member(cast, who),
        statement=more.pop("statement", people.statement()),
        by=cast.user(who),
        at=at or cast.at,
        **more,
    )


def reader(cast, who, at=None, purpose="ETREAT"):
    return Reader(cast.user(who).pk, purpose, at or cast.at)


def sees(cast, who, item, at=None) -> bool:
    return decisions.decide(item, reader(cast, who, at)).permitted


def item(cast, model, kind, *, labels=0, **fields):
    return records.item(model, cast.amina, kind, cast.at, labels=labels, **fields)


SUBSTANCE = LABELS["substance_use"]


def core_of(cast):
    """One thing of each kind: with a label, without one, and outside the core."""
    return {
        "allergy": item(
            cast,
            AllergyIntolerance,
            "allergies",
            labels=SUBSTANCE,
            substance="penicillin",
        ),
        "medicine": item(
            cast,
            MedicationStatement,
            "medications",
            labels=SUBSTANCE,
            name="buprenorphine",
            schedule="other",
        ),
        "condition": item(cast, Condition, "conditions", name="asthma"),
        "labelled condition": item(
            cast, Condition, "conditions", labels=LABELS["hiv"], name="CNRYhiv"
        ),
        "contact": item(
            cast, EmergencyContact, "contacts", name="Ana", phone="(555) 010-0100"
        ),
        "stay": item(cast, HospitalStay, "history", where="Mercy", when="2020"),
    }


@pytest.fixture
def core(cast):
    return core_of(cast)


def opened_to(cast, core, who) -> set[str]:
    return {name for name, each in core.items() if sees(cast, who, each)}


def test_nothing_is_open_before_an_emergency_is_stated(cast, core):
    assert opened_to(cast, core, "bram") == set()


def test_a_doctor_gets_the_core_with_labelled_medicines(cast, core):
    access = state(cast)
    assert opened_to(cast, core, "bram") == {
        "allergy",
        "medicine",
        "condition",
        "contact",
    }
    decision = decisions.decide(core["medicine"], reader(cast, "bram"))
    assert decision.reason == Reason.EMERGENCY
    assert decision.exception_id == access.pk


def test_a_therapist_gets_contacts_and_what_has_no_label(cast, core):
    state(cast, "chidi")
    assert opened_to(cast, core, "chidi") == {"condition", "contact"}


def test_it_opens_to_the_one_who_stated_it_and_to_the_purpose_alone(cast, core):
    state(cast)
    assert opened_to(cast, core, "jon") == set()
    for purpose in ("TREAT", "COC"):
        asked = reader(cast, "bram", purpose=purpose)
        decision = decisions.decide(core["medicine"], asked)
        assert not decision.permitted


@pytest.mark.security("T95")
def test_it_lasts_four_hours_to_the_tick(cast, core):
    access = state(cast)
    assert access.ends_at == cast.at + timedelta(hours=4)
    assert sees(cast, "bram", core["allergy"], access.ends_at - TICK)
    assert not sees(cast, "bram", core["allergy"], access.ends_at)


def test_renewing_takes_new_words(cast, core):
    first = state(cast)
    later = cast.at + timedelta(hours=3)
    with pytest.raises(RuleError):
        state(cast, at=later, renews=first)
    state(
        cast,
        at=later,
        renews=first,
        statement=people.statement(reason="Still not awake."),
    )
    assert sees(cast, "bram", core["allergy"], cast.at + timedelta(hours=6))


def test_stating_it_twice_opens_it_once(cast):
    assert state(cast).pk == state(cast).pk
    assert EmergencyAccess.objects.count() == 1


@pytest.mark.security("T95")
@pytest.mark.parametrize("who", ["hana"])
def test_nobody_without_a_licence_can_state_it(cast, who):
    with pytest.raises(RuleError):
        state(cast, who)


def test_it_ends_with_the_membership(cast, core):
    state(cast)
    left = member(cast, "bram")
    actions.leave(participant=left, by=cast.user("amina"), at=cast.at, reason="left")
    assert opened_to(cast, core, "bram") == set()
    with pytest.raises(RuleError, match="Only a licensed member"):
        stated_with(left, by=cast.user("bram"), at=cast.at)


def test_nobody_states_it_in_the_name_of_another(cast):
    with pytest.raises(RuleError, match="Only a licensed member"):
        stated_with(member(cast, "bram"), by=cast.user("jon"), at=cast.at)
    assert not EmergencyAccess.objects.exists()


def stated_with(participant, *, by, at):
    said = people.statement()
    return actions.state_emergency(member=participant, statement=said, by=by, at=at)


def test_whoever_opened_it_can_close_it(cast, core):
    state(cast)
    actions.end_emergencies(
        member=member(cast, "bram"), by=cast.user("bram"), at=cast.at
    )
    assert opened_to(cast, core, "bram") == set()


# What binds it -------------------------------------------------------------------


def test_closing_it_lasts_where_the_clock_went_back(cast, core):
    """Found: stated at noon, ended at "ten to twelve", it was open again at noon."""
    later = cast.at + timedelta(minutes=10)
    state(cast, at=later)
    ended = actions.end_emergencies(
        member=member(cast, "bram"), by=cast.bram.user, at=cast.at
    )
    assert ended == 1
    assert not sees(cast, "bram", core["medicine"], later)
    assert not EmergencyAccess.objects.open(later).exists()


def never(cast, who, **terms):
    return people.never(cast.amina, getattr(cast, who), at=cast.at, **terms)


@pytest.mark.security("T95")
def test_a_signed_never_binds_it(cast, core):
    state(cast)
    never(cast, "bram")
    assert opened_to(cast, core, "bram") == set()
    with pytest.raises(RuleError):
        state(cast, at=cast.at + timedelta(hours=5))
    assert state(cast, "jon")


def test_a_never_for_a_topic_takes_that_topic_out(cast, core):
    state(cast)
    never(cast, "bram", labels=SUBSTANCE)
    assert opened_to(cast, core, "bram") == {"condition", "contact"}


def test_only_me_binds_it(cast, core):
    state(cast)
    actions.keep_back(item=core["medicine"], by=cast.user("amina"), at=cast.at)
    assert "medicine" not in opened_to(cast, core, "bram")


def test_the_answer_given_when_well_is_respected_at_once_and_can_change(cast, core):
    state(cast)

    def choose(allowed):
        actions.choose_emergency(
            patient=cast.amina, allowed=allowed, by=cast.user("amina"), at=cast.at
        )

    choose(False)
    assert opened_to(cast, core, "bram") == set()
    with pytest.raises(RuleError):
        state(cast, "jon")
    choose(True)
    assert "allergy" in opened_to(cast, core, "bram")
    assert cast.amina.emergency_choices.count() == 2


def test_closed_for_all_and_closed_for_one_read_the_same(cast):
    with pytest.raises(RuleError) as for_one:
        never(cast, "bram")
        state(cast)
    actions.choose_emergency(
        patient=cast.amina, allowed=False, by=cast.user("amina"), at=cast.at
    )
    with pytest.raises(RuleError) as for_all:
        state(cast, "jon")
    assert str(for_one.value) == str(for_all.value)


# What stands on the page -----------------------------------------------------------


def test_the_scope_follows_the_role_and_never_the_record(cast, core):
    assert not scopes.scope(cast.amina.pk, reader(cast, "bram")).categories
    state(cast)
    state(cast, "chidi")
    doctor = scopes.scope(cast.amina.pk, reader(cast, "bram"))
    therapist = scopes.scope(cast.amina.pk, reader(cast, "chidi"))
    assert doctor.has_whole("allergies") and doctor.has("contacts")
    assert therapist.has("allergies") and not therapist.has_whole("allergies")
    assert not doctor.has("updates") and not doctor.has("documents")
    before = doctor
    actions.keep_back(item=core["allergy"], by=cast.user("amina"), at=cast.at)
    assert scopes.scope(cast.amina.pk, reader(cast, "bram")) == before


# Told, logged, reviewed ---------------------------------------------------------------


@pytest.mark.security("T95")
def test_every_look_is_marked_and_names_the_emergency(cast, core):
    access = state(cast)
    reading = Reading(user=cast.user("bram"), entrance="patients:emergency_page")
    reading.__dict__["at"] = cast.at
    opened = open_for(reading, cast.amina.pk, writes=False)
    assert opened.items(AllergyIntolerance.objects.all()) == [core["allergy"]]
    (row,) = reading.write_disclosures()
    assert (row.basis, row.exception, row.purpose) == (
        Basis.EMERGENCY,
        access.pk,
        "ETREAT",
    )
    assert row.consents == []


@pytest.mark.security("T95")
def test_the_patient_and_the_privacy_officer_are_told_at_once(cast):
    access = state(cast)
    assert causes.tell_of_emergencies(at=cast.at) == 1
    told = set(Notice.objects.filter(event=access.pk).values_list("user", "kind"))
    assert told == {
        (cast.user("amina").pk, "emergency"),
        (cast.ines.pk, "office"),
    }
    assert causes.tell_of_emergencies(at=cast.at) == 0


@pytest.mark.security("T95")
def test_only_the_officer_reviews_it_once_and_the_patient_reads_the_finding(cast):
    access = state(cast)
    gone = people.user("Ida Lund", is_privacy_officer=True, is_active=False)
    for nobody in (cast.user("jon"), gone):
        with pytest.raises(RuleError):
            review(cast, access, by=nobody)
    first = review(cast, access, by=cast.ines)
    again = review(cast, access, by=cast.ines, words="Other words.")
    assert again.words == first.words
    access.refresh_from_db()
    assert access.ended_at, "what was not allowed ends at once"


def review(cast, access, *, by, words="He was at the bedside.", **said):
    said = {"outcome": "wrong", "at": cast.at} | said
    return actions.review_emergency(emergency=access, words=words, by=by, **said)


@pytest.mark.security("T95")
@pytest.mark.parametrize("meanwhile", ["nothing", "a no", "a death"])
def test_it_is_in_order_only_when_nothing_can_be_looked_at_any_more(cast, meanwhile):
    """A "no" and a death can be taken back while its hours run."""
    access, by_ines = state(cast), {"by": cast.ines, "at": cast.at}
    if meanwhile == "a no":
        actions.choose_emergency(
            patient=cast.amina, allowed=False, by=cast.user("amina"), at=cast.at
        )
    if meanwhile == "a death":
        actions.record_death(
            patient=cast.amina, died_at=cast.at, document="x", **by_ines
        )
    said = {"by": cast.ines, "outcome": "in_order"}
    with pytest.raises(RuleError, match="still open"):
        review(cast, access, at=access.ends_at - TICK, **said)
    assert review(cast, access, at=access.ends_at, **said).outcome == "in_order"


def test_an_emergency_is_never_changed_or_deleted_in_the_database(cast):
    from tests.consents.test_walls import refused

    access = state(cast)
    table = EmergencyAccess._meta.db_table
    assert refused(f"UPDATE {table} SET kind = 'overdose'")
    assert refused(f"DELETE FROM {table}")
    assert EmergencyAccess.objects.get().kind == access.kind


def test_who_it_is_and_for_whom_is_written_down_at_once(cast):
    """42 CFR 2.51(c): recipient, affiliation, discloser, date and time, nature."""
    access = EmergencyAccess.objects.get(pk=state(cast).pk)
    assert access.name == cast.bram.name
    assert access.affiliation and access.discloser and access.reason
    assert (access.opened_at, access.kind) == (cast.at, "unconscious")


@pytest.mark.security("T95")
def test_the_twin_that_forgets_the_denies_is_caught(cast, core, monkeypatch):
    """The vulnerable twin: an emergency branch without the signed "never"."""
    from django.db.models import Exists, Q

    from consents import exceptions

    def without_denies(model, reader):
        return exceptions.in_core(model, decisions.memberships(reader), reader) & Q(
            Exists(exceptions.emergencies(reader))
        )

    state(cast)
    never(cast, "bram")
    monkeypatch.setitem(decisions.EXCEPTIONS, "ETREAT", without_denies)
    monkeypatch.setattr("consents.ready._kept", {})
    assert opened_to(cast, core, "bram")


def test_the_standing_of_the_page_is_for_licensed_members_only(cast):
    from django.http import Http404

    reading = Reading(user=cast.user("hana"), entrance="consents:emergency")
    with pytest.raises(Http404):
        emergency.standing(open_for(reading, cast.amina.pk, writes=False))


def test_a_death_closes_the_emergency_page_and_none_opens_after_it(cast, core):
    state(cast, "bram")
    assert sees(cast, "bram", core["condition"])
    actions.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )
    assert not sees(cast, "bram", core["condition"])
    with pytest.raises(RuleError):
        state(cast, "jon")
    assert scopes.scope(cast.amina.pk, reader(cast, "bram")).categories == 0
