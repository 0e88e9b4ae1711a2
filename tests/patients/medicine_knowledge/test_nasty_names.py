"""Names as labels and people write them: nothing of an amount is lost, and no crash."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from patients.management.commands.parse_medicine import describe
from patients.medicine_knowledge import parse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "ingredients", "strengths", "form"),
    [
        (
            "amphetamine/dextroamphetamine XR 20mg caps",
            ["amphetamine", "dextroamphetamine"],
            [20],
            "Extended Release Capsule",
        ),
        (
            "lithium carbonate ER 450 MG Oral Tablet [Eskalith]",
            ["lithium carbonate"],
            [450],
            "Extended Release Oral Tablet",
        ),
        ("Zoloft® 100 mg", ["sertraline"], [100], None),
        ("ＬＩＴＨＩＵＭ 300 mg", ["lithium"], [300], None),
        (
            "Depakote ER 500 mg twice daily",
            ["divalproex sodium"],
            [500],
            "Extended Release",
        ),
        ("quetiapine .5 mg", ["quetiapine"], [0.5], None),
    ],
)
def test_a_label_is_read_whole(name, ingredients, strengths, form):
    said = describe(name)
    assert said["understood"]
    assert [one["name"] for one in said["ingredients"]] == ingredients
    assert said["strengths"] == strengths
    assert set(said["units"]) == {"MG"}
    assert said["form"] == form


@pytest.mark.parametrize(
    ("name", "ingredients", "amounts"),
    [
        # How many and how often is no strength.
        ("1/2 tab trazodone 50", "trazodone", "50"),
        ("trazodone 50 mg 1/2 tab at bedtime", "trazodone", "50 MG"),
        ("clonazepam 0.5 1/2 - 1 tab prn", "clonazepam", "0.5"),
        ("amitriptyline 10mg 1-3 at night", "amitriptyline", "10 MG"),
        ("1-2 tabs lorazepam 0.5 mg", "lorazepam", "0.5 MG"),
        ("take 2 x 500mg Tylenol", "acetaminophen", "500 MG"),
        ("half a Xanax 0.5", "alprazolam", "0.5"),
        ("Zoloft 1 and a half tabs 50mg", "sertraline", "50 MG"),
        ("Norco 10-325mg 1-2 tabs q4-6h prn", "hydrocodone acetaminophen",
         "10 MG 325 MG"),
        ("fluoxetine 20 mg/day", "fluoxetine", "20 MG"),
        ("clonidine patch 0.1mg/day", "clonidine", "0.1 MG/24HR"),
        ("metformin 500 tab", "metformin", "500"),
        ("Humulin N 10 units", "insulin isophane", "10 UNT"),
        ("NPH 10 units", "insulin isophane", "10 UNT"),
        ("Janumet 50/1000", "sitagliptin metformin", "50 1000"),
        ("Suboxone 8/2 film", "buprenorphine naloxone", "8 2"),
        # A comma for a point, a number grown onto a name, a short form.
        ("lorazepam 0,5 mg", "lorazepam", "0.5 MG"),
        ("digoxin 0,125mg", "digoxin", "0.125 MG"),
        ("gabapentin 1,200 mg", "gabapentin", "1200 MG"),
        ("Synthroid .075", "levothyroxine", "0.075"),
        ("lexapro10mg", "escitalopram", "10 MG"),
        ("lisinopril/HCTZ 20/12.5", "lisinopril hydrochlorothiazide", "20 12.5"),
        ("vitamin D 2000 IU", "vitamin D", "2000 UNT"),
        # Two amounts of one medicine are a range or two doses.
        ("quetiapine 25 – 50mg", "quetiapine", "25 MG 50 MG"),
        ("gabapentin 300 to 1,200 mg", "gabapentin", "300 MG 1200 MG"),
        ("venlafaxine xr 150 & 75", "venlafaxine", "150 75"),
        ("Zoloft 50 (was 25)", "sertraline", "50"),
        # What stands behind the amount, and in brackets.
        ("Cymbalta 60 mg one in the morning", "duloxetine", "60 MG"),
        ("Abilify Maintena 400mg injection q4wk", "aripiprazole", "400 MG"),
        ("Zoloft (sertraline) 50 mg", "sertraline", "50 MG"),
        ("guanfacine ER 2 mg (Intuniv)", "guanfacine", "2 MG"),
        ("Tylenol #3", "acetaminophen codeine", ""),
        # A strength of two halves falls; a count from one to two rises.
        ("Suboxone 8-2 film", "buprenorphine naloxone", "8 2"),
        ("Suboxone 2-0.5 strips", "buprenorphine naloxone", "2 0.5"),
        ("Percocet 1-2 tabs", "oxycodone acetaminophen", ""),
        # How many times is no strength, wherever it stands.
        ("2 x 25 mg quetiapine", "quetiapine", "25 MG"),
        ("quetiapine 2x25 mg", "quetiapine", "25 MG"),
        ("prednisone 40 mg x 5 days", "prednisone", "40 MG"),
        ("citalopram 20mg - 1 daily", "citalopram", "20 MG"),
        # A raised point is a point: a strength of ten times is worse than none.
        ("clonidine 0·1 mg", "clonidine", "0.1 MG"),
        ("bupropion 300 xl", "bupropion", "300"),
        # How long it lasts and how much is in the vial are no strengths.
        ("VENLAFAXINE HCL 75MG 24HR CAP", "venlafaxine", "75 MG"),
        ("haloperidol decanoate 100mg/ml 1 ml", "haloperidol decanoate", "100 MG/ML"),
        # Pens, routes and short forms in front.
        ("Lantus Solostar 100 units/ml", "insulin glargine", "100 UNT/ML"),
        ("Novolog flexpen 6 units tid", "insulin aspart", "6 UNT"),
        ("fluticasone nasal spray 50mcg 2 sprays each nostril daily", "fluticasone",
         "50 MCG"),
        ("T. olanzapine 5mg HS", "olanzapine", "5 MG"),
        ("Inj haloperidol 5mg im stat", "haloperidol", "5 MG"),
        ("Syr. Cyproheptadine 2mg/5ml", "cyproheptadine", "2 MG/5ML"),
        ("Prilosec OTC 20", "omeprazole", "20"),
        ("ALBUTEROL SO4 90MCG/ACTUAT HFA INHL", "albuterol sulfate", "90 MCG/ACTUAT"),
        # The amounts are those of the ingredients as they were written, not listed.
        ("acetaminophen/oxycodone 325/5", "acetaminophen oxycodone", "325 5"),
        ("naloxone 2 mg / buprenorphine 8 mg", "naloxone buprenorphine",
         "2 MG 8 MG"),
        ("hydrochlorothiazide-lisinopril 12.5-20", "hydrochlorothiazide lisinopril",
         "12.5 20"),
        ("BUPRENORPHINE HCL 8MG/NALOXONE HCL 2MG SL FILM", "buprenorphine naloxone",
         "8 MG 2 MG"),
        ("ethinyl estradiol 20 mcg/norethindrone 1 mg",
         "ethinyl estradiol norethindrone", "20 MCG 1 MG"),
        # Behind a brand they stand as on its label.
        ("Auvelity 45-105", "dextromethorphan bupropion", "45 105"),
        ("Mucinex DM 600-30", "guaifenesin dextromethorphan", "600 30"),
        ("Complera 200-25-300", "emtricitabine rilpivirine tenofovir", "200 25 300"),
        # A hyphen between an amount and the next name; what the last unit is of.
        ("hydrocodone 5 mg-acetaminophen 325 mg tablet", "hydrocodone acetaminophen",
         "5 MG 325 MG"),
        ("guaifenesin-codeine 100-10 mg/5 mL", "guaifenesin codeine",
         "100 MG/5ML 10 MG/5ML"),
        # Known names that nobody listed as a mixture.
        ("haloperidol-lorazepam 5-2 mg", "haloperidol lorazepam",
         "5 MG 2 MG"),
        ("lidocaine 1% with epinephrine 1:100,000", "lidocaine epinephrine",
         "1 % 0.01 MG/ML"),
        ("epinephrine 1:1000", "epinephrine", "1 MG/ML"),
        ("insulin lispro U-100", "insulin lispro", "100 UNT/ML"),
        ("insulin glargine-yfgn 100 unit/mL", "insulin glargine", "100 UNT/ML"),
        ("Calcium 600 mg + D3 800 IU", "calcium vitamin D3", "600 MG 800 UNT"),
        ("calcium 600 + D", "calcium vitamin D3", "600"),
        ("scopolamine patch 1 mg/3 days", "scopolamine", "1 MG/72HR"),
        # A release is no unit, and hours alone are no amount.
        ("aspirin 81 EC", "aspirin", "81"),
        ("Nexium 24HR", "esomeprazole", ""),
        # Half in RxNorm's way, half in one's own; a label in capitals.
        ("perphenazine 2 mg / amitriptyline 10 MG Oral Tablet",
         "perphenazine amitriptyline", "2 MG 10 MG"),
        ("QUETIAPINE FUMARATE 100 MG TABLET", "quetiapine fumarate", "100 MG"),
        ("Tylenol w/ codeine #3", "acetaminophen codeine", ""),
        ("SMZ/TMP DS 800-160", "sulfamethoxazole trimethoprim", "800 160"),
        ("Klor-Con M20", "potassium chloride", ""),
        ("Catapres-TTS-1", "clonidine", ""),
        ("Nurtec 75 mg", "rimegepant", "75 MG"),
    ],
)  # fmt: skip
def test_what_a_patient_writes_is_read(name, ingredients, amounts):
    said = describe(name)
    assert said["understood"]
    assert " ".join(one["name"] for one in said["ingredients"]) == ingredients
    pairs = zip(said["strengths"], said["units"], strict=True)
    written = " ".join(f"{n} {unit or ''}".strip() for n, unit in pairs if n)
    assert written == amounts


def test_the_parts_of_a_name_that_nobody_knows_are_kept_apart():
    said = describe("Foozle / Naproxen")
    assert [one["name"] for one in said["ingredients"]] == ["Foozle", "Naproxen"]


def test_a_point_that_may_be_one_of_thousands_is_no_strength():
    """1.000 mg is one here and a thousand in Spain: nobody should guess."""
    for name in ("metformin 1.000 mg", "vitamin D 1.000 IU"):
        said = describe(name)
        assert said["understood"] and said["strengths"] == said["units"] == [None]
    assert describe("levothyroxine 0.050 mg")["strengths"] == [0.05]
    assert describe("risperidone 1.0mg")["strengths"] == [1]


def test_how_long_it_lasts_and_how_much_is_in_it_are_said():
    assert describe("venlafaxine 75 mg 24hr cap")["duration"] == "24 HR"
    assert describe("haloperidol 100mg/ml 1 ml")["quantity"] == "1 ML"
    assert describe("Suboxone 8-2 film")["quantity"] is None


def test_two_doses_of_a_mixture_are_not_given_to_its_halves():
    for name in ("Adderall 10mg + 5mg", "Adderall 10 mg 8am and 5mg noon"):
        said = describe(name)
        assert [one["strength"] for one in said["ingredients"]] == [None, None]
        assert said["strengths"] == [10, 5]


def test_two_medicines_in_one_line_are_not_taken_for_the_first():
    for name in (
        "sertraline 50 mg and bupropion 150 mg",
        "Zoloft (Prozac) 20mg",
        "Lexapro 10 mg with Xanax",
    ):
        said = describe(name)
        assert not said["understood"] and said["rxcui"] is None


def test_an_amount_of_a_mixture_belongs_to_no_single_one_of_it():
    parsed = parse("amphetamine/dextroamphetamine XR 20mg caps")
    assert [part.strength for part in parsed.parts] == [None, None]
    assert parsed.together == ((Decimal(20), "MG"),)
    assert parse("buprenorphine 8 MG / naloxone 2 MG Sublingual Film").together == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sertaline 50", "sertraline"), ("quetiapin", "quetiapine")],
)
def test_a_misspelled_name_is_not_guessed_but_offered(typed, meant):
    said = describe(typed)
    assert meant in said["did_you_mean"] or said["understood"]
    assert describe("sertraline 50 mg")["did_you_mean"] == []


NASTY = (
    "",
    " ",
    "💊💊",
    "a" * 2000,
    "sertraline " * 200,
    "1/2/3/4/5/6/7/8/9 mg",
    "{1 (a 5 MG) / } Pack [",
    "‮gm 05 enilartres",
    "\x00\x01 5 mg",
    "9" * 300 + " mg",
    "mg mg mg / / /",
)


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_nonsense_is_answered_and_costs_little(name, capsys):
    call_command("parse_medicine", name or "nothing", "--json")
    call_command("interactions", name or "nothing", "lithium", "--json")
    assert capsys.readouterr().out


def test_a_misspelled_name_is_not_checked_in_silence(capsys):
    call_command("interactions", "sertaline", "Nardil", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["not_recognised"] == ["sertaline"]
    assert said["did_you_mean"]["sertaline"][0] == "sertraline"
    assert not [flag for flag in said["flags"] if flag["b"]]
    call_command("interactions", "sertaline", "Nardil")
    assert "Did you mean sertraline" in capsys.readouterr().out


def test_what_of_a_salt_is_the_element_is_kept_beside_the_strength():
    said = describe("ferrous sulfate 325 mg (65 mg elemental iron)")
    assert (said["strengths"], said["units"]) == ([325], ["MG"])
    assert said["qualifiers"] == ["65 mg elemental iron"]
    assert said["rxcui"] == "24947"


def test_a_substance_is_no_slip_for_a_medicine():
    assert describe("cocaine")["did_you_mean"] == []
    assert "trazodone" in describe("trazadone 50 mg qhs")["did_you_mean"]


@pytest.mark.parametrize("brand", ["Diovan HCT", "Avalide", "Tenoretic", "Ziac"])
def test_a_brand_with_a_water_pill_is_both(brand):
    """Lithium rises with each of them."""
    names = {one["name"] for one in describe(brand)["ingredients"]}
    assert names & {"hydrochlorothiazide", "chlorthalidone"} and len(names) == 2
