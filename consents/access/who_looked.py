"""Who looked: the disclosure log in the patient's words, for the patient alone."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from carecoord import zones
from carecoord.models import SignIn, User
from consents import exceptions, mailed, policy, representing, withheld
from consents.access import look_rows, refused
from consents.access.patient import OpenPatient
from consents.access.sharing import people
from consents.access.window import Window
from consents.codes import CATEGORIES, DOWNLOADS, Basis, Channel, purpose_word
from consents.models import CaseContent, CaseRecipient, Consent, Disclosure, GuestVisit
from consents.models.disclosure import DisclosureQuerySet
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

PAGE = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RECENT_DAYS = 30
MAX_TIMES = 3
APART = {Basis.EMERGENCY, Basis.EXCEPTIONAL, Basis.OFFICE}
WORDS = CaseContent._meta.label_lower
FILTERS = ("", "downloads", "mine", "mails", "sign_ins")


@dataclass
class Look:
    """One person on one day, however many pages they opened.

    What an exception in the law opened stands apart: no permission allowed it. So does
    what somebody read as the privacy officer.
    """

    day: date
    name: str
    role: str
    party_id: uuid.UUID | None
    is_patient: bool
    times: list[str] = field(default_factory=list)
    categories: int = 0
    purposes: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    failed: int = 0
    consents: list[Consent] = field(default_factory=list)
    # What it all rests on.
    bases: set[str] = field(default_factory=set)
    acting: bool = False
    first_time: bool = False
    # Came with a code: the name is what they said of themselves.
    said: str = ""
    emergency: bool = False
    exceptional: bool = False
    by_phone: bool = False
    # Has no sign-in here: was told in a talk, or got a printed packet.
    outside: bool = False
    # Read what the author of an exceptional case wrote for them.
    in_words: bool = False
    # The files of `downloads`, by the request that asked for each.
    files: set[str] = field(default_factory=set)
    # What the privacy officer read, in words: about the record, never in it.
    office: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> str:
        return ", ".join(CATEGORIES.words(self.categories))

    @property
    def only_own(self) -> bool:
        """They read again what they wrote themselves, and nothing else."""
        return self.bases == {Basis.OWN_TEXT}

    @property
    def why(self) -> str:
        return ", ".join(self.purposes)

    @property
    def shown_times(self) -> str:
        shown = ", ".join(self.times[:MAX_TIMES])
        more = len(self.times) - MAX_TIMES
        return f"{shown} and {more} more" if more > 0 else shown

    @property
    def downloaded(self) -> str:
        """ "downloaded 2 times, copied as text" """
        return ", ".join(
            _("%(how)s %(count)d times") % {"how": how, "count": count}
            if count > 1
            else how
            for how, count in Counter(self.downloads).items()
        )


@dataclass(frozen=True)
class Note:
    """A line of the other lists: a mail without content, a sign-in of one's own."""

    at: datetime
    text: str


@dataclass(frozen=True)
class LookPage:
    looks: list[Look]
    # The last row shown, or the instant of the last note: no number of the chain, which
    # would count what is withheld.
    next_before: uuid.UUID | int | None
    refusals: list[refused.Refused]
    notes: list[Note] = field(default_factory=list)
    # More of the patient's own looks are under "My own" than here.
    own_left_out: bool = False


@dataclass(frozen=True)
class Counts:
    """The two numbers of the summary line."""

    can_see: int
    looked: int


def counts(opened: OpenPatient) -> Counts:
    since = opened.at - timedelta(days=RECENT_DAYS)
    looked = (
        _told(opened)
        .looks()
        .filter(at__gt=since)
        .exclude(user=opened.patient.user_id)
        .values("user_id", "recipient_id")
        .distinct()
        .count()
    )
    can_see = {each.party.pk for each in people(opened) if each.on_team and each.kinds}
    acting = representing.of_users(opened.at).filter(patient_id=opened.patient.pk)
    can_see |= set(acting.values_list("party_id", flat=True))
    return Counts(len(can_see), looked)


def page(
    opened: OpenPatient,
    *,
    show: str = "",
    who: uuid.UUID | None = None,
    before: uuid.UUID | int | None = None,
    window: Window | None = None,
) -> LookPage:
    """One page, newest first, by key: the same number of queries for any length."""
    if show in _NOTES:
        return _notes(opened, show=show, before=before)
    rows = _filtered(opened, show=show, who=who)
    window = window or Window()
    rows = window.of(rows, opened)
    if isinstance(before, uuid.UUID):
        last = Disclosure.objects.filter(pk=before, patient_id=opened.patient.pk)
        rows = rows.filter(seq__lt=Subquery(last.values("seq")))
    own = None if who or show == "mine" else opened.patient.user_id
    found = look_rows.of_page(rows, apart=own, size=PAGE)
    is_first = not (show or who or before) and window.is_open
    refusals = refused.refusals(opened) if is_first else []
    return LookPage(
        looks=_Grouped(opened, found.rows).looks(),
        next_before=found.next_before,
        refusals=refusals,
        own_left_out=found.left_out,
    )


def _filtered(opened: OpenPatient, *, show: str, who: uuid.UUID | None) -> QuerySet:
    rows = _told(opened)
    if who:
        rows = rows.filter(recipient_id=who)
    if show == "downloads":
        rows = rows.filter(channel__in=DOWNLOADS)
    if show == "mine":
        rows = rows.filter(user_id=opened.patient.user_id)
    return rows


def _told(opened: OpenPatient) -> DisclosureQuerySet:
    rows = Disclosure.objects.filter(patient_id=opened.patient.pk)
    return withheld.told(rows, patient_id=opened.patient.pk, at=opened.at)


def _mails(opened: OpenPatient, before: datetime | None) -> list[Note]:
    found = mailed.mailed(opened, before=before, limit=PAGE + 1)
    return [
        Note(
            each.at,
            _("A notice without content was e-mailed to %(name)s")
            % {"name": each.name},
        )
        for each in found
    ]


def _sign_ins(opened: OpenPatient, before: datetime | None) -> list[Note]:
    rows = SignIn.objects.filter(user=opened.patient.user_id)
    if before:
        rows = rows.filter(at__lt=before)
    return [
        Note(row.at, _("You signed in"))
        for row in rows.order_by("-at", "-pk")[: PAGE + 1]
    ]


_NOTES = {"mails": _mails, "sign_ins": _sign_ins}
BY_INSTANT = frozenset(_NOTES)


def _notes(
    opened: OpenPatient, *, show: str, before: uuid.UUID | int | None
) -> LookPage:
    """Mails or sign-ins; their key is the instant, in microseconds."""
    until = EPOCH + timedelta(microseconds=int(before)) if before else None
    found = _NOTES[show](opened, until)
    shown = found[:PAGE]
    more = len(found) > PAGE
    key = (shown[-1].at - EPOCH) // timedelta(microseconds=1) if more else None
    return LookPage(looks=[], next_before=key, refusals=[], notes=shown)


class _Grouped:
    """Rows to looks: what belongs to them is read once for the whole page."""

    def __init__(self, opened: OpenPatient, rows: list[Disclosure]) -> None:
        self.rows, self.zone = rows, opened.patient.time_zone
        self.patient_user = opened.patient.user_id
        patient_id = opened.patient.pk
        self.parties = Party.objects.in_bulk(
            {row.recipient_id for row in rows if row.recipient_id}
        )
        self.roles: dict[uuid.UUID | None, str] = dict(
            CareTeamParticipant.objects.filter(patient_id=patient_id)
            .order_by("started_at", "pk")
            .values_list("party_id", "role")
        )
        named = {pk for row in rows for pk in row.consents}
        self.consents = {
            str(consent.pk): consent
            for consent in Consent.objects.filter(
                patient_id=patient_id, pk__in=named
            ).defer("text")
        }
        # Who told somebody by phone opened nothing, and nor did whom they told.
        firsts = _told(opened).looks().filter(user_id=OuterRef("pk")).order_by("seq")
        users = list(
            User.objects.filter(pk__in={row.user_id for row in rows})
            .annotate(first=Subquery(firsts.values("seq")[:1]))
            .values_list("pk", "first", "name")
        )
        self.first: dict[uuid.UUID | None, int] = {pk: first for pk, first, _ in users}
        self.names: dict[uuid.UUID | None, str] = {pk: name for pk, _, name in users}
        self.visits = GuestVisit.objects.in_bulk(
            {row.visit_id for row in rows if row.visit_id}
        )
        self.failed = {row.about for row in rows if row.outcome == "not_delivered"}
        # What was not handed over stands with whom it was meant for.
        self.meant = Disclosure.objects.in_bulk(self.failed)
        # The requests that read more than their reader's own words.
        self.others = {row.request_id for row in rows if row.basis != Basis.OWN_TEXT}
        exceptional = [row for row in rows if row.basis == Basis.EXCEPTIONAL]
        self.outside = CaseRecipient.objects.in_bulk(
            {about for row in exceptional if (about := self._meant(row).about)}
        )

    def looks(self) -> list[Look]:
        groups: dict[tuple, Look] = {}
        for row in self.rows:
            day = zones.today(row.at, self.zone)
            outside = self._outside(row)
            told = outside.pk if outside else None
            key = (
                day,
                row.user_id,
                row.visit_id,
                row.recipient_id,
                told,
                self._apart(row),
            )
            if key not in groups:
                groups[key] = self._empty(row, key[0])
            self._add(groups[key], row)
        return list(groups.values())

    def _apart(self, row: Disclosure) -> str:
        """By which exception it was read: with it stand the own words read there.

        A page on which they read only their own words was opened by no permission.
        """
        if row.basis == Basis.OWN_TEXT and row.purpose == exceptions.EMERGENCY:
            return Basis.EMERGENCY
        is_alone = row.basis == Basis.OWN_TEXT and row.request_id not in self.others
        return row.basis if row.basis in APART or is_alone else ""

    def _outside(self, row: Disclosure) -> CaseRecipient | None:
        """Whom an exceptional disclosure reached who has no sign-in here."""
        return None if row.recipient_id else self.outside.get(self._meant(row).about)

    def _meant(self, row: Disclosure) -> Disclosure:
        """The row itself, or the one of which it says that it was not delivered."""
        return self.meant.get(row.about, row)

    def _empty(self, row: Disclosure, day: date) -> Look:
        party = self.parties.get(row.recipient_id)
        role = self.roles.get(row.recipient_id)
        is_patient = row.user_id is not None and row.user_id == self.patient_user
        visit = self.visits.get(row.visit_id)
        outside = self._outside(row)
        if row.basis == Basis.OFFICE:
            return _of_the_office(day, self.names.get(row.user_id, ""))
        return Look(
            day=day,
            name=_name_outside(outside)
            if outside
            else _name(is_patient=is_patient, party=party, visit=visit),
            outside=outside is not None,
            said=_said(visit),
            role=ROLES[role].name.lower() if role and not is_patient else "",
            party_id=None if is_patient else row.recipient_id,
            is_patient=is_patient,
        )

    def _add(self, look: Look, row: Disclosure) -> None:
        if row.outcome == "not_delivered":
            look.failed += 1
            return
        time = zones.time_words(row.at, self.zone)
        if time not in look.times:
            look.times.append(time)
        look.categories |= row.categories
        # Who printed or told it is the row's user, and not who was reached.
        firsts = self.first if row.user_id and not look.outside else {}
        look.first_time |= firsts.get(row.user_id) == row.seq
        look.bases.add(row.basis)
        look.acting |= row.basis == Basis.REPRESENTATIVE
        look.emergency |= row.basis == Basis.EMERGENCY
        look.exceptional |= row.basis == Basis.EXCEPTIONAL
        look.by_phone |= row.channel == Channel.PHONE
        look.in_words |= any(label == WORDS for label, *_rest in row.items)
        self._add_why(look, row)
        if row.basis == Basis.OFFICE:
            look.office += [each for each in _read(row) if each not in look.office]
        # One file that was asked for with two purposes has a row for each.
        file = row.request_id or str(row.pk)
        is_handed_over = row.channel in DOWNLOADS and row.pk not in self.failed
        if is_handed_over and file not in look.files:
            look.files.add(file)
            look.downloads.append(str(Channel(row.channel).label))

    def _add_why(self, look: Look, row: Disclosure) -> None:
        word = purpose_word(row.purpose).lower()
        if word not in look.purposes:
            look.purposes.append(word)
        for pk in row.consents:
            consent = self.consents.get(pk)
            if consent and consent not in look.consents:
                look.consents.append(consent)


def _of_the_office(day: date, name: str) -> Look:
    role = _("privacy officer")
    return Look(day, name or role.capitalize(), role if name else "", None, False)


def _read(row: Disclosure) -> list[str]:
    return [str(policy.OFFICER_READS[label]) for label, *_rest in row.items]


def _name(*, is_patient: bool, party: Party | None, visit: GuestVisit | None) -> str:
    if is_patient:
        return "You"
    if visit:
        return _("Said to be %(name)s") % {"name": visit.name}
    return party.name if party else "Somebody"


def _name_outside(recipient: CaseRecipient) -> str:
    """ "Sgt. Ito, County police", as the accounting names them too."""
    return ", ".join(filter(None, (recipient.name, recipient.organization)))


def _said(visit: GuestVisit | None) -> str:
    """What somebody with a code said of themselves, beside the name."""
    if visit is None:
        return ""
    return _(
        "%(place)s. Reason: %(reason)s. Not checked: they came with your code."
    ) % {
        "place": visit.organization,
        "reason": visit.reason.rstrip("."),
    }
