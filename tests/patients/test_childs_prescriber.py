"""T93: a medicine that names whom a child alone took on is the child's own, whole.

Its line, versions, changes, events, counts and side effects, and whatever else names
that person: to a parent the record is the one without.
"""

import re
import uuid

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from consents import actions as consents
from consents import childs_people, decisions, ready, representing
from consents.decisions import Reader
from consents.disclosable import registry
from patients import monitoring
from patients.actions import (
    changes,
    entries,
    medicines,
    outside_notes,
    owners,
    results,
    side_effects,
    supply,
    undo,
)
from patients.actions.medicines import Details, Outcome, Why
from patients.codes import EventKind
from patients.models import MedicationStatement, TimelineEvent
from tests.consents import guests
from tests.consents.acting import record, relative
from tests.consents.views.pages import bare
from tests.patients.medicines_world import DAILY, MORE
from tests.patients.test_acting import begins, signs

pytestmark = pytest.mark.security("T93", "L23")

OWN = "lithium"
TEST = "weight"
DECIDED = Why(decided_by="prescriber", reason="plan", note="CNRYhidden")


@pytest.fixture
def known(cast, noor, mother):
    """What Rosa knows of: a line of Bram's, who was on the team before."""
    return add(cast, noor, "quetiapine", prescriber=cast.bram)


def add(cast, noor, name, **given):
    return medicines.add(
        patient=noor,
        details=Details(name=name, **given),
        dosage=DAILY,
        by=noor.user,
        at=cast.at,
    ).item


def take_on(cast, noor):
    consents.join(
        patient=noor, party=cast.dana, role="psychiatrist", by=noor.user, at=cast.at
    )


def prescribe(cast, noor, name=OWN, beside=None, **given):
    return entries.prescribe(
        patient=noor,
        author=cast.dana,
        plan=entries.Plan(name=name, dosage=MORE, why="CNRYhidden", **given),
        beside=beside,
        by=cast.user("dana"),
        at=cast.at,
    ).item


# What the child does with whom she took on --------------------------------------------


def takes_over(cast, noor, known):
    """Dana's entry becomes a line, which goes on to live."""
    by = {"by": noor.user, "at": cast.at}
    entry = prescribe(cast, noor, watch_for="CNRYhidden", watch_weeks=1)
    line = entries.adopt(entry=entry, line=None, **by).item
    medicines.change_dose(
        item=line, version=line.version, dosage=DAILY, why=DECIDED, **by
    )
    effect = side_effects.Effect("sleepiness", "severe")
    side_effects.add(medicine=line, effect=effect, key=uuid.uuid4(), **by)
    change = line.changes.latest("version")
    changes.answer(change=change, said=changes.Answer(helped="helped"), **by)
    supply.tell(medicine=line, kind=EventKind.RAN_OUT, **by)
    results.add(
        patient=noor,
        result=results.Result("lithium_level", "Lithium level", cast.at.date(), "0.8"),
        key=uuid.uuid4(),
        author=None,
        **by,
    )
    medicines.stop(
        item=line, version=line.version, outcome=Outcome(), why=DECIDED, **by
    )


def names_her(cast, noor, known):
    """As "who prescribed it?" of a line of the child's own."""
    add(cast, noor, OWN, prescriber=cast.dana)


def named_her_once(cast, noor, known):
    """The line says Bram now; what was told of it before says Dana."""
    by = {"by": noor.user, "at": cast.at}
    line = add(cast, noor, OWN, prescriber=cast.dana)
    given = {"version": line.version, "dosage": MORE, "why": DECIDED}
    medicines.change_dose(item=line, **given, **by)
    bram = Details(name=OWN, prescriber=cast.bram)
    medicines.correct_details(item=line, version=line.version, details=bram, **by)


def answers_beside(cast, noor, known):
    """Dana wrote beside the line that Rosa knows; the child says no, or asks."""
    entry = prescribe(cast, noor, "quetiapine", beside=known)
    entries.disagree(entry=entry, by=noor.user, at=cast.at)
    entries.set_aside(entry=entry, by=noor.user, at=cast.at)


def answers_another(cast, noor, known):
    for answer in (entries.set_aside, entries.ask):
        answer(entry=prescribe(cast, noor), by=noor.user, at=cast.at)


def names_her_for_a_test(cast, noor, known):
    owners.choose(
        patient=noor,
        test=monitoring.book().tests[TEST],
        owner=cast.dana,
        by=noor.user,
        at=cast.at,
    )


def hands_on_a_note(cast, noor, known):
    made = guests.make(noor, at=cast.at)
    visit = guests.use(made.code, at=cast.at, birth_date=noor.birth_date)
    note = consents.write_note(visit=visit, text="CNRYhidden", at=cast.at)
    handed = outside_notes.HandedOn()
    outside_notes.hand_on(note=note, handed=handed, by=noor.user, at=cast.at)


DEEDS = [
    takes_over,
    names_her,
    named_her_once,
    answers_beside,
    answers_another,
    names_her_for_a_test,
    hands_on_a_note,
]


# What Rosa may know -------------------------------------------------------------------


def rows_of(noor) -> set:
    """(model, id) of every item of hers, and of every version."""
    found = set()
    for live in registry():
        if not live._base_manager.filter(patient=noor).exists():
            continue
        for model in (
            (live, live.history.model) if hasattr(live, "history") else (live,)
        ):
            rows = model._base_manager.filter(patient=noor)
            found |= {(model, pk) for pk in rows.values_list("pk", flat=True)}
    return found


def read_by(party, noor, at) -> set:
    """Of these, what this person may see, acting for her."""
    reader = Reader(party.user_id, representing.PURPOSE, at)
    found = set()
    for model in {model for model, _pk in rows_of(noor)}:
        rows = decisions.permitted(model._base_manager.all(), reader)
        found |= {(model, pk) for pk in rows.values_list("pk", flat=True)}
    return found


@pytest.mark.slow
def test_to_a_parent_nothing_of_it_is_there(cast, noor, mother, known, monkeypatch):
    record(cast, noor, mother, "parent")
    before = read_by(mother, noor, cast.at)
    take_on(cast, noor)
    of_deed, rows = {}, rows_of(noor)
    for deed in DEEDS:
        deed(cast, noor, known)
        of_deed[deed.__name__] = rows_of(noor) - rows
        rows |= of_deed[deed.__name__]
    assert before and read_by(mother, noor, cast.at) == before
    # The twin, as the rule was: what they wrote, and nothing that names them.
    monkeypatch.setattr(childs_people, "parties", lambda model: ["author_id"])
    monkeypatch.setattr(childs_people, "_has", lambda model, name: False)
    monkeypatch.setattr(ready, "_kept", {})
    told = read_by(mother, noor, cast.at)
    # An answer has the author of the entry that it answers: that alone hides it.
    answers = ["answers_beside", "answers_another"]
    assert [name for name, new in of_deed.items() if not new & told] == answers
    monkeypatch.setattr(childs_people, "parties", lambda model: [])
    monkeypatch.setattr(ready, "_kept", {})
    told = read_by(mother, noor, cast.at)
    assert [name for name, new in of_deed.items() if not new & told] == []


def lines(noor) -> set:
    rows = MedicationStatement.objects.filter(patient=noor).values_list("pk", flat=True)
    return {(MedicationStatement, pk) for pk in rows}


@pytest.mark.slow
def test_a_guardian_and_a_parent_who_signed_for_her_read_it(cast, noor, mother, known):
    record(cast, noor, mother, "parent")
    take_on(cast, noor)
    takes_over(cast, noor, known)
    names_her(cast, noor, known)
    assert lines(noor) & read_by(mother, noor, cast.at) == {line_of(known)}
    signs(cast, noor, mother, cast.dana)
    assert lines(noor) <= read_by(mother, noor, cast.at)
    aunt, father = relative(noor, "Lina Haddad"), relative(noor, "Omar Haddad")
    record(cast, noor, aunt, "guardian")
    assert lines(noor) <= read_by(aunt, noor, cast.at)
    record(cast, noor, father, "parent")
    assert lines(noor) & read_by(father, noor, cast.at) == {line_of(known)}


def line_of(known) -> tuple:
    return MedicationStatement, known.pk


@pytest.mark.parametrize("stops", [False, True], ids=["another dose", "stop"])
def test_a_line_that_took_her_entry_over_is_the_childs_own(
    cast, noor, mother, known, stops
):
    """It quotes why, what to watch for, and what it does to therapy."""
    record(cast, noor, mother, "parent")
    take_on(cast, noor)
    entry = prescribe(cast, noor, "quetiapine", beside=known, stops=stops)
    before = read_by(mother, noor, cast.at)
    assert line_of(known) in before
    entries.adopt(entry=entry, line=known, by=noor.user, at=cast.at)
    after = read_by(mother, noor, cast.at)
    assert after < before and not after & lines(noor)


def test_taking_her_entry_over_and_back_tells_a_parent_nothing(
    cast, noor, mother, known
):
    """What was told of it meanwhile quotes her by name, and stays."""
    record(cast, noor, mother, "parent")
    take_on(cast, noor)
    entry = prescribe(cast, noor, "quetiapine", beside=known)
    before = read_by(mother, noor, cast.at)
    entries.adopt(entry=entry, line=known, by=noor.user, at=cast.at)
    told = TimelineEvent.objects.get(kind=EventKind.MEDICINE_CHANGED)
    TimelineEvent.objects.filter(pk=told.pk).update(fanned_out_at=cast.at)
    known.refresh_from_db()
    undo.undo(item=known, event=told, by=noor.user, at=cast.at)
    assert read_by(mother, noor, cast.at) <= before


def test_a_question_to_her_is_hers_and_the_line_stays(cast, noor, mother, known):
    record(cast, noor, mother, "parent")
    take_on(cast, noor)
    entry = prescribe(cast, noor, "quetiapine", beside=known)
    entries.ask(entry=entry, by=noor.user, at=cast.at)
    asked = TimelineEvent.objects.get(kind=EventKind.ASKED)
    read = read_by(mother, noor, cast.at)
    assert line_of(known) in read and (TimelineEvent, asked.pk) not in read


# What Rosa reads ----------------------------------------------------------------------


PAGES = (
    "patients:chart",
    "patients:medicines",
    "patients:master_list",
    "patients:summary",
    "patients:summary_text",
    "patients:master_list_pdf",
    "patients:tests",
    "patients:record",
    "patients:team",
    "messaging:outside_notes",
    "consents:sharing",
    "consents:log",
)


def shown(client: Client, noor) -> dict[str, str]:
    return {
        name: words(client.get(reverse(name, args=[noor.pk]))).lower() for name in PAGES
    }


def words(answer) -> str:
    if answer.headers["Content-Type"] == "application/pdf":
        document = pypdfium2.PdfDocument(answer.content)
        pages = [page.get_textpage().get_text_bounded() for page in document]
        html = "\n".join(pages)
    else:
        html = bare(answer)
    # Papers have a number of their own.
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", "", html)


@pytest.mark.slow
def test_no_page_and_no_paper_of_hers_changes_by_a_byte(cast, noor, mother, known):
    client = begins(cast, noor, mother)
    signs(cast, noor, mother, cast.bram)
    before = shown(client, noor)
    assert "quetiapine" in before["patients:master_list_pdf"]
    take_on(cast, noor)
    for deed in DEEDS:
        deed(cast, noor, known)
    after = shown(client, noor)
    assert [name for name in before if before[name] != after[name]] == []
    assert not any("cnryhidden" in page for page in after.values())
