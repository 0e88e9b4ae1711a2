"""What every page must be, whoever looks at it: measured in the browser."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.safe_html import unsafe_text, visible_text

TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# What depends on the colours; nothing else differs between light and dark.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
# SCREENS C6, in what people read. "Abuse" is said of violence, never of substances.
BANNED = re.compile(
    r"\b(discontinued|non-?complian\w+|committed suicide|mentally ill|click here|"
    r"invalid|addict|(substance|drug|alcohol) abuse\w*|medication)\b",
    re.IGNORECASE,
)
# Nobody may learn these from a title, an address or over a shoulder (SECURITY T33).
NEVER_IN_TITLES = re.compile(
    r"Jordan|Rivera|Park\b|Dr\.|Okafor|Ortiz|\bLee\b|"
    r"quetiapine|lamotrigine|levothyroxine|sertraline|bupropion|"
    r"propranolol|paliperidone|prednisone|melatonin|haloperidol|bipolar|panic|thyroid",
    re.IGNORECASE,
)
SAYS_KEPT_BACK = re.compile(r"\b(hidden|withheld|kept back)\b", re.IGNORECASE)
# The number of a sheet or of a permission is drawn by lot: 6U in it is no dose.
SHEET_NUMBER = re.compile(r"\b[A-Z2-9]{4}(-[A-Z2-9]{4})+\b")
SMALLEST_TARGET = 44

MEASURE = """() => {
  const shown = (e) => e.checkVisibility({checkVisibilityCSS: true})
    && e.getBoundingClientRect().width > 2;
  const short = (e) => e.outerHTML.slice(0, 120);
  const targets = "button, a.btn, a.link, nav a, summary, .crisis-pill, .back a, "
    + "input[type=text], input[type=email], input[type=password], textarea, select";
  // A sentence straight inside a flex box is torn into columns at each name in it.
  const torn = (e) => getComputedStyle(e).display.includes("flex")
    && [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim()).length > 1;
  const offenders = (e) => [...e.attributes].some((a) => a.name.startsWith("on"));
  return {
    lang: document.documentElement.lang,
    h1: [...document.querySelectorAll("h1")].length,
    main: document.querySelectorAll("main").length,
    inline: [...document.querySelectorAll("[style], style, script:not([src])")]
      .map(short),
    handlers: [...document.querySelectorAll("*")].filter(offenders).map(short),
    small: [...document.querySelectorAll(targets)].filter(shown)
      .filter((e) => e.getBoundingClientRect().height < SMALLEST - 0.5).map(short),
    torn: [...document.querySelectorAll("main *")].filter(torn).map(short),
    crisis: [...document.querySelectorAll("a[href='/crisis/'], a[href^='tel:988']")]
      .filter(shown).length,
    ticked: [...document.querySelectorAll("input[name=agree]:checked")].length,
    unsendable: [...document.querySelectorAll("form[method=post]")]
      .filter((e) => !e.querySelector("[name=csrfmiddlewaretoken][value]"))
      .map(short),
    links: [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")),
  };
}""".replace("SMALLEST", str(SMALLEST_TARGET))
SCROLLS = "() => document.documentElement.scrollWidth - window.innerWidth"


@dataclass
class Inspector:
    """Looks at pages one by one and remembers what is wrong with them."""

    page: Any
    is_provider: bool = False
    found: list[str] = field(default_factory=list)
    titles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    axe: Axe = field(default_factory=Axe)

    def open(self, address: str) -> list[str]:
        """Goes there and looks. Returns the links on the page."""
        answer = self.page.goto(address)
        html = answer.text() if answer else self.page.content()
        return self.look(html)

    def look(self, html: str | None = None) -> list[str]:
        """Looks at the page as it stands. Returns its links."""
        html = html or self.page.content()
        measured = self.page.evaluate(MEASURE)
        self._say(self._of_structure(measured))
        self._say(self._of_words(html))
        self._say(self._of_title())
        self._say(self._of_axe(EVERYTHING, "light"))
        self.page.emulate_media(color_scheme="dark")
        self._say(self._of_axe(COLOURS, "dark"))
        self.page.emulate_media(color_scheme="light")
        self._say(self._of_width())
        return measured["links"]

    def _say(self, problems: list[str]) -> None:
        path = urlsplit(self.page.url).path
        self.found += [f"{path}: {problem}" for problem in problems]

    @staticmethod
    def _of_structure(measured: dict[str, Any]) -> list[str]:
        said = [
            f"{measured[tag]} {tag}" for tag in ("h1", "main") if measured[tag] != 1
        ]
        if not measured["lang"]:
            said.append("no language")
        if not measured["crisis"]:
            said.append("no way to crisis help")
        if measured["ticked"]:
            said.append("a consent box is ticked beforehand")
        for kind in ("inline", "handlers", "small", "torn", "unsendable"):
            said += [f"{kind}: {item}" for item in measured[kind][:3]]
        return said

    def _of_words(self, html: str) -> list[str]:
        text = " ".join(visible_text(html).split())
        doses = SHEET_NUMBER.sub("", html)
        said = [f"unsafe: {item.match!r}" for item in unsafe_text(doses)]
        said += [f"banned: {item[0]!r}" for item in BANNED.finditer(text)]
        if "988" not in text:
            said.append("988 is not on it")
        if self.is_provider:
            said += [
                f"tells of it: {item[0]}" for item in SAYS_KEPT_BACK.finditer(text)
            ]
        return said

    def _of_title(self) -> list[str]:
        title, path = self.page.title(), urlsplit(self.page.url)
        self.titles[title].add(view_of(path.path))
        said = [] if title.endswith(" - Shared care") else [f"title: {title!r}"]
        for where in (title, self.page.url):
            said += [
                f"{item[0]!r} in {where!r}" for item in NEVER_IN_TITLES.finditer(where)
            ]
        return said

    def _of_axe(self, options: dict[str, Any], scheme: str) -> list[str]:
        violations = self.axe.run(self.page, options=options).response["violations"]
        return [
            f"axe {scheme}: {rule['id']}: {rule['nodes'][0]['html'][:160]}"
            for rule in violations
        ]

    def _of_width(self) -> list[str]:
        said = []
        # 640 pixels are a desk of 1280 at 200 percent.
        for width in (320, 640):
            self.page.set_viewport_size({"width": width, "height": 844})
            over = self.page.evaluate(SCROLLS)
            if over > 0:
                said.append(f"scrolls sideways by {over} at {width}")
        self.page.set_viewport_size({"width": 390, "height": 844})
        return said

    def same_titles(self) -> list[str]:
        """Titles that two different pages have."""
        return [
            f"{title!r} is the title of {sorted(views)}"
            for title, views in self.titles.items()
            if len(views) > 1
        ]


def view_of(path: str) -> str:
    try:
        return resolve(path).view_name or ""
    except Resolver404:
        return ""


def walk(inspector: Inspector, *, start: list[str], known: set[str]) -> set[str]:
    """Follows links from `start`, one page for each kind. Returns the kinds seen."""
    waiting, seen = list(start), set()
    while waiting:
        address = waiting.pop(0)
        view = view_of(urlsplit(address).path)
        if not view or view in seen | known or is_file(address, view):
            continue
        links = inspector.open(address)
        here = inspector.page.url
        seen |= {view, view_of(urlsplit(here).path)}
        waiting += [_path(urljoin(here, link)) for link in links if _inside(link)]
    return seen


def is_file(address: str, view: str) -> bool:
    """Whether it is handed over as a file, and is no page to look at."""
    return view in NO_PAGES or urlsplit(address).path.endswith(FILES)


def _path(url: str) -> str:
    return urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()


def _inside(link: str) -> bool:
    return link.startswith(("/", "?"))


FILES = (".pdf", ".csv", ".json", ".txt", ".zip")
# Answers without a page of their own that do not end as a file does.
NO_PAGES = frozenset(
    {
        "consents:receipt_file",
        "consents:receipts_file",
        "messaging:update_text",
        "mfa_download_recovery_codes",
    }
)
