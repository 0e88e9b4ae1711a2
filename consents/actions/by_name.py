"""What the patient said against somebody on paper holds for who joins by that name.

Who is on paper has no account to be known by, and joins as somebody else in the tables.
So names are compared, that of the account and that on the invitation, and the patient
may say who it is. It keeps back what the patient kept back, and the patient sees it and
can lift it. Nothing is opened by a name.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from consents import gate
from consents.actions.terms import APART, Signature, Terms
from consents.codes import Decision
from consents.models import Consent, ItemDeny
from consents.names import is_alike
from consents.querysets import ConsentQuerySet
from providers.models import Party

LONGEST_HOW = 100


@transaction.atomic
def hold_against(
    *,
    patient,
    party: Party,
    at: datetime,
    invited_as: str = "",
    on_paper: uuid.UUID | None = None,
) -> None:
    """ "Not for" and "never" of whoever is on paper by this name, for them as well.

    By the name on the invitation too; and of `on_paper`, who is the same person, says
    the patient. For whoever is on paper too, nothing; nor what was lifted for them
    since, unless the patient says so now.
    """
    gate.bump(patient.pk)  # an open page may show what is kept from them now
    if party.on_paper:
        return
    names = [party.name, invited_as]
    found = kept_out_on_paper(patient, kind=party.kind, names=names, at=at)
    alike = {each.pk for each in found} | ({on_paper} if on_paper else set())
    denies, nevers = _denies(patient), _nevers(patient, at)
    lifted = ItemDeny.objects.filter(patient=patient, party=party).exclude(
        lifted_at=None
    )
    by_name = ~Q(lineage__in=lifted.values("lineage"))
    for deny in denies.filter(by_name | Q(party=on_paper), party__in=alike):
        ItemDeny.objects.get_or_create(
            patient=patient,
            lineage=deny.lineage,
            party=party,
            lifted_at=None,
            defaults={
                "waits": deny.waits,
                "created_at": at,
                "created_by": deny.created_by,
            },
        )
    for never in nevers.filter(recipient__in=alike).select_related("signed_by"):
        if never.recipient_id == on_paper or not _was_lifted(never, party):
            _never_too(never, party, nevers, at=at)


def kept_out_on_paper(
    patient, *, kind: str, names: Iterable[str], at: datetime
) -> list[Party]:
    """Who is on paper by one of these names, and from whom something is kept."""
    said = Q(pk__in=_denies(patient).values("party"))
    said |= Q(pk__in=_nevers(patient, at).values("recipient"))
    on_paper = Party.objects.filter(said, user=None, kind=kind).order_by("name", "pk")
    return [
        each for each in on_paper if any(is_alike(each.name, name) for name in names)
    ]


def _denies(patient) -> QuerySet[ItemDeny]:
    return ItemDeny.objects.filter(patient=patient, lifted_at=None)


def _nevers(patient, at: datetime) -> ConsentQuerySet:
    return Consent.objects.in_force(at).denies().filter(patient=patient)


def _was_lifted(never: Consent, party: Party) -> bool:
    """Whether the patient took back the same "never" for them."""
    same = {"categories": never.categories, "labels": never.labels}
    denies = Consent.objects.denies().filter(patient=never.patient, recipient=party)
    return denies.filter(**same).exclude(revoked_at=None).exists()


def _never_too(
    never: Consent, party: Party, nevers: ConsentQuerySet, *, at: datetime
) -> None:
    """As it was signed, when and by whom it was signed; once. It counts from now on."""
    # Whoever signs may let somebody in, who is held to this.
    from consents.actions.permissions import sign

    kinds, topics = never.categories, never.labels
    if nevers.filter(recipient=party, categories=kinds, labels=topics).exists():
        return
    how = f"{never.signed_how}{APART}signed as {never.number}, on paper then"
    sign(
        patient=never.patient,
        terms=Terms(
            recipient=party,
            categories=kinds,
            labels=topics,
            purposes=never.purposes,
            starts_at=at,
            ends_at=never.ends_at,
        ),
        decision=Decision.DENY,
        signature=Signature(
            name=never.signed_name,
            how=how[:LONGEST_HOW],
            text=never.text,
            text_version=never.text_version,
            authority=never.authority,
            representative=never.representative,
            signed_at=never.signed_at,
        ),
        by=never.signed_by,
        at=at,
    )
