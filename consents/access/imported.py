"""Permissions from other systems that wait for the patient; for the patient alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from carecoord import zones
from consents import windows
from consents.access import recipients, sharing
from consents.access.patient import OpenPatient
from consents.actions.imported import still_waiting
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.drafts import Draft
from consents.fhir.fitting import Fitted, Known, fit
from consents.fhir.rules import Rule, Whose
from consents.models import Consent, ImportedConsent
from consents.told import known_permissions, told
from providers.models import Party, Practitioner


@dataclass(frozen=True)
class Proposed:
    """One draft, as it fits those whom the patient can share with now."""

    draft: ImportedConsent
    rule: Rule
    fitted: Fitted
    # What stands already and covers all of it: signed too, it would stand twice.
    already: Consent | None = None

    @property
    def pk(self) -> uuid.UUID:
        return self.draft.pk

    @property
    def effect(self) -> str:
        return self.rule.effect

    @property
    def can_be_signed(self) -> bool:
        return not self.fitted.blocked

    @property
    def kinds(self) -> list[str]:
        return CATEGORIES.words(self.rule.categories)

    @property
    def topics(self) -> list[str]:
        return LABELS.words(self.rule.labels)

    @property
    def reasons(self) -> list[str]:
        return PURPOSES.words(self.rule.purposes) if self.effect == "permit" else []

    @property
    def ends(self) -> date | None:
        """The last day that the pages are filled in with."""
        day = self.fitted.answers.get("ends_date")
        return date.fromisoformat(day) if day else None

    @property
    def since(self) -> date | None:
        """The first day of the dated items, where the file names one."""
        day = self.fitted.answers.get("since")
        return date.fromisoformat(day) if day else None

    @property
    def read_at(self) -> datetime:
        return self.draft.read_at

    @property
    def already_until(self) -> date | None:
        """The last day of what covers it already."""
        if self.already is None:
            return None
        ends_at = windows.counts_until(self.already)
        return zones.last_day(ends_at, self.already.patient.time_zone)


def whose(patient) -> Whose:
    """What a file must say of the patient to be theirs."""
    return Whose(str(patient.pk), patient.name, patient.birth_date)


def proposals(opened: OpenPatient) -> list[Proposed]:
    """All that wait, the newest file first, each "never" before the permissions."""
    opened.require(opened.representative is None)
    known = _known(opened)
    found = [
        _proposed(draft, opened, known)
        for draft in still_waiting(opened.patient).order_by("-read_at", "pk")
    ]
    return sorted(found, key=lambda each: (-each.read_at.timestamp(), each.effect))


def proposal(opened: OpenPatient, pk: uuid.UUID | str) -> Proposed:
    """One that waits; else the 404."""
    opened.require(opened.representative is None)
    try:
        wanted = uuid.UUID(str(pk))
    except ValueError:
        opened.refuse()
    draft = still_waiting(opened.patient).filter(pk=wanted).first()
    if draft is None:
        opened.refuse()
    found = _proposed(draft, opened, _known(opened))
    return replace(found, already=_already(found, opened))


def answered_from(opened: OpenPatient, pk: uuid.UUID) -> Consent | None:
    """What was signed or refused from a draft: its id alone says nothing else."""
    opened.require(opened.representative is None)
    drafts = ImportedConsent.objects.filter(patient_id=opened.patient.pk, pk=pk)
    known = Consent.objects.filter(known_permissions(opened))
    return known.filter(pk__in=drafts.values("pk")).first()


def begun_from(opened: OpenPatient, draft: Draft) -> ImportedConsent | None:
    """The draft from a file that a form began with, whatever became of it since."""
    if not draft.imported:
        return None
    mine = ImportedConsent.objects.filter(patient_id=opened.patient.pk)
    return mine.get(pk=draft.imported)


def _proposed(
    draft: ImportedConsent, opened: OpenPatient, known: list[Known]
) -> Proposed:
    rule = Rule.from_text(draft.content)
    zone = opened.patient.time_zone
    return Proposed(draft, rule, fit(rule, people=known, at=opened.at, zone=zone))


def _already(found: Proposed, opened: OpenPatient) -> Consent | None:
    """The longest of those in force that say all that the draft says."""
    if found.fitted.recipient is None or found.fitted.blocked:
        return None
    standing = (
        Consent.objects.in_force(opened.at)
        .filter(
            patient_id=opened.patient.pk,
            recipient=found.fitted.recipient,
            decision=found.effect,
        )
        .select_related("recipient", "representative", "patient")
        .prefetch_related("disclosers")
    )
    says = _denies if found.effect == "deny" else _permits
    said = [each for each in standing if says(each, found, opened)]
    return max(said, key=windows.counts_until, default=None)


def _denies(consent: Consent, found: Proposed, _opened: OpenPatient) -> bool:
    """Kinds, or topics of any kind: a "never" about no topic is about all of them."""
    answers = found.fitted.answers
    topics = answers["labels"]
    about_topics = not consent.labels or bool(topics) and not topics & ~consent.labels
    return about_topics and not answers["categories"] & ~consent.categories


def _permits(consent: Consent, found: Proposed, opened: OpenPatient) -> bool:
    answers = found.fitted.answers
    masks = ("categories", "labels", "purposes")
    if any(answers[name] & ~getattr(consent, name) for name in masks):
        return False
    named = {each for each in answers["disclosers"].split(",") if each}
    tell = {str(each.party_id) for each in consent.disclosers.all()}
    if not (consent.any_discloser or named and named <= tell):
        return False
    if consent.items_from is None or "window" not in answers:
        return True
    zone = opened.patient.time_zone
    since = answers.get("since", "")
    begins = windows.items_from(answers["window"], at=opened.at, zone=zone, since=since)
    return begins is not None and consent.items_from <= begins


def _known(opened: OpenPatient) -> list[Known]:
    parties = [each.party for each in recipients.recipients(opened)]
    return known_by_number(parties)


def known_by_number(parties: list[Party]) -> list[Known]:
    """Parties with the number by which other systems know a clinician."""
    numbers = dict(
        Practitioner.objects.filter(party__in=parties).values_list("party_id", "npi")
    )
    return [Known(party, numbers.get(party.pk, "")) for party in parties]


def to_write(opened: OpenPatient) -> list[Consent]:
    """Everything ever signed or answered, with its text, newest first."""
    ids = [each.pk for each in sharing.consents(opened)]
    rows = (
        Consent.objects.filter(pk__in=ids)
        .select_related("recipient", "representative__party", "patient")
        .prefetch_related("disclosers__party")
        .order_by("-signed_at", "-pk")
    )
    return told(opened, rows)
