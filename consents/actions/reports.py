"""Reports to the privacy officer, from the first word to the answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from carecoord import form_keys, zones
from carecoord.models import User
from consents import gate
from consents.actions.office import tell_officers
from consents.actions.terms import RuleError
from consents.codes import ReportKind
from consents.models import PrivacyReport
from consents.office import officers_of
from consents.reports import is_named
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party

# By one person about one patient: each waits for an answer of its own.
MOST_A_DAY = 10


@dataclass(frozen=True)
class Said:
    """What a report says, as it was filled in."""

    kind: str
    reason: str
    about: Party | None = None
    about_words: str = ""
    about_date: date | None = None
    words: str = ""
    reach: str = ""


@transaction.atomic
def report(
    *, patient, said: Said, by: User, at: datetime, key: uuid.UUID
) -> PrivacyReport:
    """Sends a report, once for each form. Whom it is about is told nothing.

    The day by which it is answered comes from the jurisdiction file. Raises
    FormUsedError for a form that was sent before with other answers, and RuleError
    after MOST_A_DAY.
    """
    gate.lock(patient.pk)
    of = [PrivacyReport._meta.label, patient]
    made = form_keys.item_id(key, of=of, by=by, at=at, said=said)
    if sent := form_keys.saved_with(PrivacyReport.objects.all(), made):
        return sent
    _check_room(patient, by=by, at=at)
    days = settings.JURISDICTION.complaints.answer_days
    row = PrivacyReport.objects.create(
        pk=made,
        **vars(said),
        patient=patient,
        reported_at=at,
        reported_by=by,
        due_date=zones.today(at, by.time_zone) + timedelta(days=days),
    )
    officers = officers_of(patient.pk).exclude(pk=by.pk)
    officers = officers.exclude(pk__in=_may_be_about(patient, said))
    tell_officers(about=row.pk, at=at, officers=officers)
    return row


def _check_room(patient, *, by: User, at: datetime) -> None:
    since = at - timedelta(days=1)
    mine = PrivacyReport.objects.filter(patient=patient, reported_by=by)
    if mine.filter(reported_at__gt=since).count() >= MOST_A_DAY:
        raise RuleError(
            _(
                "This was not sent. You sent %(n)d reports in one day, and each is "
                "read. Send this one tomorrow, or turn to the offices on this page."
            )
            % {"n": MOST_A_DAY}
        )


def _may_be_about(patient, said: Said) -> list[uuid.UUID]:
    """Whose conduct it is, as far as it says so.

    Of a place, all who work or worked there. In words, any clinician who treats the
    patient, and each officer whom the words may name.
    """
    if said.about:
        works = Q(parties__practitioner__roles__organization=said.about.pk)
        users = User.objects.filter(works | Q(parties=said.about))
        return list(users.values_list("pk", flat=True))
    if said.kind != ReportKind.CONDUCT:
        return []
    officers = officers_of(patient.pk)
    named = [each.pk for each in officers if is_named(each, said.about_words)]
    team = CareTeamParticipant.objects.filter(
        patient=patient, party__kind=PartyKind.PRACTITIONER
    )
    users = User.objects.filter(parties__in=team.values("party_id"))
    return [*users.values_list("pk", flat=True), *named]


@transaction.atomic
def take_report(*, report: PrivacyReport, by: User, at: datetime) -> None:
    """The privacy officer looks into it: whoever wrote it can see that."""
    PrivacyReport.objects.filter(pk=report.pk, taken_at=None).update(
        taken_at=at, taken_by=by
    )


@transaction.atomic
def answer_report(
    *, report: PrivacyReport, outcome: str, words: str, by: User, at: datetime
) -> None:
    """The answer, once. Raises RuleError when there is one already."""
    row = PrivacyReport.objects.select_for_update().get(pk=report.pk)
    if row.answered_at:
        raise RuleError("This report was answered already.")
    row.taken_at, row.taken_by = row.taken_at or at, row.taken_by or by
    row.answered_at, row.answered_by = at, by
    row.outcome, row.answer = outcome, words
    row.save(
        update_fields=[
            "taken_at",
            "taken_by",
            "answered_at",
            "answered_by",
            "outcome",
            "answer",
        ]
    )
