"""What stands around the composer: who can get it, what was typed, the preview."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from carecoord import zones
from consents import lines, talking, windows
from messaging import access, cards, nudge
from messaging.access import OpenPatient
from messaging.access import updates as loaders
from messaging.access.compared import LastValue, last_values
from messaging.actions import updates
from messaging.actions.updates import Content
from messaging.codes import RecipientStatus
from messaging.forms import compose as forms
from messaging.models import Update
from providers.models import CareTeamParticipant, Party

ENDS_SOON = timedelta(days=14)


@dataclass
class Desk:
    """An author at work on one update about one patient."""

    opened: OpenPatient
    typed: dict[str, list[str]]
    team: list[CareTeamParticipant] = field(default_factory=list)
    last: dict[str, LastValue] = field(default_factory=dict)
    corrects: Update | None = None

    @property
    def level(self) -> talking.Level | None:
        """How much the patient wants of this author, and of nobody else."""
        patient_id, party_id = self.opened.patient.pk, self.opened.party_id
        return talking.level_of(patient_id, party_id, self.opened.at)

    @property
    def zone(self) -> str:
        return self.opened.reading.user.time_zone

    def form(self, *, bound: bool) -> forms.Composer:
        given: dict[str, Any] = {
            "recipients": chips(self.opened, self.team),
            "today": zones.today(self.opened.at, self.zone),
        }
        if bound:
            return forms.Composer(forms.as_posted(self.typed), **given)
        return forms.Composer(initial=forms.as_initial(self.typed), **given)

    def chosen(self, ids: list[str]) -> list[Party]:
        return [each.party for each in self.team if str(each.party_id) in ids]


def sit_down(opened: OpenPatient, typed: dict[str, list[str]]) -> Desk:
    """Everything that the author may look at while writing."""
    corrects = corrected(opened, typed.get("corrects", [""])[0])
    return Desk(
        opened=opened,
        typed=typed,
        team=loaders.colleagues(opened),
        last=last_values(opened, list(forms.MEASURES), corrects=corrects),
        corrects=corrects,
    )


def corrected(opened: OpenPatient, pk: str) -> Update | None:
    """The author's own version that this one will correct; else 404."""
    return _own(opened, pk) if pk else None


def _own(opened: OpenPatient, pk: str) -> Update:
    try:
        wanted = uuid.UUID(pk)
    except ValueError:
        opened.refuse()
    update = access.item(opened, loaders.UPDATES, wanted)
    opened.require(update.author_id == opened.party_id)
    return update


def beginning(opened: OpenPatient, *, corrects: str) -> dict[str, list[str]]:
    """What the page starts with: a version to correct, a draft, or a blank page."""
    if corrects:
        return typed_again(_own(opened, corrects))
    draft = loaders.draft_of(opened)
    if draft:
        return forms.read_draft(draft.typed)
    last = loaders.own_newest(opened)
    zone = opened.reading.user.time_zone
    since = [_typed_day(zones.today(last.occurred_at, zone))] if last else []
    return {"form_key": [forms.new_key()], "since_date": since}


def typed_again(update: Update) -> dict[str, list[str]]:
    """A sent update as its author would type it. The answer on topics is asked anew:
    the text may change.
    """
    typed = {
        name: [getattr(update, name)]
        for name in (
            *("urgency", "suicidal_thoughts", "ask", "what_changed", "ask_detail"),
            *("if_then", "appetite", "missed_why"),
        )
    }
    for name, day in (
        ("since_date", update.since_date),
        ("answer_by", update.answer_by_date),
    ):
        typed[name] = [_typed_day(day)] if day else []
    for number in update.numbers.all():
        typed[number.measure] = [format(number.value.normalize() + 0, "f")]
    rows = update.recipients.filter(passed_on=False)
    return typed | {
        "to": [str(pk) for pk in rows.values_list("party_id", flat=True)],
        "corrects": [str(update.pk)],
        "form_key": [forms.new_key()],
    }


def _typed_day(day) -> str:
    return f"{day:%b} {day.day}, {day.year}"


# Who can get it -----------------------------------------------------------------


def chips(
    opened: OpenPatient, team: list[CareTeamParticipant]
) -> list[tuple[str, str, str]]:
    """(id, name and role, what consent says) of everyone it can be written to."""
    knows_team = opened.scope.has("care_team")
    return [
        (
            str(each.party_id),
            f"{each.party.name}, {cards.role(each.party)}",
            _sharing(opened, each, with_date=knows_team),
        )
        for each in team
    ]


def _sharing(
    opened: OpenPatient, participant: CareTeamParticipant, *, with_date: bool
) -> str:
    """Whether updates reach this clinician. Until when: to who knows the team."""
    scope = loaders.scope_of(opened, participant)
    if not scope.has("updates"):
        return _("Not shared. It will be held until the patient allows it.")
    if not with_date or scope.consent is None:
        return _("Sharing allowed")
    ends_at = windows.counts_until(scope.consent, opened.patient)
    left = ends_at - opened.at
    if left < ENDS_SOON:
        return _("Sharing allowed. Ends in %(days)d days") % {"days": left.days + 1}
    until = zones.day_words(zones.last_day(ends_at, opened.patient.time_zone))
    return _("Sharing allowed until %(day)s") % {"day": until}


# The check page -----------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What will be sent, to whom it will go, and who else will be able to read it."""

    card: cards.Card
    recipients: list[dict]
    others: list[str]
    nudge: nudge.Nudge | None
    without_numbers: bool
    names_medicine: str
    typed: str


def preview(desk: Desk, form: forms.Composer) -> Preview:
    """Rehearses the sending, so that the page says what will happen."""
    opened = desk.opened
    content: Content = form.content(desk.last)
    chosen = desk.chosen(form.cleaned_data["to"])
    others = _others(desk, chosen)
    rehearsal = updates.rehearse(
        patient=opened.patient,
        author=opened.party,
        content=content,
        recipients=chosen,
        others=others,
        by=opened.reading.user,
        at=opened.at,
        corrects=desk.corrects,
    )
    sent = {pk for pk, status in rehearsal.status.items() if status == "sent"}
    return Preview(
        card=cards.card(rehearsal.update, rehearsal.numbers, zone=desk.zone),
        recipients=[
            recipient_line(party, is_sent=party.pk in sent) for party in chosen
        ],
        others=[party.name for party in others if party.pk in sent],
        nudge=_nudge(desk, form),
        without_numbers=not content.numbers,
        names_medicine=lines.names_medicine(),
        typed=forms.carried(desk.typed | {"nudged": ["1"]}),
    )


def recipient_line(party: Party, *, is_sent: bool) -> dict:
    """One recipient on the check page: told, or not told and whom to call."""
    status = RecipientStatus.SENT if is_sent else RecipientStatus.HELD
    return {
        "name": party.name,
        "role": cards.role(party),
        "is_held": status == RecipientStatus.HELD,
        "not_sent": lines.not_sent(recipient_name=party.name, phone=cards.phone(party)),
    }


def _others(desk: Desk, chosen: list[Party]) -> list[Party]:
    """Only for an author with whom the care team itself is shared."""
    if not desk.opened.scope.has("care_team"):
        return []
    taken = {party.pk for party in chosen}
    return [each.party for each in desk.team if each.party_id not in taken]


def _nudge(desk: Desk, form: forms.Composer) -> nudge.Nudge | None:
    """Once: the second check goes through without a question."""
    if form.cleaned_data["nudged"]:
        return None
    return nudge.find_nudge(
        form.cleaned_data["what_changed"],
        last_visit_date=form.cleaned_data["since_date"],
    )


def calls(parties: list[Party]) -> list[dict[str, str]]:
    """Whom to call now, with the number of each that is on file."""
    return [{"name": party.name, "phone": cards.phone(party)} for party in parties]
