"""Tests and results: who sees them, what was done first, and what hiding leaves."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from consents import actions as consents
from consents.codes import LABELS
from patients.actions import medicines, results, undo
from patients.actions.medicine_terms import Details
from patients.models import TestResult
from patients.monitoring import book
from tests.folded import standing_open
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
LEVEL = {
    "value": "0.8",
    "unit": "mmol/L",
    "done_date": "yesterday",
    "usual": "0.6 to 1.0",
    "ordered_by": "Dr. Ortiz",
    "place": "Quest",
}


def address(cast, test: str = "lithium_level") -> str:
    mark = book().tests[test].mark if test in book().tests else test
    return world.page(cast, f"tests/add/{mark}/")


def send(cast, who: str = "amina", test: str = "lithium_level", **said):
    given = {**LEVEL, "form_key": str(uuid.uuid4()), **said}
    return world.signed_in(cast, who).post(address(cast, test), given)


def html(cast, who: str, place: str = "tests/") -> str:
    response = world.signed_in(cast, who).get(world.page(cast, place))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def own_labs(cast, who: str) -> None:
    member = cast.amina.care_team.get(party=getattr(cast, who))
    member.owns = "Labs and weight"
    member.save()


def choose(cast, who: str, test: str = "lithium_level", by: str = "amina"):
    place = world.page(cast, f"tests/owner/{book().tests[test].mark}/")
    party = getattr(cast, who, None)
    said = {"owner": str(party.pk) if party else who}
    return world.signed_in(cast, by).post(place, said)


def card(cast, who: str, test: str = "Lithium level", place: str = "tests/") -> str:
    page = html(cast, who, place)
    return page[page.index(f"<h3>{test}</h3>") :].partition("</section>")[0]


def work(cast, who: str) -> str:
    page = world.signed_in(cast, who).get("/worklist/").content.decode()
    return " ".join(page.split())


@pytest.fixture
def lithium(cast):
    return world.add(
        cast, "lithium", started_date=date(2026, 1, 5), started_precision="day"
    )


@pytest.mark.capability("S24")
def test_what_is_late_stands_with_its_owner_and_on_every_page(cast, lithium):
    own_labs(cast, "jon")
    for who in ("amina", "jon", "bram"):
        page = html(cast, who)
        assert "Lithium level" in page
        assert "Because of:" in page
        assert "NICE CG185" in page
    assert "You look after it." in html(cast, "jon")
    assert "Dr. Jon Ortiz looks after it." in html(cast, "amina")
    assert "Ask about 6 tests" in html(cast, "amina", "")
    assert "Kidney: creatinine (lithium)" in html(cast, "jon", "")
    assert "Tests to ask about:" in html(cast, "jon", "summary/")


@pytest.mark.capability("S24")
def test_the_worklist_of_the_owner_and_of_nobody_else(cast, lithium):
    own_labs(cast, "jon")
    seen = {
        who: "Lithium level"
        in world.signed_in(cast, who).get("/worklist/").content.decode()
        for who in ("jon", "bram", "chidi")
    }
    assert seen == {"jon": True, "bram": False, "chidi": False}


@pytest.mark.capability("S24")
def test_on_a_phone_it_stands_open_for_the_owner_and_is_named_for_the_others(
    cast, lithium
):
    own_labs(cast, "jon")
    for who, is_open in (("jon", True), ("bram", False)):
        page = html(cast, who, "")
        assert "Lithium level" in page
        assert ("Lithium level" in standing_open(page)) == is_open, who
        assert "to ask about" in standing_open(page), who


def test_an_empty_owner_is_said(cast, lithium):
    assert "Nobody looks after it yet." in html(cast, "amina")


@pytest.mark.capability("S75")
def test_what_was_done_stands_first_with_day_and_who_ordered(cast, lithium):
    assert send(cast).status_code == 302
    for who in ("amina", "bram"):
        page = html(cast, who)
        assert "<strong>Done already:</strong> Lithium level: 0.8 mmol/L" in page
        assert "usual on the report: 0.6 to 1.0; ordered by Dr. Ortiz" in page
        assert page.index("0.8 mmol/L") < page.index("What the medicines ask for")
    # Before anybody asks for it again: in the list of tests, on the form, in an update.
    assert "Done already: Lithium level: 0.8" in html(cast, "bram", "tests/add/")
    asked = world.signed_in(cast, "bram").get(address(cast)).content.decode()
    assert asked.index("0.8 mmol/L") < asked.index("<form method")
    from messaging.actions import drafts

    drafts.note_safety_notice(by=cast.user("bram"), at=cast.at)
    composer = html(cast, "bram", "updates/new/")
    assert composer.index("look before you ask for one") < composer.index('name="ask"')
    assert "0.8 mmol/L" in composer


def test_a_result_moves_the_day(cast, lithium):
    assert send(cast).status_code == 302
    page = html(cast, "amina")
    level = page[page.index("<h3>Lithium level</h3>") :][:300]
    assert "Due " in level
    assert "No result" not in level


def test_a_clinician_adds_one_as_its_author(cast, lithium):
    assert send(cast, "jon", value="0.7").status_code == 302
    item = TestResult.objects.get()
    assert item.author == cast.jon
    assert "Entered by Dr. Jon Ortiz." in html(cast, "amina")
    for who, status in (("jon", 200), ("bram", 404), ("amina", 404)):
        page = world.page(cast, f"tests/results/{item.pk}/mistake/")
        assert world.signed_in(cast, who).get(page).status_code == status
    assert world.signed_in(cast, "jon").post(page).status_code == 302
    assert "0.7 mmol/L" not in html(cast, "amina")


def test_sent_twice_is_saved_once(cast, lithium):
    key = str(uuid.uuid4())
    send(cast, form_key=key)
    send(cast, form_key=key)
    assert TestResult.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"value": ""}, "Enter the number on the report."),
        (
            {"value": "", "words": "They said 0.7"},
            "Enter the number here, with its unit",
        ),
        ({"value": "much"}, "Enter the amount as a number"),
        ({"value": "1,5"}, "can be read in two ways"),
        ({"unit": ""}, "Choose the unit on the report."),
        ({"unit": "other", "other_unit": ""}, "Choose the unit on the report."),
        ({"value": "8"}, "Did you mean 0.8?"),
        ({"done_date": "Nov 3, 2099"}, "Enter a day that has been."),
        ({"done_date": ""}, "Enter the day of the test."),
    ],
)
def test_a_slip_gets_a_sentence_and_keeps_what_was_typed(cast, lithium, said, words):
    answer = send(cast, **said)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert 'value="Quest"' in page
    assert TestResult.objects.count() == 0


def test_a_strange_value_can_be_kept_once_it_is_sure(cast, lithium):
    assert send(cast, value="8", sure="on").status_code == 302
    item = TestResult.objects.get()
    assert (item.value, item.unit) == ("8", "mmol/L")


def test_what_was_done_elsewhere_counts_without_its_number(cast, lithium):
    """Nobody orders again what the hospital did last week, number or not (S75)."""
    said = {"value": "", "words": "They said it was fine", "place": "City hospital"}
    assert send(cast, **said).status_code == 302
    item = TestResult.objects.get()
    assert (item.value, item.unit) == ("", "")
    page = html(cast, "bram")
    assert "Lithium level: They said it was fine" in page
    assert "done at City hospital" in page


def test_below_what_can_be_measured_is_said_in_words(cast, lithium):
    assert send(cast, value="<0.1").status_code == 302
    assert "Lithium level: below 0.1 mmol/L" in html(cast, "bram")


def test_a_test_in_words_and_another_test(cast, lithium):
    assert send(cast, test="movement", words="No movements seen").status_code == 302
    said = {"name": "Vitamin D", "value": "31", "other_unit": "ng/mL"}
    assert send(cast, test="another", **said).status_code == 302
    page = html(cast, "bram")
    assert "Check of movements (AIMS): No movements seen" in page
    assert "Vitamin D: 31 ng/mL" in page


def test_a_weight_of_the_record_counts_as_done(cast, lithium):
    from patients.models import Observation
    from tests.patients.records import item

    item(
        Observation,
        cast.amina,
        "measures",
        cast.at - timedelta(days=3),
        measure="weight_kg",
        value=71,
    )
    page = html(cast, "amina")
    weight = page[page.index("<h3>Weight</h3>") :][:500]
    assert "Weight, kg: 71" in weight
    assert "Due " in weight


# The hidden world -------------------------------------------------------------------


PLACES = ("tests/", "", "summary/", "tests/add/", "updates/new/")


def pages_of(cast, who: str) -> list[str]:
    return [html(cast, who, place) for place in PLACES]


def test_a_hidden_medicine_leaves_no_test_day_count_or_owner(cast):
    own_labs(cast, "jon")
    world.add(cast, "quetiapine")
    pages_of(cast, "jon")
    before = html(cast, "jon")
    lithium = world.add_hidden(
        cast, "lithium", started_date=date(2026, 1, 5), started_precision="day"
    )
    assert send(cast).status_code == 302
    for page in pages_of(cast, "jon"):
        assert "ithium level: 0" not in page
        assert "(lithium)" not in page
        assert "0.8 mmol/L" not in page
    assert choose(cast, "jon").status_code == 302
    after = html(cast, "jon")
    assert without_tokens(after) == without_tokens(before)
    assert "Lithium level" not in work(cast, "jon")
    assert TestResult.objects.get().lineage == lithium.lineage


def without_tokens(page: str) -> str:
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|nonce|data-shown)="[^"]*"', "", page)


def test_a_medicine_hidden_later_takes_its_results_along(cast, lithium):
    assert send(cast).status_code == 302
    assert "0.8 mmol/L" in html(cast, "bram")
    consents.keep_back(item=lithium, party=cast.bram, by=cast.user("amina"), at=cast.at)
    assert "0.8 mmol/L" not in html(cast, "bram")
    assert "Lithium" not in html(cast, "bram")
    assert "0.8 mmol/L" in html(cast, "jon")


@pytest.mark.parametrize(
    "name", ["Tegretol", "Trileptal", "Aptiom", "Dilantin", "fosphenytoin"]
)
def test_a_gene_test_follows_each_medicine_that_asks_for_it(cast, name):
    """Its result tells of a seizure medicine, whichever it is."""
    hidden = world.add_hidden(cast, name)
    said = {"words": "not found", "value": "", "unit": "", "usual": ""}
    assert send(cast, test="hla_b1502", **said).status_code == 302
    assert TestResult.objects.get().lineage == hidden.lineage
    assert "not found" not in html(cast, "bram")
    assert "not found" in html(cast, "amina")


def level_before_the_medicine(cast) -> str:
    """What Bram reads with a level in the record and nothing that names lithium."""
    without = html(cast, "bram")
    assert send(cast).status_code == 302
    assert "0.8 mmol/L" in html(cast, "bram")
    return without


def test_a_medicine_added_later_takes_earlier_results_along(cast):
    without = level_before_the_medicine(cast)
    hidden = world.add_hidden(cast, "Lithobid")
    assert TestResult.objects.get().lineage == hidden.lineage
    assert without_tokens(html(cast, "bram")) == without_tokens(without)
    assert "0.8 mmol/L" in html(cast, "amina")


def test_a_medicine_renamed_or_labelled_later_does_too(cast):
    line = world.add(cast, "something for sleep")
    level_before_the_medicine(cast)
    details = Details(name="lithium", kind=line.kind)
    medicines.correct_details(
        item=line,
        version=line.version,
        details=details,
        by=cast.user("amina"),
        at=cast.at,
    )
    assert "0.8 mmol/L" in html(cast, "bram")
    private = LABELS["private"]
    medicines.set_labels(item=line, labels=private, by=cast.user("amina"), at=cast.at)
    assert TestResult.objects.get().labels == private
    assert "0.8 mmol/L" not in html(cast, "bram")


def test_a_result_that_was_kept_from_somebody_stays_with_the_patient(cast):
    level_before_the_medicine(cast)
    item, by = TestResult.objects.get(), cast.user("amina")
    consents.keep_back(item=item, party=cast.jon, by=by, at=cast.at)
    world.add_hidden(cast, "lithium")
    assert "0.8 mmol/L" not in html(cast, "bram") + html(cast, "jon")
    assert "0.8 mmol/L" in html(cast, "amina")


def corrected(cast, line, name: str):
    about = {"by": cast.user("amina"), "at": cast.at}
    details = Details(name=name, kind=line.kind)
    return medicines.correct_details(
        item=line, version=line.version, details=details, **about
    )


def by_mistake(cast, line) -> None:
    about = {"by": cast.user("amina"), "at": cast.at}
    medicines.added_by_mistake(item=line, version=line.version, **about)


@pytest.mark.parametrize("hidden_first", [True, False])
@pytest.mark.parametrize(
    "goes", [by_mistake, lambda cast, line: corrected(cast, line, "sertraline")]
)
def test_a_line_that_goes_hands_its_results_to_the_one_that_stays(
    cast, lithium, goes, hidden_first
):
    assert send(cast).status_code == 302
    if hidden_first:
        world.add_hidden(cast, "Lithobid")
    assert "0.8 mmol/L" in html(cast, "bram")
    goes(cast, lithium)
    if not hidden_first:
        world.add_hidden(cast, "Lithobid")
    assert "0.8 mmol/L" not in html(cast, "bram")
    assert "0.8 mmol/L" in html(cast, "amina")


def test_an_undo_that_brings_a_name_back_takes_results_along(cast, lithium):
    saved = corrected(cast, lithium, "something else")
    assert send(cast).status_code == 302
    consents.keep_back(item=lithium, by=cast.user("amina"), at=cast.at)
    assert "0.8 mmol/L" in html(cast, "bram")
    undo.undo(item=saved.item, event=saved.event, by=cast.user("amina"), at=cast.at)
    assert "0.8 mmol/L" not in html(cast, "bram")


def test_what_only_an_entry_names_follows_the_entry(cast):
    level_before_the_medicine(cast)
    entry = world.prescribe(cast, name="lithium")
    assert "0.8 mmol/L" in html(cast, "jon")
    consents.keep_back(item=entry, party=cast.jon, by=cast.user("amina"), at=cast.at)
    assert "0.8 mmol/L" not in html(cast, "jon")


def test_the_twin_that_takes_nothing_along_would_tell(cast, monkeypatch):
    level_before_the_medicine(cast)
    monkeypatch.setattr(medicines, "take_along", lambda **_: None)
    world.add_hidden(cast, "lithium")
    assert "Lithium level: 0.8 mmol/L" in html(cast, "bram")


def test_the_twin_that_forgets_the_medicine_would_tell(cast, monkeypatch):
    """Without the lineage of the medicine a level names what is kept back."""
    world.add_hidden(cast, "lithium")
    monkeypatch.setattr(results, "_as_its_medicine", lambda item: None)
    assert send(cast).status_code == 302
    assert "Lithium level: 0.8 mmol/L" in html(cast, "bram")


def test_another_name_for_a_hidden_medicine_is_hidden_too(cast):
    world.add_hidden(cast, "lithium")
    said = {"name": "Lithobid blood test", "value": "0.8", "other_unit": "mmol/L"}
    assert send(cast, test="another", **said).status_code == 302
    assert "Lithobid" not in html(cast, "bram")
    assert "Lithobid" in html(cast, "amina")


def test_a_hidden_result_is_none_here_and_never_undone(cast, lithium):
    send(cast, test="tsh", value="2", unit="mIU/L")
    item = TestResult.objects.get()
    assert "Thyroid: TSH: 2 mIU/L" in html(cast, "bram")
    consents.keep_back(item=item, party=cast.bram, by=cast.user("amina"), at=cast.at)
    page = html(cast, "bram")
    assert "2 mIU/L" not in page
    tsh = page[page.index("<h3>Thyroid: TSH</h3>") :][:250]
    assert "Ask." in tsh


def test_without_both_kinds_nothing_is_asked_for(cast, lithium):
    page = html(cast, "chidi")
    assert "Lithium" not in page
    assert "ot part of what is shared" in page
