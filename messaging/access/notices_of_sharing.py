"""What notices about sharing say: requests, looks, endings, joinings, answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from carecoord import zones
from consents import acted, representing, windows
from consents.access import Reading
from consents.access.known import answered_by
from consents.codes import Decision
from consents.models import (
    Consent,
    ConsentRequest,
    Disclosure,
    GuestCode,
    GuestNote,
    GuestVisit,
    Invitation,
    PrivacyReport,
    Representative,
    TalkingChoice,
)
from messaging.codes import SIGNED_FOR, STOPPED_FOR, NoticeKind
from messaging.models import Notice
from providers.models import CareTeamParticipant

Said = dict[uuid.UUID, tuple[str, str]]


def own(reading: Reading, patient: str = "patient") -> Q:
    """Of the reader, or of one without a sign-in whose record the reader keeps."""
    mine = representing.told_instead(reading.at).filter(party__user=reading.user)
    return Q(**{f"{patient}__user": reading.user}) | Q(
        **{f"{patient}__in": mine.values("patient_id")}
    )


def _requests(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        ConsentRequest.objects.filter(own(reading), answered_at=None)
        .filter(answered_by(reading.user.pk, reading.at))
        .select_related("asked_by", "recipient")
        .in_bulk([notice.about for notice in notices])
    )
    return _say(notices, rows, _asked, page="consents:sharing")


def _asked(row: ConsentRequest) -> str:
    if row.asked_by_id == row.recipient_id:
        return _("%(who)s asks you to share something") % {"who": row.asked_by.name}
    return _("%(who)s asks you to share something with %(whom)s") % {
        "who": row.asked_by.name,
        "whom": row.recipient.name,
    }


def _first_looks(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        Disclosure.objects.filter(own(reading))
        .select_related("recipient", "user", "patient")
        .in_bulk([notice.about for notice in notices])
    )
    said = partial(_looked, user_id=reading.user.pk)
    return _say(notices, rows, said, page="consents:log")


def _looked(row: Disclosure, *, user_id: uuid.UUID) -> str:
    """Whoever keeps a child's record is not told that it is theirs."""
    who = row.recipient or row.user
    name = who.name if who else _("Somebody")
    said = _("%(who)s looked at the record for the first time")
    if row.patient.user_id == user_id:
        said = _("%(who)s looked at your information for the first time")
    return said % {"who": name}


def _endings(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        Consent.objects.in_force(reading.at)
        .permits()
        .filter(own(reading))
        .select_related("recipient", "patient", "representative")
        .in_bulk([notice.about for notice in notices])
    )
    return _say(notices, rows, _ends, page="consents:sharing")


def _ends(row: Consent) -> str:
    day = zones.last_day(windows.counts_until(row), row.patient.time_zone)
    return _("Sharing with %(who)s ends after %(day)s") % {
        "who": row.recipient.name,
        "day": zones.day_words(day),
    }


def _joinings(reading: Reading, notices: list[Notice]) -> Said:
    ids = [notice.about for notice in notices]
    accepted = (
        Invitation.objects.filter(own(reading), confirmed_at=None, cancelled_at=None)
        .select_related("accepted_by")
        .in_bulk(ids)
    )
    joined = (
        CareTeamParticipant.objects.current()
        .filter(own(reading))
        .select_related("party")
        .in_bulk(ids)
    )
    return _say(notices, accepted, _accepted, page="consents:sharing") | _say(
        notices, joined, _joined, page="consents:sharing"
    )


def _acting(reading: Reading, notices: list[Notice]) -> Said:
    page, at = "consents:representatives", reading.at
    said: Said = {}
    for rows, words in (
        (representing.in_force(at), _acts_now),
        (representing.waiting(at), _acts_later),
    ):
        mine = rows.filter(patient__user_id=reading.user.pk)
        found = mine.select_related("party", "patient").in_bulk(
            [notice.about for notice in notices]
        )
        said |= _say(notices, found, words, page=page)
    return said


def _acts_now(row: Representative) -> str:
    return _("%(who)s can act for you now, by a paper") % {"who": row.party.name}


def _acts_later(row: Representative) -> str:
    day = zones.day_words(zones.today(row.starts_at, row.patient.time_zone))
    text = _("%(who)s can act for you from %(day)s on, by a paper")
    return text % {"who": row.party.name, "day": day}


def _stopped_acting(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        acted.stopped_acting(reading.at)
        .filter(patient__user_id=reading.user.pk)
        .select_related("party", "patient")
        .in_bulk([notice.about for notice in notices])
    )
    return _say(notices, rows, _acts_no_longer, page="consents:representatives")


def _acts_no_longer(row: Representative) -> str:
    """By the day on which it was over, in the patient's zone."""
    at = acted.stopped_at(row)
    day = zones.day_words(zones.today(at, row.patient.time_zone)) if at else ""
    return _("%(who)s no longer acts for you, since %(day)s") % {
        "who": row.party.name,
        "day": day,
    }


SIGNED: dict[str, Promise] = {
    Decision.PERMIT: _lazy("%(who)s signed a permission for %(whom)s, for you"),
    Decision.DENY: _lazy("%(who)s signed a “never” for %(whom)s, for you"),
    Decision.REFUSAL: _lazy("%(who)s said no to sharing with %(whom)s, for you"),
}
STOPPED: dict[str, Promise] = {
    Decision.PERMIT: _lazy("%(who)s stopped sharing with %(whom)s, for you"),
    Decision.DENY: _lazy("%(who)s took back the “never” for %(whom)s, for you"),
}


def _decided_for(row: Consent) -> dict[uuid.UUID, str]:
    """Event to words: what others signed and stopped for the patient, by whom."""
    whom = row.recipient.name
    said = {"who": row.signed_by.name, "whom": whom}
    found = {uuid.uuid5(row.pk, SIGNED_FOR): SIGNED[row.decision] % said}
    if row.revoked_by:
        said = {"who": row.revoked_by.name, "whom": whom}
        found[uuid.uuid5(row.pk, STOPPED_FOR)] = STOPPED[row.decision] % said
    return found


def _deciding(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        Consent.objects.filter(patient__user_id=reading.user.pk)
        .select_related("recipient", "signed_by", "revoked_by")
        .defer("text")
        .in_bulk([notice.about for notice in notices])
    )
    return {
        notice.pk: (
            _decided_for(rows[notice.about])[notice.event],
            reverse("consents:receipt", args=[notice.patient_id, notice.about]),
        )
        for notice in notices
        if notice.about in rows
    } | _talking(reading, notices)


def _talking(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        TalkingChoice.objects.filter(patient__user_id=reading.user.pk)
        .select_related("answered_by")
        .in_bulk([notice.about for notice in notices])
    )
    return _say(notices, rows, _talks, page="consents:talking")


def _talks(row: TalkingChoice) -> str:
    words = _("%(who)s changed how much your care team talks, for you")
    return words % {"who": row.answered_by.name}


def _accepted(row: Invitation) -> str:
    return _("%(who)s accepted your invitation. Say if it is the right person") % {
        "who": getattr(row.accepted_by, "name", "") or row.to_name
    }


def _joined(row: CareTeamParticipant) -> str:
    return _("%(who)s is now on the care team") % {"who": row.party.name}


def _new_staff(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        CareTeamParticipant.objects.current()
        .filter(own(reading))
        .select_related("party")
        .in_bulk([notice.about for notice in notices])
    )
    return _say(notices, rows, _works_there, page="consents:sharing")


def _works_there(row: CareTeamParticipant) -> str:
    return _("%(who)s works now at a place you share with, and may see that") % {
        "who": row.party.name
    }


def _answers(reading: Reading, notices: list[Notice]) -> Said:
    rows = PrivacyReport.objects.filter(
        reported_by=reading.user, answered_at__isnull=False
    ).in_bulk([notice.about for notice in notices])
    return _say(
        notices,
        rows,
        lambda row: _("Your report was answered"),
        page="consents:reports",
    )


def _shared(reading: Reading, notices: list[Notice]) -> Said:
    rows = (
        Consent.objects.in_force(reading.at)
        .permits()
        .filter(recipient__user_id=reading.user.pk)
        .in_bulk([notice.about for notice in notices])
    )
    return _say(
        notices, rows, lambda row: _("Something was shared"), page="patients:chart"
    )


def _uses(reading: Reading, notices: list[Notice]) -> Said:
    rows = GuestVisit.objects.filter(own(reading, "code__patient")).in_bulk(
        [notice.about for notice in notices]
    )
    return _say(notices, rows, _used, page="consents:code", of=lambda row: row.code_id)


def _used(row: GuestVisit) -> str:
    return _("Somebody used your code. They said to be %(who)s (not checked)") % {
        "who": row.name
    }


def _closed_codes(reading: Reading, notices: list[Notice]) -> Said:
    rows = GuestCode.objects.filter(own(reading)).in_bulk(
        [notice.about for notice in notices]
    )
    said = _("A code was closed after wrong tries. See why, and make a new one")
    return _say(
        notices, rows, lambda row: said, page="consents:code", of=lambda row: row.pk
    )


def _guest_notes(reading: Reading, notices: list[Notice]) -> Said:
    notes = GuestNote.objects.filter(own(reading, "visit__code__patient"))
    rows = notes.select_related("visit").in_bulk([notice.about for notice in notices])
    said = _("Somebody with your code wrote you a note")
    return _say(
        notices,
        rows,
        lambda row: said,
        page="consents:code",
        of=lambda row: row.visit.code_id,
    )


def _say(
    notices: list[Notice],
    rows: dict,
    text: Callable[..., str],
    *,
    page: str,
    of: Callable[..., object] | None = None,
) -> Said:
    """`of`: which of the patient's things the page is about; else it is the patient."""
    return {
        notice.pk: (
            text(rows[notice.about]),
            reverse(
                page,
                args=[notice.patient_id, *([of(rows[notice.about])] if of else [])],
            ),
        )
        for notice in notices
        if notice.about in rows
    }


LOOK_UPS = (
    ((NoticeKind.NEW_STAFF,), _new_staff),
    ((NoticeKind.REPORT_ANSWERED,), _answers),
    ((NoticeKind.CONSENT_REQUEST,), _requests),
    ((NoticeKind.FIRST_ACCESS,), _first_looks),
    ((NoticeKind.SHARING_ENDS,), _endings),
    ((NoticeKind.JOINED,), _joinings),
    ((NoticeKind.ACTS_FOR,), _acting),
    ((NoticeKind.STOPPED_ACTING,), _stopped_acting),
    ((NoticeKind.DECIDED_FOR,), _deciding),
    ((NoticeKind.SHARED,), _shared),
    ((NoticeKind.CODE_USED,), _uses),
    ((NoticeKind.CODE_CLOSED,), _closed_codes),
    ((NoticeKind.GUEST_NOTE,), _guest_notes),
)
