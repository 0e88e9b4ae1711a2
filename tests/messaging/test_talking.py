"""S53: the patient's level of communication is asked, kept and respected."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from consents import actions as consents
from consents import decisions, talking
from consents.codes import CATEGORIES, PURPOSES, Talking
from consents.decisions import Reader
from consents.models import EmergencyAccess, ItemDeny, TalkingChoice
from messaging.models import Update
from patients.codes import EventKind
from tests.cast import permit, signature, statement
from tests.consents.acting import child, record, relative
from tests.messaging.delivering import (
    TEN_MINUTES,
    change,
    letters,
    sweep,
    to_whom,
    told,
)
from tests.messaging.writing import (
    answer,
    bytes_of,
    information,
    row,
    send,
    signed_in,
    typed,
    words,
)

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]
LATER = TEN_MINUTES + timedelta(seconds=1)
PAGE = "consents:talking"


def says(cast, level, who=None, **fields):
    """Amina says it, for one of the cast or for everyone."""
    return consents.choose_talking(
        level=level,
        party=getattr(cast, who) if who else None,
        **{"patient": cast.amina, "by": cast.amina.user, "at": cast.at} | fields,
    )


def reads(cast, who, item, purpose="COC"):
    reader = Reader(cast.user(who).pk, purpose, cast.at)
    return decisions.decide(item, reader).permitted


def waiting(update):
    return list(ItemDeny.objects.filter(lineage=update.lineage, lifted_at=None))


def events_told(cast, *updates):
    """Who hears of each of them, one sweep later."""
    sweep(cast.at + LATER)
    found = []
    for update in updates:
        events = update.patient.timelineevent_set.filter(about=update.pk)
        found.append(sorted({who for event in events for who in told(event)}))
    return found


# What waits for the patient's word -------------------------------------------------


@pytest.mark.parametrize("level", ["read_first", "medicines", "emergency"])
def test_an_update_waits_for_the_patients_word_and_then_goes_once(cast, level):
    says(cast, level, "bram")
    update = send(cast, "chidi", "bram", "jon")
    assert row(update, cast, "bram").status == "held"
    assert row(update, cast, "jon").status == "sent"
    assert not reads(cast, "bram", update)
    assert reads(cast, "jon", update)
    sweep(cast.at + LATER)
    amina = signed_in(cast, "amina")
    notices = words(amina.get(reverse("messaging:notices")))
    assert "An update waits for your word" in notices
    page = words(
        amina.get(reverse("messaging:update", args=[cast.amina.pk, update.pk]))
    )
    assert "Dr. Bram Visser did not get this. It waits for your word" in page
    (deny,) = waiting(update)
    amina.post(reverse("consents:give_back", args=[cast.amina.pk, deny.public_id]))
    sweep(cast.at + 2 * LATER)
    sweep(cast.at + 3 * LATER)
    assert row(update, cast, "bram").status == "sent"
    assert reads(cast, "bram", update)
    assert "waits for your word" not in words(amina.get(reverse("messaging:notices")))


def _bram_reads_what_waits(cast):
    says(cast, "read_first", "bram")
    return reads(cast, "bram", send(cast, "chidi", "bram"))


def test_the_test_of_waiting_fails_where_nothing_waits(cast, monkeypatch):
    """The vulnerable twin: the level is asked, kept and not obeyed."""
    assert not _bram_reads_what_waits(cast)
    monkeypatch.setattr(talking, "holds", lambda *args: set())
    assert _bram_reads_what_waits(cast)


def test_what_somebody_writes_with_whom_no_conversation_is_wanted_waits(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    says(cast, "medicines", "chidi")
    chidi = signed_in(cast, "chidi")
    address = reverse("messaging:update_new", args=[cast.amina.pk])
    prefers = "Amina prefers: No conversation. What you write waits"
    assert prefers in words(chidi.get(address))
    check = words(chidi.post(address, typed(cast, "bram") | {"action": "check"}))
    assert prefers in check
    assert "NOT SENT. Dr. Bram Visser has not been told." in check
    chidi.post(address, typed(cast, "bram") | {"action": "send"})
    update = Update.objects.get()
    assert row(update, cast, "bram").status == "held"
    assert not reads(cast, "bram", update)
    assert not reads(cast, "jon", update), "nor whoever it was not written to"
    own = words(chidi.get(reverse("messaging:update", args=[cast.amina.pk, update.pk])))
    assert "It goes out when the patient sends it on." in own
    assert "Ask the patient for consent" not in own
    (deny,) = waiting(update)
    consents.send_on(waiting=deny, by=cast.amina.user, at=cast.at)
    sweep(cast.at + LATER)
    assert row(update, cast, "bram").status == "sent"


def test_signing_for_exactly_this_update_is_the_word(cast):
    says(cast, "read_first", "bram")
    update = send(cast, "chidi", "bram")
    sweep(cast.at)
    assert row(update, cast, "bram").status == "held"
    sign_for(cast, update, by=cast.amina.user, at=cast.at)
    sweep(cast.at + LATER)
    assert row(update, cast, "bram").status == "sent"
    assert not waiting(update)


def _signed_for_noor(cast, *, held_by: str) -> str:
    """What waits, after the parent signed for exactly it: held by whose voice?"""
    noor = cast.noor = child(cast, born=(cast.at - timedelta(days=15 * 365)).date())
    parent, other = relative(noor, "Samir Haddad"), relative(noor, "Lina Haddad")
    paper = record(cast, noor, parent, "parent")
    second = record(cast, noor, other, "parent")
    for who, role in ((cast.chidi, "therapist"), (cast.bram, "psychiatrist")):
        consents.join(patient=noor, party=who, role=role, by=noor.user, at=cast.at)
    voices = {
        "parent": {"representative": paper, "by": parent.user},
        "child": {"by": noor.user},
        "other": {"representative": second, "by": other.user},
    }
    says(cast, "read_first", "bram", patient=noor, **voices[held_by])
    update = send(cast, "chidi", "bram", patient="noor")
    # A wider level later sends nothing on.
    later = cast.at + timedelta(seconds=1)
    says(cast, "free", "bram", patient=noor, **voices[held_by] | {"at": later})
    sign_for(cast, update, by=parent.user, representative=paper, at=later)
    sweep(cast.at + LATER)
    return row(update, cast, "bram").status


def sign_for(cast, update, *, by, at, representative=None):
    """Somebody signs what was asked for exactly this update."""
    terms = {"categories": update.categories, "purposes": PURPOSES["COC"]}
    recipient = update.recipients.get().party
    request = consents.ask(
        patient=update.patient,
        recipient=recipient,
        asked_by=update.author,
        held_item=update.pk,
        at=at,
        **terms,
    )
    consents.grant(
        patient=update.patient,
        terms=consents.Terms(
            recipient=recipient, starts_at=at, ends_at=at + timedelta(days=9), **terms
        ),
        signature=replace(signature(update.patient), representative=representative),
        by=by,
        at=at,
        request=request,
    )


@pytest.mark.parametrize(
    ("held_by", "status"), [("parent", "sent"), ("child", "held"), ("other", "held")]
)
def test_who_acts_sends_on_nothing_that_another_voice_holds(cast, held_by, status):
    assert _signed_for_noor(cast, held_by=held_by) == status


def test_the_test_of_another_voice_fails_where_any_signature_is_the_word(
    cast, monkeypatch
):
    monkeypatch.setattr(talking, "is_word_of", lambda *args: True)
    assert _signed_for_noor(cast, held_by="child") == "sent"


def test_a_wider_level_later_does_not_send_what_waits(cast):
    says(cast, "read_first", "bram")
    update = send(cast, "chidi", "bram")
    says(cast, "free", "bram")
    sweep(cast.at + LATER)
    assert row(update, cast, "bram").status == "held"


def test_whoever_has_a_version_gets_its_correction_and_others_wait(cast):
    """Waiting never takes back what somebody has, and leaves nobody with a mistake."""
    first = send(cast, "chidi", "bram")
    says(cast, "read_first")
    right = send(cast, "chidi", "bram", "jon", corrects=first)
    assert row(right, cast, "bram").status == "sent"
    assert reads(cast, "bram", right)
    assert row(right, cast, "jon").status == "held"
    assert [deny.party_id for deny in waiting(right)] == [cast.jon.pk]


def test_what_the_patient_then_keeps_back_waits_no_more(cast):
    says(cast, "read_first", "bram")
    update = send(cast, "chidi", "bram")
    (deny,) = waiting(update)
    consents.keep_back(item=update, party=cast.bram, by=cast.amina.user, at=cast.at)
    consents.send_on(waiting=deny, by=cast.amina.user, at=cast.at)
    sweep(cast.at + LATER)
    assert not reads(cast, "bram", update)
    assert row(update, cast, "bram").status == "held"


# Whom it is told to ----------------------------------------------------------------


def test_routine_updates_are_read_and_not_pushed(cast, letters):
    says(cast, "changes", "bram")
    routine = send(cast, "chidi", "bram", "jon", said=information())
    asked = send(cast, "chidi", "bram", "jon")
    assert events_told(cast, routine, asked) == [
        ["amina", "jon"],
        ["amina", "bram", "jon"],
    ]
    assert reads(cast, "bram", routine)
    bram = signed_in(cast, "bram")
    page = reverse("messaging:update", args=[cast.amina.pk, routine.pk])
    assert bram.get(page).status_code == 200


def test_words_about_a_routine_update_are_routine_and_a_decision_is_not(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    says(cast, "changes", "chidi")
    update = send(cast, "chidi", "bram", said=information())
    answer(cast, update, "bram", text="Thank you.")
    sweep(cast.at + LATER)
    answered = update.patient.timelineevent_set.filter(kind=EventKind.UPDATE_ANSWERED)
    assert told(answered.get()) == ["amina"]
    answer(cast, update, "bram", at=cast.at + LATER, decision="100 mg from Monday.")
    sweep(cast.at + 3 * LATER)
    assert "chidi" in told(answered.get(occurred_at=cast.at + LATER))


@pytest.mark.parametrize(
    ("level", "medicine", "hospital"),
    [
        ("free", True, True),
        ("changes", True, True),
        ("read_first", True, True),
        ("medicines", True, False),
        ("emergency", False, False),
    ],
)
def test_each_level_is_told_of_part_of_the_one_before(
    cast, level, medicine, hospital, letters
):
    says(cast, level)
    event = change(cast.amina, at=cast.at)
    stay = change(
        cast.amina,
        at=cast.at,
        kind=EventKind.HOSPITAL,
        categories=CATEGORIES["history"],
    )
    sweep(cast.at + LATER)
    assert ("bram" in told(event)) is medicine
    assert ("bram" in told(stay)) is hospital
    assert ("bram" in to_whom(letters)) is medicine


def test_a_mail_that_waits_does_not_go_once_the_level_is_narrower(
    cast, letters, monkeypatch
):
    change(cast.amina, at=cast.at)
    with monkeypatch.context() as without_a_mail_server:
        without_a_mail_server.setattr("messaging.sweeping.Sweep.mail", lambda self: 0)
        sweep(cast.at + LATER)
    says(cast, "emergency", "bram", at=cast.at + LATER)
    sweep(cast.at + LATER)
    assert "bram" not in to_whom(letters)
    assert "jon" in to_whom(letters)
    notices = signed_in(cast, "bram").get(reverse("messaging:notices"))
    assert b"quetiapine" not in notices.content


# It only narrows, and tells nobody anything ------------------------------------------


def test_it_opens_nothing(cast):
    update = send(cast, "jon", "chidi", "bram")
    before = {who: reads(cast, who, update) for who in ("bram", "chidi", "hana")}
    says(cast, "free")
    for who in before:
        says(cast, "free", who)
    assert {who: reads(cast, who, update) for who in before} == before
    assert row(update, cast, "chidi").status == "held"
    assert row(send(cast, "jon", "chidi"), cast, "chidi").status == "held"


@pytest.mark.security("T32")
def test_nobody_learns_of_anothers_level(cast):
    """Chidi's pages do not change by a byte, whatever was said about Bram and Jon.

    An update that waits looks like one that no permission covers.
    """
    chidi = signed_in(cast, "chidi")
    for address in ("messaging:update_new", "messaging:updates", "patients:chart"):
        page = reverse(address, args=[cast.amina.pk])
        before = bytes_of(chidi.get(page))
        says(cast, "emergency", "jon")
        says(cast, "read_first", "bram")
        assert bytes_of(chidi.get(page)) == before, address
        for who in ("jon", "bram"):
            says(cast, "", who)
    says(cast, "read_first", "bram")
    update = send(cast, "chidi", "bram")
    page = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    waits = bytes_of(chidi.get(page))
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    (deny,) = waiting(update)
    consents.send_on(waiting=deny, by=cast.amina.user, at=cast.at)
    assert bytes_of(chidi.get(page)) == waits


@pytest.mark.slow
def test_an_emergency_does_not_ask_it(cast):
    says(cast, "emergency")
    member = cast.amina.care_team.get(party=cast.bram, ended_at=None)
    consents.state_emergency(
        member=member, statement=statement(), by=cast.bram.user, at=cast.at
    )
    assert EmergencyAccess.objects.open(cast.at).count() == 1
    sweep(cast.at + LATER)
    bram = signed_in(cast, "bram")
    page = reverse("patients:emergency_page", args=[cast.amina.pk])
    assert bram.get(page).status_code == 200


# Whose word it is ------------------------------------------------------------------


def test_the_narrower_of_two_voices_counts_and_neither_reads_the_other(cast):
    noor = child(cast, born=(cast.at - timedelta(days=16 * 365)).date())
    parent = relative(noor, "Samir Haddad")
    paper = record(cast, noor, parent, "parent", may_sign=True)

    def level(at=cast.at):
        found = talking.level_of(noor.pk, cast.bram.pk, at)
        return found and found.code

    said = {"patient": noor, "party": cast.bram, "at": cast.at}
    assert level() is None
    by_parent = {"representative": paper, "by": parent.user}
    consents.choose_talking(level="free", **by_parent, **said)
    consents.choose_talking(level="read_first", by=noor.user, **said)
    assert level() == Talking.READ_FIRST, "a parent cannot undo it"
    consents.choose_talking(level="emergency", **by_parent, **said)
    assert level() == Talking.EMERGENCY
    page = reverse(PAGE, args=[noor.pk])
    signed = signed_in(cast, "bram")
    signed.force_login(parent.user)
    assert "I read it first. For" not in words(signed.get(page))
    grown = cast.at + timedelta(days=3 * 366)
    assert level(grown) == Talking.READ_FIRST, "a parent's word ends on that day"


def seen_on(response):
    """Which answer the page was drawn with; it is sent back."""
    return re.search(r'name="seen" value="([^"]*)"', response.content.decode())[1]


# The pages -------------------------------------------------------------------------


@pytest.mark.capability("S53")
def test_it_is_asked_once_kept_with_its_past_and_changed_at_any_time(cast):
    amina = signed_in(cast, "amina")
    home = reverse("consents:sharing", args=[cast.amina.pk])
    page = reverse(PAGE, args=[cast.amina.pk])
    assert "You can say what you prefer, or leave it." in words(amina.get(home))
    assert " checked" not in amina.get(page).content.decode()
    amina.post(page, {"level": "changes"})
    said = words(amina.get(home))
    assert "You prefer: Only when something changes" in said
    assert "or leave it." not in said
    one = reverse("consents:talking_one", args=[cast.amina.pk, cast.bram.pk])
    amina.post(one, {"level": "emergency"})
    assert "How much they talk: Only in an emergency" in words(amina.get(home))
    card = reverse("consents:person", args=[cast.amina.pk, cast.bram.pk])
    assert "They hear of nothing." in words(amina.get(card))
    amina.post(one, {"level": "as_everyone", "seen": seen_on(amina.get(one))})
    past = words(amina.get(page))
    assert "Only in an emergency . For Dr. Bram Visser" in past
    assert "Said by Amina Diallo" in past and "Counted until" in past
    assert TalkingChoice.objects.count() == 2
    level = talking.level_of(cast.amina.pk, cast.bram.pk, cast.at + LATER)
    assert level.code == "changes"
    assert b"Choose one of them." in amina.post(page, {"level": "everything"}).content


@pytest.mark.capability("S53")
def test_a_second_tab_says_what_is_chosen_now_instead_of_undoing_it(cast):
    amina = signed_in(cast, "amina")
    page = reverse(PAGE, args=[cast.amina.pk])
    says(cast, "free")
    old = seen_on(amina.get(page))
    amina.post(page, {"level": "emergency", "seen": old})
    second = amina.post(page, {"level": "changes", "seen": old})
    assert second.status_code == 200
    assert "It is now: “Only in an emergency”. Choose again." in words(second)
    assert TalkingChoice.objects.get(replaced_at=None).level == "emergency"
    same = amina.post(page, {"level": "emergency", "seen": old})
    assert same.status_code == 302, "the same answer twice is no conflict"
    amina.post(page, {"level": "changes", "seen": seen_on(second)})
    assert TalkingChoice.objects.get(replaced_at=None).level == "changes"
