"""Half-filled forms: their writer's alone."""

import uuid

from consents.access import OpenPatient
from patients.models import Draft


def load_draft(opened: OpenPatient, pk: uuid.UUID, *, kind: str) -> Draft:
    """The draft, for whoever writes it, about this patient and of this kind; or 404."""
    draft = Draft.objects.filter(
        pk=pk, patient_id=opened.patient.pk, user=opened.reading.user, kind=kind
    ).first()
    if draft is None:
        opened.refuse()
    return draft
