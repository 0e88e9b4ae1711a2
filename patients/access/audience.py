"""Who would see an item: asked of the rule itself, one care-team member at a time.

For the patient only. "As if saved" writes the item, asks, and takes the writing back,
so that the preview and the rule can't differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from consents import decisions, representing
from consents.access import OpenPatient
from consents.access.known import known_parties
from consents.decisions import Reader
from consents.disclosable import Disclosable, registry
from consents.models import ItemDeny
from providers.models import CareTeamParticipant
from providers.roles import ROLES

# Others add to these: answers to an update, the patient's own line to an entry.
ADDED_TO = ("messaging.Update", "patients.MedicationRequest")


def team(opened: OpenPatient) -> list[CareTeamParticipant]:
    """The care team now, by name, as far as this person may know of it."""
    return list(
        CareTeamParticipant.objects.current()
        .filter(representing.known_members(opened), patient_id=opened.patient.pk)
        .select_related("party")
        .order_by("party__name", "pk")
    )


def readers(opened: OpenPatient) -> list[tuple[CareTeamParticipant, Reader]]:
    """Everyone of the team who can sign in, with the purpose they come for."""
    return [
        (member, Reader(member.party.user_id, _purpose(member), opened.at))
        for member in team(opened)
        if member.party.user_id
    ]


def refusable(
    opened: OpenPatient, item: Disclosable, denies: Sequence[ItemDeny]
) -> list[CareTeamParticipant]:
    """The team as far as a refusal of this item reaches them, by name.

    Also those who have no sign-in yet: what is shared with them opens when they join.

    Authors keep their own words: refusing them is offered only where something of
    others belongs to the item. What stands refused or left in can be taken back.
    """
    parties = {deny.party_id for deny in denies}
    parties |= {party.pk for deny in denies for party in deny.left_in}
    kept = None if _reaches_author(item) else item.author_id
    return [
        member
        for member in team(opened)
        if member.party_id != kept or member.party_id in parties
    ]


def _reaches_author(item: Disclosable) -> bool:
    """Whether "not for its author" keeps anything from whoever wrote it."""
    if not (item.AUTHOR_KEEPS and item.author_id) or item._meta.label in ADDED_TO:
        return True
    for model in registry():
        # What happened to the item says no more than the item.
        if model._meta.label == "patients.TimelineEvent":
            continue
        rows = model._default_manager.filter(
            patient_id=item.patient_id, lineage=item.lineage, entered_in_error_at=None
        )
        if model.AUTHOR_KEEPS:
            rows = rows.exclude(author_id=item.author_id)
        if rows.exists():
            return True
    return False


def prescribers(opened: OpenPatient) -> list[CareTeamParticipant]:
    """Those of the team whose role prescribes, as far as this person knows the team."""
    known = known_parties(opened)
    return [
        member
        for member in team(opened)
        if ROLES[member.role].prescribes and (known is None or member.party_id in known)
    ]


def _purpose(member: CareTeamParticipant) -> str:
    return "FAMRQT" if ROLES[member.role].related else "TREAT"


def who_sees(opened: OpenPatient, items: QuerySet) -> list[str]:
    """Names of the team members who may see any of these items now."""
    opened.require(opened.is_patient)
    mine = items.filter(patient_id=opened.patient.pk, entered_in_error_at=None)
    return [
        member.party.name
        for member, reader in readers(opened)
        if decisions.permitted(mine, reader).exists()
    ]


def who_sees_item(opened: OpenPatient, item: Disclosable) -> list[str]:
    return who_sees(opened, type(item).objects.filter(pk=item.pk))


def who_would_see(
    opened: OpenPatient, write: Callable[[], Disclosable]
) -> tuple[list[str], list[str]]:
    """Who would see the item that `write` saves, and who would not. Nothing stays."""
    with transaction.atomic():
        mark = transaction.savepoint()
        try:
            will = who_sees_item(opened, write())
        finally:
            transaction.savepoint_rollback(mark)
    everyone = [member.party.name for member in team(opened)]
    return will, [name for name in everyone if name not in will]
