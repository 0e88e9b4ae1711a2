"""Single items: kept back, given back, labelled."""

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from providers.models import Party


@transaction.atomic
def keep_back(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> None:
    """ "Only me", or "not for this person", on an item and all of its lineage.

    What waited for the patient's word is kept back from now on, and waits no more.
    """
    gate.bump(item.patient_id)
    ItemDeny.objects.update_or_create(
        patient_id=item.patient_id,
        lineage=item.lineage,
        party=party,
        lifted_at=None,
        defaults={"waits": False},
        create_defaults={"created_at": at, "created_by": by},
    )


@transaction.atomic
def give_back(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> None:
    """Lifts "only me" or "not for this person" from an item."""
    gate.bump(item.patient_id)
    ItemDeny.objects.filter(
        patient_id=item.patient_id, lineage=item.lineage, party=party, lifted_at=None
    ).update(lifted_at=at, lifted_by=by)


@transaction.atomic
def set_labels(*, item: Disclosable, labels: int, by: User, at: datetime) -> None:
    """Changes an item's labels; whoever may is checked by the form's view."""
    gate.bump(item.patient_id)
    item.labels = labels
    item._history_user = by
    item.save(update_fields=["labels"])
