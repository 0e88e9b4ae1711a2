"""What a notice about an exception says: an emergency, or an exceptional case."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from consents.access import Reading
from consents.models import CaseRecipient, EmergencyAccess, ExceptionalCase
from consents.office import emergencies_not_for, ones_own
from messaging.access.notices_of_sharing import own
from messaging.codes import NoticeKind
from messaging.models import Notice

Said = dict[uuid.UUID, tuple[str, str]]


def _abouts(notices: list[Notice]) -> list[uuid.UUID]:
    return [notice.about for notice in notices]


def _emergencies(reading: Reading, notices: list[Notice]) -> Said:
    """For the patient: who opened the emergency page."""
    rows = EmergencyAccess.objects.filter(own(reading)).in_bulk(_abouts(notices))
    return {
        notice.pk: (
            _("%(who)s opened the emergency page") % {"who": rows[notice.about].name},
            reverse(_where(notice), args=[notice.patient_id]),
        )
        for notice in notices
        if notice.about in rows
    }


def _findings(reading: Reading, notices: list[Notice]) -> Said:
    """For the patient: that there is an answer, which stands on the page."""
    rows = EmergencyAccess.objects.filter(own(reading), review__isnull=False)
    found = rows.in_bulk(_abouts(notices))
    return {
        notice.pk: (
            _("%(who)s opened the emergency page. It was checked: read what was found")
            % {"who": found[notice.about].name},
            reverse("consents:emergency_opened", args=[notice.patient_id]),
        )
        for notice in notices
        if notice.about in found
    }


def _where(notice: Notice) -> str:
    """The patient can answer there too; who keeps the record reads what happened."""
    own = notice.patient.user_id == notice.user_id
    return "consents:emergency_choice" if own else "consents:emergency_opened"


def _office(reading: Reading, notices: list[Notice]) -> Said:
    """For a privacy officer: what still waits to be checked."""
    if not reading.user.is_privacy_officer:
        return {}
    user, abouts = reading.user, _abouts(notices)
    to_check = EmergencyAccess.objects.filter(review=None)
    waits = to_check.exclude(emergencies_not_for(user)).in_bulk(abouts)
    still_open = ExceptionalCase.objects.filter(closed_at=None)
    cases = still_open.exclude(ones_own(user)).in_bulk(abouts)
    said: Said = {}
    for notice in notices:
        if notice.about in waits:
            said[notice.pk] = (
                _("An emergency access waits to be checked"),
                reverse("consents:emergency_review", args=[notice.about]),
            )
        elif notice.about in cases:
            said[notice.pk] = (
                _("An exceptional disclosure is open"),
                reverse("consents:case", args=[notice.about]),
            )
    return said


def _cases(reading: Reading, notices: list[Notice]) -> Said:
    """For whoever wrote a case, and for those whom it names, while it is open."""
    own = ExceptionalCase.objects.filter(recorded_by=reading.user).in_bulk(
        _abouts(notices)
    )
    named = set(
        CaseRecipient.objects.filter(
            content__in=_abouts(notices),
            content__ends_at__gt=reading.at,
            content__case__closed_at=None,
            content__withdrawn_at=None,
            party__user_id=reading.user.pk,
        ).values_list("content_id", flat=True)
    )
    said: Said = {}
    for notice in notices:
        if notice.about in own:
            said[notice.pk] = (
                _("Something about a case of yours is overdue"),
                reverse("consents:case", args=[notice.about]),
            )
        elif notice.about in named:
            said[notice.pk] = (
                _("Something was disclosed to you, to prevent harm"),
                reverse("consents:case_received", args=[notice.about]),
            )
    return said


LOOK_UPS = (
    ((NoticeKind.EMERGENCY,), _emergencies),
    ((NoticeKind.EMERGENCY_CHECKED,), _findings),
    ((NoticeKind.OFFICE,), _office),
    ((NoticeKind.CASE,), _cases),
)
