"""Several permits of one file for one person as one permission that is not wider.

A permission here is kinds times labels. In FHIR each permit has its own: what is
unlabelled in one rule, what is labelled in the next. Only what all of them have in
common is one permission.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_

from django.utils.translation import gettext as _

from consents.codes import CATEGORIES, LABELS
from consents.fhir.rules import Named, Rule
from consents.windows import WINDOWED


@dataclass(frozen=True)
class Permit:
    """One permit of a file, for one recipient."""

    recipient: Named
    categories: int
    # Only what carries a label; else only what carries none.
    is_labelled: bool
    labels: int
    purposes: int
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    since: str
    disclosers: tuple[Named, ...]
    ends_event: str
    said: tuple[str, ...]

    @property
    def frame(self) -> tuple:
        return (
            *(self.recipient, self.disclosers, self.purposes),
            *(self.starts, self.ends, self.ends_event),
        )


def merged(permits: list[Permit]) -> tuple[list[Rule], list[str]]:
    """One rule for each frame, and sentences for what was left out whole."""
    frames: dict[tuple, list[Permit]] = {}
    for permit in permits:
        frames.setdefault(permit.frame, []).append(permit)
    rules = [_rule(each) for each in frames.values()]
    left = [] if all(rule.categories for rule in rules) else [_nothing_ordinary()]
    return [rule for rule in rules if rule.categories], left


def without(rule: Rule, denies: tuple[int, int]) -> Rule:
    """Less whatever the same permission denies to anybody: in doubt to this one too."""
    kinds, topics = denies
    return replace(
        rule, categories=rule.categories & ~kinds, labels=rule.labels & ~topics
    )


def less_denied(rules: list[Rule]) -> list[Rule]:
    """Each deny, then the permits less what another permission of the file denies to
    the same person: of somebody unknown here no deny can be signed, but a permit can.
    """
    denies = [rule for rule in rules if rule.effect == "deny"]
    permits = [
        without(rule, denied_to_anybody([each for each in denies if _same(each, rule)]))
        for rule in rules
        if rule.effect != "deny"
    ]
    return [*denies, *(rule for rule in permits if rule.categories)]


def _same(one: Rule, other: Rule) -> bool:
    """Whether two rules may mean one person: rather too often."""
    first, second = one.recipient, other.recipient
    names = {" ".join(each.name.split()).casefold() for each in (first, second)}
    by_number = any(
        mine and mine == theirs
        for mine, theirs in ((first.id, second.id), (first.npi, second.npi))
    )
    return by_number or len(names) == 1


def denied_to_anybody(denies: list[Rule]) -> tuple[int, int]:
    """Kinds and topics, once for all permits: a file may hold thousands of both."""
    kinds = topics = 0
    for deny in denies:
        if deny.labels:
            topics |= deny.labels
        else:
            kinds |= deny.categories
    return kinds, topics


def _rule(permits: list[Permit]) -> Rule:
    said = [sentence for permit in permits for sentence in permit.said]
    plain = [permit for permit in permits if not permit.is_labelled]
    marked = [permit for permit in permits if permit.is_labelled]
    kinds = _kinds(plain, said)
    topics = _topics(marked, kinds, said)
    first = permits[0]
    return Rule(
        effect="permit",
        recipient=first.recipient,
        categories=kinds,
        labels=topics,
        purposes=first.purposes,
        starts=first.starts,
        ends=first.ends,
        since=tuple(
            sorted(
                {
                    each.since
                    for each in permits
                    if each.since and each.categories & kinds
                }
            )
        ),
        disclosers=first.disclosers,
        ends_event=first.ends_event,
        said=tuple(dict.fromkeys(said)),
    )


def _kinds(plain: list[Permit], said: list[str]) -> int:
    """The kinds that can be kept with their dates, and medicines with allergies."""
    kinds = _any(permit.categories for permit in plain)
    limited = _any(permit.categories for permit in plain if permit.since)
    # What stands outside of "how far back" cannot be shared from a day on.
    kept = kinds & ~(limited & ~WINDOWED)
    if kept != kinds:
        said.append(
            _(
                "The file shares a list only from a day on. Here a list is "
                "shared whole, so it is left out."
            )
        )
    both = CATEGORIES.mask("medications", "allergies")
    if kept & both == CATEGORIES["medications"]:
        said.append(
            _(
                "Medicines are shared only together with allergies, so they "
                "are left out."
            )
        )
        kept &= ~CATEGORIES["medications"]
    return kept


def _topics(marked: list[Permit], kinds: int, said: list[str]) -> int:
    """The labels that are shared for every kind, and as far back as it is."""
    shared = [
        _any(permit.labels for permit in marked if _reach(permit) & code.bit)
        for code in CATEGORIES.of(kinds)
    ]
    topics = reduce(and_, shared, LABELS.all) if shared else 0
    if topics != _any(permit.labels for permit in marked):
        said.append(
            _("A sensitive topic is shared for some kinds only. It is left out here.")
        )
    if not marked:
        said.append(
            _(
                "The file names no sensitive topic. Tick one yourself if "
                "you want to share it."
            )
        )
    return topics


def _reach(permit: Permit) -> int:
    """The kinds of a permit that can be kept with its date."""
    return permit.categories & WINDOWED if permit.since else permit.categories


def _any(masks) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _nothing_ordinary() -> str:
    return _(
        "A rule in this file shares nothing that can be shared "
        "alone here. It is left out."
    )
