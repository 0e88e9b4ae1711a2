"""S58, T95: after "not allowed" the same person opens no more, until it is lifted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from consents import actions, exceptions
from consents.decisions import Reader, decide, memberships
from consents.models import EmergencyAccess, EmergencyBlock
from consents.scopes import scope
from patients.models import Condition
from tests.consents.test_emergency import core_of, item, state
from tests.consents.views.pages import bare, text_of

pytestmark = pytest.mark.capability("S58")
TICK = timedelta(microseconds=1)


@pytest.fixture
def stated(cast):
    """Bram's emergency, with something of the core to read."""
    core_of(cast)
    return state(cast)


def find(cast, access, outcome="wrong", at=None):
    return actions.review_emergency(
        emergency=access,
        outcome=outcome,
        words="It was not allowed.",
        by=cast.ines,
        at=at or cast.at,
    )


def again(cast, who="bram", at=None, **how):
    member = cast.amina.care_team.get(party=getattr(cast, who), ended_at=None)
    return actions.state_emergency(
        member=member,
        statement=actions.Statement("unconscious", "Found again.", "x", "x"),
        by=cast.user(who),
        at=at or cast.at,
        **how,
    )


def reads(cast, who="bram", at=None):
    seen = item(cast, Condition, "conditions", name="core")
    return decide(seen, Reader(cast.user(who).pk, "ETREAT", at or cast.at)).permitted


def signed_in(cast, who):
    client = Client()
    client.force_login(cast.user(who))
    return client


# The rule -------------------------------------------------------------------------


def test_a_finding_of_not_allowed_ends_what_was_renewed_and_what_comes(cast, stated):
    renewed = again(cast, renews=stated)
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    assert reads(cast)
    find(cast, stated)
    renewed.refresh_from_db()
    assert renewed.ended_at == cast.at, "the hours that were renewed are over too"
    assert not reads(cast)
    with pytest.raises(actions.RuleError, match="not open to you"):
        again(cast)
    assert again(cast, "jon"), "others on the team may"


def _bram_reads_in_spite_of_it(cast, stated) -> bool:
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    find(cast, stated)
    # As if a statement had slipped by: the rule itself says no.
    row = EmergencyAccess.objects.get(pk=stated.pk)
    row.pk, row.ended_at, row.ended_by = None, None, None
    row._state.adding = True
    row.save(force_insert=True)
    reader = Reader(cast.user("bram").pk, "ETREAT", cast.at)
    return reads(cast) or bool(scope(cast.amina.pk, reader).categories)


def test_the_rule_itself_asks_for_it(cast, stated):
    assert not _bram_reads_in_spite_of_it(cast, stated)


def test_the_test_of_the_rule_fails_where_blocks_are_not_asked_for(
    cast, stated, monkeypatch
):
    monkeypatch.setattr(
        exceptions, "blocks", lambda user_id: EmergencyBlock.objects.none()
    )
    assert _bram_reads_in_spite_of_it(cast, stated)


@pytest.mark.security("T95")
def test_a_finding_of_not_needed_ends_the_hours_by_which_it_went_on(cast, stated):
    """Each renewal is a row of its own: the finding is about the emergency."""
    second = again(cast, renews=stated)
    words = actions.Statement("unconscious", "Still not awake.", "x", "x")
    third = again_with(cast, words, renews=second)
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    find(cast, stated, "not_needed")
    third.refresh_from_db()
    assert third.ended_at == cast.at and not reads(cast)
    assert again_with(cast, words), "they may state a new one"


def again_with(cast, statement, **how):
    return actions.state_emergency(
        member=cast.amina.care_team.get(party=cast.bram, ended_at=None),
        statement=statement,
        by=cast.user("bram"),
        at=cast.at,
        **how,
    )


@pytest.mark.parametrize("outcome", ["in_order", "not_needed"])
def test_any_other_finding_closes_nothing_for_later(cast, stated, outcome):
    find(cast, stated, outcome, at=stated.ends_at)
    assert not EmergencyBlock.objects.exists()
    assert again(cast)


def test_it_holds_for_this_patient_only(cast, stated):
    find(cast, stated)
    reader = Reader(cast.user("bram").pk, "ETREAT", cast.at)
    assert memberships(reader).filter(patient=cast.amina).exists()
    assert not exceptions.is_closed(
        cast.gus.pk, reader.user_id, exceptions.MEDICAL, cast.at
    )


# Lifting --------------------------------------------------------------------------


def test_only_the_officer_lifts_it_with_a_reason_and_once(cast, stated):
    block = find(cast, stated).block
    for by, why in (
        (cast.user("bram"), "I am sorry."),
        (cast.amina.user, "Please."),
        (cast.edo, "Please."),
        (cast.ines, "  "),
    ):
        with pytest.raises(actions.RuleError):
            actions.lift_block(block=block, why=why, by=by, at=cast.at)
    assert not reads(cast)
    actions.lift_block(block=block, why="Trained.", by=cast.ines, at=cast.at)
    later = cast.at + TICK
    actions.lift_block(block=block, why="Again.", by=cast.ines, at=later)
    block.refresh_from_db()
    assert (block.lifted_at, block.lifted_why) == (cast.at, "Trained.")
    assert again(cast) and reads(cast)


def test_a_block_is_never_changed_or_deleted(cast, stated):
    find(cast, stated)
    for statement in (
        "DELETE FROM consents_emergencyblock",
        "UPDATE consents_emergencyblock SET party_id = patient_id",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# The pages ------------------------------------------------------------------------


def test_each_side_reads_its_sentence(cast, stated, settings):
    settings.DEMO = True
    officer, bram, amina = (signed_in(cast, who) for who in ("ines", "bram", "amina"))
    review = f"/privacy/emergencies/{stated.pk}/"
    page = f"/patients/{cast.amina.pk}/emergency/"
    patients = f"/patients/{cast.amina.pk}/sharing/emergency/"
    assert officer.get(f"{review}lift/").status_code == 404, "nothing to lift yet"
    officer.post(review, {"outcome": "wrong", "words": "Not allowed."})
    assert "The privacy officer closed this page for you" in text_of(bram.get(page))
    said = {"kind": "overdose", "reason": "Found with empty boxes."}
    bram.post(page, said)
    assert EmergencyAccess.objects.count() == 1
    sentence = "The emergency page is closed to this person since"
    assert sentence in text_of(amina.get(patients))
    assert sentence in text_of(officer.get(review))
    lift = f"{review}lift/"
    for who in ("bram", "amina", "jon", "edo", "dana"):
        assert signed_in(cast, who).get(lift).status_code == 404, who
        assert signed_in(cast, who).post(lift, {"why": "x"}).status_code == 404, who
    assert "Write why this person may open it again" in text_of(
        officer.post(lift, {"why": " "})
    )
    officer.post(lift, {"why": "A talk, and a training."})
    assert "A talk, and a training." in text_of(amina.get(patients))
    assert officer.post(lift, {"why": "Again."}).status_code == 404
    assert "State an emergency" in text_of(bram.get(page))


def test_others_pages_do_not_change_by_a_block(cast, stated, settings):
    settings.DEMO = True
    jon = signed_in(cast, "jon")
    pages = [f"/patients/{cast.amina.pk}/{each}" for each in ("", "emergency/")]

    def told():
        return [bare(jon.get(page), cast.amina.pk) for page in pages]

    before = told()
    find(cast, stated)
    assert told() == before


def test_an_officer_who_is_the_patient_is_told_like_a_patient(cast, stated, settings):
    """She neither checks who opened her own record, nor lifts it."""
    settings.DEMO = True
    cast.amina.user.is_privacy_officer = True
    cast.amina.user.save()
    amina = signed_in(cast, "amina")
    assert amina.get(f"/privacy/emergencies/{stated.pk}/").status_code == 404
    assert cast.bram.name not in text_of(amina.get("/privacy/emergencies/"))
    with pytest.raises(actions.RuleError):
        actions.review_emergency(
            emergency=stated, outcome="wrong", words="x", by=cast.amina.user, at=cast.at
        )
