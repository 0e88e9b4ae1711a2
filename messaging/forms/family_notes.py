"""One page for what family noticed: what, when, and what it mentions."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from carecoord.forms import PlainDateField
from messaging.forms.sensitive import SafeText, SensitiveTopics
from patients.actions.family_notes import Noticed

LIMIT = 300


class FamilyNoteForm(SensitiveTopics):
    """A minute's work: what happened, and when."""

    text = SafeText(
        label=_("What did you see or hear?"),
        help_text=_(
            "Write what happened, not what it means. Like: up until 4 am three nights, "
            "spent 600 dollars. At most 300 characters."
        ),
        limit=LIMIT,
        lines=3,
        required=True,
        error_messages={"required": _("Write what you saw or heard.")},
    )
    noticed_date = PlainDateField(label=_("When?"))
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("noticed_date", "text")

    def __init__(self, data: Any = None, *, today: date) -> None:
        initial = {"noticed_date": today, "form_key": uuid.uuid4()}
        super().__init__(data, initial=initial)
        self.today = today

    def clean_noticed_date(self) -> date:
        day: date = self.cleaned_data["noticed_date"]
        if day > self.today:
            raise ValidationError(_("Choose today or a day before."))
        return day

    def noticed(self) -> Noticed:
        """The answers; only after is_valid()."""
        return Noticed(
            text=self.cleaned_data["text"],
            noticed_date=self.cleaned_data["noticed_date"],
            labels=self.labels,
            part2_origin=self.part2_origin,
        )
