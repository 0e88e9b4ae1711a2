"""Forms of a report, and of its answer."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.fields import plain_text
from carecoord.forms import ChipColumn, WholeField, WordsField, offer
from consents import reports
from consents.codes import ReportKind, ReportOutcome

LONGEST = 2000


class ReportForm(forms.Form):
    """Why it looks wrong. Nothing is chosen beforehand; words are never asked for."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        widget=ChipColumn,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    words = WordsField(
        label=_("What happened, if you want to say more"), most=LONGEST, rows=4
    )
    reach = WholeField(
        label=_("How we may reach you, if not here"),
        help_text=_("Like a phone number and a good time. You can leave it empty."),
        required=False,
        max_length=200,
        validators=[plain_text],
        error_messages={"max_length": _("Write at most 200 characters.")},
    )

    def __init__(self, data: Any = None, *, kind: str = ReportKind.LOOK) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        offer(self, "reason", reports.choices(kind))


class ConductForm(ReportForm):
    """About a clinician: chosen from those whom the reporter knows here, or named."""

    who = forms.ChoiceField(
        label=_("Who is it about?"),
        widget=ChipColumn,
        error_messages={
            "required": _("Choose who it is about."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    about_words = WholeField(
        label=_("Name, if the person is not on the list"),
        required=False,
        max_length=200,
        validators=[plain_text],
        error_messages={"max_length": _("Write at most 200 characters.")},
    )
    field_order = ["key", "who", "about_words", "reason", "words", "reach"]

    def __init__(self, data: Any = None, *, people: list[tuple[str, str]]) -> None:
        super().__init__(data, kind=ReportKind.CONDUCT)
        self.fields["about_words"].required = not people
        offer(
            self,
            "who",
            [
                *people,
                (reports.SOMEONE_ELSE, _("Someone else")),
            ],
        )
        if not people:
            del self.fields["who"]
            self.fields["about_words"].label = _("Who is it about?")
            self.fields["about_words"].error_messages["required"] = _(
                "Write who it is about."
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("who") == reports.SOMEONE_ELSE and not cleaned["about_words"]:
            self.add_error("about_words", _("Write who it is about."))
        return cleaned


class AnswerForm(forms.Form):
    """The answer of the privacy officer; the one who reported reads every word."""

    outcome = forms.ChoiceField(
        label=_("What did you find?"),
        choices=ReportOutcome.choices,
        widget=ChipColumn,
        error_messages={
            "required": _("Choose what you found."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    answer = WordsField(
        label=_("Your answer"),
        hint=_("Plain words. Say what you did, and what happens now."),
        missing=_("Write your answer."),
        most=LONGEST,
        rows=4,
    )


class AlarmForm(forms.Form):
    words = WordsField(
        label=_("What you found out"),
        hint=_("Whom you asked, and what you did."),
        missing=_("Write what you found out."),
        most=LONGEST,
        rows=4,
    )
