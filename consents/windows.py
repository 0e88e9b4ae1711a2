"""From and until when: the patient's answers as instants in the patient's zone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from carecoord import zones
from consents.codes import CATEGORIES, Decision, RepresentativeKind
from consents.representing import TREATING
from consents.texts import WINDOWED_CATEGORIES
from providers.codes import PartyKind

WINDOWED = CATEGORIES.mask(*WINDOWED_CATEGORIES)
MONTHS = {"3": 3, "6": 6, "12": 12}
MAX_YEARS = 5
# A deny stands until it is lifted; the column wants an end.
DENY_YEARS = 100
SOON_DAYS = 14
# Days before the end at which the patient is reminded.
REMINDED_DAYS = (14, 2)
# The answer that names a day itself.
SINCE = "since"


def items_from(
    window: str, *, at: datetime, zone: str, since: str = ""
) -> datetime | None:
    """The first instant of the dated items shared; None for all of them.

    Raises KeyError for an unknown answer: it shares nothing.
    """
    if window == SINCE:
        return zones.start_of(date.fromisoformat(since), zone)
    today = zones.today(at, zone)
    return {
        "from_today": zones.start_of(today, zone),
        "last_12_months": zones.start_of(zones.months_after(today, -12), zone),
        "all": None,
    }[window]


def last_day(ends: str, ends_date: str, *, at: datetime, zone: str) -> date:
    """The last day of sharing, from the answers of the third page."""
    if ends in MONTHS:
        return zones.months_after(zones.today(at, zone), MONTHS[ends])
    return date.fromisoformat(ends_date)


def latest_day(at: datetime, zone: str) -> date:
    """The furthest end that the patient may choose: nothing is for ever."""
    return zones.months_after(zones.today(at, zone), 12 * MAX_YEARS)


@dataclass(frozen=True)
class State:
    """Where a consent stands, in the words of SCREENS E5."""

    word: str
    until: date | None = None
    days: int = 0


def counts_until(consent, patient=None) -> datetime:
    """When a permit ends: on its own day, or sooner by a death or a birthday.

    A parent's signature ends with childhood, and a code with the paper of whoever made
    it. What every page and file says of it; `representing.still_signed` is the rule.
    """
    if consent.decision != Decision.PERMIT:
        return consent.ends_at
    signer, patient = consent.representative, patient or consent.patient
    last = last_of_signer(signer, patient, consent.recipient)
    ends = [consent.ends_at, last, patient.died_at]
    if signer is not None and consent.recipient.kind == PartyKind.GUEST:
        ends += [signer.ended_at, signer.ends_at]
    return min(filter(None, ends))


def last_of_signer(signer, patient, recipient) -> datetime | None:
    """When a parent's signature for this recipient ends; None for everybody else's."""
    if signer is None or signer.kind != RepresentativeKind.PARENT:
        return None
    treating = recipient.kind in TREATING
    return patient.carried_until if treating else patient.majority_at


def no_later(terms, *, signer, patient):
    """The terms with the end that will count, for whoever signs for the patient.

    A page, a text and a signature that named a later day would promise too much.
    """
    ends = [terms.ends_at, last_of_signer(signer, patient, terms.recipient)]
    if signer is not None and terms.recipient.kind == PartyKind.GUEST:
        ends.append(signer.ends_at)
    return replace(terms, ends_at=min(filter(None, ends)))


def sooner(permits: Iterable, *, zone: str) -> date | None:
    """The last day of the first that has something no longer one has; None if none.

    A kind, a topic or a reason. The longest alone would say that all of it goes on.
    """
    first, latest, kept = None, None, (0, 0, 0)
    for consent in sorted(permits, key=counts_until, reverse=True):
        has = (consent.categories, consent.labels, consent.purposes)
        day = zones.last_day(counts_until(consent), zone)
        latest = latest or day
        if any(one & ~other for one, other in zip(has, kept, strict=True)):
            first = day
        kept = tuple(one | other for one, other in zip(has, kept, strict=True))
    return first if first and latest and first < latest else None


def state_of(consent, *, at: datetime, zone: str) -> State:
    """sharing, ends_soon, ended, stopped, replaced, refused or never."""
    ends_at = counts_until(consent)
    until = zones.last_day(ends_at, zone)
    if consent.decision == "refusal":
        return State("refused")
    if consent.revoked_at:
        replaced = consent.revoked_how == "superseded"
        return State("replaced" if replaced else "stopped", until)
    if ends_at <= at:
        return State("ended", until)
    if consent.decision == "deny":
        return State("never")
    days = (until - zones.today(at, zone)).days
    if ends_at - at <= timedelta(days=SOON_DAYS):
        return State("ends_soon", until, days)
    return State("sharing", until, days)
