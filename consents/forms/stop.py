"""Stopping, and "never": short, and never argued with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import ChipColumn, WordsField, chip_choices, offer
from consents.codes import CATEGORIES, LABELS
from consents.forms.grant import LABEL_WORDS, SignForm
from consents.models import Consent


class StopForm(forms.Form):
    """A reason is never asked for; it may be kept. Organizations stop on a tick."""

    why = WordsField(label=_("A reason, only for you, if you want to keep one"), rows=2)
    also = forms.MultipleChoiceField(
        label=_("Stop this too?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, through: list[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizations = {
            str(each.recipient_id): each.recipient.name for each in through
        }
        offer(
            self,
            "also",
            [(key, _("Sharing with %s") % name) for key, name in organizations.items()],
        )
        if not organizations:
            del self.fields["also"]


class NeverForm(SignForm):
    """A signed "never". It beats every permission until the patient lifts it."""

    extent = forms.ChoiceField(
        label=_("What should they never see?"),
        widget=ChipColumn,
        error_messages={"required": _("Choose what they should never see.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("If you chose only some kinds: tick each"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: CATEGORIES.choices(),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    topics = forms.MultipleChoiceField(
        label=_("If you chose only some topics: tick each"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, words) for name, (words, _hint) in LABEL_WORDS.items()],
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    field_order = ["extent", "kinds", "topics", "signed_name", "agree"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # What only takes away never waits for a password.
        super().__init__(*args, fresh=True, **kwargs)
        everything = ", ".join(code.word for code in CATEGORIES)
        offer(
            self,
            "extent",
            chip_choices(
                [
                    ("all", _("Nothing of my record at all"), f"{everything}."),
                    (
                        "kinds",
                        _("Only some kinds of information"),
                        _("Tick them below."),
                    ),
                    ("topics", _("Only some topics"), _("Tick them below.")),
                ]
            ),
        )
        self.fields["agree"].label = _("I do not want this person to see this")
        self.fields["agree"].error_messages["required"] = _(
            "Tick the box if you want this."
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        extent = cleaned.get("extent")
        if extent in ("kinds", "topics") and not cleaned.get(extent):
            self.add_error(extent, _("Tick at least one."))
        return cleaned

    def masks(self) -> tuple[int, int]:
        """Categories and labels of the deny; every one by name."""
        cleaned = self.cleaned_data
        if cleaned["extent"] == "kinds":
            return CATEGORIES.mask(*cleaned["kinds"]), 0
        if cleaned["extent"] == "topics":
            return CATEGORIES.all, LABELS.mask(*cleaned["topics"])
        return CATEGORIES.all, 0

    @classmethod
    def initial_of(cls, categories: int, labels: int) -> dict[str, Any]:
        """A "never" from another system, filled in."""
        if labels:
            return {"extent": "topics", "topics": LABELS.names(labels)}
        if categories == CATEGORIES.all:
            return {"extent": "all"}
        return {"extent": "kinds", "kinds": CATEGORIES.names(categories)}
