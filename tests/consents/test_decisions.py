"""The rule, one sentence at a time, said by the cast."""

from datetime import timedelta

import pytest

from consents import actions
from consents.answers import Reason
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader, decide, permitted
from consents.scopes import scope
from patients.models import Condition
from providers.codes import EndReason
from tests.cast import COORDINATION, Cast, never, permit


def condition(cast: Cast, *, patient=None, **fields) -> Condition:
    patient = patient or cast.amina
    fields = {
        "categories": CATEGORIES["conditions"],
        "name": "panic disorder",
        "occurred_at": cast.at - timedelta(days=5),
        "recorded_at": cast.at - timedelta(days=5),
        "recorded_by": patient.user,
    } | fields
    item = Condition(patient=patient, lineage=None, **fields)
    item.save()
    return item


def reader(cast: Cast, who: str, *, purpose: str = "TREAT", later=timedelta()):
    return Reader(user_id=cast.user(who).pk, purpose=purpose, at=cast.at + later)


def says(item, asked: Reader) -> Reason:
    """decide()'s reason, after checking that permitted() agrees."""
    decision = decide(item, asked)
    listed = permitted(type(item).objects.filter(pk=item.pk), asked).exists()
    assert decision.permitted == listed
    return decision.reason


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("amina", Reason.PATIENT),
        ("bram", Reason.CONSENT),
        ("jon", Reason.CONSENT),
        ("chidi", Reason.NO_CONSENT),
        ("dana", Reason.NOT_ON_TEAM),
        ("edo", Reason.NOT_ON_TEAM),
        ("fatou", Reason.NOT_ON_TEAM),
        # As family nobody treats; and for family nothing is signed.
        ("hana", Reason.ROLE),
        ("ines", Reason.NOT_ON_TEAM),
        ("gus", Reason.NOT_ON_TEAM),
    ],
)
@pytest.mark.capability("S53")
def test_who_sees_a_diagnosis_of_amina(cast, who, reason):
    assert says(condition(cast), reader(cast, who)) == reason


def test_whoever_is_family_lacks_a_permission_for_family(cast):
    asked = reader(cast, "hana", purpose="FAMRQT")
    assert says(condition(cast), asked) == Reason.NO_CONSENT


def test_the_decision_names_the_consent_it_rests_on(cast):
    decision = decide(condition(cast), reader(cast, "bram"))
    assert decision.consent_id == cast.amina_to_bram.pk


def test_a_consent_for_another_purpose_does_not_help(cast):
    asked = reader(cast, "bram", purpose="FAMRQT")
    assert says(condition(cast), asked) == Reason.NO_CONSENT


def test_an_unknown_purpose_is_refused_outright(cast):
    with pytest.raises(KeyError):
        reader(cast, "bram", purpose="EVERYTHING")


def test_one_label_that_is_not_named_hides_the_item(cast):
    item = condition(cast, labels=LABELS["substance_use"])
    assert says(item, reader(cast, "bram")) == Reason.NO_CONSENT


def test_every_label_must_be_named_in_the_same_consent(cast):
    item = condition(cast, labels=LABELS.mask("substance_use", "hiv"))
    permit(cast.amina, cast.chidi, at=cast.at, labels=LABELS["substance_use"])
    permit(cast.amina, cast.chidi, at=cast.at, labels=LABELS["hiv"])
    assert says(item, reader(cast, "chidi")) == Reason.NO_CONSENT
    permit(cast.amina, cast.chidi, at=cast.at, labels=item.labels)
    assert says(item, reader(cast, "chidi")) == Reason.CONSENT


def test_an_item_without_a_category_is_for_its_patient_alone(cast):
    item = condition(cast, categories=0)
    assert says(item, reader(cast, "bram")) == Reason.NO_CATEGORY
    assert says(item, reader(cast, "amina")) == Reason.PATIENT


@pytest.mark.security("T20")
def test_a_consent_holds_from_its_start_and_ends_before_its_end(cast):
    item = condition(cast)
    start, end = cast.at + timedelta(days=1), cast.at + timedelta(days=2)
    permit(cast.amina, cast.chidi, at=cast.at, starts_at=start, ends_at=end)
    tick = timedelta(microseconds=1)
    instants = {
        start - tick: Reason.NO_CONSENT,
        start: Reason.CONSENT,
        end - tick: Reason.CONSENT,
        end: Reason.NO_CONSENT,
    }
    for instant, reason in instants.items():
        asked = reader(cast, "chidi", later=instant - cast.at)
        assert says(item, asked) == reason, instant


def test_stopping_is_over_by_state_whatever_the_clock_says(cast):
    item = condition(cast)
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    earlier = reader(cast, "bram", later=-timedelta(days=1))
    assert says(item, earlier) == Reason.NO_CONSENT


@pytest.mark.parametrize("reason", [EndReason.LEFT, EndReason.BLOCKED])
def test_nobody_stays_on_the_team_because_the_clock_went_back(cast, reason):
    """Found: whoever joined "tomorrow" could not be taken off before tomorrow."""
    item = condition(cast)
    member = actions.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at + timedelta(days=1),
    )
    permit(cast.amina, cast.dana, at=cast.at)
    assert says(item, reader(cast, "dana")) == Reason.CONSENT
    actions.leave(participant=member, by=cast.amina.user, at=cast.at, reason=reason)
    assert says(item, reader(cast, "dana")) == Reason.NOT_ON_TEAM


@pytest.mark.security("L09")
@pytest.mark.parametrize("deny_first", [True, False])
def test_a_signed_deny_beats_every_permit_in_any_order(cast, deny_first):
    item = condition(cast)
    steps = [
        lambda: deny(cast, cast.chidi),
        lambda: permit(cast.amina, cast.chidi, at=cast.at),
    ]
    for step in steps if deny_first else reversed(steps):
        step()
    assert says(item, reader(cast, "chidi")) == Reason.DENY


def deny(cast: Cast, recipient, **terms):
    scope = {"categories": COORDINATION, "purposes": 1} | terms
    return never(cast.amina, recipient, at=cast.at, **scope)


def test_a_deny_that_names_a_label_touches_only_that_label(cast):
    deny(cast, cast.bram, labels=LABELS["hiv"])
    assert says(condition(cast), reader(cast, "bram")) == Reason.CONSENT
    permit(cast.amina, cast.bram, at=cast.at, labels=LABELS.all)
    labelled = condition(cast, labels=LABELS["hiv"])
    assert says(labelled, reader(cast, "bram")) == Reason.DENY


def test_a_deny_on_the_clinic_holds_for_everyone_who_acts_for_it(cast):
    deny(cast, cast.harbor.party)
    assert says(condition(cast), reader(cast, "bram")) == Reason.DENY


def test_a_permit_to_the_clinic_reaches_those_on_the_team_who_act_for_it(cast):
    permit(cast.amina, cast.oak.party, at=cast.at)
    item = condition(cast)
    assert says(item, reader(cast, "chidi")) == Reason.CONSENT
    # Fatou acts for the same practice, but is not on the team any more.
    assert says(item, reader(cast, "fatou")) == Reason.NOT_ON_TEAM


def test_a_refusal_denies_nothing(cast):
    terms = actions.Terms(
        recipient=cast.bram,
        categories=COORDINATION,
        purposes=1,
        starts_at=cast.at,
        ends_at=cast.at + timedelta(days=1),
    )
    actions.refuse(patient=cast.amina, terms=terms, by=cast.amina.user, at=cast.at)
    assert says(condition(cast), reader(cast, "bram")) == Reason.CONSENT


def test_only_me_covers_the_whole_lineage(cast):
    item = condition(cast)
    child = condition(cast, name="its side effect")
    Condition.objects.filter(pk=child.pk).update(lineage=item.lineage)
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at)
    for hidden in (item, child):
        assert says(hidden, reader(cast, "bram")) == Reason.ITEM_DENY
    assert says(item, reader(cast, "amina")) == Reason.PATIENT
    actions.give_back(item=item, by=cast.amina.user, at=cast.at)
    assert says(item, reader(cast, "bram")) == Reason.CONSENT


def test_not_for_this_person_leaves_everyone_else_alone(cast):
    item = condition(cast)
    actions.keep_back(item=item, by=cast.amina.user, at=cast.at, party=cast.jon)
    assert says(item, reader(cast, "jon")) == Reason.ITEM_DENY
    assert says(item, reader(cast, "bram")) == Reason.CONSENT


def test_authors_keep_what_they_wrote_until_they_are_blocked(cast):
    item = condition(cast, author=cast.chidi, recorded_by=cast.user("chidi"))
    assert says(item, reader(cast, "chidi")) == Reason.OWN_TEXT
    participant = cast.amina.care_team.get(party=cast.chidi)
    actions.leave(
        participant=participant,
        by=cast.amina.user,
        at=cast.at,
        reason=EndReason.BLOCKED,
    )
    assert not decide(item, reader(cast, "chidi")).permitted


def test_a_named_discloser_discloses_their_own_and_the_patient_hers(cast):
    permit(cast.amina, cast.chidi, at=cast.at, disclosers=(cast.bram,))
    by_bram = condition(cast, author=cast.bram)
    by_jon = condition(cast, author=cast.jon)
    by_amina = condition(cast)
    assert says(by_bram, reader(cast, "chidi")) == Reason.CONSENT
    assert says(by_jon, reader(cast, "chidi")) == Reason.NO_CONSENT
    assert says(by_amina, reader(cast, "chidi")) == Reason.CONSENT


def test_leaving_the_team_is_over_in_the_same_second(cast):
    item = condition(cast)
    participant = cast.amina.care_team.get(party=cast.bram)
    actions.leave(
        participant=participant, by=cast.amina.user, at=cast.at, reason=EndReason.LEFT
    )
    assert says(item, reader(cast, "bram")) == Reason.NOT_ON_TEAM


def test_the_guardian_row_is_anded_with_the_membership(cast):
    from guardian.shortcuts import remove_perm

    remove_perm("patients.on_care_team", cast.bram.user, cast.amina)
    assert says(condition(cast), reader(cast, "bram")) == Reason.NOT_ON_TEAM


def test_a_closed_account_sees_nothing(cast):
    item = condition(cast, author=cast.bram)
    cast.bram.user.is_active = False
    cast.bram.user.save()
    assert not decide(item, reader(cast, "bram")).permitted
    own = Reader(cast.amina.user.pk, "PATRQT", cast.at)
    assert decide(item, own).permitted
    cast.amina.user.is_active = False
    cast.amina.user.save()
    assert not decide(item, own).permitted


def test_the_role_narrows_what_consent_gives(cast):
    participant = cast.amina.care_team.get(party=cast.bram)
    participant.role = "care_coordinator"
    participant.save()
    assert says(condition(cast), reader(cast, "bram")) == Reason.ROLE


def test_scope_follows_the_consent_and_never_the_record(cast):
    before = scope(cast.amina.pk, reader(cast, "bram"))
    condition(cast)
    assert scope(cast.amina.pk, reader(cast, "bram")) == before
    assert before.has("conditions") and not before.has("substances")
    # Not every label is shared: absence may never be stated.
    assert not before.has_whole("allergies")


def test_the_plain_django_permission_is_the_rule(cast):
    item = condition(cast)
    assert cast.user("bram").has_perm("patients.view_condition", item)
    assert not cast.user("chidi").has_perm("patients.view_condition", item)
    assert not cast.edo.has_perm("patients.view_condition", item)
    assert not cast.edo.has_perm("patients.view_condition")
    assert not cast.edo.has_perm("patients.change_condition", item)
    assert cast.edo.has_perm("auth.change_permission")
