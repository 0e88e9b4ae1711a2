"""Days and instants of FHIR: an end is included to the last digit that is written.

Source: FHIR R4 Period ("if the end of the period is 2012-02-03, it includes that day").
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from carecoord import zones
from consents.fhir import codes, strict

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
_YEARS = range(1900, 2200)
# As long as the page lets the patient write it.
LONGEST_EVENT = 200


def is_moment(text: object) -> bool:
    """A day, a month, a year, or an instant with its zone, as FHIR writes them."""
    if not isinstance(text, str):
        return False
    try:
        start_of(text, "UTC")
    except ValueError:
        return False
    return True


def start_of(text: str, zone: str) -> datetime:
    """The first instant. Raises ValueError for what is not a moment."""
    if _INSTANT.fullmatch(text):
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        _check_year(found.year)
        return found
    year, month, day = _parts(text)
    return zones.start_of(date(year, month or 1, day or 1), zone)


def end_of(text: str, zone: str) -> datetime:
    """The first instant after it. Raises ValueError for what is not a moment."""
    if found := _INSTANT.fullmatch(text):
        digits = len(found.group(1) or ".") - 1
        return start_of(text, zone) + timedelta(seconds=1) / 10**digits
    year, month, day = _parts(text)
    if day:
        return zones.end_of(date(year, month, day), zone)
    first = date(year, month or 1, 1)
    return zones.start_of(zones.months_after(first, 1 if month else 12), zone)


def ends_when(period: strict.Json) -> str:
    """What ends it sooner, as this product writes it; its latest day stands anyway."""
    for each in strict.objects(period, "extension"):
        if each.get("url") == codes.ENDS_WHEN:
            return strict.name_of(each.get("valueString"), longest=LONGEST_EVENT)
    return ""


def written(at: datetime, zone: str) -> str:
    """An instant as FHIR writes it, on the patient's clock."""
    return zones.local(at, zone).isoformat()


def written_end(at: datetime, zone: str) -> str:
    """The last moment before an end that is not included."""
    tick = timedelta(microseconds=1) if at.microsecond else timedelta(seconds=1)
    return written(at - tick, zone)


def _parts(text: str) -> tuple[int, int, int]:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no day")
    year, month, day = (int(part or 0) for part in found.groups())
    date(year, month or 1, day or 1)
    _check_year(year)
    return year, month, day


def _check_year(year: int) -> None:
    if year not in _YEARS:
        raise ValueError("No permission is of that year.")
