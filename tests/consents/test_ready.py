"""The rule as ready text says what the rule says, and freezes nobody's values."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Exists, OuterRef, Q

from consents import decisions
from consents import ready as module
from consents.decisions import Guest, Reader, permitted, rule
from consents.disclosable import registry, shape
from consents.models import Consent
from consents.ready import Undecided, ready
from patients.models import Condition, Patient
from tests.cast import Cast
from tests.patients import records

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOMEONE = Reader(user_id=uuid.uuid4(), purpose="TREAT", at=NOON)
GUEST = Guest(party_id=uuid.uuid4(), purpose="COC", at=NOON)
MODELS = [
    each
    for model in registry()
    for each in (model, getattr(getattr(model, "history", None), "model", None))
    if each
]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(module, "_kept", {})


PIECES = {"rule": rule, **decisions.ANSWERS}
EACH = [
    *((reader, piece) for reader in (SOMEONE, GUEST) for piece in PIECES),
    *((replace(SOMEONE, purpose=purpose), "rule") for purpose in ("FAMRQT", "PWATRNY")),
]


def _name(each: Reader | Guest | str) -> str:
    return each if isinstance(each, str) else f"{type(each).__name__}-{each.purpose}"


@pytest.mark.slow
@pytest.mark.parametrize("reader, piece", EACH, ids=_name)
def test_every_piece_is_ready_for_every_model_and_one_for_all_of_a_shape(
    db, reader, piece
):
    texts = {}
    for model in MODELS:
        text = module._text(PIECES[piece], model, reader)
        assert text, f"{piece} is built anew for each reader of {model._meta.label}"
        words = (text.text, text.params, type(text.output_field))
        kept = texts.setdefault(shape(model), words)
        assert kept == words, f"{piece} asks {model._meta.label} for more than that"
    assert len(texts) < len(MODELS) / 2


@pytest.mark.parametrize("says", ["AUTHOR_KEEPS", "DATED"])
def test_what_a_class_says_differently_has_a_text_of_its_own(db, monkeypatch, says):
    before = ready(rule, Condition, SOMEONE).text
    monkeypatch.setattr(Condition, says, not getattr(Condition, says))
    assert ready(rule, Condition, SOMEONE).text != before


def readers(cast, at) -> list[Reader | Guest]:
    users = [cast.user(who).pk for who in Cast.NAMES]
    return [
        *(Reader(user_id=pk, purpose=word, at=at) for pk in users for word in PURPOSES),
        *(Guest(party_id=pk, purpose="TREAT", at=at) for pk in (cast.jon.pk,)),
    ]


PURPOSES = ("TREAT", "COC", "PATRQT")


@pytest.fixture
def items(cast):
    for patient in (cast.amina, cast.gus):
        for author in (None, cast.bram, cast.chidi):
            for labels in (0, 1):
                item = records.item(
                    Condition, patient, "conditions", cast.at, name="x", labels=labels
                )
                Condition.objects.filter(pk=item.pk).update(author=author)


@pytest.mark.slow
def test_it_says_the_same_as_the_rule_built_anew(cast, items):
    """In a plain query, in a query inside another, and through another table."""
    answers = set()
    later = cast.at + timedelta(days=365)
    for reader in (*readers(cast, cast.at), *readers(cast, later)):
        anew = set(Condition.objects.filter(rule(Condition, reader)))
        answers.add(len(anew))
        found = permitted(Condition.objects.all(), reader)
        assert set(found) == anew
        assert set(Condition.objects.filter(pk__in=found)) == anew
        assert set(Condition.objects.filter(lineage__in=found.values("lineage"))) == {
            each
            for each in Condition.objects.all()
            if each.lineage in {one.lineage for one in anew}
        }
        inside = found.filter(patient_id=OuterRef("pk"))
        assert set(Patient.objects.filter(Exists(inside))) == {
            each.patient for each in anew
        }
        with_user = found.select_related("patient__user", "author__user")
        assert set(with_user) == anew
    assert len(answers) > 2


def test_text_is_kept_and_answers_are_not(cast, items):
    reader = Reader(user_id=cast.user("bram").pk, purpose="TREAT", at=cast.at)
    found = permitted(Condition.objects.all(), reader)
    before = found.count()
    assert before
    from consents import actions

    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    assert permitted(Condition.objects.all(), reader).count() < before
    assert len(module._kept) == 1


# What must never be frozen -----------------------------------------------------------


def window(model, reader):
    """A value made from the reader's: four hours before."""
    return Q(occurred_at__gte=reader.at - timedelta(hours=4))


def branch(model, reader):
    """Another text for some readers."""
    even = reader.at.year % 2 == 0
    return Q(labels=0) if even else Q(labels=0, categories__gt=0)


def joined(model, reader):
    """A join would leave the text and stay behind in the query."""
    return Q(patient__user_id=reader.user_id)


@pytest.mark.parametrize("build", [window, branch, joined])
def test_what_is_made_from_a_value_is_built_anew(cast, items, build):
    assert module._text(build, Condition, SOMEONE) is None
    reader = Reader(user_id=cast.amina.user.pk, purpose="TREAT", at=cast.at)
    found = Condition.objects.filter(ready(build, Condition, reader))
    assert set(found) == set(Condition.objects.filter(build(Condition, reader)))


def test_a_piece_that_asks_the_database_while_it_is_built_is_a_fault(db):
    def asks(model, reader):
        return Q(labels=Consent.objects.count())

    with pytest.raises(Undecided) as caught:
        ready(asks, Condition, SOMEONE)
    assert "without asking" in str(caught.value.__cause__)


def test_each_purpose_and_kind_of_reader_has_a_text_of_its_own(db):
    for reader in (
        SOMEONE,
        Reader(user_id=uuid.uuid4(), purpose="COC", at=NOON),
        GUEST,
    ):
        ready(rule, Condition, reader)
    assert len(module._kept) == 3
    ready(rule, Condition, Reader(user_id=uuid.uuid4(), purpose="COC", at=NOON))
    assert len(module._kept) == 3
