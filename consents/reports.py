"""Reports in words: which reasons belong to which kind, and what happens next."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carecoord.models import User
from consents.codes import ReportKind, ReportReason
from consents.names import AFTER_A_NAME, ALSO_NAMES, bare, words
from providers.models import Organization

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
# Parts of a name that say nothing alone: "de", "O".
SHORT = 2


def choices(kind: str) -> list[tuple[str, str]]:
    return [(reason.value, reason.label) for reason in REASONS[ReportKind(kind)]]


def places_of(officer: User) -> QuerySet[Organization]:
    """Where this person works or worked."""
    return Organization.objects.filter(roles__practitioner__party__user=officer)


def is_named(officer: User, said: str) -> bool:
    """Whether words may mean this officer, or a place where they work or worked.

    By family name, however its accents and parts are written, by address, or by the
    name of the place: rather too often. Then another officer reads it, or nobody here,
    and whoever reported is told so.
    """
    text = bare(said)
    places = places_of(officer).values_list("party__name", flat=True)
    whole = [officer.email, *places]
    return _has_family_name(words(text), officer.name) or any(
        bare(each) in text for each in whole
    )


def _has_family_name(said: set[str], name: str) -> bool:
    """Also where it may be a title: "Kim Do" is meant by "Do", and by "Kim"."""
    return _has_last_name(said, name, titles=AFTER_A_NAME) or _has_last_name(
        said, name, titles=AFTER_A_NAME | ALSO_NAMES
    )


def _has_last_name(said: set[str], name: str, *, titles: set[str]) -> bool:
    """ "O'Brien" is meant by "OBrien" and "Brien", "Díaz-Vega" by "Diaz" or "Vega"."""
    found = bare(name).replace(",", " ").split()
    named = [each for each in found if each.replace(".", "") not in titles] or found
    parts = words(named[-1]) if named else set()
    long = {part for part in parts if len(part) > SHORT}
    joined = "".join(each for each in named[-1] if each.isalpha()) if named else ""
    return bool(said & (long | {joined})) or (
        not long and bool(parts) and parts <= said
    )
