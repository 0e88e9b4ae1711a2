"""Reading, with its disclosure. Content comes out of here and nowhere else."""

from consents.access.patient import OpenPatient, open_for, open_patient, open_to_try
from consents.access.reading import Reading
from consents.access.request import Request

__all__ = [
    "OpenPatient",
    "Reading",
    "Request",
    "open_for",
    "open_patient",
    "open_to_try",
]
