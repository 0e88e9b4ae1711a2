"""docs/security-tests.md: each case of the security requirements, and its tests.

Written with docs/capabilities.md: `python -m tests.capabilities` (make docs).

A test says which case it proves: `@pytest.mark.security("T06", "L01")`. The cases stand
in security.toml. One without a test needs a reason: `absent` (it cannot happen here),
or, outside of NOW, `later`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from tests.capabilities import ROOT, Proof, marks

CASES = ROOT / "tests" / "security.toml"
PAGE = ROOT / "docs" / "security-tests.md"


def _numbers(letter: str, first: int, last: int) -> list[str]:
    return [f"{letter}{number:02}" for number in range(first, last + 1)]


LEAKS = _numbers("L", 1, 27)
TESTS = _numbers("T", 1, 100)
# What must be proved now: consent and disclosure whole, and every leak of others.
NOW = {*_numbers("T", 1, 38), *_numbers("T", 87, 95), *LEAKS}
HEAD = """\
# Security tests

Written by `make docs` from tests/security.toml and from the marks on tests; do not
edit. T01 to T100 are the requirements, L01 to L27 are leaks that happened in comparable
systems ([threat-model.md](threat-model.md) says where each is stopped here).
{proved} of {all} cases have a test, {absent} cannot happen here and say why, {later}
are for later. "Here" says how the case differs in this product, where it does.

"""
TABLE = """\
## {title}

| # | what must hold | here | tests |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Case:
    """One case. At most one of `absent` and `later` stands, and then no test does."""

    number: str
    what: str
    here: str = ""
    absent: str = ""
    later: str = ""


@cache
def cases() -> dict[str, Case]:
    table = tomllib.loads(CASES.read_text())
    return {number: Case(number, **case) for number, case in table.items()}


@cache
def proofs() -> tuple[Proof, ...]:
    """Every mark on every test, in the order of the files."""
    return marks("security")


def proofs_of(number: str) -> list[Proof]:
    return [proof for proof in proofs() if proof.number == number]


def faults() -> list[str]:
    """Cases that are not proved, or said to be what they are not, as sentences."""
    found = [
        f"{proof.path}: {proof.test} names {proof.number}, which is no case."
        for proof in proofs()
        if proof.number not in cases()
    ]
    for case in cases().values():
        proved, excused = bool(proofs_of(case.number)), case.absent or case.later
        if case.later and case.number in NOW:
            found.append(f"{case.number} has to be proved now.")
        if proved and excused:
            found.append(f"{case.number} has a test and a reason to have none.")
        if not proved and not excused:
            found.append(f"{case.number} has neither a test nor a reason.")
    return found


def page() -> str:
    """The whole text."""
    proved = [number for number in cases() if proofs_of(number)]
    text = HEAD.format(
        proved=len(proved),
        all=len(cases()),
        absent=sum(bool(case.absent) for case in cases().values()),
        later=sum(bool(case.later) for case in cases().values()),
    )
    tables = []
    for title, letter in (("Requirements", "T"), ("Leaks of others", "L")):
        lines = [_line(case) for case in cases().values() if case.number[0] == letter]
        tables.append(TABLE.format(title=title) + "".join(lines))
    return text + "\n".join(tables)


def _line(case: Case) -> str:
    tests = dict.fromkeys(str(proof) for proof in proofs_of(case.number))
    stand = "<br>".join(tests) or "not yet"
    if case.absent:
        stand = f"cannot happen here: {case.absent}"
    if case.later:
        stand = f"later: {case.later}"
    return f"| {case.number} | {case.what} | {case.here} | {stand} |\n"
