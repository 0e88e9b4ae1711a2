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
from patients.forms.origin import (
    AS_KEPT,
    MISSING,
    NO,
    SUBSTANCE,
    YES,
    is_from_program,
    origin_field,
)
from providers.models import CareTeamParticipant, Party

STAYS_MARKED = _(
    "It comes from a treatment program, so it stays marked as substance use."
)
MARK_IT_TOO = _(
    "What comes from a treatment program is marked as substance use. Mark it, or "
    "answer No below."
)


class LabelForm(forms.Form):
    """Asked only when the name of the medicine tells something private by itself."""

    mark = chips(
        [("yes", _("Yes, mark it")), ("no", _("No, do not mark it"))],
        label=_("Should we mark it?"),
        error_messages={"required": _("Choose if we should mark it.")},
    )
    origin = origin_field(help_text=_("Answer this if you mark it."))

    def __init__(self, *args: Any, tells: int, **kwargs: Any) -> None:
        """`tells`: the topics that the name gives away."""
        super().__init__(*args, **kwargs)
        if not tells & SUBSTANCE:
            del self.fields["origin"]

    @property
    def is_marked(self) -> bool:
        return self.cleaned_data.get("mark") == "yes"

    @property
    def part2_origin(self) -> bool:
        return self.is_marked and is_from_program(self.cleaned_data.get("origin"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        asks = "origin" in self.fields and data.get("mark") == "yes"
        if asks and not data.get("origin") and "origin" not in self.errors:
            self.add_error("origin", MISSING)
        return data


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

    origin = origin_field(
        help_text=_(
            "Answer this if you mark it as substance use. Federal law protects what "
            "comes from there, and whoever you share it with gets a notice."
        ),
        choices=AS_KEPT,
    )

    def __init__(
        self,
        *args: Any,
        item: Disclosable,
        denies: list[ItemDeny],
        origin_stays: bool = False,
        **kwargs: Any,
    ) -> None:
        """`origin_stays`: where it comes from was said by whoever wrote of it."""
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
            "origin": _origin_of(item),
        }
        kwargs.setdefault("initial", initial)
        super().__init__(*args, left_in=left_in, **kwargs)
        if origin_stays or item.author_id:
            del self.fields["origin"]

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
        marks = f"{self.item.labels} {self.item.part2_origin}"
        text = f"{denies} {exemptions} {marks}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.data.get("seen") != self.seen and self._opens(data):
            said = _(
                "This was changed in another window. Look at who can see it now, and "
                "choose again."
            )
            self.add_error("keep", said)
        self._check_origin(data)
        return data

    def _check_origin(self, data: dict[str, Any]) -> None:
        """What comes from such a program is marked as what it is."""
        is_marked = SUBSTANCE & self._marked(data)
        if "origin" not in self.fields:
            if self.item.part2_origin and not is_marked:
                self.add_error("mark", STAYS_MARKED)
        elif is_marked and not data.get("origin") and "origin" not in self.errors:
            self.add_error("origin", MISSING)
        elif data.get("origin") == YES and not is_marked:
            self.add_error("mark", MARK_IT_TOO)

    def _marked(self, data: dict[str, Any]) -> int:
        return LABELS.mask(*(data.get("mark") or []))

    def _opens(self, data: dict[str, Any]) -> bool:
        """Whether saving this would let somebody see it who does not now."""
        keep, but = set(data.get("keep") or []), set(data.get("but") or [])
        stood = {str(party.pk) for party in self.standing.from_parties}
        given_back = stood & self.parties.keys() - keep
        unmarked = self.item.labels & ~self._marked(data)
        unmarked |= self.item.part2_origin and data.get("origin") == NO
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
        return self._marked(self.cleaned_data)

    @property
    def part2_origin(self) -> bool | None:
        """Where the patient's own comes from; None for what another says of it."""
        if "origin" not in self.fields:
            return None
        return self.cleaned_data.get("origin") == YES


def _origin_of(item: Disclosable) -> str | None:
    """What stands, as an answer; nothing for what was never asked about."""
    if item.part2_origin:
        return YES
    return NO if item.labels & SUBSTANCE else None


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
