"""Paper: the only module that knows the renderer (WeasyPrint 70).

What is printed was decided before it comes here. This module keeps three promises
about the printing itself:

- nothing is fetched: a document reaches no file and no network, whatever stands in
  it; only this module's own style sheet may load the two packaged font files;
- nothing is told by the file but its pages: neutral title, no author, no producer,
  no attachment, no link, no outline;
- it ends: input is bounded, one render at a time, and a render that takes too long
  is stopped.

Sources: SECURITY T38, T42, T49, T50; PERFORMANCE 4; ISO 14289-1 (PDF/UA-1).
"""

import ctypes
import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

from django.conf import settings
from django.template.loader import get_template, render_to_string
from weasyprint import CSS, HTML
from weasyprint.document import Document, DocumentMetadata
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from carecoord import marking

STATIC_DIR = Path(__file__).resolve().parent / "static"
STYLE_SHEET = STATIC_DIR / "css" / "pdf.css"
# One merged file per weight: two files of one family and weight share a name
# inside the PDF, and the second file's letters come out as the first one's.
FONTS = {
    f"packaged:fonts/{path.name}": path
    for path in sorted((STATIC_DIR / "fonts").glob("*-pdf-*.ttf"))
}
PAPERS = {"letter": "8.5in 11in", "a4": "210mm 297mm"}
FONT_STEPS = (11, 10.5, 10, 9.5, 9)
LARGE_PRINT_STEP = 14
TITLE = "Health summary"
_NAMES = ("summary", "large_print", "receipt", "accounting", "packet", "emergency")
TEMPLATES = tuple(f"pdf/{name}.html" for name in _NAMES)

POINTS_PER_PIXEL = 0.75

MAX_HTML_CHARACTERS = 600_000
MAX_SECONDS = float(settings.PRINT_SECONDS)
MAX_WAIT_SECONDS = 15.0

Result = TypeVar("Result")
_one_at_a_time = threading.RLock()


class RenderError(Exception):
    """The document could not be printed."""


class RenderRefused(RenderError):
    """The document is larger than what this module agrees to print."""


class RenderTimeout(RenderError):
    """Printing took longer than its limit, or waited too long for its turn."""


class NothingFetcher(URLFetcher):
    """Answers every address with an error. Every document is rendered with it.

    A plain function that raises would crash the renderer, so it is a subclass.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)

    def fetch(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> URLFetcherResponse:
        """Raise URLFetchingError, which the renderer turns into an absent picture."""
        raise URLFetchingError("Documents load nothing.")


class PackagedFontFetcher(NothingFetcher):
    """Answers for the packaged fonts only. Only our own style sheet gets it."""

    def fetch(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> URLFetcherResponse:
        """Return a packaged font; raise URLFetchingError for any other address."""
        path = FONTS.get(url)
        if path is None:
            return super().fetch(url, headers)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


class NeutralMetadata(DocumentMetadata):
    """A title and a language, and no word about the software or the person."""

    def generate_rdf_metadata(
        self, variant: str, version: int, conformance: str | None
    ) -> bytes:
        """Return the XMP block without the producer (called by the renderer)."""
        rdf = ElementTree.fromstring(
            super().generate_rdf_metadata(variant, version, conformance)
        )
        for description in list(rdf):
            if any(name.endswith("}Producer") for name in description.attrib):
                rdf.remove(description)
        return ElementTree.tostring(rdf, encoding="utf-8")


@dataclass(frozen=True)
class _Press:
    """What is parsed once and used for every document."""

    fonts: FontConfiguration
    sheet: CSS
    papers: Mapping[str, CSS]


@cache
def _press() -> _Press:
    fonts = FontConfiguration()

    def parsed(text: str) -> CSS:
        return CSS(string=text, font_config=fonts, url_fetcher=PackagedFontFetcher())

    faces = "".join(
        "@font-face { font-family: 'Sheet'; font-weight: "
        f"{url.rsplit('-', 1)[1].removesuffix('.ttf')}; src: url('{url}') }}\n"
        for url in FONTS
    )
    papers = {
        name: parsed(f"@page {{ size: {size} }}") for name, size in PAPERS.items()
    }
    return _Press(fonts, parsed(faces + STYLE_SHEET.read_text("utf-8")), papers)


class Pages:
    """A document that was laid out: its pages can be counted, read and printed."""

    def __init__(self, document: Document, *, title: str, lang: str) -> None:
        self._document = document
        self._title = title
        self._lang = lang

    @property
    def count(self) -> int:
        """How many pages it takes."""
        return len(self._document.pages)

    def page_of(self, anchor: str) -> int | None:
        """Return the number (from 1) of the page where an element id starts."""
        for number, page in enumerate(self._document.pages, start=1):
            if anchor in page.anchors:
                return number
        return None

    def height_of(self, anchor: str) -> float:
        """Return the height of the element with this id, in points; 0 if absent."""
        for page in self._document.pages:
            if anchor in page.anchors:
                _, top, _, bottom = page.anchors[anchor]
                return (bottom - top) * POINTS_PER_PIXEL
        return 0.0

    def room_below(self, anchor: str) -> float:
        """Return the free height under an element on its page, in points."""
        for page in self._document.pages:
            if anchor in page.anchors:
                box = page._page_box
                end = box.content_box_y() + box.height
                return (end - page.anchors[anchor][3]) * POINTS_PER_PIXEL
        return 0.0

    def filled(self, anchor: str) -> float:
        """Return the part of its page that is used down to the end of an element."""
        for page in self._document.pages:
            if anchor in page.anchors:
                box = page._page_box
                used = page.anchors[anchor][3] - box.content_box_y()
                return max(used / box.height, 0.01)
        return 1.0

    def text(self) -> str:
        """Return every piece of text that is drawn, in the order it is drawn."""
        return "\n".join(box.text for _, _, box in self._text_boxes())

    def spilled(self) -> tuple[str, ...]:
        """Return the text that leaves its table cell or the page's margins."""
        return tuple(
            box.text
            for page, holder, box in self._text_boxes()
            if not _inside(page, holder, box)
        )

    def pdf(self) -> bytes:
        """Return the file: PDF/UA-1, same bytes for the same input."""
        return _in_turn(self._write)

    def _write(self) -> bytes:
        self._document.metadata = NeutralMetadata(title=self._title, lang=self._lang)
        for page in self._document.pages:
            page.links, page.anchors, page.bookmarks = [], {}, []
        return self._document.write_pdf(pdf_variant="pdf/ua-1", finisher=_no_producer)

    def _text_boxes(self) -> Iterator[tuple[boxes.Box, boxes.Box, boxes.TextBox]]:
        for page in self._document.pages:
            page_box = page._page_box
            for child in page_box.children:
                in_margin = isinstance(child, boxes.MarginBox)
                yield from _texts(child, page_box, child if in_margin else page_box)


def _texts(
    box: boxes.Box, page: boxes.Box, holder: boxes.Box
) -> Iterator[tuple[boxes.Box, boxes.Box, boxes.TextBox]]:
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield page, holder, box
        return
    if isinstance(box, boxes.TableCellBox):
        holder = box
    for child in getattr(box, "children", ()):
        yield from _texts(child, page, holder)


def _inside(page: boxes.Box, holder: boxes.Box, box: boxes.TextBox) -> bool:
    """Say whether a text lies in its cell or page, give or take half a pixel."""
    slack = 0.5
    left, right = holder.content_box_x(), holder.content_box_x() + holder.width
    if isinstance(holder, boxes.MarginBox):
        bottom = page.margin_height()
    else:
        bottom = page.content_box_y() + page.height
    return (
        box.position_x >= left - slack
        and box.position_x + box.width <= right + slack
        and box.position_y + box.height <= bottom + slack
    )


def _no_producer(document: Document, pdf: Any) -> None:
    pdf.info.pop("Producer", None)


def lay_out(
    template: str,
    context: Mapping[str, Any],
    *,
    paper: str = "letter",
    base_font_step: float = FONT_STEPS[0],
    title: str = TITLE,
    lang: str = "en",
) -> Pages:
    """Lay out a template on `paper` with a body text of `base_font_step` points.

    Raises KeyError for an unknown paper, RenderRefused for too much text and
    RenderTimeout when it takes longer than MAX_SECONDS.
    """
    size = {"size_class": f"size-{round(base_font_step * 10)}"}
    html = render_to_string(template, {**context, **size, "title": title, "lang": lang})
    return lay_out_html(html, paper=paper, title=title, lang=lang)


def lay_out_html(
    html: str, *, paper: str = "letter", title: str = TITLE, lang: str = "en"
) -> Pages:
    """Lay out finished HTML; raises as `lay_out`. The HTML is not trusted."""
    if len(html) > MAX_HTML_CHARACTERS:
        raise RenderRefused("This is too long to print.")

    def laid_out() -> Document:
        press = _press()
        sheets = [press.sheet, press.papers[paper], CSS(string=marking.style())]
        return HTML(string=html, url_fetcher=NothingFetcher()).render(
            font_config=press.fonts, stylesheets=sheets
        )

    return Pages(_in_turn(laid_out), title=title, lang=lang)


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    paper: str = "letter",
    base_font_step: float = FONT_STEPS[0],
) -> bytes:
    """Return a template as a PDF file; raises as `lay_out`."""
    return lay_out(template, context, paper=paper, base_font_step=base_font_step).pdf()


def warm() -> None:
    """Do once, before the first request, what a first render would have to do."""
    for template in TEMPLATES:
        get_template(template)
    for paper in PAPERS:
        lay_out_html(
            '<html lang="en"><body class="size-110 sheet"><h1>A</h1><table><tr>'
            "<td>B <b>C</b></td></tr></table></body></html>",
            paper=paper,
        ).pdf()
    gc.collect()
    gc.freeze()


# One at a time, and not for ever ---------------------------------------------


ARRIVAL_TURNS = 100


class _OutOfTime(BaseException):
    """Raised inside a render by its watcher. Not an Exception: nobody swallows it."""


class _Watcher:
    """Raises `_OutOfTime` in the current thread once its time is over.

    Layout is Python code, so an asynchronous exception ends it at the next step.
    It is raised again every quarter of a second in case a destructor swallowed it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._thread_id = ctypes.c_ulong(threading.get_ident())
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the watch; time that runs out only now no longer matters."""
        while self._thread.is_alive() or not self._done.is_set():
            try:
                self._done.set()
                self._thread.join()
                # An exception that is still on its way arrives in this loop. (It is
                # not taken back with NULL: CPython 3.11 then checks for it for ever.)
                for _turn in range(ARRIVAL_TURNS):
                    continue
            except _OutOfTime:
                continue

    def _watch(self) -> None:
        wait = self._seconds
        while not self._done.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                self._thread_id, ctypes.py_object(_OutOfTime)
            )
            wait = 0.25


def _in_turn(work: Callable[[], Result]) -> Result:
    """Do `work` alone, with the collector off and a limit on its time.

    The renderer's font tables are shared and not safe for two threads at once.
    """
    if not _one_at_a_time.acquire(timeout=MAX_WAIT_SECONDS):
        raise RenderTimeout("The printer is busy. Try again in a minute.")
    try:
        with _collector_off():
            return _within(MAX_SECONDS, work)
    except _OutOfTime:
        _press.cache_clear()
        raise RenderTimeout("Printing took too long.") from None
    finally:
        _one_at_a_time.release()


def _within(seconds: float, work: Callable[[], Result]) -> Result:
    watcher = _Watcher(seconds)
    try:
        watcher.start()
        return work()
    finally:
        watcher.stop()


@contextmanager
def _collector_off() -> Iterator[None]:
    """Spare a sixth of the time: a render makes much and throws it away at once."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
