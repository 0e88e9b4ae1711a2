"""A walk through a page with the Tab key alone, and what is wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SMALLEST_RING = 3
# More stops than any page has; a walk that is longer goes round in circles.
LONGEST = 250

STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const shown = (x) => x.checkVisibility({
    checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true});
  // A radio button is drawn by its words: the ring is around both.
  const drawn = [e, e.closest("label"), e.closest(".chip")].filter(Boolean);
  const ring = Math.max(...drawn.map((x) => {
    const style = getComputedStyle(x);
    return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  }));
  const box = e.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const inside = right - left > 1 && bottom - top > 1;
  const there = inside
    ? document.elementFromPoint((left + right) / 2, (top + bottom) / 2) : null;
  const free = there && (e.contains(there) || there.contains(e) ||
    drawn.some((x) => x.contains(there)) || there.shadowRoot);
  if (!e.dataset.stop) e.dataset.stop = String(++window.stops || (window.stops = 1));
  return {
    number: e.dataset.stop, html: e.outerHTML.slice(0, 110), ring,
    shown: shown(e), inside, covered: inside && !free,
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left,
    skip: e.matches(".skip"),
  };
}"""
EXPECTED = """() => {
  const can = "a[href], button, summary, input:not([type=hidden]), select, textarea";
  const groups = new Set();
  return [...document.querySelectorAll(can)].filter((e) => {
    if (e.disabled || !e.checkVisibility() || e.closest("dialog")) return false;
    if (e.type !== "radio") return true;
    const group = (e.form ? [...document.forms].indexOf(e.form) : "") + e.name;
    return !groups.has(group) && groups.add(group);
  }).length;
}"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is, as it is drawn. Measures in CSS pixels of the whole page."""

    number: str
    html: str
    ring: float
    shown: bool
    inside: bool
    covered: bool
    top: float
    bottom: float
    left: float
    skip: bool


def walk(page: Any) -> tuple[list[Stop], list[str]]:
    """Tab from the start to the end. The stops, and what is wrong, as sentences."""
    expected = page.evaluate(EXPECTED)
    stops: list[Stop] = []
    while len(stops) < LONGEST:
        page.keyboard.press("Tab")
        found = page.evaluate(STOP)
        if found is None or (stops and found["number"] == stops[0].number):
            break
        stops.append(Stop(**found))
        if len(stops) > 1 and stops[-1].number == stops[-2].number:
            return stops, [f"trapped at {stops[-1].html}"]
    else:
        return stops, ["the walk has no end"]
    problems = [problem for stop in stops for problem in _of_stop(stop)]
    problems += _of_order([stop for stop in stops if not stop.skip])
    reached = len({stop.number for stop in stops})
    if reached < expected:
        problems.append(f"{reached} of {expected} are reached")
    return stops, problems


def _of_stop(stop: Stop) -> list[str]:
    said = []
    if stop.ring < SMALLEST_RING:
        said.append(f"a ring of {stop.ring} px around {stop.html}")
    if not stop.shown or not stop.inside:
        said.append(f"out of sight: {stop.html}")
    if stop.covered:
        said.append(f"covered: {stop.html}")
    return said


def _of_order(stops: list[Stop]) -> list[str]:
    """Downwards, and from left to right in a row."""
    return [
        f"upwards or backwards to {after.html}"
        for before, after in zip(stops, stops[1:], strict=False)
        if after.bottom <= before.top + 1
        or (_in_a_row(before, after) and after.left < before.left - 1)
    ]


def _in_a_row(one: Stop, other: Stop) -> bool:
    middle = (other.top + other.bottom) / 2
    return one.top <= middle <= one.bottom
