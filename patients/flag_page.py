"""Flags as a page draws them: calm, in words, with what to do and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from carecoord import zones
from consents.access import OpenPatient
from consents.texts.shape import joined
from patients.access.flags import FlagRows, NotKnown, Raised
from patients.access.private_flags import Unwarned
from patients.interactions import CAVEAT, Flag, Kind, Severity
from patients.medicine_knowledge.near import meant_by

# More near names than that are no help.
NEAR_SHOWN = 2
# A list of 500 lines can raise a hundred thousand: no page carries them.
MOST_DRAWN = 200
# What stands in the open; more than that is an alarm that nobody reads.
SERIOUS = Severity.USUALLY_NOT


@dataclass(frozen=True)
class FlagCard:
    """One flag in words."""

    raised: Raised
    zone: str

    @property
    def flag(self) -> Flag:
        return self.raised.flag

    @property
    def words(self) -> str:
        return str(self.flag.severity.words)

    @property
    def tone(self) -> str:
        return self.flag.severity.tone

    @property
    def stands_open(self) -> bool:
        """Red stands in the open; the rest of a patient's own page is one line each."""
        return self.flag.severity is Severity.AVOID

    @property
    def names(self) -> str:
        return _(" and ").join(self.flag.names)

    @property
    def source(self) -> str:
        day = zones.day_words(self.flag.source_day)
        said = {"source": self.flag.source, "day": day}
        return _("Source: %(source)s, %(day)s.") % said

    @property
    def said(self) -> str:
        """Who looked at it and why it may stand; empty where nobody did."""
        answer = self.raised.set_aside
        if answer is None:
            return ""
        return _("%(who)s looked at this on %(day)s: %(reason)s") % {
            "who": answer.author.name if answer.author else "",
            "day": zones.day_words(zones.today(answer.occurred_at, self.zone)),
            "reason": " ".join(answer.reason.split()),
        }


def flags_context(
    opened: OpenPatient, rows: FlagRows, *, private: Sequence[Unwarned] = ()
) -> dict[str, Any]:
    """What the part of a page needs; the same keys whatever was found."""
    cards = [
        FlagCard(one, opened.reading.user.time_zone)
        for one in rows.raised
        if one.flag.kind != Kind.BOXED
    ]
    answered = [card for card in cards if _is_answered(card, opened)]
    standing = [card for card in cards if card not in answered]
    serious = [card for card in standing if card.flag.severity >= SERIOUS]
    alone = private_cards(private)
    above = {flag.mark for card in alone for flag in card.flags}
    return {
        "patient": opened.patient,
        "own": opened.is_patient,
        # What to do is said to whoever acts on it; others read it as the patient does.
        "keeps": opened.decides("medications"),
        "may_set_aside": bool(opened.role and opened.role.prescribes),
        "serious": serious,
        # Said once on a page: what stands above, for the patient alone, is counted.
        "here": [card for card in serious if card.flag.mark not in above],
        "above": sum(card.flag.mark in above for card in serious),
        "below": _below(standing, answered),
        "notes": [one.flag for one in rows.raised if one.flag.kind == Kind.BOXED],
        "unknown": [_not_known(opened, one) for one in rows.unknown],
        "private": alone,
        "left_out": rows.left_out,
        "caveat": CAVEAT,
        "covers": _covers(opened),
    }


def _covers(opened: OpenPatient) -> str:
    """Of what the check knows; nothing for the patient, who sees everything."""
    if opened.is_patient:
        return ""
    if opened.representative:
        return _("It covers only what you see here.")
    return _("It covers only what is shared with you.")


def _below(
    standing: Sequence[FlagCard], answered: Sequence[FlagCard]
) -> list[dict[str, Any]]:
    """What is folded under one line that names and counts each part; no empty part."""
    parts = (
        (_("Looked at"), answered),
        (_("Take care"), _of(standing, Severity.TAKE_CARE)),
        (_("Good to know"), _of(standing, Severity.KNOW_ABOUT)),
    )
    return [{"title": title, "cards": cards} for title, cards in parts if cards]


def _not_known(opened: OpenPatient, one: NotKnown) -> dict[str, Any]:
    """The name, what it may stand for, and for whoever keeps the list where to mend it.

    Several names can be near: each is named, and none is put in its place.
    """
    near = meant_by(one.name)[:NEAR_SHOWN]
    keeps = near and one.line_id and opened.decides("medications")
    args = [opened.patient.pk, one.line_id]
    return {
        "name": one.name,
        "near": joined(near, word=_("or")) if near else "",
        "mend_url": reverse("patients:medicine_details", args=args) if keeps else "",
    }


def _of(cards: Sequence[FlagCard], severity: Severity) -> list[FlagCard]:
    return [card for card in cards if card.flag.severity is severity]


@dataclass(frozen=True)
class PrivateCard:
    """Everything that one prescriber can't be warned of because of one item."""

    found: Sequence[Unwarned]

    @property
    def first(self) -> Unwarned:
        return self.found[0]

    @property
    def flags(self) -> list[Flag]:
        return [one.raised.flag for one in self.found]

    @property
    def waits(self) -> bool:
        """Whether a first dose is still to come, of any of it."""
        return any(one.before_first_dose for one in self.found)

    @property
    def pairs(self) -> str:
        """What the card is about, in one line: "ibuprofen and lithium"."""
        return "; ".join(_(" and ").join(flag.names) for flag in self.flags)


def private_cards(private: Sequence[Unwarned]) -> list[PrivateCard]:
    """One card a prescriber and item, in the order of the flags."""
    found: dict[tuple, list[Unwarned]] = {}
    for one in private:
        if not one.raised.will_ask:
            found.setdefault((one.missing.pk, one.party.pk), []).append(one)
    return [PrivateCard(rows) for rows in found.values()]


def _is_answered(card: FlagCard, opened: OpenPatient) -> bool:
    """Whether it may fold: what is red does so for whoever answered it, and no other.

    Whoever else reads it sees it in the open, with who looked at it and why.
    """
    answer = card.raised.set_aside
    if answer and card.stands_open:
        return card.raised.will_ask or answer.author_id == opened.party_id
    return bool(answer) or card.raised.will_ask
