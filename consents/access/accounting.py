"""The accounting of disclosures, for the patient (45 CFR 164.528; 42 CFR 2.25).

Who looked shows every look. The accounting is the shorter list that the law gives a
right to: disclosures without the patient's permission, and in a second part those of
records from a substance use programme.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from carecoord import zones
from consents import withheld
from consents.access.patient import OpenPatient
from consents.access.still import WORDS
from consents.codes import CATEGORIES, PURPOSES, Basis, Channel, Outcome
from consents.models import (
    CaseReasons,
    CaseRecipient,
    Consent,
    Disclosure,
    GuestVisit,
)
from providers.models import Party, PractitionerRole

# Basis of a disclosure that 164.528 lists -> the basis in words. What is not named here
# is left out by 164.528(a)(1): care, the patient's own, what the patient signed; as
# health care operations also what the privacy officer reads to check it.
ACCOUNTED = {
    Basis.EXCEPTIONAL: gettext_lazy("What the law allows or asks without permission"),
}
# Printed pages are bounded; a longer list is for the table file.
MOST_LINES = 400


@dataclass
class Line:
    """One disclosure, or several to one recipient for one reason: 164.528(b)(3)."""

    first: date
    last: date
    count: int
    recipient: str
    address: str
    what: str
    why: str
    categories: int = 0
    told_in_words: str = ""

    @property
    def days(self) -> str:
        first = zones.day_words(self.first)
        if self.count == 1:
            return first
        if self.first == self.last:
            return _("%(day)s, %(count)d times") % {"day": first, "count": self.count}
        return ngettext(
            "%(first)s, in all %(count)d time, last on %(last)s",
            "%(first)s, in all %(count)d times, last on %(last)s",
            self.count,
        ) % {"first": first, "count": self.count, "last": zones.day_words(self.last)}


@dataclass(frozen=True)
class Accounting:
    """Both parts, ready to show: no more queries are needed."""

    patient_name: str
    made: date
    since: date
    part2_since: date
    lines: list[Line] = field(default_factory=list)
    part2: list[Line] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        return len(self.lines) + len(self.part2) > MOST_LINES


def accounting(opened: OpenPatient) -> Accounting:
    """As of now, for the six and the three years before this day."""
    opened.require(opened.is_patient)
    law = settings.JURISDICTION.complaints
    today = zones.today(opened.at, opened.patient.time_zone)
    since = zones.months_after(today, -12 * law.accounting_years)
    part2_since = zones.months_after(today, -12 * law.part2_years)
    shown = _rows(opened, since).filter(basis__in=list(ACCOUNTED))
    part2 = _rows(opened, part2_since).filter(part2=True, basis=Basis.CONSENT)
    return Accounting(
        patient_name=opened.patient.name,
        made=today,
        since=since,
        part2_since=part2_since,
        lines=_Lines(opened, shown).lines(),
        part2=_Lines(opened, part2).lines(),
    )


def _rows(opened: OpenPatient, since: date):
    """Rows of the log that were handed over, oldest first, without withheld ones."""
    patient_id = opened.patient.pk
    mine = Disclosure.objects.filter(patient_id=patient_id)
    failed = mine.filter(outcome=Outcome.NOT_DELIVERED).values("about")
    rows = mine.filter(
        outcome=Outcome.SHOWN, at__gte=zones.start_of(since, opened.patient.time_zone)
    ).exclude(pk__in=failed)
    return withheld.told(rows, patient_id=patient_id, at=opened.at).order_by("seq")


class _Lines:
    """Reads names, places and grounds once for all rows, then sums them up."""

    def __init__(self, opened: OpenPatient, rows: Iterable[Disclosure]) -> None:
        self.zone = opened.patient.time_zone
        self.rows = list(rows)
        self.parties = Party.objects.in_bulk(_ids(self.rows, "recipient_id"))
        self.addresses = addresses(set(self.parties))
        self.outside = CaseRecipient.objects.in_bulk(_ids(self.rows, "about"))
        self.talks = {
            (str(self.outside[row.about].content_id), _reached(row))
            for row in self.rows
            if row.channel == Channel.PHONE and row.about in self.outside
        }
        self.visits = GuestVisit.objects.in_bulk(_ids(self.rows, "visit_id"))
        reasons = CaseReasons.objects.filter(case__in=_ids(self.rows, "exception"))
        self.grounds: dict[uuid.UUID | None, str] = {}
        self.authors: dict[uuid.UUID | None, str] = {}
        for row in reasons.order_by("signed_at", "pk").select_related("case__author"):
            words = {"ground": row.ground_name, "rule": row.rule}
            self.grounds[row.case_id] = _("%(ground)s (%(rule)s)") % words
            self.authors[row.case_id] = row.case.author.name
        named = {pk for row in self.rows for pk in row.consents}
        self.signed = {
            str(each.pk): zones.day_words(zones.today(each.signed_at, self.zone))
            for each in Consent.objects.filter(pk__in=named).only("pk", "signed_at")
        }

    def lines(self) -> list[Line]:
        """One line for each recipient and reason, in the order of the first.

        What was told in a talk stands apart from what somebody looked at. Who reads
        the words of that talk later is told them once more, and nothing else.
        """
        found: dict[tuple, Line] = {}
        for row in self.rows:
            name, address = self._who(row)
            why, talk = self._why(row), self._talk(row)
            day = zones.today(row.at, self.zone)
            line = found.setdefault(
                (name, address, why, talk), Line(day, day, 0, name, address, talk, why)
            )
            line.count, line.last = line.count + 1, day
            line.categories |= row.categories
            line.told_in_words = self._words(row) or line.told_in_words
            kinds = ", ".join(CATEGORIES.words(line.categories))
            line.what = ". ".join(filter(None, [kinds, line.told_in_words or talk]))
        return list(found.values())

    def _talk(self, row: Disclosure) -> str:
        """That it was told in a talk, by whom; nothing where somebody looked."""
        if row.channel != Channel.PHONE and not self._is_once_more(row):
            return ""
        name = {"name": self.authors.get(row.exception, "")}
        return _("Told in a talk by %(name)s. Ask them what was said.") % name

    def _words(self, row: Disclosure) -> str:
        """What somebody wrote for the recipient, alone or beside the record."""
        name = {"name": self.authors.get(row.exception, "")}
        if self._is_once_more(row):
            both = _("Told in a talk and in words by %(name)s. Ask them what was said.")
            return both % name
        if row.channel == Channel.PHONE or (row.categories and not self._new(row)):
            return ""
        return _("Told in words by %(name)s. Ask them what was said.") % name

    def _is_once_more(self, row: Disclosure) -> bool:
        """Whether all that it showed was told to the same person in a talk."""
        return bool(_words_in(row)) and not row.categories and not self._new(row)

    def _new(self, row: Disclosure) -> set[str]:
        """Of whose words, by the ids of their contents, no talk told this person."""
        return {pk for pk in _words_in(row) if (pk, _reached(row)) not in self.talks}

    def _who(self, row: Disclosure) -> tuple[str, str]:
        outside = self.outside.get(row.about)
        if outside and not outside.party_id:
            place = [outside.organization, outside.reached_by]
            return outside.name, ", ".join(filter(None, place))
        if visit := self.visits.get(row.visit_id):
            return visit.name, visit.organization
        party = self.parties.get(row.recipient_id)
        name = party.name if party else _("Not known")
        return name, self.addresses.get(row.recipient_id, "")

    def _why(self, row: Disclosure) -> str:
        if row.basis in ACCOUNTED:
            return self.grounds.get(row.exception) or str(ACCOUNTED[Basis(row.basis)])
        days = [self.signed[pk] for pk in row.consents if pk in self.signed]
        word = PURPOSES.by_name[row.purpose].word
        if not days:
            return word
        return _("%(why)s. Your permission of %(day)s") % {
            "why": word,
            "day": ", ".join(days),
        }


def _words_in(row: Disclosure) -> set[str]:
    """Ids of the contents whose words it showed."""
    return {pk for label, pk, *_rest in row.items if label == WORDS}


def _reached(row: Disclosure) -> uuid.UUID | None:
    """Whom it reached: a party, or the recipient outside."""
    return row.recipient_id or row.about


def _ids(rows: list[Disclosure], name: str) -> set[uuid.UUID]:
    return {value for row in rows if (value := getattr(row, name))}


def addresses(party_ids: set[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    """Where somebody works, or where an organization is; as far as known."""
    roles = PractitionerRole.objects.filter(
        practitioner_id__in=party_ids, ended_at=None
    ).select_related("organization__party")
    found: dict[uuid.UUID | None, str] = {
        each.practitioner_id: _place(each.organization.party, each.organization)
        for each in roles.order_by("-started_at", "-pk")
    }
    own = Party.objects.filter(pk__in=party_ids, organization__isnull=False)
    for party in own.select_related("organization"):
        found[party.pk] = party.organization.address
    return found


def _place(party: Party, organization) -> str:
    return ", ".join(filter(None, [party.name, organization.address]))
