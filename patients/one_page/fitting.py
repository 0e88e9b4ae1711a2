"""Makes the summary fit its page: the largest letters first, then declared cuts.

The renderer never shrinks and can clip without a word, so each attempt is laid out,
counted, and read back: a text that is not drawn is an error, never a shorter sheet.
"""

import re
from dataclasses import dataclass, replace
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from carecoord import pdf
from patients.one_page.bounds import whole_sheet
from patients.one_page.reductions import FIRST, FURTHER, Reduction, reduced
from patients.one_page.sheet import Section, Sheet, Summary, titles

TEMPLATE = "pdf/summary.html"
LARGE_PRINT_TEMPLATE = "pdf/large_print.html"
ONE_PAGE_MEDICINES = 14
SPREAD_POINTS = 10
SMALLEST = pdf.FONT_STEPS[-1]
# No cut makes one page out of more than this.
HOPELESS_PAGES = 3
# So many rows are more than a page holds, as a rule. To lay out these costs a third of
# all of a long list, and each layout has PRINT_SECONDS, also on a busy machine.
A_PAGEFUL = 28
END = "sheet-end"


class LostText(pdf.RenderError):
    """A text that the reader may see did not reach the paper."""


@dataclass(frozen=True)
class Fitted:
    """The printed summary and what was done to make it fit.

    `level` names the step: "11pt" … "9pt", the last cut ("trials-3" …), "continued"
    (medicines moved to page 2), "spread" (even page 1 was too long) or "large-print".
    `shown` says how many lines of each section are printed, and of how many. `ids`
    are the ids of the printed items, for the disclosure log.
    """

    pdf: bytes
    level: str
    pages: int
    shown: dict[str, tuple[int, int]]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class _Level:
    """One step: the size of the letters, and the cuts made so far."""

    name: str
    points: float
    sheet: Sheet
    cuts: tuple[Reduction, ...] = ()


@dataclass(frozen=True)
class _Attempt:
    """A level that was laid out."""

    level: _Level
    pages: pdf.Pages

    @property
    def fits(self) -> bool:
        """Whether it is one page, every text in its cell, every name in one piece.

        At the smallest size a name may break: there is nothing smaller.
        """
        if self.pages.count > 1 or self.pages.spilled():
            return False
        return self.level.points == SMALLEST or not self._breaks_a_name()

    def _breaks_a_name(self) -> bool:
        drawn = set(_words(self.pages.text()))
        names = " ".join(row.name for row in self.level.sheet.rows)
        return not drawn.issuperset(_words(names))


def fit(summary: Summary, *, paper: str = "letter") -> Fitted:
    """Print the summary on one page of `paper` ("letter" or "a4").

    More than about 14 medicines go on to a second page, behind a black bar that
    counts them. Same input, same bytes. Raises TooLarge for input beyond the bounds,
    LostText if a text did not reach the paper, and what `carecoord.pdf` raises.
    """
    with override(summary.lang):
        whole = whole_sheet(summary)
        levels = _levels(whole)
        found = _first_that_fits(levels, paper)
        if found is None:
            return _continued(whole, levels[-1], paper)
        found = _restored(whole, found, paper)
        return _printed(whole, found.level.sheet, found.pages, found.level.name)


def large_print(summary: Summary, *, paper: str = "letter") -> Fitted:
    """Print everything in full at 14 points, on as many pages as it takes.

    Raises as `fit`.
    """
    with override(summary.lang):
        whole = whole_sheet(summary)
        pages = pdf.lay_out(
            LARGE_PRINT_TEMPLATE,
            {"sheet": whole},
            paper=paper,
            base_font_step=pdf.LARGE_PRINT_STEP,
            lang=summary.lang,
        )
        return _printed(whole, whole, pages, "large-print")


def _levels(whole: Sheet) -> list[_Level]:
    """Every step in the order in which it is tried; cuts that cut nothing left out."""
    levels = [_Level(f"{points:g}pt", points, whole) for points in pdf.FONT_STEPS]
    few = len(whole.rows) <= ONE_PAGE_MEDICINES
    for cut in FIRST + (FURTHER if few else ()):
        last = levels[-1]
        sheet = cut.apply(last.sheet)
        if sheet != last.sheet:
            levels.append(_Level(cut.name, SMALLEST, sheet, (*last.cuts, cut)))
    return levels


def _first_that_fits(levels: list[_Level], paper: str) -> _Attempt | None:
    """Return the first level that fits on one page, with as few layouts as possible.

    The smallest letters come first: their layout tells how much larger they may be.
    """
    if _overflows(levels[-1].sheet, paper):
        return None
    smallest = len(pdf.FONT_STEPS) - 1
    attempt = _attempt(levels[smallest], paper)
    if attempt.fits:
        return _larger(levels[:smallest], attempt, paper)
    if attempt.pages.count > HOPELESS_PAGES:
        return None
    return _halves(levels[smallest + 1 :], paper)


def _overflows(shortest: Sheet, paper: str) -> bool:
    """Whether a pageful of its rows is more than one page; then all of them are."""
    if len(shortest.rows) <= A_PAGEFUL:
        return False
    some = replace(shortest, rows=shortest.rows[:A_PAGEFUL])
    return _laid_out(some, paper, SMALLEST).count > 1


def _larger(levels: list[_Level], best: _Attempt, paper: str) -> _Attempt:
    """Walk from a guess: the height grows about with the square of the letters."""
    possible = SMALLEST / best.pages.filled(END) ** 0.5
    place = sum(level.points > possible for level in levels)
    while place < len(levels):
        attempt = _attempt(levels[place], paper)
        if attempt.fits:
            best = attempt
            break
        place += 1
    while place > 0 and best.level.points < levels[place - 1].points:
        attempt = _attempt(levels[place - 1], paper)
        if not attempt.fits:
            break
        best, place = attempt, place - 1
    return best


def _halves(levels: list[_Level], paper: str) -> _Attempt | None:
    """Search by halves: where a level fits, every later one fits too."""
    low, high, best = 0, len(levels), None
    while low < high:
        middle = (low + high) // 2
        attempt = _attempt(levels[middle], paper)
        if attempt.fits:
            best, high = attempt, middle
        else:
            low = middle + 1
    return best


def _restored(whole: Sheet, found: _Attempt, paper: str) -> _Attempt:
    """Take back the further cuts that gained nothing, the last one first."""
    for cut in reversed(found.level.cuts):
        if cut in FURTHER:
            cuts = tuple(other for other in found.level.cuts if other is not cut)
            level = replace(found.level, sheet=reduced(whole, cuts), cuts=cuts)
            attempt = _attempt(level, paper)
            found = attempt if attempt.fits else found
    return found


def _attempt(level: _Level, paper: str) -> _Attempt:
    return _Attempt(level, _laid_out(level.sheet, paper, level.points))


def _laid_out(sheet: Sheet, paper: str, points: float) -> pdf.Pages:
    return pdf.lay_out(
        TEMPLATE,
        {"sheet": sheet, "paper": True},
        paper=paper,
        base_font_step=points,
        lang=sheet.summary.lang,
    )


# More medicines than a page can carry -------------------------------------------


def _continued(whole: Sheet, level: _Level, paper: str) -> Fitted:
    """Move as few of the last medicines as possible to the next page."""
    sheet = level.sheet
    stay, on_a_page = _rows_that_stay(sheet, level, paper)
    while stay >= 0:
        if _first_page_holds(_split(sheet, stay, last_page=2), level, paper):
            guess = _pages_guessed(len(sheet.rows) - stay, on_a_page)
            split, pages = _with_its_pages(sheet, stay, guess, level, paper)
            if pages.page_of(END) == 1 and not pages.spilled():
                return _printed(whole, split, pages, "continued")
        stay -= 1
    return _spread(whole, paper)


def _pages_guessed(moved: int, on_a_page: int) -> int:
    return 2 if moved <= A_PAGEFUL else 1 + ceil(moved / on_a_page)


def _with_its_pages(
    sheet: Sheet, stay: int, guess: int, level: _Level, paper: str
) -> tuple[Sheet, pdf.Pages]:
    """The sheet whose bar names as many pages as there are, and its layout.

    Whatever the bar names, what was moved takes as many: a right guess saves a layout.
    """
    split = _split(sheet, stay, last_page=guess)
    pages = _laid_out(split, paper, level.points)
    if pages.page_of(END) == 1 and pages.count not in (1, guess):
        split = _split(sheet, stay, last_page=pages.count)
        pages = _laid_out(split, paper, level.points)
    return split, pages


def _first_page_holds(split: Sheet, level: _Level, paper: str) -> bool:
    """Whether page 1 is one page, all of it drawn in its place.

    Asked of a long list alone, and without the rows after the next one.
    """
    if len(split.moved) <= A_PAGEFUL:
        return True
    some = replace(split, moved=split.moved[:1])
    pages = _laid_out(some, paper, level.points)
    return pages.page_of(END) == 1 and not pages.spilled()


def _rows_that_stay(sheet: Sheet, level: _Level, paper: str) -> tuple[int, int]:
    """Count the rows page 1 has room for, from a layout with one row; -1: none.

    And about how many a later page holds. Of a long list so many rows are laid out as
    tell it.
    """
    split = _split(sheet, 1, last_page=2)
    for most in (A_PAGEFUL, len(split.moved)):
        moved = split.moved[:most]
        pages = _laid_out(replace(split, moved=moved), paper, level.points)
        places = [f"medicine-{place + 1}" for place in range(len(moved))]
        on_a_page = sum(pages.page_of(place) == 2 for place in places)
        if pages.page_of(END) != 1:
            # Less than a tenth of a page too long: without that row it may still fit.
            close = pages.page_of(END) == 2 and pages.filled(END) < 0.1
            return (0 if close else -1), on_a_page or 1
        stay = 1 + _room_for(pages, places[:-1])
        if stay < len(moved) or len(moved) == len(split.moved):
            break
    return stay, on_a_page or 1


def _room_for(pages: pdf.Pages, places: list[str]) -> int:
    """How many of these rows, in their order, fit under what stands on page 1."""
    room = pages.room_below(END)
    for count, place in enumerate(places):
        room -= pages.height_of(place)
        if room < 0:
            return count
    return len(places)


def _split(sheet: Sheet, stay: int, *, last_page: int) -> Sheet:
    """Return the sheet with the first `stay` rows on page 1 and a bar for the rest."""
    moved = sheet.rows[stay:]
    where = _("page 2")
    if last_page > 2:
        where = _("pages 2 to %(last)d") % {"last": last_page}
    bar = ngettext(
        "CONTINUED: %(count)d more medicine on %(where)s",
        "CONTINUED: %(count)d more medicines on %(where)s",
        len(moved),
    )
    return replace(
        sheet,
        rows=sheet.rows[:stay],
        moved=moved,
        bar=bar % {"count": len(moved), "where": where},
        last_page=last_page,
    )


def _spread(whole: Sheet, paper: str) -> Fitted:
    """Print everything in full on as many pages as it takes, and say so on top."""
    sheet = replace(
        whole,
        banner=_("CONTINUED: this summary is longer than one page. Read every page."),
    )
    pages = _laid_out(sheet, paper, SPREAD_POINTS)
    return _printed(whole, sheet, pages, "spread")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s()-]+", text)


# Proof and report ------------------------------------------------------------------


def _printed(whole: Sheet, sheet: Sheet, pages: pdf.Pages, level: str) -> Fitted:
    drawn = squeezed(pages.text())
    lost = [text for text in sheet.texts() if squeezed(text) not in drawn]
    if lost or pages.spilled():
        raise LostText("A text did not reach the paper.")
    return Fitted(
        pdf=pages.pdf(),
        level=level,
        pages=pages.count,
        shown=_shown(whole, sheet),
        ids=sheet.ids(),
    )


def squeezed(text: str) -> str:
    """Return the text without white space: lines may break anywhere between words."""
    return re.sub(r"\s+", "", text)


def _shown(whole: Sheet, sheet: Sheet) -> dict[str, tuple[int, int]]:
    def lines(one: Sheet, name: str) -> int:
        section: Section = getattr(one.summary, name)
        return len(section.lines)

    medicines = len(sheet.rows) + len(sheet.also) + len(sheet.moved)
    counts = {name: (lines(sheet, name), lines(whole, name)) for name in titles()}
    return {"medicines": (medicines, len(whole.rows)), **counts}
