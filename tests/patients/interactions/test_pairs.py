"""Pairs of the named sources, in both orders; and pairs that are none."""

from __future__ import annotations

from itertools import product

import pytest

from patients.interactions import Severity
from patients.interactions.knowledge import PAIR_FILES, knowledge
from tests.patients.interactions.lists import flags, worst

# (number on the ONC list, objects, precipitants): Phansalkar et al. 2012.
MAOI = "tranylcypromine phenelzine isocarboxazid procarbazine selegiline"
PROTEASE = "atazanavir darunavir indinavir lopinavir nelfinavir ritonavir saquinavir"
ONC = [
    (
        3,
        "dexmethylphenidate dextroamphetamine methylphenidate lisdexamfetamine "
        "methamphetamine phendimetrazine pseudoephedrine amphetamine benzphetamine "
        "diethylpropion phentermine atomoxetine",
        MAOI,
    ),
    (4, "atazanavir", "omeprazole lansoprazole pantoprazole rabeprazole esomeprazole"),
    (6, "febuxostat", "azathioprine mercaptopurine"),
    (
        8,
        "fluoxetine paroxetine citalopram escitalopram sertraline fluvoxamine "
        "duloxetine nefazodone desvenlafaxine milnacipran venlafaxine",
        MAOI,
    ),
    (
        11,
        "irinotecan",
        f"{PROTEASE} clarithromycin ketoconazole itraconazole amiodarone verapamil "
        "diltiazem nefazodone aprepitant cimetidine",
    ),
    (16, "meperidine methadone tapentadol fentanyl tramadol dextromethorphan", MAOI),
    (
        20,
        "amitriptyline clomipramine desipramine doxepin imipramine nortriptyline "
        "protriptyline trimipramine",
        MAOI,
    ),
    (21, "haloperidol citalopram methadone thioridazine", "pimozide dofetilide"),
    (22, "ramelteon", "fluvoxamine amiodarone ticlopidine ciprofloxacin"),
    (23, PROTEASE, "bosentan rifapentine carbamazepine rifabutin rifampin"),
    (
        25,
        "simvastatin lovastatin",
        f"{PROTEASE} erythromycin itraconazole amiodarone verapamil nefazodone",
    ),
    (
        27,
        "ergotamine dihydroergotamine ergonovine methylergonovine",
        f"{PROTEASE} erythromycin ketoconazole",
    ),
    (
        28,
        "tizanidine",
        "ciprofloxacin fluvoxamine mexiletine propafenone zileuton amiodarone "
        "ticlopidine",
    ),
    (30, "tranylcypromine", "procarbazine"),
    (
        31,
        "sumatriptan zolmitriptan rizatriptan",
        "tranylcypromine phenelzine isocarboxazid moclobemide",
    ),
]


@pytest.mark.parametrize(("number", "objects", "precipitants"), ONC)
def test_every_high_priority_pair_is_avoided_in_both_orders(
    number, objects, precipitants
):
    for one, other in product(objects.split(), precipitants.split()):
        assert worst(one, other) == "avoid", (number, one, other)
        assert worst(other, one) == "avoid", (number, other, one)


def test_st_johns_wort_is_found_however_it_is_spelled():
    for said in (
        "St John's wort",
        "St. John’s Wort 300 mg",
        "hypericum",
        "st johns wort",
    ):
        assert worst("darunavir", said) == "avoid", said


# ANSM, and the labels of the FDA where they are stricter: the higher counts.
OTHERS = [
    ("lithium", "ibuprofen", "usually_not"),
    ("lithium", "lisinopril", "usually_not"),
    ("lithium", "losartan", "usually_not"),
    ("lithium", "hydrochlorothiazide", "usually_not"),
    ("lithium", "furosemide", "usually_not"),
    ("lithium", "carbamazepine", "usually_not"),
    ("lithium", "spironolactone", "take_care"),
    ("lithium", "sertraline", "take_care"),
    ("lithium", "haloperidol", "take_care"),
    ("lithium", "topiramate", "take_care"),
    ("lithium", "caffeine", "know_about"),
    ("lithium", "orlistat", "know_about"),
    ("phenelzine", "tetrabenazine", "avoid"),
    ("phenelzine", "midodrine", "avoid"),
    ("phenelzine", "naratriptan", "usually_not"),
    ("phenelzine", "oxymetazoline", "usually_not"),
    ("phenelzine", "St John's wort", "take_care"),
    ("moclobemide", "sertraline", "usually_not"),
    ("moclobemide", "meperidine", "avoid"),
    ("linezolid", "dextromethorphan", "usually_not"),
    ("rasagiline", "bupropion", "avoid"),
    ("sertraline", "warfarin", "take_care"),
    ("sertraline", "amitriptyline", "take_care"),
    ("sertraline", "ibuprofen", "know_about"),
    ("sertraline", "aspirin", "know_about"),
    ("sertraline", "sumatriptan", "know_about"),
    ("sertraline", "St John's wort", "take_care"),
    ("fluvoxamine", "duloxetine", "avoid"),
    ("fluvoxamine", "agomelatine", "avoid"),
    ("fluvoxamine", "clozapine", "take_care"),
    ("fluvoxamine", "theophylline", "take_care"),
    ("fluvoxamine", "olanzapine", "take_care"),
    ("pimozide", "sertraline", "avoid"),
    ("pimozide", "paroxetine", "avoid"),
    ("pimozide", "clarithromycin", "avoid"),
    ("clozapine", "carbamazepine", "usually_not"),
    ("clozapine", "lorazepam", "take_care"),
    ("clozapine", "ciprofloxacin", "take_care"),
    ("clozapine", "rifampicin", "usually_not"),
    ("quetiapine", "ketoconazole", "avoid"),
    ("quetiapine", "carbamazepine", "usually_not"),
    ("lurasidone", "St John's wort", "avoid"),
    ("valproate", "lamotrigine", "usually_not"),
    ("valproate", "meropenem", "usually_not"),
    ("valproate", "topiramate", "take_care"),
    ("lamotrigine", "ethinyl estradiol", "usually_not"),
    ("carbamazepine", "erythromycin", "usually_not"),
    ("carbamazepine", "isoniazid", "usually_not"),
    ("carbamazepine", "simvastatin", "usually_not"),
    ("carbamazepine", "grapefruit", "usually_not"),
    ("carbamazepine", "ethinyl estradiol", "usually_not"),
    ("carbamazepine", "olanzapine", "take_care"),
    ("methadone", "haloperidol", "avoid"),
    ("methadone", "buprenorphine", "avoid"),
    ("methadone", "phenytoin", "take_care"),
    ("buprenorphine", "alprazolam", "usually_not"),
    ("oxycodone", "diazepam", "avoid"),
    ("methadone", "clonazepam", "avoid"),
    ("hydrocodone", "zolpidem", "usually_not"),
    ("morphine", "gabapentin", "usually_not"),
    ("oxycodone", "naltrexone", "avoid"),
    ("buprenorphine", "fluconazole", "take_care"),
    ("citalopram", "hydroxyzine", "avoid"),
    ("disulfiram", "metronidazole", "usually_not"),
    ("St John's wort", "warfarin", "avoid"),
    ("St John's wort", "levonorgestrel", "avoid"),
    ("St John's wort", "tacrolimus", "avoid"),
    ("St John's wort", "quetiapine", "usually_not"),
    ("St John's wort", "oxycodone", "usually_not"),
    ("phenelzine", "tranylcypromine", "avoid"),
    ("phenelzine", "rasagiline", "avoid"),
    ("isocarboxazid", "linezolid", "avoid"),
    ("phenelzine", "ephedrine", "avoid"),
    ("phenelzine", "L-tryptophan", "avoid"),
    ("fluoxetine", "5-HTP", "take_care"),
    ("sertraline", "lisdexamfetamine", "know_about"),
    ("deutetrabenazine", "tetrabenazine", "avoid"),
    ("carbamazepine", "apixaban", "usually_not"),
    ("carbamazepine", "warfarin", "take_care"),
    ("fluoxetine", "codeine", "take_care"),
    ("valproate", "aspirin", "take_care"),
    ("clonidine", "propranolol", "take_care"),
    ("clonidine", "nortriptyline", "know_about"),
    ("esketamine", "alprazolam", "take_care"),
]


@pytest.mark.parametrize(("one", "other", "severity"), OTHERS)
def test_pairs_of_ansm_and_of_boxed_warnings_in_both_orders(one, other, severity):
    assert worst(one, other) == severity
    assert worst(other, one) == severity


BRANDS = [
    ("Zoloft 50 mg", "Nardil", "avoid"),
    ("Celexa", "Vistaril", "avoid"),
    ("Luvox", "Zanaflex", "avoid"),
    ("Adderall XR", "Parnate", "avoid"),
    ("Imitrex", "Marplan", "avoid"),
    ("Lithobid", "Advil", "usually_not"),
    ("Depakote ER", "Lamictal", "usually_not"),
    ("Suboxone", "Xanax", "usually_not"),
    ("Clozaril", "Tegretol", "usually_not"),
    ("Seroquel", "Tegretol XR", "usually_not"),
    ("Lexapro", "Coumadin", "take_care"),
    ("Wellbutrin XL", "Abilify", "take_care"),
    ("HCTZ 25", "Lithobid", "usually_not"),
    ("losartan-HCTZ", "lithium", "usually_not"),
    ("birth control pills", "Lamictal", "usually_not"),
    ("Coffee", "lithium", "know_about"),
    ("Alka-Seltzer", "lithium", "take_care"),
    ("Alka-Seltzer Plus", "Nardil", "avoid"),
    ("vodka", "Xanax", "usually_not"),
    ("Treximet", "Parnate", "avoid"),
    ("Tylenol #3", "Xanax", "avoid"),
    ("Norco", "Klonopin", "avoid"),
    ("Ultram", "Ativan", "avoid"),
    ("Subutex", "Klonopin", "usually_not"),
    ("Seroquel", "Geodon", "avoid"),
    ("Geodon", "Desyrel", "avoid"),
    ("Seroquel XR", "Dolophine", "avoid"),
    ("Donnatal", "Percocet", "usually_not"),
    # What both hold hides nothing that only one of them holds.
    ("Percocet", "Fioricet", "usually_not"),
]


@pytest.mark.parametrize(("one", "other", "severity"), BRANDS)
def test_brands_are_what_they_contain(one, other, severity):
    assert worst(one, other) == worst(other, one) == severity


# The box on opioids and the one on benzodiazepines name each other (FDA, 2016-08-31).
BOXED = (
    "codeine fentanyl hydrocodone hydromorphone meperidine methadone morphine "
    "oxycodone oxymorphone tapentadol tramadol",
    "alprazolam chlordiazepoxide clobazam clonazepam clorazepate diazepam estazolam "
    "flurazepam lorazepam midazolam oxazepam quazepam temazepam triazolam",
)
# ONC pair 21, where a label says never or names the other one: ziprasidone 4.1,
# thioridazine (box), pimozide 4, quetiapine 5.12.
QT = [
    (
        "ziprasidone thioridazine pimozide",
        "citalopram haloperidol methadone quetiapine iloperidone trazodone",
    ),
    (
        "quetiapine",
        "amiodarone chlorpromazine methadone moxifloxacin pentamidine procainamide "
        "quinidine sotalol",
    ),
]


@pytest.mark.parametrize(("objects", "precipitants"), [BOXED, *QT])
def test_what_two_boxes_or_a_plain_never_of_a_label_name_is_red(objects, precipitants):
    for one, other in product(objects.split(), precipitants.split()):
        (red, *_less) = flags(one, other)
        assert red.is_red and red.severity is Severity.AVOID, (one, other)
        assert {worst(one, other), worst(other, one)} == {"avoid"}, (one, other)


def test_whoever_takes_both_is_told_not_to_stop_suddenly():
    """Both withdrawals are dangerous: the FDA asked for care in 2017 and 2020."""
    (flag,) = flags("oxycodone", "clonazepam")
    assert flag.source == "FDA boxed warning"
    assert "Do not suddenly stop" in flag.what_to_do
    assert "naloxone" in flag.what_to_do


NEGATIVE = [
    ("sertraline", "levothyroxine"),
    ("sertraline", "acetaminophen"),
    ("lamotrigine", "sertraline"),
    ("lithium", "acetaminophen"),
    ("lithium", "levothyroxine"),
    ("metformin", "escitalopram"),
    ("atorvastatin", "quetiapine"),
    ("pravastatin", "clarithromycin"),
    ("bupropion", "sertraline"),
    ("vitamin d3", "quetiapine"),
    ("oxcarbazepine", "lithium"),
    ("buprenorphine / naloxone", "sertraline"),
    ("naloxone", "oxycodone"),
    ("prazosin", "sertraline"),
    ("melatonin", "escitalopram"),
]


@pytest.mark.parametrize(("one", "other"), NEGATIVE)
def test_pairs_of_which_there_is_nothing_to_say(one, other):
    assert flags(one, other) == []
    assert flags(other, one) == []


@pytest.mark.parametrize(
    ("one", "other", "rules"),
    [
        ("Percocet", "Fioricet", {"same-ingredient", "fda-opioid-sedative"}),
        ("NyQuil", "Percocet", {"same-ingredient", "fda-opioid-sedative"}),
        ("Norco", "Percocet", {"same-ingredient", "same-class-opioid"}),
        ("Symbyax", "Zyprexa", {"same-ingredient"}),
        ("Suboxone", "Subutex", {"same-ingredient"}),
    ],
)
def test_an_ingredient_that_both_hold_hides_nothing_else(one, other, rules):
    assert {flag.rule for flag in flags(one, other)} == rules
    assert {flag.rule for flag in flags(other, one)} == rules


def test_a_list_is_named_only_for_what_stands_on_it():
    """Younger than the list of 2012, or left out of it: the labels speak.

    Where nobody compared the words with a label, the flag says that.
    """
    for name in ("vortioxetine", "viloxazine", "ephedrine", "amoxapine"):
        (flag,) = flags(name, "phenelzine")
        assert flag.is_red
        assert flag.source.startswith("FDA ")


def test_of_several_sources_the_most_serious_one_speaks():
    """ANSM says "take into account", the boxed warning of the FDA says more."""
    (flag,) = flags("buprenorphine", "lorazepam")
    assert flag.source == "FDA boxed warning"
    (flag,) = flags("lurasidone", "St John's wort")
    assert flag.severity is Severity.AVOID


LOW_VALUE = [
    ("metoprolol", "paroxetine"),
    ("propranolol", "fluvoxamine"),
    ("lisinopril", "ibuprofen"),
    ("lisinopril", "losartan"),
    ("hydrochlorothiazide", "naproxen"),
    ("glipizide", "lisinopril"),
    ("levothyroxine", "simvastatin"),
    ("levothyroxine", "calcium carbonate"),
    ("alendronate", "calcium carbonate"),
    ("omeprazole", "diazepam"),
    ("warfarin", "acetaminophen"),
    ("warfarin", "simvastatin"),
    ("apixaban", "prednisone"),
    ("norethindrone", "prednisone"),
    ("niacin", "simvastatin"),
    ("atenolol", "amlodipine"),
    ("prednisone", "pyridostigmine"),
    ("omeprazole", "ketoconazole"),
    ("folic acid", "methotrexate"),
]


@pytest.mark.parametrize(("one", "other"), LOW_VALUE)
def test_a_pair_of_the_low_priority_list_is_told_of_quietly(one, other):
    found = flags(one, other)
    assert found and all(flag.severity <= Severity.TAKE_CARE for flag in found)
    assert any(flag.is_low_value for flag in found)


def test_no_pair_of_the_low_priority_list_is_ever_red():
    """Every two ingredients of every class pair, whatever other sources say."""
    for rule in knowledge().low_value:
        for one, other in product(sorted(rule.a), sorted(rule.b)):
            assert not any(flag.is_red for flag in flags(one, other)), (one, other)


def test_a_pair_on_both_lists_of_the_onc_is_amber():
    (flag,) = flags("sotalol", "citalopram")
    assert (flag.severity, flag.is_low_value) == (Severity.USUALLY_NOT, True)


def test_without_the_cap_such_a_pair_would_be_red(monkeypatch):
    monkeypatch.setattr(
        "patients.interactions.checking._never_red", lambda flag, _low: flag
    )
    assert worst("sotalol", "citalopram") == "avoid"


def test_every_entry_says_how_it_is_reviewed_and_by_whom_it_is_said():
    known = knowledge()
    rules = [*known.pairs, *known.low_value, *known.substances, *known.notes]
    assert len(PAIR_FILES) == 4 and len(rules) > 150
    for rule in rules:
        assert rule.review == "awaiting"
        assert rule.source and len(rule.source_date) == 10
    assert len({rule.id for rule in rules}) == len(rules)
