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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents import actions, decisions, scopes
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Guest, Reader
from consents.disclosable import registry
from consents.models import Consent
from consents.scopes import Scope
from providers import actions as provider_actions
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party, PractitionerRole
from providers.roles import ROLES

# Words for the rows of each clinical model: one, many.
NOUNS = {
    "patients.importeditem": ("imported line", "imported lines"),
    "patients.medicationstatement": ("medicine", "medicines"),
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
PURPOSES_OF = {
    PartyKind.PRACTITIONER: ("TREAT", "COC"),
    PartyKind.ORGANIZATION: ("TREAT", "COC"),
    PartyKind.RELATED_PERSON: ("FAMRQT",),
    PartyKind.GUEST: ("TREAT",),
}


# On no team by themselves: no role of theirs narrows a permission.
TEAMLESS = (PartyKind.ORGANIZATION, PartyKind.GUEST)


@dataclass(frozen=True)
class Row:
    """One item, as far as counting goes."""

    model: str
    pk: uuid.UUID
    categories: int
    labels: int
    occurred_at: datetime
    dated: bool
    seen: bool

    @property
    def home(self) -> str:
        """The one kind under which the item is counted."""
        if self.categories & CATEGORIES["updates"]:
            return "updates"
        names = CATEGORIES.names(self.categories)
        return names[0] if names else ""


@dataclass
class View:
    """Everything of one patient, and what one party sees of it."""

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
            later = _("When there is something: %(kinds)s")
            if not self.can_sign_in:
                later = _("From the day that they join: %(kinds)s")
            shared.append(later % words)
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
        """A line for each kind, topic, time and item that stays back."""
        reasons: dict[str, list[Row]] = {
            code.word: []
            for code in CATEGORIES.of(CATEGORIES.all & ~self.scope.categories)
        }
        reasons |= {label.word: [] for label in LABELS.of(LABELS.all & ~self.labels)}
        for row in self.rows:
            if not row.seen and (reason := self._reason(row)):
                reasons.setdefault(reason, []).append(row)
        lines = [
            f"{reason} ({counted(rows)})" if rows else reason
            for reason, rows in reasons.items()
        ]
        return [*lines, _("Notes from therapy talks: they are not kept here")]

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
        if not self.can_sign_in:
            return _("Anything before the day that they join")
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
    """ "7 medicines, 2 medicines tried before"."""
    numbers = Counter(row.model for row in rows)
    words = []
    for model in NOUNS | dict.fromkeys(numbers, OTHER):
        if number := numbers.get(model):
            one, many = NOUNS.get(model, OTHER)
            words.append(ngettext(f"%d {one}", f"%d {many}", number) % number)
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
    """What the party sees now, by the rule."""
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
        seen.update(decisions.permitted(items, reader).values_list("pk", flat=True))
    label = model._meta.label_lower
    return [
        Row(label, pk, categories, labels, occurred_at, model.DATED, pk in seen)
        for pk, categories, labels, occurred_at in found
    ]


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
    purposes = PURPOSES.mask(*PURPOSES_OF[PartyKind(party.kind)])
    return scopes.scope_of(addressed, allowed=allowed, purposes=purposes)


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
