"""Signing, making smaller, stopping, asking: what each action does and refuses."""

import uuid
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db.models import Q

from carecoord.form_keys import FormUsedError
from carecoord.models import User
from consents import actions, gate, preview
from consents.actions import looking
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Consent, ConsentRequest
from providers.models import CareTeamParticipant
from providers.roles import ROLES
from tests.cast import permit, signature
from tests.consents.acting import record, relative


def terms(cast, **fields) -> actions.Terms:
    return actions.Terms(
        **{
            "recipient": cast.chidi,
            "categories": CATEGORIES["goals"],
            "purposes": PURPOSES["TREAT"],
            "starts_at": cast.at,
            "ends_at": cast.at + timedelta(days=30),
        }
        | fields
    )


def grant(cast, key=None, **fields) -> Consent:
    return actions.grant(
        patient=cast.amina,
        terms=terms(cast, **fields),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
        key=key,
    )


@pytest.mark.security("T20")
def test_what_another_tab_has_stopped_is_not_replaced(cast):
    """T20: each tab holds the permission as it was when it was loaded."""
    old = permit(cast.amina, cast.chidi, at=cast.at)
    by = {"by": cast.amina.user, "at": cast.at}
    actions.revoke(consent=Consent.objects.get(pk=old.pk), **by)
    with pytest.raises(actions.RuleError, match="has ended already"):
        actions.grant(
            patient=cast.amina,
            terms=terms(cast),
            signature=signature(cast.amina),
            supersedes=old,
            **by,
        )
    assert not Consent.objects.in_force(cast.at).filter(recipient=cast.chidi).exists()


def test_medicines_always_travel_with_allergies(cast):
    consent = grant(cast, categories=CATEGORIES["medications"])
    assert CATEGORIES.names(consent.categories) == ["medications", "allergies"]


@pytest.mark.parametrize(
    "fields",
    [{"categories": 0}, {"purposes": 0}, {"ends_at": None}],
)
def test_terms_that_contradict_themselves_are_refused(cast, fields):
    fields = {k: cast.at if v is None else v for k, v in fields.items()}
    with pytest.raises(actions.RuleError):
        grant(cast, **fields)


def test_nothing_is_signed_for_what_the_law_allows_without(cast):
    with pytest.raises(actions.RuleError, match="needs none"):
        grant(cast, purposes=PURPOSES.mask("TREAT", "THREAT"))


def test_a_permission_takes_the_place_of_nobody_elses(cast):
    with pytest.raises(actions.RuleError, match="for the same person"):
        actions.grant(
            patient=cast.amina,
            terms=terms(cast),
            signature=signature(cast.amina),
            supersedes=cast.amina_to_bram,
            by=cast.amina.user,
            at=cast.at,
        )
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_at is None


def test_what_was_signed_for_the_patient_is_not_made_smaller_under_that_name(cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, rosa, "guardian")
    text = ("Rosa Diallo", "password", "x", "test", held.get_kind_display(), held)
    old = actions.grant(
        patient=cast.amina,
        terms=terms(cast),
        signature=actions.Signature(*text),
        by=rosa.user,
        at=cast.at,
    )
    with pytest.raises(actions.RuleError, match="signed for you"):
        narrowed(cast, old, ends_at=cast.at + timedelta(days=9))


def test_the_same_key_is_the_same_consent(cast):
    key = uuid.uuid4()
    assert grant(cast, key) == grant(cast, key)
    assert Consent.objects.filter(recipient=cast.chidi).count() == 1


def test_another_patients_key_is_not_taken_over(cast):
    key = uuid.uuid4()
    hers = grant(cast, key)
    his = actions.grant(
        patient=cast.gus,
        terms=terms(cast),
        signature=signature(cast.gus),
        by=cast.gus.user,
        at=cast.at,
        key=key,
    )
    assert (his.patient, hers.patient) == (cast.gus, cast.amina)


def test_the_same_key_with_another_text_signs_nothing_and_says_so(cast):
    """Whoever went back in the browser and chose somebody else."""
    key = uuid.uuid4()
    first = grant(cast, key)
    with pytest.raises(FormUsedError) as used:
        grant(cast, key, recipient=cast.bram)
    assert used.value.item == first
    assert Consent.objects.filter(patient=cast.amina, recipient=cast.bram).count() == 1


def narrowed(cast, old: Consent, **fields) -> Consent:
    same = {
        "recipient": old.recipient,
        "categories": old.categories,
        "labels": old.labels,
        "purposes": old.purposes,
        "ends_at": old.ends_at,
        "items_from": old.items_from,
    }
    return actions.narrow(
        consent=old,
        terms=terms(cast, **same | fields),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )


def test_less_takes_the_place_of_more(cast):
    new = narrowed(cast, cast.amina_to_bram, categories=CATEGORIES["goals"])
    cast.amina_to_bram.refresh_from_db()
    assert new.supersedes == cast.amina_to_bram
    assert cast.amina_to_bram.revoked_how == "superseded"


@pytest.mark.parametrize(
    "more",
    [
        {"categories": CATEGORIES.all},
        {"labels": LABELS["hiv"]},
        {"purposes": PURPOSES.all},
        {"ends_at": timedelta(days=999)},
        {"items_from": timedelta(days=-999)},
        {"items_from": None},
        {"recipient": "jon"},
        {"may_redisclose": True},
    ],
    ids=lambda more: next(iter(more)),
)
def test_more_of_anything_takes_a_signature(cast, more):
    old = permit(cast.amina, cast.bram, at=cast.at, items_from=cast.at)
    values = {
        name: getattr(cast, value)
        if name == "recipient"
        else cast.at + value
        if isinstance(value, timedelta)
        else value
        for name, value in more.items()
    }
    with pytest.raises(actions.RuleError):
        narrowed(cast, old, **values)
    old.refresh_from_db()
    assert old.revoked_at is None


def test_named_disclosers_can_be_fewer_and_not_more(cast):
    old = permit(cast.amina, cast.bram, at=cast.at, disclosers=(cast.chidi, cast.jon))
    with pytest.raises(actions.RuleError):
        narrowed(cast, old)
    assert narrowed(cast, old, disclosers=(cast.jon,)).supersedes == old


def test_what_ended_cannot_be_replaced(cast):
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    with pytest.raises(actions.RuleError):
        narrowed(cast, cast.amina_to_bram, categories=CATEGORIES["goals"])


def test_stopping_again_changes_nothing(cast):
    for later in (0, 1):
        actions.revoke(
            consent=cast.amina_to_bram,
            by=cast.amina.user,
            at=cast.at + timedelta(hours=later),
        )
    assert cast.amina_to_bram.revoked_at == cast.at


def test_stopping_with_one_person_ends_every_permit_to_them_alone(cast):
    permit(cast.amina, cast.bram, at=cast.at)
    ended = actions.stop_sharing(
        patient=cast.amina, recipient=cast.bram, by=cast.amina.user, at=cast.at
    )
    assert ended == 2
    assert Consent.objects.get(pk=cast.amina_to_jon.pk).revoked_at is None


def test_asking_again_within_30_days_is_refused(cast):
    def ask(at):
        return actions.ask(
            patient=cast.amina,
            recipient=cast.chidi,
            asked_by=cast.chidi,
            categories=CATEGORIES["goals"],
            purposes=PURPOSES["TREAT"],
            at=at,
        )

    ask(cast.at)
    with pytest.raises(actions.RuleError):
        ask(cast.at + timedelta(days=29))
    ask(cast.at + timedelta(days=31))


def leave_out(cast):
    """Rosa may know of nobody."""
    return actions.leave_out(
        patient=cast.amina,
        permits=Q(pk__in=[]),
        members=Q(pk__in=[]),
        requests=ConsentRequest.objects.none(),
        by=cast.amina.user,
        at=cast.at,
    )


def stand_in(cast):
    """A new therapist of Harbor Clinic."""
    return actions.stand_in(
        patient=cast.amina,
        party=cast.harbor.party,
        role=ROLES["therapist"],
        name="New person",
        by=cast.amina.user,
        at=cast.at,
    )


def sign_for_now(cast):
    return preview.signed_for_now(
        patient=cast.amina, terms=terms(cast), by=cast.amina.user, at=cast.at
    )


def standing(cast) -> tuple:
    """What of sharing and of people stands, and how often it was changed."""
    return (
        Consent.objects.filter(patient=cast.amina, revoked_at=None).count(),
        CareTeamParticipant.objects.current().filter(patient=cast.amina).count(),
        User.objects.count(),
        gate.epoch_of(cast.amina.pk),
    )


@pytest.mark.parametrize("how", ["ends", "fails"])
@pytest.mark.parametrize("look", [leave_out, stand_in, sign_for_now])
def test_what_is_otherwise_for_a_look_is_taken_back_by_itself(cast, look, how):
    """Whatever the caller forgets: in no transaction that anybody else rolls back."""
    permit(cast.amina, cast.jon, at=cast.at)
    before = standing(cast)
    wanted = pytest.raises(KeyError) if how == "fails" else nullcontext()
    with wanted, look(cast):
        assert standing(cast) != before
        if how == "fails":
            raise KeyError
    assert standing(cast) == before


def test_the_test_of_that_fails_where_nothing_is_taken_back(cast, monkeypatch):
    monkeypatch.setattr(looking, "taken_back", nullcontext)
    before = standing(cast)
    with stand_in(cast):
        pass
    assert standing(cast) != before
