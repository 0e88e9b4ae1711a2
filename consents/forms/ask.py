"""A team member asks for a precise scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import WordsField, chip_choices, offer
from consents.codes import CATEGORIES, PURPOSES
from consents.forms.grant import PURPOSE_WORDS


class AskForm(forms.Form):
    """Which kinds, for what, and why: the patient sees exactly this."""

    kinds = forms.MultipleChoiceField(
        label=_("What do you need to see?"),
        help_text=_("Ask only for what you need. The patient can change it."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one kind of information."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    purposes = forms.MultipleChoiceField(
        label=_("What for?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one reason."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    reason = WordsField(
        label=_("Why, in words for the patient"),
        hint=_("Short and plain. Like: I want to know your doses before we meet."),
        missing=_("Write why you ask."),
    )

    def __init__(
        self,
        *args: Any,
        needed: frozenset[str],
        purposes: tuple[str, ...],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "kinds",
            chip_choices(
                (code.name, code.word, code.covers)
                for code in CATEGORIES
                if code.name in needed
            ),
        )
        offer(self, "purposes", [(code, PURPOSE_WORDS[code][0]) for code in purposes])

    def masks(self) -> tuple[int, int]:
        return (
            CATEGORIES.mask(*self.cleaned_data["kinds"]),
            PURPOSES.mask(*self.cleaned_data["purposes"]),
        )
