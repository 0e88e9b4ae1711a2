"""What an agency stated, before its disclosures are held back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.fields import plain_text
from carecoord.forms import ChipColumn, PlainDateField, WholeField, WordsField
from consents.codes import SuspensionBasis


def _line(label: Any, problem: Any):
    return WholeField(
        label=label,
        max_length=200,
        validators=[plain_text],
        error_messages={"required": problem, "max_length": _("Write less.")},
    )


class SuspensionForm(forms.Form):
    """The elements of 45 CFR 164.528(a)(2)."""

    agency = _line(_("Which agency?"), _("Write the name of the agency."))
    official = _line(_("Who asked for it there?"), _("Write the name of the official."))
    basis = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=SuspensionBasis.choices,
        widget=ChipColumn,
        error_messages={
            "required": _("Choose how it was asked."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    statement = WordsField(
        label=_("What was stated"),
        hint=_("Why telling now would get in the way, and for how long."),
        missing=_("Write what was stated."),
        most=2000,
        rows=4,
    )
    until = PlainDateField(label=_("Until which day?"))
