"""What is the medicine called? With names to choose from, and free text always."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from carecoord.forms import Option, offer
from patients import medicine_names
from patients.drug_list import choosing
from patients.drug_list.choosing import Chosen
from patients.forms.fields import PlainCharField, chips
from patients.medicine_knowledge.near import Suggestion
from patients.safe_text import safe

SCHEDULES = [
    ("daily", Option(_("Every day"), _("Morning, noon, evening or bedtime."))),
    ("as_needed", Option(_("Only when needed"), _("Like for sleep, panic or pain."))),
    (
        "interval",
        Option(
            _("Every few days, weeks or months"), _("Like an injection or a patch.")
        ),
    ),
    (
        "steps",
        Option(_("A step plan"), _("The amount goes up or down on set days.")),
    ),
    (
        "week",
        Option(_("Not the same every day"), _("Like more on Monday and Friday.")),
    ),
    ("other", Option(_("Another way"), _("You can write it in your own words."))),
]


class NameForm(forms.Form):
    """Page 1: what is it called, and how is it taken.

    `match` is there where several names may be meant; `chosen` once the form is valid.
    A name that is near others is no mistake: where all else is answered the form is not
    valid, has no errors and `asks` which one is meant. Only to go on from there without
    an answer (`asked`) is one.
    """

    name = PlainCharField(
        label=_("What is the medicine called?"),
        help_text=_("The name on the label, or what you call it."),
        max_length=200,
        error_messages={
            "required": _("Enter the name on the label, or what you call it."),
            "max_length": _("Use at most 200 letters for the name."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    match = chips(
        [],
        column=True,
        required=False,
        label=_("Which one do you mean?"),
        help_text=_("Choose the name that is on the label."),
    )
    schedule = chips(
        SCHEDULES,
        column=True,
        label=_("When do you take it?"),
        error_messages={"required": _("Choose when you take it.")},
    )

    def __init__(self, *args: Any, typed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = False
        self.typed = self.tidy(typed or str(self.data.get("name") or ""))[:200]
        self.chosen = choosing.certain(self.typed) if self.typed else None
        self.offers = {} if self.chosen else choosing.offers(self.typed)
        offer(self, "match", self._choices())
        if not self.offers:
            del self.fields["match"]

    def _choices(self) -> list[tuple[str, Option]]:
        found = [(value, _with_use(one)) for value, one in self.offers.items()]
        own = Option(_("Use what I typed"), _("It is not in the list."))
        return [*found, (self.as_typed, own)]

    @property
    def as_typed(self) -> str:
        """What a button sends that takes the name as it was typed."""
        return choosing.as_typed(self.typed)

    @property
    def only_offer(self) -> tuple[str, Option] | None:
        """The one name that may be meant, with the value that a button sends for it."""
        found = self._choices()[:-1] if len(self.offers) == 1 else []
        return found[0] if found else None

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asks

    def suggest_from(self, address: str) -> None:
        """Names come while one types, from this address; a POST, so that no name
        stands in an address or a log."""
        self.fields["name"].widget.attrs |= {
            "hx-post": address,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#name-matches",
            "hx-sync": "this:replace",
        }

    @staticmethod
    def tidy(name: str) -> str:
        """The name in safe form, with single spaces."""
        return " ".join(safe(name).split())

    def clean_name(self) -> str:
        return self.tidy(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        name = cleaned.get("name")
        if not name or self.chosen:
            return cleaned
        choice = cleaned.get("match")
        if choice in self.offers:
            self.chosen = choosing.picked(self.offers[choice], name)
        elif choice or not self.offers:
            self.chosen = choosing.free(name)
        elif "match" not in self.errors:
            self._ask(self.fields["match"])
        return cleaned

    def _ask(self, match: Any) -> None:
        """Leads with the names that may be meant; what was typed has its own button.

        Whoever went on from there without an answer is told what is missing.
        """
        if not self.errors:
            self.asks = True
            match.choices = self._choices()[:-1]
            if self.data.get("asked"):
                self.add_error(
                    "match", _("Choose a name below, or tap “Use what I typed”.")
                )

    @property
    def found_text(self) -> str:
        """For those who hear the page: how many names there are to choose from."""
        if not self.offers:
            return ""
        count = len(self.offers)
        words = ngettext(
            "%(count)s name found. Choose below.",
            "%(count)s names found. Choose below.",
            count,
        )
        return words % {"count": count}

    @property
    def known_text(self) -> str:
        """What a name that is known stands for: `sertraline (Zoloft)`."""
        if self.chosen is None or not self.chosen.brand:
            return ""
        return f"{self.chosen.name} ({self.chosen.brand})"


def _with_use(one: Suggestion) -> Option:
    name = medicine_names.tall_man(one.name)
    label = f"{name} ({one.brand})" if one.brand else name
    return Option(label, one.used_for)


class WhichForm(forms.Form):
    """The guard against names that look alike: which of them is on the label?"""

    which = chips(
        [],
        label=_("Which one is on the label?"),
        help_text=_("These names look alike. Check the letters."),
        error_messages={"required": _("Choose the name that is on the label.")},
    )

    def __init__(self, *args: Any, named: Chosen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = named
        others = medicine_names.look_alikes(named.seen)
        names = [medicine_names.tall_man(named.seen), *others] if others else []
        offer(
            self,
            "which",
            [(one, Option(one, medicine_names.used_for(one))) for one in names],
        )
        if not names:
            del self.fields["which"]

    @property
    def chosen(self) -> Chosen:
        """The medicine as it will stand on the list."""
        which = self.cleaned_data.get("which")
        typed = medicine_names.tall_man(self.named.seen)
        if not which or which == typed:
            return self.named
        plain = medicine_names.plain_name(which)
        return choosing.certain(plain) or choosing.free(plain)
