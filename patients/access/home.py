"""What the patient's own home is made of. For the patient alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from consents import withheld
from consents.access import OpenPatient, guests
from consents.access.emergency import choice, opened_since
from consents.access.representatives import Acting
from consents.access.representatives import acting as all_acting
from consents.access.requests import open_requests
from consents.access.sharing import Person, people
from consents.codes import EndedHow, Relation
from consents.models import (
    Consent,
    ConsentRequest,
    Disclosure,
    EmergencyAccess,
    GuestNote,
    Invitation,
)
from patients.access.allergies import AllergyRows, load_allergies
from patients.access.medicines import MedicineRows, load_list
from patients.access.monitoring import Monitoring, load_monitoring
from patients.codes import ProposalState
from patients.models import ImportedItem, TimelineEvent

# How far back "new" reaches for somebody who was never here before.
FIRST_VISIT = timedelta(days=30)
# So long the home says that the emergency page was opened.
EMERGENCY_SAID_FOR = timedelta(days=7)
NEWS_SHOWN = 3


@dataclass(frozen=True)
class HomeRows:
    """Everything of the home: what is to do, who sees what, and what is new."""

    medicines: MedicineRows
    allergies: AllergyRows
    people: list[Person]
    acting: list[Acting]
    # How many codes for somebody outside the team still open something.
    codes: int
    # What somebody with a code wrote back since then.
    outside: list[GuestNote]
    requests: list[ConsentRequest]
    imported: int
    tests: Monitoring
    invitations: list[Invitation]
    emergencies: list[EmergencyAccess]
    # Whether the patient said, when well, if the emergency page may be opened.
    emergency_answered: bool
    since: datetime
    # Whether they were ever here before this sign-in.
    was_here: bool
    events: list[TimelineEvent]
    lookers: list[tuple[str, datetime]]
    # What somebody who acts for the patient stopped since then.
    stopped: list[Consent]
    # Whose paper begins on the 18th birthday.
    waits: list[Acting]


def load_home(opened: OpenPatient, *, signed_in_at: datetime) -> HomeRows:
    """The same number of queries however much there is."""
    opened.require(opened.is_patient)
    visit = previous_visit(opened, signed_in_at=signed_in_at)
    since = visit or opened.at - FIRST_VISIT
    acts = all_acting(opened)
    medicines, codes = load_list(opened), guests.codes(opened)
    return HomeRows(
        medicines=medicines,
        allergies=load_allergies(opened),
        people=people(opened),
        acting=[each for each in acts if each.stands],
        codes=sum(code.works for code in codes),
        outside=guests.notes_since(codes, since),
        requests=open_requests(opened),
        imported=ImportedItem.objects.standing()
        .filter(patient_id=opened.patient.pk, state=ProposalState.WAITING)
        .count(),
        tests=load_monitoring(opened, medicines.statements),
        invitations=accepted_invitations(opened),
        emergencies=opened_since(opened, opened.at - EMERGENCY_SAID_FOR),
        emergency_answered=choice(opened) is not None,
        since=since,
        was_here=visit is not None,
        events=_events(opened, since),
        lookers=_lookers(opened, since),
        stopped=_stopped(opened, since),
        waits=[each for each in acts if each.waits],
    )


def previous_visit(opened: OpenPatient, *, signed_in_at: datetime) -> datetime | None:
    """When the patient last read something before this sign-in, if they ever did."""
    return (
        Disclosure.objects.filter(
            patient_id=opened.patient.pk,
            user_id=opened.reading.user.pk,
            relation=Relation.PATIENT,
            at__lt=signed_in_at,
        )
        .order_by("-seq")
        .values_list("at", flat=True)
        .first()
    )


def accepted_invitations(opened: OpenPatient) -> list[Invitation]:
    """Someone accepted; nothing opens until the patient says that it is they."""
    return list(
        Invitation.objects.filter(
            patient_id=opened.patient.pk,
            accepted_at__isnull=False,
            confirmed_at=None,
            cancelled_at=None,
        ).order_by("accepted_at", "pk")
    )


def _events(opened: OpenPatient, since: datetime) -> list[TimelineEvent]:
    """What others did since then, newest first."""
    events = TimelineEvent.objects.filter(
        recorded_at__gt=since, cancelled_at=None
    ).exclude(recorded_by=opened.reading.user)
    return opened.items(events.order_by("-recorded_at", "-pk"), limit=NEWS_SHOWN)


def _stopped(opened: OpenPatient, since: datetime) -> list[Consent]:
    """Permissions that another hand than the patient's ended, the newest first.

    Whoever may sign may stop, whatever their paper leaves out: it protects. But it may
    be meant ill, so the patient reads of it first of all, and by whom.
    """
    rows = Consent.objects.permits().filter(
        patient_id=opened.patient.pk,
        revoked_at__gt=since,
        revoked_how=EndedHow.STOPPED,
    )
    others = rows.exclude(revoked_by=opened.patient.user_id).defer("text")
    return list(
        others.select_related("recipient", "revoked_by").order_by("-revoked_at", "-pk")
    )


def _lookers(opened: OpenPatient, since: datetime) -> list[tuple[str, datetime]]:
    """Who looked since then: each once, the newest first."""
    rows = Disclosure.objects.looks().filter(
        patient_id=opened.patient.pk, at__gt=since, outcome="shown"
    )
    found = (
        withheld.told(rows, patient_id=opened.patient.pk, at=opened.at)
        .exclude(recipient=None)
        .values_list("recipient__name", "visit__name")
        .annotate(last=Max("at"))
        .order_by("-last", "recipient__name", "visit__name")
    )
    return [
        (_with_a_code(said) if said else name, last)
        for name, said, last in found[:NEWS_SHOWN]
    ]


def _with_a_code(name: str) -> str:
    """The person as "who looked" names them, and not whom the code was made for."""
    return _("Somebody with your code, said to be %(name)s,") % {"name": name}
