"""Single items: kept back, given back, labelled."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from carecoord.models import User
from consents import following, gate
from consents.disclosable import Disclosable
from consents.models import ItemDeny, ItemExemption
from providers.models import Party


@transaction.atomic
def keep_back(
    *,
    item: Disclosable,
    by: User,
    at: datetime,
    party: Party | None = None,
    but: Iterable[Party] = (),
) -> None:
    """ "Only me", or "not for this person", on an item and all of its lineage.

    "Only me" leaves in exactly those of `but`, and nobody of whom it did before. What
    waited for the patient's word is kept back from now on, and waits no more. Raises
    ValueError for a `but` beside a `party`: a deny by name exempts nobody.
    """
    left_in = {each.pk: each for each in but}
    if party and left_in:
        raise ValueError("Only “only me” leaves somebody in.")
    gate.bump(item.patient_id)
    deny, _new = ItemDeny.objects.update_or_create(
        patient_id=item.patient_id,
        lineage=item.lineage,
        party=party,
        lifted_at=None,
        defaults={"waits": False},
        create_defaults={"created_at": at, "created_by": by},
    )
    _lift(deny.exemptions.exclude(party__in=left_in), by=by, at=at)
    for each in left_in.values():
        _exempt(deny, each, by=by, at=at)


@transaction.atomic
def exempt(*, item: Disclosable, party: Party, by: User, at: datetime) -> None:
    """ "Only me, and this person too". Twice is once.

    Nothing where no "only me" stands: it opened already to whom permissions open it.
    """
    gate.bump(item.patient_id)
    for deny in _standing(item, party=None):
        keep_back(item=item, by=by, at=at, but=[*_exempted(deny), party])


@transaction.atomic
def give_back(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> None:
    """Lifts "only me", with all whom it leaves in, or "not for this person"."""
    gate.bump(item.patient_id)
    denies = _standing(item, party=party)
    _lift(ItemExemption.objects.filter(deny__in=denies), by=by, at=at)
    denies.update(lifted_at=at, lifted_by=by)


@transaction.atomic
def hand_back(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> bool:
    """Gives one item back, and what follows it. False where it stays kept back: it
    names something else that is.
    """
    give_back(item=item, by=by, at=at, party=party)
    following.put_right(patient=item.patient, by=by, at=at)
    return not _standing(item, party=party).exists()


@transaction.atomic
def set_labels(*, item: Disclosable, labels: int, by: User, at: datetime) -> None:
    """Changes an item's labels; whoever may is checked by the form's view."""
    gate.bump(item.patient_id)
    item.labels = labels
    item._history_user = by
    item.save(update_fields=["labels"])


@transaction.atomic
def set_origin(
    *, item: Disclosable, part2_origin: bool, by: User, at: datetime
) -> None:
    """Says whether an item comes from a program of 42 CFR part 2, or may."""
    gate.bump(item.patient_id)
    item.part2_origin = part2_origin
    item._history_user = by
    item.save(update_fields=["part2_origin"])


def _standing(item: Disclosable, *, party: Party | None) -> QuerySet[ItemDeny]:
    return ItemDeny.objects.filter(
        patient_id=item.patient_id, lineage=item.lineage, party=party, lifted_at=None
    )


def _exempted(deny: ItemDeny) -> list[Party]:
    rows = deny.exemptions.filter(lifted_at=None).select_related("party")
    return [row.party for row in rows]


def _exempt(deny: ItemDeny, party: Party, *, by: User, at: datetime) -> None:
    ItemExemption.objects.get_or_create(
        deny=deny,
        party=party,
        lifted_at=None,
        defaults={"created_at": at, "created_by": by},
    )


def _lift(rows: QuerySet[ItemExemption], *, by: User, at: datetime) -> None:
    rows.filter(lifted_at=None).update(lifted_at=at, lifted_by=by)
