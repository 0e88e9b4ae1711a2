"""The one-page health summary: what stands on it, and how it is made to fit.

Pure: it takes frozen dataclasses that were built for one reader from that reader's
consent, and never learns what that reader may not see.
"""

from patients.one_page.bounds import TooLarge, whole_sheet
from patients.one_page.fitting import Fitted, LostText, fit, large_print
from patients.one_page.sheet import (
    PART2_NOTICE,
    Allergies,
    Duty,
    Line,
    MedicineRow,
    Section,
    Sheet,
    Summary,
)

__all__ = [
    "PART2_NOTICE",
    "Allergies",
    "Duty",
    "Fitted",
    "Line",
    "LostText",
    "MedicineRow",
    "Section",
    "Sheet",
    "Summary",
    "TooLarge",
    "fit",
    "large_print",
    "whole_sheet",
]
