"""What the patient has chosen so far, carried from page to page in the form itself.

Signed for one patient and one person, so that no page can be skipped or edited; never
in an address, a session or a table. It is worth nothing without the signature.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from django.core import signing

MAX_AGE_SECONDS = 12 * 60 * 60


@dataclass(frozen=True)
class Draft:
    """The answers so far. `key` is that of the form: it is signed once."""

    key: str
    recipient: str = ""
    supersedes: str = ""
    request: str = ""
    change: bool = False
    preset: str = ""
    categories: int = 0
    labels: int = 0
    purposes: int = 0
    window: str = ""
    # The day from which on, where a file from elsewhere names one.
    since: str = ""
    ends: str = ""
    ends_date: str = ""
    ends_event: str = ""
    # Ids with commas between; empty for anyone on the care team.
    disclosers: str = ""
    # The id of the draft from a file that the pages began with.
    imported: str = ""
    # What the check page showed: the gate's epoch and a digest of the text.
    epoch: int = 0
    shown: str = ""

    @classmethod
    def new(cls, **answers: Any) -> Self:
        return cls(key=str(uuid.uuid4()), **answers)

    def having(self, **answers: Any) -> Self:
        return replace(self, **answers)

    def sealed(self, *, user_id: uuid.UUID, patient_id: uuid.UUID) -> str:
        return signing.dumps(
            asdict(self), salt=_salt(user_id, patient_id), compress=True
        )

    @classmethod
    def opened(
        cls, sealed: str, *, user_id: uuid.UUID, patient_id: uuid.UUID
    ) -> Self | None:
        """The draft, or None if it was changed, is old, or is somebody else's."""
        try:
            answers = signing.loads(
                sealed, salt=_salt(user_id, patient_id), max_age=MAX_AGE_SECONDS
            )
        except signing.BadSignature:
            return None
        if set(answers) != {field.name for field in fields(cls)}:
            return None
        return cls(**answers)

    @property
    def named(self) -> list[str]:
        """Ids of those who alone may disclose; none for anyone on the care team."""
        return [pk for pk in self.disclosers.split(",") if pk]

    @property
    def says_what(self) -> bool:
        return bool(self.recipient and self.categories)

    @property
    def says_all(self) -> bool:
        return bool(self.says_what and self.purposes and self.ends)


def _salt(user_id: uuid.UUID, patient_id: uuid.UUID) -> str:
    return f"consents.draft:{user_id}:{patient_id}"
