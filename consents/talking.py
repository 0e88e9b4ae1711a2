"""The patient's preferred level of communication (S53): how much the team talks.

A permission says what somebody may see. The level says how much they are told by
themselves, and whether they write about the patient. It only narrows: it opens nothing
that no permission opens, and reading what a permission opens is not its matter. Two
doors obey it, and no other: what is written to or by somebody (messaging/actions) and
what they are told of (messaging/wishes.py). Emergency access, a documented case, and
the patient's own notices do not ask it.

What was said for one person goes before what was said for everyone. What the patient
said and what somebody said who acts for them both count: the narrower holds, and
neither learns of the other's. Nothing said narrows nothing.

Clinical wording: awaiting review by a clinician (docs/wording-awaiting-review.md).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents import representing
from consents.codes import Talking
from consents.models import ItemDeny, TalkingChoice


class Told(StrEnum):
    """Of what somebody gets a notice, inside what they may see."""

    ALL = "everything"
    CHANGES = "what changes or asks for something"
    MEDICINES = "medicines and allergies"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Level:
    """One level: what it does, and the words for the patient and for the person."""

    code: Talking
    told: Told
    # Whether what is written to or by them goes out without the patient's word.
    is_open: bool
    what: str | Promise
    to_them: str | Promise

    @property
    def word(self) -> str:
        return str(self.code.label)


# From most to least. What one person is told of is always part of the one before.
LEVELS = (
    Level(
        Talking.FREE,
        Told.ALL,
        is_open=True,
        what=_("They write to each other, and hear of what happens."),
        to_them=_("Talk freely, inside what is shared."),
    ),
    Level(
        Talking.CHANGES,
        Told.CHANGES,
        is_open=True,
        what=_("They hear of changes and questions. Other updates wait on the page."),
        to_them=_("Be told when something changes or is asked. Read the rest here."),
    ),
    Level(
        Talking.READ_FIRST,
        Told.CHANGES,
        is_open=False,
        what=_("Each update to or from them waits until you send it on."),
        to_them=_("Each update to or from you waits until the patient sends it on."),
    ),
    Level(
        Talking.MEDICINES,
        Told.MEDICINES,
        is_open=False,
        what=_("They hear of medicines and allergies. Updates wait for your word."),
        to_them=_("No conversation. What you write waits for the patient’s word."),
    ),
    Level(
        Talking.EMERGENCY,
        Told.NOTHING,
        is_open=False,
        what=_("They hear of nothing. Updates to or from them wait for your word."),
        to_them=_("Only in an emergency. What you write waits for the patient’s word."),
    ),
)
BY_CODE = {level.code: level for level in LEVELS}
RANK = {level.code: rank for rank, level in enumerate(LEVELS)}


def level(code: str) -> Level:
    """Raises ValueError for an unknown level."""
    return BY_CODE[Talking(code)]


def standing(patient_ids: Iterable[uuid.UUID], at: datetime) -> QuerySet[TalkingChoice]:
    """What counts now: the patients' own, and that of whoever acts for them now."""
    return TalkingChoice.objects.filter(
        Q(representative=None) | Q(representative__in=representing.in_force(at)),
        patient_id__in=patient_ids,
        replaced_at=None,
    )


def level_of(
    patient_id: uuid.UUID, party_id: uuid.UUID | None, at: datetime
) -> Level | None:
    """How much is said to and by one person now; nothing if nobody said anything."""
    return levels_of(patient_id, [party_id], at).get(party_id)


def levels_of(
    patient_id: uuid.UUID, party_ids: Iterable[uuid.UUID | None], at: datetime
) -> dict[uuid.UUID | None, Level]:
    """The same for several people, in one query."""
    found = levels_among([patient_id], party_ids, at)
    return {party_id: each for (_patient, party_id), each in found.items()}


def levels_among(
    patient_ids: Iterable[uuid.UUID],
    party_ids: Iterable[uuid.UUID | None],
    at: datetime,
) -> dict[tuple[uuid.UUID, uuid.UUID | None], Level]:
    """The same for several patients and people, by (patient, person), in one query."""
    patients, people = set(patient_ids), set(party_ids)
    named = Q(party=None) | Q(party__in=people - {None})
    rows: dict[uuid.UUID, list[TalkingChoice]] = {}
    for row in standing(patients, at).filter(named):
        rows.setdefault(row.patient_id, []).append(row)
    found = {
        (patient_id, party_id): _narrowest(said, party_id)
        for patient_id, said in rows.items()
        for party_id in people
    }
    return {pair: each for pair, each in found.items() if each}


def _narrowest(rows: list[TalkingChoice], party_id: uuid.UUID | None) -> Level | None:
    """Each voice by its own words for this person; then the narrowest voice."""
    voices: dict[uuid.UUID | None, TalkingChoice] = {}
    for row in sorted(rows, key=lambda row: row.party_id is not None):
        if row.party_id in (None, party_id):
            voices[row.representative_id] = row
    said = [level(row.level) for row in voices.values()]
    return max(said, key=lambda each: RANK[each.code], default=None)


def holds(
    patient_id: uuid.UUID, party_ids: Iterable[uuid.UUID | None], at: datetime
) -> set[uuid.UUID | None]:
    """Those of them to or by whom nothing goes out without the patient's word."""
    found = levels_of(patient_id, party_ids, at)
    return {party_id for party_id, each in found.items() if not each.is_open}


def is_word_of(
    signer_id: uuid.UUID | None,
    waiting: ItemDeny,
    party_ids: Iterable[uuid.UUID | None],
    at: datetime,
) -> bool:
    """Whether the word of this signer sends on what waits: None is the patient.

    The patient's always does. That of somebody who acts does unless another voice held
    it when it began to wait, or holds it now: a wider level later sends nothing on.
    """
    if signer_id is None:
        return True
    others = TalkingChoice.objects.filter(
        Q(representative=None) | Q(representative__in=representing.in_force(at)),
        Q(replaced_at=None) | Q(replaced_at__gt=waiting.created_at),
        Q(party=None) | Q(party__in=set(party_ids) - {None}),
        patient_id=waiting.patient_id,
    ).exclude(representative=signer_id)
    rows = list(others)
    then = [row for row in rows if row.answered_at <= waiting.created_at]
    now = [row for row in rows if row.replaced_at is None]
    found = [
        _narrowest(said, party_id) for said in (then, now) for party_id in party_ids
    ]
    return all(each.is_open for each in found if each)
