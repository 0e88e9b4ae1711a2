"""A code for somebody outside the team: what it opens, for how long, how often."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord import zones
from carecoord.fields import plain_text
from carecoord.forms import ChipColumn, WholeField, chip_choices, offer, offered
from consents import presets, windows
from consents.actions.guests import EMERGENCY_KINDS
from consents.codes import CATEGORIES, LABELS, GuestPage
from consents.forms.grant import WhyForm, apart_rows, kind_rows

# What each page has when no kind is ticked one by one: listed in full beside it.
CONTENTS = {
    GuestPage.SUMMARY: CATEGORIES.mask(*presets.COORDINATION.categories),
    GuestPage.EMERGENCY: EMERGENCY_KINDS,
}
EMERGENCY_WORDS = ", ".join(CATEGORIES.words(EMERGENCY_KINDS))
# The last day, counted from today: never longer than a month.
DAYS = {"0": 0, "2": 2, "6": 6, "29": 29}
VISITS = ("1", "3", "10")


def _page_rows():
    said = {
        GuestPage.SUMMARY: (
            _("The one-page health summary"),
            _("For a doctor or therapist who sees you once."),
        ),
        GuestPage.EMERGENCY: (
            _("What an emergency room needs"),
            _("Less than the summary, for the first hours."),
        ),
    }
    for page, (words, hint) in said.items():
        contents = ", ".join(CATEGORIES.words(CONTENTS[page]))
        yield (
            page,
            words,
            _("%(hint)s It has: %(kinds)s.")
            % {
                "hint": hint,
                "kinds": contents,
            },
        )


class CodeForm(forms.Form):
    """One page, nothing ticked beforehand. Sensitive topics each by name.

    A page brings its own list, shown beside it; kinds ticked one by one replace it.
    """

    page = forms.ChoiceField(
        label=_("What should the code open?"),
        widget=ChipColumn,
        choices=lambda: chip_choices(_page_rows()),
        error_messages={"required": _("Choose what the code opens.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only these kinds, instead of the whole list"),
        help_text=_("Medicines are always shared together with allergies."),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: chip_choices(kind_rows()),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    topics = forms.MultipleChoiceField(
        label=_("These need their own yes. Tick what may stand on it too"),
        help_text=_("If you tick nothing here, none of it is shared."),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: chip_choices(apart_rows()),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    window = forms.ChoiceField(
        label=_("How far back, for updates and numbers?"),
        help_text=_("The page for an emergency room has neither: leave this out then."),
        widget=ChipColumn,
        choices=offered(WhyForm, "window"),
        required=False,
    )
    ends = forms.ChoiceField(
        label=_("Until when does the code work?"),
        help_text=_("You can stop it at any time before."),
        widget=ChipColumn,
        error_messages={"required": _("Choose when the code ends.")},
    )
    visits = forms.ChoiceField(
        label=_("How often may it be used?"),
        help_text=_("Each use lasts 15 minutes. You are told each time."),
        widget=ChipColumn,
        choices=[("1", _("Once")), ("3", _("3 times")), ("10", _("10 times"))],
        error_messages={"required": _("Choose how often it may be used.")},
    )
    whom = WholeField(
        label=_("Who is it for? (you can leave this out)"),
        help_text=_("Like: the doctor on duty at Mercy Hospital."),
        required=False,
        max_length=100,
        validators=[plain_text],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Write at most 100 characters.")},
    )

    def __init__(self, *args: Any, at: datetime, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = zones.today(at, zone)
        words = {
            "0": _("Today"),
            "2": _("3 days"),
            "6": _("7 days"),
            "29": _("30 days"),
        }
        offer(
            self,
            "ends",
            chip_choices(
                (key, words[key], _("Until the end of %s.") % zones.day_words(day))
                for key, day in ((key, today + timedelta(n)) for key, n in DAYS.items())
            ),
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        mask = self._categories()
        if mask & windows.WINDOWED and not cleaned.get("window"):
            self.add_error("window", _("Choose how far back to share."))
        if cleaned.get("page") == GuestPage.EMERGENCY and mask & ~EMERGENCY_KINDS:
            self.add_error(
                "kinds",
                _("For an emergency room, tick only some of these: %s.")
                % EMERGENCY_WORDS,
            )
        return cleaned

    def _categories(self) -> int:
        """The list of the page or what was ticked instead, and each own yes."""
        cleaned = self.cleaned_data
        kinds, topics = cleaned.get("kinds", ()), cleaned.get("topics", ())
        apart = [name for name in presets.ASKED_SEPARATELY_CATEGORIES if name in topics]
        listed = CONTENTS.get(cleaned.get("page", ""), 0)
        if kinds:
            listed = CATEGORIES.mask(*presets.with_partners(kinds))
        return listed | CATEGORIES.mask(*apart)

    def answers(self) -> dict[str, Any]:
        """As the draft keeps them: masks, never "everything" by silence."""
        cleaned = self.cleaned_data
        mask = self._categories()
        topics = cleaned["topics"]
        labels = [name for name in presets.ASKED_SEPARATELY_LABELS if name in topics]
        return {
            "page": cleaned["page"],
            "categories": mask,
            "labels": LABELS.mask(*labels),
            "window": cleaned["window"] if mask & windows.WINDOWED else "",
            "ends": cleaned["ends"],
            "visits": int(cleaned["visits"]),
            "whom": " ".join(cleaned["whom"].split()),
        }
