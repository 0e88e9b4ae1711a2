"""Consent, its gate, the disclosure log, requests and invitations."""

from consents.models.consent import (
    Consent,
    ConsentDiscloser,
    ConsentGate,
    ConsentRequest,
    ItemDeny,
)
from consents.models.disclosure import AccessRefusal, Disclosure, DisclosureHead
from consents.models.guest import GuestCode, GuestNote, GuestTry, GuestVisit
from consents.models.invitation import Invitation

__all__ = [
    "AccessRefusal",
    "Consent",
    "ConsentDiscloser",
    "ConsentGate",
    "ConsentRequest",
    "Disclosure",
    "DisclosureHead",
    "GuestCode",
    "GuestNote",
    "GuestTry",
    "GuestVisit",
    "Invitation",
    "ItemDeny",
]
