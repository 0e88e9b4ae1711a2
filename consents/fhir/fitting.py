"""From a rule of a file to the answers of the pages where the patient signs.

What the pages cannot hold is said. Where leaving it out would share more, the draft is
`blocked`: it can be read and thrown away, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from carecoord import zones
from consents import windows
from consents.codes import CATEGORIES, PURPOSES
from consents.fhir import moments
from consents.fhir.rules import Named, Rule
from consents.forms.grant import PURPOSES_FOR
from providers.codes import PartyKind
from providers.models import Party


@dataclass(frozen=True)
class Known:
    """Somebody with whom the patient can share now."""

    party: Party
    npi: str = ""


@dataclass(frozen=True)
class Fitted:
    """What the pages are filled in with. No answer may widen the file's."""

    answers: dict[str, Any]
    recipient: Party | None
    said: tuple[str, ...]
    blocked: bool = False


def fit(rule: Rule, *, people: list[Known], at: datetime, zone: str) -> Fitted:
    """The draft of one rule, for those who are known at `at`."""
    fitting = _Fitting(rule, people, at, zone)
    answers = fitting.deny() if rule.effect == "deny" else fitting.permit()
    return Fitted(
        answers=answers,
        recipient=fitting.recipient,
        said=tuple(dict.fromkeys([*rule.said, *fitting.said])),
        blocked=fitting.blocked,
    )


class _Fitting:
    def __init__(
        self, rule: Rule, people: list[Known], at: datetime, zone: str
    ) -> None:
        self.rule, self.people, self.at, self.zone = rule, people, at, zone
        self.said: list[str] = []
        self.blocked = False
        self.recipient = _match(rule.recipient, people)
        if self.recipient is None:
            permit = _("The file names %(name)s. Choose who that is here.")
            deny = _("The file names %(name)s. Nobody with whom you share fits.")
            self._say(deny if rule.effect == "deny" else permit)

    def deny(self) -> dict[str, Any]:
        """A "never" has no end here, and its kinds or its topics, not both."""
        rule = self.rule
        self._say(_("A “never” counts until you lift it."))
        kinds = CATEGORIES.all if rule.labels else rule.categories
        if kinds != rule.categories:
            self._say(
                _("Here a “never” about a topic covers all kinds of information.")
            )
        if self.recipient is None:
            self._block(_("Add this person to your care team first."))
        return {"categories": kinds, "labels": rule.labels}

    def permit(self) -> dict[str, Any]:
        rule = self.rule
        self._check_start()
        return {
            "recipient": str(self.recipient.pk) if self.recipient else "",
            "categories": rule.categories,
            "labels": rule.labels,
            "purposes": self._purposes(),
            "disclosers": self._disclosers(),
            **self._window(),
            **self._end(),
        }

    def _say(self, sentence: str) -> None:
        self.said.append(sentence % {"name": self.rule.recipient.name})

    def _block(self, sentence: str) -> None:
        self.said.append(sentence)
        self.blocked = True

    def _check_start(self) -> None:
        """The pages share from the signature on: never before the file does."""
        starts = [moments.start_of(each, self.zone) for each in self.rule.starts]
        if starts and max(starts) > self.at:
            day = zones.day_words(zones.today(max(starts), self.zone))
            self._block(
                _("It begins on %(day)s. Bring it in again on that day.") % {"day": day}
            )
        self.said.append(_("It counts from the moment when you sign."))

    def _purposes(self) -> int:
        if self.recipient is None:
            return self.rule.purposes
        offered = PURPOSES.mask(*PURPOSES_FOR[PartyKind(self.recipient.kind)])
        if self.rule.purposes & ~offered:
            self._say(_("A reason in the file does not suit %(name)s. It is left out."))
        return self.rule.purposes & offered

    def _disclosers(self) -> str:
        """Only those who are known. If none is, it would be anyone: never that."""
        named = self.rule.disclosers
        team = [
            each
            for each in self.people
            if each.party.kind == PartyKind.PRACTITIONER
            and each.party != self.recipient
        ]
        found = {str(party.pk) for each in named if (party := _match(each, team))}
        if named and not found:
            self._block(
                _("It is only about what others wrote, who are not on your care team.")
            )
        elif len(found) != len(named):
            self._say(_("Some of those who may tell are not on your care team."))
        return ",".join(sorted(found))

    def _window(self) -> dict[str, str]:
        if not self.rule.categories & windows.WINDOWED:
            return {}
        if not self.rule.since:
            self._say(_("The file does not limit how far back. You can choose less."))
            return {"window": "all"}
        since = max(moments.start_of(each, self.zone) for each in self.rule.since)
        day = zones.today(since, self.zone)
        if zones.start_of(day, self.zone) < since:
            day += timedelta(days=1)
        return {"window": windows.SINCE, "since": day.isoformat()}

    def _end(self) -> dict[str, str]:
        """The last whole day that is inside; chosen anew where the file has none."""
        if not self.rule.ends:
            self._say(_("The file has no end. Choose one yourself."))
            return {}
        ends = min(moments.end_of(each, self.zone) for each in self.rule.ends)
        begun = zones.last_day(ends, self.zone)
        day = self._last_whole_day(ends)
        if day <= zones.today(self.at, self.zone):
            self._block(_("It ended, or it ends today. Ask for a newer one."))
            return {}
        latest = windows.latest_day(self.at, self.zone)
        if day > latest:
            self._say(
                _("It ends later than a permission can here. The end is earlier.")
            )
        elif day < begun:
            self._say(_("It ends within a day. Here it ends with the day before."))
        event = self.rule.ends_event
        return {
            "ends": "event" if event else "date",
            "ends_date": min(day, latest).isoformat(),
            "ends_event": event,
        }

    def _last_whole_day(self, ends: datetime) -> date:
        day = zones.last_day(ends, self.zone)
        return day if zones.end_of(day, self.zone) <= ends else day - timedelta(days=1)


def _match(named: Named, people: list[Known]) -> Party | None:
    """By id or by number of licence, and then by name too: never by a name alone."""
    found = [
        each.party
        for each in people
        if (str(each.party.pk) == named.id or (each.npi and each.npi == named.npi))
        and _plain(each.party.name) == _plain(named.name)
    ]
    return found[0] if len(found) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
