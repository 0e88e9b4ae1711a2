"""What the notices before an 18th birthday say: to the child, and to a parent."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from carecoord import zones
from consents import representing
from consents.access import Reading
from consents.codes import RepresentativeKind
from consents.models import Representative
from messaging.models import Notice
from patients.models import Patient

Said = dict[uuid.UUID, tuple[str, str]]


def concerned(user_id: uuid.UUID, at: datetime) -> Q:
    """The child, and a parent as long as they act: after the day it tells nobody."""
    parents = representing.of_user(user_id, at).filter(kind=RepresentativeKind.PARENT)
    return Q(majority_at__gt=at) & (
        Q(user_id=user_id, user__is_active=True)
        | Q(pk__in=parents.values("patient_id"))
    )


def coming_of_age(reading: Reading, notices: list[Notice]) -> Said:
    patients = Patient.objects.filter(concerned(reading.user.pk, reading.at)).in_bulk(
        [notice.about for notice in notices]
    )
    waits = representing.waiting(reading.at).filter(patient__in=patients)
    papers = list(waits.select_related("party").order_by("party__name", "pk"))
    return {
        notice.pk: _words(
            patients[notice.about],
            reading,
            [paper for paper in papers if paper.patient_id == notice.about],
        )
        for notice in notices
        if notice.about in patients
    }


def _words(
    patient: Patient, reading: Reading, papers: list[Representative]
) -> tuple[str, str]:
    """`papers`: those that begin for this patient on that day."""
    turns = patient.majority_at or reading.at  # `concerned`: it is still to come
    day = zones.day_words(zones.today(turns, patient.time_zone))
    if patient.user_id == reading.user.pk:
        text = _("From %(day)s you alone decide who sees what. See what ends then")
        if papers:
            text = _(
                "From %(day)s you are an adult, and %(who)s can act for you by a "
                "paper. See what ends then"
            )
        said = {"day": day, "who": ", ".join(each.party.name for each in papers)}
        page = reverse("consents:representatives", args=[patient.pk])
        return text % said, page
    text = _("From %(day)s you no longer act for them here, and see nothing more")
    if any(each.party.user_id == reading.user.pk for each in papers):
        text = _(
            "From %(day)s you no longer act for them as a parent. From then on you act "
            "by the paper that is recorded, and see what it covers"
        )
    elif patient.user_id is None:
        # Afterwards only the privacy officer can give it (patients/views/giving.py).
        text = _(
            "From %(day)s you no longer act for them here, and see nothing more. "
            "Give them a sign-in of their own before"
        )
    return text % {"day": day}, reverse("patients:chart", args=[patient.pk])
