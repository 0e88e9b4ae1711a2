"""The fourth branch of the rule: what is open without a consent, to whom, until when.

    an exceptional disclosure or emergency access, open now, names this person and
    this item

Each has an entrance with a purpose of its own, so that neither ever shows through the
chart. What an emergency opens is a table over roles; what an exceptional disclosure
opens is a list of items and a list of people.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    BooleanField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.lookups import Exact

from consents.codes import CATEGORIES, ErCore
from consents.disclosable import Disclosable
from consents.models import (
    CaseItem,
    CaseReasons,
    Consent,
    EmergencyAccess,
    EmergencyBlock,
    EmergencyChoice,
)
from consents.querysets import bits
from consents.representing import as_parent
from providers.querysets import is_reader
from providers.roles import ROLES, Role

if TYPE_CHECKING:
    from consents.decisions import Reader

EMERGENCY, EXCEPTIONAL = "ETREAT", "THREAT"
EMERGENCY_HOURS = timedelta(hours=4)
RECENT = timedelta(days=90)
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Core:
    """What an emergency opens to a role: masks of categories."""

    # Open whatever the labels are, and open only without a label.
    labelled: int
    unlabelled: int


_CORE = CATEGORIES.mask("medications", "allergies", "conditions", "safety", "contacts")
MEDICAL = Core(CATEGORIES.mask("medications", "allergies"), _CORE)
OTHER_LICENSED = Core(0, _CORE)


def core_of(role: Role) -> Core | None:
    """The core that this role gets; nothing for a role without a licence."""
    if not role.licensed:
        return None
    return MEDICAL if role.medical else OTHER_LICENSED


def in_core(model: type[Disclosable], members: QuerySet, reader: Reader) -> Q:
    """Items of the ER core for a role that the reader has on the team now."""
    if model.ER_CORE == ErCore.NEVER:
        return NOTHING
    condition = NOTHING
    for core, names in _roles_by_core().items():
        patients = members.filter(role__in=names).values("patient_id")
        condition |= Q(patient_id__in=patients) & _of(core)
    if model.ER_CORE == ErCore.RECENT:
        condition &= Q(occurred_at__gte=reader.at - RECENT)
    return condition


def _of(core: Core) -> Q:
    unlabelled = Q(labels=0) & Q(_inside(core.unlabelled))
    if not core.labelled:
        return unlabelled
    return unlabelled | Q(_inside(core.labelled))


def _inside(mask: int) -> Exact:
    return Exact(bits("categories", CATEGORIES.all & ~mask), 0)


def _roles_by_core() -> dict[Core, list[str]]:
    found: dict[Core, list[str]] = {}
    for role in ROLES.values():
        if core := core_of(role):
            found.setdefault(core, []).append(role.code)
    return found


def emergencies(reader: Reader) -> QuerySet:
    """Emergencies that this person stated for the outer item's patient, open now.

    None where the privacy officer closed the page for them.
    """
    closed = blocks(reader.user_id).filter(patient_id=OuterRef("patient_id"))
    return EmergencyAccess.objects.open(reader.at).filter(
        ~Exists(closed),
        party__user_id=reader.user_id,
        patient_id=OuterRef("patient_id"),
    )


def goes_on(emergency: EmergencyAccess, at: datetime) -> bool:
    """Whether something can still be looked at under it, now or later.

    A "no" of the patient or a death closes the page meanwhile, and either can be taken
    back within its hours.
    """
    return EmergencyAccess.objects.to_close(at).filter(pk=emergency.pk).exists()


def blocks(user_id: uuid.UUID) -> QuerySet:
    """Where the officer closed the emergency page for this person, by state."""
    return EmergencyBlock.objects.filter(party__user_id=user_id, lifted_at=None)


def of_own_child(reader: Reader) -> QuerySet:
    """Where this person is, or was, the parent who acts for the outer item's child.

    The page would show a parent what the law keeps from them. They have a paper of
    their own, and another clinician can open it.
    """
    return _minors_of(reader.user_id, reader.at).filter(
        patient_id=OuterRef("patient_id")
    )


def _minors_of(user_id: uuid.UUID, at: datetime) -> QuerySet:
    return as_parent(user_id).filter(patient__majority_at__gt=at)


def is_closed(
    patient_id: uuid.UUID, user_id: uuid.UUID, core: Core, at: datetime
) -> bool:
    """Whether the patient said "no" for all, or "never" for this person.

    The same answer for both, and no word which of them it was. Closed as well where
    the privacy officer closed it for this person, who is told that, and to a parent.
    """
    if _minors_of(user_id, at).filter(patient_id=patient_id).exists():
        return True
    if blocks(user_id).filter(patient_id=patient_id).exists():
        return True
    if EmergencyChoice.objects.filter(
        patient_id=patient_id, replaced_at=None, allowed=False
    ).exists():
        return True
    denies = (
        Consent.objects.in_force(at)
        .denies()
        .filter(is_reader(user_id, field="recipient"), patient_id=patient_id, labels=0)
    )
    denied = 0
    for categories in denies.values_list("categories", flat=True):
        denied |= categories
    return not core.unlabelled & ~denied


def refused_beforehand() -> QuerySet:
    """The patient said, when well, that the team may not open the emergency page."""
    return EmergencyChoice.objects.filter(
        patient_id=OuterRef("patient_id"), replaced_at=None, allowed=False
    )


def named(reader: Reader) -> QuerySet:
    """Where the outer item, in this version, is opened to this reader now.

    To those named, and to whoever signed it: who must be able to hand it over. Records
    of a Part 2 programme as long as the ground that stands reaches them.
    """
    to = Q(
        content__recipients__party__user_id=reader.user_id,
        content__recipients__party__user__is_active=True,
    )
    by = Q(content__signed_by_id=reader.user_id, content__signed_by__is_active=True)
    reasons = CaseReasons.objects.filter(case_id=OuterRef("content__case_id"))
    newest = reasons.order_by("-signed_at", "-pk").values("covers_part2")[:1]
    reaches = Exact(Subquery(newest, output_field=BooleanField()), Value(True))
    return CaseItem.objects.filter(
        Q(part2_origin=False) | Q(reaches),
        to | by,
        item=OuterRef("id"),
        version=OuterRef("version"),
        content__case__patient_id=OuterRef("patient_id"),
        content__case__closed_at=None,
        content__withdrawn_at=None,
        content__signed_at__lte=reader.at,
        content__ends_at__gt=reader.at,
    )
