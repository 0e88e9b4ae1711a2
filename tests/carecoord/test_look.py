"""The look: colours that can be read, no inline anything, and nothing clipped."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

CSS_FILE = Path(settings.BASE_DIR, "carecoord/static/css/carecoord.css")
STATIC = Path(settings.BASE_DIR, "carecoord/static")
TEMPLATES = Path(settings.BASE_DIR, "templates")
PAGES = sorted(TEMPLATES.rglob("*.html"))
CSS = re.sub(r"/\*.*?\*/", "", CSS_FILE.read_text(), flags=re.S)
# Drawn inside another page, or on paper, or in a mail; they have no frame of their own.
NOT_PAGES = ("_components", "django", "pdf", "emails", "allauth/elements")

# Table D2 of the design: words on ground, with the ratio by the WCAG 2.2 formula.
LIGHT = [
    ("ink", "paper", 14.80),
    ("ink", "surface", 15.69),
    ("ink2", "paper", 7.39),
    ("ink2", "sunken", 6.77),
    ("line", "surface", 1.48),
    ("edge", "surface", 4.43),
    ("edge", "paper", 4.18),
    ("act", "paper", 7.15),
    ("on-act", "act", 7.58),
    ("on-act", "act-hover", 10.23),
    ("act", "act-tint", 6.49),
    ("share", "surface", 8.38),
    ("share", "share-tint", 7.18),
    ("info", "surface", 7.21),
    ("info", "info-tint", 6.25),
    ("ok", "surface", 6.73),
    ("ok", "ok-tint", 5.84),
    ("warn", "surface", 7.48),
    ("warn", "warn-tint", 6.78),
    ("urgent", "surface", 7.28),
    ("urgent", "urgent-tint", 6.22),
    ("on-emergency", "emergency", 13.83),
    ("halo", "focus", 10.15),
]
DARK = [
    ("ink", "paper", 15.35),
    ("ink", "surface", 13.63),
    ("ink2", "paper", 9.67),
    ("ink2", "sunken", 7.46),
    ("edge", "surface", 5.32),
    ("edge", "paper", 5.99),
    ("act", "paper", 8.82),
    ("on-act", "act", 7.77),
    ("share", "surface", 7.97),
    ("info", "surface", 8.24),
    ("ok", "surface", 8.61),
    ("warn", "surface", 9.40),
    ("urgent", "surface", 7.79),
    ("on-emergency", "emergency", 10.08),
    ("halo", "surface", 10.14),
]
TONES = ["act", "share", "info", "ok", "warn", "urgent"]


def tokens(selector: str, css: str = CSS) -> dict[str, str]:
    block = css[css.index(selector + " {") :].split("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def light() -> dict[str, str]:
    return tokens(":root")


def dark() -> dict[str, str]:
    return light() | tokens(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("words", "ground", "ratio"), LIGHT)
def test_light_colours_have_the_contrast_of_the_table(words, ground, ratio):
    palette = light()
    assert contrast(palette[words], palette[ground]) == pytest.approx(ratio, abs=0.02)


@pytest.mark.parametrize(("words", "ground", "ratio"), DARK)
def test_dark_colours_have_the_contrast_of_the_table(words, ground, ratio):
    palette = dark()
    assert contrast(palette[words], palette[ground]) == pytest.approx(ratio, abs=0.02)


@pytest.mark.parametrize("palette", [light(), dark()], ids=["light", "dark"])
@pytest.mark.parametrize("tone", TONES)
def test_ink_and_tag_words_can_be_read_on_every_tint(palette, tone):
    tint = palette[f"{tone}-tint"]
    assert contrast(palette["ink"], tint) >= 9
    assert contrast(palette[tone], tint) >= 4.5


@pytest.mark.parametrize("palette", [light(), dark()], ids=["light", "dark"])
def test_body_words_reach_seven_and_controls_three(palette):
    for ground in ("paper", "surface"):
        assert contrast(palette["ink"], palette[ground]) >= 7
        assert contrast(palette["ink2"], palette[ground]) >= 7
        assert contrast(palette["edge"], palette[ground]) >= 3
    assert contrast(palette["on-urgent"], palette["urgent"]) >= 4.5


def test_the_two_dark_blocks_say_the_same():
    by_device = tokens(':root:not([data-theme="light"])')
    assert by_device == tokens(':root[data-theme="dark"]')


def test_every_colour_in_use_is_defined():
    names = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    assert names <= light().keys()
    assert set(tokens(':root[data-theme="dark"]')) < light().keys()


def test_the_style_sheet_stays_small():
    content = CSS_FILE.read_bytes()
    assert len(content) <= 27_000
    assert len(gzip.compress(content)) <= 7_000


def test_a_first_load_stays_under_120_kilobytes():
    sent = [CSS_FILE, STATIC / "js/carecoord.js", STATIC / "icons/icons.svg"]
    fonts = [STATIC / "fonts/atkinson-hyperlegible-next-latin.woff2"]
    # 17 kB: htmx, compressed, which comes from its own package.
    total = sum(len(gzip.compress(path.read_bytes())) for path in sent) + 17_000
    assert total + sum(path.stat().st_size for path in fonts) <= 90_000


def test_nothing_is_ever_clipped_or_cut_with_dots():
    for word in ("text-overflow", "line-clamp", "max-height", "overflow-y: auto"):
        assert word not in CSS
    hiding = [
        rule.split("{")[0].strip()
        for rule in re.findall(r"[^{}]+\{[^{}]*overflow: hidden[^{}]*\}", CSS)
    ]
    # Words that are only heard, and table heads that each cell repeats.
    assert hiding == [".vh", ".table-stack thead"]


def test_a_dose_never_breaks_and_its_figures_line_up():
    assert re.search(r"\.nowrap, \.dose \{ white-space: nowrap; \}", CSS)
    assert re.search(r"\.dose, \.num \{ font-variant-numeric: tabular-nums; \}", CSS)


def test_nothing_moves_for_longer_than_150_milliseconds():
    times = [float(t) for t in re.findall(r"(\d*\.?\d+)s[,;]", CSS)]
    assert times
    assert max(times) <= 0.15
    assert "animation" not in CSS
    assert "@keyframes" not in CSS


def test_colour_motion_paper_and_high_contrast_are_honoured():
    for query in (
        "prefers-color-scheme: dark",
        "prefers-reduced-motion: no-preference",
        "forced-colors: active",
        "@media print",
    ):
        assert query in CSS


def test_closed_details_open_on_paper():
    paper = CSS[CSS.index("@media print") :]
    assert "details::details-content { content-visibility: visible" in paper


def test_the_style_sheet_reaches_no_other_origin():
    assert "@import" not in CSS
    assert all(u.startswith("../fonts/") for u in re.findall(r'url\("([^"]+)"\)', CSS))
    for url in re.findall(r'url\("\.\./([^"]+)"\)', CSS):
        assert (STATIC / url).exists()


def test_the_font_comes_with_its_licence():
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts/OFL.txt").read_text()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_has_no_inline_style_script_or_handler(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\|\s*safe\b|autoescape off|javascript:", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_every_endblock_says_which_block_ends(path):
    assert not re.search(r"{%-?\s*endblock\s*-?%}", path.read_text())


def is_page(path: Path) -> bool:
    name = str(path.relative_to(TEMPLATES))
    return not path.name.startswith("_") and not name.startswith(NOT_PAGES)


@pytest.mark.parametrize(
    "path",
    [path for path in PAGES if is_page(path) and path.name != "base.html"],
    ids=lambda p: str(p.relative_to(TEMPLATES)),
)
def test_every_page_stands_in_the_common_frame(path):
    seen = []
    while path.name != "base.html" or "allauth" in path.parts:
        found = re.match(r'{% extends "([^"]+)" %}', path.read_text())
        assert found, f"{path} extends nothing"
        assert path not in seen
        seen.append(path)
        path = TEMPLATES / found[1]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_every_template_compiles(path):
    get_template(str(path.relative_to(TEMPLATES)))


INCLUDE = re.compile(r'{% include "([^"]+)"([^%]*)%}')


def without_token(texts: dict[str, str]) -> list[str]:
    """Parts with a form that are included with `only` and without the CSRF token.

    `only` takes away what context processors give: the form could never be sent.
    """
    need = {name for name, text in texts.items() if "{% csrf_token %}" in text}
    includes = [
        (name, *found)
        for name, text in texts.items()
        for found in INCLUDE.findall(text)
    ]
    for _ in texts:  # a part that includes such a part needs it too
        need |= {outer for outer, inner, _words in includes if inner in need}
    return [
        f"{outer} includes {inner}"
        for outer, inner, words in includes
        if inner in need
        and words.split()[-1:] == ["only"]
        and "csrf_token=csrf_token" not in words
    ]


def test_every_included_form_gets_its_token():
    texts = {str(path.relative_to(TEMPLATES)): path.read_text() for path in PAGES}
    assert without_token(texts) == []


def test_an_included_form_without_a_token_is_found():
    texts = {
        "page.html": '{% include "part.html" with a=b only %}',
        "part.html": '{% include "form.html" with csrf_token=csrf_token only %}',
        "form.html": "<form method='post'>{% csrf_token %}</form>",
    }
    assert without_token(texts) == ["page.html includes part.html"]


def test_every_icon_that_is_asked_for_is_drawn():
    drawn = set(
        re.findall(r'symbol id="(\w+)"', (STATIC / "icons/icons.svg").read_text())
    )
    text = "".join(path.read_text() for path in PAGES)
    asked = set(re.findall(r'icon\.html" with name="(\w+)"', text))
    asked |= set(re.findall(r'\sicon="(\w+)"', text))
    assert asked
    assert asked <= drawn
