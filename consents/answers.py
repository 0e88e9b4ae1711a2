"""The answer of the rule for one item, with its reason in words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from consents import exceptions


class Reason(StrEnum):
    """Why a decision came out as it did, the first that applies."""

    PATIENT = "the person is the patient"
    OWN_TEXT = "the person wrote it"
    CONSENT = "a consent covers it"
    REPRESENTATIVE = "the person acts for the patient"
    EMERGENCY = "an emergency access is open"
    EXCEPTIONAL = "an exceptional disclosure names it"
    NOT_ON_TEAM = "not on the care team"
    ROLE = "the role does not need it"
    NO_CATEGORY = "the item has no category"
    ITEM_DENY = "the patient keeps this item back"
    DENY = "a signed deny covers it"
    NO_CONSENT = "no consent covers it"
    ABSENT = "there is no such item"


@dataclass(frozen=True)
class Decision:
    """The answer for one item, its reason, and the consent that decided it.

    `exception_id` is the emergency or the case, where one of them did.
    """

    permitted: bool
    reason: Reason
    consent_id: uuid.UUID | None = None
    exception_id: uuid.UUID | None = None


def explain(row: dict | None, purpose: str) -> Decision:
    """The decision that the flags of one item come to; nothing found is a deny."""
    if row is None:
        return Decision(False, Reason.ABSENT)
    if row["may_see"]:
        return _explain_permit(row, purpose)
    refusals = (
        (not row["on_team"], Reason.NOT_ON_TEAM, None),
        (not row["has_category"], Reason.NO_CATEGORY, None),
        (not row["role_allows"], Reason.ROLE, None),
        (row["item_denied"], Reason.ITEM_DENY, None),
        (row["denied_by"] is not None, Reason.DENY, row["denied_by"]),
    )
    for applies, reason, consent_id in refusals:
        if applies:
            return Decision(False, reason, consent_id)
    return Decision(False, Reason.NO_CONSENT)


def _explain_permit(row: dict, purpose: str) -> Decision:
    if row["is_patient"]:
        return Decision(True, Reason.PATIENT)
    if row["own_text"]:
        return Decision(True, Reason.OWN_TEXT)
    if row["represents"]:
        return Decision(True, Reason.REPRESENTATIVE)
    if row["excepted_by"]:
        return Decision(
            True,
            EXCEPTED_REASONS[purpose],
            exception_id=row["excepted_by"],
        )
    return Decision(True, Reason.CONSENT, row["relied_on"])


EXCEPTED_REASONS = {
    exceptions.EMERGENCY: Reason.EMERGENCY,
    exceptions.EXCEPTIONAL: Reason.EXCEPTIONAL,
}
