"""No sentence for a person holds a word that only those who build such a service know.

What somebody has to say to the staff of another system, FHIR and .json, is explained
where it stands: "one that another health system saved (FHIR, ending in .json)".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.sweeps.code import Module, at, calls, module, modules

TECHNICAL = re.compile(
    r"(?<!\.)\b(?:json|xml|csv|utf-?8|http|urls?|uuids?|databases?|servers?|tokens?|"
    r"cookies?|strings?|integers?|booleans?|invalid|pars(?:e|ed|ing)|encod(?:ed|ing)|"
    r"bundles?|resources?|malformed|schemas?|null|regex|timestamps?|bytes?|nested|"
    r"submit(?:ted)?|cached?)\b",
    re.IGNORECASE,
)
EXPLAINED = "(FHIR, ending in .json)"
# What a person reads: texts to be translated, and errors shown as they are.
SPEAKING = {
    *("_", "_now", "gettext", "gettext_lazy", "gettext_noop", "ngettext"),
    *("ValidationError", "UnreadableFile", "LeftOut", "ImportRefused"),
}
# A command for whoever runs the service may name things by their names.
BEHIND = ("management", "checks", "settings", "jurisdiction")


def sentences(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for call, name in calls(tree):
        if name.rpartition(".")[2] in SPEAKING:
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node, node.value


def faults(found: Iterable[Module]) -> list[str]:
    said = [
        at(each, node, f"says {text!r}")
        for each in found
        if not each.is_part_of(*BEHIND)
        for node, text in sentences(each.tree)
        if " " in text and (TECHNICAL.search(text) or _unexplained(text))
    ]
    return list(dict.fromkeys(said))


def _unexplained(text: str) -> bool:
    left = text.replace(EXPLAINED, "").replace("(FHIR R4)", "")
    return bool(re.search(r"\bFHIR\b", left))


def test_no_sentence_for_a_person_holds_a_technical_word():
    assert faults(modules()) == []


def test_the_sweep_sees_what_it_is_for():
    seeded = (
        'UnreadableFile("This file is not JSON, or it is damaged.")\n'
        'ValidationError(_("Invalid value for the field."))\n'
        '_("Ask for a FHIR file.")\n'
        '_("It must be one that was saved (FHIR, ending in .json).")\n'
    )
    assert len(faults([module("patients.forms.seeded", seeded)])) == 3
