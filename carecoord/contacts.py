"""Whether two people are reached at one address or number (SECURITY T92, L22).

A parent who signs up with the child's address reads the child's mail. So whoever acts
for a patient, and the patient, may not share one: not in another case, not with a tag,
not with other dots.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

if TYPE_CHECKING:
    from carecoord.models import User

DOTLESS = {"gmail.com", "googlemail.com"}
SHORTEST_NUMBER = 7


def same_mailbox(first: str, second: str) -> bool:
    """ "Jo.Ann+x@Gmail.com" and "joann@gmail.com" are one mailbox. Dots count nowhere:

    rather one refusal too many than a letter to the wrong person.
    """
    return bool(first and second) and _mailbox(first) == _mailbox(second)


def addresses_of(user: User) -> set[str]:
    """Where an account is reached: its address, and each other that was confirmed.

    With any of them it signs in and chooses a new password.
    """
    others = EmailAddress.objects.filter(user=user, verified=True)
    return {user.email, *others.values_list("email", flat=True)}


def is_unconfirmed(user: User) -> bool:
    """Whether nobody showed yet that the account's own address is theirs.

    Anybody can begin an account with somebody else's address, and wait.
    """
    own = EmailAddress.objects.filter(user=user, email__iexact=user.email)
    return own.filter(verified=False).exists()


def share_mailbox(first: User, second: User) -> bool:
    """Whether any mailbox of one account is one of the other's."""
    theirs = addresses_of(second)
    return any(
        same_mailbox(one, each) for one in addresses_of(first) for each in theirs
    )


def _mailbox(address: str) -> str:
    local, _at, domain = address.strip().casefold().rpartition("@")
    domain = "gmail.com" if domain in DOTLESS else domain
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def same_number(first: str, second: str) -> bool:
    """ "(555) 010-0199" and "+1 555 010 0199" are one number."""
    one, other = _digits(first), _digits(second)
    return len(one) >= SHORTEST_NUMBER and one == other


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)[-10:]


def shared_contact(patient, party) -> str:
    """ "address", "number" or nothing: what a patient and somebody close share."""
    related = getattr(party, "related_person", None)
    if patient.user and party.user and share_mailbox(patient.user, party.user):
        return "address"
    if related and same_number(patient.phone, related.phone):
        return "number"
    return ""
