"""T88: where something comes from is asked, kept, and goes where its words go."""

from datetime import timedelta

import pytest

from consents.codes import CATEGORIES, LABELS
from patients.actions import entries, imports, medicines, record, undo
from patients.actions.labels import origin_stays, set_origin
from patients.models import Condition, MedicationStatement, TimelineEvent
from tests import cast as people
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
from tests.patients.marks import answered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
    pytest.mark.security("T88"),
]
SUBSTANCE_USE = LABELS["substance_use"]
NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
PROGRAM = {"security": [{"code": "42CFRPart2"}]}
MADE = {"medicine": daily, "allergy": allergy, "condition": condition}
ASKED = "Does it come from a substance use treatment program?"
MISSING = "Say if it comes from a treatment program. Not sure is ok."


def who(cast, later=0, name="amina"):
    return {"by": cast.user(name), "at": cast.at + timedelta(seconds=later)}


@pytest.fixture
def bram(cast):
    """He may read what is marked as substance use."""
    people.permit(
        cast.amina,
        cast.bram,
        at=cast.at - timedelta(days=1),
        categories=CATEGORIES.mask("medications", "conditions", "allergies", "history"),
        labels=SUBSTANCE_USE,
    )
    return world.signed_in(cast, "bram")


def chart(cast, client) -> str:
    return client.get(world.page(cast, "")).content.decode()


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def say(client, cast, line, **answers):
    """The page of who can see a medicine, saved as a browser sends it."""
    place = world.page(cast, f"medicines/{line.pk}/private/")
    shown = client.get(place).content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(place, {"seen": seen} | answers)
    line.refresh_from_db()
    return answer


# What the patient says ----------------------------------------------------------


def test_the_patient_says_that_a_medicine_comes_from_a_program(cast, amina, bram):
    line = world.add(cast, "buprenorphine")
    answer = say(amina, cast, line, mark="substance_use", origin="yes")
    assert answer.status_code == 302
    assert line.part2_origin and line.labels == SUBSTANCE_USE
    assert TimelineEvent.objects.get(about=line.pk).part2_origin
    assert "buprenorphine" in chart(cast, bram) and NOTICE in chart(cast, bram)


def test_the_test_of_that_fails_where_the_answer_is_dropped(
    cast, amina, bram, monkeypatch
):
    monkeypatch.setattr(record, "set_origin", lambda **_all: None)
    line = world.add(cast, "buprenorphine")
    say(amina, cast, line, mark="substance_use", origin="yes")
    assert "buprenorphine" in chart(cast, bram)
    assert NOTICE not in chart(cast, bram)


def test_a_label_alone_brings_no_notice(cast, amina, bram):
    """A glass of wine brands nobody (DESIGN 2)."""
    line = world.add(cast, "buprenorphine")
    say(amina, cast, line, mark="substance_use", origin="no")
    assert "buprenorphine" in chart(cast, bram)
    assert NOTICE not in chart(cast, bram)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"mark": "substance_use"}, MISSING),
        ({"origin": "yes"}, "Mark it, or answer No below."),
    ],
)
def test_mark_and_origin_are_answered_together(cast, amina, answers, said):
    line = world.add(cast, "buprenorphine")
    page = say(amina, cast, line, **answers)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert (line.labels, line.part2_origin) == (0, False)


def test_what_the_patient_said_is_theirs_to_take_back(cast, amina, bram):
    line = world.add(cast, "buprenorphine")
    say(amina, cast, line, mark="substance_use", origin="yes")
    say(amina, cast, line, mark="substance_use", origin="no")
    assert not line.part2_origin
    assert not TimelineEvent.objects.filter(part2_origin=True).exists()
    assert NOTICE not in chart(cast, bram)


def test_a_page_that_is_out_of_date_takes_nothing_back(cast, amina):
    line = world.add(cast, "buprenorphine")
    place = world.page(cast, f"medicines/{line.pk}/private/")
    say(amina, cast, line, mark="substance_use", origin="yes")
    stale = {"seen": "0" * 16, "mark": "substance_use", "origin": "no"}
    page = amina.post(place, stale).content.decode()
    assert "This was changed in another window." in page
    line.refresh_from_db()
    assert line.part2_origin


def test_it_says_nothing_of_what_somebody_else_wrote(cast, amina):
    line = world.add(cast, "buprenorphine")
    entry = world.prescribe(cast, beside=line)
    say(amina, cast, line, mark="substance_use", origin="yes")
    entry.refresh_from_db()
    assert line.part2_origin and not entry.part2_origin


@pytest.mark.parametrize("slug", ["conditions"])
def test_a_new_item_of_the_record_is_asked_as_well(cast, amina, slug):
    place = world.page(cast, f"record/{slug}/add/")
    sent = {"name": "opioid use disorder", "status": "active", "mark": "substance_use"}
    assert MISSING in amina.post(place, sent).content.decode()
    assert amina.post(place, sent | {"origin": "yes"}).status_code == 302
    assert Condition.objects.get().part2_origin
    assert TimelineEvent.objects.get().part2_origin


def test_a_name_that_comes_back_comes_from_where_it_came(cast):
    line = world.add(cast, "buprenorphine", labels=SUBSTANCE_USE)
    set_origin(item=line, part2_origin=True, **who(cast))
    details = medicines.Details(name="sertraline")
    saved = medicines.correct_details(
        item=line, version=1, details=details, **who(cast, 1)
    )
    set_origin(item=saved.item, part2_origin=False, **who(cast, 2))
    undo.undo(item=saved.item, event=saved.event, **who(cast, 3))
    line.refresh_from_db()
    assert line.name == "buprenorphine" and line.part2_origin


# What a prescriber writes -------------------------------------------------------

PLAN = {"starts_date": "today", "why": "Cravings came back."}
DOSE = {"strength": "8", "unit": "mg", "form": "tablet", "morning": "1"}


def written(cast, client, name, **answers):
    """Both pages of an entry; the answer to the second."""
    first = world.page(cast, "medicines/entry/")
    second = client.post(first, {"name": name, "schedule": "daily"})["Location"]
    return client.post(second, DOSE | PLAN | answers)


@pytest.mark.parametrize(
    ("answer", "kept_as"), [("yes", True), ("unsure", True), ("no", False)]
)
def test_a_prescriber_says_where_their_entry_comes_from(cast, bram, answer, kept_as):
    """Not known counts as yes (CLINICAL 6.1)."""
    page = written(cast, bram, "buprenorphine")
    assert ASKED in page.content.decode() and MISSING in page.content.decode()
    done = written(cast, bram, "buprenorphine", origin=answer)
    assert done.status_code == 302
    entry = cast.amina.medicationrequest_set.get()
    assert entry.part2_origin is kept_as
    assert TimelineEvent.objects.get(about=entry.pk).part2_origin is kept_as


def test_an_entry_whose_name_tells_nothing_asks_nothing(cast, bram):
    assert written(cast, bram, "lithium", strength="300").status_code == 302


def test_the_question_does_not_say_how_the_patient_marked_a_line(cast, bram):
    line = world.add(cast, "sertraline", labels=SUBSTANCE_USE)
    first = world.page(cast, f"medicines/{line.pk}/entry/")
    second = bram.post(first, {"schedule": "daily"})["Location"]
    page = bram.get(second).content.decode()
    assert "sertraline" in page and ASKED not in page


def adopted(cast, *, beside: bool) -> MedicationStatement:
    line = world.add(cast, "buprenorphine") if beside else None
    given = {"beside": line} if line else {"name": "buprenorphine"}
    entry = world.prescribe(cast, part2_origin=True, **given)
    entries.adopt(entry=entry, line=line, **who(cast, 1))
    return MedicationStatement.objects.get()


@pytest.mark.parametrize("beside", [True, False])
def test_an_adopted_entry_takes_its_origin_to_the_line(cast, bram, beside):
    line = adopted(cast, beside=beside)
    assert line.part2_origin and origin_stays(line)
    assert not TimelineEvent.objects.filter(about=line.pk, part2_origin=False).exists()
    assert NOTICE in chart(cast, bram)


def test_the_test_of_that_fails_where_the_line_forgets_it(cast, monkeypatch):
    monkeypatch.setattr(entries, "add_marks", lambda **_all: None)
    assert not adopted(cast, beside=True).part2_origin


def test_what_a_prescriber_said_is_not_the_patients_to_take_back(cast, amina):
    line = adopted(cast, beside=True)
    place = world.page(cast, f"medicines/{line.pk}/private/")
    page = amina.get(place).content.decode()
    assert ASKED not in page
    assert "It comes from a substance use treatment program, or may." in page
    answer = say(amina, cast, line, mark="", origin="no")
    assert "so it stays marked as substance use" in answer.content.decode()
    say(amina, cast, line, mark="substance_use", origin="no")
    assert line.part2_origin and line.labels == SUBSTANCE_USE


# What a file says ---------------------------------------------------------------


@pytest.mark.parametrize("kind", MADE)
def test_what_a_program_sent_stays_what_it_is_whatever_is_answered(cast, kind):
    item = only(kept(cast, MADE[kind](meta=PROGRAM)), kind)
    assert item.part2_origin
    added = accept(item, cast, labels=0)
    assert added.part2_origin and added.labels == SUBSTANCE_USE


def test_the_test_of_that_fails_where_the_answer_alone_counts(cast, monkeypatch):
    monkeypatch.setattr(imports, "_from_there", lambda _item, answer: answer)
    added = accept(only(kept(cast, daily(meta=PROGRAM))), cast, labels=0)
    assert not added.part2_origin


def test_its_page_says_so_and_asks_only_about_the_rest(cast, amina):
    item = only(kept(cast, daily(meta=PROGRAM)))
    place = world.page(cast, f"import/{item.file_id}/{item.pk}/")
    page = amina.get(place).content.decode()
    assert "comes from a substance use treatment program" in page
    assert ASKED not in page and "This can tell others about" not in page
    assert amina.post(place, {"answer": "add"}).status_code == 302
    assert MedicationStatement.objects.get().part2_origin


def test_its_dose_on_a_line_brings_mark_and_origin(cast):
    line = on_list(cast)
    accept(only(kept(cast, daily(100, meta=PROGRAM))), cast, changes_line=mark_of(line))
    line.refresh_from_db()
    assert (line.strength, line.labels, line.part2_origin) == (100, SUBSTANCE_USE, True)


def test_a_name_that_tells_of_substance_use_is_asked_where_it_comes_from(cast, amina):
    named = {"medicationCodeableConcept": {"text": "buprenorphine 8 MG"}}
    item = only(kept(cast, daily() | named))
    place = world.page(cast, f"import/{item.file_id}/{item.pk}/")
    sent = {"answer": "add", "private": "mark"}
    assert MISSING in amina.post(place, sent).content.decode()
    assert amina.post(place, sent | {"origin": "unsure"}).status_code == 302
    assert MedicationStatement.objects.get().part2_origin


def test_what_is_left_unmarked_is_asked_nothing_more(cast, amina):
    named = {"medicationCodeableConcept": {"text": "buprenorphine 8 MG"}}
    item = only(kept(cast, daily() | named))
    place = world.page(cast, f"import/{item.file_id}/{item.pk}/")
    sent = {"answer": "add", "private": "leave"}
    assert amina.post(place, sent).status_code == 302
    line = MedicationStatement.objects.get()
    assert (line.labels, line.part2_origin) == (0, False)


# Another name -------------------------------------------------------------------


def renamed(cast, amina, line, origin):
    place = world.page(cast, f"medicines/{line.pk}/details/")
    said = {"name": "buprenorphine", "version": 1, "started_precision": "unknown"}
    page = amina.post(place, said)
    assert ASKED in page.content.decode()
    done = answered(amina, place, page, "yes", origin=origin)
    line.refresh_from_db()
    return done


@pytest.mark.parametrize(
    ("origin", "kept_as"), [("yes", True), ("unsure", True), ("no", False)]
)
def test_a_new_name_is_asked_where_it_comes_from(cast, amina, origin, kept_as):
    line = world.add(cast, "sertraline")
    assert renamed(cast, amina, line, origin).status_code == 302
    assert (line.name, line.part2_origin) == ("buprenorphine", kept_as)


def test_the_question_waits_for_both_answers(cast, amina):
    line = world.add(cast, "sertraline")
    assert MISSING in renamed(cast, amina, line, "").content.decode()
    assert line.name == "sertraline"


def test_a_name_that_tells_something_else_asks_no_origin(cast, amina):
    line = world.add(cast, "sertraline")
    place = world.page(cast, f"medicines/{line.pk}/details/")
    said = {"name": "dolutegravir", "version": 1, "started_precision": "unknown"}
    page = amina.post(place, said).content.decode()
    assert "Should we mark it?" in page and ASKED not in page


def test_a_diagnosis_that_tells_by_its_name_is_asked_as_well(cast, amina):
    place = world.page(cast, "record/conditions/add/")
    page = amina.post(place, {"name": "opioid use disorder", "status": "active"})
    assert answered(amina, place, page, "yes", origin="unsure").status_code == 302
    assert Condition.objects.get().part2_origin
    change = world.page(cast, f"record/conditions/{Condition.objects.get().pk}/change/")
    assert "or may. Federal law protects it" in amina.get(change).content.decode()
