"""Forms of an exceptional disclosure. Short, in the order of the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carecoord.context_processors import place
from carecoord.fields import plain_text
from carecoord.forms import (
    TOO_LONG,
    ChipColumn,
    PlainDateField,
    WholeField,
    Words,
    WordsField,
    chip_choices,
    offer,
)
from consents.codes import ConsultedWith, ReviewAnswer

if TYPE_CHECKING:
    from consents.access.cases import Pickable

LONG = 4000


def text(
    label: Words, *, required: Words = "", hint: Words = "", rows: int = 3
) -> WordsField:
    """A text that is only as long as it needs to be."""
    return WordsField(label=label, missing=required, hint=hint, most=LONG, rows=rows)


def line(
    label: Words, *, required: Words = "", hint: Words = "", most: int = 200
) -> WholeField:
    return WholeField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=most,
        validators=[plain_text],
        error_messages=TOO_LONG | {"required": required},
    )


def clock_time(label: Words) -> forms.TimeField:
    """A time as people write it, on the clock of whoever writes."""
    return forms.TimeField(
        label=label,
        help_text=_("Like 14:05 or 2:05 PM."),
        required=False,
        input_formats=["%H:%M", "%I:%M %p", "%I:%M%p", "%I %p"],
        widget=forms.TimeInput(attrs={"class": "w-medium", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a time, like 14:05.")},
    )


class RecentDayField(PlainDateField):
    """A day of the last year: another one is a slip that could never be corrected."""

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and day < timezone.localdate() - timedelta(days=366):
            raise ValidationError(_("Check the year. This day is long ago."))
        return day


class CallForm(forms.Form):
    """After the call: when it was and whom. Or that nobody was called yet."""

    called = forms.ChoiceField(
        label=_("Did you call somebody?"),
        choices=[("yes", _("Yes")), ("no", _("Not yet"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you called somebody.")},
    )
    day = RecentDayField(label=_("Day of the call"), required=False)
    time = clock_time(_("Time of the call"))
    whom = line(_("Whom did you call?"), hint=_("Name or place, and the number."))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("called") == "yes":
            for name, words in (
                ("day", _("Enter the day of the call.")),
                ("time", _("Enter the time of the call.")),
                ("whom", _("Say whom you called.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    def called_at(self) -> datetime | None:
        """The instant of the call, on the clock of whoever writes."""
        if self.cleaned_data["called"] != "yes":
            return None
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        return timezone.make_aware(datetime.combine(day, time))


class HarmForm(forms.Form):
    to_patient = text(
        _("Harm to the patient: what, how likely, how soon?"),
        required=_("Write about harm to the patient. If there is none, say so."),
    )
    to_others = text(
        _("Harm to others: who, how likely, how soon?"),
        required=_("Write about harm to others. If there is none, say so."),
    )


class ConsultationForm(forms.Form):
    with_whom = forms.ChoiceField(
        label=_("Whom did you ask?"),
        choices=ConsultedWith,
        widget=ChipColumn,
        error_messages={"required": _("Choose whom you asked.")},
    )
    name = line(_("Name, and when"))
    said = text(
        _("What was said? Or: why was there nobody?"),
        required=_("Write what was said, or why there was nobody."),
    )


class ReasonsForm(forms.Form):
    """Grounds as the deployment's table has them, each with its reach."""

    ground = forms.ChoiceField(
        label=_("On which legal ground?"),
        widget=ChipColumn,
        error_messages={"required": _("Choose a ground.")},
    )
    reasons = text(
        _("Your reasons: why this ground, why now, why not with consent?"),
        required=_("Write your reasons."),
        rows=5,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "ground",
            chip_choices(
                (
                    ground.key,
                    ground.name,
                    f"{ground.text} {_reach(ground)} {ground.rule}",
                )
                for ground in place().exceptional.grounds
            ),
        )


def _reach(ground) -> str:
    if ground.covers_part2:
        return str(_("Covers Part 2 records: yes."))
    return str(_("Covers Part 2 records: no."))


class KindsPicked(forms.CheckboxSelectMultiple):
    """Boxes by kind: each kind is one line that opens, with its count."""

    template_name = "django/forms/widgets/kinds_input.html"

    def get_context(self, name: str, value: object, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["kinds"] = [
            {
                "title": title,
                "options": options,
                "is_open": any(option["selected"] for option in options),
            }
            for title, options, _index in context["widget"]["optgroups"]
        ]
        return context


def by_kind(found: Iterable[Pickable]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a form offers: each kind with its items, in the order they come in."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for each in found:
        kinds.setdefault(each.kind, []).append((each.key, each.words.whole))
    return list(kinds.items())


TOLD_BY_PHONE = _(
    "You called somebody. Write what you told them. If you told this person nothing by "
    "phone, write that."
)


class ContentForm(forms.Form):
    """Who needs to know, and the least that they need.

    `called`: somebody was told by phone. What it was stands nowhere else, and without
    it that talk would be missing from the accounting of disclosures.
    """

    inside = forms.MultipleChoiceField(
        label=_("People with a sign-in here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.ChoiceField(
        label=_("How long may they open it here?"),
        help_text=_(
            "Only for people ticked above. Somebody outside gets a printed packet."
        ),
        required=False,
        choices=[("1", _("1 day")), ("3", _("3 days")), ("7", _("7 days"))],
        widget=forms.RadioSelect,
    )
    name = line(_("Somebody outside: name"))
    organization = line(_("Organization"))
    reached_by = line(_("How they were or will be reached"))
    why = text(
        _("Why do they need to know?"),
        required=_("Write why they need to know."),
        rows=2,
    )
    items = forms.MultipleChoiceField(
        label=_("From the record: tick only what they need"),
        required=False,
        widget=KindsPicked,
        error_messages={
            "invalid_choice": _(
                "Something that you ticked was changed since. Read it, and tick it "
                "again."
            )
        },
    )
    said = text(_("What you told them, in your words"))

    def __init__(
        self, *args: Any, inside, items, called: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.called = called
        offer(self, "inside", inside)
        offer(self, "items", items)
        if not inside:
            del self.fields["inside"], self.fields["days"]
        if not items:
            del self.fields["items"]

    def clean(self) -> dict[str, Any]:
        """How long is asked only where somebody opens it here: the words too."""
        super().clean()
        said = self.cleaned_data
        if said.get("inside") and not said.get("days") and "days" not in self.errors:
            self.add_error("days", _("Choose how long."))
        if self.called and said.get("name") and said.get("said") == "":
            self.add_error("said", TOLD_BY_PHONE)
        return said

    @property
    def open_days(self) -> int:
        """Of a paper too: so long it can be printed."""
        return int(self.cleaned_data["days"]) if self.cleaned_data.get("inside") else 1


class ToldForm(forms.Form):
    day = RecentDayField(label=_("When did you tell the patient?"))
    time = clock_time(_("At what time? (you can leave this out)"))
    words = text(_("What did you say?"), required=_("Write what you told the patient."))
    support = text(_("What support did you offer?"))

    def told_at(self, *, now: datetime) -> datetime:
        """At the time that was given; else now if it was today, or midday."""
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        if time:
            return timezone.make_aware(datetime.combine(day, time))
        if day == timezone.localdate(now):
            return now
        midnight = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        return midnight + timedelta(hours=12)


class WaitForm(forms.Form):
    reason = text(
        _("Why would telling the patient now put someone at risk?"),
        required=_("Write why the patient is not told yet."),
    )
    until_day = PlainDateField(
        label=_("Until which day?"),
        help_text=_("Like Nov 3, 2026. It comes back by itself on that day."),
    )

    def until(self) -> datetime:
        day = self.cleaned_data["until_day"]
        return timezone.make_aware(datetime.combine(day, datetime.min.time()))


class AftercareForm(forms.Form):
    what = line(_("What is to do?"), required=_("Write what is to do."), most=300)
    who = line(_("Who does it?"), required=_("Write who does it."))
    due_date = PlainDateField(label=_("Until when?"), help_text=_("Like Nov 3, 2026."))

    def clean_due_date(self) -> date:
        """Something to do is due today at the soonest."""
        due: date = self.cleaned_data["due_date"]
        if due < timezone.localdate():
            raise ValidationError(_("Enter today or a later day."))
        return due


class WithdrawForm(forms.Form):
    why = text(
        _("What was wrong?"),
        required=_("Say what was wrong."),
        hint=_("Like: the wrong person, or more than was needed."),
    )


class CloseForm(forms.Form):
    """`untold`: no step 4 stands, and it is said why.

    `called`: the call of such a case in words; it is signed that nobody answered.
    """

    nobody_answered = forms.BooleanField(
        error_messages={
            "required": _(
                "Tick this if nobody answered. If somebody did, write step 4: it says "
                "what they were told."
            )
        },
    )
    nothing_told = text(
        _("Why was nobody told anything?"),
        required=_("Say why nobody was told anything."),
        hint=_("Like: it was settled with the patient, or opened by mistake."),
    )

    def __init__(
        self, *args: Any, untold: bool, called: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nobody_answered"].label = _(
            "Nobody answered the call (%(call)s), and nobody was told anything."
        ) % {"call": called}
        if not untold:
            del self.fields["nothing_told"]
        if not (untold and called):
            del self.fields["nobody_answered"]


class WaitReviewForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Is waiting right?"),
        choices=ReviewAnswer,
        widget=ChipColumn,
        error_messages={"required": _("Choose an answer.")},
    )
    words = text(_("A word to the author"))
