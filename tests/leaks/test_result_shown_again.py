"""A result that names two medicines is shown again exactly as far as they are.

Found: once both were kept from somebody it was "only me" for good, also when both were
shown again. Whatever is done, in whatever order, nobody reads it who may not know of
each medicine and of the result itself; and when all is taken back, all of it is.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import actions as consents
from consents import decisions
from consents.codes import LABELS
from consents.decisions import Reader
from consents.models import ItemDeny
from patients.actions import flags, medicines, named_results, record
from patients.actions.medicine_terms import Keep
from patients.models import MedicationStatement, TestResult
from tests.leaks.test_two_medicines_in_a_result import ONLY_ME, add_level, keep
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
NAMES = ("lithium", "valproate")
READERS = {"b": "bram", "j": "jon"}


def seen(cast) -> str:
    """Who of Bram and Jon may see the result, by initials, as the rule says it."""
    return "".join(
        initial
        for initial, name in READERS.items()
        if decisions.permitted(
            TestResult.objects.all(), Reader(cast.user(name).pk, "TREAT", cast.at)
        ).exists()
    )


def lets_in(keep: Keep) -> set[str]:
    """Whom these words leave in."""
    named = " ".join(party.name for party in (*keep.from_parties, *keep.but))
    found = {one for one, name in READERS.items() if name.title() in named}
    return found if keep.only_me else {*READERS} - found


@dataclass
class Story:
    """Two medicines, a result that names both, and what was said of each of the three.

    `said` is what Amina said last; of a line that is gone it stands for good.
    """

    cast: object
    lines: dict[str, MedicationStatement]
    said: dict[str, Keep] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    @property
    def result(self) -> TestResult:
        return TestResult.objects.get()

    def may_see(self) -> set[str]:
        left = set(READERS)
        for one in self.said.values():
            left &= lets_in(one)
        return left

    def say(self, name: str, words: Keep) -> None:
        keep(self.cast, self.lines[name], words)
        self.said[name] = words

    def say_of_result(self, words: Keep) -> None:
        """On the page of the result, where it has one of its own."""
        item = self.result
        if item.lineage != item.pk:
            return
        standing = ItemDeny.objects.filter(lineage=item.pk, lifted_at=None)
        about = {"by": self.cast.user("amina"), "at": self.cast.at}
        record.set_privacy(
            item=item, labels=item.labels, keep=words, denies=list(standing), **about
        )
        self.said["result"] = words

    def goes(self, name: str) -> None:
        """Added by mistake: what was kept from somebody is not shown by that."""
        line = MedicationStatement.objects.get(pk=self.lines[name].pk)
        about = {"by": self.cast.user("amina"), "at": self.cast.at}
        medicines.added_by_mistake(item=line, version=line.version, **about)
        self.gone.add(name)

    def hidden(self) -> list[str]:
        """From anybody, also from none of the two."""
        return [one for one in NAMES if self.said.get(one, Keep()) != Keep()]


@pytest.fixture
def story(cast) -> Story:
    lines = {name: world.add(cast, name) for name in NAMES}
    add_level(cast)
    return Story(cast, lines)


def words(cast, draw: random.Random, *, also_but: bool = True) -> Keep:
    """`also_but`: "only me, and …" too, with one of them or with both."""
    said = [
        Keep(),
        ONLY_ME,
        Keep(from_parties=(cast.bram,)),
        Keep(from_parties=(cast.jon,)),
    ]
    but = [(cast.bram,), (cast.jon,), (cast.bram, cast.jon)] if also_but else []
    return draw.choice([*said, *(Keep(only_me=True, but=each) for each in but)])


@pytest.mark.security("T26")
@pytest.mark.parametrize("seed", range(5))
def test_in_whatever_order_nobody_reads_more_and_all_comes_back(cast, story, seed):
    draw = random.Random(seed)
    for _step in range(10):
        act = draw.choice([*NAMES, *NAMES, "result"])
        if act == "result":
            # Whom its own "only me" left in is not let in again by itself (ADR 18).
            story.say_of_result(words(cast, draw, also_but=False))
        else:
            story.say(act, words(cast, draw))
        assert {*seen(cast)} <= story.may_see(), story.said
        if len(story.hidden()) < 2 and "result" not in story.said:
            assert {*seen(cast)} == story.may_see(), story.said
    for name in draw.sample(NAMES, 2):
        story.say(name, Keep())
        assert {*seen(cast)} <= story.may_see(), story.said
    assert {*seen(cast)} == story.may_see(), story.said
    story.say_of_result(Keep())
    assert seen(cast) == "bj"


@pytest.mark.security("T26")
@pytest.mark.parametrize("seed", range(5))
def test_a_line_that_goes_shows_nothing_again(cast, story, seed):
    draw = random.Random(seed)
    goes_at = draw.randrange(1, 5)
    for step in range(8):
        left = [name for name in NAMES if name not in story.gone]
        if step == goes_at:
            story.goes(draw.choice(left))
        elif draw.random() < 0.2:
            story.say_of_result(words(cast, draw))
        else:
            story.say(draw.choice(left), words(cast, draw))
        assert {*seen(cast)} <= story.may_see(), story.said


@pytest.mark.security("T26")
def test_what_both_hid_is_shown_again_with_them(cast, story):
    for name in NAMES:
        story.say(name, ONLY_ME)
    assert (seen(cast), bool(story.result.kept_for)) == ("", True)
    story.say(NAMES[0], Keep())
    assert seen(cast) == ""
    story.say(NAMES[1], Keep())
    assert (seen(cast), story.result.kept_for) == ("bj", [])
    assert not ItemDeny.objects.filter(lifted_at=None).exists()


@pytest.mark.security("T26")
@pytest.mark.parametrize("said", ["before", "meanwhile"])
def test_the_patients_own_word_outlives_that_of_the_medicines(cast, said):
    if said == "before":
        item = add_level(cast)
        story = Story(cast, {})
        story.say_of_result(Keep(from_parties=(cast.jon,)))
        story.lines = {name: world.add(cast, name) for name in NAMES}
    else:
        story = Story(cast, {name: world.add(cast, name) for name in NAMES})
        item = add_level(cast)
    for name in NAMES:
        story.say(name, ONLY_ME)
    if said == "meanwhile":
        story.say_of_result(ONLY_ME)
    for name in NAMES:
        story.say(name, Keep())
    assert seen(cast) == ("b" if said == "before" else "")
    assert story.result.lineage == item.pk
    story.say_of_result(Keep())
    assert seen(cast) == "bj"


@pytest.mark.security("T26")
def test_a_topic_taken_off_gives_back_what_was_alone(cast):
    add_level(cast)
    story = Story(cast, {})
    story.say_of_result(Keep(from_parties=(cast.jon,)))
    story.lines = {name: world.add(cast, name) for name in NAMES}
    keep(cast, story.lines["lithium"], Keep(), labels=LABELS["private"])
    assert seen(cast) == ""
    keep(cast, story.lines["lithium"], Keep())
    assert seen(cast) == "b"


@pytest.mark.security("T26")
@pytest.mark.parametrize("way", ["sharing page", "one person"])
def test_every_way_of_giving_back_takes_the_result_along(cast, story, way):
    for name in NAMES:
        story.say(name, ONLY_ME)
    for line in story.lines.values():
        about = {"item": line, "by": cast.user("amina"), "at": cast.at}
        if way == "sharing page":
            assert consents.hand_back(**about)
        else:
            flags.share_with(party=cast.bram, **about)
    # "Only me and Bram" on each: he knows of both.
    assert seen(cast) == ("bj" if way == "sharing page" else "b")


@pytest.mark.security("T26")
def test_only_who_is_left_in_by_both_is_left_in(cast, story):
    """Found: "only me, and Bram" on both hid their result from Bram."""
    both, bram = Keep(only_me=True, but=(cast.bram, cast.jon)), (cast.bram,)
    story.say("lithium", both)
    story.say("valproate", Keep(only_me=True, but=bram))
    assert (seen(cast), bool(story.result.kept_for)) == ("b", True)
    story.say("valproate", both)
    assert seen(cast) == "bj"
    story.say("valproate", Keep(only_me=True, but=bram, from_parties=(cast.jon,)))
    assert seen(cast) == "", "who is refused by name is known to the other line only"
    story.say("valproate", ONLY_ME)
    assert seen(cast) == ""
    for name in NAMES:
        story.say(name, Keep())
    assert seen(cast) == "bj"


@pytest.mark.security("T26")
def test_what_is_hidden_by_no_only_me_leaves_nobody_in(cast, story):
    for name in NAMES:
        story.say(name, Keep(only_me=True, but=(cast.bram,)))
    item = story.result
    item.kept_for = [*item.kept_for, str(uuid.uuid4())]
    named_results.leave_to_patient(item=item, by=cast.user("amina"), at=cast.at)
    assert seen(cast) == ""


@pytest.mark.security("T26")
@pytest.mark.parametrize("mark", ["topic", "program"])
def test_a_mark_on_one_of_them_leaves_nobody_in(cast, story, mark):
    """Bram is left in by both, and may not know of a topic that one of them has."""
    bram = Keep(only_me=True, but=(cast.bram,))
    for name in NAMES:
        story.say(name, bram)
    assert seen(cast) == "b"
    row = {"labels": LABELS["private"]} if mark == "topic" else {"part2_origin": True}
    pk = story.lines["lithium"].pk
    MedicationStatement.objects.filter(pk=pk).update(**row)
    about = {"by": cast.user("amina"), "at": cast.at}
    named_results.take_along(patient=cast.amina, **about)
    assert seen(cast) == ""


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_one_word_is_enough(cast, story, monkeypatch):
    """The vulnerable twin: whoever is left in by any of them."""

    def by_any(_item, denies):
        found = {party.pk: party for deny in denies for party in deny.left_in}
        return list(found.values())

    monkeypatch.setattr(named_results, "_left_in", by_any)
    story.say("lithium", Keep(only_me=True, but=(cast.bram,)))
    story.say("valproate", ONLY_ME)
    assert seen(cast) == "b" and not story.may_see()


@pytest.mark.security("T26")
def test_the_result_alone_is_not_given_back(cast, story):
    for name in NAMES:
        story.say(name, ONLY_ME)
    amina = world.signed_in(cast, "amina")
    deny = ItemDeny.objects.get(lineage=story.result.pk, lifted_at=None)
    place = world.page(cast, f"sharing/kept-back/{deny.public_id}/")
    page = amina.post(place, follow=True).content.decode()
    assert "It names something else that you keep back" in page
    assert "Given back." not in page and seen(cast) == ""
    private = world.page(cast, f"items/result/{story.result.pk}/privacy/")
    text = amina.get(private).content.decode()
    assert "It names medicines that you keep back" in text


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_the_own_word_is_forgotten(
    cast, story, monkeypatch
):
    """The vulnerable twin: everything that stands on the result only followed."""
    monkeypatch.setattr(record, "own_word", lambda **_all: None)
    for name in NAMES:
        story.say(name, ONLY_ME)
    story.say_of_result(ONLY_ME)
    for name in NAMES:
        story.say(name, Keep())
    assert seen(cast) == "bj" and not story.may_see()


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_a_line_that_is_gone_is_forgotten(
    cast, story, monkeypatch
):
    """The vulnerable twin: only what stands on the list counts."""
    monkeypatch.setattr(named_results, "_past", lambda *_: set())
    for name in NAMES:
        story.say(name, ONLY_ME)
    story.goes("valproate")
    story.say("lithium", Keep())
    assert seen(cast) == "bj" and not story.may_see()


def test_many_results_ask_no_more_than_one(cast, story):
    """Each change of the list takes all of them along."""
    about = {"patient": cast.amina, "by": cast.user("amina"), "at": cast.at}
    with CaptureQueriesContext(connection) as one:
        named_results.take_along(**about)
    for _again in range(5):
        add_level(cast)
    with CaptureQueriesContext(connection) as many:
        named_results.take_along(**about)
    assert len(many) == len(one)
