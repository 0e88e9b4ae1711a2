"""Small files in the documented layout, written here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

RXTERMS = (
    "RXCUI|GENERIC_RXCUI|TTY|FULL_NAME|RXN_DOSE_FORM|FULL_GENERIC_NAME|BRAND_NAME|"
    "DISPLAY_NAME|ROUTE|NEW_DOSE_FORM|STRENGTH|SUPPRESS_FOR|DISPLAY_NAME_SYNONYM|"
    "IS_RETIRED|SXDG_RXCUI|SXDG_TTY|SXDG_NAME|PSN"
)
SERTRALINE = (
    "312941||SCD|sertraline 50 MG Oral Tablet|Oral Tablet|sertraline 50 MG Oral Tablet"
    "||sertraline (Oral Pill)|Oral Pill|Tab|50 mg||||1163000|SCDG|sertraline Pill|x"
)
ZOLOFT = (
    "208149|312941|SBD|sertraline 50 MG Oral Tablet [Zoloft]|Oral Tablet|"
    "sertraline 50 MG Oral Tablet|ZOLOFT|Zoloft (Oral Pill)|Oral Pill|Tab|50 mg||||"
    "1186000|SBDG|Zoloft Pill|x"
)
FOREIGN = (
    "900001||SCD|reboxetine 4 MG Oral Tablet|Oral Tablet|reboxetine 4 MG Oral Tablet"
    "||reboxetine (Oral Pill)|Oral Pill|Tab|4 mg||||1|SCDG|reboxetine Pill|x"
)
EDRONAX = (
    "900002|900001|SBD|reboxetine 4 MG Oral Tablet [Edronax]|Oral Tablet|"
    "reboxetine 4 MG Oral Tablet|Edronax|Edronax (Oral Pill)|Oral Pill|Tab|4 mg||||"
    "1|SBDG|Edronax Pill|x"
)


def rxterms(folder: Path, *rows: str, name: str = "RxTerms202611.txt") -> str:
    path = folder / name
    path.write_text("\n".join([RXTERMS, *rows, ""]), encoding="utf-8")
    return str(path)


def conso(
    folder: Path, rows: Iterable[tuple[str, str, str, str]], name: str = "RXNCONSO.RRF"
) -> str:
    """Each row is rxcui, term type, name, SUPPRESS."""
    lines = [
        f"{code}|ENG||||||{code}1|{code}1|{code}||RXNORM|{kind}|{code}|{text}||{gone}|"
        "4096|"
        for code, kind, text, gone in rows
    ]
    path = folder / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return str(path)


def archive(folder: Path, rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Each row is rxcui, term type, name, the code it was merged into."""
    lines = [
        f"1||{text}|07/01/2010|01/01/2005|07/01/2010|{code}||ENG|2010_07||RXNORM|"
        f"{code}|RXNORM|{kind}|{merged}|"
        for code, kind, text, merged in rows
    ]
    path = folder / "RXNATOMARCHIVE.RRF"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return str(path)
