"""Who acts for a patient: as the patient, whoever acts, and the officer read it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.apps import apps
from django.db.models import Q, QuerySet, Value
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from carecoord import zones
from consents import representing
from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, LABELS, RepresentativeKind
from consents.models import (
    Consent,
    Death,
    GuestCode,
    Incapacity,
    Representative,
)
from consents.office import Line, Office, ones_own, own_patients
from consents.representing import is_own_confidence, may_stop
from providers.codes import PartyKind
from providers.querysets import folded

MOST = 200


@dataclass(frozen=True)
class Acting:
    """One who acts or acted: by which document, for what, from and until."""

    row: Representative
    stands: bool
    may_stop: bool
    # A child's own by the law of their state: outside whatever a paper says.
    own: tuple[str, ...] = ()
    # Permissions that they signed and that go on without them, for the patient.
    signed: tuple[Consent, ...] = ()
    # Recorded, and not begun: for the 18th birthday.
    waits: bool = False

    @property
    def covers(self) -> list[str]:
        own = set(self.own)
        labels = [word for word in LABELS.words(self.row.labels) if word not in own]
        return CATEGORIES.words(self.row.categories) + labels

    @property
    def leaves_out(self) -> list[str]:
        return (
            CATEGORIES.words(CATEGORIES.all & ~self.row.categories)
            + LABELS.words(LABELS.all & ~self.row.labels)
            + [word for word in self.own if word in LABELS.words(self.row.labels)]
            + self._own_people
        )

    @property
    def _own_people(self) -> list[str]:
        """Said of every child who signs in, so that it tells of nobody."""
        row = self.row
        if row.kind != RepresentativeKind.PARENT or not row.patient.user_id:
            return []
        return [
            _("anything that names people who joined the care team without a parent")
        ]

    @property
    def ended_by_death(self) -> bool:
        """Nobody ended it: the patient died, and only the estate is represented."""
        is_estate = self.row.kind == RepresentativeKind.ESTATE
        return bool(self.row.patient.died_at) and not (is_estate or self.stands)

    @property
    def until(self) -> date | None:
        """The last whole day, by the paper or by the 18th birthday."""
        patient = self.row.patient
        ends = self.row.ends_at
        if self.row.kind == RepresentativeKind.PARENT and patient.majority_at:
            ends = min(filter(None, (ends, patient.majority_at)))
        return zones.last_day(ends, patient.time_zone) if ends else None


def acting(opened: OpenPatient) -> list[Acting]:
    """Who acts now, will and did; whoever acts reads of themselves alone."""
    rows = _with_names(Representative.objects.filter(patient_id=opened.patient.pk))
    if opened.representative:
        waits = Q(
            party__user=opened.reading.user, starts_at__gt=opened.at, ended_at=None
        )
        rows = rows.filter(Q(pk=opened.representative.pk) | waits)
    else:
        opened.require(opened.is_patient)
    found = [_acting(row, opened.at, opened.reading.user) for row in rows]
    if opened.is_patient:
        found = _with_what_goes_on(found, opened)
    return sorted(found, key=_in_order)


def _in_order(each: Acting) -> tuple[bool, bool]:
    return not each.stands, not each.waits


def _with_what_goes_on(found: list[Acting], opened: OpenPatient) -> list[Acting]:
    """What each signed who no longer acts: the patient keeps it, or stops it."""
    over = [each.row.pk for each in found if not each.stands]
    permits = (
        Consent.objects.in_force(opened.at)
        .permits()
        .filter(
            representing.still_signed(opened.at, labels=Value(0)),
            patient_id=opened.patient.pk,
            representative__in=over,
        )
        .select_related("recipient", "representative", "patient")
        .defer("text")
        .order_by("-signed_at", "-pk")
    )
    signed: dict[object, tuple[Consent, ...]] = {}
    for permit in permits if over else ():
        by = permit.representative_id
        signed[by] = (*signed.get(by, ()), permit)
    return [replace(each, signed=signed.get(each.row.pk, ())) for each in found]


def acting_now(opened: OpenPatient) -> list[Acting]:
    """Who acts at this moment: for the patient, who is told of each."""
    return [each for each in acting(opened) if each.stands]


def one_acting(opened: OpenPatient, pk: uuid.UUID) -> Acting:
    """One that this person may end with their own hand; else the 404."""
    for each in acting(opened):
        if each.row.pk == pk and each.may_stop:
            return each
    opened.refuse()


def incapacities(opened: OpenPatient) -> list[Incapacity]:
    """What clinicians stated of the patient, newest first; for the patient alone."""
    if not opened.is_patient:
        return []
    rows = Incapacity.objects.filter(patient_id=opened.patient.pk)
    return list(rows.select_related("party__user").order_by("-stated_at", "-pk"))


def own_statement(opened: OpenPatient) -> Incapacity | None:
    """What this very clinician states now. What another one stated is not told."""
    return Incapacity.objects.filter(
        patient_id=opened.patient.pk, party=opened.party, ended_at=None
    ).first()


def agents_on(statement: Incapacity, at: datetime) -> int:
    """How many act on this statement now; of one that waits it tells nothing."""
    acting = representing.in_force(at).filter(
        patient_id=statement.patient_id, stated_by_id=statement.party_id
    )
    return acting.count()


def _acting(row: Representative, at, user) -> Acting:
    over = row.ended_at or (row.ends_at and row.ends_at <= at)
    own: tuple[str, ...] = ()
    if row.kind == RepresentativeKind.PARENT:
        majority = row.patient.majority_at
        over = over or majority is None or majority <= at
        own = tuple(
            code.word
            for code in LABELS
            if is_own_confidence(row.patient, code.name, at)
        )
    if row.kind != RepresentativeKind.ESTATE:
        over = over or row.patient.died_at
    waits = not over and row.starts_at > at
    stands = not over and not waits
    return Acting(row, stands, not over and may_stop(row, user), own, waits=waits)


def _with_names(rows: QuerySet[Representative]) -> QuerySet[Representative]:
    return rows.select_related(
        "patient",
        "party__related_person",
        "stated_by",
        "recorded_by",
        "checked_by",
        "ended_by",
    ).order_by("-recorded_at", "-pk")


# For the privacy officer: who, by which paper, since when; never a record ----------
# What is read of one patient stands in their log. The lists name who acts for whom, and
# that something waits: they are not written down line by line.


@dataclass(frozen=True)
class Closing:
    """What a death would close, in numbers."""

    permissions: int
    codes: int
    people: int
    has_sign_in: bool


def found_patients(office: Office, *, name: str, born: date) -> list:
    """Whose name and birth date are exactly these; nobody is listed otherwise.

    That somebody has a record here is told by it: it stands in their log.
    """
    rows = _patients(office).filter(birth_date=born).order_by("created_at", "pk")
    # Compared here: SQLite knows no capital letters but those of English.
    found = [row for row in rows if folded(row.name) == folded(name)]
    for row in found:
        office.reading.officer_read(row, patient_id=row.pk)
    return found


def patient_of(office: Office, pk: uuid.UUID):
    """One patient, neither the officer nor somebody close to them; else the 404."""
    found = _patients(office).filter(pk=pk).first()
    if found is None:
        raise Http404
    office.reading.officer_read(found, patient_id=found.pk)
    return found


def _patients(office: Office) -> QuerySet:
    # By name of the model: consents never imports upward.
    patients = apps.get_model("patients", "Patient").objects
    return patients.exclude(pk__in=own_patients(office.user))


def acting_for(office: Office, patient) -> list[Acting]:
    rows = _with_names(Representative.objects.filter(patient_id=patient.pk))
    found = [_acting(row, office.at, office.user) for row in rows]
    return sorted(found, key=_in_order)


def turns(office: Office, patient) -> str:
    """The day on which a child turns 18, in words; empty for an adult."""
    majority = patient.majority_at
    if majority is None or majority <= office.at or patient.died_at:
        return ""
    return zones.day_words(zones.today(majority, patient.time_zone))


def stated_of(office: Office, patient) -> list[Incapacity]:
    """Statements that stand: on one of them an agent's paper can be recorded.

    After a death none does: only the estate is represented then.
    """
    if patient.died_at:
        return []
    rows = Incapacity.objects.filter(patient_id=patient.pk, ended_at=None)
    return list(rows.select_related("party").order_by("-stated_at", "-pk"))


def death_of(office: Office, patient) -> Death | None:
    rows = Death.objects.filter(patient_id=patient.pk, corrected_at=None)
    return rows.select_related("recorded_by", "patient").first()


def corrected_deaths(office: Office, patient) -> list[Death]:
    """Deaths recorded by mistake: that it was, by whom, and how it is known stays."""
    found = Death.objects.filter(patient_id=patient.pk, corrected_at__isnull=False)
    return list(
        found.select_related("recorded_by", "corrected_by").order_by(
            "-corrected_at", "-pk"
        )
    )


def own_corrected_deaths(opened: OpenPatient) -> list[Death]:
    """For the patient alone: that their death was recorded by mistake, and until when.

    Not why: the officer's words can be about whoever the paper was really for.
    """
    if not opened.is_patient:
        return []
    found = Death.objects.filter(
        patient_id=opened.patient.pk, corrected_at__isnull=False
    )
    return list(found.select_related("recorded_by").order_by("-corrected_at", "-pk"))


def closed_by_death(office: Office, patient) -> Closing:
    permits = Consent.objects.in_force(office.at).permits()
    return Closing(
        permissions=permits.filter(patient_id=patient.pk)
        .exclude(recipient__kind=PartyKind.GUEST)
        .count(),
        codes=GuestCode.objects.filter(
            patient_id=patient.pk, consent__in=permits.values("pk")
        ).count(),
        people=sum(1 for each in acting_for(office, patient) if each.stands),
        has_sign_in=bool(patient.user_id and patient.user.is_active),
    )


def everyone_acting(office: Office) -> list[Acting]:
    """Who acts for anybody now, what waits for a paper first."""
    found = [_acting(row, office.at, office.user) for row in _others(office)[:MOST]]
    standing = [each for each in found if each.stands]
    return sorted(standing, key=lambda each: each.row.checked_at is not None)


def one_representative(office: Office, pk: uuid.UUID) -> Acting:
    """One that stands or waits, however many there are; else the 404.

    Nobody decides about themselves.
    """
    for row in _others(office).filter(pk=pk):
        found = _acting(row, office.at, office.user)
        if found.stands or found.waits:
            office.reading.officer_read(row, patient_id=row.patient_id)
            return found
    raise Http404


def _others(office: Office) -> QuerySet[Representative]:
    """By state; without what is about the officer."""
    rows = Representative.objects.filter(ended_at=None)
    return _with_names(rows.exclude(ones_own(office.user) | Q(party__user=office.user)))


def office_lines(office: Office) -> list[Line]:
    """Papers to see, and statements on which nobody acts yet."""
    papers = [
        Line(
            text=_("Paper of %(name)s, for %(patient)s")
            % {"name": each.row.party.name, "patient": each.row.patient.name},
            href=reverse("consents:acting_check", args=[each.row.pk]),
            note=zones.instant_words(each.row.recorded_at, office.user.time_zone),
        )
        for each in everyone_acting(office)
        if each.row.checked_at is None
    ]
    agents = representing.in_force(office.at).filter(kind=RepresentativeKind.AGENT)
    stated = (
        Incapacity.objects.filter(ended_at=None)
        .exclude(ones_own(office.user))
        .exclude(patient__in=agents.values("patient"))
    )
    return papers + [
        Line(
            text=_("%(name)s cannot decide now, says %(clinician)s")
            % {"name": row.patient.name, "clinician": row.party.name},
            href=reverse("consents:acting_patient", args=[row.patient_id]),
            note=zones.instant_words(row.stated_at, office.user.time_zone),
        )
        for row in stated.select_related("patient", "party").order_by("stated_at", "pk")
    ]
