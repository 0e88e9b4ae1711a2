"""What the record shows to one person, with its disclosure.

One module a noun: `patients.access.medicines`, `patients.access.allergies` …
"""

from consents.access import OpenPatient, open_for, open_patient, open_to_try
from patients.access.history import open_history

__all__ = ["OpenPatient", "open_for", "open_history", "open_patient", "open_to_try"]
