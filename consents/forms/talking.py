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
    """For everyone, or for one person, who can also be like everyone."""

    level = forms.ChoiceField(
        widget=ChipColumn,
        error_messages={
            "required": _("Choose one of them."),
            "invalid_choice": _("Choose one of them."),
        },
    )

    def __init__(self, *args: Any, told: Told | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label: Words = _("How much may your team talk about you?")
        rows: list[tuple[str, object, object]] = [
            (level.code, level.word, level.what) for level in talking.LEVELS
        ]
        if told:
            label = _("How much may they talk with %(name)s about you?") % {
                "name": told.party.name
            }
            general = told.general.word if told.general else _("nothing said")
            rows.append((AS_EVERYONE, _("The same as for everyone"), general))
        self.fields["level"].label = label
        offer(self, "level", chip_choices(rows))

    def chosen(self) -> str:
        """The level; empty where it is the same as for everyone."""
        said = self.cleaned_data["level"]
        return "" if said == AS_EVERYONE else said
