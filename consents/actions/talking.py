"""The patient says how much the team talks; and what waits for the patient's word."""

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.actions.terms import RuleError
from consents.codes import Talking
from consents.disclosable import Disclosable
from consents.models import ItemDeny, Representative, TalkingChoice
from providers.codes import PartyKind
from providers.models import Party

PEOPLE = (PartyKind.PRACTITIONER, PartyKind.RELATED_PERSON)


@transaction.atomic
def choose_talking(
    *,
    patient,
    level: str,
    by: User,
    at: datetime,
    party: Party | None = None,
    representative: Representative | None = None,
) -> TalkingChoice | None:
    """How much the team, or one person, talks; in force at once.

    An empty level takes back what was said for one person: what was said for everyone
    counts again. What waits for the patient's word goes on waiting. Raises RuleError
    for an unknown level, and for whoever is not a person.
    """
    if level not in (*Talking.values, "") or (not level and party is None):
        raise RuleError("Choose one of them.")
    if party and party.kind not in PEOPLE:
        raise RuleError("Choose a person.")
    gate.bump(patient.pk)
    standing = TalkingChoice.objects.filter(
        patient=patient, party=party, representative=representative, replaced_at=None
    )
    if same := standing.filter(level=level).first():
        return same
    standing.update(replaced_at=at, replaced_by=by)
    if not level:
        return None
    return TalkingChoice.objects.create(
        patient=patient,
        party=party,
        representative=representative,
        level=level,
        answered_at=at,
        answered_by=by,
    )


@transaction.atomic
def let_wait(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> None:
    """Keeps an item from one person or from everyone until the patient's word.

    What the patient keeps back already stays so.
    """
    gate.bump(item.patient_id)
    ItemDeny.objects.get_or_create(
        patient_id=item.patient_id,
        lineage=item.lineage,
        party=party,
        lifted_at=None,
        defaults={"created_at": at, "created_by": by, "waits": True},
    )


@transaction.atomic
def send_on(*, waiting: ItemDeny, by: User, at: datetime) -> None:
    """The patient's word: the item follows the permissions again. Twice is once."""
    gate.bump(waiting.patient_id)
    ItemDeny.objects.filter(pk=waiting.pk, waits=True, lifted_at=None).update(
        lifted_at=at, lifted_by=by
    )
