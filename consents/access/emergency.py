"""Emergency access as each side reads it: who states it, the patient, the officer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404
from django.urls import reverse

from carecoord import zones
from consents import exceptions, representing
from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES
from consents.models import (
    Disclosure,
    EmergencyAccess,
    EmergencyBlock,
    EmergencyChoice,
    EmergencyReview,
)
from consents.office import Line, Office, checked_elsewhere, emergencies_not_for
from providers.models import PractitionerRole

EVERY_KIND = ~0


@dataclass(frozen=True)
class Standing:
    """How the emergency page stands for whoever asks."""

    # Closed by the patient: for all, or for this person. It does not say which.
    is_closed: bool
    access: EmergencyAccess | None
    is_medical: bool
    # When the privacy officer closed it for this person: theirs to know.
    closed_at: datetime | None = None


def standing(opened: OpenPatient) -> Standing:
    """For a licensed member of the team; the 404 for everybody else."""
    core = exceptions.core_of(opened.role) if opened.role else None
    if core is None or opened.role is None:
        opened.refuse()
    user_id = opened.reading.user.pk
    block = exceptions.blocks(user_id).filter(patient_id=opened.patient.pk).first()
    return Standing(
        is_closed=exceptions.is_closed(opened.patient.pk, user_id, core, opened.at),
        access=EmergencyAccess.objects.open(opened.at)
        .filter(patient_id=opened.patient.pk, party__user_id=user_id)
        .order_by("-opened_at", "-pk")
        .first(),
        is_medical=opened.role.medical,
        closed_at=block.set_at if block else None,
    )


def affiliation(opened: OpenPatient) -> str:
    """The organizations that this person acts for, as 42 CFR 2.51 wants them noted."""
    names = PractitionerRole.objects.filter(
        practitioner_id=opened.party_id, ended_at=None
    ).values_list("organization__party__name", flat=True)
    return ", ".join(sorted(names))


@dataclass(frozen=True)
class Stated:
    """One emergency access with what was looked at and what the officer found."""

    access: EmergencyAccess
    review: EmergencyReview | None
    kinds: list[str]
    looks: int

    @property
    def block(self) -> EmergencyBlock | None:
        """That the page is closed to this person since, if the finding said so."""
        return getattr(self.review, "block", None)


def stated(opened: OpenPatient) -> list[Stated]:
    """Every emergency access to this patient, newest first.

    For the patient, or for who keeps the record of one without a sign-in.
    """
    opened.require(opened.is_patient or representing.keeps_record(opened))
    rows = EmergencyAccess.objects.filter(patient_id=opened.patient.pk)
    acting = opened.representative
    return _with_looks(
        list(rows.select_related("review__block").order_by("-opened_at", "-pk")),
        known=opened.scope.categories if acting else EVERY_KIND,
    )


def open_now(opened: OpenPatient) -> dict[uuid.UUID, datetime]:
    """To whom the emergency page is open, for the patient or who keeps the record."""
    if not (opened.is_patient or representing.keeps_record(opened)):
        return {}
    found = EmergencyAccess.objects.open(opened.at).filter(patient=opened.patient)
    return dict(found.order_by("ends_at", "pk").values_list("party_id", "ends_at"))


def opened_since(opened: OpenPatient, at: datetime) -> list[EmergencyAccess]:
    """Who opened the emergency page since then: each person once, the newest first."""
    opened.require(opened.is_patient)
    rows = EmergencyAccess.objects.filter(
        patient_id=opened.patient.pk, opened_at__gt=at
    ).order_by("opened_at", "pk")
    newest = {row.party_id: row for row in rows}
    return sorted(newest.values(), key=lambda row: row.opened_at, reverse=True)


def choice(opened: OpenPatient) -> EmergencyChoice | None:
    """The patient's answer that stands, if there is one."""
    opened.require(opened.is_patient)
    return EmergencyChoice.objects.filter(
        patient_id=opened.patient.pk, replaced_at=None
    ).first()


def _with_looks(
    rows: list[EmergencyAccess], *, known: int = EVERY_KIND
) -> list[Stated]:
    """Kinds and counts from the log: never what was read, no kind beyond `known`."""
    seen: dict[uuid.UUID | None, tuple[int, int]] = {}
    logged = Disclosure.objects.filter(
        exception__in=[row.pk for row in rows], outcome="shown"
    )
    for exception, categories in logged.values_list("exception", "categories"):
        mask, count = seen.get(exception, (0, 0))
        seen[exception] = (mask | categories, count + 1)
    return [
        Stated(
            access=row,
            review=getattr(row, "review", None),
            kinds=CATEGORIES.words(seen.get(row.pk, (0, 0))[0] & known),
            looks=seen.get(row.pk, (0, 0))[1],
        )
        for row in rows
    ]


# For the privacy officer: metadata, the reason, and never the record -------------

MOST = 100
# A finding that takes longer is late.
REVIEW_WITHIN = timedelta(days=3)


def office_lines(opened: Office) -> list[Line]:
    """What waits to be checked, the oldest first."""
    rows = _rows(opened).filter(review=None).order_by("opened_at", "pk")[:MOST]
    return [
        Line(
            text=row.name,
            href=reverse("consents:emergency_review", args=[row.pk]),
            note=zones.instant_words(row.opened_at, opened.user.time_zone),
            is_late=row.opened_at + REVIEW_WITHIN <= opened.at,
        )
        for row in rows
    ]


def to_review(opened: Office) -> tuple[list[Stated], list[Stated]]:
    """What waits for a review, the oldest first, and what was reviewed last."""
    waiting = _rows(opened).filter(review=None).order_by("opened_at", "pk")[:MOST]
    done = _rows(opened).exclude(review=None).order_by("-opened_at", "-pk")[:MOST]
    return _with_looks(list(waiting)), _with_looks(list(done))


def one_to_review(opened: Office, pk: uuid.UUID) -> Stated:
    """One of them; else the 404."""
    found = _rows(opened).filter(pk=pk).first()
    if found is None:
        raise Http404
    opened.reading.officer_read(found, patient_id=found.patient_id)
    return _with_looks([found])[0]


def goes_on(opened: Office, found: Stated) -> bool:
    """Whether more may be looked at under it: then it cannot be found in order yet."""
    return exceptions.goes_on(found.access, opened.at)


def block_to_lift(opened: Office, pk: uuid.UUID) -> EmergencyBlock:
    """The block that rests on this access and stands; else the 404. Never one's own."""
    found = one_to_review(opened, pk)
    block = found.block
    if block is None or block.lifted_at:
        raise Http404
    return block


def _rows(opened: Office):
    """Without the officer's own record: they are told of it like every patient.

    And without what they opened themselves: another officer checks that.
    """
    rows = EmergencyAccess.objects.exclude(emergencies_not_for(opened.user))
    return rows.select_related("patient", "review__block__lifted_by")


def checked_by_others(opened: Office) -> str:
    """What the page says of the officer's own ones; empty where there are none."""
    own = EmergencyAccess.objects.filter(opened_by=opened.user)
    return checked_elsewhere(opened.user, own)
