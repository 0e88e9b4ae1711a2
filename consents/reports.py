"""Reports in words: which reasons belong to which kind, and what happens next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from consents.codes import ReportKind, ReportReason

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
