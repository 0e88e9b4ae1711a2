"""Reports: for whoever wrote one, and for the privacy officer. For nobody else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from carecoord import zones
from carecoord.models import User
from consents import reports, withheld
from consents.access import sharing
from consents.access.patient import OpenPatient
from consents.access.sharing import Person
from consents.codes import Basis, Channel, ReportKind, purpose_word
from consents.entrances import place_in_words
from consents.models import Disclosure, PrivacyReport
from consents.office import Office, ones_own, treated_by
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party

PAGE = 50
# About somebody whom it names in words, if at all.
UNNAMED = Q(about=None, kind=ReportKind.CONDUCT)
# What a look rests on, said to somebody else than the patient.
BASES = {
    Basis.PATIENT: _("it is their own record"),
    Basis.CONSENT: _("the patient’s permission"),
    Basis.OWN_TEXT: _("their own text"),
    Basis.EMERGENCY: _("an emergency they stated"),
    Basis.EXCEPTIONAL: _("an exception that the law makes"),
    Basis.REPRESENTATIVE: _("a document that lets them act for the patient"),
    Basis.OFFICE: _("the work of the privacy officer"),
}
# How far back the privacy officer sees when the person looked.
LOOKS_DAYS = 400
LOOKS = 500


def own_reports(opened: OpenPatient) -> list[PrivacyReport]:
    """What this reader reported about this record, newest first."""
    return list(_own(opened).order_by("-reported_at", "-pk"))


def own_report(opened: OpenPatient, pk: uuid.UUID) -> PrivacyReport:
    """One of them; else the 404."""
    found = _own(opened).filter(pk=pk).first()
    if found is None:
        opened.refuse()
    return found


def _own(opened: OpenPatient) -> QuerySet:
    return PrivacyReport.objects.filter(
        patient_id=opened.patient.pk, reported_by=opened.reading.user
    ).select_related("about", "answered_by")


def looker(opened: OpenPatient, party_id: uuid.UUID) -> Person:
    """Of whom "this looks wrong" can be said: on a card of sharing, or in the log.

    Who acts for the patient, or left before anything was signed for them, is on no
    card. Of a look that is not told yet there is the same 404 as of none.
    """
    opened.require(opened.is_patient)
    looks = Disclosure.objects.filter(
        patient_id=opened.patient.pk, recipient_id=OuterRef("pk")
    )
    told = withheld.told(looks, patient_id=opened.patient.pk, at=opened.at)
    looked = Party.objects.filter(Exists(told), pk=party_id).first()
    return sharing.person(opened, party_id, looked=looked)


def clinicians(opened: OpenPatient) -> list[Party]:
    """Whom the patient can choose: everyone who is or was on the team.

    Others name the person in words: the roster may not be theirs to see.
    """
    if not opened.is_patient:
        return []
    team = CareTeamParticipant.objects.filter(
        patient_id=opened.patient.pk, party__kind=PartyKind.PRACTITIONER
    )
    return list(
        Party.objects.filter(pk__in=team.values("party_id")).order_by("name", "pk")
    )


# The privacy officer's side ------------------------------------------------------


def reports_for(office: Office) -> QuerySet:
    """Every report but the officer's own and those about them, newest first.

    Nobody answers a report about themselves, nor one that they wrote: with it stands
    when somebody looked, also what the patient is not told of yet. Nor one about
    somebody in words, on whose patient's team they are or were, or whom the words may
    name: it may be about them. Nor one about a place where they work or worked.
    """
    return (
        PrivacyReport.objects.exclude(
            _not_for(office.user, PrivacyReport.objects.all())
        )
        .select_related("patient", "about", "reported_by")
        .order_by("-reported_at", "-pk")
    )


def _not_for(officer: User, rows: QuerySet) -> Q:
    own = Q(about__user=officer) | Q(reported_by=officer)
    own |= Q(about__in=reports.places_of(officer).values("pk"))
    own |= UNNAMED & Q(patient__in=treated_by(officer).values("patient_id"))
    # The words are encrypted: no database compares them.
    unnamed = rows.filter(UNNAMED).only("pk", "about_words")
    naming = [row.pk for row in unnamed if reports.is_named(officer, row.about_words)]
    return own | Q(pk__in=naming) | ones_own(officer)


def somebody_checks(report: PrivacyReport) -> bool:
    """Whether an officer may read it. Where the only one is a party to it, nobody does,
    and whoever reported is told at once and shown the ways outside.
    """
    officers = User.objects.filter(is_privacy_officer=True, is_active=True)
    mine = PrivacyReport.objects.filter(pk=report.pk)
    return any(mine.exclude(_not_for(officer, mine)).exists() for officer in officers)


def open_reports(office: Office) -> list[PrivacyReport]:
    return list(reports_for(office).filter(answered_at=None).order_by("due_date", "pk"))


def report_page(
    office: Office, *, before: uuid.UUID | None
) -> tuple[list[PrivacyReport], uuid.UUID | None]:
    """Answered ones, newest first, by key."""
    rows = reports_for(office).filter(answered_at__isnull=False)
    last = rows.filter(pk=before).first() if before else None
    if last:
        rows = rows.filter(
            Q(reported_at__lt=last.reported_at)
            | Q(reported_at=last.reported_at, pk__lt=last.pk)
        )
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def open_report(office: Office, pk: uuid.UUID) -> PrivacyReport:
    """One report, with when its person looked; else the 404."""
    found = reports_for(office).filter(pk=pk).first()
    if found is None:
        raise Http404
    office.reading.officer_read(found, patient_id=found.patient_id, about=found.pk)
    return found


@dataclass
class Day:
    """One day on which the person looked: where, when, why. Never at what."""

    day: date
    # "The chart, on screen" -> the times, newest first.
    places: dict[str, list[str]] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)
    whys: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, row: Disclosure, zone: str) -> None:
        place = f"{place_in_words(row.entrance)}, {Channel(row.channel).label}"
        times = self.places.setdefault(place, [])
        for said, words in (
            (times, zones.time_words(row.at, zone)),
            (self.bases, str(BASES[Basis(row.basis)])),
            (self.whys, purpose_word(row.purpose).lower()),
        ):
            if words not in said:
                said.append(words)
        self.count += 1

    @property
    def where(self) -> list[tuple[str, str]]:
        return [(place, ", ".join(times)) for place, times in self.places.items()]

    @property
    def basis(self) -> str:
        return ", ".join(self.bases)

    @property
    def why(self) -> str:
        return ", ".join(self.whys)


@dataclass(frozen=True)
class Looks:
    """When the person of a report looked, by day, newest first."""

    days: list[Day]
    # The day that the report names, where they looked on it.
    reported: Day | None = None
    # There are older ones than these.
    has_more: bool = False


def looks_of(office: Office, report: PrivacyReport) -> Looks:
    """When the person of the report looked at this record.

    In the patient's zone: a report names a day as the patient read it.
    """
    if report.about is None:
        return Looks([])
    rows = Disclosure.objects.filter(
        recipient=report.about,
        patient_id=report.patient_id,
        at__gt=office.at - timedelta(days=LOOKS_DAYS),
    )
    # Who was told by phone looked at nothing.
    rows = rows.exclude(channel=Channel.PHONE).defer("items", "categories", "consents")
    found = list(rows.order_by("-seq")[: LOOKS + 1])
    zone = report.patient.time_zone
    days: dict[date, Day] = {}
    for row in found[:LOOKS]:
        day = zones.today(row.at, zone)
        days.setdefault(day, Day(day)).add(row, zone)
    return Looks(
        days=list(days.values()),
        reported=days.get(report.about_date) if report.about_date else None,
        has_more=len(found) > LOOKS,
    )
