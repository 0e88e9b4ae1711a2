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
