"""The benchmark measures what it says, and its page can be written."""

import argparse

import pytest
from django.core.management import call_command

from tests.bench import lists, pages, report, single, timing
from tests.patients import bench_flags


def test_what_is_compared_takes_turns():
    order = []
    acts = {name: lambda name=name: order.append(name) for name in "ab"}
    found = timing.in_turns(acts, rounds=2)
    assert order == list("ababab")
    assert set(found) == set("ab")


@pytest.mark.django_db
def test_each_part_measures_and_the_page_is_written(settings, monkeypatch):
    only = {"summary, PDF": pages.PAGES["summary, PDF"]}
    monkeypatch.setattr(pages, "PAGES", only)
    call_command("demo_data", patients=20, updates=400, verbosity=0)
    engine = {
        "engine": "An engine 1.0",
        "making": 1.0,
        "lists": lists.measure(1),
        "single": single.measure(1, count=4),
        "pages": pages.measure(1),
    }
    assert [page["rows"] for page in engine["lists"]][-1] == lists.PAGE
    assert engine["single"]["reasons"]["not on the care team"] > 0
    printing = {"cold": {"starting": 1.0}, "warm": {"one page": 100.0}}
    options = argparse.Namespace(patients=20, updates=400, command="the command")
    engine_of_medicines = medicines_of("An engine 1.0", median=3.0)
    text = report.write([engine], printing, [engine_of_medicines], options=options)
    assert "Written by `the command`" in text
    for page in (*engine["lists"], *engine["pages"]):
        assert f"| {page['name']} |" in text
    assert "| summary, PDF |" in text
    assert "| An engine 1.0 | 3 |" in text and "| 500 lines |" in text
    again = report.with_medicines(text, [medicines_of("Another 2.0", median=9.0)])
    assert "| Another 2.0 | 9 |" in again and "| An engine 1.0 | 3 |" not in again
    assert again.count("## Names and warnings") == 1
    for heading in ("# Benchmarks", "## Whole pages", "## How the engines go"):
        assert again.count(heading) == 1
    older = text.replace(text[text.index("## Names") : text.index("## How")], "")
    assert report.with_medicines(older, [engine_of_medicines]) == text


def medicines_of(name: str, *, median: float) -> dict:
    return {
        "engine": name,
        "codes": 120_000,
        "filling": 1.0,
        "suggesting": {"median": median, "p95": 8.0, "slowest": 20.0},
        "flags": bench_flags.measure(),
    }


@pytest.mark.slow
def test_lists_of_ten_fifty_and_five_hundred_are_checked():
    checks = bench_flags.measure()["checks"]
    assert [check["lines"] for check in checks] == [10, 50, 500]
    assert all(check["took"] > 0 for check in checks)
    assert checks[0]["flags"] < checks[-1]["flags"]
