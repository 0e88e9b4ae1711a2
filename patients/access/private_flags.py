"""For the patient alone: what a prescriber can't be warned of, and why (DESIGN 14).

A flag between two things of which a prescriber sees only one is told here, and to
nobody else: not to the prescriber by name, count or wording.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consents import decisions
from consents.access import OpenPatient
from consents.decisions import Reader
from consents.disclosable import Disclosable
from patients.access import audience
from patients.access.flags import FlagRows, Raised, load_flags
from patients.interactions import Severity
from patients.models import SubstanceUse
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

DANGEROUS = Severity.USUALLY_NOT


@dataclass(frozen=True)
class Unwarned:
    """A flag that one prescriber can't see, and the item this is because of."""

    raised: Raised
    party: Party
    missing: Disclosable

    @property
    def missing_name(self) -> str:
        flag = self.raised.flag
        one = flag.a if flag.a.key == str(self.missing.pk) else flag.b
        name = one.name if one else ""
        if isinstance(self.missing, SubstanceUse):
            # A glass of wine is not shared with a doctor, what one says of it is.
            return _("your use of %(substance)s") % {"substance": name}
        return name

    @property
    def before_first_dose(self) -> bool:
        return self.raised.before_first_dose

    @property
    def phone(self) -> str:
        practitioner = getattr(self.party, "practitioner", None)
        return practitioner.phone if practitioner else ""


def unwarned(opened: OpenPatient, rows: FlagRows) -> list[Unwarned]:
    """Dangerous flags of which a prescriber of the team sees only one side."""
    opened.require(opened.is_patient)
    dangerous = [one for one in rows.raised if is_dangerous(one)]
    if not dangerous:
        return []
    found = []
    for member, reader in _prescribers(opened):
        seen = _seen(reader, dangerous)
        for raised in dangerous:
            missing = [row for row in raised.about if row.pk not in seen]
            if len(missing) == 1:
                found.append(Unwarned(raised, member.party, missing[0]))
    return found


def is_dangerous(raised: Raised) -> bool:
    return raised.flag.b is not None and raised.flag.severity >= DANGEROUS


def unwarned_entry(opened: OpenPatient, entry_id: uuid.UUID) -> bool:
    """Whether this entry goes badly with something its author does not see."""
    return any(
        one.party.pk == row.author_id
        for one in unwarned(opened, load_flags(opened))
        for row in one.raised.about
        if row.pk == entry_id and row != one.missing
    )


def cost_of_hiding(opened: OpenPatient, item: Disclosable) -> list[Raised]:
    """What nobody could be warned of if this item were hidden."""
    opened.require(opened.is_patient)
    return [
        one
        for one in load_flags(opened).raised
        if is_dangerous(one) and item.pk in {row.pk for row in one.about}
    ]


def _prescribers(opened: OpenPatient) -> list[tuple[CareTeamParticipant, Reader]]:
    return [
        (member, reader)
        for member, reader in audience.readers(opened)
        if ROLES[member.role].prescribes
    ]


def _seen(reader: Reader, raised: Iterable[Raised]) -> set[uuid.UUID]:
    """Which of the items this reader may see: one query for each kind of item."""
    wanted: dict[type[Disclosable], set[uuid.UUID]] = defaultdict(set)
    for one in raised:
        for row in one.about:
            wanted[type(row)].add(row.pk)
    return {
        pk
        for model, ids in wanted.items()
        for pk in decisions.permitted(
            model.objects.filter(pk__in=ids), reader
        ).values_list("pk", flat=True)
    }


def asked_about(opened: OpenPatient, raised: Raised) -> list[Raised]:
    """The flag, and all others that nobody can warn of because of the same item."""
    found = unwarned(opened, load_flags(opened))
    missing = {
        one.missing.pk for one in found if one.raised.flag.mark == raised.flag.mark
    }
    marks = {raised.flag.mark: raised}
    for one in found:
        if one.missing.pk in missing:
            marks.setdefault(one.raised.flag.mark, one.raised)
    return list(marks.values())


def missing_item(opened: OpenPatient, mark: str, party_id: uuid.UUID) -> Unwarned:
    """What this member of the team does not see of this flag, or the 404."""
    rows = load_flags(opened)
    for one in unwarned(opened, rows):
        if one.raised.flag.mark == mark and one.party.pk == party_id:
            return one
    opened.refuse()


def is_warned(opened: OpenPatient, mark: str, party_id: uuid.UUID) -> bool:
    """Whether this prescriber of the team sees both sides of this flag already."""
    raised = load_flags(opened).find(mark)
    if raised is None or raised.flag.b is None:
        return False
    wanted = {row.pk for row in raised.about}
    return any(
        member.party_id == party_id and _seen(reader, [raised]) == wanted
        for member, reader in _prescribers(opened)
    )
