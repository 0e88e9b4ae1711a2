"""What a page of sharing proposes to sign: the terms, and what they replace."""

from __future__ import annotations

from dataclasses import dataclass

from consents import actions, signing
from consents.access import sharing
from consents.access.patient import OpenPatient
from consents.drafts import Draft
from consents.models import Consent
from providers.models import Party


@dataclass(frozen=True)
class Proposal:
    """Terms that somebody may sign next."""

    terms: actions.Terms
    old: Consent | None = None


def standing(opened: OpenPatient, draft: Draft) -> Consent | None:
    """The permission to replace, if it still stands."""
    if not draft.supersedes:
        return None
    old = sharing.consent(opened, draft.supersedes)
    return None if old.revoked_at or not may_replace(opened, old) else old


def may_replace(opened: OpenPatient, old: Consent) -> bool:
    """Whoever acts replaces what they signed themselves, and adds to all else.

    To sign less instead is to stop the rest, and a stop is told (access/home.py).
    """
    return opened.is_patient or old.signed_by_id == opened.reading.user_id


def proposal_of(opened: OpenPatient, draft: Draft, recipient: Party) -> Proposal:
    """The terms of a draft that was shown on its check page.

    Raises actions.RuleError when the draft cannot be signed as it is.
    """
    if not draft.shown or not draft.says_what:
        raise actions.RuleError("Nothing was proposed.")
    old = standing(opened, draft)
    if draft.change and old is None:
        raise actions.RuleError("This sharing has ended already.")
    terms = signing.terms_of(
        draft,
        recipient=recipient,
        at=opened.at,
        zone=opened.patient.time_zone,
        old=old,
    )
    terms.check()
    within_document(opened, terms.recipient, terms.categories, terms.labels)
    return Proposal(terms, old)


def within_document(
    opened: OpenPatient, recipient: Party, categories: int, labels: int
) -> None:
    """Raises RuleError when somebody would share more for the patient than they may."""
    if opened.representative:
        actions.check_scope(
            opened.representative,
            recipient=recipient,
            categories=categories,
            labels=labels,
            at=opened.at,
        )
