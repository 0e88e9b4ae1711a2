"""A complete list is kept once, however often it is read, and loses no code."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from patients.drug_list import known_rxcui, products_of, suggest
from patients.drug_list.loading import BATCH, load
from patients.drug_list.rows import Row
from patients.models import ListedMedicine, ListedName, NameGram
from tests.patients.drug_list import files

pytestmark = pytest.mark.django_db


def run(command: str, *names: str) -> str:
    out = io.StringIO()
    call_command(command, *names, stdout=out)
    return out.getvalue()


def state() -> list[tuple]:
    columns = ("source", "rxcui", "full_name", "named__key", "strength", "form")
    listed = ListedMedicine.objects.order_by("rxcui")
    return list(listed.values_list(*columns, "retired_date"))


def names(typed: str) -> list[str]:
    return [one.name for one in suggest(typed)]


def test_rxterms_is_read_in_its_documented_layout(tmp_path):
    path = files.rxterms(tmp_path, files.SERTRALINE, files.ZOLOFT)
    said = run("import_rxterms", path)
    assert "2 codes and 2 names are there now. 0 codes were retired." in said
    line = ListedMedicine.objects.get(rxcui="208149")
    assert (line.full_name, line.strength, line.form, line.release) == (
        "sertraline 50 MG Oral Tablet [Zoloft]",
        "50 mg",
        "Tab",
        "202611",
    )
    assert (line.named.name, line.named.generic) == ("ZOLOFT", "sertraline")


def test_the_same_file_twice_changes_nothing(tmp_path):
    path = files.rxterms(tmp_path, files.SERTRALINE, files.ZOLOFT)
    run("import_rxterms", path)
    before, grams = state(), NameGram.objects.count()
    run("import_rxterms", path)
    assert (state(), NameGram.objects.count()) == (before, grams)
    assert ListedName.objects.count() == 2


def test_a_code_that_is_gone_is_retired_and_not_lost_and_comes_back(tmp_path):
    whole = files.rxterms(tmp_path, files.SERTRALINE, files.FOREIGN, files.EDRONAX)
    less = files.rxterms(tmp_path, files.SERTRALINE, name="RxTerms202612.txt")
    run("import_rxterms", whole)
    assert names("reboxetine") == ["reboxetine"]
    assert "2 codes were retired" in run("import_rxterms", less)
    gone = ListedMedicine.objects.get(rxcui="900001")
    assert gone.retired_date and gone.full_name == "reboxetine 4 MG Oral Tablet"
    assert known_rxcui("reboxetine 4 MG Oral Tablet") == "900001"
    assert "reboxetine" not in names("reboxetine")
    assert products_of("reboxetine") == []
    run("import_rxterms", whole)
    assert ListedMedicine.objects.get(rxcui="900001").retired_date is None
    assert names("edronax") == ["reboxetine"]


def test_what_the_list_marks_as_retired_or_not_to_be_shown_is_not_offered(tmp_path):
    retired = files.FOREIGN.replace("4 mg||||", "4 mg|||Y|")
    hidden = files.EDRONAX.replace("4 mg||||", "4 mg|gen|||")
    run("import_rxterms", files.rxterms(tmp_path, retired, hidden))
    assert ListedMedicine.objects.get(rxcui="900001").retired_date
    assert "reboxetine" not in names("reboxetine") + names("edronax")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "lacks BRAND_NAME"), ("RXCUI|TTY\n1|SCD\n", "lacks BRAND_NAME, FULL_NAME")],
)
def test_a_file_without_its_columns_is_refused_with_a_sentence(
    tmp_path, text, sentence
):
    path = tmp_path / "RxTerms.txt"
    path.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        run("import_rxterms", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_rxterms", str(tmp_path / "none.txt"))


CONSO = [
    ("36437", "IN", "sertraline", "N"),
    ("82728", "BN", "Zoloft", "N"),
    ("312941", "SCD", "sertraline 50 MG Oral Tablet", "N"),
    ("208149", "SBD", "sertraline 50 MG Oral Tablet [Zoloft]", "N"),
    ("900005", "BN", "Edronax", "N"),
    ("900002", "SBD", "reboxetine 4 MG Oral Tablet [Edronax]", "N"),
    ("900003", "SCD", "reboxetine 2 MG Oral Tablet", "O"),
    ("900004", "SCDF", "reboxetine Oral Tablet", "N"),
]


def test_rxnorm_is_read_in_its_documented_layout(tmp_path):
    run("import_rxnorm", files.conso(tmp_path, CONSO))
    assert set(ListedMedicine.objects.values_list("rxcui", flat=True)) == {
        code for code, kind, *_rest in CONSO if kind != "SCDF"
    }
    branded = ListedMedicine.objects.get(rxcui="900002")
    assert (branded.strength, branded.form) == ("4 mg", "Oral Tablet")
    assert branded.named.generic == "reboxetine"
    assert ListedMedicine.objects.get(rxcui="900003").retired_date
    assert [(one.name, one.brand) for one in suggest("edronax")] == [
        ("reboxetine", "Edronax")
    ]


def test_codes_that_are_over_keep_what_took_their_place(tmp_path):
    current = files.conso(tmp_path, CONSO)
    over = [("111", "SCD", "sertraline 50 MG Oral Tablet [Old]", "312941"),
            ("312941", "SCD", "an older name", "312941")]  # fmt: skip
    run("import_rxnorm", files.archive(tmp_path, over), current)
    gone = ListedMedicine.objects.get(rxcui="111")
    assert gone.retired_date and gone.replaced_by == "312941"
    assert ListedMedicine.objects.get(rxcui="312941").retired_date is None
    with pytest.raises(CommandError, match="Name RXNCONSO.RRF too"):
        run("import_rxnorm", files.archive(tmp_path, over))


def test_a_line_of_another_layout_is_refused_with_its_number(tmp_path):
    path = tmp_path / "RXNCONSO.RRF"
    path.write_text("1|ENG|x|\n")
    with pytest.raises(CommandError, match="line 1 has 3 columns, not 18"):
        run("import_rxnorm", str(path))


def made(number: int) -> Row:
    name = f"substance{number // 4:05d}"
    return Row(str(number), "SCD", f"{name} {number} MG Oral Tablet", name, "")


def test_an_import_that_breaks_off_retires_nothing_and_can_be_run_again():
    day = dt.date(2026, 11, 25)
    terms = {"source": "rxterms", "release": "202611", "on": day}
    load(map(made, range(BATCH + 50)), **terms)

    def broken():
        yield from map(made, range(BATCH))
        raise OSError("the disk is gone")

    with pytest.raises(OSError):
        load(broken(), **terms)
    assert not ListedMedicine.objects.exclude(retired_date=None).exists()
    loaded = load(map(made, range(BATCH)), **terms)
    assert (loaded.codes, loaded.retired) == (BATCH, 50)


def test_a_file_that_looks_cut_short_retires_nothing_unless_it_is_meant(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("patients.drug_list.loading.CUT_SHORT", 1)
    run("import_rxterms", files.rxterms(tmp_path, files.SERTRALINE, files.ZOLOFT,
                                        files.FOREIGN))  # fmt: skip
    short = files.rxterms(tmp_path, files.SERTRALINE)
    with pytest.raises(CommandError, match="lacks 2 that were there"):
        run("import_rxterms", short)
    assert not ListedMedicine.objects.exclude(retired_date=None).exists()
    assert "2 codes were retired" in run("import_rxterms", short, "--retire-many")
    with pytest.raises(CommandError, match="names no medicine"):
        run("import_rxterms", files.rxterms(tmp_path))
    assert ListedMedicine.objects.filter(retired_date=None).count() == 1


def test_a_code_that_the_file_names_twice_is_kept_as_it_was_named_first():
    rows = [made(1), made(2)._replace(rxcui="1")]
    load(rows, source="rxterms", release="", on=dt.date(2026, 11, 25))
    assert ListedMedicine.objects.get().full_name == made(1).full_name


@pytest.mark.parametrize("typed", ["substanc", "sabstance00012", "substance00012"])
def test_a_name_of_the_list_is_suggested_begun_and_misspelled(typed):
    rows = map(made, range(200))
    load(rows, source="rxnorm", release="", on=dt.date(2026, 11, 25))
    assert any(name.startswith("substance") for name in names(typed))


def test_what_both_lists_know_is_offered_once_under_one_name(tmp_path):
    run("import_rxterms", files.rxterms(tmp_path, files.SERTRALINE, files.ZOLOFT))
    assert [(one.name, one.brand) for one in suggest("zolof")] == [
        ("sertraline", "Zoloft")
    ]
    assert [(one.strength, one.form) for one in products_of("zoloft")] == [
        ("50 mg", "Tab")
    ]


def test_a_code_of_the_starter_list_that_rxnorm_gives_to_something_else_is_said(
    tmp_path,
):
    right = [
        ("36437", "IN", "sertraline", "N"),
        ("4099", "IN", "estrogens, conjugated (USP)", "N"),
        ("352364", "MIN", "buprenorphine / naloxone", "N"),
        ("1365653", "IN", "reboxetine", "N"),
    ]
    assert "in the starter list" not in run(
        "import_rxnorm", files.conso(tmp_path, right)
    )
    wrong = [*right[1:], ("36437", "IN", "triflupromazine", "N")]
    assert (
        "36437 is triflupromazine in RxNorm, and sertraline in the starter list."
        in run("import_rxnorm", files.conso(tmp_path, wrong))
    )
