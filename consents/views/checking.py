"""What the check page says beside the two lists: why, until when, passing it on."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from carecoord import zones
from consents import actions
from consents.access import OpenPatient
from consents.codes import PURPOSES
from consents.forms.grant import PURPOSE_WORDS

REMINDERS = _("We remind you here 14 days before.")


def check_rows(opened: OpenPatient, party, terms: actions.Terms) -> list[dict]:
    """Why, starts, ends, and what stopping does, for the check page."""
    zone = opened.patient.time_zone
    ends = zones.last_day(terms.ends_at, zone)
    soon = terms.ends_at - opened.at <= timedelta(days=14)
    until = _("%(day)s, the whole day.") % {"day": zones.day_words(ends)}
    if terms.ends_event:
        until = _("When this happens: %(event)s. At the latest %(day)s.") % {
            "event": terms.ends_event,
            "day": zones.day_words(ends),
        }
    why = [str(PURPOSE_WORDS[name][0]) for name in PURPOSES.names(terms.purposes)]
    return [
        {"label": _("Why"), "value": ", ".join(why)},
        {"label": _("Starts"), "value": _("As soon as you sign")},
        {"label": _("Ends"), "value": until if soon else f"{until} {REMINDERS}"},
        {"label": _("Passing it on"), "value": passing_on(party)},
        {
            "label": _("You can stop"),
            "value": _(
                "Any time, in 3 taps. %(name)s keeps what was already read or printed."
            )
            % {"name": party.name},
        },
    ]


def passing_on(party) -> str:
    if party.kind == "related_person":
        return _("%(name)s does not have to follow the federal privacy rules.") % {
            "name": party.name
        }
    return _("Only as the federal privacy rules (HIPAA) allow.")
