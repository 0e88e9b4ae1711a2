"""Rows and counts of a preview, in words: what is seen, what stays back, and why."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents.codes import CATEGORIES, LABELS
from consents.scopes import Scope
from consents.texts.shape import joined
from providers.codes import PartyKind
from providers.models import Party

# Words for the rows of each clinical model: one, many.
NOUNS = {
    "patients.importeditem": ("imported line", "imported lines"),
    "patients.medicationstatement": ("medicine", "medicines"),
    "patients.medicationstatement.past": ("stopped medicine", "stopped medicines"),
    "patients.medicationrequest": ("prescription", "prescriptions"),
    "patients.medicinetrial": ("medicine tried before", "medicines tried before"),
    "patients.allergyintolerance": ("allergy", "allergies"),
    "patients.allergyassertion": ("statement", "statements"),
    "patients.substanceuse": ("answer", "answers"),
    "patients.listconfirmation": ("check of the list", "checks of the list"),
    "patients.listreview": ("review of the list", "reviews of the list"),
    "patients.condition": ("diagnosis", "diagnoses"),
    "patients.symptom": ("symptom", "symptoms"),
    "patients.sideeffect": ("side effect", "side effects"),
    "patients.sideeffectmark": ("view of a side effect", "views of side effects"),
    "patients.medicinechange": ("change of a medicine", "changes of medicines"),
    "patients.checkin": ("answer after a change", "answers after changes"),
    "patients.therapyphase": ("phase of therapy", "phases of therapy"),
    "patients.flaganswer": ("answer about a warning", "answers about warnings"),
    "patients.supplycount": ("count of a supply", "counts of supplies"),
    "patients.familynote": ("note from family", "notes from family"),
    "patients.testowner": ("owner of a test", "owners of tests"),
    "patients.testresult": ("test result", "test results"),
    "patients.observation": ("number", "numbers"),
    "patients.goal": ("goal", "goals"),
    "patients.hospitalstay": ("hospital stay", "hospital stays"),
    "patients.treatmenttried": ("treatment tried", "treatments tried"),
    "patients.emergencycontact": ("contact", "contacts"),
    "patients.dailylife": ("daily life entry", "daily life entries"),
    "patients.decisionwanted": ("decision you want", "decisions you want"),
    "patients.timelineevent": ("entry in the history", "entries in the history"),
    "messaging.update": ("update", "updates"),
    "messaging.reply": ("reply", "replies"),
}
OTHER = ("item", "items")
# So many kinds of entries have a number; those after them have one number together,
# and so many of them are named, the most frequent first.
NAMED_KINDS = 2
NAMED_AFTER = 3
# On no team by themselves: no role of theirs narrows a permission.
TEAMLESS = (PartyKind.ORGANIZATION, PartyKind.GUEST)


@dataclass(frozen=True)
class Row:
    """One item, as far as counting goes.

    `model` is its label; with ".past" for what is over and is counted apart.
    """

    model: str
    pk: uuid.UUID
    categories: int
    labels: int
    occurred_at: datetime
    dated: bool
    seen: bool
    between: bool = False

    @property
    def home(self) -> str:
        """The one kind under which the item is counted."""
        if self.categories & CATEGORIES["updates"]:
            return "updates"
        names = CATEGORIES.names(self.categories)
        return names[0] if names else ""


@dataclass
class View:
    """Everything of one patient, and what one party sees of it.

    Of somebody on paper only it is what they would see with a sign-in: `can_sign_in`
    says so.
    """

    party: Party
    scope: Scope
    labels: int
    items_from: datetime | None
    can_sign_in: bool
    rows: list[Row] = field(default_factory=list)

    @property
    def seen(self) -> set[tuple[str, uuid.UUID]]:
        return {(row.model, row.pk) for row in self.rows if row.seen}

    def will_see(self) -> list[str]:
        """A line for each kind with something in it, one for those without."""
        shared, empty = self._kinds()
        if empty:
            words = {"kinds": ", ".join(empty)}
            shared.append(_("When there is something: %(kinds)s") % words)
        shared += [
            _("Also, by name: %(topic)s") % {"topic": label.word}
            for label in LABELS.of(self.labels)
            if self.scope.categories
        ]
        own = [
            row
            for row in self.rows
            if row.seen and not (row.home and self.scope.has(row.home))
        ]
        if own:
            words = {"name": self.party.name, "counted": counted(own)}
            shared.append(self._besides % words)
        return shared

    @property
    def _besides(self) -> str:
        """What is seen though no permission of the party opens it."""
        if self.party.kind == PartyKind.ORGANIZATION:
            return _(
                "People there also see what they wrote or what you share with them "
                "by name: %(counted)s"
            )
        return _("What %(name)s wrote: %(counted)s")

    def _kinds(self) -> tuple[list[str], list[str]]:
        """(lines of kinds with items now, words of shared kinds without)."""
        lines, empty = [], []
        for code in CATEGORIES.of(self.scope.categories):
            rows = [row for row in self.rows if row.seen and row.home == code.name]
            if rows:
                lines.append(f"{code.word}: {counted(rows)}")
            else:
                empty.append(code.word)
        return lines, empty

    def will_not_see(self) -> list[str]:
        """A line for each kind, topic, time and choice that keeps something back."""
        return [
            f"{reason} ({counted(rows)})"
            for reason, rows in self._kept_back().items()
            if rows
        ]

    def will_not_too(self) -> list[str]:
        """Kinds and topics that are not shared, and of which there is nothing now."""
        empty = [reason for reason, rows in self._kept_back().items() if not rows]
        return [*empty, _("Notes from therapy talks (they are not kept here)")]

    def _kept_back(self) -> dict[str, list[Row]]:
        reasons: dict[str, list[Row]] = {
            code.word: []
            for code in CATEGORIES.of(CATEGORIES.all & ~self.scope.categories)
        }
        reasons |= {label.word: [] for label in LABELS.of(LABELS.all & ~self.labels)}
        for row in self.rows:
            if not row.seen and (reason := self._reason(row)):
                reasons.setdefault(reason, []).append(row)
        return reasons

    def _reason(self, row: Row) -> str:
        outside = CATEGORIES.of(row.categories & ~self.scope.categories)
        if not row.categories:
            return ""
        if outside:
            return outside[0].word
        unnamed = LABELS.of(row.labels & ~self.labels)
        if unnamed:
            return unnamed[0].word
        if row.dated and self.items_from and row.occurred_at < self.items_from:
            return _("Older than you chose")
        if self.party.kind in TEAMLESS and not self.can_sign_in:
            return _("Anything before the day that they join")
        if row.between:
            return _("Updates from people elsewhere, or kept back by you")
        return _("Kept back by your other choices")


def difference(before: View, after: View) -> tuple[list[str], list[str]]:
    """(what is newly seen, what is no longer seen), in lines."""
    return _gained(before, after), _gained(after, before)


def _gained(before: View, after: View) -> list[str]:
    kinds = after.scope.categories & ~before.scope.categories
    rows = [
        row for row in after.rows if row.seen and (row.model, row.pk) not in before.seen
    ]
    lines = []
    for code in CATEGORIES.of(kinds):
        here = [row for row in rows if row.home == code.name]
        lines.append(f"{code.word}: {counted(here)}" if here else code.word)
    lines += [label.word for label in LABELS.of(after.labels & ~before.labels)]
    rest = [row for row in rows if not (row.home and CATEGORIES[row.home] & kinds)]
    if rest:
        lines.append(_("Also: %(counted)s") % {"counted": counted(rest)})
    return lines


def counted(rows: list[Row]) -> str:
    """ "7 medicines, 2 prescriptions, and 9 more: answers, checks of the list"."""
    numbers = Counter(row.model for row in rows)
    found = [model for model in NOUNS | dict.fromkeys(numbers, OTHER) if numbers[model]]
    many = len(found) > NAMED_KINDS + 1
    first, rest = (found[:NAMED_KINDS], found[NAMED_KINDS:]) if many else (found, [])
    words = [_counted_kind(model, numbers[model]) for model in first]
    if rest:
        words.append(_and_more(rest, numbers))
    return ", ".join(words)


def _counted_kind(model: str, number: int) -> str:
    one, many = NOUNS.get(model, OTHER)
    return ngettext(f"%d {one}", f"%d {many}", number) % number


def _and_more(models: list[str], numbers: Counter[str]) -> str:
    """The kinds in plain words: a number alone tells nobody what is shared."""
    often = sorted(models, key=lambda model: -numbers[model])
    kinds = [NOUNS.get(model, OTHER)[1] for model in often[:NAMED_AFTER]]
    if len(often) > NAMED_AFTER:
        kinds.append(_("others"))
    said = {"n": sum(numbers[model] for model in models), "kinds": joined(kinds)}
    return _("%(n)d more: %(kinds)s") % said
