"""A form's key is never an id, and a form that was saved before loses nothing silently.

Found: the key that a browser posts became the id of what is saved. Whoever knew the id
of an item that is kept back could post it, was told "Saved", and nothing was added; two
people with one key met in one item. And a form that was saved, gone back to and saved
again as "only me", was said to be saved and stayed open to the team.
"""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from carecoord import form_keys
from consents import actions as consents
from consents.models import Invitation, ItemDeny
from patients.actions import events, record, results, side_effects
from patients.actions.medicine_terms import Keep
from patients.models import (
    Condition,
    FamilyNote,
    Goal,
    SideEffect,
    SideEffectMark,
    SupplyCount,
    TestResult,
    TimelineEvent,
)
from tests.cast import permit
from tests.messaging.writing import words
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

RESULT = {"name": "Vitamin D", "value": "30", "other_unit": "ng/mL"}
RESULT |= {"done_date": "yesterday", "place": "Quest"}
USED = "You saved this form already."


def post(cast, who: str, page: str, form_key: object, **said):
    address = page if page.startswith("/") else world.page(cast, page)
    return world.signed_in(cast, who).post(address, {"form_key": str(form_key), **said})


def tell(cast, kind: str) -> str:
    return reverse("messaging:tell_kind", args=[cast.amina.pk, kind])


def by(cast, who: str = "amina") -> dict[str, object]:
    return {"by": cast.user(who), "at": cast.at}


def kept_from_bram(cast):
    """A diagnosis and a result that stand, and not for Bram."""
    found = events.record(
        patient=cast.amina,
        happening=events.Happening(kind="condition_found", what="Asthma"),
        form_key=uuid.uuid4(),
        **by(cast),
    )
    result = results.add(
        patient=cast.amina,
        result=results.Result("", "Iron", cast.at.date(), value="9", unit="mg/L"),
        key=uuid.uuid4(),
        author=None,
        **by(cast),
    )
    items = [Condition.objects.get(pk=found.about), result]
    for item in items:
        consents.keep_back(item=item, party=cast.bram, **by(cast))
    return items


def added_with(cast, key: uuid.UUID) -> list[int]:
    """What is added by forms of Bram with this key: diagnosis, stressor, result."""
    before = [TimelineEvent.objects.count(), TestResult.objects.count()]
    said = {"mentions": "none"}
    post(cast, "bram", tell(cast, "diagnosis"), key, what="Gout", **said)
    post(cast, "bram", tell(cast, "stressor"), key, what="A move", **said)
    assert post(cast, "bram", "tests/add/another/", key, **RESULT).status_code == 302
    after = [TimelineEvent.objects.count(), TestResult.objects.count()]
    return [after[0] - before[0], after[1] - before[1]]


@pytest.mark.security("T26", "T29", "L03")
def test_the_id_of_what_is_kept_back_is_a_key_like_any_other(cast):
    permit(cast.amina, cast.bram, at=cast.at)
    items = kept_from_bram(cast)
    # A stressor with the key of the diagnosis is a form of its own all the same.
    assert added_with(cast, uuid.uuid4())[1] == 1
    for item in items:
        assert added_with(cast, item.pk)[1] == 1
    assert Condition.objects.filter(name="Gout").count() == 3
    assert Condition.objects.get(pk=items[0].pk).name == "Asthma"


@pytest.mark.security("T26", "T29")
def test_a_key_that_becomes_the_id_tells_that_there_is_one(cast, monkeypatch):
    """The vulnerable twin."""
    permit(cast.amina, cast.bram, at=cast.at)
    condition, result = kept_from_bram(cast)
    monkeypatch.setattr(form_keys, "item_id", lambda key, **_of: key)
    assert added_with(cast, result.pk)[1] == 0
    post(
        cast,
        "bram",
        tell(cast, "diagnosis"),
        condition.pk,
        what="Gout",
        mentions="none",
    )
    assert Condition.objects.get(name="Gout").author == cast.bram


@pytest.mark.security("T29", "L03")
def test_another_patients_id_and_another_persons_key_are_keys_like_any_other(cast):
    permit(cast.amina, cast.bram, at=cast.at)
    of_gus = record.add(
        patient=cast.gus,
        model=Condition,
        key=uuid.uuid4(),
        categories=1,
        labels=0,
        keep=Keep(),
        columns={"name": "Asthma"},
        by=cast.user("gus"),
        at=cast.at,
    )
    for who in ("amina", "bram"):
        said = {"what": "Gout", "mentions": "none"}
        for _click in range(2):
            answer = post(cast, who, tell(cast, "diagnosis"), of_gus.pk, **said)
            assert answer.status_code == 302
    assert Condition.objects.filter(patient=cast.amina, name="Gout").count() == 2
    assert Condition.objects.get(pk=of_gus.pk).name == "Asthma"


# The same form with other answers -----------------------------------------------------


def twice(cast, who: str, place: str, first: dict, other: dict, model) -> None:
    """Sent, sent again, and sent with other answers: saved once, and said so."""
    key = uuid.uuid4()
    for _click in range(2):
        assert post(cast, who, place, key, **first).status_code == 302
    saved = model.objects.get()
    page = post(cast, who, place, key, **first | other)
    assert (page.status_code, model.objects.count()) == (409, 1)
    assert USED in words(page) and ">See it</a>" in page.content.decode()
    for text in other.values():
        assert text in page.content.decode()
    as_it_was = {name: getattr(saved, name) for name in other if hasattr(saved, name)}
    saved.refresh_from_db()
    assert as_it_was == {name: getattr(saved, name) for name in as_it_was}
    # What became of the saved one since is nothing of this form.
    model.objects.filter(pk=saved.pk).update(part2_origin=True)
    assert post(cast, who, place, key, **first).status_code == 302


def test_an_item_saved_again_as_only_me_is_not_said_to_be_saved(cast):
    place, key = world.page(cast, "record/goals/add/"), str(uuid.uuid4())
    amina = world.signed_in(cast, "amina")
    said = {"key": key, "what": "ride the bus"}
    for _click in range(2):
        assert amina.post(place, said).status_code == 302
    for other in ({"keep": "me"}, {"mark": "private"}, {"what": "a tram"}):
        page = amina.post(place, said | other)
        assert page.status_code == 409 and USED in words(page)
    assert 'value="a tram"' in page.content.decode()
    assert Goal.objects.get().what == "ride the bus"
    assert not ItemDeny.objects.exists()


def test_the_only_row_of_a_kind_saved_again_keeps_what_was_typed(cast):
    place, amina = (
        world.page(cast, "record/daily-life/add/"),
        world.signed_in(cast, "amina"),
    )
    said = {"key": str(uuid.uuid4()), "work_schedule": "nights"}
    for _click in range(2):
        assert amina.post(place, said).status_code == 302
    for other in ({"work_schedule": "days"}, {"key": str(uuid.uuid4())}):
        page = amina.post(place, said | other)
        assert page.status_code == 409 and USED in words(page)


def test_a_result_a_count_and_an_effect_saved_again_with_other_answers(cast):
    line = world.add(cast, "quetiapine")
    place = f"medicines/{line.pk}/"
    twice(cast, "amina", "tests/add/another/", RESULT, {"place": "Mercy"}, TestResult)
    counted = {"left": "12", "counted_date": "today"}
    by_whom = {"refilled_by": "Dr. Visser"}
    twice(cast, "amina", f"{place}supply/", counted, by_whom, SupplyCount)
    effect = {"kind": "sleepiness", "severity": "mild"}
    worse = {"daily_life": "asleep at noon"}
    twice(cast, "amina", f"{place}side-effects/add/", effect, worse, SideEffect)


def test_a_mark_saved_again_with_other_answers(cast):
    line = world.add(cast, "quetiapine")
    permit(cast.amina, cast.chidi, at=cast.at)
    effect = side_effects.Effect(kind="sleepiness", severity="mild")
    item = side_effects.add(medicine=line, effect=effect, key=uuid.uuid4(), **by(cast))
    place = f"medicines/{line.pk}/side-effects/{item.pk}/mark/"
    other = {"therapy": "Dozes off."}
    twice(cast, "chidi", place, {"course": "worsening"}, other, SideEffectMark)


def test_what_is_told_noticed_or_sent_again_with_other_answers(cast):
    said = {"what": "Gout", "mentions": "none"}
    twice(cast, "amina", tell(cast, "diagnosis"), said, {"what": "Asthma"}, Condition)
    said |= {"detail": "since spring"}
    TimelineEvent.objects.all().delete()
    other = {"detail": "since May"}
    twice(cast, "amina", tell(cast, "stressor"), said, other, TimelineEvent)
    note = {"text": "Up until 4 am.", "noticed_date": "yesterday", "mentions": "none"}
    place = reverse("messaging:family_tell", args=[cast.amina.pk])
    twice(cast, "hana", place, note, {"text": "Up all night."}, FamilyNote)


def test_an_invitation_sent_again_to_somebody_else_says_so(cast):
    said = {"name": "Dr. Lee", "role": "psychiatrist", "share": "coordination"}
    key = uuid.uuid4()
    assert post(cast, "amina", "team/invite/", key, **said).status_code == 200
    assert post(cast, "amina", "team/invite/", key, **said).status_code == 302
    page = post(cast, "amina", "team/invite/", key, **said | {"name": "Dr. Novak"})
    assert page.status_code == 409 and "Dr. Novak" in page.content.decode()
    assert Invitation.objects.get().to_name == "Dr. Lee"
