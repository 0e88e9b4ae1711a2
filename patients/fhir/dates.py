"""FHIR dates: to the day, the month or the year, and never more than was said."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir.records import PartialDate

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?", re.ASCII)
EARLIEST_YEAR, LATEST_YEAR = 1850, 2200


def partial_date(value: Any) -> PartialDate | None:
    """`2015`, `2015-03`, `2015-03-08` or an instant; None for anything else.

    The day of an instant is the one written in the file, in the file's own zone.
    """
    match = _DATE.fullmatch(clean_text(value))
    if match is None:
        return None
    year, month, day = match.groups()
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        return None
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return PartialDate(found, "day" if day else "month" if month else "year")


def newest_first(found: PartialDate | None) -> tuple[bool, int]:
    """A sort key: later days first, no date last."""
    return (found is None, -found.date.toordinal() if found else 0)
