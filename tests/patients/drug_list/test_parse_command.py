"""`manage.py parse_medicine` prints the parts of a name for checking from outside."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from tests.patients.drug_list import files

pytestmark = pytest.mark.django_db


def parsed(*names: str) -> list[dict]:
    out = io.StringIO()
    call_command("parse_medicine", *names, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_part_of_a_name_is_printed():
    [one] = parsed("quetiapine 25 MG Oral Tablet [Seroquel]")
    assert one["ingredients"] == [
        {"name": "quetiapine", "strength": 25, "unit": "MG", "words": "25 mg",
         "rxcui": "51272"}
    ]  # fmt: skip
    assert (one["strengths"], one["units"]) == ([25], ["MG"])
    assert (one["form"], one["brand"]) == ("Oral Tablet", "Seroquel")
    assert (one["rxcui"], one["rxcui_is_of"]) == ("51272", "ingredient")


def test_names_as_people_type_them_and_several_at_once():
    zoloft, lithium = parsed("Zoloft 50mg", "lithium carbonate ER 450 mg")
    assert zoloft["ingredients"][0]["name"] == "sertraline"
    assert zoloft["brand"] == "Zoloft" and zoloft["strengths"] == [50]
    assert lithium["form"] == "Extended Release" and lithium["rxcui"] == "6448"


def test_a_pack_prints_what_is_in_it():
    [pack] = parsed(
        "{21 (ethinyl estradiol 0.02 MG / levonorgestrel 0.1 MG Oral Tablet) / "
        "7 (inert ingredients 1 MG Oral Tablet) } Pack [Lutera 28 Day]"
    )
    assert [item["count"] for item in pack["contents"]] == [21, 7]
    assert [part["strength"] for part in pack["ingredients"]] == [0.02, 0.1, 1]
    assert pack["brand"] == "Lutera 28 Day"


def test_the_code_of_a_whole_name_comes_from_the_imported_list(tmp_path):
    call_command("import_rxterms", files.rxterms(tmp_path, files.SERTRALINE))
    [one] = parsed("sertraline 50 MG Oral Tablet")
    assert (one["rxcui"], one["rxcui_is_of"]) == ("312941", "name")


def test_names_are_read_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Prozac\n\nzinc 50 mg\n"))
    assert [one["name"] for one in parsed("-")] == ["Prozac", "zinc 50 mg"]


def test_without_json_a_sentence_is_printed():
    out = io.StringIO()
    call_command("parse_medicine", "Zoloft 50mg", stdout=out)
    assert out.getvalue() == "sertraline 50 mg, [Zoloft], RxCUI 36437\n"
