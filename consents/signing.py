"""From the answers of the pages to terms, to the text signed, to the signature."""

from __future__ import annotations

import time
import unicodedata
from datetime import date, datetime

from allauth.account.authentication import get_authentication_records
from django.conf import settings

from carecoord import zones
from carecoord.context_processors import place
from consents import actions, texts, windows
from consents.access.request import Request
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.drafts import Draft
from consents.models import Consent, Representative
from providers.codes import PartyKind
from providers.models import Party

# How it is said where nothing more is known of the session.
SIGNED_IN = "signed in"
# Family, and whoever comes with a code: nobody knows that HIPAA binds them.
UNPROTECTED = (PartyKind.RELATED_PERSON, PartyKind.GUEST)
METHODS = {
    "password": "password",
    "totp": "code",
    "recovery_codes": "recovery code",
    "webauthn": "passkey",
}


def how_signed_in(request: Request) -> str:
    """ "password and code": how this session was authenticated (SCREENS A1.17)."""
    used = []
    for record in get_authentication_records(request, request.user):
        method = METHODS.get(record.get("type") or record.get("method", ""))
        if method and method not in used:
            used.append(method)
    return " and ".join(used) if used else SIGNED_IN


def is_fresh(request: Request) -> bool:
    """Whether this session showed who it is in the last five minutes (ASVS 7.5.3).

    Before signing only: stopping never waits for a password.
    """
    if not request.user.has_usable_password():
        return True
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0.0)
    return time.time() - newest <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def terms_of(
    draft: Draft,
    *,
    recipient: Party,
    at: datetime,
    zone: str,
    old: Consent | None = None,
) -> actions.Terms:
    """What the draft proposes. A change keeps the time and purposes of the old."""
    categories = actions.with_allergies(draft.categories)
    if draft.change and old:
        return actions.Terms(
            recipient=recipient,
            categories=categories,
            labels=draft.labels,
            purposes=old.purposes,
            starts_at=at,
            ends_at=old.ends_at,
            ends_event=old.ends_event,
            items_from=_window(draft, categories, at, zone, kept=old),
            disclosers=tuple(
                Party.objects.filter(pk__in=old.disclosers.values("party_id"))
            ),
            may_redisclose=old.may_redisclose,
        )
    return actions.Terms(
        recipient=recipient,
        categories=categories,
        labels=draft.labels,
        purposes=draft.purposes,
        starts_at=at,
        ends_at=zones.end_of(
            windows.last_day(draft.ends, draft.ends_date, at=at, zone=zone), zone
        ),
        ends_event=draft.ends_event,
        items_from=_window(draft, categories, at, zone),
        disclosers=_named(draft),
    )


def _named(draft: Draft) -> tuple[Party, ...]:
    """Those who alone may disclose, as ticked; empty for the whole care team."""
    ids = set(draft.named)
    named = tuple(Party.objects.filter(pk__in=ids).order_by("name", "pk"))
    if len(named) != len(ids):
        # Fewer names must never become "anyone".
        raise actions.RuleError("Choose again who may share what they wrote.")
    return named


def _window(
    draft: Draft,
    categories: int,
    at: datetime,
    zone: str,
    *,
    kept: Consent | None = None,
) -> datetime | None:
    if not categories & windows.WINDOWED:
        # Current lists are shared as they stand.
        return None
    if draft.window:
        return windows.items_from(draft.window, at=at, zone=zone, since=draft.since)
    if kept is None:
        raise actions.RuleError("Choose how far back to share.")
    return kept.items_from


def asks_window(draft: Draft, old: Consent | None = None) -> bool:
    """Whether "how far back" must be asked: dated kinds, and no answer stands."""
    if not draft.categories & windows.WINDOWED:
        return False
    return not (draft.change and old and old.categories & windows.WINDOWED)


def wording_of(
    *,
    patient,
    recipient: Party,
    role: str,
    terms: actions.Terms | Consent,
    openings: int | None = None,
    representative: Representative | None = None,
) -> texts.Terms:
    """The terms as the versioned texts want them: codes, names and days."""
    zone = patient.time_zone
    return texts.Terms(
        patient_name=patient.name,
        recipient_name=recipient.name,
        recipient_role=role,
        discloser_names=_disclosers(terms),
        category_names=CATEGORIES.names(terms.categories),
        label_names=LABELS.names(terms.labels),
        purposes=PURPOSES.names(terms.purposes),
        starts=zones.today(terms.starts_at, zone),
        ends=zones.last_day(terms.ends_at, zone),
        item_window=window_words(terms, zone),
        operator=place().operator,
        redisclosure="unprotected" if recipient.kind in UNPROTECTED else "hipaa",
        ends_event=terms.ends_event,
        recipient_is_organization=recipient.kind == PartyKind.ORGANIZATION,
        openings=openings,
        representative=who_signs(representative),
    )


def _disclosers(terms: actions.Terms | Consent) -> list[str] | None:
    """Names of the only ones who may disclose; None for the whole care team."""
    if isinstance(terms, actions.Terms):
        return [party.name for party in terms.disclosers] or None
    if terms.any_discloser:
        return None
    return list(terms.disclosers.values_list("party__name", flat=True))


def window_words(terms: actions.Terms | Consent, zone: str) -> str:
    """How far back dated items go; empty where none of the kinds has dates."""
    if not terms.categories & windows.WINDOWED:
        return ""
    first: date | None = (
        zones.today(terms.items_from, zone) if terms.items_from else None
    )
    return texts.item_window_since(first)


def who_signs(representative: Representative | None) -> texts.Representative | None:
    """Name and right of whoever signs for the patient, for the text."""
    if representative is None:
        return None
    kind = representative.get_kind_display()
    return texts.Representative(name=representative.party.name, authority=kind)


def signature(
    *,
    name: str,
    how: str,
    text: texts.ConsentText,
    representative: Representative | None = None,
) -> actions.Signature:
    """By the patient, or by somebody for the patient: then with the right to it."""
    authority = representative.get_kind_display() if representative else "self"
    return actions.Signature(
        name=name,
        how=how[:100],
        text=text.plain,
        text_version=text.version,
        authority=authority,
        representative=representative,
    )


def same_name(typed: str, name: str) -> bool:
    """Whether two names are the same, whatever the case, the spaces and the keyboard.

    A phone writes O’Brien where the account says O'Brien, and another one an "é" in
    two signs. A letter of another alphabet is another letter.
    """
    return _as_written(typed) == _as_written(name)


def _as_written(name: str) -> str:
    text = unicodedata.normalize("NFC", name.translate(KEYBOARDS))
    seen = (sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join("".join(seen).split()).casefold()


# Apostrophes and hyphens, as keyboards write them.
KEYBOARDS = str.maketrans({**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑–", "-")})
