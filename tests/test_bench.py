"""The benchmark measures what it says, and its page can be written."""

import argparse

import pytest
from django.core.management import call_command

from tests.bench import lists, pages, report, single, timing


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
    text = report.write([engine], printing, options=options)
    assert "Written by `the command`" in text
    for page in (*engine["lists"], *engine["pages"]):
        assert f"| {page['name']} |" in text
    assert "| summary, PDF |" in text
