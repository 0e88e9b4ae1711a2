"""What was marked stays marked where its words go: a file, an entry, an old name."""

import uuid
from datetime import timedelta

import pytest

from consents.codes import LABELS
from patients import import_page
from patients.actions import entries, imports, labels, medicines, results, supply, undo
from patients.actions.labels import set_labels
from patients.actions.results import Result
from patients.codes import EventKind, MedicineStatus
from patients.views import marks
from tests.patients import medicines_world as world
from tests.patients.imported import (
    accept,
    allergy,
    condition,
    daily,
    kept,
    mark_of,
    on_list,
    only,
)
from tests.patients.marks import answered, asks, changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SUBSTANCE_USE = LABELS["substance_use"]
PAGES = ("", "medicines/", "list/", "summary.txt", "updates/")
STATED = {
    "R": "private",
    "V": "private",
    "PSY": "private",
    "ETH": "substance_use",
    "ETHUDSD": "substance_use",
    "42CFRPart2": "substance_use",
    "HIV": "hiv",
    "SEX": "sexual_reproductive",
    "VIO": "violence",
}
MADE = {"medicine": daily, "allergy": allergy, "condition": condition}


def who(cast, later=0):
    return {"by": cast.user("amina"), "at": cast.at + timedelta(seconds=later)}


def reads(cast, name, word):
    """The pages on which somebody of the team reads this word."""
    client = world.signed_in(cast, name)
    shown = {page: client.get(world.page(cast, page)) for page in PAGES}
    return [page for page, one in shown.items() if word in one.content.decode()]


def adopted_beside(cast):
    line = world.add(cast, "buprenorphine")
    entry = world.prescribe(cast, beside=line, why="cravings came back")
    assert entry.labels & SUBSTANCE_USE
    entries.adopt(entry=entry, line=line, **who(cast, 1))
    line.refresh_from_db()
    return line


# A file -------------------------------------------------------------------------


@pytest.mark.parametrize("code", STATED)
@pytest.mark.parametrize("kind", MADE)
def test_what_a_file_calls_sensitive_is_asked_about(cast, kind, code):
    """HL7 v3 Confidentiality and ActCode in `meta.security`."""
    file = kept(cast, MADE[kind](meta={"security": [{"code": code}]}))
    item = only(file, kind)
    assert item.labels & LABELS[STATED[code]]
    assert imports.needs_an_answer(item)
    assert imports.accept_new(file=file, **who(cast)) == 0


def test_what_is_private_without_a_topic_is_asked_in_its_own_words(cast):
    marked = condition(meta={"security": [{"code": "R"}]})
    item = only(kept(cast, marked), "condition")
    place = world.page(cast, f"import/{item.file_id}/{item.pk}/")
    page = world.signed_in(cast, "amina").get(place).content.decode()
    assert "The file says that this is private" in page
    assert "This can tell others about" not in page


def test_and_marked_it_is_read_by_nobody_who_was_not_named(cast):
    said = {"text": "bulimia nervosa"}
    marked = condition(meta={"security": [{"code": "V"}]}, code=said)
    item = only(kept(cast, marked), "condition")
    accept(item, cast, labels=item.labels)
    assert reads(cast, "jon", "bulimia nervosa") == []
    assert reads(cast, "amina", "bulimia nervosa")


def test_the_test_of_that_fails_where_the_file_is_not_asked(cast, monkeypatch):
    monkeypatch.setattr("patients.fhir.conditions.security_labels", lambda _file: ())
    said = {"text": "bulimia nervosa"}
    marked = condition(meta={"security": [{"code": "V"}]}, code=said)
    imports.accept_new(file=kept(cast, marked), **who(cast))
    assert reads(cast, "jon", "bulimia nervosa")


def test_an_older_entry_of_the_file_marks_the_newest(cast):
    older = daily(id="old", meta={"security": [{"code": "R"}]}, effectivePeriod={})
    file = kept(cast, daily(id="new"), older)
    card = import_page.card(only(file), imports.standing(cast.amina))
    assert card.item.labels & LABELS["private"]


# An entry -----------------------------------------------------------------------


def test_an_adopted_entry_takes_its_marks_to_the_line(cast):
    line = adopted_beside(cast)
    assert line.labels & SUBSTANCE_USE
    assert reads(cast, "jon", "cravings came back") == []


def test_the_test_of_that_fails_where_the_line_stays_unmarked(cast, monkeypatch):
    monkeypatch.setattr(entries, "add_marks", lambda **_all: None)
    adopted_beside(cast)
    assert reads(cast, "jon", "cravings came back")


# Another name -------------------------------------------------------------------


def rename(cast, line, name, **answers):
    said = {"name": name, "version": 1, "started_precision": "unknown"} | answers
    return world.signed_in(cast, "amina").post(details_of(cast, line), said)


def details_of(cast, line):
    return world.page(cast, f"medicines/{line.pk}/details/")


@pytest.mark.security("T26")
@pytest.mark.parametrize("name", ["buprenorphine", "disulfiram"])
def test_a_new_name_that_tells_something_is_asked_about(cast, name):
    line = world.add(cast, "sertraline", reason="sleep")
    asked = rename(cast, line, name, reason="cravings", brand="Own")
    page = asked.content.decode()
    assert asks(asked) and "Should we mark it?" in page
    assert "People who know this medicine may guess: Substance use." in page
    line.refresh_from_db()
    assert line.name == "sertraline"
    client, place = world.signed_in(cast, "amina"), details_of(cast, line)
    back = changed(client, place, asked).content.decode()
    assert f'value="{name}"' in back and "There is a problem" not in back
    assert "There is a problem" in answered(client, place, asked, None).content.decode()
    assert answered(client, place, asked, "yes").status_code == 302
    line.refresh_from_db()
    assert (line.name, line.labels) == (name, SUBSTANCE_USE)
    assert (line.reason, line.brand) == ("cravings", "Own")
    assert reads(cast, "jon", name) == []


@pytest.mark.security("T26")
def test_the_test_of_that_fails_where_a_new_name_is_not_asked_about(cast, monkeypatch):
    asked = "patients.views.marks.ask_to_mark"
    monkeypatch.setattr(asked, lambda *_args, **_all: (None, marks.NOTHING))
    line = world.add(cast, "sertraline")
    assert rename(cast, line, "buprenorphine").status_code == 302
    assert reads(cast, "jon", "buprenorphine")


def test_the_answer_is_the_patients_and_is_not_asked_twice(cast):
    line = world.add(cast, "sertraline")
    assert rename(cast, line, "buprenorphine", mark="no").status_code == 302
    line.refresh_from_db()
    assert (line.name, line.labels) == ("buprenorphine", 0)
    again = rename(cast, line, "buprenorphine", version=2, reason="sleep")
    assert again.status_code == 302


# Undo ---------------------------------------------------------------------------


def renamed_and_back(cast):
    """Marked buprenorphine, called sertraline, unmarked, and the new name undone."""
    line = world.add(cast, "buprenorphine", labels=SUBSTANCE_USE)
    details = medicines.Details(name="sertraline")
    saved = medicines.correct_details(
        item=line, version=1, details=details, **who(cast, 1)
    )
    set_labels(item=saved.item, labels=0, **who(cast, 2))
    undo.undo(item=saved.item, event=saved.event, **who(cast, 3))
    line.refresh_from_db()
    assert line.name == "buprenorphine"
    return line


def test_a_name_that_comes_back_is_marked_as_it_was(cast):
    assert renamed_and_back(cast).labels & SUBSTANCE_USE
    assert reads(cast, "jon", "buprenorphine") == []


def test_the_test_of_that_fails_where_undo_brings_the_name_alone(cast, monkeypatch):
    monkeypatch.setattr(undo, "_as_private_as", lambda *_args, **_all: None)
    renamed_and_back(cast)
    assert reads(cast, "jon", "buprenorphine")


def test_undo_takes_back_changes_of_the_line_only(cast):
    line = world.add(cast, "sertraline")
    event = supply.tell(medicine=line, kind=EventKind.RAN_OUT, **who(cast, 1))
    with pytest.raises(undo.TooLate):
        undo.undo(item=line, event=event, **who(cast, 2))
    line.refresh_from_db()
    assert line.status == MedicineStatus.ACTIVE


# A result -----------------------------------------------------------------------


def level_after(cast, mark):
    """The labels of a result that names a line, once something marked the line."""
    line = on_list(cast, "buprenorphine")
    name = "Buprenorphine level"
    level = results.add(
        patient=cast.amina,
        result=Result("", name, cast.at.date(), value="1", unit="ng/mL"),
        key=uuid.uuid4(),
        author=None,
        **who(cast),
    )
    mark(line)
    level.refresh_from_db()
    return level.labels


def adopt_beside(cast):
    def mark(line):
        entry = world.prescribe(cast, beside=line, why="cravings")
        entries.adopt(entry=entry, line=line, **who(cast, 1))

    return mark


def take_the_dose_of_a_file(cast):
    def mark(line):
        program = {"meta": {"security": [{"code": "42CFRPart2"}]}}
        named = {"medicationCodeableConcept": {"text": "buprenorphine 100 MG"}}
        item = only(kept(cast, daily(100, **program) | named))
        accept(item, cast, changes_line=mark_of(line))

    return mark


@pytest.mark.parametrize("marked_by", [adopt_beside, take_the_dose_of_a_file])
def test_a_result_that_names_the_line_is_marked_as_the_line_is(cast, marked_by):
    assert level_after(cast, marked_by(cast)) == SUBSTANCE_USE


def test_the_test_of_that_fails_where_a_mark_stays_on_its_line(cast, monkeypatch):
    monkeypatch.setattr(labels, "_others_of_lineage", lambda _item: ())
    monkeypatch.setattr(labels, "take_along", lambda **_all: None)
    assert level_after(cast, take_the_dose_of_a_file(cast)) == 0
