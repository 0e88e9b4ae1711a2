"""Papers of several pages: nothing is torn, and each page says whose it is."""

from datetime import date
from types import SimpleNamespace as Plain

import pypdfium2
import pytest

from carecoord import pdf

LINES = ["First line.", "Second line.", "Third line."]


@pytest.fixture(autouse=True)
def press():
    """As each web process does before its first request."""
    pdf.warm()


def pages(template: str, context: dict) -> list[str]:
    document = pypdfium2.PdfDocument(
        pdf.lay_out(template, context, title="Paper").pdf()
    )
    return [page.get_textpage().get_text_range() for page in document]


def packet(count: int) -> list[str]:
    return pages(
        "pdf/packet.html",
        {
            "recipient": Plain(
                name="Dale Whitcomb", organization="Crisis Team", reached_by=""
            ),
            "items": [
                Plain(title=f"Item {number}:", lines=LINES) for number in range(count)
            ],
            "patient": Plain(name="Amina Diallo", birth_date=date(1991, 2, 14)),
            "author": Plain(name="Bram Visser"),
            "reasons": Plain(ground_name="Threat", rule="45 CFR 164.512(j)"),
            "said": "",
            "printed": "Nov 25, 2026",
            "operator": Plain(name="Example Care", contact="(555) 010-0100"),
        },
    )


def accounting(count: int) -> list[str]:
    lines = [
        Plain(
            recipient=f"Person {number}:",
            days="Nov 1, 2026",
            address="1 Harbor Way",
            what="First line.",
            why="Third line.",
        )
        for number in range(count)
    ]
    day = date(2026, 11, 25)
    made = Plain(
        patient_name="Amina Diallo",
        since=day,
        made=day,
        part2_since=day,
        lines=lines,
        part2=[],
    )
    return pages("pdf/accounting.html", {"accounting": made, "law": ""})


@pytest.mark.security("T38")
@pytest.mark.parametrize(("make", "word"), [(packet, "Item"), (accounting, "Person")])
def test_nothing_is_torn_and_each_page_names_the_patient(make, word):
    found = make(40)
    assert len(found) > 2
    # The cover of a packet names nobody: it is read by whoever finds it.
    covers = 1 if make is packet else 0
    for number, text in enumerate(found, 1):
        assert ("Amina Diallo" in text) == (number > covers)
        assert make is not packet or text.count("Amina Diallo") <= 1, "said once"
        assert f"Page {number} of {len(found)}" in text
        assert text.count(f"{word} ") == text.count("Third line.")
    assert sum(text.count("Third line.") for text in found) == 40
