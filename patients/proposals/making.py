"""The proposals of one file: each medicine once, each allergy and diagnosis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from consents.codes import LABELS
from patients.codes import ConditionStatus, Criticality
from patients.fhir import (
    ImportedAllergy,
    ImportedBundle,
    ImportedCondition,
    ImportedMedicine,
    NoneStatement,
    Proposal,
    dosage_line,
    gather,
)
from patients.proposals.comparing import Compared, compare_again, status_of
from patients.proposals.content import Imported, encode
from patients.proposals.kinds import Kind
from patients.proposals.standing import Standing

LONGEST_NAME = 300


@dataclass(frozen=True)
class Row:
    """One proposal as it is kept. `times`: how often the file says it."""

    kind: str
    name: str
    line: str
    content: str
    compared: Compared
    labels: int = 0
    never_active: bool = False
    times: int = 1
    part2_origin: bool = False


def holds_something(bundle: ImportedBundle) -> bool:
    """Whether a file says anything that becomes a proposal."""
    return bool(
        bundle.medicines or bundle.allergies or bundle.conditions or bundle.statements
    )


def rows_of(bundle: ImportedBundle, standing: Standing) -> list[Row]:
    """Every proposal of a file, beside what the record holds now."""
    return [
        *(_medicine(one, standing) for one in gather(bundle.medicines)),
        *(_allergy(one, standing) for one in bundle.allergies),
        *(_condition(one, standing) for one in bundle.conditions),
        *_statements(bundle, standing),
    ]


def _row(kind: str, imported: Imported, standing: Standing, **more) -> Row:
    labels = getattr(imported, "proposed_labels", ())
    apart = _is_apart(imported)
    return Row(
        kind=kind,
        content=encode(imported),
        compared=Compared() if apart else compare_again(imported, standing),
        labels=LABELS.mask(*labels),
        never_active=apart,
        part2_origin=getattr(imported, "part2_origin", False),
        **{**more, "name": more["name"][:LONGEST_NAME]},
    )


def _is_apart(imported: Imported) -> bool:
    """Entered by mistake there, refuted, or about another person of the file."""
    return bool(
        getattr(imported, "never_active", False)
        or getattr(imported, "about_someone_else", False)
    )


def _medicine(proposal: Proposal, standing: Standing) -> Row:
    medicine = proposal.medicine
    whole = replace(medicine, notes=(*medicine.notes, *proposal.notes))
    return _row(
        Kind.MEDICINE,
        whole,
        standing,
        name=medicine.name,
        line=dosage_line(medicine),
        times=proposal.times,
    )


def _allergy(allergy: ImportedAllergy, standing: Standing) -> Row:
    kind = Kind.ALLERGY
    if allergy.is_no_known and allergy.none_about == "any":
        kind = Kind.NO_ALLERGIES
    elif allergy.is_no_known or allergy.is_no_information:
        kind = Kind.STATEMENT
    return _row(
        kind, allergy, standing, name=allergy.substance, line=allergy_line(allergy)
    )


def allergy_line(allergy: ImportedAllergy) -> str:
    """Reaction and how dangerous, as far as the file says it."""
    danger = {
        "high": Criticality.HIGH.label,
        "low": Criticality.LOW.label,
    }.get(allergy.criticality, "")
    return ". ".join(part for part in (", ".join(allergy.reactions), danger) if part)


def _condition(condition: ImportedCondition, standing: Standing) -> Row:
    says_none = condition.is_no_known or condition.is_no_information
    return _row(
        Kind.STATEMENT if says_none else Kind.CONDITION,
        condition,
        standing,
        name=condition.name,
        line="" if says_none else condition_line(condition),
    )


def condition_line(condition: ImportedCondition) -> str:
    said = ConditionStatus(status_of(condition)).label
    if condition.onset_date:
        since = _("%(status)s. Began %(when)s")
        return since % {"status": said, "when": condition.onset_date.text}
    return said


def _statements(bundle: ImportedBundle, standing: Standing) -> Iterator[Row]:
    """An empty section that says "none" or "not known"."""
    said_already = any(one.is_no_known for one in bundle.allergies)
    for statement in bundle.statements:
        none = _is_no_allergies(statement) and not said_already
        yield _row(
            Kind.NO_ALLERGIES if none else Kind.STATEMENT,
            statement,
            standing,
            name=statement.sentence,
            line="",
        )


def _is_no_allergies(statement: NoneStatement) -> bool:
    return (statement.about, statement.reason) == ("allergies", "none")


__all__ = ["ImportedMedicine", "Row", "allergy_line", "condition_line", "rows_of"]
