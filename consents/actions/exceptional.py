"""An exceptional disclosure: recorded after the call, step by signed step.

All of it waits at the gate and moves nothing there: what raises the epoch asks the
patient again on the page that they are signing, and ends what is open with a code. That
would tell of a case that they are not told of yet. Each row under a case is decided by
the case itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from carecoord.context_processors import place
from carecoord.models import User
from consents import gate, log
from consents.actions.terms import RuleError
from consents.codes import Basis, Channel, ConsultedWith, Relation
from consents.disclosable import Disclosable
from consents.exceptions import EXCEPTIONAL
from consents.models import (
    AftercareTask,
    CaseConsultation,
    CaseContent,
    CaseItem,
    CaseReasons,
    CaseRecipient,
    ExceptionalCase,
    HarmEvaluation,
    PatientTold,
    TellingWait,
    WaitReview,
)
from consents.office import is_ones_own
from consents.once_more import AGAIN, same_content, same_words
from consents.waits import handed_over, last_waits, wait_ends
from providers.models import Party


@dataclass(frozen=True)
class Told:
    """Somebody who needs to know: a party with a sign-in here, or outside."""

    name: str
    why: str
    party: Party | None = None
    organization: str = ""
    reached_by: str = ""


@dataclass(frozen=True)
class Content:
    """What is told, to whom, until when. `said` is what was told in words."""

    said: str
    recipients: tuple[Told, ...]
    items: tuple[Disclosable, ...] = field(default=())
    days: int = 1


@transaction.atomic
def record_call(
    *,
    patient_id: uuid.UUID,
    author: Party,
    by: User,
    at: datetime,
    called_at: datetime | None = None,
    called_whom: str = "",
) -> ExceptionalCase:
    """Opens a case: when the call was, and when this was written.

    Sent twice it is one case. Raises RuleError for a call in the future.
    """
    gate.lock(patient_id)
    if called_at and called_at > at:
        raise RuleError("The call cannot be later than now.")
    call = {
        "called_at": called_at,
        "called_by": by if called_at else None,
        "called_whom": called_whom if called_at else "",
    }
    own = ExceptionalCase.objects.filter(patient_id=patient_id, author=author)
    open_now = own.filter(recorded_by=by, closed_at=None)
    return same_words(open_now, call, at, written="recorded_at") or own.create(
        patient_id=patient_id, author=author, recorded_at=at, recorded_by=by, **call
    )


@transaction.atomic
def sign_harm(
    *, case: ExceptionalCase, to_patient: str, to_others: str, by: User, at: datetime
) -> HarmEvaluation:
    """Step 1: harm to the patient, and to others. Raises RuleError."""
    _of_author(case, by)
    said = {"to_patient": to_patient, "to_others": to_others}
    return same_words(case.harmevaluation_set, said, at) or (
        case.harmevaluation_set.create(**said, signed_at=at, signed_by=by)
    )


@transaction.atomic
def sign_consultation(
    *,
    case: ExceptionalCase,
    with_whom: str,
    name: str,
    said: str,
    by: User,
    at: datetime,
) -> CaseConsultation:
    """Step 2: who was asked, or why there was nobody. Raises RuleError."""
    _of_author(case, by)
    if with_whom != ConsultedWith.NOBODY and not name.strip():
        raise RuleError("Say whom you asked.")
    asked = {"with_whom": with_whom, "name": name, "said": said}
    return same_words(case.caseconsultation_set, asked, at) or (
        case.caseconsultation_set.create(**asked, signed_at=at, signed_by=by)
    )


@transaction.atomic
def sign_reasons(
    *, case: ExceptionalCase, ground: str, reasons: str, by: User, at: datetime
) -> CaseReasons:
    """Step 3: the legal ground, as the table says it today, and the reasons.

    Raises RuleError, and KeyError for a ground that is not in the table.
    """
    _of_author(case, by)
    row = place().exceptional.ground(ground)
    said = {
        "ground": row.key,
        "ground_name": row.name,
        "rule": row.rule,
        "covers_part2": row.covers_part2,
        "reasons": reasons,
    }
    return same_words(case.casereasons_set, said, at) or (
        case.casereasons_set.create(**said, signed_at=at, signed_by=by)
    )


@transaction.atomic
def sign_content(
    *, case: ExceptionalCase, content: Content, by: User, at: datetime
) -> CaseContent:
    """Step 4: opens exactly these items to exactly these people.

    What was told by phone is written to the log of disclosures at once. Raises
    RuleError when a step is missing, nobody is named, or the ground does not reach
    records of a Part 2 programme.
    """
    _of_author(case, by)
    _check(case, content)
    if standing := same_content(case, content, at):
        return standing
    row = CaseContent.objects.create(
        case=case,
        said=content.said,
        signed_at=at,
        signed_by=by,
        ends_at=at + timedelta(days=content.days),
        epoch=gate.lock(case.patient_id).epoch,
    )
    recipients = [
        CaseRecipient(content=row, **vars(told)) for told in content.recipients
    ]
    CaseRecipient.objects.bulk_create(recipients)
    CaseItem.objects.bulk_create(_picked(row, item) for item in content.items)
    if case.called_at and content.said.strip():
        log.write([_told_by_phone(case, row, each, at) for each in recipients])
    return row


@transaction.atomic
def withdraw_content(*, content: CaseContent, why: str, by: User, at: datetime) -> None:
    """What was signed by mistake opens nothing any more. It stays as it was signed.

    Raises RuleError for anybody but the author, in a closed case, without a reason,
    and once any of it was told, opened or printed: that cannot be taken back.
    """
    _of_author(content.case, by)
    if not why.strip():
        raise RuleError("Say what was wrong.")
    if handed_over(content):
        raise RuleError("Some of it was handed over. It stands as it is.")
    CaseContent.objects.filter(pk=content.pk, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_by=by, withdrawn_why=why
    )


def _check(case: ExceptionalCase, content: Content) -> None:
    reasons = case.casereasons_set.last()
    steps = (case.harmevaluation_set.exists(), case.caseconsultation_set.exists())
    if reasons is None or not all(steps):
        raise RuleError("Write steps 1, 2 and 3 first. A call never waits for them.")
    if not content.recipients:
        raise RuleError("Name at least one person who needs to know.")
    if not content.items and not content.said.strip():
        raise RuleError("Pick what they need to know, or write what you told them.")
    if any(item.patient_id != case.patient_id for item in content.items):
        raise RuleError("Pick from this patient's record.")
    if not reasons.covers_part2 and any(item.part2_origin for item in content.items):
        raise RuleError(
            "This ground does not reach records of a substance use programme. "
            "Leave them out, or choose a ground that does."
        )


def _picked(row: CaseContent, item: Disclosable) -> CaseItem:
    return CaseItem(
        content=row,
        label=item._meta.label_lower,
        item=item.pk,
        version=item.version,
        categories=item.categories,
        part2_origin=item.part2_origin,
    )


def _told_by_phone(case, row: CaseContent, each: CaseRecipient, at) -> log.Entry:
    return log.Entry(
        patient_id=case.patient_id,
        at=at,
        user_id=case.recorded_by_id,
        recipient_id=each.party_id,
        relation=Relation.CLINICIAN,
        purpose=EXCEPTIONAL,
        channel=Channel.PHONE,
        entrance="consents:case_content",
        basis=Basis.EXCEPTIONAL,
        epoch=row.epoch,
        about=each.pk,
        exception=case.pk,
    )


# Afterwards ----------------------------------------------------------------------


@transaction.atomic
def tell_patient_of_case(
    *,
    case: ExceptionalCase,
    told_at: datetime,
    words: str,
    support: str,
    by: User,
    at: datetime,
) -> PatientTold:
    """The patient was told. From now on every row of the case shows. RuleError."""
    _of_author(case, by, may_be_closed=True)
    if told_at > at:
        raise RuleError("The talk cannot be later than now.")
    if case.called_at and told_at < case.called_at:
        raise RuleError(
            "The talk cannot be earlier than the call. If it was later on that day, "
            "enter its time."
        )
    said = {"words": words, "support": support}
    standing = same_words(case.patienttold_set, said, at)
    # "Today" is the instant of the click: two clicks on one talk differ by so much.
    if standing and abs(told_at - standing.told_at) < AGAIN:
        return standing
    return PatientTold.objects.create(
        case=case, told_at=told_at, told_by=by, signed_at=at, signed_by=by, **said
    )


@transaction.atomic
def wait_to_tell(
    *, case: ExceptionalCase, reason: str, until: datetime, by: User, at: datetime
) -> TellingWait:
    """A dated reason not to tell yet; the privacy officer answers it. RuleError."""
    _of_author(case, by, may_be_closed=True)
    if case.patienttold_set.exists():
        raise RuleError("The patient was told already.")
    most = timedelta(days=place().exceptional.wait_at_most_days)
    if not at < until <= at + most:
        raise RuleError(f"Choose a day within {most.days} days.")
    said = {"reason": reason, "until": until}
    unanswered = case.tellingwait_set.filter(review=None)
    if standing := same_words(unanswered, said, at):
        return standing
    return TellingWait.objects.create(case=case, signed_at=at, signed_by=by, **said)


@transaction.atomic
def review_wait(
    *, wait: TellingWait, answer: str, words: str, by: User, at: datetime
) -> WaitReview:
    """The privacy officer agrees to wait, or not: then the rows show at once.

    The first answer stands: RuleError for another one, and for anybody else. Nobody
    holds back what was told to themselves.
    """
    told = CaseRecipient.objects.filter(content__case=wait.case, party__user=by)
    own = wait.signed_by_id == by.pk or is_ones_own(by, wait.case.patient_id)
    if not by.is_privacy_officer or own or told.exists():
        raise RuleError("Only the privacy officer answers this, and never their own.")
    gate.lock(wait.case.patient_id)
    said = {"answer": answer, "words": words, "reviewed_at": at, "reviewed_by": by}
    review, is_new = WaitReview.objects.get_or_create(wait=wait, defaults=said)
    if not is_new and review.answer != answer:
        raise RuleError("This reason was answered already.")
    return review


@transaction.atomic
def add_aftercare(
    *,
    case: ExceptionalCase,
    what: str,
    who: str,
    due_date: date,
    by: User,
    at: datetime,
) -> AftercareTask:
    """Something to do for the patient, or for whoever was at risk. RuleError."""
    _of_author(case, by, may_be_closed=True)
    said = {"what": what, "who": who, "due_date": due_date}
    to_do = case.aftercare.filter(done_at=None)
    return same_words(to_do, said, at, written="added_at") or (
        case.aftercare.create(**said, added_at=at, added_by=by)
    )


@transaction.atomic
def finish_aftercare(*, task: AftercareTask, by: User, at: datetime) -> None:
    """Marks it done, once. RuleError for anybody but the author."""
    _of_author(task.case, by, may_be_closed=True)
    AftercareTask.objects.filter(pk=task.pk, done_at=None).update(
        done_at=at, done_by=by
    )


@transaction.atomic
def close_case(
    *,
    case: ExceptionalCase,
    by: User,
    at: datetime,
    nothing_told: str = "",
    nobody_answered: bool = False,
) -> None:
    """Ends it: nobody opens its items from now on.

    Raises RuleError while the patient was neither told nor a reason to wait stands; and
    without a step 4 that stands, unless `nothing_told` says why nobody was told
    anything. Then there is nothing that the patient waits to hear. Where somebody was
    called, its author signs that nobody answered: a try that is written down, with the
    time of the call and that of this.
    """
    _of_author(case, by)
    stands = case.casecontent_set.filter(withdrawn_at=None).exists()
    if not stands:
        _check_nothing_told(case, nothing_told, nobody_answered)
    elif not case.patienttold_set.exists():
        _check_wait(case, at)
    ExceptionalCase.objects.filter(pk=case.pk, closed_at=None).update(
        closed_at=at, closed_by=by, closed_why="" if stands else nothing_told
    )


def _check_nothing_told(case: ExceptionalCase, why: str, nobody_answered: bool) -> None:
    """Who answered a call was told something: step 4 says what."""
    if case.called_at and not nobody_answered:
        raise RuleError(
            "Somebody was called. Write the four steps first: step 4 says what they "
            "were told. If nobody answered, say so."
        )
    if not why.strip():
        raise RuleError(
            "Write the four steps first, or say why nobody was told anything."
        )


def _check_wait(case: ExceptionalCase, at: datetime) -> None:
    """A patient who was not told is only kept waiting by a reason that stands."""
    wait = last_waits([case.pk]).get(case.pk)
    if wait is None:
        raise RuleError("Say first whether the patient was told.")
    if wait_ends(wait) <= at:
        raise RuleError("The time to wait is over. Tell the patient first.")


def _of_author(case: ExceptionalCase, by: User, *, may_be_closed: bool = False) -> None:
    gate.lock(case.patient_id)
    if case.recorded_by_id != by.pk:
        raise RuleError("Only whoever opened the case writes in it.")
    closed = ExceptionalCase.objects.filter(pk=case.pk, closed_at__isnull=False)
    if not may_be_closed and closed.exists():
        raise RuleError("This case is closed.")
