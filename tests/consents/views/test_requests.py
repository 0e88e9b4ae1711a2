"""Asking to share, and the patient's answer."""

import re
from datetime import timedelta

import pytest

from consents import actions
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.forms.grant import apart_rows
from consents.models import Consent, ConsentRequest
from tests.cast import permit
from tests.consents.acting import record, relative
from tests.consents.views.pages import Pages, text_of

ASK = {"kinds": ["medications"], "purposes": ["TREAT"], "reason": "Before we meet."}


pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def chidi(client, cast):
    return Pages(client, cast.user("chidi"), cast.amina)


def as_amina(pages, cast) -> Pages:
    return Pages(pages.client, cast.user("amina"), cast.amina)


def test_a_member_without_permission_asks_for_a_precise_scope(chidi, cast):
    assert "Nothing is shared with you now." in text_of(chidi.get("ask"))
    chidi.send(**ASK)
    ask = ConsentRequest.objects.get()
    assert ask.asked_by == ask.recipient == cast.chidi
    assert CATEGORIES.names(ask.categories) == ["medications", "allergies"]
    assert ask.reason == "Before we meet."
    assert "You asked on" in text_of(chidi.get("ask"))


def test_the_same_person_asks_once_in_30_days(chidi, cast):
    chidi.get("ask")
    page = chidi.page
    for _ in range(2):
        chidi.page = page
        chidi.send(**ASK)
    assert ConsentRequest.objects.count() == 1
    ConsentRequest.objects.update(asked_at=cast.at - timedelta(days=31))
    chidi.get("ask")
    chidi.send(**ASK)
    assert ConsentRequest.objects.count() == 2


@pytest.mark.parametrize("field", sorted(ASK))
def test_an_ask_without_an_answer_is_not_sent(chidi, cast, field):
    chidi.get("ask")
    page = chidi.send(**{name: value for name, value in ASK.items() if name != field})
    assert "There is a problem" in text_of(page)
    assert not ConsentRequest.objects.exists()


@pytest.mark.parametrize("who", ["dana", "edo", "fatou", "gus", "ines", "amina"])
def test_whoever_is_not_on_the_team_cannot_ask(client, cast, who):
    pages = Pages(client, cast.user(who), cast.amina)
    assert pages.get("ask").status_code == 404
    assert client.post(pages.address("ask"), ASK).status_code == 404


def test_the_patient_sees_the_exact_ask_edits_and_signs(chidi, cast):
    chidi.get("ask")
    chidi.send(**ASK)
    ask = ConsentRequest.objects.get()
    amina = as_amina(chidi, cast)
    assert "Waiting for signature" in text_of(amina.get("sharing"))
    html = text_of(amina.get("request", ask.pk))
    assert "Medicines, Allergies" in html and "Before we meet." in html
    assert not Consent.objects.filter(recipient=cast.chidi).exists()
    amina.get("grant", request=str(ask.pk))
    amina.send(preset="own", kinds=["medications", "goals"])
    amina.send(purposes=["TREAT"], ends="3")
    amina.sign()
    consent = Consent.objects.get(recipient=cast.chidi)
    assert CATEGORIES.names(consent.categories) == ["medications", "allergies", "goals"]
    ask.refresh_from_db()
    assert ask.consent == consent and ask.answered_at


def outcome(pages) -> str:
    main = text_of(pages.get("ask")).split("<main")[1]
    return "shared" if "<h2>What you asked for: shared</h2>" in main else "not shared"


def test_one_tap_refuses_and_the_asker_learns_only_not_shared(chidi, cast):
    chidi.get("ask")
    chidi.send(**ASK)
    chidi.get("ask")
    before = text_of(chidi.get("ask")).split("<main")[1].split("</main>")[0]
    amina = as_amina(chidi, cast)
    amina.get("request", ConsentRequest.objects.get().pk)
    answer = amina.send()
    refusal = Consent.objects.get(recipient=cast.chidi)
    assert refusal.decision == "refusal"
    receipt = text_of(amina.client.get(answer["Location"]))
    assert "You said no" in receipt
    pages = Pages(chidi.client, cast.user("chidi"), cast.amina)
    after = text_of(pages.get("ask")).split("<main")[1].split("</main>")[0]
    assert after == before
    assert outcome(pages) == "not shared"


def test_an_answered_request_leads_to_its_answer_from_an_old_tab_too(chidi, cast):
    chidi.get("ask")
    chidi.send(**ASK)
    asked = ConsentRequest.objects.get()
    amina = as_amina(chidi, cast)
    amina.get("grant", request=str(asked.pk))
    amina.send(preset="own", kinds=["medications"])
    half_way = amina.page
    amina.get("request", asked.pk)
    receipt = amina.send()["Location"]
    assert amina.send(to=amina.address("request", asked.pk))["Location"] == receipt
    for address in (("request", asked.pk), ("grant",)):
        query = {} if len(address) > 1 else {"request": str(asked.pk)}
        assert amina.get(*address, **query)["Location"] == receipt
    assert "You answered this already." in text_of(amina.client.get(receipt))
    amina.page = half_way
    assert amina.send(purposes=["TREAT"], ends="3")["Location"] == receipt
    assert Consent.objects.filter(recipient=cast.chidi).count() == 1


def test_more_that_is_asked_for_is_not_called_shared_before_it_is(client, cast):
    """Bram sees something already: that is not what he asks for now."""
    bram = Pages(client, cast.user("bram"), cast.amina)
    bram.get("ask")
    bram.send(**ASK | {"kinds": ["documents"]})
    assert outcome(bram) == "not shared"
    permit(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["documents"])
    assert outcome(bram) == "shared"


def test_a_smaller_answer_is_shared_too(chidi, cast):
    chidi.get("ask")
    chidi.send(**ASK | {"kinds": ["medications", "goals"]})
    asked = ConsentRequest.objects.get()
    smaller = permit(cast.amina, cast.chidi, at=cast.at, categories=CATEGORIES["goals"])
    assert outcome(chidi) == "not shared"
    actions.answer_request(
        request=asked, consent=smaller, by=cast.amina.user, at=cast.at
    )
    assert outcome(chidi) == "shared"


def test_what_has_its_own_yes_is_never_ticked_by_who_asks(client, cast):
    asked = actions.ask(
        patient=cast.amina,
        recipient=cast.jon,
        asked_by=cast.bram,
        categories=CATEGORIES.mask("goals", "substances"),
        labels=LABELS["hiv"],
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )
    amina = Pages(client, cast.user("amina"), cast.amina)
    html = text_of(amina.get("grant", request=str(asked.pk)))
    assert "not ticked for you: Alcohol, cannabis, nicotine, HIV." in html
    ticked = re.findall(r'<input[^>]*value="(\w+)"[^>]*\bchecked', html)
    assert ticked == ["own", "goals"]


def test_what_is_asked_for_too_has_the_words_of_its_tick_box(client, cast):
    asked = actions.ask(
        patient=cast.amina,
        recipient=cast.jon,
        asked_by=cast.bram,
        categories=CATEGORIES.mask("goals", "substances"),
        labels=LABELS.mask(*(each.name for each in LABELS)),
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )
    amina = Pages(client, cast.user("amina"), cast.amina)
    page = amina.get("grant", request=str(asked.pk))
    named = page.context["asked_apart"]
    boxes = [str(words) for _name, words, _hint in apart_rows()]
    assert named == boxes
    assert f"not ticked for you: {', '.join(boxes)}." in text_of(page)


EVERYONE_ELSE = [
    "bram",
    "chidi",
    "dana",
    "edo",
    "fatou",
    "gus",
    "hana",
    "ines",
    "jon",
]


@pytest.mark.parametrize("who", EVERYONE_ELSE)
def test_only_the_patient_answers(client, cast, who):
    ask = actions.ask(
        patient=cast.amina,
        recipient=cast.chidi,
        asked_by=cast.chidi,
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )
    pages = Pages(client, cast.user(who), cast.amina)
    assert pages.get("request", ask.pk).status_code == 404
    assert client.post(pages.address("request", ask.pk)).status_code == 404
    ask.refresh_from_db()
    assert ask.answered_at is None


@pytest.mark.capability("X1")
def test_who_acts_answers_what_the_document_covers_whole(client, cast):
    """Of what reaches beyond it nothing is told, nor that somebody asks."""
    asked = actions.ask(
        patient=cast.amina,
        recipient=cast.chidi,
        asked_by=cast.chidi,
        categories=CATEGORIES["goals"],
        labels=LABELS["hiv"],
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )
    rosa = relative(cast.amina, "Rosa Diallo")
    pages = Pages(client, rosa.user, cast.amina)
    enough = {"categories": CATEGORIES["goals"], "labels": LABELS["hiv"]}
    for paper, knows in (
        (enough, True),
        (enough | {"categories": CATEGORIES["updates"]}, False),
        (enough | {"labels": LABELS["violence"]}, False),
        (enough | {"may_sign": False}, False),
    ):
        held = record(cast, cast.amina, rosa, "agent", **paper)
        overview = text_of(pages.get("sharing"))
        assert ("Chidi Okafor" in overview) is knows, paper
        assert pages.get("request", asked.pk).status_code == (200 if knows else 404)
        actions.end_representative(representative=held, by=cast.ines, at=cast.at)
