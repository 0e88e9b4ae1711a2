"""The question about sensitive topics that goes with every free text (DESIGN 2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.fields import plain_text
from consents.codes import LABELS
from patients.forms.origin import MISSING, is_from_program, origin_field
from patients.safe_text import safe

NONE = "none"
SUBSTANCE = "substance_use"


class SafeText(forms.CharField):
    """Free text as it may be read again: medicine amounts in their safe form.

    `limit` counts what was typed; the browser never cuts it short.
    """

    def __init__(self, *, limit: int, lines: int = 1, **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("required", False)
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(validators=[plain_text], **kwargs)

    def clean(self, value: str | None) -> str:
        text = super().clean(value).replace("\r\n", "\n").strip()
        if len(text) > self.limit:
            raise ValidationError(
                _("Use %(limit)d characters or fewer. You used %(used)d.")
                % {"limit": self.limit, "used": len(text)},
                code="too_long",
            )
        return safe(text)


class SensitiveTopics(forms.Form):
    """ "Does this mention any of these?" There is no default: none is an answer."""

    LABELS_ASKED = ("substance_use", "sexual_reproductive", "hiv", "violence")

    mentions = forms.MultipleChoiceField(
        label=_("Does this mention any of these?"),
        help_text=_("The patient decides who may read about them."),
        choices=[
            *((name, LABELS.by_name[name].word) for name in LABELS_ASKED),
            (NONE, _("None of these")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Say what this mentions, or choose None of these.")
        },
    )
    origin = origin_field(
        help_text=_("Answer this if you chose Substance use. Federal law protects it.")
    )

    def ask_the_patient(self) -> None:
        """Whoever decides fills it in."""
        self.fields["mentions"].help_text = _now("You decide who may read about them.")

    def clean_mentions(self) -> list[str]:
        chosen = self.cleaned_data["mentions"]
        if NONE in chosen and len(chosen) > 1:
            raise ValidationError(
                _("Choose None of these alone, or take it away."), code="both"
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        asked = SUBSTANCE in (cleaned.get("mentions") or [])
        if asked and not cleaned.get("origin") and "origin" not in self.errors:
            self.add_error("origin", MISSING)
        return cleaned

    @property
    def labels(self) -> int:
        """The mask of the answer; only after is_valid()."""
        chosen = [name for name in self.cleaned_data["mentions"] if name != NONE]
        return LABELS.mask(*chosen)

    @property
    def part2_origin(self) -> bool:
        """From such a program, or not known (42 CFR 2.11): its notice goes along."""
        asked = SUBSTANCE in self.cleaned_data["mentions"]
        return asked and is_from_program(self.cleaned_data["origin"])
