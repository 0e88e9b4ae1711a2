"""Codes for somebody outside the team: made, used, answered.

Whoever guesses learns nothing: every refusal is the same answer after the same number
of queries, also where nothing is looked at any more (T79).

What was tried is counted by code, by source and by the network around the source, for
an hour; and by code for as long as it stands. Who finds the code and tries each birth
date is stopped for good: the patient reads so, and makes another one.
Nobody can close the door for everybody: under attack each source has fewer tries, and
whoever typed nothing wrong goes in. That is enough by far. With 59 bits, the birth
date, and a hundred thousand codes that stand, a million addresses would try for
hundreds of thousands of years.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection, transaction
from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from carecoord import form_keys
from carecoord.models import User
from consents import gate, windows
from consents.actions.permissions import sign
from consents.actions.signed_forms import signed_before
from consents.actions.terms import RuleError, Signature, Terms
from consents.codes import CATEGORIES, Decision, GuestPage
from consents.models import Consent, GuestCode, GuestNote, GuestTry, GuestVisit
from consents.representing import still_signed
from providers import actions as provider_actions

# 31 letters without look-alikes, 12 of them: 59 bits, and still dictated by phone.
ALPHABET = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
LENGTH, GROUP = 12, 4
EMERGENCY_KINDS = CATEGORIES.mask(
    "medications", "allergies", "conditions", "safety", "contacts"
)
VISIT_LASTS = timedelta(minutes=15)
LIMIT_WINDOW = timedelta(hours=1)
TRIES_KEPT = timedelta(days=1)
MOST_TRIES_A_CODE = 5
# A month of five an hour were every birth date that somebody of a known age can have.
MOST_TRIES_WHILE_IT_STANDS = 20
MOST_TRIES_A_SOURCE = 10
# A hospital is one network: a few people who mistype do not stop the others.
MOST_TRIES_A_NETWORK = 60
# More wrong tries than this in an hour, from anywhere, are an attack. Then:
AN_ATTACK = 500
MOST_TRIES_A_SOURCE_THEN = 3
MOST_TRIES_A_NETWORK_THEN = 15
# (one source, the network around it), by version of the internet protocol. Whoever
# has one IPv6 address has a whole /64 of them.
PREFIXES = {4: (32, 24), 6: (64, 48)}
# Any number of its own: who tries waits for the one who tries now.
TURN = 4_216_590


@dataclass(frozen=True)
class CodeTerms:
    """What the code opens, and how often; the permission says the rest."""

    page: str
    most_visits: int

    def check(self, terms: Terms) -> None:
        """Raises RuleError when the permission is wider than the page."""
        if self.page == GuestPage.EMERGENCY and terms.categories & ~EMERGENCY_KINDS:
            raise RuleError("An emergency room gets less than this. Untick some.")


@dataclass(frozen=True)
class Claim:
    """What somebody with a code says of themselves."""

    name: str
    organization: str
    reason: str


@dataclass(frozen=True)
class Made:
    """What the patient sees once: the code is stored as a hash only."""

    guest_code: GuestCode
    code: str


def hash_of(code: str) -> str:
    """Keyed, so that a copy of the database does not help to guess."""
    letters = "".join(each for each in code.upper() if each.isalnum())
    return salted_hmac("consents.guest_code", letters, algorithm="sha256").hexdigest()


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    parts = range(0, LENGTH, GROUP)
    return "-".join(letters[start : start + GROUP] for start in parts)


@transaction.atomic
def make_code(
    *,
    patient,
    terms: Terms,
    opens: CodeTerms,
    signature: Signature,
    by: User,
    at: datetime,
    key: uuid.UUID,
) -> Made | None:
    """Signs the permission and makes its code. None if this form made it before.

    Raises RuleError, and FormUsedError where the form made another one.
    """
    terms.check()
    opens.check(terms)
    signed, before = signed_before(
        key,
        patient=patient,
        decision=Decision.PERMIT,
        terms=terms,
        text=signature.text,
        by=by,
        at=at,
        also=[opens],
    )
    if before:
        return None
    provider_actions.add_guest(party=terms.recipient)
    consent = sign(
        patient=patient,
        terms=terms,
        decision=Decision.PERMIT,
        signature=signature,
        by=by,
        at=at,
        made=signed,
    )
    code = _new_code()
    made = GuestCode.objects.create(
        patient=patient,
        consent=consent,
        page=opens.page,
        code_hash=hash_of(code),
        most_visits=opens.most_visits,
        epoch=consent.epoch,
        made_at=at,
        made_by=by,
    )
    return Made(made, code)


@transaction.atomic
def use_code(
    *,
    code: str,
    birth_date: date,
    claim: Claim,
    source: str,
    at: datetime,
    key: uuid.UUID,
) -> GuestVisit | None:
    """Opens a code, or notes the try. None for every reason alike.

    One at a time, so that a thousand tries at once are counted like a thousand in a
    row. The same form once more, `key`, is the same opening as long as it lasts: in a
    hospital the answer to the first gets lost, and a code may open once.
    """
    _take_turn()
    _forget(at)
    attempt = _Try.of(code, source, at)
    closed_by = _closed_by(attempt)
    of = [GuestVisit._meta.label, attempt.code_hash]
    visit_id = form_keys.item_id(key, of=of, by=None, at=at, said=claim)
    found = _by_hash(attempt.code_hash, visit_id, at)
    if closed_by:
        # As many queries as a wrong code; and no row for each, which would fill up.
        GuestTry.objects.filter(pk=closed_by).update(turned_away=F("turned_away") + 1)
        return None
    if found is None or not _fits(found, birth_date, at):
        GuestTry.objects.create(**asdict(attempt))
        return None
    return _visit(found, claim, at, visit_id)


def _forget(at: datetime) -> None:
    """What is older than a day; of a code that stands, only once it has ended."""
    standing = GuestCode.objects.filter(
        consent__revoked_at=None, consent__ends_at__gt=at
    )
    old = GuestTry.objects.filter(at__lt=at - TRIES_KEPT)
    old.exclude(code_hash__in=standing.values("code_hash")).delete()


def is_worn_out(tries: int) -> bool:
    """Whether a code was tried in vain so often that it opens nothing any more."""
    return tries >= MOST_TRIES_WHILE_IT_STANDS


def with_tries(codes: QuerySet) -> QuerySet:
    """Each with `tries`: how often it was tried in vain."""
    tries = GuestTry.objects.filter(code_hash=OuterRef("code_hash"))
    counted = tries.order_by().values("code_hash").annotate(n=Count("pk"))
    return codes.annotate(tries=Coalesce(Subquery(counted.values("n")), 0))


def worn_out(at: datetime) -> QuerySet:
    """Codes that would open something, if wrong tries had not closed them.

    Of one that is used up they closed nothing: its own holder may have tried.
    """
    standing = GuestCode.objects.filter(
        consent__in=Consent.objects.in_force(at),
        # Nothing is counted for a code that nobody tried.
        code_hash__in=GuestTry.objects.values("code_hash"),
    )
    tried = with_tries(standing).annotate(visits_made=Count("visits"))
    return tried.filter(
        tries__gte=MOST_TRIES_WHILE_IT_STANDS, visits_made__lt=F("most_visits")
    )


@dataclass(frozen=True)
class _Try:
    """Whose try it is and of which code, in keyed hashes."""

    at: datetime
    code_hash: str
    source_hash: str
    network_hash: str

    @classmethod
    def of(cls, code: str, source: str, at: datetime) -> _Try:
        one, around = _prefixes(source)
        return cls(at, hash_of(code), _source_hash(one), _source_hash(around))


def _prefixes(source: str) -> tuple[str, str]:
    """The source and its network; what is no address stands for itself."""
    try:
        address = ip_address(source)
    except ValueError:
        return source, source
    address = getattr(address, "ipv4_mapped", None) or address
    one, around = (
        str(ip_network((address, length), strict=False))
        for length in PREFIXES[address.version]
    )
    return one, around


def _take_turn() -> None:
    """Held until the transaction ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _source_hash(source: str) -> str:
    return salted_hmac("consents.guest_source", source, algorithm="sha256").hexdigest()


def _closed_by(attempt: _Try) -> int | None:
    """The newest of the tries that were too many, by whichever count; else nothing."""
    lately = Q(at__gt=attempt.at - LIMIT_WINDOW)
    same = {
        "code": Q(code_hash=attempt.code_hash) & lately,
        "ever": Q(code_hash=attempt.code_hash),
        "source": Q(source_hash=attempt.source_hash) & lately,
        "network": Q(network_hash=attempt.network_hash) & lately,
    }
    tries = GuestTry.objects.filter(lately | same["ever"]).aggregate(
        all=Count("pk", filter=lately),
        **{name: Count("pk", filter=each) for name, each in same.items()},
        **{f"last_{name}": Max("pk", filter=each) for name, each in same.items()},
    )
    attacked = tries["all"] >= AN_ATTACK
    most = {
        "code": MOST_TRIES_A_CODE,
        "ever": MOST_TRIES_WHILE_IT_STANDS,
        "source": MOST_TRIES_A_SOURCE_THEN if attacked else MOST_TRIES_A_SOURCE,
        "network": MOST_TRIES_A_NETWORK_THEN if attacked else MOST_TRIES_A_NETWORK,
    }
    for name, limit in most.items():
        if tries[name] >= limit:
            return tries[f"last_{name}"]
    return None


def _by_hash(code_hash: str, visit_id: uuid.UUID, at: datetime) -> GuestCode | None:
    """The code with all that is asked of it, in one query, whether it exists or not."""
    codes: QuerySet = GuestCode.objects.filter(code_hash=code_hash)
    with_all = codes.select_related(
        *("patient", "consent__patient"),
        *("consent__recipient", "consent__representative"),
    )
    opened = GuestVisit.objects.filter(
        pk=visit_id, code=OuterRef("pk"), at__gt=at - VISIT_LASTS
    )
    return with_all.annotate(
        visits_made=Count("visits"), is_open_again=Exists(opened)
    ).first()


def _fits(found: GuestCode, birth_date: date, at: datetime) -> bool:
    consent = found.consent
    return (
        found.patient.birth_date == birth_date
        and consent.revoked_at is None
        and consent.starts_at <= at < windows.counts_until(consent)
        and (found.is_open_again or found.visits_made < found.most_visits)
    )


def _visit(
    found: GuestCode, claim: Claim, at: datetime, visit_id: uuid.UUID
) -> GuestVisit | None:
    """Counted and decided again behind the gate: a stop in this moment wins."""
    epoch = gate.lock(found.patient_id).epoch
    standing = Consent.objects.in_force(at).filter(
        still_signed(at, labels=Value(0)), pk=found.consent_id
    )
    if not standing.exists():
        return None
    before = found.visits.filter(pk=visit_id).first()
    if before and before.at > at - VISIT_LASTS and before.epoch == epoch:
        return before
    if found.visits.count() >= found.most_visits:
        return None
    return GuestVisit.objects.create(
        # Of a form that is sent again after its opening, another one.
        id=uuid.uuid4() if before else visit_id,
        code=found,
        at=at,
        epoch=epoch,
        name=claim.name,
        organization=claim.organization,
        reason=claim.reason,
    )


@transaction.atomic
def write_note(*, visit: GuestVisit, text: str, at: datetime) -> GuestNote:
    """What the guest writes back; the first of an opening stays."""
    note, _made = GuestNote.objects.get_or_create(
        visit=visit, defaults={"text": text, "at": at}
    )
    return note
