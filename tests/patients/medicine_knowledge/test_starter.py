"""The starter list is what it says it is, and finds what people call a medicine."""

import re

import pytest

from patients.medicine_knowledge import (
    all_medicines,
    find,
    group_title,
    labels_of,
    medicines_in,
    with_class,
)
from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.starter import FORM_NAMES
from tests.patients.medicine_knowledge.sample import rows

LABELS = {"substance_use", "hiv", "sexual_reproductive"}
KINDS = {"prescription", "otc", "supplement", "other"}


def test_the_list_is_large_enough_to_be_of_use():
    singles = [one for one in all_medicines() if not one.is_combination]
    assert len(singles) >= 400
    assert len(all_medicines()) - len(singles) >= 50


def test_what_mental_health_and_primary_care_meet_is_300_to_500_medicines():
    """Counted by ingredient; what stands beside them, docs/operations.md says why."""
    beside = {"combined_only", "named_by_rules", "herb", "supplement", "vitamin"}
    beside |= {"mineral"}
    met = [
        one
        for one in all_medicines()
        if not one.is_combination
        and one.group not in beside
        and not one.group.startswith("hiv_")
    ]
    assert 300 <= len(met) <= 500
    # The names that betray most are the ones to know (labels, protease inhibitors).
    hiv = [one for one in all_medicines() if one.group.startswith("hiv_")]
    assert hiv and {one.label for one in hiv} == {"hiv"}


def test_every_code_that_the_sample_knows_has_its_name_there():
    known = {row.rxcui: row.name for row in rows()}
    checked = [one for one in all_medicines() if one.rxcui in known]
    assert len(checked) >= 40
    assert [one.name for one in checked if find(known[one.rxcui]) is not one] == []


def test_every_ingredient_that_the_sample_knows_has_its_code_there():
    by_name = {row.name.casefold(): row.rxcui for row in rows() if row.kind == "OTHER"}
    wrong = {
        one.name: (one.rxcui, by_name[one.name.casefold()])
        for one in all_medicines()
        if one.rxcui and by_name.get(one.name.casefold(), one.rxcui) != one.rxcui
    }
    assert wrong == {}


def test_no_code_and_no_generic_name_belongs_to_two_medicines():
    codes = [one.rxcui for one in all_medicines() if one.rxcui]
    names = [key(name) for one in all_medicines() for name in (one.name, *one.also)]
    assert len(codes) == len(set(codes))
    assert len(names) == len(set(names))


def test_every_entry_has_its_code_or_those_of_its_parts_or_says_why_it_has_none():
    """No silent gaps: S20 begins with the RxCUI."""
    coded = {one.name for one in all_medicines() if one.rxcui}
    for one in all_medicines():
        parts = {find(name).name for name in one.ingredients} - {one.name}
        by_parts = one.is_combination and parts <= coded
        assert bool(one.rxcui or by_parts) != bool(one.no_rxcui), one.name
        assert re.fullmatch("[1-9][0-9]*", one.rxcui or "1"), one.name
        assert not one.no_rxcui or "RxNorm" in one.no_rxcui, one.name
    without = {one.name for one in all_medicines() if one.no_rxcui}
    assert without == {
        "CBD oil",
        "agomelatine",
        "cannabis",
        "kratom",
        "multivitamin",
        "prenatal vitamin",
        "probiotic",
        "protein powder",
    }


# As RxNorm names them; each was read in two compilations of RxNorm on 2026-11-26, the
# herbs, minerals, foreign medicines and combinations with the letter A in one.
RXNORM = {
    "19711": "amoxicillin / clavulanate",
    "214199": "albuterol / ipratropium",
    "466584": "acetaminophen / aspirin / caffeine",
    "689606": "atropine / hyoscyamine / phenobarbital / scopolamine",
    "817579": "acetaminophen / codeine",
    "822929": (
        "amphetamine aspartate / amphetamine sulfate / dextroamphetamine saccharate / "
        "dextroamphetamine sulfate"
    ),
    "197": "acetylcysteine",
    "4099": "estrogens, conjugated (USP)",
    "4419": "fish oils",
    "4495": "flupenthixol",
    "5224": "heparin",
    "2590": "clobetasol",
    "9899": "sodium oxybate",
    "10572": "thyroid (USP)",
    "10898": "tryptophan",
    "24947": "ferrous sulfate",
    "28004": "isosorbide mononitrate",
    "36387": "sennosides, USP",
    "38022": "theanine",
    "38685": "trimethobenzamide",
    "42372": "mupirocin",
    "51428": "insulin aspart, human",
    "68149": "mycophenolate mofetil",
    "139896": "enfuvirtide",
    "228041": "Echinacea preparation",
    "236344": "saw palmetto extract",
    "236665": "black cohosh extract",
    "236809": "Ginkgo biloba extract",
    "253182": "insulin, regular, human",
    "253206": "valerian root extract",
    "258326": "St. John's wort extract",
    "283579": "milk thistle extract",
    "285228": "kava preparation",
    "325526": "ginseng preparation",
    "404786": "carbidopa / entacapone / levodopa",
    "641465": "armodafinil",
    "1008340": "docusate / sennosides, USP",
    "1037042": "dabigatran etexilate",
    "1114883": "turmeric extract",
    "1309279": "Withania somnifera root extract",
    "1592257": "levomefolate",
    "1723152": "cytisine",
    "1945038": "fluticasone / umeclidinium / vilanterol",
    "2119365": "esketamine",
    "2275602": "lumateperone",
    "2694836": "trospium / xanomeline",
}


def test_a_code_is_that_of_the_ingredient_however_rxnorm_calls_it():
    found = {code: find(name) for code, name in RXNORM.items()}
    assert {code: one and one.rxcui for code, one in found.items()} == {
        code: code for code in RXNORM
    }


def test_what_stands_in_the_list_is_whole():
    for one in all_medicines():
        assert one.used_for and one.kind in KINDS, one.name
        assert not one.label or one.label in LABELS, one.name
        assert one.tall_man.lower() in {"", one.name.lower()}, one.name
        assert one.most_per_day is None or one.most_per_day.value > 0
        assert all(re.fullmatch(r"[a-z0-9_]+", each) for each in one.classes)


def test_every_strength_has_a_number_and_a_unit_or_says_both_of_a_combination():
    for one in all_medicines():
        for strength in one.strengths:
            assert strength.form_name and strength.counted_as
            assert "_" not in strength.form_name, FORM_NAMES
            for amount in strength.amounts:
                assert amount.value > 0 and amount.unit


def test_every_half_of_a_combination_is_a_medicine_of_the_list():
    for one in all_medicines():
        for name in one.ingredients:
            assert find(name) is not None, (one.name, name)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Zoloft", "sertraline"),
        ("zoloft", "sertraline"),
        ("sertraline hydrochloride", "sertraline"),
        ("Sertraline HCl", "sertraline"),
        ("bupropion hydrochloride XL", "bupropion"),
        ("Adderall XR", "amphetamine and dextroamphetamine"),
        ("St. John’s Wort", "St. John's wort"),
        ("saint john's wort", "St. John's wort"),
        ("Percocet", "oxycodone and acetaminophen"),
        ("acetaminophen / oxycodone", "oxycodone and acetaminophen"),
        ("naloxone and buprenorphine", "buprenorphine and naloxone"),
        ("hydrocodone-acetaminophen", None),
        ("lithium carbonate", "lithium"),
        ("valproate", "valproic acid"),
        ("paracetamol", "acetaminophen"),
        ("Vitamin D", "vitamin D3"),
        ("potassium chloride", "potassium chloride"),
        ("zinc", "zinc"),
        ("sertralin", None),
        ("", None),
        ("tablet", None),
    ],
)
def test_a_name_finds_its_medicine_and_a_misspelling_finds_none(said, name):
    found = find(said)
    assert (found.name if found else None) == name


# What primary care prescribes and somebody did not find on the list once.
FOUND = {
    "Stalevo": "carbidopa, levodopa and entacapone",
    "Donnatal": "phenobarbital, hyoscyamine, atropine and scopolamine",
    "Aggrenox": "aspirin and dipyridamole",
    "Dulera": "mometasone and formoterol",
    "Stiolto": "tiotropium and olodaterol",
    "Prolia": "denosumab",
    "Igalmi": "dexmedetomidine",
    "Neupro": "rotigotine",
    "Leqembi": "lecanemab",
    "Kisunla": "donanemab",
    "Xywav": "oxybate salts",
    "Onyda XR": "clonidine",
    "Librax": "chlordiazepoxide and clidinium",
    "Diclegis": "doxylamine and pyridoxine",
    "Emgality": "galcanezumab",
    "Repatha": "evolocumab",
    "Invokana": "canagliflozin",
    "Levemir": "insulin detemir",
    "BiDil": "isosorbide dinitrate and hydralazine",
    "Prempro": "conjugated estrogens and medroxyprogesterone",
    "Breztri": "budesonide, glycopyrronium and formoterol",
    "nitrofurantoin macro": "nitrofurantoin",
    "potassium gluconate": "potassium gluconate",
}


def test_what_was_not_found_once_is_found():
    assert {said: find(said).name for said in FOUND} == FOUND


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Percocet 5 mg/325 mg", ["oxycodone", "acetaminophen"]),
        ("hydrocodone-acetaminophen 5-325", ["hydrocodone", "acetaminophen"]),
        (
            "olanzapine 5 MG / samidorphan 10 MG Oral Tablet",
            ["olanzapine", "samidorphan"],
        ),
        ("Tylenol PM", ["acetaminophen", "diphenhydramine"]),
        ("something else", []),
    ],
)
def test_a_combination_gives_each_of_its_medicines(said, names):
    assert [one.name for one in medicines_in(said)] == names


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("sertraline", {"ssri", "antidepressant", "serotonergic"}),
        ("venlafaxine", {"snri"}),
        ("amitriptyline", {"tca"}),
        ("phenelzine", {"maoi"}),
        ("selegiline", {"maoi", "maoi_b"}),
        ("lorazepam", {"benzodiazepine", "sedative"}),
        ("oxycodone", {"opioid"}),
        ("quetiapine", {"antipsychotic", "sga"}),
        ("methylphenidate", {"stimulant"}),
        ("ibuprofen", {"nsaid"}),
        ("lisinopril", {"ace_inhibitor"}),
        ("hydrochlorothiazide", {"thiazide", "diuretic"}),
        ("lithium", {"lithium", "mood_stabilizer"}),
    ],
)
def test_a_medicine_belongs_to_its_classes(name, classes):
    assert classes <= find(name).classes


def test_what_a_group_has_and_one_of_its_medicines_has_not_is_left_out():
    assert "maoi_irreversible" not in find("moclobemide").classes
    assert "maoi_irreversible" in find("tranylcypromine").classes


def test_medicines_can_be_asked_for_by_class_and_classes_have_titles():
    triptans = {one.name for one in with_class("triptan")}
    assert {"sumatriptan", "rizatriptan", "zolmitriptan"} <= triptans
    assert group_title("ssri") == "SSRI antidepressants"
    assert group_title("cyp3a4_inhibitor") == "cyp3a4 inhibitor"


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("Suboxone",), ("substance_use",)),
        (("naltrexone 50 mg",), ("substance_use",)),
        (("Truvada",), ("hiv",)),
        (("ritonavir",), ("hiv",)),
        (("nirmatrelvir / ritonavir", "Paxlovid"), ()),
        (
            ("ethinyl estradiol 0.02 MG / levonorgestrel 0.1 MG",),
            ("sexual_reproductive",),
        ),
        (("sertraline",), ()),
        (("ellagic acid",), ()),
    ],
)
def test_a_name_that_tells_something_private_has_a_label_proposed(names, labels):
    assert labels_of(*names) == labels
