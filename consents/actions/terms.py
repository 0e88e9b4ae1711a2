"""What is signed, and by whom."""

from dataclasses import dataclass, field
from datetime import datetime

from consents.codes import CATEGORIES
from consents.models import Representative
from providers.models import Party


class RuleError(ValueError):
    """An action that the rules do not allow; the message is for the person."""


@dataclass(frozen=True)
class Terms:
    """What is being signed. Masks, never "everything" by silence."""

    recipient: Party
    categories: int
    purposes: int
    starts_at: datetime
    ends_at: datetime
    labels: int = 0
    items_from: datetime | None = None
    ends_event: str = ""
    disclosers: tuple[Party, ...] = field(default=())
    may_redisclose: bool = False

    def check(self) -> None:
        """Raises RuleError with a sentence when the terms contradict themselves."""
        if not self.categories:
            raise RuleError("Choose at least one kind of information.")
        if not self.purposes:
            raise RuleError("Choose what it is for.")
        if self.ends_at <= self.starts_at:
            raise RuleError("The end date must be after the start date.")


# In how something was signed, before what else is to be known of it (by_name.py).
APART = "; "


@dataclass(frozen=True)
class Signature:
    """Typed name, how the signer was authenticated, on whose authority.

    `signed_at`: when, where the row is written later than that.
    """

    name: str
    how: str
    text: str
    text_version: str
    authority: str = "self"
    representative: Representative | None = None
    signed_at: datetime | None = None


def with_allergies(categories: int) -> int:
    """Medicines always travel with allergies."""
    if categories & CATEGORIES["medications"]:
        return categories | CATEGORIES["allergies"]
    return categories
