"""Whether two people are reached at one address or number (SECURITY T92, L22).

A parent who signs up with the child's address reads the child's mail. So whoever acts
for a patient, and the patient, may not share one: not in another case, not with a tag,
not with other dots.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

if TYPE_CHECKING:
    from carecoord.models import User

DOTLESS = {"gmail.com", "googlemail.com"}
SHORTEST_NUMBER = 7
# "(555) 010-0199 ext. 2", "… x2", "…;ext=2", "…,,2"
EXTENSION = re.compile(r"(?<=\d)\s*(?:;|,|#|e?xt?n?\b|e?xt?n?(?=[\d.:\s]))")


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
    """One spelling of a mailbox: quotes, and a domain in its own letters, are none."""
    local, _at, domain = folded(address).strip().rpartition("@")
    local = local.strip('"').replace("\\", "")
    domain = _ascii(domain.rstrip("."))
    domain = "gmail.com" if domain in DOTLESS else domain
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _ascii(domain: str) -> str:
    """ "münchen.example" as mail servers write it: "xn--mnchen-3ya.example"."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def folded(text: str) -> str:
    """Without capitals, wide letters, and two ways to write one accent."""
    return unicodedata.normalize("NFKC", text).casefold()


def same_number(first: str, second: str) -> bool:
    """ "(555) 010-0199" and "+1 555 010 0199" are one number."""
    one, other = _digits(first), _digits(second)
    return len(one) >= SHORTEST_NUMBER and one == other


def _digits(number: str) -> str:
    """The last ten of the number itself: who answers puts through to an extension."""
    itself = EXTENSION.split(folded(number))[0]
    return "".join(str(unicodedata.digit(each)) for each in itself if each.isdigit())[
        -10:
    ]


def shared_contact(patient, party) -> str:
    """ "address", "number" or nothing: what a patient and somebody close share."""
    related = getattr(party, "related_person", None)
    if patient.user and party.user and share_mailbox(patient.user, party.user):
        return "address"
    if related and same_number(patient.phone, related.phone):
        return "number"
    return ""
