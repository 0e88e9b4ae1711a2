"""A death closes sharing; a mistaken one is corrected, and all stands as before."""

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.actions.representatives import check_officer, end_representative
from consents.actions.terms import RuleError
from consents.codes import RepresentativeKind
from consents.models import Death, Representative

NO_PAPER = "Say which document it rests on, and its date."


@transaction.atomic
def record_death(
    *, patient, died_at: datetime, by: User, at: datetime, document: str
) -> Death:
    """Closes sharing: permissions, codes, representatives, notices, the sign-in.

    What stays: the record, the log, what each author wrote, and whoever represents the
    estate by document (45 CFR 164.502(g)(4); 42 CFR 2.15(b)). Raises RuleError.
    """
    check_officer(by, patient_id=patient.pk)
    if patient.died_at:
        raise RuleError("This is recorded already.")
    if died_at > at:
        raise RuleError("Enter the day of the death.")
    if not document.strip():
        raise RuleError(NO_PAPER)
    gate.bump(patient.pk)
    _note(patient, died_at, by)
    closed = User.objects.filter(pk=patient.user_id, is_active=True)
    return Death.objects.create(
        patient=patient,
        died_at=died_at,
        document=document,
        closed_sign_in=bool(closed.update(is_active=False)),
        recorded_at=at,
        recorded_by=by,
    )


@transaction.atomic
def correct_death(*, death: Death, why: str, by: User, at: datetime) -> None:
    """It was a mistake: what stood before stands again, and the sign-in opens.

    This one, and no other that was recorded since. Whoever was recorded for the estate
    stops. What ended meanwhile stays ended. Raises RuleError.
    """
    patient = death.patient
    check_officer(by, patient_id=patient.pk)
    gate.lock(patient.pk)
    if not Death.objects.filter(pk=death.pk, corrected_at=None).exists():
        raise RuleError("This death is not recorded any more.")
    if not why.strip():
        raise RuleError("Say how you know that it was a mistake.")
    gate.bump(patient.pk)
    estate = Representative.objects.filter(
        patient_id=patient.pk, kind=RepresentativeKind.ESTATE, ended_at=None
    )
    for row in list(estate):
        end_representative(representative=row, by=by, at=at)
    _note(patient, None, by)
    Death.objects.filter(pk=death.pk).update(corrected_at=at, corrected_by=by, why=why)
    if death.closed_sign_in and patient.user_id:
        User.objects.filter(pk=patient.user_id).update(is_active=True)


def _note(patient, died_at: datetime | None, by: User) -> None:
    patient.died_at = died_at
    patient._history_user = by
    patient.save(update_fields=["died_at"])
