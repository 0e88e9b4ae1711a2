"""What somebody sees and does not see: counted by the rule itself.

A proposed consent is signed inside a savepoint, the rule is asked, and the savepoint is
rolled back. So the preview cannot differ from what the same consent does afterwards.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents import actions, decisions, scopes
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Guest, Reader
from consents.disclosable import Disclosable, registry
from consents.models import Consent
from consents.querysets import by_colleagues
from consents.scopes import COORDINATION, PURPOSES_OF, Scope
from providers import actions as provider_actions
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party, PractitionerRole
from providers.roles import ROLES

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
    "patients.flaganswer": ("answer about a warning", "answers about warnings"),
    "patients.observation": ("number", "numbers"),
    "patients.goal": ("goal", "goals"),
    "patients.hospitalstay": ("hospital stay", "hospital stays"),
    "patients.treatmenttried": ("treatment tried", "treatments tried"),
    "patients.emergencycontact": ("contact", "contacts"),
    "patients.dailylife": ("daily life entry", "daily life entries"),
    "patients.decisionwanted": ("decision you want", "decisions you want"),
    "patients.timelineevent": ("change", "changes"),
    "messaging.update": ("update", "updates"),
    "messaging.reply": ("reply", "replies"),
}
OTHER = ("item", "items")
# So many kinds of entries are named; what comes after them is counted together.
NAMED_KINDS = 2
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

    Of somebody on paper only it is what they see once they join: `can_sign_in` says so.
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
            shared.append(
                _("What %(name)s wrote: %(counted)s")
                % {"name": self.party.name, "counted": counted(own)}
            )
        return shared

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
    """ "7 medicines, 2 medicines tried before, 9 other entries"."""
    numbers = Counter(row.model for row in rows)
    words: list[str] = []
    rest = len(rows)
    for model in NOUNS | dict.fromkeys(numbers, OTHER):
        if number := numbers.get(model):
            one, many = NOUNS.get(model, OTHER)
            words.append(ngettext(f"%d {one}", f"%d {many}", number) % number)
            rest -= number
        if len(words) == NAMED_KINDS and len(numbers) > NAMED_KINDS + 1:
            words.append(ngettext("%d other entry", "%d other entries", rest) % rest)
            break
    return ", ".join(words)


def proposed(
    *,
    patient,
    terms: actions.Terms,
    by,
    at: datetime,
    supersedes: Consent | None = None,
) -> View:
    """What the recipient will see once these terms are signed. Nothing is kept."""
    with transaction.atomic():
        if terms.recipient.kind == PartyKind.GUEST:
            provider_actions.add_guest(party=terms.recipient)
        sign_for_now(patient=patient, terms=terms, by=by, at=at, supersedes=supersedes)
        view = current(patient=patient, party=terms.recipient, at=at)
        transaction.set_rollback(True)
    return view


def sign_for_now(
    *,
    patient,
    terms: actions.Terms,
    by,
    at: datetime,
    supersedes: Consent | None = None,
) -> None:
    """Signs, in a savepoint that the caller rolls back."""
    blank = actions.Signature(name="", how="preview", text="", text_version="")
    actions.sign(
        patient=patient,
        terms=terms,
        decision="permit",
        signature=blank,
        by=by,
        at=at,
        # Its own copy: the rollback does not undo what is in memory.
        supersedes=Consent.objects.get(pk=supersedes.pk) if supersedes else None,
    )


def without(
    *, consents: list[Consent], patient, party: Party, by, at: datetime
) -> View:
    """What the party will see once these consents are stopped or lifted."""
    with transaction.atomic():
        for consent in Consent.objects.filter(pk__in=[each.pk for each in consents]):
            actions.revoke(consent=consent, by=by, at=at)
        view = current(patient=patient, party=party, at=at)
        transaction.set_rollback(True)
    return view


def current(*, patient, party: Party, at: datetime) -> View:
    """What the party sees now, by the rule; who is on paper only, once they join."""
    if not party.on_paper:
        return _current(patient, party, at)
    with transaction.atomic():
        # Its own copy: the rollback does not undo what is in memory.
        copy = Party.objects.get(pk=party.pk)
        provider_actions.give_sign_in(party=copy, name=party.name)
        view = _current(patient, copy, at)
        transaction.set_rollback(True)
    view.party, view.can_sign_in = party, False
    return view


def _current(patient, party: Party, at: datetime) -> View:
    readers = _readers(party, patient.pk, at)
    addressed = _addressed(party, patient.pk, at)
    permits = [consent for consent in addressed if consent.decision == "permit"]
    view = View(
        party=party,
        scope=_scope(party, patient.pk, addressed, can_sign_in=bool(readers)),
        labels=_union(consent.labels for consent in permits),
        items_from=_first(permits),
        can_sign_in=bool(readers),
    )
    view.rows = [
        row for model in registry() for row in _rows(model, patient.pk, readers)
    ]
    return view


def _readers(party: Party, patient_id: uuid.UUID, at: datetime) -> list[Reader | Guest]:
    purposes = PURPOSES_OF[PartyKind(party.kind)]
    if party.kind == PartyKind.GUEST:
        return [Guest(party.pk, purpose, at) for purpose in purposes]
    return [
        Reader(user_id=user_id, purpose=purpose, at=at)
        for user_id in _users_of(party, patient_id)
        for purpose in purposes
    ]


def _rows(model, patient_id: uuid.UUID, readers: list[Reader | Guest]) -> list[Row]:
    items = model._default_manager.filter(
        patient_id=patient_id, entered_in_error_at=None
    )
    found = list(items.values_list("pk", "categories", "labels", "occurred_at"))
    seen: set[uuid.UUID] = set()
    for reader in readers if found else ():
        there = items.filter(opened_for(model, reader))
        seen.update(decisions.permitted(there, reader).values_list("pk", flat=True))
    past: set[uuid.UUID] = set()
    if found and model.PAST:
        past.update(items.filter(model.PAST).values_list("pk", flat=True))
    label, dated, between = model._meta.label_lower, model.DATED, model.BETWEEN
    return [
        Row(
            f"{label}.past" if pk in past else label,
            pk,
            categories,
            labels,
            occurred_at,
            dated,
            pk in seen,
            between,
        )
        for pk, categories, labels, occurred_at in found
    ]


def opened_for(model: type[Disclosable], reader: Reader | Guest) -> Q:
    """Which items of a model any page opens for the purpose of this reader.

    A chart is opened for treatment. What clinicians send each other is read for
    treatment within one place, and for coordination between two.
    """
    clinical = reader.purpose in PURPOSES_OF[PartyKind.PRACTITIONER]
    if isinstance(reader, Guest) or not clinical:
        return Q()
    between = reader.purpose == COORDINATION
    if not model.BETWEEN:
        return Q(pk__in=[]) if between else Q()
    near = by_colleagues(reader.user_id)
    return ~near if between else near


def _users_of(party: Party, patient_id: uuid.UUID) -> list[uuid.UUID]:
    """Who reads as this party: itself, or those on the team who act for it."""
    if party.kind != PartyKind.ORGANIZATION:
        return [party.user_id] if party.user_id else []
    staff = PractitionerRole.objects.filter(organization_id=party.pk, ended_at=None)
    return list(
        CareTeamParticipant.objects.current()
        .filter(
            patient_id=patient_id,
            party_id__in=staff.values("practitioner_id"),
            party__user__isnull=False,
        )
        .values_list("party__user_id", flat=True)
        .distinct()
    )


def _addressed(party: Party, patient_id: uuid.UUID, at: datetime) -> list[Consent]:
    mine = [party.pk]
    if party.kind == PartyKind.PRACTITIONER:
        mine += PractitionerRole.objects.filter(
            practitioner_id=party.pk, ended_at=None
        ).values_list("organization_id", flat=True)
    return list(
        Consent.objects.in_force(at)
        .filter(patient_id=patient_id, recipient_id__in=mine)
        .order_by("-signed_at", "-pk")
    )


def _scope(
    party: Party, patient_id: uuid.UUID, addressed: list[Consent], *, can_sign_in: bool
) -> Scope:
    allowed = CATEGORIES.all
    if party.kind not in TEAMLESS and can_sign_in:
        roles = CareTeamParticipant.objects.current().filter(
            patient_id=patient_id, party=party
        )
        allowed = _union(
            CATEGORIES.mask(*ROLES[code].categories)
            for code in roles.values_list("role", flat=True)
        )
    return scopes.on_pages(addressed, allowed=allowed, kind=PartyKind(party.kind))


def _first(permits: list[Consent]) -> datetime | None:
    """The earliest item date that any permit reaches; None for all."""
    starts = [consent.items_from for consent in permits]
    if not starts or None in starts:
        return None
    return min(start for start in starts if start)


def _union(masks) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result
