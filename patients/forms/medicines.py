"""The questions about one medicine, a page each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carecoord.forms import offer, offered
from patients.actions.medicines import Details
from patients.codes import MedicineKind
from patients.forms.fields import (
    ApproximateDateField,
    PlainCharField,
    When,
    chips,
)
from patients.forms.names import SCHEDULES, NameForm
from patients.models import MedicationStatement
from patients.safe_text import safe
from providers.models import CareTeamParticipant, Party

REASONS = [
    ("mood", _("Mood")),
    ("anxiety", _("Anxiety or panic")),
    ("sleep", _("Sleep")),
    ("attention", _("Attention")),
    ("voices or visions", _("Voices or visions")),
    ("pain", _("Pain")),
    ("blood pressure", _("Blood pressure")),
]
OTHER_PRESCRIBER, OWN_OTC, OWN_SUPPLEMENT, UNSURE = (
    "other",
    "otc",
    "supplement",
    "unsure",
)


class ScheduleForm(forms.Form):
    """Another schedule for a line that is on the list."""

    schedule = chips(
        SCHEDULES,
        column=True,
        label=_("When do you take it now?"),
        error_messages={"required": _("Choose when you take it.")},
    )


class AboutForm(forms.Form):
    """Page 3: what for, from whom, since when. All of it can be left out."""

    reason_chip = chips(
        [*REASONS],
        label=_("What is it for?"),
        required=False,
    )
    reason = PlainCharField(
        label=_("Or in your own words"), max_length=200, required=False
    )
    source = chips([], column=True, label=_("Who prescribed it?"), required=False)
    prescriber_name = PlainCharField(
        label=_("If it was someone else: their name"), max_length=200, required=False
    )
    started = ApproximateDateField(label=_("When did you start?"))

    def __init__(
        self, *args: Any, team: list[CareTeamParticipant], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(member.party_id): member.party for member in team}
        offer(
            self,
            "source",
            [
                *((key, party.name) for key, party in self.parties.items()),
                (OTHER_PRESCRIBER, _("Someone else")),
                (OWN_OTC, _("I bought it without a prescription")),
                (OWN_SUPPLEMENT, _("It is a vitamin, supplement or herbal")),
                (UNSURE, _("Not sure")),
            ],
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("prescriber_name") and not cleaned.get("source"):
            cleaned["source"] = OTHER_PRESCRIBER
        return cleaned

    def details(self, name: str, *, brand: str = "", rxcui: str = "") -> Details:
        """The answers, as the action takes them."""
        cleaned = self.cleaned_data
        source = cleaned.get("source") or ""
        started: When = cleaned["started"]
        return Details(
            name=name,
            brand=brand,
            rxcui=rxcui,
            kind=_kind(source),
            reason=safe(cleaned.get("reason") or cleaned.get("reason_chip") or ""),
            prescriber=self.parties.get(source),
            prescriber_name=_typed_name(source, cleaned),
            started_date=started.day,
            started_precision=started.precision,
        )

    @property
    def source_words(self) -> str:
        """What the person said about who prescribed it."""
        source = self.cleaned_data.get("source") or ""
        if source == OTHER_PRESCRIBER and self.cleaned_data.get("prescriber_name"):
            return self.cleaned_data["prescriber_name"]
        return str(dict(offered(self, "source")).get(source, ""))


def _typed_name(source: str, cleaned: dict[str, Any]) -> str:
    return cleaned.get("prescriber_name") or "" if source == OTHER_PRESCRIBER else ""


def _kind(source: str) -> str:
    own = {
        OWN_OTC: MedicineKind.OVER_THE_COUNTER,
        OWN_SUPPLEMENT: MedicineKind.SUPPLEMENT,
    }
    return own.get(source, MedicineKind.PRESCRIPTION)


class DetailsForm(AboutForm):
    """Puts the name and the rest of a line right; the dose has its own page."""

    name = NameForm.base_fields["name"]
    brand = PlainCharField(label=_("Brand name"), max_length=100, required=False)
    field_order = ("name", "brand")

    def __init__(
        self, *args: Any, item: MedicationStatement | None = None, **kwargs: Any
    ) -> None:
        if item is not None:
            kwargs.setdefault("initial", _details_of(item))
        super().__init__(*args, **kwargs)
        del self.fields["reason_chip"]
        self.fields["reason"].label = _("What is it for?")

    def keep(self, party: Party | None) -> None:
        """Whoever stands on the line stays to choose, on the team or not."""
        if party is None or str(party.pk) in self.parties:
            return
        self.parties[str(party.pk)] = party
        offer(self, "source", [(str(party.pk), party.name), *offered(self, "source")])

    def to_details(self) -> Details:
        cleaned = self.cleaned_data
        return self.details(safe(cleaned["name"]), brand=safe(cleaned["brand"] or ""))


def _details_of(item: MedicationStatement) -> dict[str, Any]:
    source = str(item.prescriber_id or "")
    if not source and item.prescriber_name:
        source = OTHER_PRESCRIBER
    if item.kind in (MedicineKind.OVER_THE_COUNTER, MedicineKind.SUPPLEMENT):
        source = item.kind
    return {
        "name": item.name,
        "brand": item.brand,
        "reason": item.reason,
        "source": source,
        "prescriber_name": item.prescriber_name,
        "started": When(item.started_date, item.started_precision),
    }
