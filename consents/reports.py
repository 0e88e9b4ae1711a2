"""Reports in words: which reasons belong to which kind, and what happens next."""

from __future__ import annotations

import re

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carecoord.models import User
from consents.codes import ReportKind, ReportReason
from providers.models import Organization
from providers.querysets import folded

REASONS = {
    ReportKind.LOOK: (
        ReportReason.UNKNOWN,
        ReportReason.SHOULD_NOT,
        ReportReason.OTHER,
    ),
    ReportKind.CONDUCT: (
        ReportReason.TOLD_OTHERS,
        ReportReason.BEHAVIOUR,
        ReportReason.CARE,
        ReportReason.OTHER,
    ),
}
STATES = {
    "sent": (_("Sent"), "info"),
    "taken": (_("Being looked into"), "act"),
    "answered": (_("Answered"), "ok"),
}
SOMEONE_ELSE = "else"


def choices(kind: str) -> list[tuple[str, str]]:
    return [(reason.value, reason.label) for reason in REASONS[ReportKind(kind)]]


def places_of(officer: User) -> QuerySet[Organization]:
    """Where this person works or worked."""
    return Organization.objects.filter(roles__practitioner__party__user=officer)


def is_named(officer: User, said: str) -> bool:
    """Whether words may mean this officer, or a place where they work or worked.

    By family name, by address, or by the name of the place: rather too often. Then
    another officer reads it, or nobody here, and whoever reported is told so.
    """
    text = folded(said)
    words = set(re.findall(r"[^\W\d_]+", text))
    family_name = folded(officer.name).split()[-1:]
    places = places_of(officer).values_list("party__name", flat=True)
    whole = [officer.email, *places]
    return words.issuperset(family_name) or any(folded(each) in text for each in whole)
