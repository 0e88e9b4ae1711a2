"""Sent twice is written once: what a first click left, found by its own words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Manager, Model, QuerySet

from consents.models import CaseContent, ExceptionalCase

if TYPE_CHECKING:
    from consents.actions.exceptional import Content

# Within so long the same words are a second click, later they are a second deed.
AGAIN = timedelta(minutes=10)
Row = TypeVar("Row", bound=Model)


def same_words(
    rows: QuerySet[Row] | Manager[Row],
    said: dict[str, Any],
    at: datetime,
    *,
    written: str = "signed_at",
) -> Row | None:
    """The newest row of now, if it says exactly this: a second click writes no more."""
    just_now = rows.filter(**{f"{written}__gt": at - AGAIN})
    last = just_now.order_by(written, "pk").last()
    if last and all(getattr(last, name) == value for name, value in said.items()):
        return last
    return None


def same_content(
    case: ExceptionalCase, content: Content, at: datetime
) -> CaseContent | None:
    """Step 4 as a first click signed it: words, items, people and time are the same."""
    standing = case.casecontent_set.filter(withdrawn_at=None)
    last = same_words(standing, {"said": content.said}, at)
    if last is None or last.ends_at - last.signed_at != timedelta(days=content.days):
        return None
    people = {
        (each.party_id, each.name, each.organization, each.reached_by, each.why)
        for each in last.recipients.all()
    }
    named = {
        (
            each.party.pk if each.party else None,
            *(each.name, each.organization, each.reached_by, each.why),
        )
        for each in content.recipients
    }
    items = set(last.items.values_list("item", "version"))
    picked = {(item.pk, item.version) for item in content.items}
    return last if people == named and items == picked else None
