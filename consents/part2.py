"""The federal notice that travels with what comes from a Part 2 programme (T88).

42 CFR 2.32: each disclosure made with the patient's consent carries the notice and the
scope of that consent. What brings it is the item's origin, never a label: a glass of
wine that the patient typed brands nobody. Without the text nothing is disclosed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carecoord import zones
from consents import signing, texts, windows
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Consent

if TYPE_CHECKING:
    from consents.access.reading import Reading

# Of the paragraphs of the scope: when signed, for whom until when, why.
SHORT = 3


@dataclass(frozen=True)
class Part2Notice:
    """The notice, and in words what each of the consents relied on covers."""

    text: str
    scopes: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        return [self.text, *self.scopes]


def notice_of(reading: Reading | None) -> Part2Notice | None:
    """For what was read so far under a consent; nothing if none of it needs one.

    Raises texts.WordingError if the text is missing: then the read fails with it.
    """
    if reading is None or not reading.part2_consents:
        return None
    return notice_for(reading.part2_consents)


def notice_for(consent_ids: Iterable[uuid.UUID]) -> Part2Notice:
    """The notice for these consents. Raises texts.WordingError if it is missing."""
    text = notice_text()
    scopes = tuple(scope_in_words(consent) for consent in _relied_on(consent_ids))
    if not scopes:
        raise texts.WordingError("Without the consent's scope nothing is disclosed.")
    return Part2Notice(text, scopes)


def notice_text() -> str:
    """The notice itself. Raises texts.WordingError if it is missing."""
    text = " ".join(texts.part2_notice().paragraphs).strip()
    if not text:
        raise texts.WordingError("Without the federal notice nothing is disclosed.")
    return text


def relied_on(reading: Reading) -> list[Consent]:
    """The consents under which something of Part 2 origin was read so far."""
    return _relied_on(reading.part2_consents)


def _relied_on(consent_ids: Iterable[uuid.UUID]) -> list[Consent]:
    consents = Consent.objects.filter(pk__in=list(consent_ids))
    read = consents.select_related("recipient", "patient", "representative__party")
    return list(read.order_by("number"))


def scope_in_words(consent: Consent) -> str:
    """What the consent covers, in one paragraph (42 CFR 2.32(b))."""
    section = _scope(consent)
    return f"{section.heading}. " + " ".join(section.paragraphs)


def scope_in_short(consent: Consent) -> str:
    """The same with the kinds by name alone, for the foot of one page."""
    kinds = ", ".join(CATEGORIES.words(consent.categories))
    covers = _("Covers: %(kinds)s.") % {"kinds": kinds}
    return " ".join([*_scope(consent).paragraphs[:SHORT], covers])


def _scope(consent: Consent) -> texts.Section:
    zone = consent.patient.time_zone
    return texts.part2_scope(
        signed=zones.today(consent.signed_at, zone),
        ends=zones.last_day(windows.counts_until(consent), zone),
        recipient_name=consent.recipient.name,
        category_names=CATEGORIES.names(consent.categories),
        purposes=PURPOSES.names(consent.purposes),
        substance_use=bool(consent.labels & LABELS["substance_use"]),
        signed_by=signing.who_signs(consent.representative),
    )
