"""The patient's home in words: what to do, who sees what, what is new (SCREENS B1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carecoord import zones
from consents import windows
from consents.access import OpenPatient
from consents.access.sharing import Person
from consents.codes import RepresentativeKind
from consents.models import Consent
from patients.access.changes import load_change_rows
from patients.access.home import NEWS_SHOWN, HomeRows
from patients.change_page import changes_context, check_ins_context
from patients.chart_page import address
from patients.event_pages import own_page
from patients.models import TimelineEvent
from patients.safe_text import safe
from patients.supply_page import supply_context
from patients.today import today_of
from providers.codes import PartyKind

# As the tag "ends soon" says it.
SOON = timedelta(days=windows.SOON_DAYS)
CHECK_AFTER = timedelta(days=30)
CHECK_AFTER_IF_UNCHANGED = timedelta(days=90)
TO_DO_SHOWN = 4
BIRTHDAY_SAID_FOR = timedelta(days=90)
ENDED_SAID_FOR = timedelta(days=14)


@dataclass(frozen=True)
class ToDo:
    """One line of the card: what, where, and why now."""

    text: str
    href: str
    note: str = ""
    tone: str = "info"


@dataclass(frozen=True)
class News:
    """One line of what happened since the last visit."""

    text: str
    at: datetime
    href: str


def home_context(opened: OpenPatient, rows: HomeRows) -> dict[str, Any]:
    page = _Home(opened, rows)
    started, to_do = page.tasks(), list(page.to_do())
    return {
        "opened": opened,
        "patient": opened.patient,
        "zone": page.zone,
        "tasks": started if page.is_new else [],
        "to_do": to_do[:TO_DO_SHOWN],
        "to_do_count": len(to_do),
        "checked_day": page.checked_day,
        "supply": supply_context(opened, rows.medicines.current),
        "due": today_of(rows.medicines.current, on=page.today),
        "people": [person for person in rows.people if _counts(person)],
        "acting": rows.acting,
        "codes": rows.codes,
        "new": page.news(),
        # Whoever was never here has no day since which something is new.
        "since": zones.today(rows.since, page.zone) if rows.was_here else None,
        "log_url": page.at("consents:log"),
        "sharing_url": page.at("consents:sharing"),
        "medicines_url": page.at("patients:medicines"),
        "summary_url": page.at("patients:summary_pdf"),
        "large_url": page.at("patients:summary_large"),
        "page_url": page.at("patients:summary"),
        "record_url": page.at("patients:record"),
        "check_ins": check_ins_context(opened),
        "changes": changes_context(opened, load_change_rows(opened)),
    }


def _by_a_parent(permit: Consent) -> bool:
    signer = permit.representative
    return signer is not None and signer.kind == RepresentativeKind.PARENT


def _counts(person: Person) -> bool:
    """Who is on the team, and organizations: a permission alone opens nothing."""
    organization = person.party.kind == PartyKind.ORGANIZATION
    return person.on_team or (organization and person.shares)


class _Home:
    """One patient's home at one instant."""

    def __init__(self, opened: OpenPatient, rows: HomeRows) -> None:
        self.opened, self.rows = opened, rows
        self.patient, self.zone = opened.patient, opened.patient.time_zone
        self.today = zones.today(opened.at, self.zone)

    def at(self, name: str, *args: object) -> str:
        return address(name, self.patient.pk, *args)

    # The list of a new record (B0) -------------------------------------------------

    @property
    def has_medicines(self) -> bool:
        listed = self.rows.medicines
        return bool(listed.current or (listed.checked and listed.checked.takes_none))

    @property
    def has_allergies(self) -> bool:
        return bool(self.rows.allergies.items or self.rows.allergies.assertion)

    @property
    def is_new(self) -> bool:
        """Until the two things are there that every reader needs first."""
        return not (self.has_medicines and self.has_allergies)

    def tasks(self) -> list[dict[str, Any]]:
        """Five rows in any order; whom to share with is asked, never pressed."""
        on_team = any(person.on_team for person in self.rows.people)
        shares = any(person.shares for person in self.rows.people)
        rows = [
            (_("Your name and contact"), "details", bool(self.patient.phone)),
            (_("Medicines"), "medicines", self.has_medicines),
            (_("Allergies"), "medicines", self.has_allergies),
            (_("Who is on your care team"), "team", on_team),
            (_("Who may see what"), "consents:sharing", shares),
        ]
        named = [
            (text, name if ":" in name else f"patients:{name}", done)
            for text, name, done in rows
        ]
        return [
            {"text": text, "href": self.at(name), "done": done}
            for text, name, done in named
            if self.at(name)
        ]

    # To do -------------------------------------------------------------------------

    def to_do(self) -> Iterator[ToDo]:
        """The most urgent first."""
        yield from self._emergencies()
        yield from self._invitations()
        yield from self._requests()
        yield from self._birthday()
        yield from self._signed_by_parents()
        yield from self._entries()
        yield from self._list_check()
        yield from self._endings()
        yield from self._ended()
        yield from self._tests()
        yield from self._imported()
        yield from self._emergency_choice()

    def _emergencies(self) -> Iterator[ToDo]:
        """Nobody learns of it only where notices are read."""
        for access in self.rows.emergencies:
            text = _("%(name)s opened the emergency page") % {"name": access.name}
            day = zones.day_words(zones.today(access.opened_at, self.zone))
            yield ToDo(text, self.at("consents:emergency_opened"), day, "warn")

    def _invitations(self) -> Iterator[ToDo]:
        for invitation in self.rows.invitations:
            text = _("Someone accepted as %(name)s. Is this the right person?")
            href = self.at("patients:invitation_confirm", invitation.pk)
            said = text % {"name": invitation.to_name}
            yield ToDo(said, href or self.at("patients:team"), tone="warn")

    def _requests(self) -> Iterator[ToDo]:
        for ask in self.rows.requests:
            text = _("%(name)s asks you to share") % {"name": ask.asked_by.name}
            day = zones.day_words(zones.today(ask.asked_at, self.zone))
            note = _("Asked %(day)s") % {"day": day}
            yield ToDo(text, self.at("consents:request", ask.pk), note)

    def _birthday(self) -> Iterator[ToDo]:
        """From 90 days before somebody decides alone, as their notices say."""
        turns = self.patient.majority_at
        kinds = {each.row.kind for each in self.rows.acting}
        if turns is None or RepresentativeKind.PARENT not in kinds:
            return
        if turns - self.opened.at > BIRTHDAY_SAID_FOR:
            return
        text = _("From %(day)s you alone decide who sees what")
        if self.rows.waits:
            text = _("From %(day)s you are an adult, and %(who)s can act for you")
        names = ", ".join(each.row.party.name for each in self.rows.waits)
        day = zones.day_words(zones.today(turns, self.zone))
        text %= {"day": day, "who": names}
        page = self.at("consents:representatives")
        yield ToDo(text, page, _("See what ends then"))

    def _signed_by_parents(self) -> Iterator[ToDo]:
        """Until it is decided: who left the first page of an adult finds it here."""
        turned = self.patient.majority_at
        if turned is None or turned > self.opened.at:
            return
        goes_on = [
            permit
            for person in self.rows.people
            for permit in person.permits
            if _by_a_parent(permit)
        ]
        if goes_on:
            text = ngettext(
                "Keep, change or stop what your parents signed for you",
                "Keep, change or stop the %(count)d things your parents signed for you",
                len(goes_on),
            )
            ends = min(windows.counts_until(permit) for permit in goes_on)
            day = zones.day_words(zones.last_day(ends, self.zone))
            note = _("Goes on until %(day)s") % {"day": day}
            said = text % {"count": len(goes_on)}
            yield ToDo(said, self.at("consents:grown_up"), note)

    def _entries(self) -> Iterator[ToDo]:
        unsure = {row.pk for row in self.rows.medicines.statements if row.unsure}
        # What was answered, or asked about, waits for the prescriber.
        count = sum(
            1
            for entry in self.rows.medicines.entries
            if not entry.disagreed_at and entry.beside_id not in unsure
        )
        if not count:
            return
        words = ngettext(
            "A prescriber wrote something beside your list",
            "Prescribers wrote %(count)d things beside your list",
            count,
        )
        note = _("Waiting for you")
        yield ToDo(words % {"count": count}, self.at("patients:medicines"), note)

    def _list_check(self) -> Iterator[ToDo]:
        if not self.rows.medicines.current:
            return
        checked = self.checked_day
        if checked and not self._is_due(checked):
            return
        days = (self.today - checked).days if checked else 0
        note = _("Last checked %(days)d days ago") % {"days": days}
        href = self.at("patients:medicines_check") or self.at("patients:medicines")
        text = _("Check your medicine list")
        yield ToDo(text, href, note if checked else _("Not checked yet"), "warn")

    @property
    def checked_day(self) -> date | None:
        checked = self.rows.medicines.checked
        return zones.today(checked.occurred_at, self.zone) if checked else None

    def _is_due(self, checked: date) -> bool:
        """After 30 days if the list changed since then, else after 90."""
        changes = [row.last_change_date for row in self.rows.medicines.statements]
        changed = any(day and day > checked for day in changes)
        limit = CHECK_AFTER if changed else CHECK_AFTER_IF_UNCHANGED
        return self.today - checked > limit

    def _endings(self) -> Iterator[ToDo]:
        for person in self.rows.people:
            if person.state.word == "ends_soon" and person.state.until:
                text = _("Sharing with %(name)s ends soon") % {
                    "name": person.party.name
                }
                note = _("Ends %(day)s") % {"day": zones.day_words(person.state.until)}
                yield ToDo(text, self.at("consents:person", person.party.pk), note)
            elif person.sooner and person.sooner - self.today <= SOON:
                text = _("Some of what you share with %(name)s ends soon") % {
                    "name": person.party.name
                }
                note = _("Ends %(day)s") % {"day": zones.day_words(person.sooner)}
                yield ToDo(text, self.at("consents:person", person.party.pk), note)

    def _ended(self) -> Iterator[ToDo]:
        """What ended by its date is closed in silence; said here, and for a while."""
        for person in self.rows.people:
            until = person.state.until
            if person.state.word != "ended" or until is None or person.over is None:
                continue
            if self.today - until <= ENDED_SAID_FOR:
                text = _("Sharing with %(name)s ended") % {"name": person.party.name}
                day = {"day": zones.day_words(until)}
                note = _("After %(day)s. Share again, or leave it") % day
                again = f"{self.at('consents:grant')}?again={person.over.pk}"
                yield ToDo(text, again, note)

    def _tests(self) -> Iterator[ToDo]:
        """Calm, and last: what is late waits for a question, not for an alarm.

        Only what was due on a known day: a list that was just typed in nags nobody.
        """
        late = len([row for row in self.rows.tests.late if row.due.day])
        if late:
            words = ngettext(
                "Ask about %(count)d test", "Ask about %(count)d tests", late
            )
            note = _("No new result on your list")
            yield ToDo(words % {"count": late}, self.at("patients:tests"), note)

    def _page_of(self, event: TimelineEvent) -> str:
        page, rest = own_page(event)
        return self.at(page, *rest)

    def _imported(self) -> Iterator[ToDo]:
        href = self.at("patients:import")
        if self.rows.imported and href:
            words = ngettext(
                "Look at %(count)d line from a file",
                "Look at %(count)d lines from files",
                self.rows.imported,
            )
            yield ToDo(
                words % {"count": self.rows.imported}, href, _("Waiting for you")
            )

    def _emergency_choice(self) -> Iterator[ToDo]:
        """Asked once, when there is somebody who could open it (DESIGN 2, Crisis).

        Last, and not of whoever shares with nobody: they are not nagged.
        """
        could = any(
            person.on_team
            and person.shares
            and person.party.kind == PartyKind.PRACTITIONER
            for person in self.rows.people
        )
        if could and not self.rows.emergency_answered:
            text = _("In an emergency: may your care team open one page?")
            href = self.at("consents:emergency_choice")
            yield ToDo(text, href, _("Not answered yet"))

    # New since ---------------------------------------------------------------------

    def news(self) -> list[News]:
        """At most three lines, the newest first; what was stopped for them leads."""
        stopped = [
            News(
                _("%(who)s stopped sharing with %(whom)s, for you")
                % {"who": row.revoked_by.name, "whom": row.recipient.name},
                row.revoked_at,
                self.at("consents:receipt", row.pk),
            )
            for row in self.rows.stopped
            if row.revoked_by and row.revoked_at
        ]
        looked = [
            News(
                _("%(name)s looked at your information") % {"name": name},
                at,
                self.at("consents:log"),
            )
            for name, at in self.rows.lookers
        ]
        happened = [
            News(safe(event.title), event.recorded_at, self._page_of(event))
            for event in self.rows.events
        ]
        written = [
            News(
                _("Somebody with your code wrote you a note"),
                note.at,
                self.at("consents:code", note.visit.code_id),
            )
            for note in self.rows.outside
        ]
        newest = sorted(
            [*looked, *happened, *written], key=lambda news: news.at, reverse=True
        )
        # Each stop has a notice of its own: they leave one line to what else is new.
        return [*stopped[: NEWS_SHOWN - 1], *newest, *stopped[NEWS_SHOWN - 1 :]][
            :NEWS_SHOWN
        ]
