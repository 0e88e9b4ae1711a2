"""What is typed by hand and tells something by its name is asked about, then saved.

Found: files asked, and a medicine of the list did; a diagnosis, an allergy, a medicine
from before or a hospital stay did not, neither added nor called otherwise.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from consents.codes import LABELS
from patients import models
from patients.views import marks
from tests.patients import medicines_world as world
from tests.patients.marks import answered, asks, carried, changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SUBSTANCE_USE = LABELS["substance_use"]
ALLERGY = {"reaction": "hives", "criticality": "low"}


@dataclass(frozen=True)
class Kind:
    """Where a kind is typed, what tells something of it, and what does not."""

    where: str
    model: type
    field: str
    tells: str
    plain: str
    rest: dict[str, str]


KINDS = {
    "diagnosis": Kind(
        *("record/conditions/", models.Condition, "name"),
        *("alcohol use disorder", "asthma", {"status": "active"}),
    ),
    "allergy": Kind(
        *("allergies/", models.AllergyIntolerance, "substance"),
        *("disulfiram", "penicillin", ALLERGY),
    ),
    "medicine from before": Kind(
        *("record/past-medicines/", models.MedicineTrial, "name"),
        *("naltrexone", "sertraline", {"year": "2020"}),
    ),
    "treatment": Kind(
        *("record/treatments/", models.TreatmentTried, "what"),
        *("alcohol group", "light therapy", {"when": "2021"}),
    ),
    "hospital stay": Kind(
        *("record/hospital/", models.HospitalStay, "why"),
        *("opioid withdrawal", "hypomania", {"where": "Mercy", "when": "2019"}),
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
one_of_each_page = pytest.mark.parametrize(
    "kind", [KINDS["diagnosis"], KINDS["allergy"]], ids=["diagnosis", "allergy"]
)


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def typed(kind: Kind, words: str, **more: object):
    return {"key": str(uuid.uuid4()), kind.field: words} | kind.rest | more


def add(client, cast, kind: Kind, words: str, **more: object):
    return client.post(where(cast, kind), typed(kind, words, **more))


def where(cast, kind: Kind, rest: str = "add/") -> str:
    return world.page(cast, kind.where + rest)


def plain(client, cast, kind: Kind):
    """One that tells nothing, and the address where it is changed."""
    assert add(client, cast, kind, kind.plain).status_code == 302
    item = kind.model.objects.get()
    return item, where(cast, kind, f"{item.pk}/change/")


def jon_reads(cast, words: str) -> bool:
    """Jon may see everything without a topic."""
    page = world.signed_in(cast, "jon").get(world.page(cast, "summary.txt"))
    return words in page.content.decode()


@pytest.mark.security("T26")
@one_of_each_page
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_new_one_is_asked_about_before_it_is_saved(cast, amina, kind, answer):
    page = add(amina, cast, kind, kind.tells)
    assert asks(page)
    assert not kind.model.objects.exists()
    assert not asks(answered(amina, where(cast, kind), page, None))
    assert not kind.model.objects.exists()
    assert answered(amina, where(cast, kind), page, answer).status_code == 302
    item = kind.model.objects.get()
    assert item.labels == (SUBSTANCE_USE if answer == "yes" else 0)
    assert getattr(item, kind.field) == kind.tells
    assert jon_reads(cast, kind.tells) is (answer == "no")


@pytest.mark.security("T26")
@one_of_each_page
def test_the_test_of_that_fails_where_nothing_is_asked(cast, amina, kind, monkeypatch):
    asked = "patients.views.marks.ask_to_mark"
    monkeypatch.setattr(asked, lambda *_args, **_all: (None, marks.NOTHING))
    assert add(amina, cast, kind, kind.tells).status_code == 302
    assert jon_reads(cast, kind.tells)


@pytest.mark.security("T26")
@every_kind
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_other_words_are_asked_about_before_they_are_saved(cast, amina, kind, answer):
    item, place = plain(amina, cast, kind)
    page = amina.post(place, typed(kind, kind.tells, version=1))
    assert asks(page)
    item.refresh_from_db()
    assert getattr(item, kind.field) == kind.plain
    assert answered(amina, place, page, answer).status_code == 302
    item.refresh_from_db()
    assert getattr(item, kind.field) == kind.tells
    assert item.labels == (SUBSTANCE_USE if answer == "yes" else 0)
    assert jon_reads(cast, kind.tells) is (answer == "no")


def test_the_answer_is_theirs_and_is_not_asked_twice(cast, amina):
    kind = KINDS["diagnosis"]
    answered(amina, where(cast, kind), add(amina, cast, kind, kind.tells), "no")
    item = kind.model.objects.get()
    place = where(cast, kind, f"{item.pk}/change/")
    again = typed(kind, kind.tells, version=1, since_year="2019")
    assert amina.post(place, again).status_code == 302


@pytest.mark.security("T26")
@one_of_each_page
def test_the_test_of_that_fails_where_other_words_are_not_asked(
    cast, amina, kind, monkeypatch
):
    _item, place = plain(amina, cast, kind)
    asked = "patients.views.marks.ask_to_mark"
    monkeypatch.setattr(asked, lambda *_args, **_all: (None, marks.NOTHING))
    amina.post(place, typed(kind, kind.tells, version=1))
    assert jon_reads(cast, kind.tells)


def test_marked_already_or_by_themselves_nothing_is_asked(cast, amina):
    kind = KINDS["diagnosis"]
    tick = {"mark": ["substance_use"], "origin": "no"}
    ticked = add(amina, cast, kind, kind.tells, **tick)
    assert ticked.status_code == 302
    item = models.Condition.objects.get()
    place = where(cast, kind, f"{item.pk}/change/")
    other = typed(kind, "alcoholism", version=1, **tick)
    assert amina.post(place, other).status_code == 302
    # The ticks are one's own: taken away, the topic is not asked about again.
    away = typed(kind, "alcohol problem", version=2, seen=seen(amina, place))
    assert amina.post(place, away).status_code == 302
    item.refresh_from_db()
    assert item.labels == 0


def seen(client, place) -> str:
    page = client.get(place).content.decode()
    return page.split('name="seen" value="')[1].split('"')[0]


@pytest.mark.parametrize("start", ["add", "change"])
def test_the_way_back_shows_what_was_typed_and_saves_nothing(cast, amina, start):
    kind = KINDS["diagnosis"]
    place = where(cast, kind)
    if start == "change":
        _item, place = plain(amina, cast, kind)
    more = {"since_year": "2019", "keep": ["me"], "mark": ["private"], "version": "1"}
    sent = typed(kind, kind.tells, **more)
    page = amina.post(place, sent)
    assert asks(page)
    lists = {name: [one] if isinstance(one, str) else one for name, one in sent.items()}
    assert carried(page) == lists | {"asked_to_mark": ["yes"]}
    back = changed(amina, place, page)
    text = back.content.decode()
    assert "There is a problem" not in text
    assert f'value="{kind.tells}"' in text and 'value="2019"' in text
    assert 'value="me"' in text and text.count(" checked") == 3
    assert not models.Condition.objects.filter(name=kind.tells).exists()
    # Words that tell something else are asked about anew.
    assert asks(amina.post(place, sent | {"name": "HIV infection"}))


def test_a_question_answered_twice_saves_once(cast, amina):
    kind = KINDS["diagnosis"]
    page = add(amina, cast, kind, kind.tells, keep=["me"])
    for _time in range(2):
        answered(amina, where(cast, kind), page, "yes")
    item = models.Condition.objects.get()
    assert item.labels == SUBSTANCE_USE
    assert not jon_reads(cast, kind.tells)
    # Another answer is said to be not saved, and what was typed is kept.
    other = answered(amina, where(cast, kind), page, "no")
    assert other.status_code == 409 and kind.tells in other.content.decode()


def test_two_tabs_lose_neither_words_nor_answer(cast, amina):
    kind = KINDS["diagnosis"]
    item, place = plain(amina, cast, kind)
    page = amina.post(place, typed(kind, kind.tells, version=1))
    assert amina.post(place, typed(kind, "bronchitis", version=1)).status_code == 302
    conflict = answered(amina, place, page, "yes")
    assert conflict.status_code == 409
    item.refresh_from_db()
    assert (item.name, item.labels) == ("bronchitis", 0)
    assert amina.post(place, carried(conflict)).status_code == 302
    item.refresh_from_db()
    assert (item.name, item.labels) == (kind.tells, SUBSTANCE_USE)
