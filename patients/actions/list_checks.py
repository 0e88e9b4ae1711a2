""" "This list is correct today", and "I take no medicines"."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import representing
from consents.codes import CATEGORIES
from patients.actions import timeline
from patients.codes import EventKind
from patients.models import ListConfirmation, ListReview, Patient
from providers.models import Party


@transaction.atomic
def confirm(
    *, patient: Patient, by: User, at: datetime, takes_none: bool = False
) -> ListConfirmation:
    """Who said that the list is right, and when. Stands on the timeline, tells nobody.

    `takes_none` is the patient's statement "I take no medicines": an empty list means
    nothing without it.
    """
    check = ListConfirmation(
        patient=patient,
        categories=CATEGORIES["medications"],
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        takes_none=takes_none,
    )
    check.save()
    timeline.record_event(
        patient=patient,
        kind=EventKind.LIST_CONFIRMED,
        title=_("Medicine list checked by %(name)s")
        % {"name": representing.said_by(patient, at, by)},
        by=by,
        at=at,
        categories=check.categories,
        lineage=check.lineage,
        about=check.pk,
        tell=False,
    )
    return check


@transaction.atomic
def review(
    *, patient: Patient, differences: int, author: Party, by: User, at: datetime
) -> ListReview:
    """A clinician went through the list with the patient. It confirms nothing for them.

    Stands on the timeline, tells nobody. The same clinician's second one on a day takes
    the place of the first on every page, because it is newer.
    """
    done = ListReview(
        patient=patient,
        author=author,
        categories=CATEGORIES["medications"],
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        differences=differences,
    )
    done.save()
    said = {"who": author.name, "name": patient.first_name}
    timeline.record_event(
        patient=patient,
        kind=EventKind.LIST_CONFIRMED,
        title=_("%(who)s reviewed the medicine list with %(name)s") % said,
        by=by,
        at=at,
        author=author,
        categories=done.categories,
        lineage=done.lineage,
        about=done.pk,
        tell=False,
    )
    return done
