"""Handing on a note from outside: who reads it, and what it mentions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.forms import ChipColumn, Option, offer
from messaging.forms.sensitive import SensitiveTopics
from patients.actions.medicine_terms import Keep
from patients.actions.outside_notes import HandedOn
from providers.models import CareTeamParticipant

EVERYONE, SOME = "everyone", "some"


class HandOnForm(SensitiveTopics):
    """Nothing is preselected: the patient says who, and what it mentions."""

    who = forms.ChoiceField(
        label=_("Who may read it?"),
        widget=ChipColumn,
        error_messages={"required": _("Choose who may read it.")},
    )
    but = forms.MultipleChoiceField(
        label=_("Only me, and who?"),
        help_text=_(
            "This goes with “Only me”. Those you tick see it if your permission "
            "covers treatment history."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("mentions", "origin", "who", "but")

    def __init__(
        self,
        *args: Any,
        team: Sequence[CareTeamParticipant],
        sees: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask_the_patient()
        self.parties = {str(member.party_id): member.party for member in team}
        now = _now("Now: %(names)s.") % {"names": ", ".join(sees)}
        nobody = _now("Now that is nobody.")
        everyone = Option(
            _now("Everyone who can see my treatment history"), now if sees else nobody
        )
        some = Option(
            _now("Only me, and those I tick"), _now("Whoever joins later stays out too")
        )
        offer(self, "who", [(EVERYONE, everyone), (SOME, some)])
        offer(self, "but", [(key, party.name) for key, party in self.parties.items()])
        if not self.parties:
            del self.fields["but"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("who") == SOME and not data.get("but") and "but" not in self.errors:
            self.add_error(
                "but" if "but" in self.fields else "who",
                _("Tick at least one person. The note itself stays with you anyway."),
            )
        if data.get("who") == EVERYONE and data.get("but"):
            self.add_error(
                "who", _("Choose “Only me”, or take the ticks away from the people.")
            )
        return data

    def handed(self) -> HandedOn:
        """The answers; only after is_valid()."""
        keys = self.cleaned_data.get("but") or []
        only_me = self.cleaned_data["who"] == SOME
        return HandedOn(
            keep=Keep(only_me=only_me, but=tuple(self.parties[key] for key in keys)),
            labels=self.labels,
            part2_origin=self.part2_origin,
        )


class HandOnForForm(SensitiveTopics):
    """The same for whoever keeps the record of a patient without a sign-in.

    To whoever may see treatment history; what it mentions narrows that.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentions"].help_text = _now(
            "Only a permission that names such a topic opens the note then."
        )

    def handed(self) -> HandedOn:
        """The answers; only after is_valid()."""
        return HandedOn(labels=self.labels, part2_origin=self.part2_origin)
