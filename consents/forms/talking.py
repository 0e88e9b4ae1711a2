"""How much the team talks: one question, nothing preselected before an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import ChipColumn, Words, chip_choices, offer
from consents import talking
from consents.access.talking import Told

AS_EVERYONE = "as_everyone"


class TalkingForm(forms.Form):
    """For everyone, or for one person, who can also be like everyone.

    `acts_for` names the patient to whoever acts for them.
    """

    level = forms.ChoiceField(
        widget=ChipColumn,
        error_messages={
            "required": _("Choose one of them."),
            "invalid_choice": _("Choose one of them."),
        },
    )

    def __init__(
        self, *args: Any, told: Told | None, acts_for: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows: list[tuple[str, object, object]] = [
            (level.code, level.word, level.what) for level in talking.LEVELS
        ]
        if told:
            general = told.general.word if told.general else _("nothing said")
            rows.append((AS_EVERYONE, _("The same as for everyone"), general))
        self.fields["level"].label = _question(told, acts_for)
        offer(self, "level", chip_choices(rows))

    def chosen(self) -> str:
        """The level; empty where it is the same as for everyone."""
        said = self.cleaned_data["level"]
        return "" if said == AS_EVERYONE else said


def _question(told: Told | None, acts_for: str) -> Words:
    """What is asked; whoever acts for the patient is not spoken to as the patient."""
    about = {"name": told.party.name if told else "", "patient": acts_for}
    if acts_for and told:
        return _("How much may they talk with %(name)s about %(patient)s?") % about
    if acts_for:
        return _("How much may the care team talk about %(patient)s?") % about
    if told:
        return _("How much may they talk with %(name)s about you?") % about
    return _("How much may your team talk about you?")
