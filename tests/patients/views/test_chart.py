"""The list of patients, the patient's home, and the chart a clinician lands on."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import actions as consents
from consents.codes import CATEGORIES
from consents.models import Disclosure
from patients import models
from patients.actions import patients as patient_actions
from tests import cast as people
from tests.folded import standing_open
from tests.patients.records import fill, item, medicine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
TEAM = ("bram", "chidi", "hana", "jon")
STRANGERS = ("dana", "edo", "fatou", "gus", "ines")
ORDER = (
    "What is asked of me now",
    "Medicines shared with",
    "To talk about",
    "What to watch for now",
    "Changed or stopped in the last 90 days",
    "Safety",
    "Tried before",
    "Tests you look after",
    "Tests",
    "Side effects",
    "Updates",
    "Numbers",
    "What is happening now",
    "Conditions",
    "Goals",
    "What I want decided",
    "Hospital stays",
    "Daily life",
    "Contacts",
    "Who does what",
)


def address(patient, rest: str = "") -> str:
    return f"/patients/{patient.pk}/{rest}"


def read(client, cast, who: str, path: str):
    client.force_login(cast.user(who))
    return client.get(path)


def page(client, cast, who: str, path: str) -> str:
    """The page without what differs by chance in every response."""
    html = read(client, cast, who, path).content.decode()
    chance = r'name="csrfmiddlewaretoken" value="\w+"|data-shown="[^"]*"'
    return re.sub(chance, "", html)


def headings(html: str) -> list[str]:
    main = html.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", main, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", heading).strip() for heading in found]


def hide_one_of_everything(cast) -> None:
    """For Bram, each of these is not there: "only me", or a label that he lacks."""
    later = cast.at - timedelta(days=1)
    for model, category, fields in (
        (models.AllergyIntolerance, "allergies", {"substance": "SECRET penicillin"}),
        (models.MedicineTrial, "medications", {"name": "SECRETtrial"}),
        (models.TreatmentTried, "history", {"what": "SECRET camp"}),
        (models.Condition, "conditions", {"name": "SECRET condition"}),
        (models.HospitalStay, "history", {"where": "SECRET", "when": "2020"}),
        (models.Symptom, "measures", {"what": "SECRET voices"}),
        (models.Goal, "goals", {"what": "SECRET goal"}),
        (models.DecisionWanted, "goals", {"what": "SECRET wish"}),
        (models.EmergencyContact, "contacts", {"name": "SECRET", "phone": "1"}),
        (models.Observation, "measures", {"measure": "phq9", "value": 20}),
    ):
        hidden = item(model, cast.amina, category, later, **fields)
        consents.keep_back(item=hidden, by=cast.amina.user, at=later)
        labelled = item(model, cast.amina, category, later, labels=4, **fields)
        assert labelled.labels
    hidden = medicine(cast.amina, later, "SECRETmab")
    consents.keep_back(item=hidden, by=cast.amina.user, at=later)
    medicine(cast.amina, later, "SECRETvir", labels=4)


# Whom I may open ---------------------------------------------------------------------


@pytest.mark.security("T10")
def test_the_list_names_the_patients_of_ones_own_teams_only(client, cast):
    assert "Amina Diallo" in page(client, cast, "bram", "/patients/")
    assert "Gus Moreau" in page(client, cast, "bram", "/patients/")
    assert "Gus Moreau" not in page(client, cast, "hana", "/patients/")
    assert "Amina Diallo" not in page(client, cast, "dana", "/patients/")


@pytest.mark.security("T52")
def test_two_patients_of_one_name_carry_their_birth_date(client, cast):
    assert "born" not in page(client, cast, "bram", "/patients/")
    other = patient_actions.begin_record(
        name="amina  diallo", birth_date=cast.gus.birth_date, user=None, at=cast.at
    )
    consents.join(
        patient=other,
        party=cast.bram,
        role="psychiatrist",
        by=cast.user("bram"),
        at=cast.at,
    )
    html = page(client, cast, "bram", "/patients/")
    assert "born Feb 14, 1991" in html
    assert "born Jul 1, 1980" in html
    assert html.count("born ") == 2


@pytest.mark.parametrize("who", ["edo", "ines"])
def test_an_account_without_records_is_told_so_calmly(client, cast, who):
    response = read(client, cast, who, "/patients/")
    assert response.status_code == 200
    assert "This account sees no records" in response.content.decode()


def test_a_patient_has_a_home_instead_of_a_list(client, cast):
    response = read(client, cast, "amina", "/patients/")
    assert response.url == address(cast.amina)


@pytest.mark.security("T58")
def test_the_list_costs_the_same_for_one_patient_and_for_twenty(client, cast):
    client.force_login(cast.user("bram"))
    client.get("/patients/")
    with CaptureQueriesContext(connection) as few:
        client.get("/patients/")
    for place in range(18):
        other = patient_actions.begin_record(
            name=f"Other {place}",
            birth_date=cast.gus.birth_date,
            user=None,
            at=cast.at,
        )
        consents.join(
            patient=other,
            party=cast.bram,
            role="psychiatrist",
            by=cast.user("bram"),
            at=cast.at,
        )
    with CaptureQueriesContext(connection) as many:
        client.get("/patients/")
    assert len(many) == len(few)


# Who comes in -------------------------------------------------------------------------


@pytest.mark.parametrize("who", TEAM)
def test_everyone_on_the_team_has_a_page(client, cast, who):
    assert read(client, cast, who, address(cast.amina)).status_code == 200


@pytest.mark.parametrize("who", STRANGERS)
def test_for_strangers_there_is_no_such_patient(client, cast, who):
    real = read(client, cast, who, address(cast.amina))
    nobody = uuid.uuid4()
    absent = read(client, cast, who, f"/patients/{nobody}/")
    assert real.status_code == absent.status_code == 404
    ids = (str(cast.amina.pk), str(nobody))
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    bare = [
        token.sub(b"", answer.content).replace(pk.encode(), b"")
        for answer, pk in zip((real, absent), ids, strict=True)
    ]
    assert bare[0] == bare[1]


# The chart ----------------------------------------------------------------------------


def test_the_chart_has_its_sections_in_their_fixed_order(client, cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    found = headings(page(client, cast, "bram", address(cast.amina)))
    assert [title for title in found if not title.startswith(ORDER)] == []
    assert len(found) == len(ORDER)
    for title, wanted in zip(found, ORDER, strict=True):
        assert title.startswith(wanted)


def test_what_may_hurt_stands_open_on_a_phone_and_the_rest_is_named(client, cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    html = page(client, cast, "bram", address(cast.amina))
    seen = standing_open(html)
    # Allergies, each medicine with its dose, flags by name, the dangerous trial.
    assert "haloperidol: stiff jaw" in seen.partition("Sharing allowed")[0]
    for words in ("156 mg", "Usually not together", "DANGEROUS REACTION"):
        assert words in seen
    # What is folded is named and counted, once, and its words are on the page.
    for title in ("Tests", "Side effects", "Updates", "Numbers", "Hospital stays"):
        assert title in seen
    for words in ("hypothyroidism", "Mercy General"):
        assert words in html and words not in seen


def test_the_chart_says_who_it_is_about_and_that_it_is_what_was_shared(client, cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    html = page(client, cast, "bram", address(cast.amina))
    for words in (
        "DIALLO, Amina",
        "born Feb 14, 1991",
        "Sharing allowed until",
        "The patient chooses what is shared. This may not be everything.",
        "Medicines shared with Dr. Bram Visser (6). "
        "Before prescribing, ask what else is taken.",
        "haloperidol: stiff jaw, could not speak (2019), dangerous",
        "QUEtiapine",
        "bipolar 2 disorder (2019)",
        "Sleep through the night",
        "waking at 3 am",
        "sertraline",
        "Mercy General",
        'Ana Rivera (sister) <span class="nowrap keep">(555) 010-0142</span>',
        "Sleep, hours a night",
        "Chidi Okafor",
    ):
        assert words in html, words


def test_a_monthly_injection_on_the_chart_cannot_be_read_as_daily(client, cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    html = page(client, cast, "bram", address(cast.amina))
    row = next(row for row in html.split("<tr") if "paliperidone" in row)
    assert "every 4\N{NO-BREAK SPACE}weeks" in row
    assert "a day" not in row
    assert "Morning" not in row


def test_numbers_show_six_values_as_text_and_as_a_drawn_line(client, cast):
    fill(cast.amina, cast.at)
    html = page(client, cast, "bram", address(cast.amina))
    assert "From the oldest to the newest: 6, 5, 4.5, 4, 5, 4" in html
    assert re.search(r"<polyline points=\"4\.0,4\.0 ", html)
    assert "style=" not in html


@pytest.mark.security("T26")
def test_what_bram_may_not_see_changes_no_byte_of_the_chart(client, cast):
    fill(cast.amina, cast.at, psychiatrist=cast.bram)
    before = page(client, cast, "bram", address(cast.amina))
    hide_one_of_everything(cast)
    after = page(client, cast, "bram", address(cast.amina))
    assert after == before
    assert "SECRET" in page(client, cast, "amina", address(cast.amina, "summary/"))


def test_an_only_me_medicine_tells_nothing_by_an_empty_list_either(client, cast):
    empty = page(client, cast, "bram", address(cast.amina))
    hide_one_of_everything(cast)
    assert page(client, cast, "bram", address(cast.amina)) == empty
    assert "None on the list shared with you. Ask." in empty
    assert "none on the list shared with you. Ask." in empty


def test_a_section_out_of_scope_says_so_whatever_the_record_holds(client, cast):
    only = CATEGORIES.mask("medications", "allergies")
    people.permit(cast.amina, cast.chidi, at=cast.at, categories=only)
    empty = page(client, cast, "chidi", address(cast.amina))
    assert empty.count("Not part of what is shared here. Ask.") >= 9
    fill_all_but_medicines(cast)
    assert page(client, cast, "chidi", address(cast.amina)) == empty


def fill_all_but_medicines(cast) -> None:
    put = {"patient": cast.amina, "at": cast.at - timedelta(days=2)}
    item(models.Condition, category="conditions", name="asthma", **put)
    item(models.Goal, category="goals", what="work again", **put)
    item(models.Symptom, category="measures", what="waking", **put)
    item(models.Observation, category="measures", measure="phq9", value=9, **put)
    item(models.TreatmentTried, category="history", what="a group", **put)
    item(models.EmergencyContact, category="contacts", name="Ana", phone="1", **put)
    item(models.SubstanceUse, category="substances", substance="alcohol", **put)


def test_two_readers_read_two_texts(client, cast):
    fill(cast.amina, cast.at)
    people.permit(
        cast.amina,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES.mask("goals", "conditions"),
    )
    chidi = page(client, cast, "chidi", address(cast.amina))
    bram = page(client, cast, "bram", address(cast.amina))
    assert "Sleep through the night" in chidi
    assert "QUEtiapine" in bram
    assert "uetiapine" not in chidi.lower().replace("q", "")


def test_without_a_permission_only_the_question_is_left(client, cast):
    fill(cast.amina, cast.at)
    html = page(client, cast, "chidi", address(cast.amina))
    assert "Nothing is shared with you now." in html
    assert "Ask the patient to share" in html
    assert "(555) 010-0199" not in html
    for word in ("quetiapine", "sulfa", "bipolar", "Mercy", "Ana Rivera"):
        assert word.lower() not in html.lower()


def test_one_may_ask_once_in_thirty_days(client, cast):
    consents.ask(
        patient=cast.amina,
        recipient=cast.chidi,
        asked_by=cast.chidi,
        categories=CATEGORIES["medications"],
        purposes=people.CARE,
        at=cast.at - timedelta(days=29),
    )
    html = page(client, cast, "chidi", address(cast.amina))
    assert "You asked on" in html
    assert "Ask the patient to share" not in html


def test_after_the_stop_the_next_page_is_empty(client, cast):
    fill(cast.amina, cast.at)
    assert "QUEtiapine" in page(client, cast, "bram", address(cast.amina))
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    html = page(client, cast, "bram", address(cast.amina))
    assert "Nothing is shared with you now." in html
    assert "QUEtiapine" not in html


def test_reading_the_chart_is_recorded_with_its_consent(client, cast):
    fill(cast.amina, cast.at)
    read(client, cast, "bram", address(cast.amina))
    row = Disclosure.objects.get(user=cast.user("bram"))
    assert row.patient == cast.amina
    assert row.consents == [str(cast.amina_to_bram.pk)]
    assert "patients.goal" in {label for label, _pk, _version in row.items}


def more_of_everything(cast, count: int) -> None:
    for place in range(count):
        put = {"patient": cast.amina, "at": cast.at - timedelta(days=place)}
        item(models.Condition, category="conditions", name=f"c{place}", **put)
        item(models.Goal, category="goals", what=f"g{place}", **put)
        item(models.Observation, category="measures", measure="gad7", value=5, **put)
        item(models.MedicineTrial, category="medications", name=f"t{place}", **put)
        item(models.AllergyIntolerance, category="allergies", substance="a", **put)
        medicine(cast.amina, cast.at, f"m{place}")


@pytest.mark.parametrize("who", ["amina", "bram"])
def test_home_and_chart_cost_the_same_for_one_row_and_for_twenty(client, cast, who):
    more_of_everything(cast, 1)
    read(client, cast, who, address(cast.amina))
    with CaptureQueriesContext(connection) as few:
        client.get(address(cast.amina))
    more_of_everything(cast, 19)
    with CaptureQueriesContext(connection) as many:
        client.get(address(cast.amina))
    assert len(many) == len(few)


def test_from_the_chart_to_the_page_on_paper_is_one_click(client, cast):
    chart = page(client, cast, "jon", address(cast.amina))
    assert f'href="{address(cast.amina, "summary.pdf")}"' in chart
    assert f'href="{address(cast.amina, "summary-large.pdf")}"' in chart
    assert f'href="{address(cast.amina, "summary.txt")}"' in chart
