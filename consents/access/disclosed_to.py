"""What others disclosed to somebody in exceptional cases: what they still have to read.

The content itself stands on its own page alone (access/cases.py, `received`), and each
look at it is in the log. Here is only that it is there, from whom and about whom, for
whom it names and for nobody else, and while it is open: never once the case is closed,
or the content withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consents.access.cases import open_contents
from consents.access.reading import Reading
from consents.access.still import WORDS
from consents.models import CaseContent, Disclosure

PAGE = "consents:case_received"
MOST = 40


@dataclass(frozen=True)
class DisclosedTo:
    """One content, and whether this person has opened it."""

    content: CaseContent
    opened: bool


def disclosed_to(reading: Reading) -> list[DisclosedTo]:
    """What is open to whoever reads: the unread first, then by when it ends."""
    contents = list(
        open_contents(reading.at)
        .filter(recipients__party__user_id=reading.user.pk)
        .prefetch_related("items")
        .distinct()
        .order_by("ends_at", "pk")[:MOST]
    )
    looks = _looks(reading, contents) if contents else []
    found = [DisclosedTo(each, _is_opened(each, looks)) for each in contents]
    return sorted(found, key=lambda each: each.opened)


def _looks(reading: Reading, contents: Iterable[CaseContent]) -> list[tuple]:
    """(case, what was shown) of each different look of this person."""
    rows = Disclosure.objects.filter(
        user_id=reading.user.pk,
        entrance=PAGE,
        exception__in=[each.case_id for each in contents],
    )
    return list(rows.order_by().values_list("exception", "items").distinct())


def _is_opened(content: CaseContent, looks: Iterable[tuple]) -> bool:
    """Whether one of these looks was at this content and not at another of the case."""
    words = (WORDS, str(content.pk))
    marks = {(each.label, str(each.item)) for each in content.items.all()}
    for case_id, items in looks:
        shown = {(label, pk) for label, pk, *_version in items}
        if case_id != content.case_id or not shown <= marks | {words}:
            continue
        if words in shown or not content.said.strip():
            return True
    return False
