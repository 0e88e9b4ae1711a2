"""Exceptional disclosures: for whoever opened the case, and for the privacy officer.

Nobody else learns that a case exists. The officer reads who, when, why and the signed
steps; the items themselves only their author and those named.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from carecoord import zones
from consents import decisions, describing, gate, waits
from consents.access.patient import SAFE, OpenPatient
from consents.access.reading import Reading
from consents.access.request import Request
from consents.codes import CATEGORIES, Channel, Relation
from consents.describing import Described
from consents.disclosable import Disclosable, model_of
from consents.exceptions import EXCEPTIONAL
from consents.models import (
    AftercareTask,
    CaseContent,
    CaseRecipient,
    ExceptionalCase,
    PatientTold,
    TellingWait,
)
from consents.office import ones_own
from consents.preview import NOUNS, OTHER, opened_for
from providers.models import CareTeamParticipant

if TYPE_CHECKING:
    from patients.models import Patient

MOST = 100
# Of the author's pages; never by an emergency: what it opens is to be read, not told.
PICKED_FOR = ("TREAT", "COC")
# Of each kind, the newest: a minimum is picked from what is recent.
MOST_OF_A_KIND = 60
# A clinician reads these headings, not the patient.
KINDS = NOUNS | {
    "patients.decisionwanted": ("decision wanted", "decisions wanted"),
    "patients.substanceuse": ("substance", "alcohol and other substances"),
}


@dataclass
class OpenCase:
    """One case, opened by its author or by the privacy officer."""

    case: ExceptionalCase
    reading: Reading
    is_author: bool

    @property
    def patient(self) -> Patient:
        return self.case.patient

    @property
    def at(self) -> datetime:
        return self.reading.at

    @property
    def zone(self) -> str:
        return self.reading.user.time_zone

    @property
    def due_at(self) -> datetime:
        return waits.document_by(self.case)

    @property
    def is_documented(self) -> bool:
        return self.case.casecontent_set.filter(withdrawn_at=None).exists()

    @property
    def is_overdue(self) -> bool:
        """Never once it is closed: then a step 4 that was withdrawn opened nothing."""
        if self.case.closed_at or self.is_documented:
            return False
        return self.due_at <= self.at

    def require_author(self) -> None:
        """Only the author writes; the officer gets the 404 there."""
        if not self.is_author:
            raise Http404

    @property
    def wait(self) -> TellingWait | None:
        return waits.last_waits([self.case.pk]).get(self.case.pk)

    @property
    def told(self) -> PatientTold | None:
        return self.case.patienttold_set.first()

    @property
    def wait_ends_at(self) -> datetime | None:
        return waits.wait_ends(self.wait) if self.wait else None

    @property
    def must_tell(self) -> bool:
        """The reason to wait is over, and nobody has told the patient."""
        ends = self.wait_ends_at
        return self.told is None and ends is not None and ends <= self.at

    @property
    def is_hidden(self) -> bool:
        return self.case.pk in waits.hidden_cases(self.case.patient_id, self.at)


def open_case(request: Request, pk: uuid.UUID) -> OpenCase:
    """For its author, or the privacy officer; the same 404 for everybody else.

    An officer who is the patient, or close to them, is told like every one of those,
    and not here. What an officer reads is written down, and waits with the case.
    """
    user = request.user
    rows = ExceptionalCase.objects.select_related("patient", "author")
    theirs = Q(recorded_by=user)
    if user.is_privacy_officer:
        theirs |= ~ones_own(user)
    case = rows.filter(theirs, pk=pk).first()
    if case is None:
        raise Http404
    if request.method in SAFE:
        gate.share(case.patient_id)
    else:
        gate.hold(case.patient_id)
    is_author = case.recorded_by_id == user.pk
    if not is_author:
        request.reading.officer_read(
            case, patient_id=case.patient_id, exception=case.pk
        )
    return OpenCase(case, request.reading, is_author=is_author)


def may_open_one(opened: OpenPatient) -> None:
    """A licensed member of the care team may record a case; else the 404."""
    opened.require(bool(opened.role and opened.role.licensed))


@dataclass(frozen=True)
class Listed:
    """One of the author's cases: what is still to do about it."""

    case: ExceptionalCase
    state: str
    is_late: bool


def own_cases(reading: Reading) -> list[Listed]:
    """The author's own, the newest first."""
    rows = annotated(ExceptionalCase.objects.filter(recorded_by=reading.user))
    return [
        state_now(row, reading.at)
        for row in rows.order_by("-recorded_at", "-pk")[:MOST]
    ]


def annotated(rows):
    told = PatientTold.objects.filter(case=OuterRef("pk"))
    content = CaseContent.objects.filter(case=OuterRef("pk"), withdrawn_at=None)
    return rows.select_related("patient", "author").annotate(
        is_told=Exists(told), is_documented=Exists(content)
    )


def state_now(row: ExceptionalCase, at: datetime) -> Listed:
    due = waits.document_by(row)
    wait = waits.last_waits([row.pk]).get(row.pk)
    if row.closed_at and not row.is_documented:
        return Listed(row, _("Closed"), False)
    if not row.is_documented:
        late = due <= at
        words = (
            _("Overdue: write the four steps") if late else _("Write the four steps")
        )
        return Listed(row, words, late)
    if row.is_told:
        return Listed(row, _("Closed") if row.closed_at else _("Patient told"), False)
    if wait is None:
        return Listed(row, _("Tell the patient, or say why to wait"), due <= at)
    if waits.wait_ends(wait) <= at:
        return Listed(row, _("The time to wait is over: tell the patient"), True)
    return Listed(row, _("Waiting before the patient is told"), False)


# Picking the least that is needed -------------------------------------------------


@dataclass(frozen=True)
class Pickable:
    """One item that may be picked, in words.

    `key` names it in the form, as it was read: what was changed meanwhile is not what
    the author picked.
    """

    item: Disclosable
    words: Described

    @property
    def key(self) -> str:
        return f"{self.item._meta.label_lower}:{self.item.pk}:{self.item.version}"

    @property
    def kind(self) -> str:
        """The heading that it stands under: "Diagnoses"."""
        words = str(_(KINDS.get(self.item._meta.label_lower, OTHER)[1]))
        return words[:1].upper() + words[1:]


def pickable(opened: OpenCase, *, covers_part2: bool) -> list[Pickable]:
    """What the author may see of the patient, by kind, newest first; it is logged.

    Without records of a Part 2 programme where the ground does not reach them.
    """
    return [
        Pickable(row, describing.describe(row, opened.zone))
        for label in describing.labels()
        for row in _permitted(opened, model_of(label), covers_part2=covers_part2)
    ]


def _permitted(
    opened: OpenCase, model: type[Disclosable], *, covers_part2: bool
) -> list[Disclosable]:
    """What some page opens to the author, each for the purpose of that page.

    A case is no other way in: who coordinates without a chart picks from no chart.
    """
    author, rows = opened.case.author_id, list[Disclosable]()
    for purpose in PICKED_FOR:
        reader = opened.reading.reader(purpose)
        theirs = opened_for(model, reader) & Q(patient_id=opened.patient.pk)
        items = decisions.with_basis(model.objects.standing().filter(theirs), reader)
        newest = items.order_by("-occurred_at", "-pk")[:MOST_OF_A_KIND]
        found = [row for row in newest if covers_part2 or not row.part2_origin]
        opened.reading.shown(
            found, relation=Relation.CLINICIAN, purpose=purpose, recipient_id=author
        )
        rows += found
    return sorted(rows, key=lambda row: (row.occurred_at, row.pk), reverse=True)


def colleagues(opened: OpenCase) -> list[CareTeamParticipant]:
    """The care team with a sign-in, but the author and family: who may be named.

    Nobody to an author who left it: who is on it now is not theirs to read.
    """
    mine = CareTeamParticipant.objects.of_user(opened.reading.user.pk)
    if not mine.filter(patient_id=opened.patient.pk).exists():
        return []
    return list(
        CareTeamParticipant.objects.current()
        .filter(patient_id=opened.patient.pk, party__user__is_active=True)
        .exclude(party_id=opened.case.author_id)
        .exclude(role="caregiver")
        .select_related("party")
        .order_by("party__name", "pk")
    )


# What was disclosed ---------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """A content as one who is named in it reads it."""

    content: CaseContent
    items: list[Described]


def received(request: Request, pk: uuid.UUID) -> Received:
    """Exactly what was picked, for a person named, while it is open; else the 404."""
    reading = request.reading
    named = CaseContent.objects.filter(
        pk=pk, recipients__party__user_id=reading.user.pk
    )
    row = _open_now(reading, named)
    recipient = row.recipients.get(party__user_id=reading.user.pk)
    return Received(row, _read(reading, row, recipient_id=recipient.party_id))


def packet_for(request: Request, case_id: uuid.UUID, pk: uuid.UUID) -> tuple:
    """(recipient, items) of a printed packet, its disclosure queued; else the 404.

    For whoever signed the content, to somebody outside, while it is open.
    """
    reading = request.reading
    recipient = (
        CaseRecipient.objects.filter(
            pk=pk, party=None, content__case_id=case_id, content__signed_by=reading.user
        )
        .select_related("content__case__patient", "content__case__author")
        .first()
    )
    if recipient is None:
        raise Http404
    content = _open_now(reading, CaseContent.objects.filter(pk=recipient.content_id))
    items = _read(reading, content, channel=Channel.PDF, about=recipient.pk)
    return recipient, items


def _open_now(reading: Reading, contents: QuerySet[CaseContent]) -> CaseContent:
    """The one of these, open still when the gate is; else the 404.

    Whoever closes the case goes first: what was read before the wait would be shown
    after it.
    """
    patient_id = contents.values_list("case__patient_id", flat=True).first()
    if patient_id is None:
        raise Http404
    gate.share(patient_id)
    row = open_contents(reading.at).filter(pk__in=contents.values("pk")).first()
    if row is None:
        raise Http404
    return row


def open_contents(at: datetime):
    """What may be read or handed over at this instant, by whoever is named in it."""
    return CaseContent.objects.filter(
        withdrawn_at=None,
        case__closed_at=None,
        signed_at__lte=at,
        ends_at__gt=at,
    ).select_related("case__patient", "case__author")


def _read(reading: Reading, content: CaseContent, *, recipient_id=None, **how):
    """The picked items through the rule, each in the version that was picked.

    All of it rests on the case, the reader's own text too: so every row waits with
    the case, and none is missing from the accounting. Nor is what its author wrote in
    words, which may be all that there is.
    """
    how |= {"relation": Relation.CLINICIAN, "purpose": EXCEPTIONAL}
    how["recipient_id"] = recipient_id
    reading.shown([content] if content.said.strip() else [], **how)
    found: list[Described] = []
    by_label: dict[str, dict[uuid.UUID, int]] = {}
    for picked in content.items.order_by("pk"):
        by_label.setdefault(picked.label, {})[picked.item] = picked.version
    reader = reading.reader(EXCEPTIONAL)
    for label, versions in by_label.items():
        items = model_of(label).objects.standing().filter(pk__in=versions)
        permitted = decisions.permitted(items, reader).order_by("occurred_at", "pk")
        rows = [row for row in permitted if row.version == versions[row.pk]]
        for row in rows:
            row.excepted_by = content.case_id
        reading.shown(rows, **how)
        zone = content.case.patient.time_zone
        found += [describing.describe(row, zone) for row in rows]
    return found


def content_to_withdraw(opened: OpenCase, pk: uuid.UUID) -> CaseContent:
    """A content of this case that can be withdrawn still; else the 404."""
    row = opened.case.casecontent_set.filter(pk=pk, withdrawn_at=None).first()
    if row is None or opened.case.closed_at or waits.handed_over(row):
        return _absent()
    return row


def kinds_of(content: CaseContent) -> list[str]:
    """The kinds of information in it: all that the officer reads of the items."""
    mask = 0
    for categories in content.items.values_list("categories", flat=True):
        mask |= categories
    return CATEGORIES.words(mask)


def task_of(opened: OpenCase, pk: uuid.UUID) -> AftercareTask:
    """One task of the case; else the 404."""
    task = AftercareTask.objects.filter(case=opened.case, pk=pk).first()
    return task or _absent()


def wait_of(opened: OpenCase) -> TellingWait:
    """The reason to wait that stands; else the 404."""
    return opened.wait or _absent()


def _absent() -> NoReturn:
    raise Http404


def recorded(case: ExceptionalCase, zone: str) -> str:
    return zones.instant_words(case.recorded_at, zone)
