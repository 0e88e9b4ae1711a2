"""Which rows of the log a patient does not read yet, and until when (DESIGN 2).

An exceptional disclosure may wait before the patient is told, for a dated reason that
the privacy officer has agreed to. Until then the rows of that case stay out of "who
looked"; afterwards all of them show. Nothing is taken out of the log itself, and what
showed once is not hidden again: a reason keeps back what is written from then on.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from carecoord.context_processors import place
from consents.codes import ReviewAnswer
from consents.models import (
    CaseContent,
    Disclosure,
    ExceptionalCase,
    PatientTold,
    TellingWait,
)

# A reason that nobody has agreed to yet counts for so long and no longer.
UNREVIEWED = timedelta(days=3)


def document_by(case: ExceptionalCase) -> datetime:
    """When the four steps must be written: counted from the call."""
    start = case.called_at or case.recorded_at
    return start + timedelta(hours=place().exceptional.document_within_hours)


def wait_ends(wait: TellingWait) -> datetime:
    """When a reason to wait ends by itself: one of `all_waits`."""
    review = getattr(wait, "review", None)
    if review is None:
        return _ends_alone(wait)
    if review.answer == ReviewAnswer.AGREED:
        return wait.until
    return min(wait.until, review.reviewed_at)


def _ends_alone(wait: TellingWait) -> datetime:
    """When it ends, or would have ended, without an answer."""
    since, agreed = wait.unanswered_since, wait.agreed_until
    alone = since + UNREVIEWED if since else wait.signed_at
    return min(wait.until, max(alone, agreed or alone))


def handed_over(content: CaseContent) -> bool:
    """Whether anything of it was told, opened or printed: the log knows.

    A row that names its recipient counts for each content that names them too.
    """
    recipients = content.recipients.values("pk")
    parties = content.recipients.exclude(party=None).values("party_id")
    return Disclosure.objects.filter(
        Q(about__in=recipients) | Q(recipient_id__in=parties),
        patient_id=content.case.patient_id,
        exception=content.case_id,
    ).exists()


def hidden_cases(patient_id: uuid.UUID, at: datetime) -> dict[uuid.UUID, datetime]:
    """This patient's cases of which something does not show at this instant.

    With the instant from which on it does not: what is older showed once, and stays.
    The reasons are asked for where there is no case too: a query more would tell.
    """
    told = PatientTold.objects.filter(case=OuterRef("pk"))
    cases = ExceptionalCase.objects.filter(~Exists(told), patient_id=patient_id)
    waits: dict[uuid.UUID, list[TellingWait]] = {}
    for wait in all_waits(cases.values("pk")):
        waits.setdefault(wait.case_id, []).append(wait)
    found = {case.pk: hidden_since(case, waits.get(case.pk, []), at) for case in cases}
    return {pk: since for pk, since in found.items() if since}


def hidden_since(
    case: ExceptionalCase, waits: list[TellingWait], at: datetime
) -> datetime | None:
    """Since when nothing of an untold case shows; None where all of it does.

    `waits` are all reasons, the oldest first (`all_waits`). Before the first of them:
    as long as the writing is due.
    """
    since = ended = _BEFORE
    for start, end in _spans(case, waits):
        if start > at:
            break
        # A reason that is given in time goes on from what was before it.
        since, ended = since if start <= ended else start, end
    return since if at < ended else None


def _spans(
    case: ExceptionalCase, waits: list[TellingWait]
) -> list[tuple[datetime, datetime]]:
    """From when until when nothing showed: each reason counts until the next one."""
    stops = [*(wait.signed_at for wait in waits), None]
    spans = [(_BEFORE, document_by(case), stops[0])]
    for wait, stop in zip(waits, stops[1:], strict=True):
        alone, review = _ends_alone(wait), getattr(wait, "review", None)
        answered = min(alone, review.reviewed_at) if review else alone
        spans.append((wait.signed_at, answered, stop))
        if review and review.answer == ReviewAnswer.AGREED:
            spans.append((review.reviewed_at, wait.until, stop))
    return [
        (start, min(end, stop) if stop else end)
        for start, end, stop in spans
        if start < end and (stop is None or start < stop)
    ]


# Before any case was written.
_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


def last_waits(case_ids) -> dict[uuid.UUID, TellingWait]:
    """The newest reason to wait of each case."""
    return {row.case_id: row for row in all_waits(list(case_ids))}


def all_waits(case_ids) -> list[TellingWait]:
    """Every reason, the oldest first, each with what counts while it is unanswered."""
    rows = TellingWait.objects.filter(case__in=case_ids).select_related("review")
    found = list(rows.order_by("signed_at", "pk"))
    before: dict[uuid.UUID, TellingWait] = {}
    for row in found:
        last = before.get(row.case_id)
        row.unanswered_since = _unanswered_since(row, last)
        row.agreed_until = _agreed_until(row, last)
        before[row.case_id] = row
    return found


def _unanswered_since(row: TellingWait, before: TellingWait | None) -> datetime | None:
    """Nobody wins three more days by writing another reason.

    It goes on from the first that has no answer; after a "no", or where all of it
    showed already, it counts once the officer has agreed.
    """
    if before is None:
        return row.signed_at
    answer = getattr(before, "review", None)
    if answer is None:
        return before.unanswered_since
    stands = answer.answer == ReviewAnswer.AGREED and row.signed_at < before.until
    return row.signed_at if stands else None


def _agreed_until(row: TellingWait, before: TellingWait | None) -> datetime | None:
    """Asking for longer takes nothing from what the officer has agreed to before."""
    if before is None:
        return None
    answer = getattr(before, "review", None)
    if answer is None:
        return before.agreed_until
    stands = answer.answer == ReviewAnswer.AGREED and row.signed_at < before.until
    return before.until if stands else None


def waiting(patient_id: uuid.UUID, at: datetime) -> Q:
    """The rows of the log that wait with their case: a rule of consents/withheld.py."""
    found = Q(pk__in=[])
    for case_id, since in hidden_cases(patient_id, at).items():
        found |= Q(exception=case_id, at__gte=since)
    return found
