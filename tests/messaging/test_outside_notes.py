"""What somebody with a code wrote, handed on by the patient to the care team."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader, decide
from messaging.routing import whom
from patients.actions.medicine_terms import Keep
from patients.actions.outside_notes import HandedOn, hand_on
from patients.models import TimelineEvent
from tests.cast import CARE, permit
from tests.consents import guests
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import Pages, sign_in, text_of

TEXT = "ECG normal. <b>x</b>"


@pytest.fixture
def note(cast):
    made = guests.make(cast.amina, at=cast.at)
    visit = guests.use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    return consents.write_note(visit=visit, text=TEXT, at=cast.at)


@pytest.fixture
def amina(client, cast, settings):
    settings.DEMO = True
    return Pages(client, cast.user("amina"), cast.amina)


def page_of(cast, who):
    """What this person reads of such notes."""
    reader = Client()
    reader.force_login(cast.user(who))
    return text_of(reader.get(reverse("messaging:outside_notes", args=[cast.amina.pk])))


def steady(cast, who) -> str:
    """The same without what is new at each request."""
    marks = r'csrfmiddlewaretoken" value="[^"]+|nonce="[^"]+|data-shown="[^"]+'
    return re.sub(marks, "", page_of(cast, who))


def sees(cast, who, event) -> bool:
    return decide(event, Reader(cast.user(who).pk, "TREAT", cast.at)).permitted


@pytest.mark.capability("S43")
def test_the_patient_hands_a_note_on_and_it_is_quoted(amina, cast, note):
    code = text_of(amina.get("code", note.visit.code_id))
    address = reverse("messaging:hand_on", args=[cast.amina.pk, note.pk])
    assert address in code
    assert "Now: " in text_of(amina.client.get(address))
    assert not TimelineEvent.objects.exists(), "asking who would see it leaves nothing"
    for answers, missing in (
        ({"mentions": "none"}, "Choose who may read it."),
        ({"who": "everyone"}, "Say what this mentions"),
        ({"who": "some", "mentions": "none"}, "Tick at least one person."),
        (
            {"who": "everyone", "mentions": "none", "but": [str(cast.jon.pk)]},
            "take the ticks away",
        ),
    ):
        assert missing in text_of(amina.client.post(address, answers))
    sent = {"who": "everyone", "mentions": "none"}
    for _twice in range(2):
        answer = amina.client.post(address, sent, follow=True)
    event = TimelineEvent.objects.get()
    assert cast.bram.name in text_of(answer)
    for who in ("amina", "bram", "jon"):
        html = page_of(cast, who)
        assert "Dr. Ruth Novak, Mercy Hospital, not checked" in html
        assert "ECG normal." in html
    raw = amina.client.get(reverse("messaging:outside_notes", args=[cast.amina.pk]))
    assert "<b>x</b>" not in raw.content.decode()
    told = {each.user_id for each in whom(event, at=cast.at)}
    assert told == {cast.user("bram").pk, cast.user("jon").pk}


def test_only_me_and_somebody_reaches_that_person_alone(amina, cast, note):
    address = reverse("messaging:hand_on", args=[cast.amina.pk, note.pk])
    sent = {"who": "some", "but": [str(cast.jon.pk)], "mentions": "none"}
    answer = amina.client.post(address, sent, follow=True)
    assert "Only you" not in text_of(answer) and cast.jon.name in text_of(answer)
    event = TimelineEvent.objects.get()
    assert sees(cast, "jon", event) and not sees(cast, "bram", event)
    assert {each.user_id for each in whom(event, at=cast.at)} == {cast.user("jon").pk}
    permit(cast.amina, cast.chidi, at=cast.at, categories=CATEGORIES["history"])
    assert not sees(cast, "chidi", event), "whoever joins later stays out"


@pytest.mark.security("T05")
def test_a_note_kept_from_somebody_changes_no_byte_for_them(cast, note, settings):
    settings.DEMO = True
    before = [steady(cast, who) for who in ("bram", "chidi", "hana")]
    hand_on(
        note=note,
        handed=HandedOn(keep=Keep(only_me=True, but=(cast.jon,))),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert [steady(cast, who) for who in ("bram", "chidi", "hana")] == before
    assert "ECG" in page_of(cast, "jon")


def test_a_topic_of_it_needs_its_own_yes(cast, note):
    event = hand_on(
        note=note,
        handed=HandedOn(labels=LABELS["hiv"], part2_origin=False),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert not sees(cast, "bram", event)


def test_nobody_else_hands_it_on(cast, note, settings):
    settings.DEMO = True
    for who in ("bram", "gus", "hana", "ines"):
        other = Client()
        other.force_login(cast.user(who))
        patient = cast.gus if who == "gus" else cast.amina
        address = reverse("messaging:hand_on", args=[patient.pk, note.pk])
        assert other.post(address, {"who": "everyone"}).status_code == 404
    assert not TimelineEvent.objects.exists()


# For a child without a sign-in -------------------------------------------------------


@pytest.fixture
def mia(cast, settings):
    """Nine, without a sign-in; her mother shares her treatment history with Bram."""
    settings.DEMO = True
    mia = small_child(cast, 9)
    rosa = relative(mia, "Rosa Haddad")
    held = record(cast, mia, rosa, "parent")
    consents.join(
        patient=mia, party=cast.bram, role="psychiatrist", by=rosa.user, at=cast.at
    )
    consents.grant(
        patient=mia,
        terms=consents.Terms(
            recipient=cast.bram,
            categories=CATEGORIES["history"],
            purposes=CARE,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=99),
        ),
        signature=guests.signature_of(held),
        by=rosa.user,
        at=cast.at,
    )
    made = guests.make(mia, at=cast.at, held=held)
    visit = guests.use(made.code, at=cast.at, birth_date=mia.birth_date)
    return mia, held, consents.write_note(visit=visit, text=TEXT, at=cast.at)


def acting(party) -> Client:
    client = Client()
    sign_in(client, party.user)
    return client


@pytest.mark.capability("S43")
def test_whoever_keeps_a_childs_record_hands_a_note_on(cast, mia):
    patient, held, note = mia
    rosa = acting(held.party)
    code = reverse("consents:code", args=[patient.pk, note.visit.code_id])
    address = reverse("messaging:hand_on", args=[patient.pk, note.pk])
    assert address in text_of(rosa.get(code))
    asked = text_of(rosa.get(address))
    assert "Everyone who may see Mia’s treatment history can read it." in asked
    assert cast.bram.name not in asked and "Only me" not in asked
    assert "Only a permission that names such a topic opens the note then." in asked
    assert "Say what this mentions" in text_of(rosa.post(address, {}))
    answer = rosa.post(address, {"mentions": "none"}, follow=True)
    assert "Handed on for Mia." in text_of(answer)
    answer = rosa.post(address, {"mentions": "none"}, follow=True)
    assert "ECG normal." in text_of(answer), "and again it is there"
    event = TimelineEvent.objects.get()
    assert (event.recorded_by, sees(cast, "bram", event)) == (held.party.user, True)
    bram = acting(cast.bram)
    read = text_of(bram.get(reverse("messaging:outside_notes", args=[patient.pk])))
    assert "Dr. Ruth Novak, Mercy Hospital, not checked" in read
    assert {each.user_id for each in whom(event, at=cast.at)} >= {cast.bram.user_id}


def test_what_it_mentions_is_shared_only_where_it_was_signed_for(cast, mia):
    patient, held, note = mia
    address = reverse("messaging:hand_on", args=[patient.pk, note.pk])
    acting(held.party).post(address, {"mentions": "hiv"})
    event = TimelineEvent.objects.get()
    assert event.labels == LABELS["hiv"] and not sees(cast, "bram", event)


@pytest.mark.security("T93")
def test_nobody_else_who_acts_hands_it_on(cast, mia, note, monkeypatch):
    """A paper without treatment history, one to look only, a patient who signs in."""
    patient, held, its = mia
    address = reverse("messaging:hand_on", args=[patient.pk, its.pk])
    for number, fields in enumerate(
        (
            {"categories": CATEGORIES["medications"]},
            # The care team, and all else that a code shows.
            {"categories": CATEGORIES.all & ~CATEGORIES["history"]},
            {"may_sign": False},
        )
    ):
        aunt = relative(patient, f"Aunt{number} Haddad")
        record(cast, patient, aunt, "guardian", **fields)
        assert acting(aunt).get(address).status_code == 404
    lina = relative(cast.amina, "Lina Diallo")
    record(cast, cast.amina, lina, "guardian")
    hers = reverse("messaging:hand_on", args=[cast.amina.pk, note.pk])
    assert acting(lina).post(hers, {"mentions": "none"}).status_code == 404
    another = reverse("messaging:hand_on", args=[patient.pk, note.pk])
    assert acting(held.party).get(another).status_code == 404, "another patient's note"
    assert not TimelineEvent.objects.exists()
