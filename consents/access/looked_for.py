"""Who looked, for somebody who acts for the patient: as far as the document reaches.

A row stands here for what of it this reader may see now: what the patient keeps back,
what is a child's own and whom they may not know of leave no trace, not even a shorter
page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from carecoord import zones
from consents import decisions, withheld
from consents.access import guests
from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, DOWNLOADS, Basis
from consents.disclosable import model_of
from consents.models import Consent, Disclosure
from consents.told import known_permissions
from providers.codes import PartyKind
from providers.models import Party

MOST = 60
CHUNK = 200


@dataclass
class Look:
    """One person on one day."""

    day: date
    name: str
    times: list[str] = field(default_factory=list)
    categories: int = 0
    downloaded: bool = False

    @property
    def kinds(self) -> str:
        return ", ".join(CATEGORIES.words(self.categories))


def looks(opened: OpenPatient) -> list[Look]:
    """The newest 60 of them, newest first. Raises Http404 for anybody else."""
    acting = opened.representative
    if acting is None:
        opened.refuse()
    found: dict[tuple, Look] = {}
    zone = opened.patient.time_zone
    for row, name, categories in _seen(opened):
        key = (zones.today(row.at, zone), name)
        if key not in found and len(found) == MOST:
            break
        look = found.setdefault(key, Look(*key))
        time = zones.time_words(row.at, zone)
        if time not in look.times:
            look.times.append(time)
        look.categories |= categories
        look.downloaded |= row.channel in DOWNLOADS
    return list(found.values())


def _seen(opened: OpenPatient) -> Iterator[tuple[Disclosure, str, int]]:
    """(row, who, kinds) of each row that holds something this reader may see."""
    rows = _rows(opened).order_by("-seq")
    # By key: a paper that reaches little looks through all of a long log.
    older = rows
    while chunk := list(older[:CHUNK]):
        older = rows.filter(seq__lt=chunk[-1].seq)
        names = dict(
            Party.objects.filter(
                pk__in={row.recipient_id for row in chunk}
            ).values_list("pk", "name")
        )
        kinds = _kinds(opened, chunk)
        for row in chunk:
            if mask := _mask(row, kinds):
                yield row, names.get(row.recipient_id, ""), mask


def _rows(opened: OpenPatient):
    """To those whom this reader may know of, and their own; never an exception."""
    acting = opened.representative
    signed = Consent.objects.filter(known_permissions(opened))
    # Who used a code is told as on the pages of codes.
    signed = signed.filter(
        ~Q(recipient__kind=PartyKind.GUEST) | guests.tells_use(opened)
    )
    rows = Disclosure.objects.filter(
        Q(recipient_id__in=signed.values("recipient_id"))
        | Q(recipient_id=acting.party_id if acting else None),
        patient_id=opened.patient.pk,
        outcome="shown",
    )
    rows = rows.exclude(basis=Basis.EXCEPTIONAL).looks()
    return withheld.told(rows, patient_id=opened.patient.pk, at=opened.at)


def _kinds(opened: OpenPatient, rows: list[Disclosure]) -> dict[tuple, int]:
    """(model, id) of what this reader may see -> its kinds, asked of the rule."""
    wanted: dict[str, set] = {}
    for row in rows:
        for item in row.items:
            wanted.setdefault(item[0], set()).add(item[1])
    found: dict[tuple, int] = {}
    for label, ids in wanted.items():
        try:
            model = model_of(label)
        except LookupError:
            continue
        mine = model.objects.filter(pk__in=ids, patient_id=opened.patient.pk)
        permitted = decisions.permitted(mine, opened.reader)
        for pk, categories in permitted.values_list("pk", "categories"):
            found[label, str(pk)] = categories
    return found


def _mask(row: Disclosure, kinds: dict[tuple, int]) -> int:
    result = 0
    for item in row.items:
        result |= kinds.get((item[0], str(item[1])), 0)
    return result
