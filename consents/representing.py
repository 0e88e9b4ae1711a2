"""Acting for the patient, as a piece of the rule.

A representative sees what the document covers. What the patient keeps back holds
against them too, and so does a signed "never". A parent sees nothing that the law of
the child's state makes the child's own, and nothing at all from the 18th birthday on:
decided from the birth date at each read, so nobody has to end it (SECURITY T93).
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import (
    Exists,
    ExpressionWrapper,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact, GreaterThan
from django.utils.translation import gettext as _

from consents.childs_people import (
    by_childs_hand,
    by_childs_own_people,
    invited_as_well,
)
from consents.codes import CATEGORIES, LABELS, Decision, RepresentativeKind
from consents.models import Consent, Representative
from consents.querysets import bits

if TYPE_CHECKING:
    from carecoord.models import User
    from consents.access.patient import OpenPatient
    from consents.decisions import Reader

PURPOSE = "PWATRNY"
TREATING = ("practitioner", "organization")
# Where it is tomorrow first: who might have had a birthday there has had it.
EARLIEST_ZONE = timedelta(hours=14)
ANY_STATE = "*"
# What the patient gave by hand and may take back by hand. The others rest on a court,
# on the law for children, or begin after a death.
STOPPED_BY_PATIENT = (RepresentativeKind.AGENT,)


def in_force(at: datetime) -> QuerySet:
    """Standing by state, begun, not over, and of a child who is still a child."""
    return Representative.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        ~Q(kind=RepresentativeKind.PARENT) | Q(patient__majority_at__gt=at),
        # After a death only the estate acts, and never before it.
        Q(patient__died_at=None) & ~Q(kind=RepresentativeKind.ESTATE)
        | Q(patient__died_at__isnull=False, kind=RepresentativeKind.ESTATE),
        ended_at=None,
        starts_at__lte=at,
    )


def waiting(at: datetime) -> QuerySet:
    """Recorded for later: a paper that begins on the 18th birthday. Opens nothing."""
    return Representative.objects.filter(
        ended_at=None, starts_at__gt=at, patient__died_at=None
    )


def acted_at(at: datetime) -> QuerySet:
    """Who acted at an earlier instant. For words about the past; it opens nothing."""
    return Representative.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        Q(ends_at=None) | Q(ends_at__gt=at),
        ~Q(kind=RepresentativeKind.PARENT) | Q(patient__majority_at__gt=at),
        Q(kind=RepresentativeKind.ESTATE)
        | Q(patient__died_at=None)
        | Q(patient__died_at__gt=at),
        starts_at__lte=at,
        recorded_at__lte=at,
    )


def of_user(user_id, at: datetime) -> QuerySet:
    return of_users(at).filter(party__user_id=user_id)


def acting_for(patient_id, user_id, at: datetime) -> Representative | None:
    """By which paper this person acts for the patient now: of two, the newest."""
    mine = of_user(user_id, at).filter(patient_id=patient_id)
    newest_first = mine.order_by("-recorded_at", "-pk")
    return newest_first.select_related("party", "patient").first()


def of_users(at: datetime) -> QuerySet:
    """Whoever acts and can sign in."""
    return in_force(at).filter(party__user__is_active=True)


def as_parent(user_id: uuid.UUID) -> QuerySet:
    """By which papers this person acts, or ever acted, as somebody's parent."""
    return Representative.objects.filter(
        kind=RepresentativeKind.PARENT, party__user_id=user_id
    )


def covers(model: type[Model], reader: Reader) -> Q:
    """The outer item is inside what this reader may see for the patient."""
    mine = of_user(reader.user_id, reader.at).filter(
        Exact(bits("categories", OuterRef("categories")), OuterRef("categories")),
        Exact(bits("labels", OuterRef("labels")), OuterRef("labels")),
        patient_id=OuterRef("patient_id"),
    )
    grown = mine.exclude(kind=RepresentativeKind.PARENT)
    parents = mine.filter(
        # Inside, where the patient is: the rule joins nothing to the item (ready.py).
        ~childs_own(reader.at, OuterRef("labels")),
        kind=RepresentativeKind.PARENT,
    )
    others = ~by_childs_own_people(model, reader)
    return Q(Exists(grown)) | (Q(Exists(parents)) & others)


def childs_own(at: datetime, labels: Combinable) -> Q:
    """An item with these labels is the child's own by now: of the row's `patient`.

    By the age rules of their state: a state without rows follows the rows of "*". From
    which instant on stands at the patient (own_fields), so that a birth date or a state
    that is corrected counts in the same second.
    """
    own = Q(pk__in=[])
    for code in LABELS:
        old_enough = Q(**{f"patient__{own_field(code.name)}__lte": at})
        theirs = labels.bitand(code.bit)
        overlap = ExpressionWrapper(theirs, output_field=IntegerField())
        own |= old_enough & Q(GreaterThan(overlap, 0))
    return own


def own_field(label: str) -> str:
    """The field of a patient with the instant from which on a label is their own."""
    return f"own_{label}_at"


def own_fields(birth_date: date | None, state: str) -> dict[str, datetime | None]:
    """By field, from when on what has a label is the child's own; None: never.

    In doubt about the day, the child has had the birthday: it counts where it is
    tomorrow first.
    """
    ages = dict(own_from(state))
    return {
        own_field(code.name): _birthday(birth_date, ages.get(code.name))
        for code in LABELS
    }


def _birthday(birth_date: date | None, age: int | None) -> datetime | None:
    if birth_date is None or age is None:
        return None
    year = birth_date.year + age
    try:
        day = birth_date.replace(year=year)
    except ValueError:
        day = date(year, 3, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - EARLIEST_ZONE


def born_by(age: int, at: datetime) -> date:
    """The last birth date of those who are `age` somewhere on Earth at that instant."""
    day = (at + EARLIEST_ZONE).date()
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        # Feb 29, and no such day then: whoever was born on Mar 1 is not yet `age`.
        return date(day.year - age, 2, 28)


def still_signed(at: datetime, *, labels: Combinable) -> Q:
    """A consent's signature counts: the patient's, or a representative's.

    What a parent signed counts while the child is a child, and for nothing that became
    the child's own since: it is the child's to sign (42 CFR 2.14). After that, for
    treating clinicians, 30 days on, and only for what has no label. A code counts as
    long as whoever made it acts by that paper: they may hold it themselves. After a
    death none counts.
    """
    parents = Q(representative__kind=RepresentativeKind.PARENT)
    carried = Q(
        Exact(labels, 0),
        patient__carried_until__gt=at,
        recipient__kind__in=TREATING,
    )
    of_a_child = Q(patient__majority_at__gt=at) & ~childs_own(at, labels)
    signed = Q(representative=None) | ~parents | of_a_child | carried
    paper = Q(representative__ends_at=None) | Q(representative__ends_at__gt=at)
    acts = ~Q(recipient__kind="guest") | Q(paper, representative__ended_at=None)
    return Q(patient__died_at=None) & signed & acts


def labels_that_count(consent: Consent, patient, at: datetime) -> int:
    """Of the labels of a permit, in memory, those for which the signature counts now.

    A page names no other: `still_signed` is the rule.
    """
    signer = consent.representative
    if signer is None or signer.kind != RepresentativeKind.PARENT:
        return consent.labels
    if patient.majority_at is None or patient.majority_at <= at:
        return 0
    return consent.labels & ~sum(
        code.bit for code in LABELS if is_own_confidence(patient, code.name, at)
    )


def is_own_confidence(patient, label: str, at: datetime) -> bool:
    """Whether a label is the child's own now, for one patient in memory."""
    rules = settings.JURISDICTION.confidential_from
    named = {rule.state for rule in rules} - {ANY_STATE}
    state = patient.state if patient.state in named else ANY_STATE
    return any(
        rule.state == state
        and rule.label == label
        and patient.birth_date is not None
        and patient.birth_date <= born_by(rule.age, at)
        for rule in rules
    )


def keeps_team(opened: OpenPatient) -> bool:
    """Whether this person invites to the care team: the patient, or for the patient."""
    return opened.decides("care_team")


def knows_all(opened: OpenPatient, category: str) -> bool:
    """Whether nothing of a category can be kept from whoever decides about it.

    By the document and the sign-in alone, never by what the record holds.
    """
    if not opened.decides(category):
        return False
    acting = opened.representative
    return acting is None or (
        opened.patient.user_id is None
        and allowed_labels(acting, opened.at) == LABELS.all
    )


def written_by(opened: OpenPatient, row) -> str:
    """ "Rosa, for Noor, as parent": who wrote an item of the patient's own record.

    Empty for the patient's own hand and for a clinician's text. The patient reads it,
    and whoever wrote it.
    """
    reader = opened.reading.user.pk
    if row.author_id or row.recorded_by_id in (None, opened.patient.user_id):
        return ""
    if not opened.is_patient and row.recorded_by_id != reader:
        return ""
    said = in_words(opened.patient, row.recorded_at, row.recorded_by)
    return said if said != row.recorded_by.name else ""


def ends_memberships(opened: OpenPatient) -> bool:
    """Whether this person takes somebody off the team.

    A child who signs in does it alone: with the membership ends what the child signed
    for that person. It depends on the sign-in only, so that it tells of nothing.
    """
    acting = opened.representative
    if acting and acting.kind == RepresentativeKind.PARENT and opened.patient.user_id:
        return False
    return keeps_team(opened)


def is_nobodys(patient, at: datetime) -> bool:
    """Of age, alive, and nobody signs in: only the privacy officer helps that now."""
    turned = patient.majority_at
    nobody = patient.user_id is None and patient.died_at is None
    return nobody and turned is not None and turned <= at


def is_answered(patient, at: datetime) -> bool:
    """Whether somebody could answer what a clinician asks: by sign-in or by paper.

    Nothing of what a paper covers, or of who it is: a clinician reads the answer.
    """
    return patient.user_id is not None or (
        of_users(at).filter(patient_id=patient.pk, may_sign=True).exists()
    )


def told_instead(at: datetime) -> QuerySet:
    """Who keeps the care team of a patient without a sign-in, told in their place."""
    return of_users(at).filter(
        Exact(bits("categories", CATEGORIES["care_team"]), CATEGORIES["care_team"]),
        patient__user=None,
        may_sign=True,
    )


def keeps_record(opened: OpenPatient) -> bool:
    """Whether this person is told in place of a patient without a sign-in, here."""
    return opened.patient.user_id is None and keeps_team(opened)


def known_members(opened: OpenPatient) -> Q:
    """A parent knows nothing of whom a child who signs in took onto the team.

    Somebody for whom the parent signed, or the parent, is known all the same; and who
    came by an invitation of the parent's as well.
    """
    acting = opened.representative
    if acting and acting.kind == RepresentativeKind.PARENT and opened.patient.user_id:
        user = opened.reading.user.pk
        signed = Consent.objects.filter(
            patient_id=opened.patient.pk, signed_by_id=user, decision=Decision.PERMIT
        )
        return (
            ~by_childs_hand()
            | Q(party__user_id=user)
            | Q(party_id__in=signed.values("recipient_id"))
            | Q(Exists(invited_as_well(user)))
        )
    return Q()


def allowed_labels(representative: Representative, at: datetime) -> int:
    """The labels that a representative may see, and so may share."""
    if representative.kind != RepresentativeKind.PARENT:
        return representative.labels
    patient = representative.patient
    own = [code.bit for code in LABELS if is_own_confidence(patient, code.name, at)]
    return representative.labels & ~sum(own)


def may_stop(representative: Representative, by: User) -> bool:
    """Whether this person ends it with their own hand."""
    if representative.ended_at:
        return False
    if representative.party.user_id == by.pk:
        return True
    return (
        representative.kind in STOPPED_BY_PATIENT
        and representative.patient.user_id == by.pk
    )


def said_by(patient, at: datetime | None, user: User | None) -> str:
    """The patient's first name, or "Rosa, for Noor, as parent" where somebody acted."""
    if user is None or user.pk == patient.user_id:
        return patient.first_name
    said = in_words(patient, at, user)
    return patient.first_name if said == user.name else said


def own_from(state: str) -> list[tuple[str, int]]:
    """(label, age) of what is a child's own in a state, in the order of the labels."""
    rules = settings.JURISDICTION.confidential_from
    named = {rule.state for rule in rules} - {ANY_STATE}
    known = state if state in named else ANY_STATE
    ages = {rule.label: rule.age for rule in rules if rule.state == known}
    return [(code.name, ages[code.name]) for code in LABELS if code.name in ages]


def in_words(patient, at: datetime | None, user: User | None) -> str:
    """ "Rosa, for Noor, as health-care agent": who did something at an instant.

    The name alone for whoever acted for nobody then: a paper that had run out, or was
    not recorded yet, the 18th birthday and a death say so too.
    """
    if user is None:
        return ""
    if user.pk == patient.user_id or at is None:
        return user.name
    acted = (
        acted_at(at)
        .filter(patient_id=patient.pk, party__user_id=user.pk)
        .select_related("party")
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if acted is None:
        return user.name
    return _("%(who)s, for %(patient)s, as %(kind)s") % {
        # As the patient knows them: whoever is out may have another name since.
        "who": acted.party.name,
        "patient": patient.first_name,
        "kind": acted.get_kind_display(),
    }
