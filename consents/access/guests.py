"""Somebody with a code reads; and what the patient sees of their codes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)
from django.http import Http404
from django.utils.translation import gettext as _

from consents import gate, windows
from consents.access.patient import OpenPatient
from consents.access.reading import Reading
from consents.access.still import decided_again
from consents.actions.guests import (
    MOST_TRIES_WHILE_IT_STANDS,
    VISIT_LASTS,
    is_worn_out,
    with_tries,
)
from consents.codes import Relation
from consents.decisions import Guest
from consents.models import (
    Consent,
    Disclosure,
    GuestCode,
    GuestNote,
    GuestVisit,
)
from consents.representing import keeps_record, still_signed
from consents.told import is_bounded, known_permissions, told
from consents.windows import State


@dataclass(kw_only=True)
class GuestPatient(OpenPatient):
    """A patient opened with a code. The permission behind it is the whole right."""

    visit: GuestVisit

    @property
    def party_id(self) -> uuid.UUID:
        return self.visit.code.consent.recipient_id

    @property
    def reader_name(self) -> str:
        return said_to_be(self.visit)

    @property
    def shared_with(self) -> str:
        """No name: "not checked" before a count would be read of what is counted."""
        return _("whoever has the code")

    @cached_property
    def reader(self) -> Guest:
        return Guest(party_id=self.party_id, purpose=self.purpose, at=self.at)

    def refuse(self) -> NoReturn:
        raise Http404


def said_to_be(visit: GuestVisit) -> str:
    """ "Dr. Lee, Mercy Hospital, not checked": never a name as if it were known."""
    return _("%(name)s, %(place)s, not checked") % {
        "name": visit.name,
        "place": visit.organization,
    }


def open_visit(visit_id: uuid.UUID | str, *, entrance: str) -> GuestPatient | None:
    """The patient for this opening; None once it is over for any reason.

    Over after 15 minutes, and as soon as anything about sharing changed since: then
    the code is asked for again, and decides again. Not that of a code which somebody
    made for the patient: whoever holds it would read in it when the patient acts. Each
    page of it is decided anew all the same.
    """
    visit = (
        GuestVisit.objects.filter(pk=visit_id)
        .select_related("code__patient", "code__consent__recipient")
        .first()
    )
    if visit is None:
        return None
    patient = visit.code.patient
    gate.share(patient.pk)
    reading = Reading(user=None, entrance=entrance)
    reading.visit_id = visit.pk
    purpose = reading.purpose(Relation.GUEST)
    epoch = gate.epoch_of(patient.pk)
    if purpose is None or _is_over(visit, epoch) or not _lasts(visit, reading.at):
        return None
    return GuestPatient(
        patient=patient,
        epoch=epoch,
        reading=reading,
        relation=Relation.GUEST,
        purpose=purpose,
        participant=None,
        visit=visit,
    )


def _is_over(visit: GuestVisit, epoch: int) -> bool:
    """Whether sharing changed since, where that may be told."""
    return visit.code.consent.representative_id is None and epoch != visit.epoch


def _lasts(visit: GuestVisit, at: datetime) -> bool:
    in_force = Consent.objects.in_force(at).filter(
        still_signed(at, labels=Value(0)), pk=visit.code.consent_id
    )
    return at < visit.at + VISIT_LASTS and in_force.exists()


def is_still_open(
    visit_id: uuid.UUID | str,
    *,
    at: datetime,
    rows: Iterable[Disclosure] | None = None,
) -> bool:
    """Whether the page of this opening may stay on the screen (T23).

    Each thing that it showed is decided again, or what stands in these `rows` of its
    log: what the patient changes elsewhere closes nothing, and tells nothing.
    """
    visit = (
        GuestVisit.objects.filter(pk=visit_id)
        .select_related("code__consent", "code__patient")
        .first()
    )
    if visit is None or not _lasts(visit, at):
        return False
    shown = Disclosure.objects.filter(visit=visit) if rows is None else rows
    party_id = visit.code.consent.recipient_id
    return all(
        decided_again(row, Guest(party_id=party_id, purpose=row.purpose, at=at))
        for row in shown
    )


# The patient's side ----------------------------------------------------------------


@dataclass(frozen=True)
class Code:
    """One code as its patient reads it."""

    row: GuestCode
    state: State
    visits: list[GuestVisit] = field(default_factory=list)
    at: datetime | None = None
    # Whether what was written back is this person's to read.
    tells: bool = False
    # Whether this person is told who used it. Where not, `visits` is empty.
    tells_use: bool = True
    # How often it was tried in vain.
    tries: int = 0

    @property
    def used(self) -> int:
        return len(self.visits)

    @property
    def stands(self) -> bool:
        """It can still be used, or an opening may still be on a screen."""
        return self.state.word in ("sharing", "ends_soon")

    @property
    def used_up(self) -> bool:
        return self.used >= self.row.most_visits

    @property
    def worn_out(self) -> bool:
        """Somebody typed so many wrong birth dates that it opens nothing any more.

        Told to whom its use is told. One that is used up was closed by that before.
        """
        return self.tells_use and not self.used_up and is_worn_out(self.tries)

    @property
    def most_tries(self) -> int:
        return MOST_TRIES_WHILE_IT_STANDS

    @property
    def works(self) -> bool:
        """It opens the page once more, or the page may be open now: what is counted."""
        newest = self.visits[0].at if self.visits else None
        is_open = newest and self.at and self.at < newest + VISIT_LASTS
        return self.stands and bool(is_open or not (self.used_up or self.worn_out))


def codes(opened: OpenPatient) -> list[Code]:
    """All of them, newest first; the same number of queries for one as for ten."""
    return [_as_code(opened, row) for row in _rows(opened)]


def notes_since(found: list[Code], since: datetime) -> list[GuestNote]:
    """What was written back since then by whoever had one of these codes."""
    visits = (visit for each in found for visit in each.visits)
    notes = (getattr(visit, "note", None) for visit in visits)
    return [note for note in notes if note and note.at > since]


def code(opened: OpenPatient, pk: uuid.UUID | str) -> Code:
    """One of them, with who used it and what they wrote; else the 404."""
    for row in _rows(opened).filter(pk=pk):
        return _as_code(opened, row)
    opened.refuse()


def code_of(opened: OpenPatient, party_id: uuid.UUID) -> GuestCode | None:
    return _rows(opened).filter(consent__recipient_id=party_id).first()


def note(opened: OpenPatient, pk: uuid.UUID | str) -> GuestNote:
    """One note that somebody with a code left for this patient; else the 404."""
    opened.require(hands_on(opened))
    found = (
        GuestNote.objects.filter(pk=pk, visit__code__in=_rows(opened))
        .select_related("visit__code")
        .first()
    )
    if found is None:
        opened.refuse()
    return found


def hands_on(opened: OpenPatient) -> bool:
    """Whether this person hands such a note on to the care team.

    The patient; of a patient without a sign-in, whoever keeps the record, where the
    paper covers what the note becomes.
    """
    return opened.is_patient or (keeps_record(opened) and opened.decides("history"))


def _tells(opened: OpenPatient, row: GuestCode) -> bool:
    """A note back is for whoever gave the code, and for whoever hands it on.

    Nobody knows yet what it mentions: to others who act it comes through the rule, once
    it was handed on.
    """
    return hands_on(opened) or row.consent.signed_by_id == opened.reading.user.pk


def tells_use(opened: OpenPatient) -> Q:
    """Of which permissions for a code this person is told who used it.

    Who did may be somebody for what a paper does not cover. By the paper and by who
    made the code, so that it tells nothing of what it opens. Whoever keeps the record
    is told of each use in the patient's place.
    """
    if keeps_record(opened) or not is_bounded(opened):
        # Not empty: "this, or all" would be this alone.
        return Q(patient_id=opened.patient.pk)
    return Q(signed_by_id=opened.reading.user.pk)


def _rows(opened: OpenPatient) -> QuerySet:
    """The codes of the permissions that this person may know of."""
    opened.require(opened.signs)
    known = Consent.objects.filter(known_permissions(opened))
    used = GuestVisit.objects.filter(code__consent__in=known.filter(tells_use(opened)))
    mine = GuestCode.objects.filter(patient_id=opened.patient.pk, consent__in=known)
    return (
        with_tries(mine)
        .select_related(
            "consent__recipient", "consent__representative", "consent__patient"
        )
        .annotate(
            tells_use=Exists(known.filter(tells_use(opened), pk=OuterRef("consent")))
        )
        .prefetch_related(Prefetch("visits", used.select_related("note")))
        .order_by("-made_at", "-pk")
    )


def _as_code(opened: OpenPatient, row: Any) -> Code:
    """`row`: a GuestCode of `_rows`."""
    zone = opened.patient.time_zone
    state = windows.state_of(row.consent, at=opened.at, zone=zone)
    told(opened, [row.consent])
    visits = sorted(row.visits.all(), key=lambda visit: visit.at, reverse=True)
    tells = _tells(opened, row)
    return Code(row, state, visits, opened.at, tells, row.tells_use, row.tries)
