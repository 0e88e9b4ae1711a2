"""Who may see a medicine, and who keeps the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.forms import offer
from consents.codes import LABELS
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from patients.actions.medicines import Keep
from patients.forms.fields import chips
from providers.models import CareTeamParticipant, Party


class LabelForm(forms.Form):
    """Asked only when the name of the medicine tells something private by itself."""

    mark = chips(
        [("yes", _("Yes, mark it")), ("no", _("No, do not mark it"))],
        label=_("Should we mark it?"),
        error_messages={"required": _("Choose if we should mark it.")},
    )


class KeepForm(forms.Form):
    """ "Only me", or "not for this person": nothing is ticked."""

    keep = forms.MultipleChoiceField(
        label=_("Who should not see it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties: dict[str, Party] = {
            str(member.party_id): member.party for member in team
        }
        named = [
            (key, _now("Not for %(name)s") % {"name": party.name})
            for key, party in self.parties.items()
        ]
        offer(self, "keep", [("me", _("Only me: nobody else")), *named])

    def chosen(self) -> Keep:
        keys = self.cleaned_data.get("keep") or []
        return Keep(
            only_me="me" in keys,
            from_parties=tuple(self.parties[key] for key in keys if key != "me"),
        )


class PrivacyForm(KeepForm):
    """The labels and the refusals of one item as they stand, to be changed."""

    mark = forms.MultipleChoiceField(
        label=_("Mark it as private about"),
        help_text=_("Only people you share that kind with can see it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=LABELS.choices(),
    )

    def __init__(
        self, *args: Any, item: Disclosable, denies: list, **kwargs: Any
    ) -> None:
        kept = [
            "me" if deny.party_id is None else str(deny.party_id) for deny in denies
        ]
        marks = LABELS.names(item.labels)
        kwargs.setdefault("initial", {"keep": kept, "mark": marks})
        super().__init__(*args, **kwargs)

    def offered(self, denies: list[ItemDeny]) -> list[ItemDeny]:
        """Those that stood on the page: a refusal of one who left is not taken back."""
        return [
            deny
            for deny in denies
            if deny.party_id is None or str(deny.party_id) in self.parties
        ]

    def labels(self) -> int:
        return LABELS.mask(*self.cleaned_data["mark"])


class OwnerForm(forms.Form):
    """Who keeps the list (S12)."""

    owner = chips(
        [],
        column=True,
        label=_("Who keeps it?"),
        error_messages={"required": _("Choose who keeps the list.")},
    )

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(member.party_id): member.party for member in team}
        named = [(key, party.name) for key, party in self.parties.items()]
        offer(self, "owner", [("me", _("I keep it myself")), *named])

    def chosen(self) -> Party | None:
        """The party, or nobody for the patient themselves."""
        return self.parties.get(self.cleaned_data["owner"])
