"""Loaders of allergies, and of the statement that there are none."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from consents import decisions, lines
from consents.access import OpenPatient
from consents.exceptions import EMERGENCY
from consents.spoken import spoken_to
from patients.models import AllergyAssertion, AllergyIntolerance


@dataclass(frozen=True)
class AllergyRows:
    """The box of allergies for one reader: its one line, and every row."""

    items: list[AllergyIntolerance]
    assertion: AllergyAssertion | None
    line: str

    @property
    def updated_at(self) -> datetime | None:
        """When what is shown here was last put down."""
        shown = [*self.items, *([self.assertion] if self.assertion else [])]
        return max((row.recorded_at for row in shown), default=None)


def load_allergies(opened: OpenPatient) -> AllergyRows:
    """Two queries, and the line that the scope of this reader allows."""
    rows = AllergyIntolerance.objects.select_related("recorded_by")
    items = opened.items(rows.order_by("substance", "pk"))
    stated = opened.items(
        AllergyAssertion.objects.filter(ended_at=None).order_by("-occurred_at", "-pk"),
        limit=1,
    )
    assertion = stated[0] if stated else None
    line = allergies_line(opened, is_stated=bool(assertion), count=len(items))
    return AllergyRows(items, assertion, line)


def allergies_line(opened: OpenPatient, *, is_stated: bool, count: int) -> str:
    """One of the labels, chosen by the reader's scope and never by what is kept."""
    if opened.is_patient:
        return lines.own_allergies_line(is_stated=is_stated, count=count)
    if opened.purpose == EMERGENCY and count:
        return lines.emergency_heading(_("Allergies"), count=count)
    covered, spoken = lines.extent(opened.scope, "allergies"), spoken_to(opened)
    if covered is lines.Extent.NONE:
        return spoken.not_part_of(_("Allergies"))
    if count:
        return spoken.allergies_heading(count)
    if lines.may_say_none_known(covered=covered, is_stated=is_stated, count=count):
        return _("No known allergies.")
    if opened.decides("allergies"):
        return _for_who_keeps(opened)
    return spoken.none_of("allergies", _("Allergies"))


def _for_who_keeps(opened: OpenPatient) -> str:
    """For whoever keeps the list for the patient, and has nobody else to ask.

    By the document and by whether the patient signs in, never by what is kept back.
    """
    if opened.patient.user_id is None:
        return _("Allergies: none on the list that you keep. Add any that you know.")
    name = {"name": opened.patient.first_name}
    return _("Allergies: none on the list that you see. Ask %(name)s too.") % name


def load_allergy(opened: OpenPatient, pk: uuid.UUID) -> AllergyIntolerance:
    """One allergy, for whoever may change it; or 404."""
    opened.require(opened.decides("allergies"))
    return opened.item(AllergyIntolerance.objects.all(), pk)


def known_allergies(opened: OpenPatient) -> frozenset[uuid.UUID] | None:
    """Ids of those that somebody who acts may know of; None for the patient: all."""
    if opened.is_patient:
        return None
    rows = decisions.permitted(AllergyIntolerance.objects.all(), opened.reader)
    mine = rows.filter(patient_id=opened.patient.pk)
    return frozenset(mine.values_list("pk", flat=True))


def same_allergy(
    opened: OpenPatient, substance: str, *, but: uuid.UUID | None = None
) -> AllergyIntolerance | None:
    """The patient's standing allergy of the same name, if there is one."""
    wanted = " ".join(substance.split()).casefold()
    rows = AllergyIntolerance.objects.all()
    for row in opened.items(rows.exclude(pk=but) if but else rows):
        if " ".join(row.substance.split()).casefold() == wanted:
            return row
    return None
