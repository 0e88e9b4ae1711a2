"""What every psychiatrist expects to be told of: pairs, gaps and notes of labels.

One table a severity. Sources stand at the rules.
"""

from __future__ import annotations

import pytest

from patients import interactions
from patients.interactions import Severity
from patients.management.commands.interactions import taken_of
from tests.patients.interactions.lists import flags, worst

AVOID = [
    ("eletriptan", "clarithromycin"),
    ("linezolid", "phenelzine"),
    ("methylene blue", "tranylcypromine"),
    ("moclobemide", "isocarboxazid"),
    ("rasagiline", "phenelzine"),
    ("rasagiline", "linezolid"),
    ("linezolid", "methylphenidate"),
    ("linezolid", "Adderall"),
    ("linezolid", "atomoxetine"),
    ("phenelzine", "solriamfetol"),
    ("phenelzine", "gepirone"),
    ("phenelzine", "levodopa"),
    ("linezolid", "gepirone"),
    ("rasagiline", "St John's wort"),
    ("safinamide", "cyclobenzaprine"),
    ("safinamide", "methylphenidate"),
    ("safinamide", "venlafaxine"),
    ("safinamide", "mirtazapine"),
    ("Emsam", "carbamazepine"),
    ("carbamazepine", "nefazodone"),
    ("carbamazepine", "rilpivirine"),
    ("viloxazine", "duloxetine"),
    ("viloxazine", "tizanidine"),
    ("viloxazine", "theophylline"),
    ("viloxazine", "ramelteon"),
    ("alprazolam", "clarithromycin"),
    ("triazolam", "posaconazole"),
]
USUALLY_NOT = [
    ("linezolid", "pseudoephedrine"),
    ("clozapine", "St John's wort"),
    ("clozapine", "phenytoin"),
    ("clozapine", "rifampin"),
    ("clozapine", "benztropine"),
    ("clozapine", "oxybutynin"),
    ("viloxazine", "clozapine"),
    ("citalopram", "quetiapine"),
    ("methadone", "iloperidone"),
    ("haloperidol", "pimavanserin"),
    ("escitalopram", "trazodone"),
    ("fluvoxamine", "diazepam"),
    ("fluvoxamine", "tasimelteon"),
    ("duloxetine", "ciprofloxacin"),
    ("phenytoin", "rivaroxaban"),
    ("carbamazepine", "lumateperone"),
    ("carbamazepine", "cariprazine"),
    ("rifampin", "suvorexant"),
    ("carbamazepine", "dolutegravir"),
    ("suvorexant", "clarithromycin"),
    ("daridorexant", "ketoconazole"),
    ("lurasidone", "grapefruit"),
    ("cenobamate", "ethinyl estradiol"),
    ("donepezil", "benztropine"),
    ("donepezil", "diphenhydramine"),
    ("colchicine", "clarithromycin"),
]
TAKE_CARE = [
    ("rizatriptan", "propranolol"),
    ("sertraline", "venlafaxine"),
    ("fluoxetine", "duloxetine"),
    ("citalopram", "vortioxetine"),
    ("lithium", "verapamil"),
    ("lithium", "diltiazem"),
    ("lithium", "phenytoin"),
    ("lithium", "Jardiance"),
    ("lithium", "phenelzine"),
    ("venlafaxine", "warfarin"),
    ("duloxetine", "apixaban"),
    ("vortioxetine", "warfarin"),
    ("valproate", "warfarin"),
    ("valproate", "lorazepam"),
    ("valproate", "amitriptyline"),
    ("valproate", "guanfacine"),
    ("sertraline", "hydrochlorothiazide"),
    ("oxcarbazepine", "chlorthalidone"),
    ("oxcarbazepine", "escitalopram"),
    ("sertraline", "desmopressin"),
    ("fluoxetine", "risperidone"),
    ("paroxetine", "haloperidol"),
    ("fluoxetine", "clozapine"),
    ("bupropion", "clozapine"),
    ("clozapine", "erythromycin"),
    ("clozapine", "citalopram"),
    ("fluoxetine", "iloperidone"),
    ("paroxetine", "vortioxetine"),
    ("paroxetine", "deutetrabenazine"),
    ("fluoxetine", "phenytoin"),
    ("fluvoxamine", "alprazolam"),
    ("olanzapine", "ciprofloxacin"),
    ("methadone", "fluconazole"),
    ("methadone", "efavirenz"),
    ("methadone", "lofexidine"),
    ("lamotrigine", "phenytoin"),
    ("lamotrigine", "primidone"),
    ("lamotrigine", "rifampin"),
    ("lamotrigine", "atazanavir"),
    ("carbamazepine", "brexpiprazole"),
    ("carbamazepine", "alprazolam"),
    ("carbamazepine", "bupropion"),
    ("carbamazepine", "amitriptyline"),
    ("carbamazepine", "oxycodone"),
    ("carbamazepine", "buprenorphine"),
    ("carbamazepine", "fluconazole"),
    ("carbamazepine", "verapamil"),
    ("carbamazepine", "guanfacine"),
    ("aripiprazole", "ketoconazole"),
    ("cariprazine", "clarithromycin"),
    ("brexpiprazole", "itraconazole"),
    ("lumateperone", "diltiazem"),
    ("lurasidone", "diltiazem"),
    ("buspirone", "clarithromycin"),
    ("zolpidem", "ketoconazole"),
    ("guanfacine", "ketoconazole"),
    ("guanfacine", "metoprolol"),
    ("clonidine", "guanfacine"),
    ("prazosin", "sildenafil"),
    ("propranolol", "albuterol"),
    ("propranolol", "verapamil"),
    ("amitriptyline", "benztropine"),
    ("hydroxyzine", "oxybutynin"),
    ("bupropion", "theophylline"),
    ("disulfiram", "warfarin"),
    ("Spravato", "lorazepam"),
    ("Spravato", "Vyvanse"),
    ("topiramate", "acetazolamide"),
    ("sodium oxybate", "valproate"),
    ("rasagiline", "methylphenidate"),
    ("amphetamine", "sodium bicarbonate"),
]
KNOW_ABOUT = [
    ("clonidine", "mirtazapine"),
    ("lithium", "sumatriptan"),
    ("clozapine", "caffeine"),
    ("bupropion", "prednisone"),
]
BY_SEVERITY = {
    "avoid": AVOID,
    "usually_not": USUALLY_NOT,
    "take_care": TAKE_CARE,
    "know_about": KNOW_ABOUT,
}
NOTHING = [
    ("lithium", "aspirin"),
    ("gepirone", "metformin"),
    ("viloxazine", "melatonin"),
    ("clonidine", "lisinopril"),
    ("carbamazepine", "levetiracetam"),
    ("lamotrigine", "levetiracetam"),
    ("guanfacine", "methylphenidate"),
    ("esketamine", "sertraline"),
]


@pytest.mark.parametrize("severity", BY_SEVERITY)
def test_what_every_psychiatrist_expects_is_told_in_both_orders(severity):
    pairs = BY_SEVERITY[severity]
    said = {pair: (worst(*pair), worst(*reversed(pair))) for pair in pairs}
    assert said == dict.fromkeys(pairs, (severity, severity))


def test_beside_them_nothing_is_told_of():
    assert {pair: worst(*pair) for pair in NOTHING} == dict.fromkeys(NOTHING, "")


def test_a_pair_is_told_of_once_and_in_twenty_words():
    for pair in (pair for pairs in BY_SEVERITY.values() for pair in pairs):
        found = flags(*pair)
        kinds = [flag.kind for flag in found]
        assert len(set(kinds)) == len(kinds), pair
        for flag in found:
            assert len(flag.sentence.split()) <= 20, flag.sentence
            assert "{" not in f"{flag.sentence}{flag.what_to_do}"
            assert len(flag.source_date) == 10 and flag.source


@pytest.mark.parametrize(
    ("medicine", "condition", "severity"),
    [
        ("valproate", "hepatitis C", "avoid"),
        ("nefazodone", "Cirrhosis of the liver", "avoid"),
        ("duloxetine", "fatty liver disease", "usually_not"),
        ("naltrexone", "liver failure", "take_care"),
        ("valproate", "urea cycle disorder", "avoid"),
        ("propranolol", "asthma", "avoid"),
        ("metoprolol", "asthma", "take_care"),
        ("acamprosate", "chronic kidney disease", "usually_not"),
        ("lisdexamfetamine", "cardiomyopathy", "usually_not"),
        ("amitriptyline", "narrow-angle glaucoma", "take_care"),
        ("clonazepam", "narrow angle glaucoma", "usually_not"),
        ("oxycodone", "sleep apnea", "take_care"),
        ("sertraline", "asthma", ""),
        ("valproate", "delivered in 2019", ""),
    ],
)
def test_a_condition_that_a_label_names(medicine, condition, severity):
    assert worst(medicine, conditions=[condition]) == severity


def noted(name: str, age: int | None) -> set[str]:
    found = interactions.check(taken_of([name]), age=age)
    return {flag.rule for flag in found if flag.b is None}


def test_citalopram_has_a_lower_highest_dose_after_60():
    """Label, section 2: 40 mg, and 20 mg for somebody older than 60."""
    assert "label-citalopram-60" in noted("Celexa", 61)
    assert "label-citalopram-60" in noted("Celexa", None)
    assert "label-citalopram-60" not in noted("Celexa", 60)
    (note,) = [
        flag
        for flag in interactions.check(taken_of(["citalopram"]), age=70)
        if flag.rule == "label-citalopram-60"
    ]
    assert "20 mg" in note.sentence and note.severity is Severity.KNOW_ABOUT


def test_propranolol_has_no_box_any_more_and_still_its_note():
    (note,) = interactions.check(taken_of(["propranolol"]))
    assert note.source_date == "2021-08-17" and "boxed" not in note.source.lower()
    assert noted("metoprolol", None) == {"boxed-beta-blocker"}


def test_the_box_of_viloxazine_is_about_every_age():
    assert "boxed-viloxazine" in noted("Qelbree", 45)
    assert "boxed-atomoxetine" not in noted("atomoxetine", 45)


@pytest.mark.parametrize(
    "name",
    [
        "esketamine",
        "gepirone",
        "perampanel",
        "felbamate",
        "vigabatrin",
        "valbenazine",
        "zuranolone",
        "dabigatran",
        "aliskiren",
    ],
)
def test_further_boxed_warnings_stand_at_their_medicine(name):
    assert noted(name, None)


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("Suboxone", "label-buprenorphine-breathing label-buprenorphine-teeth"),
        (
            "buprenorphine 8 mg tablet",
            "label-buprenorphine-breathing label-buprenorphine-teeth",
        ),
        ("Sublocade", "boxed-buprenorphine-injection label-buprenorphine-breathing"),
        (
            "buprenorphine injection",
            "boxed-buprenorphine-injection label-buprenorphine-breathing",
        ),
        ("Butrans", "boxed-buprenorphine-pain"),
        ("buprenorphine patch", "boxed-buprenorphine-pain"),
        ("Belbuca", "boxed-buprenorphine-pain label-buprenorphine-teeth"),
        ("oxycodone", "boxed-opioid"),
    ],
)
def test_which_buprenorphine_has_a_box_and_for_what(name, notes):
    """Only the injection for opioid use has the box about a vein; tablets have none."""
    assert noted(name, None) == set(notes.split())


@pytest.mark.parametrize(
    ("medicine", "severity"),
    [
        ("Tylenol with codeine", "avoid"),
        ("tramadol", "avoid"),
        ("amiodarone", "avoid"),
        ("methotrexate", "avoid"),
        ("lithium", "usually_not"),
        ("Clozaril", "usually_not"),
        ("lisdexamfetamine", "usually_not"),
        ("Concerta", "take_care"),
        ("primidone", "take_care"),
        ("lamotrigine", "take_care"),
        ("Seroquel", "take_care"),
        ("Suboxone", "take_care"),
        ("lorazepam", "take_care"),
        ("oxycodone", "take_care"),
        ("sertraline", ""),
        ("acetaminophen", ""),
    ],
)
def test_breastfeeding_is_checked_against_the_known_few(medicine, severity):
    assert worst(medicine, conditions=["Breastfeeding"]) == severity
    assert worst(medicine, conditions=["Not breastfeeding"]) == ""
    assert worst(medicine, conditions=["No longer breastfeeding"]) == ""
    assert worst(medicine, conditions=["Lactose intolerance"]) == ""


def test_a_flag_about_breastfeeding_says_who_says_so():
    for medicine, says in (
        ("lithium", "LactMed on lithium"),
        ("lorazepam", "LactMed on clonazepam and the label of lorazepam"),
        ("Ambien", "NBK501265"),
        ("eszopiclone", "not comp"),
    ):
        found = flags(medicine, conditions=["breast feeding"])
        (one,) = [flag for flag in found if flag.kind == "breastfeeding"]
        assert says in one.source
    (one,) = flags("tramadol", conditions=["lactating"])
    assert one.source_date == "2017-04-20"
