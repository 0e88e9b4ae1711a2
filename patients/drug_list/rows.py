"""Rows of the files as they are downloaded, a line at a time.

Sources: RxTerms README (pipe-separated, first line names the columns); RxNorm Technical
Documentation, sections on RXNCONSO.RRF and RXNATOMARCHIVE.RRF (pipe at the end of each
line, no line of names).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple

from patients.medicine_knowledge import parse
from patients.medicine_knowledge.keys import key

_words = str.split
RXTERMS_COLUMNS = frozenset(
    {"RXCUI", "TTY", "FULL_NAME", "BRAND_NAME", "STRENGTH", "NEW_DOSE_FORM"}
    | {"SUPPRESS_FOR", "IS_RETIRED"}
)
CONSO = _words(
    "RXCUI LAT TS LUI STT SUI ISPREF RXAUI SAUI SCUI SDUI SAB TTY CODE STR SRL "
    "SUPPRESS CVF"
)
ARCHIVE = _words(
    "RXAUI AUI STR ARCHIVE_TIMESTAMP CREATED_TIMESTAMP UPDATED_TIMESTAMP CODE IS_BRAND "
    "LAT LAST_RELEASED SAUI VSAB RXCUI SAB TTY MERGED_TO_RXCUI"
)
# Ingredients, brands, clinical drugs and packs: each concept has one such name.
TERM_TYPES = frozenset({"IN", "PIN", "MIN", "BN", "SCD", "SBD", "GPCK", "BPCK"})
LONGEST = {"full_name": 4000, "strength": 200, "form": 100, "name": 200}


class NotThisFile(ValueError):
    """A file that has not the documented columns; the message is a sentence."""


class Row(NamedTuple):
    """One code with its name, ready to be kept."""

    rxcui: str
    term_type: str
    full_name: str
    name: str
    generic: str
    strength: str = ""
    form: str = ""
    is_suppressed: bool = False
    is_retired: bool = False
    replaced_by: str = ""


def digest_of(full_name: str) -> str:
    """What finds a full name again, whatever its capitals and spaces."""
    return blake2b(key(full_name).encode(), digest_size=16).hexdigest()


def rxterms_rows(lines: Iterable[str]) -> Iterator[Row]:
    """The rows of RxTermsYYYYMM.txt. Raises NotThisFile without its line of names."""
    given = iter(lines)
    columns = next(given, "").lstrip("\ufeff").rstrip("\r\n").split("|")
    if RXTERMS_COLUMNS - set(columns):
        missing = ", ".join(sorted(RXTERMS_COLUMNS - set(columns)))
        raise NotThisFile(f"This is no RxTerms file: its first line lacks {missing}.")
    for line in given:
        cells = dict(zip(columns, line.rstrip("\r\n").split("|"), strict=False))
        if cells.get("RXCUI", "").isdigit() and cells.get("FULL_NAME"):
            yield _rxterms(cells)


def _rxterms(cells: dict[str, str]) -> Row:
    full_name = cells["FULL_NAME"]
    name, generic = _named(full_name, brand=cells["BRAND_NAME"].strip())
    return _cut(
        Row(
            rxcui=cells["RXCUI"],
            term_type=cells["TTY"],
            full_name=full_name,
            name=name,
            generic=generic,
            strength=cells["STRENGTH"],
            form=cells["NEW_DOSE_FORM"],
            is_suppressed=bool(cells["SUPPRESS_FOR"].strip()),
            is_retired=bool(cells["IS_RETIRED"].strip()),
        )
    )


def conso_rows(lines: Iterable[str]) -> Iterator[Row]:
    """RxNorm's own names in RXNCONSO.RRF. Raises NotThisFile for another layout."""
    for cells in _cells(lines, CONSO, "RXNCONSO.RRF"):
        own = (cells["SAB"], cells["LAT"]) == ("RXNORM", "ENG")
        if own and cells["TTY"] in TERM_TYPES:
            yield _conso(cells)


def _conso(cells: dict[str, str]) -> Row:
    full_name, term_type = cells["STR"], cells["TTY"]
    strength, form = "", ""
    if term_type in {"IN", "PIN", "MIN", "BN"}:
        name, generic = full_name, ""
    else:
        parsed = parse(full_name)
        name, generic = _named(full_name, brand=parsed.brand)
        strength = " / ".join(part.strength_words for part in parsed.parts)
        form = parsed.form
    suppressed = cells["SUPPRESS"] not in {"", "N"}
    row = Row(cells["RXCUI"], term_type, full_name, name, generic, strength, form)
    # O: obsolete at the source; E and Y: suppressed by the editors.
    return _cut(
        row._replace(is_suppressed=suppressed, is_retired=cells["SUPPRESS"] == "O")
    )


def archive_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Codes that are over, in RXNATOMARCHIVE.RRF, with what took their place."""
    for cells in _cells(lines, ARCHIVE, "RXNATOMARCHIVE.RRF"):
        rxnorm = cells["SAB"] == "RXNORM" and cells["TTY"] in TERM_TYPES
        if rxnorm and cells["RXCUI"].isdigit():
            merged = cells["MERGED_TO_RXCUI"]
            name, generic = _named(cells["STR"], brand=parse(cells["STR"]).brand)
            row = Row(cells["RXCUI"], cells["TTY"], cells["STR"], name, generic)
            yield _cut(
                row._replace(
                    is_retired=True,
                    replaced_by="" if merged == cells["RXCUI"] else merged,
                )
            )


def _cells(
    lines: Iterable[str], columns: list[str], called: str
) -> Iterator[dict[str, str]]:
    for number, line in enumerate(lines, start=1):
        cells = line.rstrip("\r\n").split("|")
        if len(cells) - 1 != len(columns):
            raise NotThisFile(
                f"This is no {called}: line {number} has {len(cells) - 1} columns, "
                f"not {len(columns)}."
            )
        yield dict(zip(columns, cells, strict=False))


def _named(full_name: str, *, brand: str) -> tuple[str, str]:
    """The name to choose by, and the generic names where it is a brand."""
    generic = " and ".join(
        dict.fromkeys(_small(part.name) for part in parse(full_name).ingredients)
    )
    return (brand, generic) if brand else (generic, "")


def _small(name: str) -> str:
    """`SERTRALINE` and `Aspirin` in small letters; `D3` and `B` stay."""
    return " ".join(
        w.lower() if w.isalpha() and len(w) > 2 else w for w in name.split()
    )


def _cut(row: Row) -> Row:
    """Within the columns; a name that is too long is no name to choose by."""
    return row._replace(
        full_name=row.full_name[: LONGEST["full_name"]],
        strength=row.strength[: LONGEST["strength"]],
        form=row.form[: LONGEST["form"]],
        name=row.name[: LONGEST["name"]],
        generic=row.generic[: LONGEST["name"]],
        rxcui=row.rxcui[:12],
        term_type=row.term_type[:8],
        replaced_by=row.replaced_by[:12],
    )
