"""A FHIR R4 Consent from elsewhere as rules: never wider than the file.

What is not understood is left out of a permit. Where it stands in a deny, the
whole permission is left out: a deny that is lost lets somebody in. Nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from carecoord.json_files import UnreadableFile, parse
from consents.codes import CATEGORIES, PURPOSES
from consents.fhir import bundles, codes, labels, moments, strict
from consents.fhir.merging import (
    Permit,
    denied_to_anybody,
    less_denied,
    merged,
    without,
)
from consents.fhir.people import People
from consents.fhir.rules import Named, Rule, Whose
from consents.fhir.strict import Json, LeftOut

MAX_BYTES = 1_000_000
MAX_CONSENTS = 20
# Each becomes a draft that somebody has to read.
MAX_RULES = 100
EFFECTS = ("permit", "deny")
STANDING = ("active", "proposed", "draft")
# What `Consent` may say beside its rules without changing what they mean.
META = {
    *("resourceType", "meta", "language", "text", "contained", "identifier", "status"),
    *("scope", "category", "patient", "dateTime", "performer", "organization"),
    *("sourceAttachment", "sourceReference", "policy", "policyRule", "verification"),
    *("provision",),
}
RULE = {
    *("type", "period", "actor", "action", "securityLabel", "purpose"),
    *("class", "code", "dataPeriod", "provision"),
}


@dataclass(frozen=True)
class File:
    """What a file proposes, and what is left out of it."""

    rules: tuple[Rule, ...]
    said: tuple[str, ...]


def read(raw: bytes | str, *, whose: Whose) -> File:
    """The permissions in a file for one patient, each deny before the permits.

    Raises UnreadableFile with a sentence for a file in which nothing can be used.
    """
    if len(raw) > MAX_BYTES:
        raise UnreadableFile(_("This file is larger than 1 MB. Ask for a smaller one."))
    resources = bundles.resources(parse(raw))
    found, versions = bundles.consents(resources), bundles.Versions(resources)
    if not found:
        raise UnreadableFile(_("There is no permission in this file."))
    if len(found) > MAX_CONSENTS:
        raise UnreadableFile(
            _("There are too many permissions in this file. Bring in 20 at most.")
        )
    rules: list[Rule] = []
    said: list[str] = []
    for each in found:
        try:
            versions.check(each)
            rules += _consent(each, People(each, resources, whose), said)
        except LeftOut as error:
            said.append(error.sentence)
    if not rules:
        raise UnreadableFile(" ".join(dict.fromkeys(said)))
    if len(rules) > MAX_RULES:
        raise UnreadableFile(
            _("There are too many rules in this file. Bring in 100 at most.")
        )
    rules = less_denied(rules)
    return File(tuple(rules), tuple(dict.fromkeys(said)))


# One Consent ----------------------------------------------------------------------


def _consent(resource: Json, people: People, said: list[str]) -> list[Rule]:
    """Raises LeftOut when none of it can be used."""
    strict.only(resource, META)
    _check_status(resource)
    _check_kind(resource)
    people.check_patient()
    root = strict.one(resource, "provision")
    periods, leaves = _leaves(root)
    _check_kinds(root, leaves)
    denies = [
        rule
        for leaf in leaves
        if strict.word(leaf, "type") == "deny"
        for rule in _deny(leaf, people, periods)
    ]
    permits: list[Permit] = []
    for leaf in leaves:
        if strict.word(leaf, "type") == "deny":
            continue
        try:
            permits += _permit(leaf, people, periods)
        except LeftOut as error:
            said.append(error.sentence)
    rules, left = merged(permits)
    said += left
    denied = denied_to_anybody(denies)
    found = [without(rule, denied) for rule in rules]
    return [*denies, *(rule for rule in found if rule.categories)]


def _check_status(resource: Json) -> None:
    status = strict.word(resource, "status")
    if status in STANDING:
        return
    sentences = {
        "inactive": _("A permission in this file has ended. It is left out."),
        "rejected": _("An answer in this file is a “no”. There is nothing to sign."),
    }
    wrong = _("A permission in this file was a mistake or is damaged. It is left out.")
    raise LeftOut(sentences.get(status, wrong))


def _check_kind(resource: Json) -> None:
    """About privacy, and "nothing" wherever no rule says otherwise."""
    if (codes.SCOPE, codes.PRIVACY) not in strict.concept(
        strict.one(resource, "scope")
    ):
        raise LeftOut(_("A consent in this file is not about sharing. It is left out."))
    rule = strict.concept(strict.one(resource, "policyRule"))
    if [code for code in rule if code[1] not in codes.NOTHING_BUT_CODES] or not all(
        system == codes.ACT for system, _code in rule
    ):
        raise LeftOut(
            _(
                "A permission in this file shares whatever it does not name. Here each "
                "kind is named. It is left out."
            )
        )


def _leaves(root: Json) -> tuple[list[Json], list[Json]]:
    """The periods around every rule, and the rules; also a root that is one itself."""
    kind = strict.word(root, "type")
    around = [period] if (period := strict.one(root, "period")) else []
    nested = strict.objects(root, "provision")
    if kind == "permit":
        return [], [root]
    if kind == "deny" and not nested:
        return [], [root]
    strict.only(root, {"type", "period", "provision"})
    if not nested:
        raise LeftOut(_("A permission in this file has no rules. It is left out."))
    return around, nested


def _check_kinds(root: Json, leaves: list[Json]) -> None:
    """Each says which it is: what does not may be a deny, and then none is safe."""
    kinds = {strict.word(leaf, "type") for leaf in leaves}
    if not {strict.word(root, "type"), *kinds} <= {"", *EFFECTS} or "" in kinds:
        raise LeftOut(
            _(
                "A rule in this file does not say whether it permits or keeps back. "
                "Its permission is left out."
            )
        )


# Its rules ------------------------------------------------------------------------


def _deny(leaf: Json, people: People, periods: list[Json]) -> list[Rule]:
    """At least what the file denies: whatever the purpose, the author and the date."""
    strict.only(leaf, RULE)
    if strict.objects(leaf, "provision"):
        raise _exception()
    named, _disclosers = _actors(leaf, people)
    _periods([*periods, strict.one(leaf, "period")])
    marks = strict.objects(leaf, "securityLabel")
    topics = labels.denied(marks)
    if marks and not topics:
        raise LeftOut(_("A rule in this file is about notes that are not kept here."))
    return [
        Rule(
            effect="deny",
            recipient=each,
            categories=_denied(leaf),
            labels=topics,
            purposes=PURPOSES.all,
        )
        for each in named
    ]


def _permit(leaf: Json, people: People, periods: list[Json]) -> list[Permit]:
    strict.only(leaf, RULE)
    recipients, disclosers = _actors(leaf, people)
    said: list[str] = []
    _check_actions(leaf, said)
    kinds = _permitted(leaf, said)
    marks = labels.permitted(strict.objects(leaf, "securityLabel"), said)
    for exception in strict.objects(leaf, "provision"):
        kinds, marks = _less(exception, kinds, marks)
    starts, ends = _periods([*periods, strict.one(leaf, "period")])
    one = Permit(
        recipient=Named(""),
        categories=kinds,
        is_labelled=bool(strict.objects(leaf, "securityLabel"))
        and not labels.is_ordinary(leaf),
        labels=marks,
        purposes=_purposes(leaf, said),
        starts=starts,
        ends=ends,
        since=_since(leaf),
        disclosers=disclosers,
        ends_event=moments.ends_when(strict.one(leaf, "period")),
        said=tuple(said),
    )
    return [replace(one, recipient=each) for each in recipients]


def _less(exception: Json, kinds: int, marks: int) -> tuple[int, int]:
    """An exception inside a permit: by label, or by kind; anything else is too much."""
    if strict.word(exception, "type") != "deny":
        raise _exception()
    by_label = "securityLabel" in exception
    strict.only(
        exception, {"type", "securityLabel"} if by_label else {"type", "class", "code"}
    )
    if by_label:
        return kinds, marks & ~labels.denied(strict.objects(exception, "securityLabel"))
    return kinds & ~_denied(exception), marks


def _exception() -> LeftOut:
    return LeftOut(
        _("A rule in this file has an exception that cannot be kept. It is left out.")
    )


def _actors(leaf: Json, people: People) -> tuple[list[Named], tuple[Named, ...]]:
    """Who receives, and who alone may tell. Raises LeftOut for any other part."""
    recipients: list[Named] = []
    disclosers: list[Named] = []
    for actor in strict.objects(leaf, "actor"):
        strict.only(actor, {"role", "reference"})
        roles = strict.concept(strict.one(actor, "role"))
        named = people.named(strict.one(actor, "reference"))
        if all(each in _roles(*codes.RECIPIENTS) for each in roles):
            recipients.append(named)
        elif all(each in _roles(codes.DISCLOSER) for each in roles):
            disclosers.append(named)
        else:
            raise LeftOut(
                _(
                    "A rule in this file is for a part in care unknown here. It "
                    "is left out."
                )
            )
    if not recipients:
        raise LeftOut(_("A rule in this file does not say for whom. It is left out."))
    return recipients, tuple(disclosers)


def _roles(*names: str) -> list[tuple[str, str]]:
    return [(codes.PARTICIPATION, name) for name in names]


def _check_actions(leaf: Json, said: list[str]) -> None:
    """To see it, or to be told it. No action named is every action."""
    actions = [
        code
        for action in strict.objects(leaf, "action")
        for code in strict.concept(action)
    ]
    if (codes.ACT, codes.REDISCLOSURE) in actions:
        said.append(_("That they may pass it on is not taken over."))
    reaching = [(codes.ACTION, each) for each in codes.REACHING]
    if actions and not any(each in reaching for each in actions):
        raise LeftOut(
            _("A rule in this file does not let anybody look. It is left out.")
        )


def _permitted(leaf: Json, said: list[str]) -> int:
    """The kinds permitted: by code, by type of resource, or by both at once."""
    kinds = CATEGORIES.all
    concepts, classes = strict.objects(leaf, "code"), strict.objects(leaf, "class")
    if not concepts and not classes:
        raise LeftOut(
            _("A rule in this file does not say what to share. It is left out.")
        )
    if concepts:
        kinds &= _sum([_kind(strict.concept(each)) for each in concepts], said)
    if classes:
        named = [_by_class(each, codes.PERMITTED_BY_CLASS) for each in classes]
        kinds &= _sum(named, said)
    return kinds


def _sum(masks: list[int | None], said: list[str]) -> int:
    """All that is known; what is not is said."""
    if None in masks:
        said.append(
            _("The file names a kind of information unknown here. It is not shared.")
        )
    found = 0
    for mask in masks:
        found |= mask or 0
    return found


def _kind(found: list[tuple[str, str]]) -> int | None:
    """The one kind that the codings of a concept agree on."""
    ours = [codes.CATEGORY_OF[each] for each in found if each in codes.CATEGORY_OF]
    unknown = [
        each
        for each in found
        if each[0] == codes.OURS and each not in codes.CATEGORY_OF
    ]
    return ours[0] if len(set(ours)) == 1 and not unknown else None


def _by_class(coding: Json, table: dict[str, int]) -> int | None:
    system, name = strict.code(coding)
    return table.get(name) if system == codes.RESOURCE_TYPES else None


def _denied(leaf: Json) -> int:
    """At least the kinds denied; all of them where the file names none."""
    concepts, classes = strict.objects(leaf, "code"), strict.objects(leaf, "class")
    masks = [_kind(strict.concept(each)) for each in concepts]
    if None in masks or not concepts:
        masks = [_by_class(each, codes.DENIED_BY_CLASS) for each in classes]
        if concepts and not classes:
            masks = [None]
    if None in masks:
        raise LeftOut(
            _(
                "This file keeps back a kind of information unknown here. "
                "It cannot be kept exactly, so it is left out."
            )
        )
    return _sum(masks, []) if masks else CATEGORIES.all


def _purposes(leaf: Json, said: list[str]) -> int:
    found = [strict.code(each) for each in strict.objects(leaf, "purpose")]
    known = [
        codes.PURPOSE_OF[name]
        for system, name in found
        if system == codes.REASON and name in codes.PURPOSE_OF
    ]
    if len(known) != len(found):
        said.append(_("The file names a reason unknown here. It is left out."))
    if not found:
        said.append(_("The file does not say why. Choose it yourself."))
    elif not known:
        raise LeftOut(
            _("A rule in this file is for a reason unknown here. It is left out.")
        )
    return PURPOSES.all & _sum(list(known), [])


def _periods(periods: list[Json]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every start and every end. Raises LeftOut for one that is not a moment."""
    starts: list[str] = []
    ends: list[str] = []
    for period in periods:
        strict.only(period, {"start", "end"})
        for key, kept in (("start", starts), ("end", ends)):
            if key in period:
                kept.append(_moment(period[key]))
    return tuple(starts), tuple(ends)


def _since(leaf: Json) -> str:
    period = strict.one(leaf, "dataPeriod")
    strict.only(period, {"start"})
    return _moment(period.get("start")) if period else ""


def _moment(value: object) -> str:
    if not moments.is_moment(value):
        raise LeftOut(_("A date in this file cannot be read. Its rule is left out."))
    return str(value)
