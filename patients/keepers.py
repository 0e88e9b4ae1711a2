"""Who keeps a record: the patient, or for one without a sign-in whoever acts for them.

Said by what they are to the patient and never by name: a name of the team is told only
where the team is shared, and this stands on every sheet.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from consents import representing
from consents.codes import RepresentativeKind
from patients.models import Patient

WORDS = {
    RepresentativeKind.PARENT: gettext_lazy("the parent or guardian of %(name)s"),
    RepresentativeKind.GUARDIAN: gettext_lazy("the guardian of %(name)s"),
    RepresentativeKind.AGENT: gettext_lazy("the health-care agent of %(name)s"),
    RepresentativeKind.ESTATE: gettext_lazy("whoever acts for the estate of %(name)s"),
}


def kept_for(patient: Patient, at: datetime) -> str:
    """ "the parent or guardian of Theo"; empty where the patient can sign in."""
    if patient.user_id:
        return ""
    kinds = representing.in_force(at).filter(patient=patient).values_list("kind")
    found = {kind for (kind,) in kinds}
    said = next((words for kind, words in WORDS.items() if kind in found), "")
    return str(said) % {"name": patient.first_name}


def keeper(patient: Patient, at: datetime) -> str:
    """Whom to ask about the record: "Jordan", or "The parent or guardian of Theo"."""
    said = kept_for(patient, at) or patient.first_name
    return said[:1].upper() + said[1:]
