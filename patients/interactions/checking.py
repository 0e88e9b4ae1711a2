"""The check itself: every rule over everything taken, each pair told of once.

Rules are walked, not pairs: things are indexed by ingredient first, so that a list of
500 costs what its flags cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import combinations, product

from django.utils.translation import gettext as _

from patients.interactions import intolerances
from patients.interactions.codes import Kind, Severity
from patients.interactions.flags import Condition, Flag, Intolerance, Stopped, Taken
from patients.interactions.knowledge import Rule, knowledge

OWN_SOURCE = ("Rule of this service: doubled medicines", "2026-11-25")
# Several strengths of one medicine are common; one name twice is only told of.
BY_NAME = {True: Severity.KNOW_ABOUT, False: Severity.USUALLY_NOT}

Index = Mapping[str, list[Taken]]


def check(
    taken: Iterable[Taken],
    *,
    intolerant: Iterable[Intolerance] = (),
    conditions: Iterable[Condition] = (),
    age: int | None = None,
    stopped: Iterable[Stopped] = (),
) -> list[Flag]:
    """What to talk about, the most serious first. The order of the list is nothing.

    `age`: in full years; notes about other ages are left out. None: not known.

    Of several rules about one pair the most serious is told (the higher of ONC, FDA
    boxed warning and ANSM). A pair of the low-priority list is never red.
    """
    things = sorted(taken, key=lambda one: (one.name.casefold(), one.key))
    known, index = knowledge(), _by_ingredient(map(_in_the_blood, things))
    everywhere = _by_ingredient(things)
    found = [
        *_pairs(known.pairs, index),
        *_pairs(known.substances, index, used=True),
        *_same_ingredient(index),
        *_same_class(index),
        *_illnesses(everywhere, conditions),
        *_notes(index, age),
        *_gaps(index, stopped),
        *intolerances.flags(everywhere, intolerant),
    ]
    low = list(_pairs(known.low_value, index))
    return _ordered(_most_serious(found, low))


def _in_the_blood(one: Taken) -> Taken:
    """Without what stays on the skin: a shampoo is no tablet."""
    if not one.stays_outside:
        return one
    return replace(one, ingredients=one.ingredients - one.stays_outside)


def _by_ingredient(things: Iterable[Taken]) -> Index:
    index: dict[str, list[Taken]] = defaultdict(list)
    for one in things:
        for ingredient in sorted(one.ingredients):
            index[ingredient].append(one)
    return index


def _having(index: Index, ingredients: Set[str]) -> list[Taken]:
    """Everything with one of these ingredients, once."""
    found = {one.key: one for name in ingredients & index.keys() for one in index[name]}
    return list(found.values())


def _apart(
    a: Taken | Stopped, side: Set[str], b: Taken | Stopped, other: Set[str]
) -> bool:
    """Whether each brings a side of the rule that the other does not hold itself.

    What both hold is told of as doubled, and hides nothing else: Percocet and Fioricet
    share acetaminophen, and are an opioid with a barbiturate all the same.
    """
    shared = a.ingredients & b.ingredients
    return bool((a.ingredients - shared) & side and (b.ingredients - shared) & other)


def _pairs(
    rules: Iterable[Rule], index: Index, *, used: bool = False
) -> Iterator[Flag]:
    """Every two that a rule names. `used`: its second side is a substance."""
    for rule in rules:
        left = _having(index, rule.a)
        if not left:
            continue
        for a, b in product(left, _having(index, rule.b)):
            if a.key == b.key or not _apart(a, rule.a, b, rule.b):
                continue
            if b.is_substance if used else not (a.is_substance and b.is_substance):
                yield _flag(rule, a, b)


def _same_ingredient(index: Index) -> Iterator[Flag]:
    """One ingredient twice: as brand and generic it may be taken twice unmeant."""
    for ingredient, things in index.items():
        for a, b in combinations(things, 2):
            if a.is_substance or b.is_substance:
                continue
            same = a.name.casefold() == b.name.casefold()
            said = (
                _("{a} is on the list twice.")
                if same
                else _("{a} and {b} both contain {ingredient}.")
            )
            yield Flag(
                rule="same-ingredient",
                kind=Kind.SAME_INGREDIENT,
                severity=BY_NAME[same],
                a=a,
                b=b,
                sentence=said.format(a=a.name, b=b.name, ingredient=ingredient),
                what_to_do=_(
                    "Check with the labels or a pharmacist that both are meant."
                ),
                source=OWN_SOURCE[0],
                source_date=OWN_SOURCE[1],
            )


def _same_class(index: Index) -> Iterator[Flag]:
    for group in knowledge().groups.values():
        if not group.double:
            continue
        things = [one for one in _having(index, group.members) if not one.is_substance]
        for a, b in combinations(things, 2):
            if not _apart(a, group.members, b, group.members):
                continue
            said = _("{a} and {b} are each {words}.")
            yield Flag(
                rule=f"same-class-{group.id}",
                kind=Kind.SAME_CLASS,
                severity=Severity.TAKE_CARE,
                a=a,
                b=b,
                sentence=said.format(a=a.name, b=b.name, words=group.words),
                what_to_do=_("Ask whoever prescribes whether both are meant."),
                source=OWN_SOURCE[0],
                source_date=OWN_SOURCE[1],
            )


def _illnesses(index: Index, conditions: Iterable[Condition]) -> Iterator[Flag]:
    known = knowledge()
    for condition in conditions:
        held = {
            illness.id
            for illness in known.illnesses.values()
            if illness.is_named(condition.name)
        }
        for illness, rule in known.by_illness:
            if illness in held:
                for a in _having(index, rule.a):
                    yield _flag(rule, a, condition)


def _notes(index: Index, age: int | None) -> Iterator[Flag]:
    for rule in knowledge().notes:
        if not rule.suits(age):
            continue
        for a in _having(index, rule.a):
            if rule.is_about(a.line or a.name):
                yield _flag(rule, a, None)


def _gaps(index: Index, stopped: Iterable[Stopped]) -> Iterator[Flag]:
    """What was stopped too lately for something that is taken now."""
    for b in sorted(stopped, key=lambda one: (one.name.casefold(), one.key)):
        for gap in knowledge().gaps:
            if b.days_ago < gap.days and b.ingredients & gap.rule.b:
                for a in _having(index, gap.rule.a):
                    if _apart(a, gap.rule.a, b, gap.rule.b):
                        yield _flag(gap.rule, a, b)


def _flag(rule: Rule, a: Taken, b: Taken | Condition | None) -> Flag:
    return Flag(
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        a=a,
        b=b,
        sentence=_sentence(rule, a, b),
        what_to_do=rule.what_to_do or rule.severity.advice,
        source=rule.source,
        source_date=rule.source_date,
    )


def _sentence(rule: Rule, a: Taken, b: Taken | Condition | None) -> str:
    """A medicine keeps its small first letter; "Alcohol" begins a sentence."""
    said = rule.sentence.format(a=a.name, b=b.name if b else "")
    is_substance = isinstance(b, Taken) and b.is_substance
    if is_substance and rule.sentence.startswith("{b}"):
        return said[:1].upper() + said[1:]
    return said


def _most_serious(found: list[Flag], low: list[Flag]) -> list[Flag]:
    """One flag a pair and kind; notes on one medicine each stand for themselves."""
    best: dict[tuple, Flag] = {}
    for flag in found:
        key = (flag.rule, *flag.pair) if flag.b is None else flag.pair
        if key not in best or flag.severity > best[key].severity:
            best[key] = flag
    low_pairs = {flag.about: flag for flag in low}
    told = [_never_red(flag, low_pairs) for flag in best.values()]
    spoken_of = {
        flag.about for flag in told if flag.kind in (Kind.INTERACTION, Kind.QT)
    }
    return told + [
        _as_low(flag) for about, flag in low_pairs.items() if about not in spoken_of
    ]


def _never_red(flag: Flag, low: dict[tuple[str, ...], Flag]) -> Flag:
    """A pair of the low-priority list is amber at most."""
    if flag.about not in low or flag.kind not in (Kind.INTERACTION, Kind.QT):
        return flag
    return _changed(flag, severity=min(flag.severity, Severity.USUALLY_NOT))


def _as_low(flag: Flag) -> Flag:
    return _changed(flag, severity=Severity.KNOW_ABOUT)


def _changed(flag: Flag, *, severity: Severity) -> Flag:
    return replace(flag, severity=severity, is_low_value=True)


def _ordered(flags: list[Flag]) -> list[Flag]:
    return sorted(
        flags, key=lambda flag: (-flag.severity, flag.b is None, flag.names, flag.rule)
    )
