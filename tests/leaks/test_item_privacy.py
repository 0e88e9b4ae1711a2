""" "Only me", "not for this person" and topics, on every kind of item.

Found: allergies, substances, updates and a prescriber's entry had no page on which the
patient could say so (DESIGN, "Item level").
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consents.codes import LABELS
from consents.models import ItemDeny
from messaging.actions import replies
from messaging.models import Reply, Update
from patients.actions import entries
from patients.models import (
    AllergyIntolerance,
    MedicationRequest,
    SubstanceUse,
    TimelineEvent,
)
from tests.cast import Cast, permit
from tests.messaging import writing
from tests.patients import medicines_world as world
from tests.patients import records

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PAGES = (
    *("", "allergies/", "medicines/", "list/", "summary/", "summary.txt"),
    *("team/", "updates/"),
)
# A summary has a code of its own each time that it is shown. The middle of a UUID that
# happens to be digits alone is none.
CLOCK = re.compile(
    rb"\d{1,2}:\d\d(:\d\d)?|(?<![\w-])[A-Z0-9]{4}(-[A-Z0-9]{4}){2}(?![\w-])"
)
KINDS = ("allergy", "substance", "entry", "update")


@pytest.fixture
def jon(cast) -> Client:
    """The therapist, with a permission for everything but the topics."""
    permit(cast.amina, cast.jon, at=cast.at)
    return writing.signed_in(cast, "jon")


def allergy(cast: Cast):
    fields = {"substance": "CNRYpenicillin", "criticality": "high"}
    put = records.item
    return put(AllergyIntolerance, cast.amina, "allergies", cast.at, **fields)


def substance(cast: Cast):
    fields = {"substance": "alcohol", "amount": "CNRYwine"}
    return records.item(SubstanceUse, cast.amina, "substances", cast.at, **fields)


def entry(cast: Cast):
    return world.prescribe(cast, name="CNRYlithium")


def update(cast: Cast) -> Update:
    """From Chidi to Bram and Jon, answered by Bram, and corrected."""
    said = writing.content(what_changed="CNRYsleep is short.")
    sent = writing.send(cast, "chidi", "bram", "jon", said=said)
    writing.answer(cast, sent, "bram", text="CNRYanswer.")
    return sent


MAKE = {"allergy": allergy, "substance": substance, "entry": entry, "update": update}


def address(cast: Cast, kind: str, item) -> str:
    if kind == "update":
        return reverse("messaging:update_privacy", args=[cast.amina.pk, item.pk])
    return reverse("patients:item_privacy", args=[cast.amina.pk, kind, item.pk])


def pages_of(cast: Cast, client: Client) -> dict[str, bytes]:
    found = {page: client.get(world.page(cast, page)) for page in PAGES}
    found["worklist"] = client.get(reverse("messaging:worklist"))
    return {page: without_clock(response) for page, response in found.items()}


def without_clock(response) -> bytes:
    """The page, but for tokens, the minute and the code of this one showing."""
    return CLOCK.sub(b"", writing.bytes_of(response))


def with_canary(pages: dict[str, bytes]) -> list[str]:
    return [page for page, body in pages.items() if b"CNRY" in body]


CHOICES = {
    "only me": lambda cast: {"keep": ["me"]},
    "not for Jon": lambda cast: {"keep": [str(cast.jon.pk)]},
    "a topic": lambda cast: {"mark": ["substance_use"], "origin": "no"},
}


@pytest.mark.slow
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("kind", KINDS)
def test_with_and_without_the_item_another_readers_pages_are_the_same(
    cast, jon, kind, choice
):
    without = pages_of(cast, jon)
    item = MAKE[kind](cast)
    if kind != "substance":  # a therapist's pages may show none of them at all
        assert with_canary(pages_of(cast, jon))
    amina = world.signed_in(cast, "amina")
    said = CHOICES[choice](cast)
    assert amina.post(address(cast, kind, item), said).status_code == 302
    after = pages_of(cast, jon)
    assert [page for page in after if after[page] != without[page]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_patient_alone_gets_the_page(cast, kind):
    item = MAKE[kind](cast)
    place = address(cast, kind, item)
    for who in cast.NAMES:
        wanted = 200 if who == "amina" else 404
        assert writing.signed_in(cast, who).get(place).status_code == wanted, who
        if who != "amina":
            sent = writing.signed_in(cast, who).post(place, {"keep": ["me"]})
            assert sent.status_code == 404
    assert not ItemDeny.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_who_sees_it_and_keeps_what_is_ticked(cast, kind):
    permit(cast.amina, cast.jon, at=cast.at)
    item = MAKE[kind](cast)
    place = address(cast, kind, item)
    amina = world.signed_in(cast, "amina")
    said = {"keep": [str(cast.jon.pk)], "mark": ["private"]}
    saved = amina.post(place, said, follow=True).content.decode()
    name = re.search(r"<h1>Who can see (.*)</h1>", saved).group(1)
    assert re.search(rf"Saved\..*can see {re.escape(name)}", saved)
    assert name not in re.search(r"<title>.*</title>", saved).group()
    page = amina.get(place).content.decode()
    assert "Saved." not in page
    assert "Marked: " in page and page.count("checked") == 2
    item.refresh_from_db()
    assert item.labels == LABELS["private"]
    amina.post(place, {"seen": amina.get(place).context["privacy_form"].seen})
    item.refresh_from_db()
    assert item.labels == 0
    assert not ItemDeny.objects.filter(lifted_at=None).exists()


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("allergies/", "allergy"),
        ("substances/", "substance"),
        ("medicines/", "entry"),
        ("updates/{}/", "update"),
    ],
)
def test_each_page_of_an_item_leads_there_for_the_patient_alone(cast, jon, page, kind):
    item = MAKE[kind](cast)
    place = world.page(cast, page.format(item.pk))
    amina = world.signed_in(cast, "amina")
    assert address(cast, kind, item) in amina.get(place).content.decode()
    assert "privacy/" not in jon.get(place).content.decode()


def test_a_refused_author_keeps_their_words_and_not_what_others_add(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    item = update(cast)
    amina, place = world.signed_in(cast, "amina"), address(cast, "update", item)
    name = cast.chidi.name
    page = amina.get(place).content.decode()
    assert f"Not for {name}" in page
    assert f"{name} keeps their own words, and not what others add to them" in page
    chidi, own = writing.signed_in(cast, "chidi"), f"updates/{item.pk}/"
    assert "CNRYanswer" in chidi.get(world.page(cast, own)).content.decode()
    assert amina.post(place, {"keep": [str(cast.chidi.pk)]}).status_code == 302
    left = chidi.get(world.page(cast, own)).content.decode()
    assert "CNRYsleep" in left and "CNRYanswer" not in left


def test_a_word_that_is_no_kind_of_the_table_is_a_404(cast):
    item, amina = allergy(cast), world.signed_in(cast, "amina")
    for label in ("patients.condition", "condition", "entry", "update"):
        place = reverse("patients:item_privacy", args=[cast.amina.pk, label, item.pk])
        assert amina.get(place).status_code == 404


def test_an_entry_that_was_taken_over_has_the_page_of_its_line(cast):
    item = entry(cast)
    who = {"by": cast.user("amina"), "at": cast.at}
    entries.adopt(entry=item, line=None, **who)
    amina = world.signed_in(cast, "amina")
    assert MedicationRequest.objects.get().adopted_at
    assert amina.get(address(cast, "entry", item)).status_code == 404


def test_all_that_comes_of_an_update_has_its_lineage_and_its_topics(cast):
    first = update(cast)
    second = writing.send(
        cast, "chidi", "bram", corrects=first, at=cast.at + timedelta(seconds=1)
    )
    own = replies.reply(
        update=second,
        author=cast.bram,
        answer=replies.Answer(text="More.", labels=LABELS["substance_use"]),
        form_key=uuid.uuid4(),
        by=cast.user("bram"),
        at=cast.at,
    )
    events = TimelineEvent.objects.filter(about__in=[first.pk, second.pk])
    rows = [second, *Reply.objects.all(), *events]
    assert {each.lineage for each in rows} == {first.lineage} and events.count() >= 3
    amina = world.signed_in(cast, "amina")
    amina.post(address(cast, "update", first), {"mark": ["private"]})
    for each in rows:
        each.refresh_from_db()
        assert each.labels & LABELS["private"], each
    # A topic that an answer has by itself stays on it.
    own.refresh_from_db()
    assert own.labels == LABELS["private"] | LABELS["substance_use"]


def test_a_refusal_of_someone_who_left_is_not_taken_back_by_saving(cast):
    item = allergy(cast)
    deny = ItemDeny.objects.create(
        patient=cast.amina,
        lineage=item.lineage,
        party=cast.fatou,
        created_at=cast.at,
        created_by=cast.user("amina"),
    )
    world.signed_in(cast, "amina").post(address(cast, "allergy", item), {})
    deny.refresh_from_db()
    assert deny.lifted_at is None
