"""What is waiting to go out: the reads of the sweep. Time is always passed in."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db.models import (
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from carecoord.models import MailWhen, OutgoingMail
from consents import acted, representing, waits
from consents.actions.guests import worn_out
from consents.models import (
    CaseContent,
    CaseRecipient,
    Consent,
    ConsentGate,
    ConsentRequest,
    DisclosureHead,
    EmergencyAccess,
    ExceptionalCase,
    GuestNote,
    GuestVisit,
    Invitation,
    ItemDeny,
    PatientTold,
    PrivacyReport,
    Representative,
)
from messaging import outbox
from messaging.codes import NoticeChannel, Plan, RecipientStatus
from messaging.ending import ends_within
from messaging.models import Followed, Notice, UpdateRecipient
from messaging.querysets import closed_by_asked, patients_with_held
from patients.models import TimelineEvent
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, PractitionerRole

# A cause that nobody could be told of for so long is told on its own page only.
OLDEST_CAUSE = timedelta(days=30)
# Overdue is said once a day for so long; the worklist says it for ever.
OVERDUE_DAYS = 14


def events(at: datetime) -> QuerySet:
    """Timeline events whose ten minutes are over and that nobody was told of."""
    return (
        TimelineEvent.objects.filter(
            fanned_out_at=None, cancelled_at=None, next_attempt_at__lte=at
        )
        .select_related("patient")
        .order_by("next_attempt_at", "pk")
    )


def patients_with_events(at: datetime) -> list[uuid.UUID]:
    """The patients of `events`, whoever waits longest first."""
    ids = events(at).values_list("patient_id", flat=True)[:1000]
    return list(dict.fromkeys(ids))


def held_to_decide_again(at: datetime) -> list[uuid.UUID]:
    """Patients with held updates where something changed since the last decision.

    What was signed, stopped, or changed on the team raises the gate's epoch. What
    time alone changes is the start of a permit and the end of a deny.
    """
    held = patients_with_held()
    if not held:
        return []
    begun = Consent.objects.signed().filter(
        Q(decision="permit", starts_at__lte=at, starts_at__gt=OuterRef("decided_at"))
        | Q(decision="deny", ends_at__lte=at, ends_at__gt=OuterRef("decided_at")),
        patient_id=OuterRef("patient_id"),
    )
    unchanged = Followed.objects.filter(~Exists(begun), patient_id__in=held)
    epochs = dict(unchanged.values_list("patient_id", "epoch"))
    gates = ConsentGate.objects.filter(patient_id__in=held)
    return [
        patient_id
        for patient_id, epoch in gates.values_list("patient_id", "epoch")
        if epochs.get(patient_id) != epoch
    ]


def _told(event: str = "pk") -> Exists:
    return Exists(Notice.objects.filter(event=OuterRef(event)))


def _heard(at: datetime, patient: str = "patient", *, by: str = "") -> Q:
    """Somebody can be told: the patient, or who keeps a record without a sign-in.

    Not whoever did it, `by`: they know.
    """
    keepers = representing.told_instead(at).filter(patient=OuterRef(patient))
    if by:
        keepers = keepers.exclude(party__user=OuterRef(by))
    return Q(**{f"{patient}__user__isnull": False}) | Q(Exists(keepers))


def requests_to_tell(at: datetime) -> QuerySet:
    """Requests to share that the patient was not told of."""
    return ConsentRequest.objects.filter(
        _heard(at), ~_told(), answered_at=None, asked_at__gt=at - OLDEST_CAUSE
    ).select_related("patient")


def acceptances_to_tell(at: datetime) -> QuerySet:
    """Accepted invitations that wait for the patient to say who it is."""
    return (
        Invitation.objects.filter(
            _heard(at, by="accepted_by"),
            ~_told(),
            accepted_at__gt=at - OLDEST_CAUSE,
            confirmed_at=None,
            cancelled_at=None,
        )
        .exclude(accepted_by=F("patient__user"))
        .select_related("patient")
    )


def joined_to_tell(at: datetime) -> QuerySet:
    """Who came onto a care team by somebody else's hand than the patient's."""
    return (
        CareTeamParticipant.objects.current()
        .filter(
            _heard(at, by="started_by"),
            ~_told(),
            started_at__gt=at - OLDEST_CAUSE,
        )
        .exclude(started_by=F("patient__user"))
        .select_related("patient")
    )


def representatives_to_tell(at: datetime) -> QuerySet:
    """Who began to act for a patient that signs in, or will, and they were not told."""
    since = at - OLDEST_CAUSE
    return Representative.objects.filter(
        Q(pk__in=representing.in_force(at).values("pk"))
        | Q(pk__in=representing.waiting(at).values("pk")),
        Q(recorded_at__gt=since) | Q(starts_at__gt=since),
        ~_told(),
        patient__user__isnull=False,
    ).select_related("patient")


def stopped_acting_to_tell(at: datetime) -> QuerySet:
    """Who no longer acts for a patient that signs in, and did not end it themselves."""
    since = at - OLDEST_CAUSE
    return (
        acted.stopped_acting(at)
        .filter(
            Q(ended_at__gt=since) | Q(ended_at=None, ends_at__gt=since),
            patient__user__isnull=False,
        )
        .exclude(ended_by=F("patient__user"))
        .select_related("patient")
    )


def visits_to_tell(at: datetime) -> QuerySet:
    """Uses of a code that the patient was not told of."""
    return GuestVisit.objects.filter(
        _heard(at, "code__patient"), ~_told(), at__gt=at - OLDEST_CAUSE
    ).select_related("code__patient")


def closed_codes_to_tell(at: datetime) -> QuerySet:
    """Codes that still count and that wrong tries closed."""
    return worn_out(at).filter(_heard(at)).select_related("patient")


def notes_to_tell(at: datetime) -> QuerySet:
    """Notes from somebody with a code that the patient was not told of."""
    return GuestNote.objects.filter(
        _heard(at, "visit__code__patient"), ~_told(), at__gt=at - OLDEST_CAUSE
    ).select_related("visit__code__patient")


def words_to_wait_for(at: datetime) -> QuerySet:
    """What waits for the patient's word (consents/talking.py)."""
    return ItemDeny.objects.filter(
        waits=True,
        lifted_at=None,
        created_at__gt=at - OLDEST_CAUSE,
        patient__user__isnull=False,
    ).select_related("patient")


def cases_to_tell(at: datetime) -> QuerySet:
    """Exceptional cases that no privacy officer was told of yet."""
    return ExceptionalCase.objects.filter(~_told(), recorded_at__gt=at - OLDEST_CAUSE)


def recipients_to_tell(at: datetime) -> QuerySet:
    """People with a sign-in who are named in a case and were not told yet."""
    return CaseRecipient.objects.filter(
        ~_told(),
        party__user__is_active=True,
        content__ends_at__gt=at,
        content__case__closed_at=None,
        content__withdrawn_at=None,
    ).select_related("party", "content__case")


def cases_late(at: datetime) -> list[tuple[ExceptionalCase, str]]:
    """Cases with something overdue, and what: the writing, or telling the patient."""
    found: list[tuple[ExceptionalCase, str]] = []
    contents = CaseContent.objects.filter(case=OuterRef("pk"), withdrawn_at=None)
    told = PatientTold.objects.filter(case=OuterRef("pk"))
    open_cases = list(
        ExceptionalCase.objects.filter(~Exists(told)).annotate(
            has_steps=Exists(contents)
        )
    )
    standing = waits.last_waits(case.pk for case in open_cases)
    for case in open_cases:
        wait = standing.get(case.pk)
        if not case.has_steps:
            # Closed with a step 4 that was withdrawn: nothing was disclosed.
            if not case.closed_at and waits.document_by(case) <= at:
                found.append((case, "steps"))
        elif wait is None:
            # Written, and neither told nor a reason to wait.
            if waits.document_by(case) <= at:
                found.append((case, "telling"))
        elif waits.wait_ends(wait) <= at:
            found.append((case, f"wait {wait.pk}"))
    return found


def emergencies_to_tell(at: datetime) -> QuerySet:
    """Emergency accesses that nobody was told of yet."""
    return EmergencyAccess.objects.filter(
        ~_told(), opened_at__gt=at - OLDEST_CAUSE
    ).select_related("patient")


def checked_to_tell(at: datetime) -> QuerySet:
    """Emergency accesses with the privacy officer's finding, of the last days."""
    found = EmergencyAccess.objects.filter(
        _heard(at), review__reviewed_at__gt=at - OLDEST_CAUSE
    )
    return found.select_related("patient")


def report_answers_to_tell(at: datetime) -> QuerySet:
    """Answered reports that whoever wrote them was not told of."""
    return PrivacyReport.objects.filter(~_told(), answered_at__gt=at - OLDEST_CAUSE)


def new_staff(at: datetime) -> QuerySet:
    """Care team members who began to work at a place with which the patient shares.

    They read under that permission too from then on. With `role_id`, the beginning.
    """
    begun = PractitionerRole.objects.filter(
        ended_at=None,
        started_at__gt=at - OLDEST_CAUSE,
        practitioner_id=OuterRef("party_id"),
    )
    permits = Consent.objects.in_force(at).permits()
    covered = begun.annotate(
        patient_id=OuterRef("patient_id"),
    ).filter(
        Exists(
            permits.filter(
                patient_id=OuterRef("patient_id"),
                recipient_id=OuterRef("organization_id"),
                signed_at__lt=OuterRef("started_at"),
            )
        )
    )
    return (
        CareTeamParticipant.objects.current()
        .filter(_heard(at))
        .annotate(
            role_id=Subquery(covered.order_by("-started_at", "-pk").values("pk")[:1])
        )
        .filter(role_id__isnull=False)
        .select_related("patient")
    )


def logs_to_follow(at: datetime) -> QuerySet:
    """Heads of disclosure logs that grew since the sweep last looked."""
    seen = Followed.objects.filter(patient_id=OuterRef("patient_id"))
    return (
        DisclosureHead.objects.filter(_heard(at))
        .annotate(
            followed=Coalesce(
                seen.values("log_seq")[:1], Value(0), output_field=IntegerField()
            )
        )
        .filter(seq__gt=F("followed"))
        .select_related("patient")
    )


def consents_ending(at: datetime, *, days: int) -> QuerySet:
    """Permits that end within so many days and were signed before that."""
    before = timedelta(days=days)
    return (
        Consent.objects.in_force(at)
        .permits()
        .filter(_heard(at), ends_within(at, before))
        # A code lasts days; its patient knows.
        .exclude(recipient__kind=PartyKind.GUEST)
        .select_related("patient")
    )


def maybe_overdue(at: datetime) -> QuerySet:
    """Rows whose day may have passed somewhere; messaging.due decides by zone.

    Also what was answered or taken on: whoever asked may not know of it.
    """
    first = (at - timedelta(days=OVERDUE_DAYS)).date()
    last = at.date() + timedelta(days=1)
    answered = Q(status=RecipientStatus.REPLIED)
    taken_on = Q(status=RecipientStatus.ACKNOWLEDGED)
    return UpdateRecipient.objects.filter(
        Q(
            Q(status=RecipientStatus.SENT) | taken_on | answered | closed_by_asked(),
            update__answer_by_date__gte=first,
            update__answer_by_date__lte=last,
        )
        | Q(
            taken_on | answered,
            plan__in=[Plan.CALL_BY, Plan.DECIDE_AT],
            plan_date__gte=first,
            plan_date__lte=last,
        ),
        update__entered_in_error_at=None,
    ).select_related(
        "update__author__user",
        "update__recorded_by",
        "update__patient",
        "acknowledged_by",
        "party__user",
    )


# Mail ---------------------------------------------------------------------------


def unmailed(at: datetime) -> QuerySet:
    """E-mail notices without a mail, of people whom a mail may reach now."""
    return Notice.objects.filter(
        channel=NoticeChannel.EMAIL,
        mail=None,
        cancelled_at=None,
        created_at__lte=at,
        user__is_active=True,
        user__address_refused_at=None,
    ).exclude(~Q(kind__in=outbox.AT_ONCE), user__mail_when=MailWhen.LEAST)


def recent_mail(user_id: uuid.UUID | OuterRef, at: datetime) -> QuerySet:
    """Notice mails written to this person within the quiet time.

    Not one that was cancelled: nobody got it, and nobody is to learn of it by waiting.
    """
    return OutgoingMail.objects.filter(
        user_id=user_id,
        is_notice=True,
        created_at__gt=at - outbox.QUIET,
        cancelled_at=None,
    )


def mails(at: datetime) -> QuerySet:
    """Mails that are due, the longest waiting first."""
    return OutgoingMail.objects.filter(
        sent_at=None, cancelled_at=None, gave_up_at=None, next_attempt_at__lte=at
    ).order_by("next_attempt_at", "pk")
