"""The health summary as one reader may have it: for the page, the paper and the copy.

Built from rows that this reader was permitted (patients/access/chart.py) and from the
scope of the consent. Nothing else is known here, so nothing else can be printed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from carecoord import zones
from consents import lines, part2, representing
from consents.access import OpenPatient
from consents.spoken import spoken_to
from patients import (
    keepers,
    medicine_rows,
    missed_doses,
    monitoring_words,
    record_words,
)
from patients.access.chart import ChartRows
from patients.codes import EventKind, Measure
from patients.conversation import SafetyAnswer
from patients.documents.people import also_on_team, duty
from patients.documents.shown import every_row, most, open_windows
from patients.one_page import Allergies, Line, Section, Summary

NEWER_COPY_AFTER = timedelta(days=30)
ALPHABET = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"


@dataclass(frozen=True)
class Reader:
    """For whom the summary is made, in words. `own` for the patient."""

    name: str
    own: bool = False


def reader_of(opened: OpenPatient) -> Reader:
    if opened.is_patient:
        return Reader(opened.patient.name, own=True)
    return Reader(opened.reader_name)


def new_document_id() -> str:
    """12 random characters that say nothing of whom or what the document is about."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def summary(opened: OpenPatient, rows: ChartRows, *, sign_in_url: str) -> Summary:
    """Everything this reader may see of S3's fields, ready for the paper."""
    return _Builder(opened, rows).summary(sign_in_url)


class _Builder:
    """Writes the summary, section by section, for one reader."""

    def __init__(self, opened: OpenPatient, rows: ChartRows) -> None:
        self.opened, self.rows = opened, rows
        self.patient, self.reader = opened.patient, reader_of(opened)
        self.spoken = spoken_to(opened)
        self.zone = opened.patient.time_zone
        self.today = zones.today(opened.at, self.zone)

    def summary(self, sign_in_url: str) -> Summary:
        """The frame first, then the sections in the order of the sheet."""
        return Summary(
            name=self.patient.name,
            **self._born(),
            pronouns=self.patient.pronouns,
            also_known=self._goes_by(),
            document_id=new_document_id(),
            sign_in_url=sign_in_url,
            printed=self._printed(),
            newer_copy=self._newer_copy(),
            permission=self._permission(),
            scope=self._scope(),
            legend=_("Reported by %(name)s unless a name stands beside it.")
            % self._keeper,
            part2=self.part2,
            part2_notice=part2.notice_text() if self.part2 else "",
            **self._header(),
            **self._medicines(),
            **self._sections(),
            **self._team(),
        )

    # The frame ------------------------------------------------------------------

    def _born(self) -> dict[str, Any]:
        """The birth date and the age, or that they are not recorded."""
        years = self.patient.age_on(self.today)
        if years is None or self.patient.birth_date is None:
            return {"born": _("not recorded"), "age": ""}
        born = zones.day_words(self.patient.birth_date)
        return {"born": born, "age": _("age %(years)d") % {"years": years}}

    def _goes_by(self) -> str:
        first = self.patient.name.partition(" ")[0]
        name = self.patient.goes_by
        if not name or name == first:
            return ""
        return _("Goes by %(name)s") % {"name": name}

    def _printed(self) -> str:
        words = {
            "when": zones.instant_words(self.opened.at, self.zone),
            "name": self.reader.name,
        }
        return _("Printed %(when)s, for %(name)s.") % words

    def _newer_copy(self) -> str:
        day = zones.day_words(self.today + NEWER_COPY_AFTER)
        keeps = self.kept_for and self.opened.representative
        if self.reader.own or keeps:
            return _("Print a newer copy after %(day)s.") % {"day": day}
        return _("Ask %(name)s for a newer copy after %(day)s.") % {
            "name": self.kept_for or self.patient.first_name,
            "day": day,
        }

    @cached_property
    def kept_for(self) -> str:
        return keepers.kept_for(self.patient, self.opened.at)

    @property
    def _keeper(self) -> dict[str, str]:
        """Whose words they are where nobody is named beside them."""
        return {"name": self.kept_for or _("the patient")}

    @property
    def part2(self) -> bool:
        """Whether anything of Part 2 origin stands on this reader's sheet."""
        return any(getattr(row, "part2_origin", False) for row in every_row(self.rows))

    def _permission(self) -> str:
        consent = None if self.reader.own else self.opened.scope.consent
        if consent is None:
            return _("Please ask before sending it further.")
        signed = zones.today(consent.signed_at, self.zone)
        return lines.printed_footer(signed=signed)

    def _scope(self) -> str:
        consent = None if self.reader.own else self.opened.scope.consent
        if consent is None or not self.part2:
            return ""
        relied_on = part2.relied_on(self.opened.reading) or [consent]
        return " ".join(map(part2.scope_in_short, relied_on))

    def _header(self) -> dict[str, Any]:
        checked = self.rows.medicines.checked
        confirmed = ""
        if checked:
            confirmed = _("Medicine list confirmed by %(name)s on %(day)s") % {
                "name": representing.said_by(
                    self.patient, checked.recorded_at, checked.recorded_by
                ),
                "day": zones.day_words(zones.today(checked.occurred_at, self.zone)),
            }
        contacts = "; ".join(
            record_words.contact(row).text for row in self.rows.contacts
        )
        life = self.rows.daily_life
        return {
            "language": self.patient.language,
            "confirmed": self._reviewed(confirmed),
            "phone": self._fact("contacts", self.patient.phone),
            "emergency_contact": self._fact("contacts", contacts),
            "preferred_hospital": self._fact(
                "contacts", record_words.tidy(life.preferred_hospital) if life else ""
            ),
        }

    def _reviewed(self, confirmed: str) -> str:
        """What a clinician reviewed stands beside what the patient confirmed."""
        row = self.rows.medicines.reviewed
        if row is None or row.author is None:
            return confirmed or self._check_absent()
        said = {
            "name": row.author.name,
            "day": zones.day_words(zones.today(row.occurred_at, self.zone)),
        }
        review = _("Reviewed with the patient by %(name)s on %(day)s") % said
        confirmed = confirmed or _("Not confirmed by %(name)s yet") % self._keeper
        return f"{confirmed}. {review}"

    def _check_absent(self) -> str:
        """Where nobody checked the list: who has still to do it."""
        if self.shares("medications"):
            return _("Not checked by %(name)s yet") % self._keeper
        return self.spoken.not_part_of(_("Check of the medicine list"))

    def shares(self, category: str) -> bool:
        return self.reader.own or self.opened.scope.has(category)

    def _fact(self, category: str, said: str) -> str:
        """The fact, or why it is not here: by scope, never by what is kept back."""
        return said if said and self.shares(category) else self._absent(category)

    def _absent(self, category: str) -> str:
        """Empty for the patient: the sheet then says "not recorded"."""
        if self.reader.own:
            return ""
        if self.opened.scope.has(category):
            return self.spoken.none_here(category)
        return self.spoken.not_part_here()

    # Medicines and allergies -----------------------------------------------------

    def _medicines(self) -> dict[str, Any]:
        listed = self.rows.medicines
        rows = medicine_rows.rows(
            listed.current, entries=listed.entries, today=self.today
        ) + medicine_rows.entry_rows(
            listed.entries, shown=listed.statements, today=self.today
        )
        rows = rows if self.shares("medications") else ()
        return {
            "medicines": rows,
            "medicines_heading": self._medicines_heading(len(rows)),
            "medicines_line": "" if self.reader.own else self.spoken.choice(),
            "medicines_empty": self._medicines_empty(),
            "allergies": self._allergies(),
            "substances": self._under("substances", self._substances()),
            "missed_doses": self._under("measures", self._missed()),
        }

    def _medicines_heading(self, count: int) -> str:
        if self.reader.own:
            return _("Medicines I take now (%(count)d)") % {"count": count}
        if not self.shares("medications"):
            return _("Medicines")
        return self.spoken.medicines_heading(count)

    def _medicines_empty(self) -> str:
        if not self.reader.own:
            return self._absent("medications")
        checked = self.rows.medicines.checked
        if checked and checked.takes_none:
            return _("I take no medicines.")
        return _("Medicines not recorded")

    def _allergies(self) -> Allergies:
        shown = self.rows.allergies
        items = tuple(record_words.allergy(row) for row in shown.items)
        return Allergies(label=shown.line, items=items)

    def _substances(self) -> list[Line]:
        return [record_words.substance(row) for row in self.rows.substances]

    def _missed(self) -> list[Line]:
        values = self.rows.numbers.get(Measure.MISSED_DOSES, [])
        since = self.opened.at - missed_doses.STANDS
        recent = [value for value in values if value.at >= since]
        return [record_words.counted(recent, zone=self.zone)] if recent else []

    def _under(self, category: str, items: Iterable[Line]) -> Section:
        """A line under the medicines; missed doses are printed only when counted."""
        items = tuple(items)
        title = _("Alcohol, cannabis, nicotine")
        if category == "measures":
            return Section(items=items, shared=bool(items) and self.shares(category))
        if not self.shares(category):
            return Section(shared=False, line=self.spoken.not_part_of(title))
        empty = _("%(title)s: not recorded.") % {"title": title}
        return Section(
            items=items,
            empty=empty if self.reader.own else self.spoken.none_of(category, title),
        )

    # The two columns -------------------------------------------------------------

    def _sections(self) -> dict[str, Any]:
        rows, words = self.rows, record_words
        return {
            "changes": self._section("medications", self._changes()),
            "trials": self._tried(),
            "conditions": self._section(
                "conditions", map(words.condition, rows.conditions), inline=True
            ),
            "stays": self._section("history", map(words.stay, rows.stays)),
            "now": self._section("measures", self._now()),
            "goals": self._section("goals", map(words.goal, rows.goals), inline=True),
            "daily_life": self._section(
                "contacts",
                self._daily_life(),
                inline=True,
            ),
            "safety": self._safety_section(),
            "decide": self._section(
                "goals", map(words.wanted, rows.decisions), inline=True
            ),
        }

    def _section(
        self, category: str, items: Iterable[Line], *, inline: bool = False
    ) -> Section:
        """The lines in scope; else the constant line, whatever the record holds."""
        if not self.shares(category):
            return Section(shared=False, line=self.spoken.not_part_here())
        every = tuple(items)
        kept = most(every)
        note = ""
        if len(kept) < len(every):
            counts = {"shown": len(kept), "all": len(every)}
            note = _("%(shown)d of %(all)d shown") % counts
        empty = "" if self.reader.own else self.spoken.none_here(category)
        return Section(items=kept, empty=empty, inline=inline, note=note)

    def _changes(self) -> list[Line]:
        """What changed. An entry the patient adopted is there as the change itself;
        one that waits is named, and says the rest on the chart.
        """
        waiting = {entry.pk for entry in self.rows.medicines.entries}
        windows = open_windows(self.rows.changes, on=self.today)
        found = []
        for event in self.rows.changes:
            if event.kind != EventKind.MEDICINE_PRESCRIBED:
                window = windows.get(event.pk)
                found.append(record_words.change(event, window=window))
            elif event.about in waiting:
                found.append(record_words.change(event, with_detail=False))
        return found

    def _tried(self) -> Section:
        """Medicines and other treatments: two kinds of information, one heading."""
        trials = map(record_words.trial, self.rows.trials)
        treatments = map(record_words.treatment, self.rows.treatments)
        if self.shares("medications") and self.shares("history"):
            return self._section("history", [*trials, *treatments])
        if self.shares("medications"):
            line = self.spoken.not_part_of(_("Other treatments"))
            return replace(self._section("medications", trials), line=line)
        section = self._section("history", treatments)
        if not section.shared:
            return section
        return replace(section, line=self.spoken.not_part_of(_("Medicines")))

    def _now(self) -> list[Line]:
        symptoms = [record_words.symptom(row) for row in self.rows.symptoms]
        series = [
            values
            for measure, values in self.rows.numbers.items()
            if measure != Measure.MISSED_DOSES
        ]
        own = self.reader.own or self.opened.representative is not None
        late = monitoring_words.late_line(self.rows.tests.late, own=own)
        counted = record_words.counted_by_day(series, zone=self.zone)
        # Last, so that it is the first to give way where there is no room.
        return [*symptoms, *counted, *([late] if late else [])]

    def _daily_life(self) -> Iterable[Line]:
        """Without the hospital, which stands at the head of the sheet."""
        life = self.rows.daily_life
        return (
            record_words.daily_life(life, but=("preferred_hospital",)) if life else ()
        )

    def _safety_section(self) -> Section:
        section = self._section("updates", self._safety(self.rows.conversation.safety))
        if self.reader.own:
            return section
        if not section.shared:
            return replace(section, line=self.spoken.safety_not_part())
        return replace(section, empty=self.spoken.safety_none())

    def _safety(self, answer: SafetyAnswer | None) -> list[Line]:
        """ "Suicidal thoughts: Asked: none. Nov 18, Sam Okafor", never "none" alone."""
        if answer is None:
            return []
        day = zones.day_words(zones.today(answer.at, self.zone))
        return [
            Line(
                label=_("Suicidal thoughts:"),
                strong=answer.answer,
                text=f", {day}, {answer.who}",
                id=str(answer.id),
            )
        ]

    def _team(self) -> dict[str, Any]:
        if not self.shares("care_team"):
            return {"duties_shared": False, "duties_line": self.spoken.not_part_here()}
        everyone = tuple(map(duty, self.rows.team))
        others = [person for person in everyone if not person.duty]
        return {
            "duties": tuple(person for person in everyone if person.duty),
            "duties_line": also_on_team(others),
        }
