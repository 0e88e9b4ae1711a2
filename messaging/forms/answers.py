"""Taking on what was asked, and answering it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carecoord.forms import PlainDateField, offer
from messaging.actions.acknowledgements import Choice
from messaging.actions.replies import Answer
from messaging.codes import Plan
from messaging.forms.sensitive import SafeText, SensitiveTopics
from patients.forms.fields import WeeksField
from providers.models import Party

ANSWER_LIMIT = 1_000
MOST_WEEKS = 52


class DayPlan(forms.Form):
    """ "I will call by …", "I will decide at the visit on …"."""

    plan_date = PlainDateField(label=gettext_lazy("Which day?"))

    def __init__(self, *args: Any, plan: str, today: date, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_{plan}_%s"
        super().__init__(*args, **kwargs)
        self.plan, self.today = plan, today

    def clean_plan_date(self) -> date:
        day = self.cleaned_data["plan_date"]
        if day < self.today:
            raise ValidationError(_("Enter today or later."))
        return day

    def choice(self) -> Choice:
        return Choice(self.plan, plan_date=self.cleaned_data["plan_date"])


class Decided(SensitiveTopics):
    """ "Decided: …": a text of its own, so it gets the question about topics."""

    text = SafeText(
        label=gettext_lazy("What did you decide?"),
        help_text=gettext_lazy("Whoever asked you reads it, and so does the patient."),
        limit=ANSWER_LIMIT,
        lines=3,
        required=True,
        error_messages={"required": gettext_lazy("Write what you decided.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("text", "mentions", "origin", "form_key")

    def __init__(self, *args: Any, plan: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_{plan}_%s"
        super().__init__(*args, **kwargs)
        self.plan = plan

    def choice(self) -> Choice:
        said = self.cleaned_data
        return Choice(
            self.plan,
            text=said["text"],
            labels=self.labels,
            part2_origin=self.part2_origin,
            form_key=said["form_key"],
        )


class PassedOn(forms.Form):
    """ "Not mine, passed to …"."""

    to = forms.ChoiceField(
        label=gettext_lazy("Who should have it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose who should have it."),
            "invalid_choice": gettext_lazy("Choose someone from the list."),
        },
    )

    def __init__(
        self, *args: Any, plan: str, people: dict[str, Party], **kwargs: Any
    ) -> None:
        kwargs["auto_id"] = f"id_{plan}_%s"
        super().__init__(*args, **kwargs)
        self.plan, self.people = plan, people
        offer(self, "to", [(value, party.name) for value, party in people.items()])

    def choice(self) -> Choice:
        return Choice(self.plan, to=self.people[self.cleaned_data["to"]])


def plan_forms(
    *, today: date, people: dict[str, Party], proposed: date, data: Any = None
) -> dict[str, forms.Form]:
    """One small form for each plan; only the one that was sent is bound.

    Four forms, not one: pressing Enter in a date sends the plan it belongs to.
    """
    chosen = data.get("plan") if data is not None else None

    def bound(plan: str) -> dict[str, Any]:
        return {"data": data} if plan == chosen else {}

    first_day = {"initial": {"plan_date": proposed}}
    key = {"initial": {"form_key": uuid.uuid4()}}
    return {
        Plan.CALL_BY: DayPlan(
            plan=Plan.CALL_BY, today=today, **first_day, **bound(Plan.CALL_BY)
        ),
        Plan.DECIDE_AT: DayPlan(
            plan=Plan.DECIDE_AT, today=today, **bound(Plan.DECIDE_AT)
        ),
        Plan.DECIDED: Decided(plan=Plan.DECIDED, **key, **bound(Plan.DECIDED)),
        Plan.NOT_MINE: PassedOn(
            plan=Plan.NOT_MINE, people=people, **bound(Plan.NOT_MINE)
        ),
    }


class ReplyForm(SensitiveTopics):
    """An answer: the decision first, then what to watch for, then words."""

    decision = SafeText(
        label=gettext_lazy("What I decided"),
        help_text=gettext_lazy("Name the medicine and the dose, if there is one."),
        limit=ANSWER_LIMIT,
        lines=2,
    )
    watch_for = SafeText(
        label=gettext_lazy("What to watch for"),
        help_text=gettext_lazy("What should the others look out for from now on?"),
        limit=ANSWER_LIMIT,
        lines=2,
    )
    watch_weeks = WeeksField(
        label=gettext_lazy("For how many weeks?"),
        said=gettext_lazy("Weeks: enter a whole number from 1 to 52."),
        most=MOST_WEEKS,
    )
    text = SafeText(label=gettext_lazy("Anything else"), limit=ANSWER_LIMIT, lines=3)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("decision", "watch_for", "watch_weeks", "text", "mentions", "origin")

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        written = cleaned.get("decision") or cleaned.get("text")
        if not written and not {"decision", "text"} & set(self.errors):
            self.add_error("decision", _("Write what you decided, or an answer."))
        if cleaned.get("watch_weeks") and not cleaned.get("watch_for"):
            self.add_error("watch_for", _("Say what to watch for."))
        return cleaned

    def answer(self) -> Answer:
        said = self.cleaned_data
        return Answer(
            text=said["text"],
            decision=said["decision"],
            watch_for=said["watch_for"],
            watch_weeks=said["watch_weeks"],
            labels=self.labels,
            part2_origin=self.part2_origin,
        )
