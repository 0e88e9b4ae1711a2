"""What an open tab shows, decided again: whoever lost it loses the text (T23).

A page carries the numbers of its own rows in the log. Asking with them decides each
item that was shown, for the same reader and purpose, as it stands now. What was added
since, or is kept from somebody else, changes no answer.

A page without rows (who shares what, codes, receipts) that somebody opened who acts for
the patient carries the paper: it goes when they act no longer, or by another one. Of
several patients it carries all.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import datetime
from functools import reduce
from operator import and_

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from carecoord.clock import database_now
from carecoord.models import User
from consents import decisions, representing, scopes
from consents.access.cases import open_contents
from consents.access.reading import Reading
from consents.access.request import Request
from consents.codes import LABELS, Basis, Relation
from consents.decisions import Guest, Reader
from consents.disclosable import Disclosable, registry
from consents.models import CaseContent, Consent, ConsentGate, Disclosure
from consents.office import is_ones_own
from consents.preview import opened_for
from consents.querysets import by_colleagues
from providers.codes import PartyKind
from providers.models import CareTeamParticipant

MOST = 100
NUMBERS = re.compile(r"[0-9a-f]{32}(-[0-9a-f]{32}){0,99}")
ACTS = re.compile(r"acts-([0-9a-f]{32}(-[0-9a-f]{32}){0,99})")
# Whose end is behind the gate or in a consent; an emergency ends by itself.
BY_CONSENT = (Basis.CONSENT, Basis.OWN_TEXT)
# Pages that open no patient.
OF_CASES = ("consents:case_content", "consents:case_received")
# What stands on these of a value was read beside the update that names it.
OF_UPDATES = tuple(
    f"messaging:{name}"
    for name in ("update", "updates", "update_text", "acknowledge", "reply")
)
CLINICAL = scopes.PURPOSES_OF[PartyKind.PRACTITIONER]
ROSTER = "providers.careteamparticipant"
# What somebody wrote for those whom they named in a case.
WORDS = CaseContent._meta.label_lower
# When a permission begins or ends by itself; what a parent signed, at birthdays.
ENDS = (
    *("starts_at", "ends_at", "patient__majority_at", "patient__carried_until"),
    *(f"patient__{representing.own_field(code.name)}" for code in LABELS),
)


# Which news of what clinicians send each other leads to what it is about, for this
# user at this moment. The app that sends hands it in.
Leads = Callable[[uuid.UUID, datetime], Q]
_LEADS: list[Leads] = []


def provide(leads: Leads) -> None:
    """Takes the rule of the news that a reader could open; twice is once."""
    if leads not in _LEADS:
        _LEADS.append(leads)


def numbers_of(rows: Iterable[Disclosure]) -> str:
    """What a page carries; nothing for the patient's own reading: it never ends."""
    others = [row for row in rows if row.relation != Relation.PATIENT]
    return "-".join(row.pk.hex for row in others[:MOST])


def acts_for(papers: Iterable[uuid.UUID]) -> str:
    """What a page without rows carries for who acts; nothing where nobody does."""
    acted_by = sorted({pk.hex for pk in papers})[:MOST]
    return "-".join(["acts", *acted_by]) if acted_by else ""


def is_still_shown(user: User, numbers: str, at: datetime) -> bool:
    """Whether everything that these rows showed this user may still be seen.

    False for rows that are not this user's, as for rows that do not exist.
    """
    if acts := ACTS.fullmatch(numbers):
        ids = {uuid.UUID(number) for number in acts[1].split("-")}
        return representing.of_user(user.pk, at).filter(pk__in=ids).count() == len(ids)
    if not NUMBERS.fullmatch(numbers):
        return False
    ids = {uuid.UUID(number) for number in numbers.split("-")}
    rows = list(Disclosure.objects.filter(pk__in=ids, user_id=user.pk))
    return len(rows) == len(ids) and all(_stands(row, user, at) for row in rows)


def hand_over(reading: Reading, rows: Sequence[Disclosure]) -> None:
    """Decides a paper once more, between its printing and its way out.

    It was decided before it was printed, which takes seconds in which somebody may
    stop sharing. Raises Http404, and then the log says that it was not handed over.
    """
    numbers = numbers_of(rows)
    if numbers and not is_still_shown(reading.user, numbers, database_now()):
        reading.not_delivered(list(rows))
        raise Http404


def hand_over_same(
    request: Request,
    printed: object,
    *,
    load: Callable[[Request], object],
    rows: Sequence[Disclosure] = (),
) -> None:
    """The same for a paper that names no items in the log, or more than items.

    Asks for what was `printed` once more, by a request of this moment; what has changed
    since is not handed over. Raises Http404, and then the log says so of these `rows`.
    """
    if _again(request, load) == printed:
        return
    if rows:
        request.reading.not_delivered(list(rows))
    raise Http404


def _again(request: Request, load: Callable[[Request], object]) -> object:
    """What it loads now; None where it is refused. Nothing of it is logged."""
    reading, again = request.reading, copy(request)
    again.reading = Reading(
        user=reading.user, entrance=reading.entrance, request_id=reading.request_id
    )
    again.reading.counts = False
    try:
        with transaction.atomic():
            return load(again)
    except Http404:
        return None


def _stands(row: Disclosure, user: User, at: datetime) -> bool:
    if row.relation == Relation.OFFICER:
        return user.is_privacy_officer and not is_ones_own(user, row.patient_id)
    return _is_known(row, user, at) and (
        _nothing_changed(row, at) or _decided_for(row, user, at)
    )


def _is_known(row: Disclosure, user: User, at: datetime) -> bool:
    """On the care team still, or still acting for the patient.

    Whoever writes a documented case, or is named in it, may be on no team: each item
    is decided by itself there (consents/exceptions.py).
    """
    if row.entrance in OF_CASES:
        return True
    if row.relation == Relation.REPRESENTATIVE:
        standing = representing.of_user(user.pk, at)
    else:
        standing = CareTeamParticipant.objects.of_user(user.pk)
    return standing.filter(patient_id=row.patient_id).exists()


def _nothing_changed(row: Disclosure, at: datetime) -> bool:
    """Neither a change behind the gate nor a start or an end since the row."""
    if row.basis not in BY_CONSENT:
        return False
    passed = Q()
    for end in ENDS:
        passed |= Q(**{f"{end}__gt": row.at, f"{end}__lte": at})
    turned = Consent.objects.signed().filter(passed, patient_id=row.patient_id)
    # Asked, not fetched: a late tab of what is gone is answered, not failed.
    same = ConsentGate.objects.filter(patient_id=row.patient_id, epoch=row.epoch)
    return same.exists() and not turned.exists()


def _decided_for(row: Disclosure, user: User, at: datetime) -> bool:
    return decided_again(row, Reader(user_id=user.pk, purpose=row.purpose, at=at))


def decided_again(row: Disclosure, reader: Reader | Guest) -> bool:
    """Whether this reader may see now whatever this row of the log showed."""
    shown: dict[str, set[str]] = {}
    for label, pk, *_rest in row.items:
        shown.setdefault(label, set()).add(pk)
    if shown.pop(ROSTER, None) and not _team_is_shared(row, reader):
        return False
    if not _words_are_open(shown.pop(WORDS, set()), reader):
        return False
    models = {model._meta.label_lower: model for model in registry()}
    return all(
        label in models and _all_open(models[label], ids, reader, row.entrance)
        for label, ids in shown.items()
    )


def _all_open(
    model: type[Disclosable], ids: set[str], reader: Reader | Guest, entrance: str
) -> bool:
    there = _opened(model, reader) & _beside(model, reader, entrance)
    items = model._default_manager.filter(there, pk__in=ids)
    return decisions.permitted(items, reader).count() == len(ids)


def _opened(model: type[Disclosable], reader: Reader | Guest) -> Q:
    """What clinicians send each other is for treatment within one place only.

    All else that a row shows was opened by its page, and stays so.
    """
    return opened_for(model, reader) if model.BETWEEN else Q()


def _beside(model: type[Disclosable], reader: Reader | Guest, entrance: str) -> Q:
    """The news of what they send, and the value that a number is compared with.

    Both are read as what they stand beside is. A chart opens every value, for
    treatment; an author whom a permission covers has the news of the own text.
    """
    if isinstance(reader, Guest) or reader.purpose not in CLINICAL:
        return Q()
    near = by_colleagues(reader.user_id)
    is_between = reader.purpose == scopes.COORDINATION
    here = ~near if is_between else near
    if model.TALK is not None:
        mine = here | ~model.TALK | Q(author__user=reader.user_id)
        found = [leads(reader.user_id, reader.at) for leads in _LEADS]
        return reduce(and_, found, mine)
    is_compared = model.COMPARED and (is_between or entrance in OF_UPDATES)
    return here if is_compared else Q()


def _words_are_open(ids: set[str], reader: Reader | Guest) -> bool:
    """Words are no item of the record: they are open with their case, to the named."""
    if not ids or isinstance(reader, Guest):
        return not ids
    named = open_contents(reader.at).filter(recipients__party__user_id=reader.user_id)
    return named.filter(pk__in=ids).distinct().count() == len(ids)


def _team_is_shared(row: Disclosure, reader: Reader | Guest) -> bool:
    """Who is on the team is no item: it is shared whole, or not."""
    if row.relation == Relation.REPRESENTATIVE and isinstance(reader, Reader):
        acting = representing.of_user(reader.user_id, reader.at)
        mine = acting.filter(patient_id=row.patient_id)
        found = mine.order_by("-recorded_at", "-pk").first()
        return bool(found and scopes.of_acting(found, reader.at).has("care_team"))
    return scopes.scope(row.patient_id, reader).has("care_team")
