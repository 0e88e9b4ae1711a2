"""Who may see a medicine, and who keeps the list."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carecoord.forms import Option, offer
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

    @property
    def is_marked(self) -> bool:
        return self.cleaned_data.get("mark") == "yes"

    def of(self, labels: int) -> LabelForm:
        """The same question with what the name gives away, for a page of its own."""
        self.fields["mark"].help_text = _now(
            "People who know this medicine may guess: %(words)s. If you mark it, only "
            "people you share that with can see it."
        ) % {"words": ", ".join(LABELS.words(labels))}
        return self


class KeepForm(forms.Form):
    """ "Only me", "only me, and …" or "not for this person": nothing is ticked."""

    keep = forms.MultipleChoiceField(
        label=_("Who should not see it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    but = forms.MultipleChoiceField(
        label=_("Only me, and who else?"),
        help_text=_(
            "This goes with “Only me”. Everybody else stays out, also whoever joins "
            "later. Those you tick see it if your permission covers it."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        team: list[CareTeamParticipant],
        left_in: Sequence[Party] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties: dict[str, Party] = {
            str(member.party_id): member.party for member in team
        }
        # Whoever is left in and is on the team no more can still be taken out.
        away = {str(party.pk): party for party in left_in}
        self.may_be_left_in = self.parties | away
        named = [(key, self._refusal(party)) for key, party in self.parties.items()]
        only_me = Option(_now("Only me"), _now("Whoever joins later stays out too"))
        offer(self, "keep", [("me", only_me), *named])
        offer(self, "but", [self._one_left_in(key) for key in self.may_be_left_in])

    def _refusal(self, party: Party) -> Option:
        return Option(_now("Not for %(name)s") % {"name": party.name}, "")

    def _one_left_in(self, key: str) -> tuple[str, str]:
        name = self.may_be_left_in[key].name
        is_away = key not in self.parties
        hint = _now("Not among those who can look here now") if is_away else ""
        return key, Option(name, hint)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        keep, but = data.get("keep") or [], data.get("but") or []
        if but and "me" not in keep:
            self.add_error(
                "but", _("Tick “Only me” too. Or take the ticks away from the people.")
            )
        if both := [self.parties[key].name for key in but if key in keep]:
            said = _now("You ticked %(name)s twice. Take one of the ticks away.")
            self.add_error("but", said % {"name": both[0]})
        return data

    def chosen(self) -> Keep:
        keys = self.cleaned_data.get("keep") or []
        return Keep(
            only_me="me" in keys,
            from_parties=tuple(self.parties[key] for key in keys if key != "me"),
            but=tuple(
                self.may_be_left_in[key] for key in self.cleaned_data.get("but") or []
            ),
        )


class PrivacyForm(KeepForm):
    """The labels and the refusals of one item as they stand, to be changed.

    A page that is out of date opens nothing: it says `seen`, what stood when it was
    drawn. If that is over, what it sends may only narrow.
    """

    mark = forms.MultipleChoiceField(
        label=_("Mark it as private about"),
        help_text=_("Only people you share that kind with can see it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=LABELS.choices(),
    )

    def __init__(
        self, *args: Any, item: Disclosable, denies: list[ItemDeny], **kwargs: Any
    ) -> None:
        self.item, self.denies = item, denies
        left_in = [party for deny in denies for party in deny.left_in]
        self.standing = Keep(
            only_me=any(deny.party_id is None for deny in denies),
            from_parties=tuple(deny.party for deny in denies if deny.party),
            but=tuple(left_in),
        )
        initial = {
            "keep": [str(deny.party_id) if deny.party_id else "me" for deny in denies],
            "but": [str(party.pk) for party in left_in],
            "mark": LABELS.names(item.labels),
        }
        kwargs.setdefault("initial", initial)
        super().__init__(*args, left_in=left_in, **kwargs)

    def _refusal(self, party: Party) -> Option:
        if not self.item.AUTHOR_KEEPS or party.pk != self.item.author_id:
            return super()._refusal(party)
        said = {"name": party.name}
        hint = _now("%(name)s keeps their own words, and not what others add to them")
        return Option(_now("Not for %(name)s") % said, hint % said)

    def waiting_for(self, sees: Sequence[str]) -> list[str]:
        """Who is left in, by name, and does not see it: no permission covers it."""
        return [party.name for party in self.standing.but if party.name not in sees]

    @property
    def seen(self) -> str:
        """What stands now, as a mark for the page: ids of rows, no name of anybody."""
        denies = sorted(deny.pk for deny in self.denies)
        rows = [row for deny in self.denies for row in deny.exemptions.all()]
        exemptions = sorted(row.pk for row in rows if row.lifted_at is None)
        text = f"{denies} {exemptions} {self.item.labels}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.data.get("seen") != self.seen and self._opens(data):
            said = _(
                "This was changed in another window. Look at who can see it now, and "
                "choose again."
            )
            self.add_error("keep", said)
        return data

    def _opens(self, data: dict[str, Any]) -> bool:
        """Whether saving this would let somebody see it who does not now."""
        keep, but = set(data.get("keep") or []), set(data.get("but") or [])
        stood = {str(party.pk) for party in self.standing.from_parties}
        given_back = stood & self.parties.keys() - keep
        unmarked = self.item.labels & ~LABELS.mask(*(data.get("mark") or []))
        if not self.standing.only_me:
            return bool(given_back or unmarked)
        left_in = {str(party.pk) for party in self.standing.but}
        return bool("me" not in keep or but - left_in or given_back or unmarked)

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
