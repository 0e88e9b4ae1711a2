"""Whether something comes from a treatment program of 42 CFR part 2 (DESIGN 2).

A fact about where it comes from, asked only of what is marked as substance use. Not
known counts as yes (CLINICAL 6.1): then the notice of 42 CFR 2.32 goes along.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consents.codes import LABELS
from patients.forms.fields import chips

SUBSTANCE = LABELS["substance_use"]
YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = [(YES, _("Yes")), (NO, _("No")), (UNSURE, _("Not sure"))]
# What is kept does not tell one from the other.
AS_KEPT = [(YES, _("Yes, or not sure")), (NO, _("No"))]
MISSING = _("Say if it comes from a treatment program. Not sure is ok.")


def origin_field(
    *, help_text: Any = "", required: bool = False, choices: Any = ANSWERS
) -> forms.ChoiceField:
    """The question, with nothing preselected."""
    return chips(
        choices,
        label=_("Does it come from a substance use treatment program?"),
        help_text=help_text,
        required=required,
        error_messages={"required": MISSING},
    )


def is_from_program(answer: str | None) -> bool:
    """What the answer means: yes, and not sure as well."""
    return answer in (YES, UNSURE)
