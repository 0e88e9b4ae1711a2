"""`manage.py interactions NAME … --json`."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from patients.management.commands.parse_medicine import describe

KEYS = {
    "a",
    "b",
    "kind",
    "low_value",
    "rank",
    "red",
    "review",
    "rule",
    "sentence",
    "severity",
    "source",
    "source_date",
    "what_to_do",
}


def told(*names: str, **options) -> dict:
    out = io.StringIO()
    call_command("interactions", *names, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_the_flags_have_stable_keys_and_unknown_names_are_said():
    answer = told("phenelzine", "sertraline", "foozle")
    flag = answer["flags"][0]
    assert set(flag) == KEYS
    assert (flag["a"], flag["b"]) == ("sertraline", "phenelzine")
    assert (flag["severity"], flag["red"]) == ("Avoid together", True)
    assert answer["not_recognised"] == ["foozle"]
    assert answer["note"].endswith("not a complete check.")


def test_a_note_on_one_medicine_has_no_second_name():
    (note,) = told("lithium")["flags"]
    assert (note["b"], note["kind"], note["severity"]) == (None, "boxed", "Know about")


def test_names_are_read_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Zoloft\n\nNardil\n"))
    assert told("-")["flags"] == told("Zoloft", "Nardil")["flags"]


@pytest.mark.parametrize(
    ("medicine", "substance"),
    [("lithium", "LSD"), ("lithium", "magic mushrooms"), ("Zoloft", "ayahuasca")],
)
def test_psychedelics_are_checked_like_other_substances(medicine, substance):
    first = told(medicine, substance)["flags"][0]
    assert (first["red"], first["kind"]) == (True, "substance")
    assert "Pharmacopsychiatry" in first["source"] or "Callaway" in first["source"]


def test_allergies_and_conditions_take_part():
    answer = told(
        "amoxicillin", "valproate", allergy=["penicillin"], condition=["pregnant"]
    )
    assert {"allergy", "pregnancy"} <= {flag["kind"] for flag in answer["flags"]}


def test_for_people_it_is_read_as_lines():
    out = io.StringIO()
    call_command("interactions", "lithium", "ibuprofen", "foozle", stdout=out)
    said = out.getvalue()
    assert "Usually not together: lithium + ibuprofen" in said
    assert "Not recognised: foozle" in said
    assert "not a complete check" in said


def test_an_empty_name_is_left_out_and_only_empty_ones_are_refused():
    assert told("sertraline", " ") == told("sertraline")
    with pytest.raises(CommandError, match="Give at least one medicine"):
        told("", " ")


@pytest.mark.django_db
def test_every_field_of_both_commands_is_told_of_in_the_manual():
    manual = (settings.BASE_DIR / "docs" / "operations.md").read_text("utf-8")
    told_of = set(re.findall(r"`([a-z_]+)`", manual))
    (flag, *_rest) = told("Zoloft", "Nardil")["flags"]
    assert set(flag) | set(told("Zoloft")) <= told_of
    read = describe("Zoloft 50mg")
    assert set(read) | set(read["ingredients"][0]) <= told_of
