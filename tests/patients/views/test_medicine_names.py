"""What is the medicine called? Names to choose from, and the page about a slip."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from consents.actions import keep_back
from patients.drug_list import Chosen, choosing
from patients.drug_list.loading import load
from patients.drug_list.rows import Row
from patients.forms import usual
from patients.models import MedicationRequest, MedicationStatement
from tests.consents.acting import record, relative
from tests.patients import medicines_world as world
from tests.patients.drug_list import files
from tests.patients.views.test_medicine_pages import DOSE, problems_of, send
from tests.patients.views.test_medicines import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def values_of(response) -> list[str]:
    return re.findall(r'name="match" value="([^"]*)"', response.content.decode())


def add(client, cast, *, name: str, dose: dict, **answers) -> MedicationStatement:
    """Adds a medicine with these answers on page 1 and 2."""
    first = world.page(cast, "medicines/add/")
    place = send(client, first, name=name, schedule="daily", **answers)
    about = send(client, place, **dose)
    send(client, send(client, about, reason_chip="mood"))
    return MedicationStatement.objects.get()


def test_without_javascript_a_misspelled_name_gives_names_to_choose_from(cast, amina):
    first = world.page(cast, "medicines/add/")
    response = amina.post(first, {"name": "zolft", "schedule": "daily"})
    assert "sertraline (Zoloft)" in text_of(response)
    value = values_of(response)[0]
    line = add(amina, cast, name="zolft", match=value,
               dose={"label": "tablet 50 mg", "morning": "1"})  # fmt: skip
    assert (line.name, line.brand, line.rxcui) == ("sertraline", "Zoloft", "36437")
    assert line.dosage.line.startswith("50\xa0mg (1\xa0tablet) in the morning.")


def title_of(response) -> str:
    return re.search("<title>(.*?)</title>", response.content.decode())[1]


def test_a_slip_leads_with_the_question_and_is_no_error(cast, amina):
    """One near name: yes or no, each one tap. Several: all of them, and one's own."""
    first = world.page(cast, "medicines/add/")
    one = amina.post(first, {"name": "zolft", "schedule": "daily"})
    assert "Did you mean sertraline (Zoloft)?" in text_of(one)
    assert len(values_of(one)) == 2 and values_of(one)[-1] == "zolft|as typed"
    several = amina.post(first, {"name": "lora", "schedule": "daily"})
    assert "Which one do you mean?" in text_of(several)
    assert len(values_of(several)) > 2
    for response in (one, several):
        assert problems_of(response) == ""
        assert "There is a problem" not in text_of(response)
        assert title_of(response).startswith("Which one do you mean? - ")
        assert "Use what I typed" in text_of(response)
    # What else was answered is not asked again.
    sent = amina.post(
        first, {"name": "zolft", "schedule": "daily", "match": "zolft|as typed"}
    )
    assert sent.status_code == 302


@pytest.mark.parametrize("who", ["amina", "bram"])
def test_going_on_from_the_question_without_an_answer_says_what_is_missing(cast, who):
    """Found: the page came again, with nothing to say why."""
    place = "medicines/add/" if who == "amina" else "medicines/entry/"
    client, first = world.signed_in(cast, who), world.page(cast, place)
    answers = {"name": "lora", "schedule": "daily"}
    asked = client.post(first, answers)
    assert 'name="asked" value="1"' in asked.content.decode()
    again = client.post(first, answers | {"asked": "1"})
    assert "Choose a name below, or tap “Use what I typed”." in problems_of(again)
    assert title_of(again).startswith("Error: Which one do you mean?")
    assert values_of(again) == values_of(asked)
    answers |= {"match": values_of(asked)[0], "asked": "1"}
    assert client.post(first, answers).status_code == 302


def test_what_is_missing_beside_a_slip_is_the_only_problem(cast, amina):
    first = world.page(cast, "medicines/add/")
    response = amina.post(first, {"name": "zolft"})
    assert "Choose when you take it." in problems_of(response)
    assert "name" not in problems_of(response)
    assert "sertraline (Zoloft)" in text_of(response)
    assert values_of(response)[-1] == "zolft|as typed"


def test_a_prescriber_is_asked_in_the_same_way(cast):
    bram = world.signed_in(cast, "bram")
    first = world.page(cast, "medicines/entry/")
    response = bram.post(first, {"name": "zolft", "schedule": "daily"})
    assert "Did you mean sertraline (Zoloft)?" in text_of(response)
    assert problems_of(response) == ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("quetiapine 100mg at night", "quetiapine"),
        ("Lamictal 200 mg 1 tablet at bedtime", "lamotrigine"),
        ("melatonin before bed", "melatonin"),
        # A name may hold such words itself.
        ("One A Day", "multivitamin"),
    ],
)
def test_when_it_is_taken_is_no_part_of_a_name(typed, name):
    assert choosing.certain(typed).name == name


def test_a_misspelled_name_is_known_beside_when_it_is_taken():
    found = choosing.offers("xanex 0.5 mg twice a day")
    assert [one.name for one in found.values()] == ["alprazolam"]
    assert not choosing.offers("at night")


def test_what_was_typed_is_always_accepted(cast, amina):
    first = world.page(cast, "medicines/add/")
    response = amina.post(first, {"name": "zolft", "schedule": "daily"})
    own = values_of(response)[-1]
    line = add(amina, cast, name="zolft", match=own, dose=DOSE)
    assert (line.name, line.brand) == ("zolft", "")


def test_a_name_that_nothing_is_near_to_is_not_asked_about(cast, amina):
    line = add(amina, cast, name="grandma's drops", dose=DOSE)
    assert line.name == "grandma's drops"


def test_a_choice_for_another_text_is_no_choice(cast, amina):
    first = world.page(cast, "medicines/add/")
    value = values_of(amina.post(first, {"name": "zolft", "schedule": "daily"}))[0]
    sent = {"name": "lamictle", "schedule": "daily", "match": value}
    assert amina.post(first, sent).status_code == 200


@pytest.mark.parametrize(
    ("typed", "name", "brand"),
    [
        ("Zoloft", "sertraline", "Zoloft"),
        ("Zoloft 50mg", "sertraline", "Zoloft"),
        ("Lithium Carbonate ER 450 mg", "lithium carbonate ER", ""),
    ],
)
def test_a_name_that_is_known_needs_no_choice(cast, amina, typed, name, brand):
    line = add(amina, cast, name=typed, dose=DOSE | {"strength": "150"})
    assert (line.name, line.brand) == (name, brand)


def test_a_strength_typed_with_the_name_stands_on_the_next_page(cast, amina):
    first = world.page(cast, "medicines/add/")
    place = send(amina, first, name="Zoloft 50mg", schedule="daily")
    page = amina.get(place).content.decode()
    assert re.search(r'value="tablet 50 mg"[^>]*checked', page)


@pytest.mark.security("T25")
def test_names_come_while_one_types_in_the_body_of_a_post_only(cast, amina):
    address = world.page(cast, "medicines/names/")
    response = amina.post(address, {"name": "zolof"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    text = response.content.decode()
    assert "sertraline (Zoloft)" in text and 'id="status"' in text
    assert "1 name found. Choose below." in text
    assert amina.get(address, {"name": "zolof"}).status_code == 405
    page = amina.get(world.page(cast, "medicines/add/")).content.decode()
    assert f'hx-post="{address}"' in page and "hx-get" not in page


@pytest.mark.parametrize("who", ["bram", "amina"])
def test_patient_and_prescriber_get_names(cast, who):
    address = world.page(cast, "medicines/names/")
    assert world.signed_in(cast, who).post(address, {"name": "zo"}).status_code == 200


@pytest.mark.security("T25")
@pytest.mark.parametrize("who", ["hana", "chidi", "dana"])
def test_nobody_else_gets_names(cast, who):
    address = world.page(cast, "medicines/names/")
    assert world.signed_in(cast, who).post(address, {"name": "zo"}).status_code == 404


def test_an_amount_that_looks_like_a_slip_is_asked_about_and_one_can_go_on(cast, amina):
    first = world.page(cast, "medicines/add/")
    place = send(amina, first, name="sertraline", schedule="daily")
    typed = DOSE | {"strength": "500"}
    response = amina.post(place, typed)
    text = text_of(response)
    assert response.status_code == 200 and "Is this amount right?" in text
    assert "You entered 500 mg." in text
    assert "Most people take at most 200 mg in a day." in text
    title = re.search(r"<title>(.*?)</title>", response.content.decode())[1]
    assert "sertraline" not in title
    assert 'value="500"' in amina.get(place).content.decode(), "Change it keeps it"
    other = amina.post(place, typed | {"strength": "900", "sure": "500\xa0mg"})
    assert other.status_code == 200, "another amount is asked about again"
    about = send(amina, place, sure="500\xa0mg", **typed)
    send(amina, send(amina, about, reason_chip="mood"))
    assert MedicationStatement.objects.get().strength == 500


def test_a_changed_dose_that_looks_like_a_slip_is_asked_about_too(cast, amina):
    line = add(amina, cast, name="sertraline", dose=DOSE | {"strength": "50"})
    change = world.page(cast, f"medicines/{line.pk}/change/")
    typed = DOSE | {"strength": "500", "version": str(line.version)}
    response = amina.post(change, typed)
    assert response.status_code == 200
    assert "Is this amount right?" in text_of(response)
    assert "Before, it was 50 mg." in text_of(response)
    assert send(amina, change, sure="500\xa0mg", **typed).endswith("/why/")


def test_a_prescriber_is_asked_too_and_nothing_typed_is_lost(cast):
    bram = world.signed_in(cast, "bram")
    place = send(bram, world.page(cast, "medicines/entry/"), name="Zoloft",
                 schedule="daily")  # fmt: skip
    typed = {"label": "tablet 50 mg", "morning": "10", "starts_date": "Nov 3, 2026",
             "why": "low mood"}  # fmt: skip
    response = bram.post(place, typed)
    assert "Is this amount right?" in text_of(response)
    assert not MedicationRequest.objects.exists()
    assert "low mood" in bram.get(place).content.decode()
    send(bram, place, sure="500\xa0mg", **typed)
    entry = MedicationRequest.objects.get()
    assert (entry.name, entry.brand, entry.rxcui) == ("sertraline", "Zoloft", "36437")


def test_a_label_and_another_strength_are_two_answers(cast, amina):
    first = world.page(cast, "medicines/add/")
    place = send(amina, first, name="sertraline", schedule="daily")
    both = {"label": "tablet 50 mg", "strength": "25", "morning": "1"}
    assert "You chose 50 mg tablet." in text_of(amina.post(place, both))
    nothing = amina.post(place, {"morning": "1"})
    assert "Choose what is on the label." in problems_of(nothing)
    assert "Choose the unit" not in problems_of(nothing)


@pytest.mark.parametrize("typed", ["reboxetine", "Edronax", "edronx"])
def test_a_name_of_the_complete_list_offers_its_strengths(cast, amina, tmp_path, typed):
    rows = [
        files.FOREIGN,
        files.EDRONAX,
        *(row.replace("4 MG", "8 MG").replace("4 mg", "8 mg").replace("90000", "90001")
          for row in (files.FOREIGN, files.EDRONAX)),
    ]  # fmt: skip
    call_command("import_rxterms", files.rxterms(tmp_path, *rows), verbosity=0)
    first = world.page(cast, "medicines/add/")
    response = amina.post(first, {"name": typed, "schedule": "daily"})
    if response.status_code == 200:
        said = {"name": typed, "schedule": "daily", "match": values_of(response)[0]}
        response = amina.post(first, said)
    page = text_of(amina.get(response.headers["Location"]))
    assert "What is on the label?" in page
    assert page.index("4 mg tablet") < page.index("8 mg tablet")


def test_two_ingredients_and_a_shot_offer_no_single_strength(db):
    names = (
        "reboxetine 4 MG / orexin 5 MG Oral Tablet",
        "reboxetine 4 MG/ML Injectable Solution",
        "reboxetine 2 MG/ML Oral Solution",
    )
    rows = [
        Row(f"{n}", "SCD", name, "reboxetine", "", "x", name.split("L ")[-1])
        for n, name in enumerate(names)
    ]
    load(rows, source="rxnorm", release="", on=date(2026, 11, 25))
    found = usual.labels_of(Chosen("reboxetine"))
    assert [label.words for label in found.values()] == ["2\xa0mg per mL liquid"]


def warned(client, cast, name: str, label: str) -> str:
    """What the check page says before a medicine is saved."""
    first = world.page(cast, "medicines/add/")
    place = send(client, first, name=name, schedule="daily")
    about = send(client, place, label=label, morning="1")
    return text_of(client.get(send(client, about, reason_chip="pain")))


def test_a_double_and_what_goes_badly_are_said_before_it_is_saved(cast, amina):
    """To whoever writes it, and of nothing that they may not see."""
    world.add(cast, "ibuprofen", kind="otc")
    hidden = world.add(cast, "naproxen", kind="otc")
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian")
    keep_back(item=hidden, party=rosa, by=cast.user("amina"), at=cast.at)
    guardian = Client()
    guardian.force_login(rosa.account)
    both = "ibuprofen is on the list twice."
    for client in (amina, guardian):
        said = warned(client, cast, "ibuprofen", "tablet 400 mg")
        assert both in said and "You can save it all the same." in said
        assert ("naproxen" in said) is (client is amina)
    world.add(cast, "lithium")
    said = warned(guardian, cast, "celecoxib", "capsule 100 mg")
    assert "can make lithium build up to a poisonous level" in said
    assert MedicationStatement.objects.count() == 3
