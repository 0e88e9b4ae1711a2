"""A side effect in words: for the page, the chart, events and past trials."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from carecoord import zones
from patients import medicine_words
from patients.codes import Bother, SideEffectKind
from patients.models import SideEffect, SideEffectMark
from patients.safe_text import safe


def line(item: SideEffect) -> str:
    """ "Sleepiness on quetiapine, severe, since Nov 3, 2026" """
    said = {"what": what(item), "medicine": medicine_words.name_of(item.medicine)}
    parts = [_("%(what)s on %(medicine)s") % said, severity(item)]
    if item.began_date:
        day = zones.day_words(item.began_date)
        parts.append(_("since %(day)s") % {"day": day})
    if item.over_date:
        parts.append(_("over %(day)s") % {"day": zones.day_words(item.over_date)})
    return ", ".join(parts)


def short(item: SideEffect) -> str:
    """ "sleepiness (severe)", as it stands among what was tried before."""
    return f"{what(item).lower()} ({severity(item)})"


def what(item: SideEffect) -> str:
    own = safe(" ".join(item.what.split()))
    if item.kind == SideEffectKind.OTHER and own:
        return own
    kind = str(item.get_kind_display())
    return f"{kind} ({own})" if own else kind


def severity(item: SideEffect) -> str:
    return str(Bother(item.severity).label).partition(":")[0].lower()


def mark(row: SideEffectMark) -> str:
    """ "Sam Okafor, Nov 8, 2026: Worsening. Dozes in sessions." """
    said = {
        "who": row.author.name if row.author else "",
        "day": zones.day_words(timezone.localdate(row.occurred_at)),
        "course": row.get_course_display(),
    }
    text = safe(" ".join(row.therapy.split()))
    head = _("%(who)s, %(day)s: %(course)s.") % said
    return f"{head} {text}".strip()
