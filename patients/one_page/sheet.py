"""What stands on the health summary, as plain frozen values.

Every text is finished when it comes here: safe medicine text (ISMP), the constant
lines for this reader, dates in the patient's zone. Nothing here is computed from what
the reader may not see. Sources: SCREENS B14 with its corrections 1 to 7; CLINICAL 6.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from django.utils.translation import gettext as _

from carecoord.qr import QrCode

# 42 CFR 2.32(a)(2), the short statement as worded since April 16, 2024.
# Awaiting review by counsel.
PART2_NOTICE = (
    "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
)
Schedule = Literal["daily", "as_needed", "interval", "steps", "other", "on_hold"]
Kind = Literal["prescription", "non_prescription", "supplement"]


@dataclass(frozen=True)
class Line:
    """One line of a section: `label`, then `strong` in bold, then `text`.

    `dangerous`: a trial that ended in a dangerous reaction; it is never left out.
    `id`: the item it shows, so that the disclosure log can name it. `parts`: several
    values under one label, each with its own bold and id. `more`: what stands on the
    sheet where there is room (reductions.py), after the text.
    """

    label: str = ""
    strong: str = ""
    text: str = ""
    dangerous: bool = False
    id: str = ""
    parts: tuple["Line", ...] = ()
    more: str = ""

    @property
    def tail(self) -> str:
        """The text with the space that it needs before it."""
        first = not (self.label or self.strong)
        glued = first or not self.text or self.text[0] in ",.:;)"
        return self.text if glued else f" {self.text}"

    def texts(self) -> tuple[str, ...]:
        """Everything of this line that has to be on the paper."""
        parts = (text for part in self.parts for text in part.texts())
        return (self.label, self.strong, self.text, self.more, *parts)

    def ids(self) -> Iterator[str]:
        """The items that this line shows."""
        yield self.id
        for part in self.parts:
            yield from part.ids()


@dataclass(frozen=True)
class Section:
    """A titled list, newest or most important line first.

    Without lines it says `empty`. With `shared=False` it prints nothing, or the
    constant `line` that is the same for every reader. `note` is "3 of 8 shown".
    """

    items: tuple[Line, ...] = ()
    title: str = ""
    empty: str = ""
    shared: bool = True
    line: str = ""
    inline: bool = False
    note: str = ""

    @property
    def visible(self) -> bool:
        """Whether anything of this section stands on the paper."""
        return self.shared or bool(self.line)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are printed: none of what is not shared."""
        return self.items if self.shared else ()

    @property
    def says_empty(self) -> bool:
        """Whether it says that there is nothing, which a cut list never says."""
        return self.shared and not self.items and not self.note

    @property
    def run_in(self) -> bool:
        """Whether it is one paragraph, which may follow its heading on one line."""
        return self.inline or len(self.items) < 2

    @property
    def height(self) -> float:
        """About how many lines it takes in half a page, its heading included."""
        if self.run_in:
            together = sum(len(text) + 2 for text in self.texts())
            return ceil(together / LINE_CHARACTERS) + 0.4
        lengths = [sum(len(text) + 1 for text in item.texts()) for item in self.lines]
        return HEADING_LINES + sum(ceil(size / LINE_CHARACTERS) for size in lengths)

    def texts(self) -> tuple[str, ...]:
        """Everything of this section that has to be on the paper."""
        if not self.visible:
            return ()
        body = tuple(text for item in self.lines for text in item.texts())
        empty = self.empty if self.says_empty else ""
        return (self.title, self.line, self.note, empty, *body)


@dataclass(frozen=True)
class Allergies:
    """The boxed line: one of the labels, the reactions, and the constant line."""

    label: str = ""
    items: tuple[Line, ...] = ()
    line: str = ""

    def texts(self) -> tuple[str, ...]:
        """Everything of the box that has to be on the paper."""
        body = tuple(text for item in self.items for text in item.texts())
        return (self.label, *body, self.line)


@dataclass(frozen=True)
class Duty:
    """Who does what: one person of the care team."""

    name: str
    role: str = ""
    phone: str = ""
    duty: str = ""
    id: str = ""

    def texts(self) -> tuple[str, ...]:
        """Everything of this person that has to be on the paper."""
        return (self.name, self.role, self.phone, self.duty)


@dataclass(frozen=True)
class MedicineRow:
    """One medicine. Amounts are finished texts: "150 mg", "300 mg a day".

    Only a medicine that is taken every day has `times` (morning, noon, evening,
    bedtime: "1 tablet" or ""). All others have a `span`, one text across the four
    boxes, so that a monthly injection can't be read as daily (ISMP; SCREENS
    correction 3). Raises ValueError for a mixture.
    """

    name: str
    brand: str = ""
    form: str = ""
    each_time: str = ""
    a_day: str = ""
    schedule: Schedule = "daily"
    times: tuple[str, str, str, str] = ("", "", "", "")
    span: str = ""
    purpose: str = ""
    prescriber: str = ""
    last_change: str = ""
    status: str = ""
    flags: tuple[str, ...] = ()
    kind: Kind = "prescription"
    id: str = ""

    def __post_init__(self) -> None:
        daily = self.schedule == "daily"
        if daily != any(self.times) or daily == bool(self.span):
            raise ValueError("Daily medicines have times; all others have a span.")
        if not daily and self.a_day:
            raise ValueError("Only a daily medicine has an amount a day.")

    @property
    def mergeable(self) -> bool:
        """Whether it may stand in the short "Also" line: a plain supplement."""
        plain = not self.flags and not self.status and self.schedule != "on_hold"
        return self.kind == "supplement" and plain

    @property
    def labelled_times(self) -> list[tuple[str, str]]:
        """The times that are not empty, each with its name."""
        labels = (_("Morning"), _("Noon"), _("Evening"), _("Bedtime"))
        times = zip(labels, self.times, strict=True)
        return [(label, count) for label, count in times if count]

    @property
    def short(self) -> str:
        """Name, amount and when in one phrase, for the "Also" line."""
        words = (_("in the morning"), _("at noon"), _("in the evening"))
        when = [
            f"{count} {word}"
            for count, word in zip(self.times, (*words, _("at bedtime")), strict=True)
            if count
        ]
        brand = f"({self.brand})" if self.brand else ""
        dose = ", ".join(part for part in (self.each_time, *when, self.span) if part)
        return " ".join(part for part in (self.name, brand, dose) if part)

    def texts(self) -> tuple[str, ...]:
        """Everything of this medicine that has to be on the paper."""
        amounts = (self.each_time, self.a_day, *self.times, self.span)
        people = (self.purpose, self.prescriber, self.last_change)
        named = (self.name, self.brand, self.form, self.status, *self.flags)
        return (*named, *amounts, *people)


@dataclass(frozen=True)
class Summary:
    """Everything that one reader may see of one patient, ready for the paper.

    `document_id` is random and says nothing. `sign_in_url` goes into the QR code and
    below it, and holds a random code only.
    """

    name: str
    born: str
    document_id: str
    sign_in_url: str
    printed: str
    permission: str
    medicines_heading: str
    age: str = ""
    pronouns: str = ""
    also_known: str = ""
    phone: str = ""
    language: str = ""
    confirmed: str = ""
    newer_copy: str = ""
    emergency_contact: str = ""
    preferred_hospital: str = ""
    allergies: Allergies = Allergies()
    medicines: tuple[MedicineRow, ...] = ()
    medicines_empty: str = ""
    medicines_line: str = ""
    substances: Section = Section(shared=False)
    missed_doses: Section = Section(shared=False)
    changes: Section = Section()
    trials: Section = Section()
    conditions: Section = Section(inline=True)
    stays: Section = Section()
    now: Section = Section()
    goals: Section = Section()
    daily_life: Section = Section()
    safety: Section = Section()
    decide: Section = Section()
    duties: tuple[Duty, ...] = ()
    duties_shared: bool = True
    duties_line: str = ""
    legend: str = ""
    part2: bool = False
    part2_notice: str = PART2_NOTICE
    lang: str = "en"
    # What a permission over Part 2 records covers. Once, at the end: the foot of each
    # further page has room for `permission` and the notice.
    scope: str = ""


def titles() -> dict[str, str]:
    """The headings of the sections, by field of `Summary`."""
    return {
        "changes": _("Changed or stopped in the last 90 days"),
        "trials": _("Tried before"),
        "conditions": _("Conditions"),
        "stays": _("Hospital stays"),
        "now": _("What is happening now"),
        "goals": _("Goals"),
        "daily_life": _("Daily life"),
        "safety": _("Safety"),
        "decide": _("What I want decided"),
    }


# In reading order; the columns break where both become about as long.
FLOW = (
    "changes",
    "trials",
    "conditions",
    "stays",
    "now",
    "goals",
    "daily_life",
    "safety",
    "decide",
)
# Characters in a line of half a page at 9 points, and lines that a heading takes.
LINE_CHARACTERS = 58
HEADING_LINES = 1.6
UNDER_MEDICINES = ("substances", "missed_doses")


@dataclass(frozen=True)
class Sheet:
    """A summary as it is laid out: which rows stand where, and what is declared.

    `also` is the short line of supplements, `moved` the rows of the second page,
    `bar` the black bar that says so, `last_page` the number of pages.
    """

    summary: Summary
    rows: tuple[MedicineRow, ...] = ()
    also: tuple[MedicineRow, ...] = ()
    moved: tuple[MedicineRow, ...] = ()
    bar: str = ""
    banner: str = ""
    last_page: int = 1

    @property
    def left(self) -> tuple[Section, ...]:
        """The sections of the left column."""
        return self._sections(FLOW[: self.break_after])

    @property
    def right(self) -> tuple[Section, ...]:
        """The sections of the right column."""
        return self._sections(FLOW[self.break_after :])

    @property
    def break_after(self) -> int:
        """How many of FLOW stand left, so that neither column is long for nothing."""
        heights = [self._height(name) for name in FLOW]
        return min(
            range(1, len(FLOW)),
            key=lambda place: max(sum(heights[:place]), sum(heights[place:])),
        )

    def _height(self, name: str) -> float:
        """About how many lines a section takes."""
        section: Section = getattr(self.summary, name)
        return section.height if section.visible else 0.0

    @property
    def under_medicines(self) -> tuple[Section, ...]:
        """Alcohol, cannabis, nicotine, and missed doses."""
        return self._sections(UNDER_MEDICINES)

    @property
    def qr(self) -> QrCode:
        """The code that opens the sign-in page."""
        return QrCode.of(self.summary.sign_in_url)

    @property
    def printed_url(self) -> str:
        """The address below the code, as people type it."""
        return self.summary.sign_in_url.removeprefix("https://")

    @property
    def duties_visible(self) -> bool:
        """Whether "Who does what" stands on the paper."""
        return self.summary.duties_shared or bool(self.summary.duties_line)

    def _sections(self, names: tuple[str, ...]) -> tuple[Section, ...]:
        every = (getattr(self.summary, name) for name in names)
        return tuple(section for section in every if section.visible)

    def texts(self) -> Iterator[str]:
        """Everything that has to be on the paper."""
        one = self.summary
        yield from (one.name, one.also_known, one.born, one.age, one.pronouns)
        yield from (one.phone, one.language, one.confirmed, one.printed)
        yield from (one.newer_copy, one.emergency_contact, one.preferred_hospital)
        yield from (self.printed_url, one.medicines_heading, one.medicines_line)
        yield from (one.legend, one.permission, one.scope, one.document_id)
        yield from (self.bar, self.banner)
        yield one.part2_notice if one.part2 else ""
        yield "" if one.medicines else one.medicines_empty
        yield from one.allergies.texts()
        sections = (*self.left, *self.right, *self.under_medicines)
        duties = one.duties if one.duties_shared else ()
        parts: tuple[Any, ...] = (*self.rows, *self.moved, *sections, *duties)
        for part in parts:
            yield from part.texts()
        yield from (row.short for row in self.also)

    def ids(self) -> tuple[str, ...]:
        """The ids of the items that are printed, each once, in order."""
        one = self.summary
        sections = (*self.under_medicines, *self.left, *self.right)
        lines = (item for part in sections for item in part.lines)
        duties = one.duties if one.duties_shared else ()
        rows = (*self.rows, *self.also, *self.moved)
        shown = (pk for line in (*one.allergies.items, *lines) for pk in line.ids())
        named: tuple[Any, ...] = (*rows, *duties)
        every = (*shown, *(item.id for item in named))
        return tuple(dict.fromkeys(pk for pk in every if pk))
