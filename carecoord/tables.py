"""Tables as files that a spreadsheet opens, without running what stands in them.

A cell that begins like a formula gets an apostrophe in front, which a spreadsheet
shows as text (OWASP, CSV injection; SECURITY T47). `plain` takes it away again, so
that nothing is lost.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# The wide ones too: a spreadsheet of East Asia reads them alike.
FORMULAS = (*"=+-@|%", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")
MARK = "'"


def cell(text: object) -> str:
    """The text as it may stand in a file."""
    text = str(text)
    return MARK + text if text.startswith((*FORMULAS, MARK)) else text


def plain(text: str) -> str:
    """The text of a cell that was read back."""
    return text.removeprefix(MARK)


def table(rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180: every cell in quotes."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(map(cell, row) for row in rows)
    return file.getvalue()


def response(rows: Iterable[Sequence[object]], *, name: str) -> HttpResponse:
    """A download; with a mark at the beginning, or Excel reads names wrongly."""
    answer = HttpResponse(
        "\ufeff" + table(rows), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
